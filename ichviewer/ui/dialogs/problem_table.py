"""Problems as a table: whole sentences on as many lines as they need, sorted by any column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ichviewer.domain.problems import Severity
from ichviewer.ui.dialogs.input_problems import ProblemRow
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import tip_text
from ichviewer.ui.look.words import sentence

_COLUMNS = ("", tr("Patient"), tr("Series"), tr("What"), tr("Where"))
_SEVERITY = 0
_ICON_COLUMN_PX = 34
_PADDING_PX = 5  # of an item, in window.qss
_SHARES = (0.19, 0.17, 0.32)
"""Parts of the width for patient, series and what; where takes the rest."""
_ICONS = {
    Severity.ERROR: ("error", "danger"),
    Severity.WARNING: ("warning", "warning"),
    Severity.INFO: ("info", "muted"),
}
_WHERE_A_LINE_MAY_BREAK = re.compile(r"(?<=[/\\_!.-])(?=\w)|(?<=\w{16})(?=\w)")

Index = QModelIndex | QPersistentModelIndex


def breakable(text: str) -> str:
    """The text with zero-width spaces where a path or a long number may go on in the next line."""
    return _WHERE_A_LINE_MAY_BREAK.sub("\u200b", text)


class ProblemTable(QAbstractTableModel):
    """Problems as rows, those listed that have the filter's word, in the order of a column."""

    def __init__(self, rows: Sequence[ProblemRow]) -> None:
        super().__init__()
        self.rows = tuple(rows)
        self.listed = list(self.rows)
        self._folded = [row.line().casefold() for row in self.rows]
        self._word = ""
        self._column, self._order = -1, Qt.SortOrder.AscendingOrder
        self._icons = {severity: icon(*look) for severity, look in _ICONS.items()}

    def set_filter(self, word: str) -> None:
        """List the problems that have a word in any column, in upper or lower case."""
        self._word = word.casefold()
        self._list()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order the problems came in."""
        self._column, self._order = column, order
        self._list()

    def _list(self) -> None:
        self.beginResetModel()
        self.listed = [row for row, words in zip(self.rows, self._folded, strict=True) if self._word in words]
        if self._column >= 0:
            self.listed.sort(
                key=lambda row: _key(row, self._column),
                reverse=self._order is Qt.SortOrder.DescendingOrder,
            )
        self.endResetModel()

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of problems that are listed."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Severity, patient, series, what, where."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _COLUMNS[section] or tr("Severity")
        return _COLUMNS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = 0) -> object:
        """Words, and the icon of the severity."""
        row = self.listed[index.row()]
        text = _texts(row)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if index.column() == _SEVERITY else breakable(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(text)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == _SEVERITY:
            return self._icons[row.problem.severity]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        return None


def _texts(row: ProblemRow) -> tuple[str, ...]:
    return sentence(row.severity), row.patient, row.series, row.what, row.where


def _key(row: ProblemRow, column: int) -> tuple[int, str]:
    return (row.rank, "") if column == _SEVERITY else (0, _texts(row)[column].casefold())


class _Wrapping(QStyledItemDelegate):
    """Measures words in the width that they are painted in."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Size with the padding of the stylesheet, which Qt leaves out when it wraps words to measure them."""
        inside = QStyleOptionViewItem(option)
        area: QRect = option.rect
        inside.rect = area.adjusted(0, 0, -2 * _PADDING_PX, 0)
        return super().sizeHint(inside, index)


class ProblemView(QTableView):
    """Shows problems; rows in sight are as high as their words need."""

    def __init__(self, table: ProblemTable) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setItemDelegate(_Wrapping(self))
        self.setAccessibleName(tr("Problems"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(_ICON_COLUMN_PX)
        header.setSectionResizeMode(_SEVERITY, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_SEVERITY, _ICON_COLUMN_PX)
        header.setStretchLastSection(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        # Of thousands of rows only those in sight are measured.
        self._fit_timer = QTimer(self, singleShot=True, interval=0)
        self._fit_timer.timeout.connect(self._fit)
        header.sectionResized.connect(lambda *_: self._fit_timer.start())
        self.verticalScrollBar().valueChanged.connect(lambda _: self._fit_timer.start())
        table.modelReset.connect(self._fit_timer.start)

    def selected(self) -> list[ProblemRow]:
        """The problems that are selected, top down."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.listed[place] for place in places]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the words to the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            room = event.size().width() - _ICON_COLUMN_PX
            for column, share in enumerate(_SHARES, start=_SEVERITY + 1):
                self.horizontalHeader().resizeSection(column, round(room * share))
        self._fit_timer.start()

    def _fit(self) -> None:
        row, y = max(0, self.rowAt(0)), 0
        while row < self._table.rowCount() and y < self.viewport().height():
            self.resizeRowToContents(row)
            y += self.rowHeight(row)
            row += 1
