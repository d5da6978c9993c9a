"""The panel of the volume tool: how regions are painted, which there are, and what they measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import counted
from ichviewer.ui.tools.plane_abc import Compared, NotCompared
from ichviewer.ui.tools.region_jobs import HIGHEST_HU, LOWEST_HU
from ichviewer.ui.tools.region_list import RegionList
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_settings import Mode
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import abc2_lines, number_lines
from ichviewer.ui.tools.region_work import RegionWork

_MODES = {Mode.GROW: tr("Grow"), Mode.PAINT: tr("Paint"), Mode.ERASE: tr("Erase")}
_HINTS = {
    Mode.GROW: tr(
        "Click into the hemorrhage: connected pixels within the range are added, on the slice, plane or slab in "
        "view, or in 3-D."
    ),
    Mode.PAINT: tr("Hold the left button and paint: a disc on the slice or plane in view, in 3-D a ball."),
    Mode.ERASE: tr("Hold the left button and erase: a disc on the slice or plane in view, in 3-D a ball."),
}
_THICKNESS = tr(
    "On a reformat the disc is one voxel thick, or as thick as the slab; whole voxels of the slices change."
)

_ROW_PX = 330
"""So wide are the buttons in one row at most."""


class RegionPanel(QWidget):
    """Settings, list and numbers.

    Parameters
    ----------
    store : RegionStore
    measures : RegionMeasures
    work : RegionWork
    annotations : callable
        The annotations of what is open, among which ABC/2 is looked for.
    parent : QWidget, optional

    Signals
    -------
    sliceRequested(int)
        Go to a slice.
    smoothRequested()
        Smooth the region that is selected.
    """

    sliceRequested = Signal(int)
    smoothRequested = Signal()

    def __init__(
        self,
        store: RegionStore,
        measures: RegionMeasures,
        work: RegionWork,
        annotations: Callable[[], Mapping[str, Annotation]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._measures = measures
        self._work = work
        self._annotations = annotations
        self._series: Series | None = None
        self.plane_abc: Callable[[Abc2, PaintedRegion, Series], Compared] = lambda *_: NotCompared.NOT_SHOWN
        """Sets ABC/2 that was drawn on reformats beside a region."""
        self.modes = {mode: QPushButton(words) for mode, words in _MODES.items()}
        self.smooth = QPushButton(tr("Smooth"))
        self._buttons = QGridLayout()
        self.hidden = QWidget()
        self.show_button = QPushButton(tr("Show"))
        self.hint = _wrapped()
        self.through = QCheckBox(tr("In 3-D, through the slices"))
        self.in_range = QCheckBox(tr("Paint only pixels within the range"))
        self.radius, self.within = QDoubleSpinBox(), QDoubleSpinBox()
        self.low, self.high = QSpinBox(), QSpinBox()
        self.list = RegionList(store, measures, work)
        self.numbers = _wrapped()
        self.progress = _wrapped()
        self.cancel = QPushButton(tr("Cancel"))
        self._form = QFormLayout()
        self._group = QButtonGroup(self)
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        for mode, button in self.modes.items():
            button.setCheckable(True)
            button.setAccessibleDescription(_HINTS[mode])
            set_tip(button, _HINTS[mode] if mode is Mode.GROW else f"{_HINTS[mode]} {_THICKNESS}")
            self._group.addButton(button)
        set_tip(
            self.smooth,
            tr(
                "Take single pixels away and fill small holes, by a majority of neighbors; on reformats always in 3-D"
            ),
        )
        self._place_buttons()
        hidden = QHBoxLayout(self.hidden)
        hidden.setContentsMargins(0, 0, 0, 0)
        hidden.addWidget(_wrapped(tr("Painted regions are hidden on the images.")), 1)
        hidden.addWidget(self.show_button)
        for box, most in ((self.radius, 100.0), (self.within, 300.0)):
            box.setRange(0.2, most)
            box.setDecimals(1)
        self.radius.setSingleStep(0.5)
        self.within.setSingleStep(5.0)
        for bound in (self.low, self.high):
            bound.setRange(LOWEST_HU, HIGHEST_HU)
            bound.setSuffix(" HU")
        for spin in (self.radius, self.within, self.low, self.high):
            # A number counts when all of it is typed: half of one would move the other end of the range.
            spin.setKeyboardTracking(False)
        for widget, name in (
            (self.radius, tr("Radius of the brush")),
            (self.within, tr("Farthest from the seed")),
            (self.low, tr("Lowest HU that grows")),
            (self.high, tr("Highest HU that grows")),
            (self.progress, tr("Progress")),
            (self.numbers, tr("Volume of the region")),
        ):
            widget.setAccessibleName(name)
        bounds = QHBoxLayout()
        bounds.addWidget(self.low)
        bounds.addWidget(PlainLabel(tr("to")))
        bounds.addWidget(self.high)
        bounds.addStretch(1)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.addRow(PlainLabel(tr("Range")), bounds)
        self._form.addRow(PlainLabel(tr("Within")), self.within)
        self._form.addRow(PlainLabel(tr("Brush radius")), self.radius)
        working = QHBoxLayout()
        working.addWidget(self.progress, 1)
        working.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.hidden)
        layout.addLayout(self._buttons)
        layout.addWidget(self.hint)
        layout.addWidget(self.through)
        layout.addWidget(self.in_range)
        layout.addLayout(self._form)
        layout.addLayout(working)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.numbers)

    def _connect(self) -> None:
        for mode, button in self.modes.items():
            button.clicked.connect(lambda _=False, mode=mode: self._set(mode=mode))
        self.show_button.clicked.connect(lambda: self._store.set_hidden(False))
        theme_signals().changed.connect(self._place_buttons)
        self.smooth.clicked.connect(self.smoothRequested)
        self.cancel.clicked.connect(self._work.cancel)
        self.through.toggled.connect(lambda on: self._set(through_slices=on))
        self.in_range.toggled.connect(lambda on: self._set(paint_in_range=on))
        self.radius.valueChanged.connect(lambda value: self._set(radius=value))
        self.within.valueChanged.connect(lambda value: self._set(within=value))
        # The other end of the range gives way.
        self.low.valueChanged.connect(lambda v: self._set(low_hu=v, high_hu=max(v, self.high.value())))
        self.high.valueChanged.connect(lambda v: self._set(high_hu=v, low_hu=min(v, self.low.value())))
        self.list.sliceRequested.connect(self.sliceRequested)
        self._work.changed.connect(self.refresh)
        for told in (self._store.changed, self._store.selectedChanged, self._store.hiddenChanged):
            told.connect(self.refresh)
        self._measures.changed.connect(self.refresh)

    def _place_buttons(self) -> None:
        """In one row, or in two where words are long."""
        buttons = (*self.modes.values(), self.smooth)
        in_a_row = sum(button.sizeHint().width() for button in buttons) <= _ROW_PX
        across = len(buttons) if in_a_row else len(buttons) // 2
        for place, button in enumerate(buttons):
            self._buttons.addWidget(button, place // across, place % across)

    # What is shown

    def show_series(self, series: Series | None) -> None:
        """Paint in another series."""
        self._series = series
        self.list.show_series(series)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        settings, work = self._work.settings, self._work
        if self._series is not None and self.isVisible() and not work.painting:
            self._measures.want(self._series, self._store.of_series(self._series))
        hidden = self._store.hidden
        self.hidden.setVisible(hidden)
        for mode, button in self.modes.items():
            button.setChecked(mode is settings.mode)
            button.setEnabled(not hidden)
        self.hint.setText(_HINTS[settings.mode])
        in_mm = self._series is None or all(info.spacing is not None for info in self._series.slices)
        for box in (self.radius, self.within):
            box.setSuffix(" mm" if in_mm else tr(" pixels"))
        for spin, value in ((self.radius, settings.radius), (self.within, settings.within)):
            _show_value(spin, value)
        for bound, hu in ((self.low, settings.low_hu), (self.high, settings.high_hu)):
            _show_value(bound, hu)
        self.through.setChecked(settings.through_slices)
        self.in_range.setChecked(settings.paint_in_range)
        current = work.current(self._series)
        self.smooth.setEnabled(current is not None and not work.busy and not hidden)
        self.cancel.setVisible(work.busy)
        self.progress.setText(self._progress_words())
        self.progress.setVisible(bool(self.progress.text()))
        self.numbers.setText("\n".join(self._number_lines(current)))

    def showEvent(self, event: object) -> None:
        """Measure what is listed only when somebody looks."""
        self._place_buttons()
        self.refresh()

    def _progress_words(self) -> str:
        if self._work.busy:
            done, total = self._work.progress
            return (
                tr("Reading slice {done} of {total}").format(done=min(done + 1, total), total=total)
                if total
                else tr("Working")
            )
        checking = self._measures.progress
        return (
            ""
            if checking is None
            else tr("Checking pixels of slice {checking} of {checking_2}").format(
                checking=checking[0] + 1, checking_2=checking[1]
            )
        )

    def _number_lines(self, current: PaintedRegion | None) -> tuple[str, ...]:
        series = self._series
        if current is None or series is None:
            return (tr("Nothing selected: the next stroke begins a region."),)
        numbers = self._measures.of(current)
        if numbers is None:
            return (
                tr("{pixels}, not measured yet").format(pixels=counted("pixel", "pixels", current.n_pixels)),
            )
        return (
            *number_lines(numbers),
            *abc2_lines(current, numbers, series, self._annotations().values(), self.plane_abc),
        )

    def _set(self, **changes: object) -> None:
        self._work.use(replace(self._work.settings, **changes))  # type: ignore[arg-type]


def _show_value(field: QSpinBox | QDoubleSpinBox, value: float) -> None:
    """Only another value: setting the same one would take away what is being typed."""
    if field.value() != value:
        field.blockSignals(True)
        if isinstance(field, QSpinBox):
            field.setValue(int(value))
        else:
            field.setValue(value)
        field.blockSignals(False)


def _wrapped(text: str = "") -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label
