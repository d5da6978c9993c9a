"""Help: every key and what the mouse does, and a page to change the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.key_list import KeyList
from ichviewer.ui.dialogs.key_rows import KeyRow
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.words import sentence

_HINT = tr(
    "Click a command and press its new key. Esc leaves it as it is, Delete takes its keys away. "
    "Every change counts at once."
)


@dataclass(frozen=True)
class KeyGroup:
    """A group of the key sheet.

    Parameters
    ----------
    title : str
    lines : tuple of (str, str)
        Keys and mouse, and what they do.
    """

    title: str
    lines: tuple[tuple[str, str], ...]


class KeyEditing(Protocol):
    """What the dialog shows and changes."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the remembered keys is not used, and why."""

    def columns(self) -> Sequence[Sequence[KeyGroup]]:
        """The key sheet, column by column."""

    def rows(self) -> Sequence[KeyRow]:
        """Every command with its keys."""

    def give(self, command_id: str, keys: Sequence[str]) -> str:
        """Give a command other keys; why that was refused, empty if it was done."""

    def reset(self, command_id: str) -> str:
        """Give a command its first keys again; why that was refused, empty if it was done."""

    def reset_all(self) -> None:
        """Give all commands their first keys again."""


class KeysDialog(DialogFrame):
    """Lists keys and mouse in groups on one page, and every command with its keys on another.

    Parameters
    ----------
    editing : KeyEditing
    parent : QWidget or None
    """

    def __init__(self, editing: KeyEditing, parent: QWidget | None = None) -> None:
        super().__init__(tr("Keyboard and mouse"), tr("Keyboard and mouse"), parent)
        self._editing = editing
        self.list = KeyList(editing.rows())
        self.list.given.connect(self._give)
        self.list.started.connect(lambda: self._tell(""))
        self.list.currentCellChanged.connect(lambda *_: self._enable())
        self._told = wrapped("", "warning")
        # Its line stays empty where there is nothing to say, or the list would move under the mouse.
        keeps_its_line = self._told.sizePolicy()
        keeps_its_line.setRetainSizeWhenHidden(True)
        self._told.setSizePolicy(keeps_its_line)
        self._told.setAccessibleName(tr("What became of the last change"))
        self._reset = QPushButton(tr("Reset this command"))
        self._reset.setAutoDefault(False)
        self._reset.clicked.connect(self._reset_one)
        self._reset_all = QPushButton(tr("Reset all keys"))
        self._reset_all.setAutoDefault(False)
        self._reset_all.clicked.connect(self._reset_every)
        self._columns: list[QWidget] = []
        self._sheet = QWidget()
        self._sheet_layout = QHBoxLayout(self._sheet)
        self._sheet_layout.setSpacing(40)
        self._sheet_layout.setContentsMargins(14, 12, 14, 12)
        # It may be higher than the screen.
        self._area = QScrollArea()
        self._area.setAccessibleName(tr("Keys and what the mouse does"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._sheet)
        self.pages = QTabWidget()
        self.pages.setAccessibleName(tr("Keyboard and mouse"))
        self.pages.addTab(self._area, tr("Overview"))
        self.pages.addTab(self._change_page(), tr("Change keys"))
        self.content.addWidget(self.pages, 1)
        self._fill_sheet()
        self._tell(" ".join(editing.notes))
        self._enable()

    @property
    def told(self) -> str:
        """What is said about the last change, or about the remembered keys; empty if all is well."""
        return self._told.text()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room that the overview needs, or as much of it as the screen has."""
        super().showEvent(event)
        if event.spontaneous():
            # Back from the taskbar, in the size that it was given.
            return
        missing = self._sheet.sizeHint() - self._area.viewport().size()
        bar = self._area.verticalScrollBar().sizeHint().width()
        self.fit(self.width() + max(0, missing.width() + bar), self.height() + max(0, missing.height()))

    def _change_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        buttons = QHBoxLayout()
        buttons.addWidget(self._reset)
        buttons.addWidget(self._reset_all)
        buttons.addStretch()
        layout.addWidget(wrapped(_HINT))
        layout.addWidget(self.list, 1)
        layout.addWidget(self._told)
        layout.addLayout(buttons)
        return page

    def _fill_sheet(self) -> None:
        """Write the overview anew."""
        for column in self._columns:
            self._sheet_layout.removeWidget(column)
            column.hide()
            column.deleteLater()
        self._columns.clear()
        for groups in self._editing.columns():
            column = QWidget()
            layout = QVBoxLayout(column)
            layout.setContentsMargins(0, 0, 0, 0)
            for number, group in enumerate(group for group in groups if group.lines):
                if number:
                    layout.addSpacing(10)
                layout.addLayout(_grid(group))
            layout.addStretch()
            self._sheet_layout.addWidget(column)
            self._columns.append(column)

    def _give(self, command_id: str, key: str) -> None:
        self._changed(self._editing.give(command_id, [key] if key else []))

    def _reset_one(self) -> None:
        row = self.list.row_in_hand
        if row is not None:
            self._changed(self._editing.reset(row.id))

    def _reset_every(self) -> None:
        self._editing.reset_all()
        self._changed("")

    def _changed(self, refused: str) -> None:
        self.list.set_rows(self._editing.rows())
        self._fill_sheet()
        self._tell(sentence(refused))
        self._enable()

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))

    def _enable(self) -> None:
        row = self.list.row_in_hand
        self._reset.setEnabled(row is not None and row.changed)
        self._reset_all.setEnabled(
            bool(self._editing.notes) or any(row.changed for row in self._editing.rows())
        )


def _grid(group: KeyGroup) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(3)
    grid.addWidget(PlainLabel(group.title, "group"), 0, 0, 1, 2)
    for row, (keys, what) in enumerate(group.lines, start=1):
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(PlainLabel(sentence(keys), "key"), row, 0, left)
        grid.addWidget(PlainLabel(sentence(what)), row, 1)
    grid.setColumnStretch(1, 1)
    return grid
