"""Write the findings: the CSV, and beside it a JSON that says how they came about; both or none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from ichviewer import __version__
from ichviewer.disclaimer import DISCLAIMER, NOT_NEGATIVE
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.model_result import ModelResult
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.inference.model_card import ModelCard
from ichviewer.printable import printable
from ichviewer.services.atomic_file import is_stream
from ichviewer.services.export import Findings, csv_text, findings_of, further_models, tally
from ichviewer.services.further_json import model_json, result_json
from ichviewer.services.outputs import Inputs, write_outputs

SIDECAR_FORMAT = 1
SIDECAR_SUFFIX = ".json"

_DECODERS = ("pydicom", "numpy", "pillow", "pylibjpeg", "pylibjpeg-openjpeg", "pylibjpeg-rle", "imagecodecs")
"""Packages that turn files into the pixels that were judged."""


@dataclass(frozen=True, eq=False)
class Report:
    """Everything that is written of an analysis.

    Parameters
    ----------
    catalog : Catalog
    findings : mapping of SeriesKey to SeriesFindings
        Series that are not in it are written as not analysed.
    card : ModelCard
    engine : str
        Name of the engine that ran the model.
    point : OperatingPoint, optional
        Thresholds for ``flagged``; the model's default unless told.
    seconds : float, optional
        How long reading and analysis took.
    """

    catalog: Catalog
    findings: Findings
    card: ModelCard
    engine: str
    point: OperatingPoint | None = None
    seconds: float | None = None

    @property
    def used_point(self) -> OperatingPoint:
        """The thresholds in use."""
        return self.point or self.card.point


def write_report(
    report: Report,
    csv_path: Path | None,
    sidecar: Path | None,
    inputs: Inputs,
    *,
    now: datetime | None = None,
) -> int:
    """Write the CSV and the JSON that says how it came about: both or none.

    Parameters
    ----------
    report : Report
    csv_path, sidecar : Path or None
        None for what is not wanted.
    inputs : Inputs
        What was read; none of it is written to, and no file that the catalog names.
    now : datetime, optional
        Time to record; the present unless told.

    Returns
    -------
    int
        Number of rows of the CSV without the header.

    Raises
    ------
    ExportError
        If one cannot be written, or is a file that was read. The old files are whole then.
    """
    text, rows = csv_text(report.catalog, report.findings, report.used_point)
    table = encode_csv(text)
    content = _sidecar(report, csv_path, table, now or datetime.now(UTC))
    write_outputs(
        [(csv_path, table), (sidecar, json_bytes(content))],
        inputs.with_model(report.card).with_catalog(report.catalog),
    )
    return rows


def sidecar_path(csv_path: Path) -> Path | None:
    """Where the JSON of a CSV lies unless told otherwise: ``findings.csv.json`` beside ``findings.csv``.

    None for a device or a pipe, beside which nothing may lie.
    """
    return None if is_stream(csv_path) else csv_path.with_name(csv_path.name + SIDECAR_SUFFIX)


def _sidecar(report: Report, csv_path: Path | None, table: bytes, now: datetime) -> dict[str, Any]:
    used, card, engine = report.used_point, report.card, report.engine
    return {
        "format": SIDECAR_FORMAT,
        "notice": f"{DISCLAIMER} {NOT_NEGATIVE}",
        "app": {"name": "ichviewer", "version": __version__},
        "model": {
            "name": card.name,
            "version": card.version,
            "keras_sha256": card.keras_sha256,
            "litert_sha256": card.litert_sha256 if engine == "litert" else None,
        },
        "engine": engine,
        # Models beside that one; nothing of them is in its probabilities, and its thresholds are not theirs.
        "further_models": [model_json(spec) for spec in further_models(report.findings)],
        "operating_point": used.name,
        "thresholds": dict(zip(report.card.spec.columns(), used.thresholds, strict=True)),
        # How "whole_series" below comes from the slices.
        "series_answer": "highest slice" if card.series_rule is None else "pooled over the analyzed slices",
        "series_rule": None if card.series_rule is None else asdict(card.series_rule),
        "time": now.isoformat(timespec="seconds"),
        "seconds": None if report.seconds is None else round(report.seconds, 3),
        "csv": None if csv_path is None else csv_path.name,
        # Says whether a CSV of that name is still the one this was written with.
        "csv_sha256": None if csv_path is None else hashlib.sha256(table).hexdigest(),
        "tally": asdict(tally(report.catalog, report.findings)),
        "decoders": {name: _version(name) for name in _DECODERS},
        "series": [
            {
                **_series_json(series, findings_of(series, report.findings), used, card.series_rule),
                "further": [result_json(result) for result in _further(series, report.findings)],
            }
            for series in report.catalog.series
        ],
        "problems": [problem_json(p) for p in report.catalog.problems],
    }


def _further(series: Series, findings: Findings) -> tuple[ModelResult, ...]:
    return findings[series.key].further if series.key in findings else ()


def _version(package: str) -> str | None:
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return None  # a packaged program may carry the code without its metadata


def _series_json(
    series: Series, slices: tuple[SliceFinding, ...], point: OperatingPoint, rule: SeriesRule | None
) -> dict[str, Any]:
    result = SeriesFindings(series.key, slices)
    whole = result.whole(rule)
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
        "whole_series": None
        if whole is None
        else {label.value: round(p, 6) for label, p in zip(LABELS, whole, strict=True)},
        "flagged_slices": [i + 1 for i in result.flagged_slices(point)],
        "problems": [problem_json(p) for p in series.problems],
        "pixels": [
            {"slice_index": i + 1, "sop_uid": series.slices[i].sop_uid, "pixel_hash": s.pixel_hash}
            for i, s in enumerate(slices)
            if s.status is Status.ANALYSED
        ],
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


def json_bytes(content: Any) -> bytes:
    """JSON as UTF-8: valid whatever the texts in it hold, and harmless on a terminal.

    The escapes of `printable` are those of JSON, so file names that are not valid Unicode come back as they were.
    """
    return (printable(json.dumps(content, indent=1, ensure_ascii=False), keep="\n") + "\n").encode("utf-8")


def encode_csv(text: str) -> bytes:
    r"""UTF-8; halves of surrogate pairs, as in file names that are not valid Unicode, as ``\udcff``."""
    return text.encode("utf-8", errors="backslashreplace")
