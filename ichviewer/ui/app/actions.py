"""Everything the window can be asked to do: name, key, icon, and the menus and toolbar that offer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.plain_widgets import menu_item, set_tip
from ichviewer.ui.panes.preset_bar import PresetBar

OUTLINE_TIP = "Outline the regions that influenced the score of the flagged types"


@dataclass(frozen=True)
class Actions:
    """One field an action. Their keys stand in `build_actions`."""

    open_folder: QAction
    open_files: QAction
    open_demo: QAction
    export: QAction
    close_study: QAction
    quit: QAction
    next_flagged: QAction
    previous_flagged: QAction
    most_suspicious: QAction
    next_series: QAction
    previous_series: QAction
    first_slice: QAction
    last_slice: QAction
    next_slice: QAction
    previous_slice: QAction
    five_on: QAction
    five_back: QAction
    invert: QAction
    reset: QAction
    regions: QAction
    theme: QAction
    pause: QAction
    cancel: QAction
    restart: QAction
    open_model: QAction
    bundled_model: QAction
    remember: QAction
    problems: QAction
    keys: QAction
    about: QAction

    def all(self) -> list[QAction]:
        """Every action."""
        return [getattr(self, field.name) for field in fields(self)]

    def need_study(self) -> list[QAction]:
        """Those that make no sense with nothing open."""
        return [
            self.close_study,
            self.next_flagged,
            self.previous_flagged,
            self.most_suspicious,
            self.next_series,
            self.previous_series,
            self.first_slice,
            self.last_slice,
            self.next_slice,
            self.previous_slice,
            self.five_on,
            self.five_back,
            self.invert,
            self.reset,
        ]


def build_actions(parent: QWidget) -> Actions:
    """Make the actions; what they do is connected by the window."""

    def action(text: str, image: str, keys: str | list[str], tip: str) -> QAction:
        sequences = [QKeySequence(k) for k in ([keys] if isinstance(keys, str) else keys) if k]
        made = QAction(text, parent)
        if image:
            made.setIcon(icon(image))
        made.setShortcuts(sequences)
        set_tip_with_key(made, tip)
        made.setStatusTip("")
        return made

    return Actions(
        open_folder=action("&Open folder…", "open-folder", "Ctrl+O", "Open a folder with DICOM files"),
        open_files=action("Open &files…", "open-files", "Ctrl+Shift+O", "Open DICOM files or a ZIP"),
        open_demo=action(
            "Open the &demo studies", "demo", "", "Open the demo studies that come with the program"
        ),
        export=action("&Export CSV…", "export", "Ctrl+E", "Write the findings of all slices to a CSV file"),
        close_study=action("&Close study", "close", "Ctrl+W", "Close what is open"),
        quit=action("&Quit", "", "Ctrl+Q", "Quit the program"),
        next_flagged=action("&Next flagged slice", "next-flagged", "N", "Next flagged slice"),
        previous_flagged=action("&Previous flagged slice", "previous-flagged", "P", "Previous flagged slice"),
        most_suspicious=action(
            "&Most suspicious slice",
            "most-suspicious",
            "M",
            "Slice with the highest probability of hemorrhage",
        ),
        next_series=action("Next &series", "", "Ctrl+Down", "Next series"),
        previous_series=action("Previous se&ries", "", "Ctrl+Up", "Previous series"),
        first_slice=action("&First slice", "", "Home", "First slice"),
        last_slice=action("&Last slice", "", "End", "Last slice"),
        next_slice=action("Ne&xt slice", "", ["Down", "Right"], "Next slice"),
        previous_slice=action("Pre&vious slice", "", ["Up", "Left"], "Previous slice"),
        five_on=action("Five slices &on", "", "PgDown", "Five slices on"),
        five_back=action("Five slices &back", "", "PgUp", "Five slices back"),
        invert=action("&Invert", "invert", "I", "Swap black and white"),
        reset=action("&Reset view", "reset", "R", "Whole image, window of the preset"),
        regions=action(
            "&Show regions",
            "regions",
            "O",
            OUTLINE_TIP,
        ),
        theme=action("Switch &theme", "theme", "Ctrl+T", "Switch between the dark and the light theme"),
        pause=action("&Pause analysis", "pause", "Ctrl+P", "Hold the analysis, or let it go on"),
        cancel=action("&Cancel analysis", "cancel", "Esc", "Stop the analysis; what was found stays"),
        restart=action("Analyze &again", "reset", "Ctrl+R", "Analyze everything again"),
        open_model=action(
            "Open &model…", "model", "", "Use another model: a .keras file with its model.json"
        ),
        bundled_model=action(
            "Use the &bundled model", "", "", "Go back to the model that comes with the program"
        ),
        remember=action(
            "Re&member recently opened paths",
            "",
            "",
            "List what was opened under Open recent; off: nothing is stored, and the list is cleared",
        ),
        problems=action("&Problems of the input…", "warning", "F2", "What was repaired, doubted or left out"),
        keys=action("&Keyboard and mouse", "keyboard", ["F1", "?"], "Keys and mouse"),
        about=action("&About ichviewer", "info", "", "Version, model, licenses"),
    )


def set_tip_with_key(action: QAction, tip: str) -> None:
    """Give an action its tooltip, which ends with its first key."""
    keys = action.shortcuts()
    shown = f"  ({keys[0].toString(QKeySequence.SequenceFormat.NativeText)})" if keys else ""
    set_tip(action, tip + shown)


@dataclass(frozen=True)
class Menus:
    """Menus that the window fills itself."""

    recent: QMenu
    windows: QMenu
    points: QMenu


def build_menus(window: QMainWindow, actions: Actions) -> Menus:
    """Put the actions into the menu bar."""
    bar = window.menuBar()
    file = bar.addMenu("&File")
    file.addActions([actions.open_folder, actions.open_files])
    recent = file.addMenu(icon("recent"), "Open &recent")
    file.addAction(actions.open_demo)
    file.addSeparator()
    file.addAction(actions.remember)
    file.addSeparator()
    file.addAction(actions.export)
    file.addSeparator()
    file.addActions([actions.close_study, actions.quit])

    view = bar.addMenu("&View")
    windows = view.addMenu(icon("window"), "&Window")
    view.addActions([actions.invert, actions.reset, actions.regions])
    view.addSeparator()
    view.addAction(actions.theme)

    go = bar.addMenu("&Go")
    go.addActions([actions.next_flagged, actions.previous_flagged, actions.most_suspicious])
    go.addSeparator()
    go.addActions([actions.next_slice, actions.previous_slice, actions.five_on, actions.five_back])
    go.addActions([actions.first_slice, actions.last_slice])
    go.addSeparator()
    go.addActions([actions.next_series, actions.previous_series])

    analysis = bar.addMenu("&Analysis")
    analysis.addActions([actions.pause, actions.cancel, actions.restart])
    analysis.addSeparator()
    points = analysis.addMenu("&Thresholds")
    analysis.addSeparator()
    analysis.addActions([actions.open_model, actions.bundled_model])

    help_menu = bar.addMenu("&Help")
    help_menu.addActions([actions.keys, actions.problems])
    help_menu.addSeparator()
    help_menu.addAction(actions.about)
    return Menus(recent, windows, points)


def build_toolbar(window: QMainWindow, actions: Actions, presets: PresetBar) -> QToolBar:
    """Put the actions of everyday reading into the toolbar."""
    bar = QToolBar("Tools", window)
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.addAction(actions.open_folder)
    bar.addAction(actions.export)
    bar.addSeparator()
    bar.addWidget(presets)
    bar.addSeparator()
    bar.addActions([actions.invert, actions.reset, actions.regions])
    bar.addSeparator()
    bar.addActions([actions.previous_flagged, actions.next_flagged, actions.most_suspicious])
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(space)
    bar.addActions([actions.problems, actions.theme, actions.keys])
    for act in (actions.open_folder, actions.export):
        button = bar.widgetForAction(act)
        if isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setText({actions.open_folder: "Open", actions.export: "Export"}[act])
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if more is not None:
        # Qt's own drawing of it has no room for itself here, and does not follow the theme.
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        more.setText("»")
        more.setAccessibleName("More tools")
        set_tip(more, "More tools")
    window.addToolBar(bar)
    return bar


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
