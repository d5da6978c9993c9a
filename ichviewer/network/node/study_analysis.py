"""What a worker of a node does with a study: find its series, analyze head CT, write results."""

# ruff: noqa: PLC0415 - what reads images and makes objects is loaded when a node runs, not to look at its settings
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ichviewer.bundle import model_dir
from ichviewer.domain.findings import SeriesFindings, SeriesState, Status
from ichviewer.domain.input_scope import banner_line, outside_model
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import NothingReadableError
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.network.node.entry import StudySummary
from ichviewer.network.node.settings import NodeSettings
from ichviewer.network.node.worklist import WrittenObject
from ichviewer.progress import CancelToken

if TYPE_CHECKING:
    from ichviewer.network.node.cluster import Cluster
    from ichviewer.results.result_kind import ResultKind
    from ichviewer.services.analysis_process import AnalysisProcess
    from ichviewer.services.decoder import Decoder

_MOST_REASONS = 8


class AnalyzedStudy(Protocol):
    """A study that was analyzed, whose results can be written."""

    @property
    def summary(self) -> StudySummary:
        """What came of it."""

    def write(self, folder: Path, analyzed_at: Callable[[str], float]) -> tuple[WrittenObject, ...]:
        """Write the results into a folder, which is there; the same ones again under the same names.

        Parameters
        ----------
        folder : Path
        analyzed_at : function of str
            When what a digest names was first analyzed, in seconds since 1970.

        Raises
        ------
        IchViewerError
        """


class StudyAnalyzer(Protocol):
    """Analyzes studies, one at a time."""

    def analyze(self, files: Sequence[Path], cancel: CancelToken) -> AnalyzedStudy:
        """Analyze what some files hold.

        Raises
        ------
        IchViewerError
            It may go better another time.
        Cancelled
        """

    def close(self) -> None:
        """End what it started."""


class HeadCtAnalyzer:
    """The analyzer of a node: one for each worker, with processes of its own.

    Parameters
    ----------
    settings : NodeSettings
    cluster : Cluster or None
        Whose workers run the model; this machine does unless told. Images are listed and results written here.

    Raises
    ------
    ModelError, ExportError
        If the model, its operating point or a kind of result is not there.
    """

    def __init__(self, settings: NodeSettings, cluster: Cluster | None = None) -> None:
        from ichviewer.results.kinds import kinds_named

        chosen = settings.analysis
        self._card: ModelCard = load_model_card(chosen.model or model_dir())
        self._point = self._card.operating_point(chosen.operating_point or None)
        self._engine = chosen.engine
        self._kinds = kinds_named(settings.results.kinds)
        self._cluster = cluster
        self._decoder: Decoder | None = None
        self._process: AnalysisProcess | None = None

    def analyze(self, files: Sequence[Path], cancel: CancelToken) -> AnalyzedStudy:
        """See `StudyAnalyzer.analyze`."""
        from ichviewer.services.decoder import Decoder
        from ichviewer.services.open_study import open_study

        if self._decoder is None:
            self._decoder = Decoder()
        try:
            catalog = open_study(files, cancel=cancel, read_slice=self._decoder.read_slice)
        except NothingReadableError as error:
            # It would not go better another time: a result of its own, and none that says anything was analyzed.
            return _Nothing(StudySummary(reasons=(str(error),), **_of_model(self._card, "")))
        findings, engines = {}, {}
        for series in catalog.series:
            cancel.check()
            findings[series.key], engines[series.key] = self._annotate(series, cancel)
        cancel.check()
        return _Analyzed(catalog, findings, self._card, engines, self._point, self._kinds, self._decoder)

    def _annotate(self, series: Series, cancel: CancelToken) -> tuple[SeriesFindings, str]:
        """Findings of a series, and the name of the engine."""
        if self._cluster is not None:
            return self._cluster.annotate(series, cancel)
        from ichviewer.services.analysis_process import AnalysisProcess

        if self._process is None:
            self._process = AnalysisProcess(self._card, self._engine, cancel=cancel)
        return self._process.annotate(series, cancel=cancel), self._process.name

    def close(self) -> None:
        """End its processes; may be called twice."""
        process, self._process = self._process, None
        decoder, self._decoder = self._decoder, None
        if process is not None:
            process.close()
        if decoder is not None:
            decoder.close()


@dataclass(frozen=True)
class _Nothing:
    """A study without any image."""

    summary: StudySummary

    def write(self, folder: Path, analyzed_at: Callable[[str], float]) -> tuple[WrittenObject, ...]:
        """Nothing: there is no image that a result could be about."""
        return ()


@dataclass(frozen=True, eq=False)
class _Analyzed:
    """A study with the findings of all of its series."""

    catalog: Catalog
    findings: Mapping[SeriesKey, SeriesFindings]
    card: ModelCard
    engines: Mapping[SeriesKey, str]
    point: OperatingPoint
    kinds: Sequence[ResultKind]
    decoder: Decoder

    @property
    def summary(self) -> StudySummary:
        """What came of it."""
        engines = ", ".join(dict.fromkeys(self.engines.values()))
        return summarize(self.catalog, self.findings, self.card, engines, self.point)

    def write(self, folder: Path, analyzed_at: Callable[[str], float]) -> tuple[WrittenObject, ...]:
        """See `AnalyzedStudy.write`."""
        from ichviewer.network.object_identity import sop_uid_of
        from ichviewer.results.analysis import SeriesAnalysis
        from ichviewer.results.earlier_reports import reports_of_studies
        from ichviewer.results.extras import Extras
        from ichviewer.results.write_results import is_worth_results, write_results

        written = []
        # What is replaced lies here until it is taken out of the outbox; what was sent may have come back.
        reports = reports_of_studies(self.catalog, folder)
        for series in self.catalog.series:
            if not is_worth_results(series):
                continue

            def analysis_at(at_s: float, series: Series = series) -> SeriesAnalysis:
                when = datetime.fromtimestamp(at_s, UTC).astimezone()
                found, engine = self.findings[series.key], self.engines[series.key]
                return SeriesAnalysis(series, found, self.card, engine, self.point, when)

            at_s = analyzed_at(analysis_at(0.0).digest())
            earlier = reports.get(series.key.study_uid, ())
            extras = Extras(read_slice=self.decoder.read_slice, earlier=earlier)
            paths = write_results(analysis_at(at_s), folder, self.kinds, extras=extras)
            written += [WrittenObject(sop_uid_of(path), path.name) for path in paths]
        return tuple(written)


def summarize(
    catalog: Catalog,
    findings: Mapping[SeriesKey, SeriesFindings],
    card: ModelCard,
    engine: str,
    point: OperatingPoint,
) -> StudySummary:
    """What is to stand in the worklist of a study.

    Parameters
    ----------
    catalog : Catalog
        What was found of the study.
    findings : mapping of SeriesKey to SeriesFindings
        Of every series.
    card : ModelCard
    engine : str
        Names of engines.
    point : OperatingPoint
        Thresholds in use.
    """
    from ichviewer.results.write_results import is_worth_results

    worth = [series for series in catalog.series if is_worth_results(series)]
    strongest = [
        found[0] for series in worth if (found := findings[series.key].strongest(Hemorrhage.ANY)) is not None
    ]
    flagged = {
        label for series in worth for found in findings[series.key].slices for label in found.flagged(point)
    }
    reasons: list[str] = [str(p) for p in catalog.problems if p.severity is Severity.ERROR]
    if len(catalog.studies) > 1:
        reasons.append(f"{len(catalog.studies)} patients or examinations share the study's UID")
    if not worth:
        reasons.append("there is no CT of sections")
    n_analyzed = 0
    for series in worth:
        if findings[series.key].state() is SeriesState.DONE:
            n_analyzed += 1
        else:
            reasons += _why_not(series, findings[series.key])
    notes = outside_model(
        problem
        for series in worth
        for problem in (*series.problems, *(p for f in findings[series.key].slices for p in f.problems))
    )
    first = catalog.series[0]
    return StudySummary(
        patient_name=first.patient.name,
        patient_id=first.patient.id,
        accession_number=first.study.accession,
        study_date=first.study.date,
        description=first.study.description,
        probability=max(strongest, default=None),
        flagged=tuple(label.value for label in LABELS if label in flagged),
        n_series=len(worth),
        n_analyzed=n_analyzed,
        reasons=_each_once(reasons),
        notes=_each_once(banner_line(problem) for problem in notes),
        **_of_model(card, engine),
    )


def _why_not(series: Series, findings: SeriesFindings) -> list[str]:
    state = findings.state().value
    name = f"series {series.number if series.number is not None else series.key.series_uid}"
    texts = [
        finding.reason.text + (f" ({finding.reason.found})" if finding.reason.found else "")
        for finding in findings.slices
        if finding.reason is not None and (finding.status is Status.FAILED or findings.analysed == 0)
    ]
    return [f"{name} {state}: {text}" for text in dict.fromkeys(texts)]


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    found = list(dict.fromkeys(texts))
    more = len(found) - _MOST_REASONS
    return tuple(found) if more <= 0 else (*found[:_MOST_REASONS], f"and {more} more")


def _of_model(card: ModelCard, engine: str) -> dict[str, Any]:
    return {"model": card.name, "model_version": str(card.version), "engine": engine}
