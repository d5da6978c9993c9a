"""Tags as a table: sorted by any column, those listed that have a word, next to those of another slice or series."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ichviewer.ui.dialogs.tag_lines import TagLine, TagSheet
from ichviewer.ui.look.columns import size_columns
from ichviewer.ui.look.fonts import font, text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import tip_text
from ichviewer.ui.look.theme import theme

TAG, VR, NAME, VALUE, OTHER, DIFFERENCE = range(6)
"""Columns of the table; the last two only where something is compared."""

_TITLES = (tr("Tag"), "VR", tr("Name"))
_WIDTHS_PX = (124, 40, 200)
_DIFFERENCE_PX = 136
_STEP = "   "
"""Indentation of what lies in a sequence."""

Index = QModelIndex | QPersistentModelIndex


class TagTable(QAbstractTableModel):
    """Elements as rows: of one slice, or of two slices or series side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = TagSheet()
        self._folded: list[str] = []
        self.listed: list[TagLine] = []
        self._word, self._only_differences = "", False
        self._column, self._order = -1, Qt.SortOrder.AscendingOrder

    @property
    def total(self) -> int:
        """How many elements there are."""
        return len(self.sheet.lines)

    @property
    def titles(self) -> tuple[str, ...]:
        """What the columns are called."""
        values = tuple(one_line(title) for title in self.sheet.titles)
        return (*_TITLES, *values, *((tr("Difference"),) if self.sheet.compares else ()))

    def show_sheet(self, sheet: TagSheet) -> None:
        """Show other elements."""
        self.beginResetModel()
        self.sheet = sheet
        self._folded = [_searched(line) for line in sheet.lines]
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
        only = self._only_differences and self.sheet.compares
        self.listed = [
            line
            for line, words in zip(self.sheet.lines, self._folded, strict=True)
            if self._word in words and not (only and not line.differs)
        ]
        if self._column >= 0:
            self.listed.sort(
                key=lambda line: _key(line, self._column), reverse=self._order is Qt.SortOrder.DescendingOrder
            )

    def line(self, line: TagLine) -> str:
        """An element as one line of plain text, its parts apart by tabs."""
        cells = [line.row.path_text, *(_text(line, column) for column in range(VR, self.columnCount()))]
        return "\t".join(one_line(cell) for cell in cells)

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of elements that are listed."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Tag, VR, name, value; the other value and the difference where something is compared."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns; all of a long one as its tip."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.titles):
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(self.titles[section])
        return self.titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = 0) -> object:
        """Words; what differs stands out by its color, its weight and a word."""
        line, column = self.listed[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            text = _text(line, column)
            return f"{_STEP * line.row.depth}{text}" if column == TAG else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(_tip(line, _text(line, column), column))
        if line.differs and column >= VALUE:
            if role == Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(theme().warning))
            if role == Qt.ItemDataRole.FontRole:
                return font(bold=True)
        return None


def _text(line: TagLine, column: int) -> str:
    row = line.row
    name = f"{row.name} [{row.creator}]" if row.creator else row.name
    return (row.tag_text, row.vr, one_line(name), line.first, line.second, line.difference)[column]


def _searched(line: TagLine) -> str:
    row = line.row
    # Tags are searched as people write them: (0008,0060), 0008,0060, 00080060.
    parts = (row.tag_text, f"{row.tag:08x}", row.vr, row.name, row.keyword, row.creator)
    return "\n".join((*parts, line.first, line.second)).casefold()


def _key(line: TagLine, column: int) -> tuple[object, ...]:
    row = line.row
    if column == TAG:
        return row.tag, row.path
    return _text(line, column).casefold(), row.path


def _tip(line: TagLine, text: str, column: int) -> str:
    if column == TAG:
        return line.row.path_text
    return f"{text}\n{line.row.keyword}" if column == NAME and line.row.keyword else text


class TagView(QTableView):
    """Shows tags, whole rows at a time."""

    def __init__(self, table: TagTable) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setAccessibleName(tr("Tags"))
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
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        size_columns(header, _WIDTHS_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.share_width()

    def share_width(self) -> None:
        """Give both columns of values the same width, where there are two."""
        if not self._table.sheet.compares:
            return
        others_px = sum(self.columnWidth(column) for column in (TAG, VR, NAME)) + text_size().px(
            _DIFFERENCE_PX
        )
        room_px = self.viewport().width() - others_px
        for column in (VALUE, OTHER):
            if room_px > 0:
                self.horizontalHeader().resizeSection(column, room_px // 2)

    def selected(self) -> list[TagLine]:
        """The elements that are selected, top down."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._table.listed[place] for place in places]
