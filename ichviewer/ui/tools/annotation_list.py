"""All annotations of the series in view, with their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice
from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.place import OnReformat, OnSlice
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.words import counted
from ichviewer.ui.tools.abc_panel import AbcPanel
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.surface import names_slice, same_series
from ichviewer.ui.tools.value_words import KIND_WORDS, list_lines, plane_name

_KIND_PART = 0.36
"""What the names of kinds take at most of the width."""
_COLUMNS = (tr("Slice"), tr("Kind"), tr("Values"))


@dataclass(frozen=True)
class ListRow:
    """A row of the list.

    Parameters
    ----------
    annotation : Annotation
    index : int or None
        Of its slice in the series in view; None where it lies on none of them.
    values : str
    """

    annotation: Annotation
    index: int | None
    values: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """What stands in the columns."""
        place = self.annotation.drawn_on.place
        where = "" if self.index is None else str(self.index + 1)
        where = plane_name(place) if isinstance(place, OnReformat) else where
        return where, words_of(KIND_WORDS[self.annotation.kind]), self.values


def rows(series: Series, store: AnnotationStore, measurements: Measurements) -> tuple[ListRow, ...]:
    """The annotations of a series, in the order of its slices; last those that no UID leads to a slice from."""
    found = []
    for annotation in store.annotations.values():
        index = slice_index(annotation, series)
        if index is not None or (_names_no_slice(annotation) and same_series(annotation, series)):
            found.append(ListRow(annotation, index, _values(annotation, measurements)))
    return tuple(sorted(found, key=lambda row: len(series) if row.index is None else row.index))


def _names_no_slice(annotation: Annotation) -> bool:
    """Whether it was drawn on a reformat, or on a slice whose file has no UID."""
    place = annotation.drawn_on.place
    return not isinstance(place, OnSlice) or not place.sop_uid


def slice_index(annotation: Annotation, series: Series) -> int | None:
    """The slice of a series that an annotation names, None if there is none."""
    place, pixels = annotation.drawn_on.place, annotation.drawn_on.pixel_hash
    if not isinstance(place, OnSlice) or not place.sop_uid:
        return None
    return next((i for i, s in enumerate(series.slices) if names_slice(annotation, s, series, pixels)), None)


def _values(annotation: Annotation, measurements: Measurements) -> str:
    if annotation.kind is Kind.KEY_IMAGE:
        return one_line(annotation.label)
    measured = measurements.of(annotation)
    if measured is None:
        on_plane = isinstance(annotation.drawn_on.place, OnReformat)
        why = tr("its plane has to be shown first") if on_plane else tr("its pixels are not at hand")
        return one_line(annotation.label) or tr("Not measured: {why}").format(why=why)
    return "; ".join(list_lines(annotation, measured))


class AnnotationList(QWidget):
    """The list, what it says about saving, and step 3 of ABC/2 below it.

    Signals
    -------
    sliceRequested(int)
        A row was clicked: go to its slice.
    planeRequested(Annotation)
        A row was clicked that was drawn on a reformat: go to its plane.
    currentChanged()
        The keyboard is on another row, came to the list, or went.
    """

    sliceRequested = Signal(int)
    planeRequested = Signal(object)
    currentChanged = Signal()

    def __init__(
        self, store: AnnotationStore, measurements: Measurements, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._measurements = measurements
        self._series: Series | None = None
        self._rows: tuple[ListRow, ...] = ()
        self.plane_step_mm: Callable[[Annotation], float | None] = lambda _: None
        """Gives how far apart planes are on which C is counted; None for what was not drawn on one at hand."""
        self.heading = PlainLabel()
        self.heading.setWordWrap(True)
        self.table = self._table()
        self.table.installEventFilter(self)
        self.delete_button = QPushButton(tr("Delete"))
        self.delete_button.clicked.connect(self._delete)
        self.abc = AbcPanel()
        self.abc.counted.connect(self._counted)
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.heading)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.abc)
        store.changed.connect(self.refresh)
        store.selectedChanged.connect(self._show_selected)
        measurements.changed.connect(self.refresh)
        self.refresh()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, len(_COLUMNS))
        table.setHorizontalHeaderLabels(_COLUMNS)
        table.verticalHeader().hide()
        table.setAccessibleName(tr("Measurements of this series"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(True)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.currentCellChanged.connect(lambda *_: self.currentChanged.emit())
        table.cellClicked.connect(lambda row, _: self._jump(row))
        table.cellActivated.connect(lambda row, _: self._jump(row))
        return table

    # What is listed

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """What is listed."""
        return self._rows

    def show_series(self, series: Series | None) -> None:
        """List the annotations of another series."""
        self._series = series
        self.refresh()

    def show_slice(self, index: int) -> None:
        """The slice in view."""
        self.abc.show_slice(index)

    def show_plane(self, steps: int | None) -> None:
        """The plane in view, as of `AbcPanel.show_plane`."""
        self.abc.show_plane(steps)

    def refresh(self) -> None:
        """List what there is now."""
        series = self._series
        found = () if series is None else rows(series, self._store, self._measurements)
        if series is not None and self.isVisible():
            self._measurements.want(series, [row.annotation for row in found])
        if found != self._rows:
            self._rows = found
            self._fill()
        self.heading.setText(self._heading())
        self._show_selected()

    def resizeEvent(self, event: object) -> None:
        """Leave the values room: they are what a reader looks for."""
        self._fit_columns()

    def _fit_columns(self) -> None:
        table = self.table
        needed = max(table.sizeHintForColumn(1), table.horizontalHeader().sectionSizeHint(1))
        table.setColumnWidth(1, min(needed, round(table.viewport().width() * _KIND_PART)))
        table.resizeRowsToContents()

    def showEvent(self, event: object) -> None:
        """Measure what is listed only when somebody looks."""
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the keyboard comes to the list or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.currentChanged.emit()
        return super().eventFilter(watched, event)

    def _heading(self) -> str:
        if self._store.unsaved:
            return tr("Not saved: {unsaved}").format(unsaved=self._store.unsaved)
        return (
            counted("annotation", "annotations", len(self._rows))
            if self._rows
            else tr("No annotations on this series")
        )

    def _fill(self) -> None:
        self.table.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            for column, text in enumerate(row.cells):
                item = QTableWidgetItem(text)
                # Where its column is too narrow for it.
                set_tip(item, text)
                self.table.setItem(number, column, item)
        self._fit_columns()

    def _show_selected(self) -> None:
        selected = self._store.selected
        number = next((n for n, row in enumerate(self._rows) if row.annotation == selected), None)
        self.table.blockSignals(True)
        if number is None:
            self.table.clearSelection()
            self.table.setCurrentCell(-1, -1)
        else:
            self.table.selectRow(number)
        self.table.blockSignals(False)
        self.delete_button.setEnabled(number is not None or self._current() is not None)
        abc = selected if isinstance(selected, Abc2) and selected.steps_done >= 2 else None
        step_mm = None if abc is None else self.plane_step_mm(abc)
        largest = None if abc is None or self._series is None else slice_index(abc, self._series)
        self.abc.show_annotation(abc, self._series, largest if step_mm is None else 0, step_mm)

    # What is asked for

    @property
    def current(self) -> Annotation | None:
        """What is chosen in the list while the keyboard is there."""
        row = self._current() if self.table.hasFocus() else None
        return None if row is None else row.annotation

    def _current(self) -> ListRow | None:
        number = self.table.currentRow()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _jump(self, number: int) -> None:
        row = self._rows[number]
        self._store.select(row.annotation.id)
        if row.index is not None:
            self.sliceRequested.emit(row.index)
        elif isinstance(row.annotation.drawn_on.place, OnReformat):
            self.planeRequested.emit(row.annotation)

    def _delete(self) -> None:
        row = self._current()
        if row is not None:
            self._store.delete(row.annotation)

    def _counted(self, slices: tuple[AbcSlice, ...]) -> None:
        selected = self._store.selected
        if isinstance(selected, Abc2):
            self._store.change(selected, replace(selected, slices=slices), tr("count the slices of"))
