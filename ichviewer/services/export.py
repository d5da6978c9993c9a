"""The findings as a table: a row for everything found, whatever became of it, and how many of each there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.services.csv_cells import csv_line, text_cell

Findings = Mapping[SeriesKey, SeriesFindings]

COLUMNS = (
    *(
        "patient_id",
        "study_uid",
        "series_uid",
        "sop_uid",
        "file",
        "slice_index",
        "instance_number",
        "position_mm",
    ),
    "status",
    *(label.value for label in LABELS),
    *("flagged", "note"),
)


@dataclass(frozen=True)
class Tally:
    """How many images were found, and what became of them.

    Raises
    ------
    ValueError
        If they do not add up.
    """

    found: int
    analysed: int
    not_analysed: int
    failed: int

    def __post_init__(self) -> None:
        if self.found != self.analysed + self.not_analysed + self.failed:
            raise ValueError(f"everything found must be accounted for. Received: {self}")

    def __str__(self) -> str:
        return (
            f"{self.found} found: {self.analysed} analyzed, {self.not_analysed} not analyzed, "
            f"{self.failed} failed"
        )


def tally(catalog: Catalog, findings: Findings) -> Tally:
    """Count what the CSV lists: every slice, every file that could not be read, every duplicate.

    Raises
    ------
    ValueError
        If findings do not fit their series.
    """
    of_slices = Counter(f.status for s in catalog.series for f in findings_of(s, findings))
    broken, twice = unreadable(catalog), duplicates(catalog)
    return Tally(
        found=sum(map(len, catalog.series)) + len(broken) + len(twice),
        analysed=of_slices[Status.ANALYSED],
        not_analysed=of_slices[Status.NOT_ANALYSED] + len(twice),
        failed=of_slices[Status.FAILED] + len(broken),
    )


def csv_text(catalog: Catalog, findings: Findings, point: OperatingPoint) -> tuple[str, int]:
    """The CSV as text, and its number of rows.

    One row for every slice of every series in the order of the catalog, whatever became of it; then one for every
    file that could not be read, and one for every image that was there more than once. ``slice_index`` counts from 1,
    as the window and ``render`` do. A frame of a multi-frame file is named ``file#2``, counted from 1 as DICOM does.
    """
    lines = [csv_line(cells) for cells in _rows(catalog, findings, point)]
    return csv_line(COLUMNS) + "".join(lines), len(lines)


def _rows(catalog: Catalog, findings: Findings, point: OperatingPoint) -> Iterator[list[str]]:
    for series in catalog.series:
        frames = Counter(replace(info.source, frame=0) for info in series.slices)
        for index, finding in enumerate(findings_of(series, findings)):
            source = series.slices[index].source
            name = str(source)
            if source.frame > 0 or frames[replace(source, frame=0)] > 1:
                name += f"#{source.frame + 1}"
            yield _slice_row(series, index, name, finding, point)
    for status, problems in (
        (Status.FAILED, unreadable(catalog)),
        (Status.NOT_ANALYSED, duplicates(catalog)),
    ):
        for problem in problems:
            row = dict.fromkeys(COLUMNS, "")
            row.update(file=text_cell(problem.where), status=status.value, note=problem.code.value)
            yield list(row.values())


def findings_of(series: Series, findings: Findings) -> tuple[SliceFinding, ...]:
    """Findings of all slices of a series; "not analysed" with a reason where there are none yet."""
    if series.key in findings:
        return findings[series.key].slices
    reason = refusal(series)
    return tuple(
        SliceFinding(
            Status.NOT_ANALYSED,
            None,
            reason or Problem(ProblemCode.NOT_YET_ANALYSED, str(info.source)),
            info.problems,
        )
        for info in series.slices
    )


def unreadable(catalog: Catalog) -> tuple[Problem, ...]:
    """What should have been an image but could not be read; files that never claimed to be one do not count."""
    return tuple(p for p in catalog.problems if p.severity is Severity.ERROR)


def duplicates(catalog: Catalog) -> tuple[Problem, ...]:
    """Images that were there more than once and are part of no series, one for each copy that was left out."""
    return tuple(p for p in catalog.problems if p.code is ProblemCode.DUPLICATE_INSTANCE)


def _slice_row(
    series: Series, index: int, file: str, finding: SliceFinding, point: OperatingPoint
) -> list[str]:
    info = series.slices[index]
    position = series.position_mm(index)
    analysed = finding.probabilities is not None
    return [
        text_cell(series.patient.id),
        text_cell(series.key.study_uid),
        text_cell(series.key.series_uid),
        text_cell(info.sop_uid),
        text_cell(file),
        str(index + 1),
        "" if info.instance_number is None else str(info.instance_number),
        "" if position is None else f"{round(position, 3) + 0.0:.3f}",
        finding.status.value,
        *([f"{p:.6f}" for p in finding.probabilities] if finding.probabilities else [""] * len(LABELS)),
        ";".join(finding.flagged(point)) if analysed else "",
        ";".join(codes(series, finding)),
    ]


def codes(series: Series, finding: SliceFinding) -> list[str]:
    """Problem codes of a slice: why it was not analysed, what is wrong with it, what is wrong with its series."""
    problems = [finding.reason] if finding.reason is not None else []
    problems += [*finding.problems, *series.problems]
    return list(dict.fromkeys(p.code.value for p in problems))
