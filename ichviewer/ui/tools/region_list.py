"""The painted regions of the series in view, in the panel: select and jump, name, delete."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
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

from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.words import counted
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import region_name, volume_words
from ichviewer.ui.tools.region_work import RegionWork

_COLUMNS = (tr("Name"), tr("Slices"), tr("Volume"))
_LONGEST_NAME = 200
_ROWS = 3


class _Table(QTableWidget):
    """As high as a few rows and the names of the columns need, whatever the size of words."""

    def sizeHint(self) -> QSize:
        """Room for three rows, and for more where there is."""
        frame = 2 * self.frameWidth()
        rows = _ROWS * self.verticalHeader().defaultSectionSize()
        return QSize(super().sizeHint().width(), self.horizontalHeader().sizeHint().height() + rows + frame)

    def minimumSizeHint(self) -> QSize:
        """The same height: rows that are cut help nobody."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class RegionList(QWidget):
    """The list with its buttons.

    Signals
    -------
    sliceRequested(int)
        A row was clicked: go to the slice where the region is largest.
    """

    sliceRequested = Signal(int)

    def __init__(
        self, store: RegionStore, measures: RegionMeasures, work: RegionWork, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._measures = measures
        self._work = work
        self._series: Series | None = None
        self._rows: tuple[PaintedRegion, ...] = ()
        self._cells: tuple[tuple[str, str, str], ...] = ()
        self.heading = PlainLabel()
        self.table = self._table()
        self.new_button = QPushButton(tr("New region"))
        set_tip(self.new_button, tr("Select nothing, so that the next stroke begins another region"))
        self.delete_button = QPushButton(tr("Delete region"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.new_button)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.new_button.clicked.connect(lambda: store.select(""))
        self.delete_button.clicked.connect(self._delete)
        for told in (
            store.changed,
            store.selectedChanged,
            store.hiddenChanged,
            measures.changed,
            work.changed,
        ):
            told.connect(self.refresh)
        self.refresh()

    def _table(self) -> QTableWidget:
        table = _Table(0, len(_COLUMNS))
        table.setHorizontalHeaderLabels(_COLUMNS)
        table.verticalHeader().hide()
        table.setAccessibleName(tr("Painted regions of this series"))
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.cellClicked.connect(lambda row, _: self._jump(row))
        table.cellActivated.connect(lambda row, _: self._jump(row))
        table.itemChanged.connect(self._named)
        return table

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """What is listed: name, slices, volume."""
        return self._cells

    def show_series(self, series: Series | None) -> None:
        """List the regions of another series."""
        self._series = series
        self.refresh()

    def refresh(self) -> None:
        """List what there is now."""
        series = self._series
        rows = () if series is None else self._work.regions(series)
        cells = tuple(self._cells_of(region, number) for number, region in enumerate(rows, 1))
        rebuilt = [r.id for r in rows] != [r.id for r in self._rows]
        self._rows = rows
        if cells != self._cells or rebuilt:
            self._cells = cells
            self._fill()
        self.heading.setText(
            counted("region", "regions", len(rows)) if rows else tr("No regions painted on this series")
        )
        self._show_selected()

    def _cells_of(self, region: PaintedRegion, number: int) -> tuple[str, str, str]:
        return (
            region_name(region, number),
            str(len(region.masks)),
            volume_words(self._measures.of(region)),
        )

    def _fill(self) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._cells))
        for number, cells in enumerate(self._cells):
            for column, text in enumerate(cells):
                item = self.table.item(number, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.table.setItem(number, column, item)
                    if column:
                        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                if item.text() != text:
                    item.setText(text)
        self.table.blockSignals(False)

    def _show_selected(self) -> None:
        current = self._work.current(self._series)
        number = next(
            (n for n, r in enumerate(self._rows) if current is not None and r.id == current.id), None
        )
        self.table.blockSignals(True)
        if number is None:
            self.table.clearSelection()
            self.table.setCurrentCell(-1, -1)
        elif self.table.currentRow() != number or not self.table.selectedItems():
            self.table.selectRow(number)
        self.table.blockSignals(False)
        self.delete_button.setEnabled(number is not None and not self._store.hidden)
        self.new_button.setEnabled(number is not None)

    # What is asked for

    def _jump(self, number: int) -> None:
        region, series = self._rows[number], self._series
        self._store.select(region.id)
        if series is None:
            return
        here = [(mask.n_pixels, -i) for i, info in enumerate(series.slices) if (mask := region.on(info))]
        if here:
            self.sliceRequested.emit(-max(here)[1])

    def _named(self, item: QTableWidgetItem) -> None:
        number = item.row()
        if item.column() != 0 or not 0 <= number < len(self._rows):
            return
        region = self._store.regions.get(self._rows[number].id)
        if region is None:
            return
        name = " ".join(item.text().split())[:_LONGEST_NAME]
        # What it is called without a name of its own is none.
        self._work.rename(region, "" if name == self._cells[number][0] and not region.name else name)
        self._fill_name(number)

    def _fill_name(self, number: int) -> None:
        """What was typed may not be what it is called now."""
        item = self.table.item(number, 0)
        if item is not None and number < len(self._cells) and item.text() != self._cells[number][0]:
            self.table.blockSignals(True)
            item.setText(self._cells[number][0])
            self.table.blockSignals(False)

    def _delete(self) -> None:
        current = self._work.current(self._series)
        if current is not None:
            self._work.delete(current)
