"""Patients, studies and series as a tree that grows while files are being read, sorted and filtered on demand."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QPixmap

from ichviewer.domain.series import Catalog, PatientInfo, Series, SeriesKey, Study
from ichviewer.ui.browser.series_drag import SERIES_MIME, series_mime
from ichviewer.ui.browser.study_order import Order, SeriesResult, Show, Summary, of_series, total
from ichviewer.ui.browser.tree_rows import PatientRow, Row, SeriesRow, StudyRow, spoken
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.words import patient_name, study_title

Index = QModelIndex | QPersistentModelIndex

HEADING_PX = 30
_PATIENT_PX = 64
_HEIGHTS_PX: dict[type, int] = {PatientRow: _PATIENT_PX, StudyRow: 44, SeriesRow: 74}
"""Heights of the rows at a text size of 100 %."""
_LEAST_SERIES_PX = 74
"""Room for the picture, however small the words."""
_ENABLED = Qt.ItemFlag.ItemIsEnabled
_CHOOSABLE = (
    _ENABLED | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
)
_WORDS = (int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.DisplayRole))
_SIZE = int(Qt.ItemDataRole.SizeHintRole)


class _Node:
    """A row and what is below it: ``known`` is all there is in the order found, ``shown`` is what is listed."""

    __slots__ = ("key", "known", "parent", "place", "row", "shown", "summary")

    def __init__(self, key: Hashable, row: Row | None, parent: _Node | None) -> None:
        self.key = key
        self.row = row
        self.parent = parent
        self.known: list[_Node] = []
        self.shown: list[_Node] = []
        self.place = -1
        """Among the ``shown`` of its parent; -1 where it is not listed."""
        self.summary: Summary | None = None
        """None after something below has changed."""

    def summarized(self) -> Summary:
        if self.summary is None:
            row = self.row
            if isinstance(row, SeriesRow):
                self.summary = of_series(row.result)
            else:
                self.summary = total([node.summarized() for node in self.known])
                if row is not None:
                    row.summary = self.summary
        return self.summary


class StudyTree(QAbstractItemModel):
    """The model of the study browser."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node(None, None, None)
        self._series: dict[SeriesKey, _Node] = {}
        self._left: list[_Node] = []
        """What has left the tree lives on until the next change: Qt may hold an index of it for a moment."""
        self._listed: list[_Node] = []
        self._order = Order.FOUND
        self._show = Show.ALL

    # What it holds

    def set_catalog(self, catalog: Catalog, places: Mapping[int, str] | None = None) -> None:
        """Show a catalog; rows that were there stay, with their thumbnails and results.

        Parameters
        ----------
        catalog : Catalog
        places : mapping of int to str, optional
            What the places are called that studies were opened in, by number.
        """
        patients: dict[Hashable, list[Study]] = {}
        for study in catalog.studies:
            patients.setdefault((study.patient.id, study.patient.name), []).append(study)
        with self._changing():
            self._left = []
            self._series = {}
            first = [studies[0].patient for studies in patients.values()]
            below = self._children(self._root, list(patients), first)
            for patient, studies in zip(below, patients.values(), strict=True):
                # Two copies of a study, opened in two places, are two rows.
                numbers = [study.series[0].key.place for study in studies]
                names = [(study.info.uid, at) for study, at in zip(studies, numbers, strict=True)]
                nodes = self._children(patient, names, studies)
                for node, study, at in zip(nodes, studies, numbers, strict=True):
                    if isinstance(node.row, StudyRow):
                        node.row.place = (places or {}).get(at, "")
                    keys = [series.key for series in study.series]
                    self._series.update(zip(keys, self._children(node, keys, study.series), strict=True))

    def mark_patient(self, key: SeriesKey | None) -> None:
        """Mark the patient of the series in view; nobody for None."""
        node = None if key is None else self._series.get(key)
        while node is not None and not isinstance(node.row, PatientRow):
            node = node.parent
        for patient in self._root.known:
            if isinstance(patient.row, PatientRow) and patient.row.in_view is not (patient is node):
                patient.row.in_view = patient is node
                self._touch(patient)

    def forget_left(self) -> None:
        """Let go of what has left the tree, once Qt holds nothing of it any more."""
        self._left = []

    def arrange(self, order: Order, show: Show) -> None:
        """Sort and filter by what is known now; the rows stay so until the next call."""
        with self._changing():
            self._order, self._show = order, show

    def clear_all(self) -> None:
        """Forget everything but order and filter."""
        self.beginResetModel()
        self._root = _Node(None, None, None)
        self._series.clear()
        self._listed = []
        self.endResetModel()

    @property
    def summary(self) -> Summary:
        """What all series amount to, shown or not."""
        return self._root.summarized()

    def numbers(self) -> dict[Show, int]:
        """How many series each filter lets through at the moment."""
        summary = self.summary
        return {
            Show.ALL: summary.series,
            Show.FLAGGED: summary.flagged,
            Show.NOT_ANALYZED: summary.not_analyzed,
            Show.FAILED: summary.failed,
        }

    @property
    def shown(self) -> int:
        """How many series are listed, under rows that are open or closed."""
        return len(self._listed)

    @property
    def known(self) -> int:
        """How many series there are."""
        return len(self._series)

    def patients(self) -> list[PatientRow]:
        """The patients that are listed, in order."""
        return [node.row for node in self._root.shown if isinstance(node.row, PatientRow)]

    def index_of(self, key: SeriesKey) -> QModelIndex:
        """Where a series stands; an invalid index if it is not listed."""
        node = self._series.get(key)
        return QModelIndex() if node is None else self._index(node)

    def knows(self, key: SeriesKey) -> bool:
        """Whether a series is there, listed or not."""
        return key in self._series

    def neighbour(self, key: SeriesKey, step: int) -> SeriesKey | None:
        """The listed series before (``step`` < 0) or after another, listed or not; None past the ends."""
        node = self._series.get(key)
        if node is None:
            return None
        if node.place >= 0:
            at = self._listed.index(node) + (1 if step > 0 else -1)
            found = self._listed[at] if 0 <= at < len(self._listed) else None
        else:
            order = list(self._series_of(self._root))
            at = order.index(node)
            rest = order[at + 1 :] if step > 0 else reversed(order[:at])
            found = next((other for other in rest if other.place >= 0), None)
        return found.row.series.key if found is not None and isinstance(found.row, SeriesRow) else None

    def set_thumbnail(self, key: SeriesKey, pixmap: QPixmap) -> None:
        """Give a series its picture."""
        node = self._series.get(key)
        if node is not None and isinstance(node.row, SeriesRow):
            node.row.thumbnail = pixmap
            self._touch(node)

    def set_result(self, key: SeriesKey, result: SeriesResult) -> bool:
        """Say what the analysis of a series has found so far; whether that is anything new."""
        node = self._series.get(key)
        if node is None or not isinstance(node.row, SeriesRow) or node.row.result == result:
            return False
        node.row.result = result
        above: _Node | None = node
        while above is not None:
            above.summary = None
            above = above.parent
        at: _Node | None = node
        while at is not None:
            self._touch(at)
            at = at.parent
        return True

    def row_at(self, index: Index) -> Row | None:
        """The row at an index, None at an invalid one."""
        if not index.isValid():
            return None
        node = self._node(index)
        node.summarized()
        return node.row

    def _children(
        self, parent: _Node, keys: Sequence[Hashable], values: Sequence[PatientInfo | Study | Series]
    ) -> list[_Node]:
        """Make the children of a node those of ``values``, in order, keeping the ones that are there already."""
        pairs: Iterable[tuple[Hashable, PatientInfo | Study | Series]] = zip(keys, values, strict=True)
        if [node.key for node in parent.known] == keys:
            for node, (_, value) in zip(parent.known, pairs, strict=True):
                _update(node, value)
            return parent.known
        gone = {node.key: node for node in parent.known}
        parent.known = []
        for key, value in pairs:
            known = gone.pop(key, None)
            if known is None:
                known = _new(key, value, parent)
            else:
                _update(known, value)
            parent.known.append(known)
        for node in gone.values():
            node.place = -1
            _unlist(node)
        self._left += gone.values()
        above: _Node | None = parent
        while above is not None:
            above.summary = None
            above = above.parent
        return parent.known

    # Order and filter

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Everything may change inside; afterwards what is shown is sorted and filtered anew."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        nodes = [self._node(index) for index in held]
        yield
        self._listed = []
        self._place(self._root)
        self._head()
        self.changePersistentIndexList(held, [self._index(node) for node in nodes])
        self.layoutChanged.emit()

    def _place(self, node: _Node) -> None:
        for child in node.known:
            child.place = -1
        node.shown = self._sorted(node, self._show)
        for place, child in enumerate(node.shown):
            child.place = place
            if isinstance(child.row, SeriesRow):
                self._listed.append(child)
            else:
                self._place(child)
        if len(node.shown) < len(node.known):
            for child in node.known:
                if child.place < 0 and not isinstance(child.row, SeriesRow):
                    _unlist(child)

    def _sorted(self, node: _Node, show: Show) -> list[_Node]:
        """The children that a filter lets through, in order."""
        if show is Show.ALL and self._order is Order.FOUND:
            return node.known
        kept = [child for child in node.known if _fits(child, show)]
        if self._order is Order.SUSPICION:
            kept.sort(key=lambda child: (child.summarized().suspicion, _name(child.row)))
        elif self._order is Order.NAME:
            kept.sort(key=lambda child: _name(child.row))
        elif self._order is Order.DATE:
            kept.sort(key=_date, reverse=True)
        return kept

    def _series_of(self, node: _Node) -> Iterator[_Node]:
        if isinstance(node.row, SeriesRow):
            yield node
        for child in self._sorted(node, Show.ALL):
            yield from self._series_of(child)

    def _head(self) -> None:
        """Put headings above the groups of the order of suspicion."""
        last = None
        for node in self._root.shown:
            group = node.summarized().group
            grouped = self._order is Order.SUSPICION and len(self._root.shown) > 1
            if isinstance(node.row, PatientRow):
                node.row.heading = group.words if grouped and group is not last else ""
            last = group

    def _node(self, index: Index) -> _Node:
        if not index.isValid():
            return self._root
        node: _Node = index.internalPointer()
        return node

    def _index(self, node: _Node) -> QModelIndex:
        # The nodes live in the tree, so what Qt holds of them is never the last reference.
        if node.parent is None or node.place < 0:
            return QModelIndex()
        return self.createIndex(node.place, 0, node)

    def _touch(self, node: _Node) -> None:
        index = self._index(node)
        if index.isValid():
            self.dataChanged.emit(index, index)

    # What Qt asks. It asks thousands of times for one layout, so there is little in it.

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Index of a child."""
        children = (parent.internalPointer() if parent.isValid() else self._root).shown
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, children[row])

    def parent(self, child: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """Index of the parent."""
        above = self._node(child).parent
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of children that are listed."""
        return len(self._node(parent).shown)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Whether anything is listed below."""
        return bool(self._node(parent).shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only series can be chosen."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _CHOOSABLE if isinstance(index.internalPointer().row, SeriesRow) else _ENABLED

    def mimeTypes(self) -> list[str]:
        """A series can be dragged."""
        return [SERIES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """What is dragged for the selected series."""
        rows = [self.row_at(index) for index in indexes]
        series = next((row.series for row in rows if isinstance(row, SeriesRow)), None)
        return QMimeData() if series is None else series_mime(series.key)

    def supportedDragActions(self) -> Qt.DropAction:
        """Dragged series stay where they are."""
        return Qt.DropAction.CopyAction

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Height, and words for who cannot see the painted row."""
        if not index.isValid():
            return None
        row = index.internalPointer().row
        if role == _SIZE:
            headed = isinstance(row, PatientRow) and bool(row.heading)
            least = _LEAST_SERIES_PX if isinstance(row, SeriesRow) else 0
            return _size(_HEIGHTS_PX[type(row)] + headed * HEADING_PX, least, text_size().percent)
        if role in _WORDS:
            self._node(index).summarized()
            return spoken(row)
        return None


@cache
def _size(height_px: int, least_px: int, percent: int) -> QSize:
    """Size of a row; asked for thousands of rows at once, and the same for most."""
    return QSize(0, max(round(height_px * percent / 100), least_px))


def _new(key: Hashable, value: PatientInfo | Study | Series, parent: _Node) -> _Node:
    if isinstance(value, Series):
        return _Node(key, SeriesRow(value), parent)
    return _Node(key, StudyRow(value) if isinstance(value, Study) else PatientRow(value), parent)


def _update(node: _Node, value: PatientInfo | Study | Series) -> None:
    """Take over what changed without losing what was added to the row."""
    row = node.row
    if isinstance(row, SeriesRow) and isinstance(value, Series):
        row.series = value
    elif isinstance(row, StudyRow) and isinstance(value, Study):
        row.study = value
    elif isinstance(row, PatientRow) and isinstance(value, PatientInfo):
        row.patient = value


def _unlist(node: _Node) -> None:
    """What is not listed has no place, and no open row."""
    node.shown = []
    if isinstance(node.row, (PatientRow, StudyRow)):
        node.row.is_open = False
    for child in node.known:
        child.place = -1
        _unlist(child)


def _fits(node: _Node, show: Show) -> bool:
    if isinstance(node.row, SeriesRow):
        return node.row.result.fits(show)
    return show is Show.ALL or any(_fits(child, show) for child in node.known)


def _name(row: Row | None) -> tuple[str, int]:
    if isinstance(row, PatientRow):
        return patient_name(row.patient).casefold(), 0
    if isinstance(row, StudyRow):
        return study_title(row.study.info).casefold(), 0
    assert row is not None
    return row.series.description.casefold(), row.series.number or 0


def _date(node: _Node) -> str:
    """Date and time of the newest study below, or of the study itself; empty for a series, which keeps its place."""
    if isinstance(node.row, StudyRow):
        info = node.row.study.info
        return f"{info.date} {info.time}" if info.date else ""
    return max((_date(child) for child in node.known), default="")
