"""The list of commands and their keys: a click on one, and the next key that is pressed becomes its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ichviewer.ui.dialogs.key_rows import KeyRow
from ichviewer.ui.look.key_names import pressed
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line

WAITING = tr("Press a key…")
NO_KEY = "–"
_KEYS = 2
_BEGIN = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class KeyList(QTableWidget):
    """Waits for a key once a row was clicked, or entered with Enter or Space; changes nothing itself.

    Parameters
    ----------
    rows : sequence of KeyRow

    Signals
    -------
    started()
        A row waits for a key.
    given(str, str)
        Id of a command, and the key that was pressed for it; an empty one to take its keys away.
    """

    started = Signal()
    given = Signal(str, str)

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        super().__init__(0, 3)
        self._rows: tuple[KeyRow, ...] = ()
        self._waiting: str = ""
        self.setAccessibleName(tr("Commands and their keys"))
        self.setHorizontalHeaderLabels([tr("Command"), tr("Menu"), tr("Keys")])
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, _KEYS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumSize(520, 300)
        self.cellClicked.connect(lambda row, _: self.begin(row))
        self.set_rows(rows)

    @property
    def row_in_hand(self) -> KeyRow | None:
        """The row that is selected."""
        here = self.currentRow()
        return self._rows[here] if 0 <= here < len(self._rows) else None

    @property
    def waits_for(self) -> str:
        """Id of the command that waits for a key; empty if none does."""
        return self._waiting

    def row_of(self, command_id: str) -> int:
        """The place of a command in the list."""
        return [row.id for row in self._rows].index(command_id)

    def set_rows(self, rows: Sequence[KeyRow]) -> None:
        """Show other keys; the selection stays."""
        self._rows = tuple(rows)
        self._waiting = ""
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            keys = row.keys or NO_KEY
            told = f"{keys}  ({row.locked})" if row.locked else keys
            for column, text in enumerate((row.name, row.menu, told)):
                item = QTableWidgetItem(one_line(text))
                item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
                if row.changed and column == _KEYS:
                    bold = QFont(self.font())
                    bold.setBold(True)
                    item.setFont(bold)
                self.setItem(place, column, item)

    def begin(self, place: int) -> None:
        """Wait for the key of the command at a place; the keys of some are set elsewhere."""
        self._stop()
        if not 0 <= place < len(self._rows) or self._rows[place].locked:
            return
        self._waiting = self._rows[place].id
        self.setCurrentCell(place, _KEYS)
        self._say(place, WAITING)
        self.setFocus()
        self.started.emit()

    def _stop(self) -> None:
        if self._waiting:
            place = self.row_of(self._waiting)
            self._waiting = ""
            self._say(place, self._rows[place].keys or NO_KEY)

    def _say(self, place: int, words: str) -> None:
        item = self.item(place, _KEYS)
        if item is not None:
            item.setText(words)

    # Qt's events

    def event(self, event: QEvent) -> bool:
        """While a row waits, every key is its key: also those that move between widgets or close the dialog."""
        if self._waiting and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._take(event)
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space wait for the key of the row that is selected, Delete takes its keys away."""
        row = self.row_in_hand
        if event.key() in _BEGIN:
            self.begin(self.currentRow())
        elif event.key() == Qt.Key.Key_Delete and row is not None and not row.locked:
            self.given.emit(row.id, "")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key that is pressed elsewhere is no answer."""
        self._stop()
        super().focusOutEvent(event)

    def _take(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._stop()
            return
        command = self._waiting
        if event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._stop()
            self.given.emit(command, "")
            return
        key = pressed(event)
        if key:
            self._stop()
            self.given.emit(command, key)
