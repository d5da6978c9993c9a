"""The findings as a table: a row for everything found, whatever became of it, and how many of each there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.model_result import NotMeasured
from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS, ModelSpec, Output, Scope
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.services.csv_cells import csv_line, text_cell

Findings = Mapping[SeriesKey, SeriesFindings]

Value = str | int | float | None

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
    *(output.column for output in HEMORRHAGE_OUTPUTS),
    *("flagged", "note"),
)
"""The columns without further models; theirs follow (`columns`)."""

_TEXTS_OF_FILES = frozenset({"patient_id", "study_uid", "series_uid", "sop_uid", "file"})
"""Columns whose texts came from files, or name them."""
TEXT_COLUMNS = _TEXTS_OF_FILES | {"status", "flagged", "note"}
WHOLE_NUMBER_COLUMNS = frozenset({"slice_index", "instance_number"})
"""All other columns are probabilities, positions and the values of further models."""


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
    """The CSV as text, and its number of rows: those of `finding_rows`.

    What is missing is an empty cell. Texts from files are defused; see `ichviewer.services.csv_cells`.
    """
    models = further_models(findings)
    lines = table_lines(catalog, findings, point, models)
    return csv_line(columns(models)) + "".join(lines), len(lines)


def table_lines(
    catalog: Catalog, findings: Findings, point: OperatingPoint, models: tuple[ModelSpec, ...]
) -> list[str]:
    """The lines of the CSV below its header; see `csv_text`.

    Parameters
    ----------
    catalog : Catalog
    findings : mapping of SeriesKey to SeriesFindings
    point : OperatingPoint
        Thresholds for ``flagged``.
    models : tuple of ModelSpec
        Further models that have columns.
    """
    outputs = {output.column: output for output in HEMORRHAGE_OUTPUTS}
    outputs |= {model.column(output): output for model, output in _of_series(models)}
    return [
        csv_line(_cell(name, value, outputs.get(name)) for name, value in row.items())
        for row in finding_rows(catalog, findings, point, models)
    ]


def _cell(name: str, value: Value, output: Output | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return text_cell(value) if name in _TEXTS_OF_FILES else value
    if output is not None:
        return output.number(value)
    return f"{round(value, 3) + 0.0:.3f}" if isinstance(value, float) else str(value)


def columns(models: Iterable[ModelSpec] = ()) -> tuple[str, ...]:
    """The columns of a CSV, those of further models last."""
    return (*COLUMNS, *(model.column(output) for model, output in _of_series(models)))


def further_models(findings: Findings) -> tuple[ModelSpec, ...]:
    """The further models that have results, or say why they have none; in the order in which they first do.

    Raises
    ------
    ValueError
        If two models share an id: their columns could not be told apart.
    """
    models = tuple(dict.fromkeys(r.spec for of_series in findings.values() for r in of_series.further))
    ids = [model.id for model in models]
    if len(set(ids)) != len(ids):
        raise ValueError(f"each model needs its own id. Received: {ids}")
    return models


def _of_series(models: Iterable[ModelSpec]) -> Iterator[tuple[ModelSpec, Output]]:
    return ((model, output) for model in models for output in model.of_scope(Scope.SERIES))


def finding_rows(
    catalog: Catalog,
    findings: Findings,
    point: OperatingPoint,
    models: tuple[ModelSpec, ...] | None = None,
) -> Iterator[dict[str, Value]]:
    """The findings as rows of values by column; see `columns`.

    One row for every slice of every series in the order of the catalog, whatever became of it; then one for every
    file that could not be read, and one for every image that was there more than once. ``slice_index`` counts from 1,
    as the window and ``render`` do. A frame of a multi-frame file is named ``file#2``, counted from 1 as DICOM does.
    What further models say of a series stands in each of its rows; where there is no value, the note says
    ``not_measured``.

    Parameters
    ----------
    catalog : Catalog
    findings : mapping of SeriesKey to SeriesFindings
    point : OperatingPoint
        Thresholds for ``flagged``.
    models : tuple of ModelSpec, optional
        Further models that have columns; those that the findings name unless told.

    Yields
    ------
    dict of str to str, int, float or None
        None where the file says nothing, and where there is no result; ``flagged`` of a slice that was analyzed and
        not flagged is an empty text.

    Raises
    ------
    ValueError
        If two further models share an id.
    """
    if models is None:
        models = further_models(findings)
    names = columns(models)
    for series in catalog.series:
        of_series = _series_values(series, findings, models)
        frames = Counter(replace(info.source, frame=0) for info in series.slices)
        for index, finding in enumerate(findings_of(series, findings)):
            source = series.slices[index].source
            file = str(source)
            if source.frame > 0 or frames[replace(source, frame=0)] > 1:
                file += f"#{source.frame + 1}"
            values = (*_slice_values(series, index, file, finding, point, of_series=of_series), *of_series)
            yield dict(zip(names, values, strict=True))
    for status, problems in (
        (Status.FAILED, unreadable(catalog)),
        (Status.NOT_ANALYSED, duplicates(catalog)),
    ):
        for problem in problems:
            row: dict[str, Value] = dict.fromkeys(names)
            row.update(file=problem.where, status=status.value, note=problem.code.value)
            yield row


def _series_values(
    series: Series, findings: Findings, models: tuple[ModelSpec, ...]
) -> tuple[float | None, ...]:
    """What further models say of a series; None where they say nothing."""
    results = findings[series.key].further if series.key in findings else ()
    known = {(r.spec, output): value for r in results for output, value in r.series_values()}
    values = [known.get((model, output)) for model, output in _of_series(models)]
    return tuple(None if isinstance(value, NotMeasured) else value for value in values)


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


def _slice_values(
    series: Series,
    index: int,
    file: str,
    finding: SliceFinding,
    point: OperatingPoint,
    *,
    of_series: tuple[float | None, ...],
) -> tuple[Value, ...]:
    info = series.slices[index]
    note = codes(series, finding)
    if None in of_series:
        note.append(ProblemCode.NOT_MEASURED.value)
    return (
        series.patient.id,
        series.key.study_uid,
        series.key.series_uid,
        info.sop_uid,
        file,
        index + 1,
        info.instance_number,
        series.position_mm(index),
        finding.status.value,
        *(finding.probabilities or (None,) * len(HEMORRHAGE_OUTPUTS)),
        None if finding.probabilities is None else ";".join(finding.flagged(point)),
        ";".join(note),
    )


def codes(series: Series, finding: SliceFinding) -> list[str]:
    """Problem codes of a slice: why it was not analysed, what is wrong with it, what is wrong with its series."""
    problems = [finding.reason] if finding.reason is not None else []
    problems += [*finding.problems, *series.problems]
    return list(dict.fromkeys(p.code.value for p in problems))
