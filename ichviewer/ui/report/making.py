"""Makes a report beside the window: reads the key images, puts the words together, writes the PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPageSize

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.progress import CancelToken
from ichviewer.services.outputs import Inputs
from ichviewer.ui.report.assembling import report_content
from ichviewer.ui.report.content import ReportContent
from ichviewer.ui.report.measurements import Measurement
from ichviewer.ui.report.pdf import pdf_bytes, write_pdf
from ichviewer.ui.report.regions import ReportedRegion
from ichviewer.ui.report.source import ModelFacts, ReportSource, key_slices
from ichviewer.ui.session.workers import Task, TaskContext, Workers

LANE = "report"
"""The thread that reports are made on."""

Measure = Callable[[CancelToken], tuple[Measurement, ...]]
"""Measures the annotations of the series; called on the thread that makes the report."""


def nothing_measured(_: CancelToken) -> tuple[Measurement, ...]:
    """Where nothing was drawn."""
    return ()


MeasureRegions = Callable[[CancelToken], tuple[ReportedRegion, ...]]
"""Checks and measures the painted regions of the series; called on the thread that makes the report."""


def no_regions(_: CancelToken) -> tuple[ReportedRegion, ...]:
    """Where nothing was painted."""
    return ()


@dataclass(frozen=True, eq=False)
class ReportRequest:
    """What a report is wanted of.

    Parameters
    ----------
    series : Series
    findings : SeriesFindings or None
        As they are at this moment; None where the series was not analyzed.
    model : ModelFacts or None
    patient_data : bool
        Whether the patient and the examination are told.
    slices : tuple of int or None
        Slices to show, four at most; None for the most suspicious ones.
    measure : callable
        Gives what was measured, in the order of its rows. It raises `Cancelled` where it is told to stop.
    marked : frozenset of (int, str)
        Key images of the reader; see `ReportSource`.
    measure_regions : callable
        As ``measure``, of the regions that were painted.
    """

    series: Series
    findings: SeriesFindings | None
    model: ModelFacts | None
    patient_data: bool
    slices: tuple[int, ...] | None = None
    measure: Measure = nothing_measured
    marked: frozenset[tuple[int, str]] = frozenset()
    measure_regions: MeasureRegions = no_regions


def make_content(
    request: ReportRequest,
    read: Callable[[SliceInfo], DecodedSlice],
    *,
    now: datetime,
    cancel: CancelToken | None = None,
) -> ReportContent:
    """Read the key images, measure, and put the report together; from any thread.

    Parameters
    ----------
    request : ReportRequest
    read : callable
        Decodes a slice; one that fails is told in the report.
    now : datetime
    cancel : CancelToken, optional
        Checked before every slice.

    Raises
    ------
    Cancelled
    """
    point = None if request.model is None else request.model.point
    wanted = key_slices(request.findings, point) if request.slices is None else request.slices
    pixels, unread = {}, []
    for index in wanted:
        if cancel is not None:
            cancel.check()
        try:
            pixels[index] = read(request.series.slices[index])
        except IchViewerError:
            unread.append(index)
    source = ReportSource(
        request.series,
        request.findings,
        request.model,
        pixels,
        measurements=request.measure(cancel or CancelToken()),
        marked=request.marked,
        unread=tuple(unread),
        regions=request.measure_regions(cancel or CancelToken()),
    )
    return report_content(source, patient_data=request.patient_data, now=now)


class ReportMaker(QObject):
    """Makes and saves reports without stalling the window.

    Parameters
    ----------
    workers : Workers

    Signals
    -------
    ready(ReportContent)
        The report that was asked for last; for `ichviewer.ui.report.printing.print_report`, a preview, or `save`.
    saved(Path)
    failed(BaseException)
    """

    ready = Signal(object)
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._making: Task | None = None

    def make(self, request: ReportRequest, read: Callable[[SliceInfo], DecodedSlice]) -> None:
        """Make a report; another one that is still being made is dropped."""
        self.drop()
        now = datetime.now()

        def work(context: TaskContext) -> ReportContent:
            return make_content(request, read, now=now, cancel=context.cancel)

        self._making = self._workers.run(
            work, on_result=self.ready.emit, on_error=self.failed.emit, lane=LANE
        )

    def drop(self) -> None:
        """Make nothing any more; call when what is open is closed."""
        if self._making is not None:
            self._making.drop()
            self._making = None

    def save(
        self,
        content: ReportContent,
        path: Path,
        inputs: Inputs,
        paper: QPageSize.PageSizeId = QPageSize.PageSizeId.A4,
    ) -> None:
        """Write a report as PDF, onto nothing that was read."""

        def work(_: TaskContext) -> Path:
            write_pdf(pdf_bytes(content, paper), path, inputs)
            return path

        self._workers.run(work, on_result=self.saved.emit, on_error=self.failed.emit, lane=LANE)
