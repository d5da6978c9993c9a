# ruff: noqa: PLC0415 - the window stands before what makes a report is loaded
"""The commands that make a report of the series in view: as PDF, or on paper."""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.app.choosing import choose_target
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.region_store import RegionStore

if TYPE_CHECKING:
    from ichviewer.ui.report.content import ReportContent
    from ichviewer.ui.report.making import ReportMaker, ReportRequest
    from ichviewer.ui.tools.report_annotations import ReportAnnotations

_Options = tuple[tuple[int, ...] | None, bool]


class ReportChoice(QObject):
    """Asks what the report shows and where it goes, and says what became of it.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    place : OutputPlace
    store : AnnotationStore
    measurements : Measurements
    regions : RegionStore
    """

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        place: OutputPlace,
        store: AnnotationStore,
        measurements: Measurements,
        *,
        regions: RegionStore,
    ) -> None:
        super().__init__(place)
        self._session, self._viewing, self._place = session, viewing, place
        self._store, self._measurements, self._regions = store, measurements, regions
        self._then: Callable[[ReportContent], object] | None = None
        self._of: SeriesKey | None = None
        self._maker: ReportMaker | None = None

    @property
    def maker(self) -> ReportMaker:
        """What makes reports, beside the window; there with the first use of it."""
        if self._maker is None:
            from ichviewer.ui.report.making import ReportMaker

            self._maker = ReportMaker(self._session.workers, self)
            self._maker.ready.connect(self._ready)
            self._maker.saved.connect(lambda path: self._place.tell_written(tr("Report"), path))
            self._maker.failed.connect(
                lambda error: self._place.tell_failed(tr("The report was not made."), error)
            )
        return self._maker

    def ask_pdf(self) -> None:
        """Let the user choose what is in it and where it goes."""
        self._ask(tr("Save…"), self._choose_path)

    def ask_print(self) -> None:
        """Let the user choose what is in it and a printer."""
        self._ask(tr("Print…"), lambda options: self._make(options, self._print))

    def drop(self) -> None:
        """Make nothing any more: the study is closed."""
        self._then = None
        if self._maker is not None:
            self._maker.drop()

    def close(self, keys: Container[SeriesKey]) -> None:
        """Make nothing of these series any more: they are closed."""
        if self._of in keys:
            self.drop()

    def _ask(self, accept_words: str, go: Callable[[_Options], None]) -> None:
        series = self._viewing.series
        if series is None:
            return
        from ichviewer.ui.dialogs.output_options import ReportOptionsDialog

        marked = sorted({index for index, _ in self._annotations(series).key_images})
        dialog = ReportOptionsDialog(self._viewing.index, accept_words, self._place.window, marked=marked)
        dialog.chosen.connect(go)
        self._place.open(dialog)

    def _choose_path(self, options: _Options) -> None:
        proposed = self._place.proposed("report", ".pdf")

        def save(path: Path) -> None:
            inputs = self._session.inputs()
            self._make(options, lambda content: self.maker.save(content, path, inputs))

        self._place.own(choose_target(self._place.window, tr("Save report"), "PDF (*.pdf)", proposed, save))

    def _make(self, options: _Options, then: Callable[[ReportContent], object]) -> None:
        series = self._viewing.series
        if series is None:
            return
        self._then, self._of = then, series.key
        self.maker.make(self.request(series, *options), self._session.cache.get)

    def request(self, series: Series, slices: tuple[int, ...] | None, patient_data: bool) -> ReportRequest:
        """What a report of a series is made from, as it is known at this moment.

        Parameters
        ----------
        series : Series
        slices : tuple of int or None
            See `ReportRequest`.
        patient_data : bool
            Whether the patient and the examination are told.
        """
        from ichviewer.ui.report.making import ReportRequest
        from ichviewer.ui.report.source import ModelFacts
        from ichviewer.ui.tools.report_regions import ReportRegions

        model = self._session.model
        facts = None
        if model.card is not None and model.point is not None:
            engine = model.model.analyser.name if model.model is not None else "none"
            facts = ModelFacts.of(model.card, model.point, engine)
        findings = None if facts is None else self._session.findings.known().get(series.key)
        annotations, pixels = self._annotations(series), self._session.cache
        regions = ReportRegions.of(series, self._regions)
        return ReportRequest(
            series,
            findings,
            facts,
            patient_data,
            slices,
            measure=lambda cancel: annotations.measured(pixels, cancel),
            marked=annotations.key_images,
            measure_regions=lambda cancel: regions.measured(pixels, cancel),
        )

    def _annotations(self, series: Series) -> ReportAnnotations:
        from ichviewer.ui.tools.report_annotations import ReportAnnotations

        return ReportAnnotations.of(series, self._store, self._measurements)

    def _ready(self, content: ReportContent) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(content)

    def _print(self, content: ReportContent) -> None:
        from ichviewer.ui.report.printing import print_report

        def failed(error: BaseException) -> None:
            self._place.tell_failed(tr("The report was not printed."), error)

        self._place.own(print_report(content, self._place.window, failed))
