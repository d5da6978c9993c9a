"""What is kept of an analyzed series once its pixels and maps are gone: what is written and said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import ModelSpec
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, Study
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.services.export import Tally, table_lines, tally
from ichviewer.services.write_findings import series_json

_PASSING = frozenset(
    {
        ProblemCode.ENGINE_FAILED,
        ProblemCode.CANCELLED,
        ProblemCode.FILE_CHANGED,
        # A network drive that was away, a decoder that took too long on a busy machine.
        ProblemCode.UNREADABLE_FILE,
        ProblemCode.DECODE_FAILED,
    }
)
"""Reasons that may be gone the next time; a cut image and an implausible value stay what they are."""


@dataclass(frozen=True)
class SeriesResult:
    """The result of one series, as it is kept until all are written.

    Parameters
    ----------
    key : str
        See `ichviewer.services.series_key.SeriesKeys`; empty where it could not be made.
    lasting : bool
        Whether it holds as long as the key does; what failed for a passing reason is done again the next time.
    lines : tuple of str
        Of the CSV, one a slice.
    details : mapping
        What the JSON says of the series.
    counts : Tally
    problems : tuple of Problem
        What a person should hear, errors first found first.
    flagged : bool
        Whether a slice is flagged.
    engine : str
        Name of the engine that ran; empty where none was needed.
    files : tuple of str
        Names of files that were made of it beside.
    refusals : tuple of str
        Why such files were not made.

    Raises
    ------
    ValueError
        If the lines are not as many as the slices counted, or a result without a key is said to last.
    """

    key: str
    lasting: bool
    lines: tuple[str, ...]
    details: Mapping[str, Any] = field(repr=False)
    counts: Tally
    problems: tuple[Problem, ...] = ()
    flagged: bool = False
    engine: str = ""
    files: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.lines) != self.counts.found:
            raise ValueError(
                f"a result has a line for every slice. Received: {len(self.lines)} for {self.counts}"
            )
        if self.lasting and not self.key:
            raise ValueError("only a result with a key can last. Received: one without")

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "key": self.key,
            "lasting": self.lasting,
            "lines": list(self.lines),
            "details": dict(self.details),
            "counts": [self.counts.analysed, self.counts.not_analysed, self.counts.failed],
            "problems": [[p.code.value, p.where, p.found] for p in self.problems],
            "flagged": self.flagged,
            "engine": self.engine,
            "files": list(self.files),
            "refusals": list(self.refusals),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SeriesResult:
        """What `to_json` gave.

        Raises
        ------
        ValueError, KeyError, TypeError
            If it is something else.
        """
        analysed, not_analysed, failed = data["counts"]
        return cls(
            key=data["key"],
            lasting=data["lasting"],
            lines=tuple(data["lines"]),
            details=data["details"],
            counts=Tally(analysed + not_analysed + failed, analysed, not_analysed, failed),
            problems=tuple(
                Problem(ProblemCode(code), where, found) for code, where, found in data["problems"]
            ),
            flagged=data["flagged"],
            engine=data["engine"],
            files=tuple(data["files"]),
            refusals=tuple(data["refusals"]),
        )


def result_of(
    series: Series,
    findings: SeriesFindings,
    point: OperatingPoint,
    rule: SeriesRule | None,
    models: tuple[ModelSpec, ...],
    *,
    key: str = "",
    engine: str = "",
) -> SeriesResult:
    """Keep what is written and said of a series.

    Parameters
    ----------
    series : Series
    findings : SeriesFindings
        Of this series.
    point : OperatingPoint
        Thresholds in use.
    rule : SeriesRule or None
        The model's.
    models : tuple of ModelSpec
        Further models that have columns.
    key : str
        Empty where it could not be made, or is another after the analysis than it was before.
    engine : str
        Name of the engine that ran.
    """
    alone = catalog_of(series)
    problems = [*series.problems]
    for finding in findings.slices:
        problems += finding.problems
        if finding.reason is not None:
            problems.append(finding.reason)
    reasons = {finding.reason.code for finding in findings.slices if finding.reason is not None}
    return SeriesResult(
        key=key,
        lasting=bool(key) and not reasons & _PASSING,
        lines=tuple(table_lines(alone, {series.key: findings}, point, models)),
        details=series_json(series, findings, point, rule),
        counts=tally(alone, {series.key: findings}),
        problems=tuple(dict.fromkeys(problems)),
        flagged=bool(findings.flagged_slices(point)),
        engine=engine,
    )


def failed_findings(series: Series, reason: str, models: tuple[ModelSpec, ...]) -> SeriesFindings:
    """Findings of a series whose analysis came to nothing.

    Parameters
    ----------
    series : Series
    reason : str
    models : tuple of ModelSpec
        Further models, which measured nothing either.
    """
    identity = series_identity(series)
    none = NotMeasured("the analysis failed")
    return SeriesFindings(
        series.key,
        tuple(
            SliceFinding(
                Status.FAILED,
                None,
                Problem(ProblemCode.ENGINE_FAILED, str(info.source), reason),
                info.problems,
            )
            for info in series.slices
        ),
        identity,
        tuple(ModelResult.none(series.key, identity, spec, none, len(series)) for spec in models),
    )


def catalog_of(series: Series) -> Catalog:
    """A catalog of one series and nothing else."""
    return Catalog((Study(series.study, series.patient, (series,)),))
