"""Settings of the window presets: list, order, names, centers and widths, and which one a series starts with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ichviewer.services.windows import Preset
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import wrapped
from ichviewer.ui.dialogs.settings_page import Field, SettingsPage, add_field, form
from ichviewer.ui.dialogs.window_drafts import WindowDraft, draft_of, presets_of
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.session.preferences import MOST_WINDOWS, Preferences

_FIRST = ""
_ROWS_PX = 150


class WindowsPage(SettingsPage):
    """A list of presets, and the fields of the one that is selected.

    Parameters
    ----------
    usual : sequence of Preset
        Those of the program and of ``windows.toml``, which are offered unless a person changed the list.
    """

    def __init__(self, usual: Sequence[Preset]) -> None:
        super().__init__(tr("Windows"))
        self._usual = tuple(usual)
        self._before: tuple[Preset, ...] | None = None
        self._drafts: list[WindowDraft] = []
        self._filling = False
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Windows in order"))
        self.list.setObjectName("rows")
        self.list.setMinimumHeight(_ROWS_PX)
        self.list.currentRowChanged.connect(self._show_current)
        self.name, self.center, self.width_ = QLineEdit(), QLineEdit(), QLineEdit()
        self.fields = {
            "name": Field(tr("Name"), self.name),
            "center": Field(tr("Center in HU"), self.center),
            "width": Field(tr("Width in HU"), self.width_),
        }
        for field in self.fields.values():
            assert isinstance(field.control, QLineEdit)
            field.control.textEdited.connect(self._edited)
        self.add = _button(tr("Add"), tr("Add a window after the selected one"), self._add)
        self.remove = _button(tr("Remove"), tr("Remove the selected window"), self._remove)
        self.up = _button(tr("Up"), tr("Move the selected window up"), lambda: self._move(-1))
        self.down = _button(tr("Down"), tr("Move the selected window down"), lambda: self._move(1))
        self.start: Choice[str] = Choice(tr("Window at start"), {_FIRST: tr("The first of the list")})
        self._build()

    def _build(self) -> None:
        buttons = QGridLayout()
        for place, button in enumerate((self.add, self.remove, self.up, self.down)):
            buttons.addWidget(button, place // 2, place % 2)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        rows = form(narrow=True)
        for field in self.fields.values():
            add_field(rows, field)
        right = QVBoxLayout()
        right.addLayout(rows)
        right.addWidget(
            wrapped(
                tr(
                    "The first nine have the keys 1 to 9, once the list was changed here. The command line keeps to "
                    "windows.toml."
                ),
                "muted",
            )
        )
        right.addStretch()
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addLayout(left, 1)
        across.addLayout(right, 1)
        self.content.addLayout(across, 1)
        below = form()
        add_field(below, Field(tr("Window at start"), self.start))
        self.content.addLayout(below)

    @property
    def drafts(self) -> tuple[WindowDraft, ...]:
        """The windows as they are entered, in order."""
        return tuple(self._drafts)

    def load(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self._before = preferences.windows
        self._drafts = [draft_of(preset) for preset in preferences.presets(self._usual)]
        self._fill(max(0, min(self.list.currentRow(), len(self._drafts) - 1)))
        self.start.set_value(preferences.window_at_start)

    def check(self) -> QWidget | None:
        """Go to the first window that cannot be used, and say what is wrong beside its fields."""
        for place, draft in enumerate(self._drafts):
            wrong = draft.complaints(self._others(place))
            if wrong:
                self.list.setCurrentRow(place)
                self._complain()
                return next(self.fields[name].control for name in self.fields if name in wrong)
        return None

    def save(self, preferences: Preferences) -> Preferences:
        """The preferences with what was entered."""
        return replace(preferences, windows=self._windows(), window_at_start=self.start.value())

    def _windows(self) -> tuple[Preset, ...] | None:
        # Keys and functions of windows that nobody touched stay as they are.
        for windows, same in ((self._before, self._before or self._usual), (None, self._usual)):
            if self._drafts == [draft_of(preset) for preset in same]:
                return windows
        return presets_of(self._drafts)

    # Editing

    def _others(self, place: int) -> list[WindowDraft]:
        return [draft for n, draft in enumerate(self._drafts) if n != place]

    def _fill(self, current: int) -> None:
        """Show the list anew, with a row selected."""
        self._filling = True
        self.list.clear()
        self.list.addItems([draft.words for draft in self._drafts])
        self._filling = False
        self.list.setCurrentRow(current)
        self._offer_starts()

    def _offer_starts(self) -> None:
        names = {draft.name.strip(): draft.name.strip() for draft in self._drafts if draft.name.strip()}
        self.start.set_words({_FIRST: tr("The first of the list"), **names})

    def _show_current(self, row: int) -> None:
        if self._filling or not 0 <= row < len(self._drafts):
            return
        draft = self._drafts[row]
        for control, text in (
            (self.name, draft.name),
            (self.center, draft.center),
            (self.width_, draft.width),
        ):
            control.setText(text)
        for control in (self.center, self.width_):
            control.setEnabled(not draft.of_file)
            control.setPlaceholderText(tr("from the image") if draft.of_file else "")
        self.remove.setEnabled(len(self._drafts) > 1)
        self.add.setEnabled(len(self._drafts) < MOST_WINDOWS)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(row + 1 < len(self._drafts))
        self._complain()

    def _complain(self) -> None:
        row = self.list.currentRow()
        wrong = self._drafts[row].complaints(self._others(row))
        for name, field in self.fields.items():
            field.complain(wrong.get(name, ""))

    def _edited(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        before = self._drafts[row]
        chosen = self.start.value()
        self._drafts[row] = replace(
            before, name=self.name.text(), center=self.center.text(), width=self.width_.text()
        )
        self.list.item(row).setText(self._drafts[row].words)
        self._offer_starts()
        if chosen and chosen == before.name.strip():
            # The window at start is the same one under its new name.
            self.start.set_value(self._drafts[row].name.strip())
        self._complain()

    def _add(self) -> None:
        row = self.list.currentRow() + 1
        self._drafts.insert(row, WindowDraft("", "40", "80"))
        self._fill(row)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self) -> None:
        row = self.list.currentRow()
        if len(self._drafts) > 1 and row >= 0:
            del self._drafts[row]
            self._fill(min(row, len(self._drafts) - 1))

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + step < len(self._drafts):
            self._drafts[row], self._drafts[row + step] = self._drafts[row + step], self._drafts[row]
            self._fill(row + step)


def _button(words: str, tip: str, pressed: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setAccessibleName(tip)
    set_tip(button, tip)
    # Qt's own argument, whether it is checked, is not for who listens.
    button.clicked.connect(lambda _=False: pressed())
    return button
