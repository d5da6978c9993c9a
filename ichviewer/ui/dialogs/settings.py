"""The settings dialog: a page a group, and the buttons that apply or drop what was entered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from ichviewer.ui.dialogs.frame import DialogFrame
from ichviewer.ui.dialogs.settings_page import SettingsPage
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.session.preferences import Preferences

_SIZE = QSize(820, 600)
_LIST_PX = 150
_Button = QDialogButtonBox.StandardButton


class SettingsDialog(DialogFrame):
    """Shows preferences on pages. Nothing acts before Apply or OK.

    Parameters
    ----------
    preferences : Preferences
        What is in use.
    pages : sequence of SettingsPage
        At least one; shown in this order.
    parent : QWidget or None

    Signals
    -------
    chosen(Preferences)
        Apply or OK was pressed, and every field can be used.
    """

    chosen = Signal(object)

    def __init__(
        self, preferences: Preferences, pages: Sequence[SettingsPage], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Settings"), tr("Settings"), parent)
        self._preferences = preferences
        self.pages = tuple(pages)
        self.list = QListWidget()
        self.list.setObjectName("rows")
        self.list.setAccessibleName(tr("Groups of settings"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for page in self.pages:
            self.list.addItem(page.title)
            page.load(preferences)
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(page)
            self._stack.addWidget(area)
        self.list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addWidget(self.list)
        across.addWidget(self._stack, 1)
        self.content.addLayout(across, 1)
        self._add_buttons()
        self.setSizeGripEnabled(True)
        theme_signals().changed.connect(self._fit_words)
        self._fit_words()

    def _add_buttons(self) -> None:
        self.buttons.setStandardButtons(_Button.Ok | _Button.Apply | _Button.Cancel | _Button.RestoreDefaults)
        for which, words, pressed in (
            (_Button.Ok, tr("OK"), self.accept),
            (_Button.Apply, tr("Apply"), self.apply),
            (_Button.Cancel, tr("Cancel"), self.reject),
            (_Button.RestoreDefaults, tr("Restore defaults"), self.restore_defaults),
        ):
            button = self.buttons.button(which)
            # Qt's own words, icons and keys differ from desktop to desktop.
            button.setText(words)
            button.setAutoDefault(False)
            if which not in (_Button.Ok, _Button.Cancel):  # which the frame connects
                button.clicked.connect(pressed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.button(_Button.Ok).setDefault(True)
        defaults = self.buttons.button(_Button.RestoreDefaults)
        set_tip(defaults, tr("Fill this page as in a new installation; it acts with Apply or OK"))

    @property
    def page(self) -> SettingsPage:
        """The page on show."""
        return self.pages[self.list.currentRow()]

    def show_page(self, page: SettingsPage) -> None:
        """Bring a page to the front."""
        self.list.setCurrentRow(self.pages.index(page))

    def apply(self) -> bool:
        """Tell what was chosen; where a field cannot be used, go there instead.

        Returns
        -------
        bool
            Whether everything could be used.
        """
        for page in self.pages:
            wrong = page.check()
            if wrong is not None:
                self.show_page(page)
                wrong.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        chosen = self._preferences
        for page in self.pages:
            chosen = page.save(chosen)
        self._preferences = chosen
        self.chosen.emit(chosen)
        for page in self.pages:
            page.load(chosen)
            page.applied()
        return True

    def accept(self) -> None:
        """Apply, and close if everything could be used."""
        if self.apply():
            super().accept()

    def restore_defaults(self) -> None:
        """Fill the page on show as in a new installation."""
        self.page.load_defaults()

    def _fit_words(self) -> None:
        self.list.setFixedWidth(text_size().px(_LIST_PX))
        # Rows that were measured before the style was known are too low for its padding.
        self.list.ensurePolished()
        self.list.doItemsLayout()
        self.fit(text_size().px(_SIZE.width()), text_size().px(_SIZE.height()))
