"""Tags as a table: sorted by any column, those listed that have a word, next to those of another slice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ichviewer.domain.tags import TagPair, TagRow
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import tip_text
from ichviewer.ui.look.theme import theme

TAG, VR, NAME, VALUE, OTHER = range(5)
"""Columns of the table."""

_TITLES = ("Tag", "VR", "Name")
_WIDTHS_PX = (170, 44, 240)
_STEP = "   "
"""Indentation of what lies in a sequence."""

_MISSING = "not there"

Index = QModelIndex | QPersistentModelIndex


class TagTable(QAbstractTableModel):
    """Elements as rows: of one slice, or of two side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._titles: tuple[str, ...] = (*_TITLES, "Value", "")
        self._compares = False
        self._pairs: tuple[TagPair, ...] = ()
        self._folded: list[str] = []
        self.listed: list[TagPair] = []
        self._word, self._only_differences = "", False
        self._column, self._order = -1, Qt.SortOrder.AscendingOrder

    @property
    def total(self) -> int:
        """How many elements there are."""
        return len(self._pairs)

    @property
    def differing(self) -> int:
        """How many elements differ between the two slices; 0 where there is one."""
        return sum(pair.differs for pair in self._pairs) if self._compares else 0

    def set_pairs(self, pairs: Sequence[TagPair], titles: tuple[str, str], *, compares: bool) -> None:
        """Show other elements.

        Parameters
        ----------
        pairs : sequence of TagPair
        titles : tuple of 2 str
            What the columns of values are called.
        compares : bool
            Whether there are values of two slices; else the second column is not there.
        """
        self.beginResetModel()
        self._titles = (*_TITLES, *titles)
        self._pairs, self._compares = tuple(pairs), compares
        self._folded = [_searched(pair) for pair in self._pairs]
        self._list()
        self.endResetModel()

    def set_filter(self, word: str, *, only_differences: bool) -> None:
        """List the elements with a word in any column, in upper or lower case, and only those that differ if told."""
        self.beginResetModel()
        self._word, self._only_differences = word.casefold().strip(), only_differences
        self._list()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of the file."""
        self.beginResetModel()
        self._column, self._order = column, order
        self._list()
        self.endResetModel()

    def _list(self) -> None:
        only = self._only_differences and self._compares
        self.listed = [
            pair
            for pair, words in zip(self._pairs, self._folded, strict=True)
            if self._word in words and not (only and not pair.differs)
        ]
        if self._column >= 0:
            self.listed.sort(
                key=lambda pair: _key(pair, self._column), reverse=self._order is Qt.SortOrder.DescendingOrder
            )

    def line(self, pair: TagPair) -> str:
        """An element as one line of plain text, its parts apart by tabs."""
        cells = [pair.row.path_text, *(self._text(pair, column) for column in range(VR, self.columnCount()))]
        return "\t".join(one_line(cell) for cell in cells)

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of elements that are listed."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Tag, VR, name, value, and the other value where slices are compared."""
        return 0 if parent.isValid() else OTHER + self._compares

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = 0) -> object:
        """Words; what differs stands out."""
        pair, column = self.listed[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            text = self._text(pair, column)
            return f"{_STEP * pair.row.depth}{text}" if column == TAG else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(_tip(pair, self._text(pair, column), column))
        if role == Qt.ItemDataRole.ForegroundRole and column >= VALUE and self._compares and pair.differs:
            return QBrush(QColor(theme().warning))
        return None

    def _text(self, pair: TagPair, column: int) -> str:
        row = pair.row
        if column == TAG:
            return row.tag_text
        if column == VR:
            return row.vr
        if column == NAME:
            return one_line(f"{row.name} [{row.creator}]" if row.creator else row.name)
        shown = pair.first if column == VALUE else pair.second
        return _MISSING if shown is None else one_line(shown.value)


def _searched(pair: TagPair) -> str:
    row = pair.row
    values = [shown.value for shown in (pair.first, pair.second) if shown is not None]
    # Tags are searched as people write them: (0008,0060), 0008,0060, 00080060.
    parts = (row.tag_text, f"{row.tag:08x}", row.vr, row.name, row.keyword, row.creator, *values)
    return "\n".join(parts).casefold()


def _key(pair: TagPair, column: int) -> tuple[object, ...]:
    row = pair.row
    if column == TAG:
        return row.tag, row.path
    text = {VR: row.vr, NAME: row.name}.get(column)
    if text is None:
        shown: TagRow | None = pair.first if column == VALUE else pair.second
        text = "" if shown is None else shown.value
    return text.casefold(), row.path


def _tip(pair: TagPair, text: str, column: int) -> str:
    if column == TAG:
        return pair.row.path_text
    return f"{text}\n{pair.row.keyword}" if column == NAME and pair.row.keyword else text


class TagView(QTableView):
    """Shows tags, whole rows at a time."""

    def __init__(self, table: TagTable) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setAccessibleName("Tags")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        for column, width_px in enumerate(_WIDTHS_PX):
            header.resizeSection(column, width_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.share_width()

    def share_width(self) -> None:
        """Give both columns of values the same width, where there are two."""
        room_px = self.viewport().width() - sum(self.columnWidth(column) for column in (TAG, VR, NAME))
        if self._table.columnCount() > OTHER and room_px > 0:
            self.horizontalHeader().resizeSection(VALUE, room_px // 2)

    def selected(self) -> list[TagPair]:
        """The elements that are selected, top down."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.listed[place] for place in places]
