"""Menu bar and toolbar, made from the command table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ichviewer.ui.app.actions import Actions
from ichviewer.ui.app.commands import FAR_END, CommandTable, Menu
from ichviewer.ui.app.window_state import WindowState
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import menu_item, set_tip
from ichviewer.ui.look.theme import theme_signals


class Menus:
    """The menus of a window, by the ids that the table gives them.

    Parameters
    ----------
    window : QMainWindow
        Gets them in its menu bar.
    table : CommandTable
    actions : Actions
    """

    def __init__(self, window: QMainWindow, table: CommandTable, actions: Actions) -> None:
        self._known = table.menus
        self._table = table
        self._menus: dict[str, QMenu] = {}
        for menu in self._known:  # each stands before those within it
            around = window.menuBar() if menu.place is None else self._menus[menu.place.menu]
            made = QMenu(menu.words, around)
            made.setObjectName(menu.id)
            if menu.icon:
                made.setIcon(icon(menu.icon))
            self._menus[menu.id] = made
        for menu in self._known:
            if menu.place is None:
                window.menuBar().addMenu(self[menu.id])
            self.fill(menu.id, actions)

    def __getitem__(self, menu_id: str) -> QMenu:
        return self._menus[menu_id]

    def fill(self, menu_id: str, actions: Actions) -> None:
        """Fill a menu with what the table offers in it at the moment."""
        menu = self[menu_id]
        menu.clear()
        for number, section in enumerate(self._table.in_menu(menu_id)):
            if number:
                menu.addSeparator()
            for entry in section:
                if isinstance(entry, Menu):
                    menu.addMenu(self[entry.id])
                else:
                    menu.addAction(actions[entry.id])

    @property
    def recent(self) -> QMenu:
        """Paths opened before; filled by the window."""
        return self["file.recent"]

    @property
    def recent_beside(self) -> QMenu:
        """The same, to be opened beside what is open."""
        return self["file.recent_beside"]

    @property
    def windows(self) -> QMenu:
        """The window presets."""
        return self["view.window"]

    @property
    def points(self) -> QMenu:
        """The model's operating points; filled by the window."""
        return self["analysis.thresholds"]

    def refresh(self, state: WindowState) -> None:
        """Enable them as the window is now."""
        for menu in self._known:
            self._menus[menu.id].setEnabled(menu.enabled(state))


def build_toolbar(
    window: QMainWindow, table: CommandTable, actions: Actions, widgets: Mapping[int, QWidget]
) -> QToolBar:
    """Put the commands of everyday reading into the toolbar.

    Parameters
    ----------
    window : QMainWindow
    table : CommandTable
    actions : Actions
    widgets : mapping of int to QWidget
        What else stands there, by the number of the section.
    """
    bar = _ToolBar(tr("Tools"), window)
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    sections = table.in_toolbar()
    far = False
    for place, section in enumerate(sorted({*sections, *widgets})):
        if section >= FAR_END and not far:
            bar.addWidget(_space())
            far = True
        elif place:
            bar.addSeparator()
        for command in sections.get(section, []):
            bar.addAction(actions[command.id])
            button = bar.widgetForAction(actions[command.id])
            words = "" if command.toolbar is None else command.toolbar.words
            if words and isinstance(button, QToolButton):
                bar.give_words(button)
                actions[command.id].setIconText(words)
        if section in widgets:
            bar.addWidget(widgets[section])
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if more is not None:
        # Qt's own drawing of it has no room for itself here, and does not follow the theme.
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        more.setText("»")
        more.setAccessibleName(tr("More tools"))
        set_tip(more, tr("More tools"))
    window.addToolBar(bar)
    return bar


class _ToolBar(QToolBar):
    """Leaves out words beside icons where room is short; the rest is behind the button at its end."""

    def __init__(self, title: str, window: QMainWindow) -> None:
        super().__init__(title, window)
        self._with_words: list[QToolButton] = []
        self._tight = False
        self._whole_px = 0
        theme_signals().changed.connect(self._words_changed)

    def give_words(self, button: QToolButton) -> None:
        """Write words beside a button's icon."""
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._with_words.append(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room that there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._tight:
            self._whole_px = self.sizeHint().width()
        self._set_tight(self.width() < self._whole_px)

    def _words_changed(self) -> None:
        self._set_tight(False)
        self._fit()

    def _set_tight(self, tight: bool) -> None:
        if tight == self._tight:
            return
        self._tight = tight
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self._with_words:
            button.setToolButtonStyle(alone if tight else beside)
        self.setProperty("tight", tight)
        for widget in (self, *self.findChildren(QToolButton)):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


def _space() -> QWidget:
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return space


def fill_choices(menu: QMenu, names: dict[str, str], chosen: str, choose: Callable[[str], None]) -> None:
    """Fill a menu with choices that exclude each other, by key and words."""
    menu.clear()
    group = QActionGroup(menu)
    for key, words in names.items():
        act = menu_item(menu, words)
        act.setCheckable(True)
        act.setChecked(key == chosen)
        act.triggered.connect(lambda _=False, key=key: choose(key))
        group.addAction(act)
