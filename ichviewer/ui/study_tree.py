"""Patients, studies and series as a tree that grows while files are being read."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPixmap

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series import Catalog, PatientInfo, Series, SeriesKey, Study
from ichviewer.ui.words import joined, patient_name, series_details, series_title, study_title

Index = QModelIndex | QPersistentModelIndex


@dataclass(eq=False)
class PatientRow:
    """A patient in the tree."""

    patient: PatientInfo


@dataclass(eq=False)
class StudyRow:
    """A study in the tree."""

    study: Study


@dataclass(eq=False)
class SeriesRow:
    """A series in the tree, and what is known of its analysis."""

    series: Series
    state: SeriesState = SeriesState.WAITING
    text: str = ""
    flagged: tuple[Hemorrhage, ...] = ()
    thumbnail: QPixmap | None = field(default=None)


Row = PatientRow | StudyRow | SeriesRow

_HEIGHTS: dict[type[Row], int] = {PatientRow: 46, StudyRow: 44, SeriesRow: 74}


class _Node:
    """A row and what is below it."""

    def __init__(self, key: Hashable, row: Row | None, parent: _Node | None) -> None:
        self.key = key
        self.row = row
        self.parent = parent
        self.children: list[_Node] = []

    def place(self) -> int:
        return 0 if self.parent is None else self.parent.children.index(self)


class StudyTree(QAbstractItemModel):
    """The model of the study browser."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node(None, None, None)
        self._series: dict[SeriesKey, _Node] = {}

    def set_catalog(self, catalog: Catalog) -> None:
        """Show a catalog; rows that were there stay, with their thumbnails and states."""
        patients: dict[Hashable, list[Study]] = {}
        for study in catalog.studies:
            patients.setdefault((study.patient.id, study.patient.name), []).append(study)
        rows: list[tuple[Hashable, Row]] = [
            (key, PatientRow(studies[0].patient)) for key, studies in patients.items()
        ]
        self._merge(self._root, rows)
        for node, studies in zip(self._root.children, patients.values(), strict=True):
            self._merge(node, [(study.info.uid, StudyRow(study)) for study in studies])
            for below, study in zip(node.children, studies, strict=True):
                self._merge(below, [(series.key, SeriesRow(series)) for series in study.series])

    def _merge(self, parent: _Node, rows: Sequence[tuple[Hashable, Row]]) -> None:
        """Make a node's children those of ``rows``, in order, keeping the ones that are there already."""
        at = self._index(parent)
        wanted = {key for key, _ in rows}
        for place in reversed(range(len(parent.children))):
            if parent.children[place].key not in wanted:
                self.beginRemoveRows(at, place, place)
                self._forget(parent.children.pop(place))
                self.endRemoveRows()
        order = {key: place for place, (key, _) in enumerate(rows)}
        if any(
            order[a.key] > order[b.key] for a, b in zip(parent.children, parent.children[1:], strict=False)
        ):
            self.layoutAboutToBeChanged.emit()
            parent.children.sort(key=lambda node: order[node.key])
            self.layoutChanged.emit()
        there = {node.key: node for node in parent.children}
        place = 0
        while place < len(rows):
            key, row = rows[place]
            if key in there:
                _update(there[key], row)
                place += 1
                continue
            end = place
            while end < len(rows) and rows[end][0] not in there:
                end += 1
            new = [_Node(k, r, parent) for k, r in rows[place:end]]
            self.beginInsertRows(at, place, end - 1)
            parent.children[place:place] = new
            self.endInsertRows()
            for node in new:
                if isinstance(node.row, SeriesRow):
                    self._series[node.row.series.key] = node
            place = end

    def _forget(self, node: _Node) -> None:
        if isinstance(node.row, SeriesRow):
            self._series.pop(node.row.series.key, None)
        for child in node.children:
            self._forget(child)

    def clear_all(self) -> None:
        """Forget everything."""
        self.beginResetModel()
        self._root = _Node(None, None, None)
        self._series.clear()
        self.endResetModel()

    def index_of(self, key: SeriesKey) -> QModelIndex:
        """Where a series stands; an invalid index if it does not."""
        node = self._series.get(key)
        return QModelIndex() if node is None else self._index(node)

    def set_thumbnail(self, key: SeriesKey, pixmap: QPixmap) -> None:
        """Give a series its picture."""
        node = self._series.get(key)
        if node is not None and isinstance(node.row, SeriesRow):
            node.row.thumbnail = pixmap
            self._touch(node)

    def set_state(
        self, key: SeriesKey, state: SeriesState, text: str, flagged: tuple[Hemorrhage, ...]
    ) -> None:
        """Say how far the analysis of a series is, and what it has flagged."""
        node = self._series.get(key)
        if node is None or not isinstance(node.row, SeriesRow):
            return
        row = node.row
        if (row.state, row.text, row.flagged) != (state, text, flagged):
            row.state, row.text, row.flagged = state, text, flagged
            self._touch(node)

    def row_at(self, index: Index) -> Row | None:
        """The row at an index, None at an invalid one."""
        return self._node(index).row if index.isValid() else None

    def _node(self, index: Index) -> _Node:
        if not index.isValid():
            return self._root
        node: _Node = index.internalPointer()
        return node

    def _index(self, node: _Node) -> QModelIndex:
        # The nodes live in the tree, so what Qt holds of them is never the last reference.
        return QModelIndex() if node.parent is None else self.createIndex(node.place(), 0, node)

    def _touch(self, node: _Node) -> None:
        index = self._index(node)
        self.dataChanged.emit(index, index)

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Index of a child."""
        children = self._node(parent).children
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, children[row])

    def parent(self, child: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """Index of the parent."""
        above = self._node(child).parent
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of children."""
        return len(self._node(parent).children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only series can be chosen."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.row_at(index), SeriesRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Height, and words for who cannot see the painted row."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, _HEIGHTS[type(row)])
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return _spoken(row)
        return None


def _update(node: _Node, row: Row) -> None:
    """Take over what changed without losing what was added to the old row."""
    if isinstance(node.row, SeriesRow) and isinstance(row, SeriesRow):
        node.row.series = row.series
    else:
        node.row = row


def _spoken(row: Row) -> str:
    if isinstance(row, PatientRow):
        return patient_name(row.patient)
    if isinstance(row, StudyRow):
        return joined((study_title(row.study.info), row.study.info.date))
    return joined((series_title(row.series), series_details(row.series), str(row.state)))
