"""All problems of the input that is open, gathered and put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import NOT_REACHED, SeriesFindings
from ichviewer.domain.problems import Problem, Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import counted, patient_name, problem_words, sentence, series_title

SEVERITY_WORDS = {Severity.ERROR: tr("error"), Severity.WARNING: tr("warning"), Severity.INFO: tr("remark")}
"""What the window calls them, gravest first."""


def severity_count(severity: Severity, n: int) -> str:
    """How many problems of a severity there are, in words."""
    if severity is Severity.ERROR:
        return counted("error", "errors", n)
    if severity is Severity.WARNING:
        return counted("warning", "warnings", n)
    return counted("remark", "remarks", n)


_ORDER = {severity: place for place, severity in enumerate(SEVERITY_WORDS)}


@dataclass(frozen=True)
class ProblemRow:
    """One problem, and the patient and the series it belongs to (empty: none)."""

    problem: Problem
    series: str = ""
    patient: str = ""

    @property
    def what(self) -> str:
        """Kind of problem, with what was found."""
        return one_line(sentence(problem_words(self.problem)))

    @property
    def where(self) -> str:
        """The file, tag or position."""
        return one_line(self.problem.where)

    @property
    def severity(self) -> str:
        """How grave it is, in a word."""
        return SEVERITY_WORDS[self.problem.severity]

    @property
    def rank(self) -> int:
        """A key that sorts the gravest first."""
        return _ORDER[self.problem.severity]

    def line(self) -> str:
        """As one line of plain text, its parts apart by tabs."""
        return "\t".join((self.severity, self.patient, self.series, self.what, self.where))


def problem_rows(catalog: Catalog, findings: Mapping[SeriesKey, SeriesFindings]) -> list[ProblemRow]:
    """Every problem once, the gravest first."""
    rows = dict.fromkeys(ProblemRow(problem) for problem in catalog.problems)
    for series in catalog.series:
        rows.update(dict.fromkeys(_of_series(series, findings.get(series.key))))
    return sorted(rows, key=lambda row: row.rank)


class ProblemCount:
    """How many problems are more than a remark, kept up to date series by series."""

    def __init__(self) -> None:
        self._catalog = 0
        self._series: dict[SeriesKey, int] = {}

    @property
    def total(self) -> int:
        """All of them."""
        return self._catalog + sum(self._series.values())

    def clear(self) -> None:
        """Nothing is open."""
        self._catalog = 0
        self._series.clear()

    def drop_series(self, key: SeriesKey) -> None:
        """A series is not open any more."""
        self._series.pop(key, None)

    def set_catalog(self, catalog: Catalog) -> None:
        """Count what belongs to no series."""
        self._catalog = sum(p.severity is not Severity.INFO for p in set(catalog.problems))

    def set_series(self, series: Series, findings: SeriesFindings | None) -> None:
        """Count the problems of a series anew."""
        rows = set(_of_series(series, findings))
        self._series[series.key] = sum(row.problem.severity is not Severity.INFO for row in rows)


def _of_series(series: Series, findings: SeriesFindings | None) -> Iterator[ProblemRow]:
    name, patient = series_title(series), patient_name(series.patient)
    for problem in series.problems:
        yield ProblemRow(problem, name, patient)
    for info in series.slices:
        for problem in info.problems:
            yield ProblemRow(problem, name, patient)
    for finding in findings.slices if findings is not None else ():
        reasons = () if finding.reason is None else (finding.reason,)
        for problem in (*reasons, *finding.problems):
            if problem.code not in NOT_REACHED:
                yield ProblemRow(problem, name, patient)
    # A series that was refused by its headers has no findings.
    refused = refusal(series) if findings is None else None
    if refused is not None:
        yield ProblemRow(refused, name, patient)
