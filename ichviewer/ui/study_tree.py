"""Patients, studies and series as a tree that grows while files are being read."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPixmap, QStandardItem, QStandardItemModel

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series import Catalog, PatientInfo, Series, SeriesKey, Study
from ichviewer.ui.words import joined, patient_name, series_details, series_title, study_title

ROW = Qt.ItemDataRole.UserRole

PATIENT_HEIGHT, STUDY_HEIGHT, SERIES_HEIGHT = 46, 44, 74


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


class StudyTree(QStandardItemModel):
    """The model of the study browser."""

    def __init__(self) -> None:
        super().__init__(0, 1)
        self._series: dict[SeriesKey, QStandardItem] = {}

    def set_catalog(self, catalog: Catalog) -> None:
        """Show a catalog; rows that were there stay, with their thumbnails and states."""
        patients: dict[Hashable, list[Study]] = {}
        for study in catalog.studies:
            patients.setdefault((study.patient.id, study.patient.name), []).append(study)
        root = self.invisibleRootItem()
        items = _merge(root, list(patients), PATIENT_HEIGHT)
        for item, studies in zip(items, patients.values(), strict=True):
            item.setData(PatientRow(studies[0].patient), ROW)
            item.setAccessibleText(patient_name(studies[0].patient))
            self._set_studies(item, studies)

    def _set_studies(self, parent: QStandardItem, studies: Sequence[Study]) -> None:
        items = _merge(parent, [s.info.uid for s in studies], STUDY_HEIGHT)
        for item, study in zip(items, studies, strict=True):
            item.setData(StudyRow(study), ROW)
            item.setAccessibleText(joined((study_title(study.info), study.info.date)))
            children = _merge(item, [s.key for s in study.series], SERIES_HEIGHT, selectable=True)
            for child, series in zip(children, study.series, strict=True):
                self._set_series(child, series)

    def _set_series(self, item: QStandardItem, series: Series) -> None:
        row = item.data(ROW)
        if isinstance(row, SeriesRow):
            row.series = series
        else:
            item.setData(SeriesRow(series), ROW)
        item.setAccessibleText(joined((series_title(series), series_details(series))))
        self._series[series.key] = item

    def clear_all(self) -> None:
        """Forget everything."""
        self._series.clear()
        self.removeRows(0, self.rowCount())

    def index_of(self, key: SeriesKey) -> QModelIndex:
        """Where a series stands; an invalid index if it does not."""
        item = self._series.get(key)
        return QModelIndex() if item is None else item.index()

    def set_thumbnail(self, key: SeriesKey, pixmap: QPixmap) -> None:
        """Give a series its picture."""
        item = self._series.get(key)
        if item is not None:
            item.data(ROW).thumbnail = pixmap
            self._touch(item)

    def set_state(
        self, key: SeriesKey, state: SeriesState, text: str, flagged: tuple[Hemorrhage, ...]
    ) -> None:
        """Say how far the analysis of a series is, and what it has flagged."""
        item = self._series.get(key)
        if item is None:
            return
        row = item.data(ROW)
        if (row.state, row.text, row.flagged) != (state, text, flagged):
            row.state, row.text, row.flagged = state, text, flagged
            self._touch(item)

    def _touch(self, item: QStandardItem) -> None:
        index = item.index()
        self.dataChanged.emit(index, index)


def row_at(index: QModelIndex | QPersistentModelIndex) -> Row | None:
    """The row at an index."""
    row = index.data(ROW)
    return row if isinstance(row, PatientRow | StudyRow | SeriesRow) else None


_KEY = Qt.ItemDataRole.UserRole + 1


def _merge(
    parent: QStandardItem, keys: Sequence[Hashable], height: int, *, selectable: bool = False
) -> list[QStandardItem]:
    """Make a parent's children those of ``keys``, in order, keeping the ones that are there already."""
    there = {_key(parent.child(i)): parent.child(i) for i in range(parent.rowCount())}
    for key in there.keys() - set(keys):
        parent.removeRow(there[key].row())
    result: list[QStandardItem] = []
    for position, key in enumerate(keys):
        item = there.get(key)
        if item is None:
            item = _new_item(key, height, selectable)
            parent.insertRow(position, item)
        elif item.row() != position:
            parent.insertRow(position, parent.takeRow(item.row()))
        result.append(item)
    return result


def _key(item: QStandardItem) -> Hashable:
    key: Hashable = item.data(_KEY)
    return key


def _new_item(key: Hashable, height: int, selectable: bool) -> QStandardItem:
    item = QStandardItem()
    item.setData(key, _KEY)
    item.setSizeHint(QSize(0, height))
    flags = Qt.ItemFlag.ItemIsEnabled
    item.setFlags(flags | Qt.ItemFlag.ItemIsSelectable if selectable else flags)
    return item
