"""What the objects of a series are made from, taken together at one moment and made beside the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ichviewer.domain.findings import SeriesFindings, SeriesState
from ichviewer.domain.identity import series_identity
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series
from ichviewer.domain.window import Window
from ichviewer.errors import ExportError
from ichviewer.ui.app.reader_marks import ReaderMarks, written_regions
from ichviewer.ui.app.report_choice import ReportChoice
from ichviewer.ui.look.language import english, tr
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.report.making import make_content
from ichviewer.ui.report.pdf import pdf_bytes
from ichviewer.ui.session.series_work import UNDER_WAY
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import TaskContext
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.region_store import RegionStore

if TYPE_CHECKING:
    from ichviewer.results.analysis import SeriesAnalysis

NOT_ENDED = tr("the analysis has not ended; save the results afterwards")
STILL_ARRIVES = tr("the study is still being received; save the results afterwards")


class ResultMaking:
    """Takes together what is known of a series.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    report : ReportChoice
        Makes the report that goes into a PDF object.
    annotations, regions : AnnotationStore, RegionStore
        What the reader drew and painted.
    """

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        *,
        report: ReportChoice,
        annotations: AnnotationStore,
        regions: RegionStore,
    ) -> None:
        self._session, self._viewing, self._report = session, viewing, report
        self._annotations, self._regions = annotations, regions

    def maker(
        self, series: Series, kinds: Sequence[str], observer: str, folder: Path | None = None
    ) -> Callable[[TaskContext], tuple[SeriesAnalysis, ReaderMarks]]:
        """What makes the analysis and all that goes with it, from what is known at this moment.

        Parameters
        ----------
        series : Series
        kinds : sequence of str
            Names of the kinds that are wanted.
        observer : str
            The reader's name as DICOM writes it; empty for none.
        folder : Path, optional
            Where they go: earlier reports may lie there, too.

        Returns
        -------
        callable
            Called on a worker's thread.

        Raises
        ------
        ExportError
            See `findings`.
        """
        session = self._session
        known, ended_at = self.findings(series)
        card, point, pixels = session.model.card, session.model.point, session.cache
        assert card is not None
        assert point is not None
        engine = "" if session.model.model is None else session.model.model.analyser.name
        refusal = session.refusal(series)
        drawn = self._annotations.of_series(series)
        painted = self._regions.of_series(series)
        voi = self._viewing.active.image.voi()
        windows = (voi,) if isinstance(voi, Window) and self._viewing.key == series.key else ()
        report = self._report.request(series, None, patient_data=True) if "pdf" in kinds else None
        catalog = session.catalog

        def make(context: TaskContext) -> tuple[SeriesAnalysis, ReaderMarks]:
            from ichviewer.results.analysis import SeriesAnalysis  # noqa: PLC0415 - pydicom, when it is needed
            from ichviewer.results.earlier_reports import reports_of_studies  # noqa: PLC0415 - as above
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
                # Others read it, like all of the DICOM objects.
                with english():
                    content = make_content(report, pixels.get, now=datetime.now(), cancel=context.cancel)
                    pdf = pdf_bytes(content)
            earlier = reports_of_studies(catalog, folder).get(series.key.study_uid, ())
            extras = Extras(
                observer=observer,
                read_slice=pixels.get,
                pdf=pdf,
                painted=regions,
                annotations=drawn,
                windows=windows,
                earlier=earlier,
            )
            return SeriesAnalysis(series, findings, card, engine, point, ended_at), ReaderMarks(extras, notes)

        return make

    def findings(self, series: Series) -> tuple[SeriesFindings | None, datetime]:
        """What is known of a series, None where it was refused as a whole, and since when.

        Raises
        ------
        ExportError
            If its study still arrives, or its analysis has not ended, or was of another model or other slices.
        """
        card, work = self._session.model.card, self._session.findings.work(series.key)
        if card is None or self._session.model.point is None:
            raise ExportError(tr("there is no model, so nothing was analyzed"))
        if self._session.places.arrives(series.key):
            raise ExportError(STILL_ARRIVES)
        if work is None and self._session.reading:
            raise ExportError(NOT_ENDED)
        # The store holds the findings of the model in use only.
        if work is None or work.series is not series or self._session.findings.point is None:
            raise ExportError(tr("nothing is known of this series"))
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
            raise ExportError(tr("the findings are of other slices; analyze again"))
        return findings, work.ended_at or now
