"""Studies of a worklist as a table: those that a filter lets by, the most urgent first until a column is chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ichviewer.network.node.entry import Entry, Group, StudySummary
from ichviewer.ui.look.columns import size_columns
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import tip_text
from ichviewer.ui.look.words import names_of

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (
    tr("Urgency"),
    tr("Highest"),
    tr("Age"),
    tr("Types"),
    tr("Patient"),
    "ID",
    tr("Accession"),
    tr("Study"),
    tr("State"),
    tr("Remarks"),
)
_WIDTHS_PX = (190, 70, 70, 130, 150, 90, 90, 170, 90, 200)
_URGENCY, _HIGHEST, _AGE = (_COLUMNS.index(name) for name in (tr("Urgency"), tr("Highest"), tr("Age")))
_NUMBERS = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_TIPS = {
    _HIGHEST: tr("The highest probability of any hemorrhage over all slices that were analyzed"),
    _AGE: tr("Time since the first image came"),
}
_ICONS = {
    Group.FLAGGED: ("state-flagged", "warning"),
    Group.NOT_ANALYZED: ("state-failed", "danger"),
    Group.WAITING: ("state-waiting", "muted"),
}
"""None for what is not flagged: a check mark would read as free of hemorrhage."""
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400


def age_words(seconds: float) -> str:
    """How long ago something was: ``12 min``, ``3 h``, ``2 days``; a clock that is another's may be ahead."""
    if seconds < -_MINUTE_S:
        return tr("clock differs")
    if seconds < _HOUR_S:
        return tr("{seconds} min").format(seconds=max(0, int(seconds // _MINUTE_S)))
    if seconds < 2 * _DAY_S:
        return f"{int(seconds // _HOUR_S)} h"
    return tr("{seconds:,} days").format(seconds=int(seconds // _DAY_S))


def worklist_cells(entry: Entry, now_s: float, *, new: bool = False) -> tuple[str, ...]:
    """What is said of a study, column by column, as `ichviewer worklist` says it.

    Parameters
    ----------
    entry : Entry
    now_s : float
        Seconds since 1970.
    new : bool
        Whether it was flagged since the reader looked.
    """
    summary = entry.summary or StudySummary()
    cells = (
        tr("NEW · {words}").format(words=words_of(entry.group.words)) if new else words_of(entry.group.words),
        "" if summary.probability is None else f"{summary.probability:.3f}",
        age_words(now_s - entry.first_arrival_s),
        names_of(summary.flagged),
        summary.patient_name,
        summary.patient_id,
        summary.accession_number,
        entry.title,
        words_of(entry.state),
        "; ".join(map(words_of, entry.remarks)),
    )
    return tuple(one_line(cell) for cell in cells)


class WorklistTable(QAbstractTableModel):
    """Rows of studies."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._new: Collection[str] = ()
        self._now_s = 0.0
        self._words = ""
        self._group: Group | None = None
        self._column, self._order = -1, Qt.SortOrder.AscendingOrder
        self.listed: list[Entry] = []

    def set_entries(self, entries: Sequence[Entry], new: Collection[str], now_s: float) -> None:
        """List these, the most urgent first.

        Parameters
        ----------
        entries : sequence of Entry
            In the order of `ichviewer.network.node.entry.by_urgency`.
        new : collection of str
            UIDs of those that are marked.
        now_s : float
            Seconds since 1970, for their age.
        """
        self._entries, self._new, self._now_s = entries, new, now_s
        self._list()

    def set_filter(self, words: str, group: Group | None) -> None:
        """List only studies that say all of these words in any column, and are of a group."""
        self._words, self._group = words, group
        self._list()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of urgency."""
        self._column, self._order = column, order
        self._list()

    def row_of(self, study_uid: str) -> int:
        """Where a study stands; -1 where it is not listed."""
        return next((row for row, entry in enumerate(self.listed) if entry.study_uid == study_uid), -1)

    def hidden(self, group: Group) -> int:
        """How many studies of a group are not listed because of the filter."""
        shown = sum(entry.group is group for entry in self.listed)
        return sum(entry.group is group for entry in self._entries) - shown

    def _cells(self, entry: Entry) -> tuple[str, ...]:
        return worklist_cells(entry, self._now_s, new=entry.study_uid in self._new)

    def _list(self) -> None:
        listed = [entry for entry in self._entries if self._passes(entry)]
        if self._column >= 0:
            # The sort is stable: among equals the most urgent stays first. What says nothing comes last either way.
            descending = self._order is Qt.SortOrder.DescendingOrder
            known = [entry for entry in listed if self._sort_value(entry) is not None]
            unknown = [entry for entry in listed if self._sort_value(entry) is None]
            listed = sorted(known, key=self._sort_value, reverse=descending) + unknown  # type: ignore[arg-type]
        if [entry.study_uid for entry in listed] == [entry.study_uid for entry in self.listed]:
            self.listed = listed
            if listed:
                self.dataChanged.emit(self.index(0, 0), self.index(len(listed) - 1, len(_COLUMNS) - 1))
            return
        self.beginResetModel()
        self.listed = listed
        self.endResetModel()

    def _passes(self, entry: Entry) -> bool:
        if self._group is not None and entry.group is not self._group:
            return False
        said = "\n".join(self._cells(entry)).casefold()
        return all(word in said for word in self._words.casefold().split())

    def _sort_value(self, entry: Entry) -> str | float | None:
        if self._column == _URGENCY:
            return float(entry.group)
        if self._column == _HIGHEST:
            return None if entry.summary is None else entry.summary.probability
        if self._column == _AGE:
            return -entry.first_arrival_s
        return self._cells(entry)[self._column].casefold() or None

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of studies that are listed."""
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _COLUMNS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS.get(section)
            if role == Qt.ItemDataRole.TextAlignmentRole and section in (_HIGHEST, _AGE):
                return _NUMBERS
        return None

    def data(self, index: Index, role: int = 0) -> object:
        """Words, the sign of the group, and bold for what nobody may overlook."""
        entry, column = self.listed[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells(entry)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == _AGE:
                came = datetime.fromtimestamp(entry.first_arrival_s)
                return tr("First image: {came:%Y-%m-%d %H:%M:%S}").format(came=came)
            return tip_text(self._cells(entry)[column])
        if role == Qt.ItemDataRole.DecorationRole and column == _URGENCY and entry.group in _ICONS:
            return icon(*_ICONS[entry.group])
        if role == Qt.ItemDataRole.FontRole and (
            entry.study_uid in self._new or (column == _URGENCY and entry.group <= Group.NOT_ANALYZED)
        ):
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (_HIGHEST, _AGE):
            return _NUMBERS
        return None


class WorklistView(QTableView):
    """Shows a worklist, of which one study can be selected."""

    def __init__(self, table: WorklistTable) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self.setAccessibleName(tr("Studies of the worklist"))
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
        header.setStretchLastSection(True)

    @property
    def current(self) -> Entry | None:
        """The study that is selected."""
        rows = self.selectionModel().selectedRows()
        return self._table.listed[rows[0].row()] if rows else None
