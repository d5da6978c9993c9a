"""Small series and slices for the tests of the image side, built in code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.geometry import PixelSpacing, Plane, Vector
from ichviewer.domain.hu import PaddingRange, Rescale, SliceImage
from ichviewer.domain.identity import series_identity
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.session.findings_state import Judging, ModelId
from ichviewer.ui.session.findings_store import FindingsStore

POINT = OperatingPoint("balanced", (0.5, 0.4, 0.4, 0.4, 0.4, 0.4))
QUIET = (0.1, 0.02, 0.03, 0.04, 0.05, 0.06)
SUBDURAL = (0.9, 0.02, 0.03, 0.04, 0.05, 0.83)

ONE_MM = PixelSpacing(1.0, 1.0)
AXIAL_ROW: Vector = (1.0, 0.0, 0.0)
AXIAL_COLUMN: Vector = (0.0, 1.0, 0.0)


def make_series(
    n: int = 5,
    *,
    rows: int = 32,
    columns: int = 32,
    spacing: PixelSpacing | None = ONE_MM,
    row_direction: Vector | None = AXIAL_ROW,
    column_direction: Vector = AXIAL_COLUMN,
    problems: tuple[Problem, ...] = (),
    modality: str = "CT",
) -> Series:
    """A series of ``n`` axial slices, 5 mm apart; no geometry if ``row_direction`` is None."""
    slices = []
    for i in range(n):
        plane = (
            None if row_direction is None else Plane((-16.0, -16.0, 5.0 * i), row_direction, column_direction)
        )
        source = SliceSource(Path(f"{i:03}.dcm"))
        slices.append(SliceInfo(source, f"1.2.{i}", rows, columns, i + 1, spacing, plane, 5.0))
    return Series(
        SeriesKey("1", "1.2"),
        PatientInfo("4711", "DOE, JANE", "1960-02-29", "F"),
        StudyInfo("1", "2024-02-28", "09:41:12", "CT head"),
        modality,
        tuple(slices),
        SortBasis.POSITION,
        "Head 5 mm",
        3,
        problems=problems,
    )


def make_decoded(
    rows: int = 32, columns: int = 32, *, problems: tuple[Problem, ...] = (), padding: int | None = None
) -> DecodedSlice:
    """A slice whose HU are row + 2 * column - 20: every pixel can be told from its neighbors."""
    r, c = np.mgrid[0:rows, 0:columns]
    stored = (r + 2 * c + 1004).astype(np.int16)
    pad = None if padding is None else PaddingRange.between(padding)
    return DecodedSlice(SliceImage(stored, Rescale(1.0, -1024.0), pad), problems)


def make_head(side: int = 96) -> DecodedSlice:
    """A bright ring around grey matter with a lens of blood on the left of the picture and a dark slit."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    radius = np.hypot(x / 0.8, y)
    hu = np.full((side, side), -1000.0)
    hu[radius < 0.46] = 1200
    hu[radius < 0.42] = 32
    hu[(radius < 0.42) & (x < -0.26)] = 68
    hu[(np.abs(x) < 0.02) & (np.abs(y) < 0.12)] = 5
    return DecodedSlice(SliceImage((hu + 1024).astype(np.int16), Rescale(1.0, -1024.0)))


def analysed(probabilities: Sequence[float] = QUIET) -> SliceFinding:
    """An analyzed slice."""
    return SliceFinding(Status.ANALYSED, tuple(probabilities))


def not_analysed(code: ProblemCode = ProblemCode.NO_BRAIN_IN_SLICE) -> SliceFinding:
    """A slice without an answer."""
    return SliceFinding(Status.NOT_ANALYSED, reason=Problem(code, "slice"))


def failed() -> SliceFinding:
    """A slice that could not be analyzed."""
    return SliceFinding(Status.FAILED, reason=Problem(ProblemCode.DECODE_FAILED, "slice"))


def series_findings(slices: Sequence[SliceFinding]) -> SeriesFindings:
    """Findings of a whole series."""
    return SeriesFindings(SeriesKey("1", "1.2"), tuple(slices))


class OneSeries:
    """A findings store with one series open, for the widgets that read from it. Every change is told at once.

    Parameters
    ----------
    series : Series
    point : OperatingPoint or None
        None as while no model is ready.
    """

    def __init__(self, series: Series, point: OperatingPoint | None = POINT) -> None:
        self.store = FindingsStore()
        self.open(series)
        self.judge(point)

    def open(self, series: Series) -> None:
        self.series = series
        self.store.open([series])
        self.store.flush()

    def judge(self, point: OperatingPoint | None, rule: SeriesRule | None = None) -> None:
        self.store.judge(None if point is None else Judging(ModelId("one"), point, rule))

    def put(self, index: int, finding: SliceFinding) -> None:
        work = self.store.work(self.series.key)
        assert work is not None
        self.store.put(work, index, finding)
        self.store.flush()

    def finish(self, slices: Sequence[SliceFinding]) -> None:
        work = self.store.work(self.series.key)
        assert work is not None
        self.store.finish(work, SeriesFindings(self.series.key, tuple(slices), series_identity(self.series)))
        self.store.flush()

    def state(self, state: SeriesState, text: str = "") -> None:
        work = self.store.work(self.series.key)
        assert work is not None
        self.store.set_state(work, state, text)
        self.store.flush()


def mouse(
    widget: QWidget,
    kind: QEvent.Type,
    place: tuple[float, float],
    *,
    button: Qt.MouseButton = Qt.MouseButton.NoButton,
    buttons: Qt.MouseButton = Qt.MouseButton.NoButton,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Send one mouse event as the platform would."""
    local = QPointF(*place)
    event = QMouseEvent(kind, local, QPointF(widget.mapToGlobal(local.toPoint())), button, buttons, modifiers)
    QApplication.sendEvent(widget, event)


def drag(
    widget: QWidget,
    start: tuple[float, float],
    *stops: tuple[float, float],
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press, move over the stops, release at the last one."""
    mouse(widget, QEvent.Type.MouseButtonPress, start, button=button, buttons=button, modifiers=modifiers)
    for stop in stops:
        mouse(widget, QEvent.Type.MouseMove, stop, buttons=button, modifiers=modifiers)
    last = stops[-1] if stops else start
    mouse(widget, QEvent.Type.MouseButtonRelease, last, button=button, modifiers=modifiers)


def wheel(
    widget: QWidget,
    turn: int,
    place: tuple[float, float] = (10.0, 10.0),
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Turn the wheel by eighths of a degree; 120 is one notch away from the hand."""
    local = QPointF(*place)
    event = QWheelEvent(
        local,
        QPointF(widget.mapToGlobal(local.toPoint())),
        QPoint(0, 0),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def settle(turns: int = 5) -> None:
    """Let the event loop do what is due."""
    for _ in range(turns):
        QApplication.processEvents()
