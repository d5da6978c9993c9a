"""Studies that a source has, as a table that grows while answers arrive and is sorted by any column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ichviewer.network.query import StudyAnswer
from ichviewer.ui.look.columns import size_columns
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import tip_text

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (
    tr("Date"),
    tr("Patient"),
    "ID",
    tr("Born"),
    tr("Modality"),
    tr("Description"),
    tr("Accession"),
    tr("Images"),
)
_WIDTHS_PX = (140, 170, 110, 90, 80, 190, 100, 60)
_NUMBERS = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_IMAGES = len(_COLUMNS) - 1


class StudyTable(QAbstractTableModel):
    """Studies as rows; the order of arrival until a column is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._arrived: list[StudyAnswer] = []
        self.listed: list[StudyAnswer] = []
        self._column, self._order = -1, Qt.SortOrder.AscendingOrder

    def clear(self) -> None:
        """List nothing."""
        self.beginResetModel()
        self._arrived, self.listed = [], []
        self.endResetModel()

    def add(self, found: StudyAnswer) -> None:
        """List one more, where it belongs; rows that are selected stay selected."""
        self._arrived.append(found)
        row = len(self.listed)
        if self._column >= 0:
            key = self._key()
            row = next((n for n, other in enumerate(self.listed) if key(found) < key(other)), row)
        self.beginInsertRows(QModelIndex(), row, row)
        self.listed.insert(row, found)
        self.endInsertRows()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of arrival. Rows that are selected stay selected."""
        self.layoutAboutToBeChanged.emit()
        before = [(index, self.listed[index.row()]) for index in self.persistentIndexList()]
        self._column, self._order = column, order
        self.listed = list(self._arrived) if column < 0 else sorted(self._arrived, key=self._key())
        places = {id(found): row for row, found in enumerate(self.listed)}
        for index, found in before:
            self.changePersistentIndex(index, self.index(places[id(found)], index.column()))
        self.layoutChanged.emit()

    def _key(self) -> Callable[[StudyAnswer], Any]:
        """Orders by the column; studies of which it says nothing come last either way."""
        descending = self._order is Qt.SortOrder.DescendingOrder

        def compare(first: StudyAnswer, second: StudyAnswer) -> int:
            one, two = _sort_value(first, self._column), _sort_value(second, self._column)
            if (one is None) != (two is None):
                return 1 if one is None else -1
            if one is None or two is None or one == two:
                return 0
            return (1 if one > two else -1) * (-1 if descending else 1)  # type: ignore[operator]

        return cmp_to_key(compare)

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of studies."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole and section == _IMAGES:
                return _NUMBERS
        return None

    def data(self, index: Index, role: int = 0) -> object:
        """Words."""
        text = study_cells(self.listed[index.row()])[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(text)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _IMAGES:
            return _NUMBERS
        return None


def study_cells(found: StudyAnswer) -> Sequence[str]:
    """What is said of a study, column by column."""
    study, patient = found.study, found.patient
    images = "" if found.n_instances is None else f"{found.n_instances:,}"
    cells = (
        f"{study.date} {study.time}".strip(),
        patient.name,
        patient.id,
        patient.birth_date,
        "/".join(found.modalities),
        study.description,
        study.accession,
        images,
    )
    return tuple(one_line(cell) for cell in cells)


def _sort_value(found: StudyAnswer, column: int) -> str | int | None:
    if column == _IMAGES:
        return found.n_instances
    return study_cells(found)[column].casefold() or None


class StudyView(QTableView):
    """Shows studies, one of which can be selected."""

    def __init__(self, table: StudyTable) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setAccessibleName(tr("Studies that were found"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(text_size().px(26))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        size_columns(header, _WIDTHS_PX)
        header.setSectionResizeMode(_COLUMNS.index(tr("Description")), QHeaderView.ResizeMode.Stretch)

    @property
    def current(self) -> StudyAnswer | None:
        """The study that is selected."""
        rows = self.selectionModel().selectedRows()
        return self._table.listed[rows[0].row()] if rows else None
