"""All problems of the input that is open, gathered and put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.series import Catalog, SeriesKey
from ichviewer.ui.words import series_title

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_OF_THE_MOMENT = frozenset({ProblemCode.NOT_YET_ANALYSED, ProblemCode.CANCELLED, ProblemCode.ENGINE_FAILED})
"""Nothing is wrong with the input."""


@dataclass(frozen=True)
class ProblemRow:
    """One problem, and the series it belongs to (empty: none)."""

    problem: Problem
    series: str

    @property
    def what(self) -> str:
        """Kind of problem, with what was found."""
        text = self.problem.text[:1].upper() + self.problem.text[1:]
        return f"{text} ({self.problem.found})" if self.problem.found else text

    def line(self) -> str:
        """As one line of plain text."""
        return "\t".join((self.problem.severity.value, self.series, self.what, self.problem.where))


def problem_rows(catalog: Catalog, findings: Mapping[SeriesKey, SeriesFindings]) -> list[ProblemRow]:
    """Every problem once, the gravest first."""
    rows = dict.fromkeys(_gather(catalog, findings))
    return sorted(rows, key=lambda row: _ORDER[row.problem.severity])


def worth_knowing(rows: list[ProblemRow]) -> int:
    """How many are more than a remark."""
    return sum(row.problem.severity is not Severity.INFO for row in rows)


def _gather(catalog: Catalog, findings: Mapping[SeriesKey, SeriesFindings]) -> Iterator[ProblemRow]:
    for problem in catalog.problems:
        yield ProblemRow(problem, "")
    for series in catalog.series:
        name = series_title(series)
        for problem in series.problems:
            yield ProblemRow(problem, name)
        for info in series.slices:
            for problem in info.problems:
                yield ProblemRow(problem, name)
        if series.key not in findings:
            continue
        for finding in findings[series.key].slices:
            reasons = () if finding.reason is None else (finding.reason,)
            for problem in (*reasons, *finding.problems):
                if problem.code not in _OF_THE_MOMENT:
                    yield ProblemRow(problem, name)
