"""Write the findings: a CSV with a row for every slice, and a JSON beside it that says how they came about."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ichviewer import __version__
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode, Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import ExportError
from ichviewer.inference.model_card import ModelCard
from ichviewer.services.atomic_file import write_atomically

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

SIDECAR_FORMAT = 1
SIDECAR_SUFFIX = ".json"

_FORMULA_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def write_csv(
    path: Path, catalog: Catalog, findings: Findings, card: ModelCard, *, point: OperatingPoint | None = None
) -> int:
    """Write the CSV of everything in a catalog.

    Parameters
    ----------
    path : Path
    catalog : Catalog
    findings : mapping of SeriesKey to SeriesFindings
        Series that are not in it are written as not analysed.
    card : ModelCard
    point : OperatingPoint, optional
        Thresholds for ``flagged``; the model's default unless told.

    Returns
    -------
    int
        Number of rows without the header.

    Raises
    ------
    ExportError
        If it cannot be written, or ``path`` is one of the files that were read. The old file is whole then.
    """
    _refuse_input(path, catalog)
    text, rows = csv_text(catalog, findings, point or card.point)
    write_atomically(path, _encode(text))
    return rows


def csv_text(catalog: Catalog, findings: Findings, point: OperatingPoint) -> tuple[str, int]:
    """The CSV as text, and its number of rows.

    One row for every slice of every series in the order of the catalog, whatever became of it; then one for every
    file that could not be read. ``slice_index`` counts from 1, as the window and ``render`` do. A frame of a
    multi-frame file is named ``file#2``, counted from 1 as DICOM does.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = 0
    for row in _rows(catalog, findings, point):
        writer.writerow(row)
        rows += 1
    return buffer.getvalue(), rows


def _rows(catalog: Catalog, findings: Findings, point: OperatingPoint) -> Iterator[list[str]]:
    for series in catalog.series:
        frames = Counter((info.source.path, info.source.member) for info in series.slices)
        for index, finding in enumerate(findings_of(series, findings)):
            source = series.slices[index].source
            name = str(source)
            if source.frame > 0 or frames[source.path, source.member] > 1:
                name += f"#{source.frame + 1}"
            yield _slice_row(series, index, name, finding, point)
    for problem in unreadable(catalog):
        row = dict.fromkeys(COLUMNS, "")
        row.update(file=defuse(problem.where), status=Status.FAILED.value, note=problem.code.value)
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


def _slice_row(
    series: Series, index: int, file: str, finding: SliceFinding, point: OperatingPoint
) -> list[str]:
    info = series.slices[index]
    position = series.position_mm(index)
    analysed = finding.probabilities is not None
    return [
        defuse(series.patient.id),
        defuse(series.key.study_uid),
        defuse(series.key.series_uid),
        defuse(info.sop_uid),
        defuse(file),
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


def defuse(text: str) -> str:
    """A text cell that no spreadsheet runs as a formula and that keeps to one line.

    What could start a formula gets an apostrophe before it; plain numbers stay as they are (OWASP, "CSV Injection").
    Control characters become spaces, so that a row is a line.
    """
    plain = _CONTROL.sub(" ", text)
    if plain.lstrip().startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(plain):
        return "'" + plain
    return plain


def sidecar_path(csv_path: Path) -> Path:
    """Where the JSON of a CSV lies unless told otherwise: ``findings.csv.json`` beside ``findings.csv``."""
    return csv_path.with_name(csv_path.name + SIDECAR_SUFFIX)


def write_sidecar(
    path: Path,
    catalog: Catalog,
    findings: Findings,
    card: ModelCard,
    *,
    engine: str,
    point: OperatingPoint | None = None,
    seconds: float | None = None,
    csv_path: Path | None = None,
    now: datetime | None = None,
) -> None:
    """Write the JSON that says how the findings came about.

    Parameters
    ----------
    path : Path
    catalog, findings, card, point
        As for `write_csv`.
    engine : str
        Name of the engine that ran the model.
    seconds : float, optional
        How long reading and analysis took.
    csv_path : Path, optional
        The CSV it belongs to.
    now : datetime, optional
        Time to record; the present unless told.

    Raises
    ------
    ExportError
        As `write_csv`.
    """
    _refuse_input(path, catalog)
    used = point or card.point
    content = {
        "format": SIDECAR_FORMAT,
        "notice": "Research and education only. Not a medical device. Not analysed does not mean negative.",
        "app": {"name": "ichviewer", "version": __version__},
        "model": {
            "name": card.name,
            "version": card.version,
            "keras_sha256": card.keras_sha256,
            "litert_sha256": card.litert_sha256 if engine == "litert" else None,
        },
        "engine": engine,
        "operating_point": used.name,
        "thresholds": {label.value: used.threshold(label) for label in LABELS},
        "time": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "seconds": None if seconds is None else round(seconds, 3),
        "csv": None if csv_path is None else csv_path.name,
        "series": [_series_json(series, findings_of(series, findings), used) for series in catalog.series],
        "problems": [problem_json(p) for p in catalog.problems],
    }
    write_atomically(path, _encode(json.dumps(content, indent=1, ensure_ascii=False) + "\n"))


def _series_json(series: Series, slices: tuple[SliceFinding, ...], point: OperatingPoint) -> dict[str, Any]:
    result = SeriesFindings(series.key, slices)
    strongest = {label.value: result.strongest(label) for label in LABELS}
    return {
        "study_uid": series.key.study_uid,
        "series_uid": series.key.series_uid,
        "part": series.key.part,
        "description": series.description,
        "slices": len(series),
        "analysed": result.analysed,
        "sorted_by": series.sort_basis.value,
        "strongest": {
            name: None if found is None else {"probability": round(found[0], 6), "slice_index": found[1] + 1}
            for name, found in strongest.items()
        },
        "flagged_slices": [i + 1 for i in result.flagged_slices(point)],
        "problems": [problem_json(p) for p in series.problems],
        "slice_problems": [
            {"slice_index": i + 1, **problem_json(p)}
            for i, s in enumerate(slices)
            for p in (*((s.reason,) if s.reason else ()), *s.problems)
        ],
    }


def problem_json(problem: Problem) -> dict[str, str]:
    """A problem as JSON."""
    return {
        "code": problem.code.value,
        "severity": problem.severity.value,
        "where": problem.where,
        "what": problem.text,
        "found": problem.found,
    }


def _refuse_input(path: Path, catalog: Catalog) -> None:
    """Nothing that was read is ever written to."""
    if not path.is_file():
        return
    sources = {info.source.path for series in catalog.series for info in series.slices}
    if any(source.exists() and path.samefile(source) for source in sources):
        raise ExportError("this is one of the files that were read; choose another name", str(path))


def _encode(text: str) -> bytes:
    # File names that are not valid Unicode carry lone surrogates, which UTF-8 cannot hold.
    return text.encode("utf-8", errors="backslashreplace")
