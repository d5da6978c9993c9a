"""What is open as a tree that grows while files are being read, sorted and filtered on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
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
from ichviewer.ui.browser.study_order import Order, SeriesResult, Show, Summary
from ichviewer.ui.browser.tree_nodes import Node, fits, name_key, new_node, newest_date, unlist, update_node
from ichviewer.ui.browser.tree_rows import (
    PatientRow,
    ResultRow,
    ResultState,
    Row,
    SeriesRow,
    StudyRow,
    spoken,
)
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.session.result_reading import StoredEntry

Index = QModelIndex | QPersistentModelIndex

HEADING_PX = 30
_PATIENT_PX = 64
_HEIGHTS_PX: dict[type, int] = {PatientRow: _PATIENT_PX, StudyRow: 44, SeriesRow: 74, ResultRow: 42}
"""Heights of the rows at a text size of 100 %."""
_LEAST_SERIES_PX = 74
"""Room for the picture, however small the words."""
_ENABLED = Qt.ItemFlag.ItemIsEnabled
_CHOOSABLE = (
    _ENABLED | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren
)
_WORDS = (int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.DisplayRole))
_SIZE = int(Qt.ItemDataRole.SizeHintRole)


class StudyTree(QAbstractItemModel):
    """The model of the study browser."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Node(None, None, None)
        self._series: dict[SeriesKey, Node] = {}
        self._left: list[Node] = []
        """What has left the tree lives on until the next change: Qt may hold an index of it for a moment."""
        self._listed: list[Node] = []
        self._order = Order.FOUND
        self._show = Show.ALL

    # What it holds

    def set_catalog(
        self,
        catalog: Catalog,
        places: Mapping[int, str] | None = None,
        incomplete: Mapping[int, str] | None = None,
    ) -> None:
        """Show a catalog; rows that were there stay, with their thumbnails and results.

        Parameters
        ----------
        catalog : Catalog
        places : mapping of int to str, optional
            What the places are called that studies were opened in, by number.
        incomplete : mapping of int to str, optional
            How much was received of studies that are not whole, by the numbers of their places.
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
                        node.row.received = (incomplete or {}).get(at, "")
                    keys = [series.key for series in study.series]
                    self._series.update(zip(keys, self._children(node, keys, study.series), strict=True))

    def set_results(self, entries: Sequence[StoredEntry]) -> None:
        """List stored results below the series of their studies; rows that were there stay."""
        by_study: dict[Node, list[StoredEntry]] = {}
        for entry in entries:
            series = self._series.get(entry.anchor)
            if series is not None and series.parent is not None:
                by_study.setdefault(series.parent, []).append(entry)
        with self._changing():
            self._left = []
            for patient in self._root.known:
                for study in patient.known:
                    self._set_results(study, by_study.get(study, []))

    def set_result_states(self, state_of: Callable[[StoredEntry], ResultState]) -> None:
        """Say what is done with each of the stored results."""
        for node in self._result_nodes():
            if isinstance(node.row, ResultRow) and node.row.state is not (state := state_of(node.row.entry)):
                node.row.state = state
                self._touch(node)

    def results(self) -> list[ResultRow]:
        """All stored results, in order."""
        return [node.row for node in self._result_nodes() if isinstance(node.row, ResultRow)]

    def result_index(self, entry: StoredEntry) -> QModelIndex:
        """Where a stored result stands; an invalid index if it is not listed."""
        found = (node for node in self._result_nodes() if node.key is entry)
        return next((self._index(node) for node in found), QModelIndex())

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
        self._root = Node(None, None, None)
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
        above: Node | None = node
        while above is not None:
            above.summary = None
            above = above.parent
        at: Node | None = node
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
        self, parent: Node, keys: Sequence[Hashable], values: Sequence[PatientInfo | Study | Series]
    ) -> list[Node]:
        """Make the children of a node those of ``values``, in order, keeping the ones that are there already."""
        pairs: Iterable[tuple[Hashable, PatientInfo | Study | Series]] = zip(keys, values, strict=True)
        if [node.key for node in parent.known] == keys:
            for node, (_, value) in zip(parent.known, pairs, strict=True):
                update_node(node, value)
            return parent.known
        gone = {node.key: node for node in parent.known}
        parent.known = []
        for key, value in pairs:
            known = gone.pop(key, None)
            if known is None:
                known = new_node(key, value, parent)
            else:
                update_node(known, value)
            parent.known.append(known)
        for node in gone.values():
            node.place = -1
            unlist(node)
        self._left += gone.values()
        above: Node | None = parent
        while above is not None:
            above.summary = None
            above = above.parent
        return parent.known

    def _result_nodes(self) -> Iterator[Node]:
        for patient in self._root.known:
            for study in patient.known:
                yield from study.results

    def _set_results(self, study: Node, entries: Sequence[StoredEntry]) -> None:
        known = {node.key: node for node in study.results}
        study.results = [
            known.pop(entry) if entry in known else Node(entry, ResultRow(entry), study) for entry in entries
        ]
        for node in known.values():
            node.place = -1
        self._left += known.values()

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

    def _place(self, node: Node) -> None:
        for child in node.known:
            child.place = -1
        kept = self._sorted(node, self._show)
        for child in node.results:
            child.place = -1
        # Below series that are all filtered out they would stand alone.
        node.shown = [*kept, *node.results] if kept and node.results else kept
        for place, child in enumerate(node.shown):
            child.place = place
            if isinstance(child.row, SeriesRow):
                self._listed.append(child)
            else:
                self._place(child)
        if len(kept) < len(node.known):
            for child in node.known:
                if child.place < 0 and not isinstance(child.row, SeriesRow):
                    unlist(child)

    def _sorted(self, node: Node, show: Show) -> list[Node]:
        """The children that a filter lets through, in order."""
        if show is Show.ALL and self._order is Order.FOUND:
            return node.known
        kept = [child for child in node.known if fits(child, show)]
        if len(kept) < 2:  # of thousands of patients most have one study
            return kept
        if self._order is Order.SUSPICION:
            kept.sort(key=lambda child: (child.summarized().suspicion, name_key(child.row)))
        elif self._order is Order.NAME:
            kept.sort(key=lambda child: name_key(child.row))
        elif self._order is Order.DATE:
            kept.sort(key=newest_date, reverse=True)
        return kept

    def _series_of(self, node: Node) -> Iterator[Node]:
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

    def _node(self, index: Index) -> Node:
        if not index.isValid():
            return self._root
        node: Node = index.internalPointer()
        return node

    def _index(self, node: Node) -> QModelIndex:
        # The nodes live in the tree, so what Qt holds of them is never the last reference.
        if node.parent is None or node.place < 0:
            return QModelIndex()
        return self.createIndex(node.place, 0, node)

    def _touch(self, node: Node) -> None:
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
        """Only series can be chosen, and results be walked to by keyboard."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(index.internalPointer().row, ResultRow):
            return _ENABLED | Qt.ItemFlag.ItemNeverHasChildren
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
