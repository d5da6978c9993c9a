"""The dialog of the outbox: what is to be sent, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QWidget

from ichviewer.network.outbox import Item, State
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.look.columns import size_columns
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import tip_text
from ichviewer.ui.look.words import counted
from ichviewer.ui.sources.buttons import button
from ichviewer.ui.sources.outbox_control import OutboxControl

Index = QModelIndex | QPersistentModelIndex

_SIZE_PX = (960, 520)
_COLUMNS = (tr("To"), tr("What"), tr("State"), tr("Tries"), tr("Next try"), tr("Last error"))
_WIDTHS_PX = (120, 170, 110, 50, 80, 260)


class OutboxTable(QAbstractTableModel):
    """Objects of the outbox as rows, the oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.items: Sequence[Item] = ()

    def set_items(self, items: Sequence[Item]) -> None:
        """List these; rows that are selected stay selected."""
        if [item.id for item in items] == [item.id for item in self.items]:
            self.items = items
            if items:
                last = self.index(len(items) - 1, len(_COLUMNS) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of objects."""
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: Index, role: int = 0) -> object:
        """Words."""
        text = outbox_cells(self.items[index.row()])[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        return tip_text(text) if role == Qt.ItemDataRole.ToolTipRole else None


def outbox_cells(item: Item) -> tuple[str, ...]:
    """What is said of an object, column by column."""
    later = item.state is State.WAITING and item.attempts > 0
    state = tr("failed, tried again") if later and item.last_error else words_of(item.state)
    next_try = f"{datetime.fromtimestamp(item.next_try_s):%H:%M:%S}" if later else ""
    cells = (
        item.destination,
        item.description or item.sop_uid,
        state,
        str(item.attempts),
        next_try,
        item.last_error,
    )
    return tuple(one_line(cell) for cell in cells)


class OutboxDialog(DialogFrame):
    """Lists the outbox; its objects are sent again or forgotten here.

    Parameters
    ----------
    control : OutboxControl
    parent : QWidget or None
    """

    def __init__(self, control: OutboxControl, parent: QWidget | None = None) -> None:
        super().__init__(tr("Outbox"), tr("Outbox"), parent)
        self._control = control
        self._removing: tuple[int, ...] = ()
        self.table = OutboxTable()
        self.view = QTableView()
        self.view.setModel(self.table)
        self.view.setAccessibleName(tr("Objects in the outbox"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setShowGrid(False)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        size_columns(header, _WIDTHS_PX)
        self.said = wrapped("", "muted")
        self.retry_button = button(tr("Try again"), tr("Send the selected objects now"), self.retry)
        self.remove_button = button(tr("Remove"), tr("Forget the selected objects"), self.remove)
        self.clear_button = button(
            tr("Remove what was sent"), tr("Forget everything that was sent"), self.clear_sent
        )
        self.stop_button = button(tr("Stop sending"), tr("What was not sent waits"), control.cancel)
        across = QHBoxLayout()
        across.addStretch(1)
        for each in (self.retry_button, self.remove_button, self.clear_button, self.stop_button):
            across.addWidget(each)
        self.content.addWidget(self.view, 1)
        self.content.addWidget(self.said)
        self.content.addLayout(across)
        self.content.addWidget(
            wrapped(
                tr(
                    "What waits is sent by itself while the window is open, also after the next start, until it is "
                    "delivered or refused. Nothing is lost when the program ends."
                ),
                "muted",
            )
        )
        control.changed.connect(self._fill)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        self._fill()
        self.fit(*(text_size().px(side) for side in _SIZE_PX))
        control.look()

    @property
    def selected(self) -> tuple[int, ...]:
        """Numbers of the objects that are selected."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return tuple(self.table.items[row].id for row in rows)

    def retry(self) -> None:
        """Send the selected objects now."""
        self._control.retry(self.selected)

    def remove(self) -> None:
        """Forget the selected objects; what was not delivered only when asked twice."""
        chosen = self.selected
        lost = sum(item.id in chosen and item.state is not State.SENT for item in self.table.items)
        if lost and self._removing != chosen:
            self._removing = chosen
            self._say(
                tr("Press Remove again: {objects} would never be delivered.").format(
                    objects=counted("object", "objects", lost)
                ),
                "warning",
            )
            return
        self._removing = ()
        self._control.remove(chosen)

    def clear_sent(self) -> None:
        """Forget what was sent."""
        self._control.remove([item.id for item in self.table.items if item.state is State.SENT])

    def _fill(self) -> None:
        self.table.set_items(self._control.items)
        self.view.resizeRowsToContents()
        self._selected()

    def _selected(self) -> None:
        if self._removing != self.selected:
            self._removing = ()
        if not self._removing:
            self._say(
                self._control.words or (tr("Nothing waits.") if self.table.items else tr("It is empty.")),
                "muted",
            )
        chosen = self.selected
        states = {item.state for item in self.table.items if item.id in chosen}
        self.retry_button.setEnabled(bool(states & {State.WAITING, State.REFUSED}))
        self.remove_button.setEnabled(bool(states - {State.SENDING}))
        self.clear_button.setEnabled(any(item.state is State.SENT for item in self.table.items))
        self.stop_button.setEnabled(self._control.sending)

    def _say(self, words: str, role: str) -> None:
        self.said.setText(words)
        self.said.set_role(role)
