"""Write the findings: the table, and beside it a JSON that says how they came about; both or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from ichviewer import __version__
from ichviewer.disclaimer import DISCLAIMER, NOT_NEGATIVE
from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.inference.model_card import ModelCard
from ichviewer.printable import printable
from ichviewer.services.atomic_file import is_stream
from ichviewer.services.export import (
    Findings,
    Tally,
    columns,
    findings_of,
    further_models,
    table_lines,
    tally,
)
from ichviewer.services.further_json import model_json, result_json
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.services.table_format import TableFormat, encode_table

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
    table_path: Path | None,
    sidecar: Path | None,
    inputs: Inputs,
    *,
    now: datetime | None = None,
    form: TableFormat = TableFormat.CSV,
) -> int:
    """Write the table and the JSON that says how it came about: both or none.

    Parameters
    ----------
    report : Report
    table_path, sidecar : Path or None
        None for what is not wanted.
    inputs : Inputs
        What was read; none of it is written to, and no file that the catalog names.
    now : datetime, optional
        Time to record; the present unless told.
    form : TableFormat
        Of the table.

    Returns
    -------
    int
        Number of rows of the table.

    Raises
    ------
    ExportError
        If one cannot be written, or is a file that was read. The old files are whole then. Or if the package that
        writes the format is missing.
    """
    models = further_models(report.findings)
    lines = table_lines(report.catalog, report.findings, report.used_point, models)
    table = b"".join(encode_table(form, columns(models), [lines]))
    content = _sidecar(report, WrittenTable.of(form, table_path, table), now or datetime.now(UTC))
    write_outputs(
        [(table_path, table), (sidecar, json_bytes(content))],
        inputs.with_model(report.card).with_catalog(report.catalog),
    )
    return len(lines)


def sidecar_path(csv_path: Path) -> Path | None:
    """Where the JSON of a CSV lies unless told otherwise: ``findings.csv.json`` beside ``findings.csv``.

    None for a device or a pipe, beside which nothing may lie.
    """
    return None if is_stream(csv_path) else csv_path.with_name(csv_path.name + SIDECAR_SUFFIX)


@dataclass(frozen=True)
class WrittenTable:
    """The table that a JSON stands beside.

    Parameters
    ----------
    form : TableFormat
    name : str or None
        Name of its file; None where there is no table.
    sha256 : str or None
        Says whether a table of that name is still the one the JSON was written with.
    """

    form: TableFormat
    name: str | None
    sha256: str | None

    @classmethod
    def of(cls, form: TableFormat, path: Path | None, table: bytes) -> WrittenTable:
        """That of a table in memory."""
        if path is None:
            return cls(form, None, None)
        return cls(form, path.name, hashlib.sha256(table).hexdigest())

    def to_json(self) -> dict[str, Any]:
        """Its part of the JSON."""
        empty = {"csv": None, "csv_sha256": None} if self.form is not TableFormat.CSV else {}
        return {**empty, self.form.value: self.name, f"{self.form.value}_sha256": self.sha256}


def _sidecar(report: Report, table: WrittenTable, now: datetime) -> dict[str, Any]:
    used, rule = report.used_point, report.card.series_rule
    return {
        **sidecar_head(
            report.card,
            report.engine,
            used,
            table,
            further=[model_json(spec) for spec in further_models(report.findings)],
            counts=tally(report.catalog, report.findings),
            now=now,
            seconds=report.seconds,
        ),
        "series": [
            series_json(series, _result_of(series, report.findings), used, rule)
            for series in report.catalog.series
        ],
        "problems": [problem_json(p) for p in report.catalog.problems],
    }


def sidecar_head(
    card: ModelCard,
    engine: str,
    point: OperatingPoint,
    table: WrittenTable,
    *,
    further: Sequence[Mapping[str, Any]],
    counts: Tally,
    now: datetime,
    seconds: float | None,
) -> dict[str, Any]:
    """What the JSON says before its lists of series and problems.

    Parameters
    ----------
    card : ModelCard
    engine : str
        Name of the engine that ran; empty where none did.
    point : OperatingPoint
        Thresholds in use.
    table : WrittenTable
    further : sequence of mapping
        Further models, as `ichviewer.services.further_json.model_json` gives them.
    counts : Tally
    now : datetime
    seconds : float or None
        How long reading and analysis took.
    """
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
        "further_models": list(further),
        "operating_point": point.name,
        "thresholds": dict(zip(card.spec.columns(), point.thresholds, strict=True)),
        # How "whole_series" below comes from the slices.
        "series_answer": "highest slice" if card.series_rule is None else "pooled over the analyzed slices",
        "series_rule": None if card.series_rule is None else asdict(card.series_rule),
        "time": now.isoformat(timespec="seconds"),
        "seconds": None if seconds is None else round(seconds, 3),
        **table.to_json(),
        "tally": asdict(counts),
        "decoders": decoder_versions(),
    }


def decoder_versions() -> dict[str, str | None]:
    """Versions of the packages that turn files into the pixels that were judged."""
    return {name: _version(name) for name in _DECODERS}


def _result_of(series: Series, findings: Findings) -> SeriesFindings:
    return findings.get(series.key) or SeriesFindings(series.key, findings_of(series, findings))


def _version(package: str) -> str | None:
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return None  # a packaged program may carry the code without its metadata


def series_json(
    series: Series, result: SeriesFindings, point: OperatingPoint, rule: SeriesRule | None
) -> dict[str, Any]:
    """What the JSON says of a series.

    Parameters
    ----------
    series : Series
    result : SeriesFindings
        Of this series.
    point : OperatingPoint
        Thresholds in use.
    rule : SeriesRule or None
        The model's.
    """
    slices = result.slices
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
        "further": [result_json(further) for further in result.further],
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
