"""The command that writes the results of the series in view as DICOM objects."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ichviewer.domain.findings import SeriesFindings, SeriesState
from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.window import Window
from ichviewer.errors import ExportError
from ichviewer.ui.app.choosing import choose_folder
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.app.reader_marks import ReaderMarks, written_regions
from ichviewer.ui.app.report_choice import ReportChoice
from ichviewer.ui.dialogs.results_options import OfferedKind, ResultsOptions, ResultsOptionsDialog
from ichviewer.ui.look.words import count, joined
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.report.making import make_content
from ichviewer.ui.report.pdf import pdf_bytes
from ichviewer.ui.session.series_work import UNDER_WAY
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Task, TaskContext
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.region_store import RegionStore

if TYPE_CHECKING:
    from ichviewer.results.analysis import SeriesAnalysis

LANE = "dicom-results"
NOT_ENDED = "the analysis has not ended; save the results afterwards"


@dataclass(frozen=True)
class SavedResults:
    """What was written.

    Parameters
    ----------
    files : tuple of Path
    without : tuple of str
        Kinds that had nothing to say, by their names.
    notes : tuple of str
        What of the reader's is not among them, and why.
    """

    files: tuple[Path, ...]
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ResultSaving(QObject):
    """Asks what is written and where it goes, has it written beside the window, and says what became of it.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    place : OutputPlace
    report : ReportChoice
        Makes the report that goes into a PDF object.
    annotations, regions : AnnotationStore, RegionStore
        What the reader drew and painted.
    """

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        place: OutputPlace,
        *,
        report: ReportChoice,
        annotations: AnnotationStore,
        regions: RegionStore,
    ) -> None:
        super().__init__(place)
        self._session, self._viewing, self._place, self._report = session, viewing, place, report
        self._annotations, self._regions = annotations, regions
        self._task: Task | None = None
        self._of: SeriesKey | None = None

    @property
    def running(self) -> bool:
        """Whether results are being written."""
        return self._task is not None and not self._task.over and not self._task.dropped

    def ask(self) -> None:
        """Let the user choose what is written and where it goes."""
        series = self._viewing.series
        if series is None:
            return
        if self.running:
            self._place.notice.show_message("Results are being written already.", "info")
            return
        try:
            self._findings(series)
        except ExportError as error:
            self._failed(error)
            return
        self._of = series.key
        self._task = self._session.workers.run(
            lambda _: _offered(),
            on_result=lambda kinds: self._ask(series, kinds),
            on_error=self._failed,
            lane=LANE,
        )

    def drop(self) -> None:
        """Write nothing any more: the study is closed."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def close(self, keys: Container[SeriesKey]) -> None:
        """Write nothing of these series any more: they are closed."""
        if self._of in keys:
            self.drop()

    def write(self, series: Series, options: ResultsOptions) -> None:
        """Write the results of a series into the folder of the options, all of them or none."""
        folder = options.folder
        if folder is None:
            raise ValueError("results are written into a folder. Received: none")
        try:
            make = self._maker(series, options)
        except ExportError as error:
            self._failed(error)
            return
        inputs = self._session.inputs()

        def work(context: TaskContext) -> SavedResults:
            from ichviewer.results.kinds import kinds_named  # noqa: PLC0415 - pydicom, when it is needed
            from ichviewer.results.write_results import write_results  # noqa: PLC0415 - as above

            analysis, marks = make(context)
            files = write_results(
                analysis,
                folder,
                kinds_named(options.kinds),
                inputs=inputs,
                extras=marks.extras,
                progress=context.progress,
                cancel=context.cancel,
            )
            made = {path.name.partition("_")[0] for path in files}
            return SavedResults(files, tuple(k for k in options.kinds if k not in made), marks.notes)

        self.drop()
        self._of = series.key
        self._task = self._session.workers.run(
            work,
            on_result=lambda saved: self._saved(folder, saved),
            on_error=self._failed,
            on_progress=self._tell_progress,
            on_cancelled=lambda: self._place.notice.show_message(
                "No results were written: it was cancelled."
            ),
            lane=LANE,
        )
        self._tell_progress(0, 0, "")

    # Parts

    def _ask(self, series: Series, kinds: tuple[OfferedKind, ...]) -> None:
        self._task = None
        window = self._place.window
        proposed = self._place.proposed("dicom-results", "")

        def choose(then: Callable[[Path], None]) -> None:
            def chosen(folder: Path) -> None:
                then(folder / proposed.name)

            # A folder of their own, so that they lie among nothing else.
            self._place.own(choose_folder(window, proposed.parent, chosen, title="Folder for the results"))

        dialog = ResultsOptionsDialog(
            "Save results as DICOM", "Save", kinds, folder=proposed, choose=choose, parent=window
        )
        dialog.chosen.connect(lambda options: self.write(series, options))
        self._place.open(dialog)

    def _maker(
        self, series: Series, options: ResultsOptions
    ) -> Callable[[TaskContext], tuple[SeriesAnalysis, ReaderMarks]]:
        """What makes the analysis and all that goes with it, from what is known at this moment.

        Raises
        ------
        ExportError
            See `_findings`.
        """
        session = self._session
        known, ended_at = self._findings(series)
        card, point, pixels = session.model.card, session.model.point, session.cache
        assert card is not None
        assert point is not None
        engine = "" if session.model.model is None else session.model.model.analyser.name
        refusal = session.refusal(series)
        drawn = self._annotations.of_series(series)
        painted = self._regions.of_series(series)
        voi = self._viewing.active.image.voi()
        windows = (voi,) if isinstance(voi, Window) and self._viewing.key == series.key else ()
        report = self._report.request(series, None, patient_data=True) if "pdf" in options.kinds else None

        def make(context: TaskContext) -> tuple[SeriesAnalysis, ReaderMarks]:
            from ichviewer.results.analysis import SeriesAnalysis  # noqa: PLC0415 - pydicom, when it is needed
            from ichviewer.results.extras import Extras  # noqa: PLC0415 - as above
            from ichviewer.services.annotate_catalog import refused  # noqa: PLC0415 - as above

            findings = known
            if findings is None:
                if refusal is None:
                    raise ExportError(NOT_ENDED)
                findings = refused(series, refusal)
            regions, notes = written_regions(painted, series, findings, pixels, context.cancel)
            pdf = None
            if report is not None:
                content = make_content(report, pixels.get, now=datetime.now(), cancel=context.cancel)
                pdf = pdf_bytes(content)
            extras = Extras(
                observer=options.observer,
                read_slice=pixels.get,
                pdf=pdf,
                painted=regions,
                annotations=drawn,
                windows=windows,
            )
            return SeriesAnalysis(series, findings, card, engine, point, ended_at), ReaderMarks(extras, notes)

        return make

    def _findings(self, series: Series) -> tuple[SeriesFindings | None, datetime]:
        """What is known of a series, None where it was refused as a whole, and since when.

        Raises
        ------
        ExportError
            If its analysis has not ended, or was of another model or other slices.
        """
        card, work = self._session.model.card, self._session.findings.work(series.key)
        if card is None or self._session.model.point is None:
            raise ExportError("there is no model, so nothing was analyzed")
        if work is None and self._session.reading:
            raise ExportError(NOT_ENDED)
        # The store holds the findings of the model in use only.
        if work is None or work.series is not series or self._session.findings.point is None:
            raise ExportError("nothing is known of this series")
        if work.state in UNDER_WAY:
            raise ExportError(NOT_ENDED)
        now = datetime.now().astimezone()
        if work.state is SeriesState.REFUSED and not work.slices:
            return None, now
        findings = work.findings()
        if any(
            f.reason is not None and f.reason.code is ProblemCode.NOT_YET_ANALYSED for f in findings.slices
        ):
            raise ExportError(NOT_ENDED)
        if findings.series != series_identity(series):
            raise ExportError("the findings are of other slices; analyze again")
        return findings, work.ended_at or now

    def _saved(self, folder: Path, saved: SavedResults) -> None:
        more = list(saved.notes)
        if saved.without:
            more.append(f"Nothing to write as {', '.join(name.upper() for name in saved.without)}.")
        if not saved.files:
            self._place.notice.show_message(" ".join(("No object was written.", *more)), "warning")
            return
        self._place.tell_written(count(len(saved.files), "DICOM object"), folder, " ".join(more))

    def _failed(self, error: BaseException) -> None:
        self._task = None
        self._place.tell_failed("No results were written.", error)

    def _tell_progress(self, done: int, total: int, _: str) -> None:
        task = self._task
        if task is None or task.over:
            return
        words = joined(("Making DICOM objects", f"{done} of {count(total, 'kind')}" if total else ""))
        self._place.notice.show_message(f"{words}.", "info", ("Cancel", task.cancel))


def _offered() -> tuple[OfferedKind, ...]:
    from ichviewer.results.kinds import KINDS  # noqa: PLC0415 - pydicom, when it is needed

    return tuple(OfferedKind(kind.name, kind.title, not kind.on_request) for kind in KINDS)
