"""Look at every pixel once: which values a series holds, and which slices cannot be decoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ichviewer.dicom.compare import ReadSlice
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import DecodeError, FileChangedError, ReadError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.write_findings import problem_json


@dataclass(frozen=True)
class PixelReport:
    """What decoding all slices of a series showed.

    Parameters
    ----------
    range_hu : tuple of float or None
        Lowest and highest value outside padding: HU for CT, the rescaled value for others. None if nothing decoded.
    decoded : int
        How many slices could be decoded.
    problems : tuple of Problem
        What was found while decoding.
    """

    range_hu: tuple[float, float] | None
    decoded: int
    problems: tuple[Problem, ...]


def scan_pixels(
    catalog: Catalog,
    read_slice: ReadSlice,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> dict[SeriesKey, PixelReport]:
    """Decode every slice of a catalog, one at a time.

    Parameters
    ----------
    catalog : Catalog
    read_slice : callable
        Decodes a slice (see `ichviewer.services.decoder.Decoder.read_slice`).
    progress : Progress
    cancel : CancelToken, optional

    Raises
    ------
    Cancelled
    """
    total = sum(len(series) for series in catalog.series)
    done = 0
    reports = {}
    for series in catalog.series:
        ranges: list[tuple[float, float]] = []
        problems: list[Problem] = []
        decoded = 0
        for info in series.slices:
            progress(done, total, f"decoding {info.source.path.name}")
            if cancel is not None:
                cancel.check()
            done += 1
            try:
                result = read_slice(info)
            except (DecodeError, ReadError) as error:
                problems.append(unreadable_slice(error, str(info.source)))
                continue
            decoded += 1
            problems += result.problems
            found = result.image.hu_range()
            if found is not None:
                ranges.append(found)
        span = (min(r[0] for r in ranges), max(r[1] for r in ranges)) if ranges else None
        reports[series.key] = PixelReport(span, decoded, tuple(dict.fromkeys(problems)))
    return reports


def unreadable_slice(error: DecodeError | ReadError, where: str) -> Problem:
    """The problem that a slice has whose pixels cannot be had."""
    if isinstance(error, DecodeError):
        code = ProblemCode.DECODE_FAILED
    elif isinstance(error, FileChangedError):
        code = ProblemCode.FILE_CHANGED
    else:
        code = ProblemCode.UNREADABLE_FILE
    return Problem(code, where, f"{error.what}; {error.found}" if error.found else error.what)


def slice_problems(series: Series) -> tuple[Problem, ...]:
    """What the headers of a series' slices have wrong, each once."""
    return tuple(dict.fromkeys(p for info in series.slices for p in info.problems))


def to_json(catalog: Catalog, pixels: Mapping[SeriesKey, PixelReport]) -> dict[str, Any]:
    """Everything a scan found, as JSON.

    ``range_hu`` is there for CT, ``range_values`` for others, whose values are no HU. Series that were not decoded
    have neither.
    """
    return {
        "format": 1,
        "studies": [
            {
                "study_uid": study.info.uid,
                "date": study.info.date,
                "time": study.info.time,
                "description": study.info.description,
                "accession": study.info.accession,
                "patient": {
                    "id": study.patient.id,
                    "name": study.patient.name,
                    "birth_date": study.patient.birth_date,
                    "sex": study.patient.sex,
                },
                "series": [_series_json(series, pixels.get(series.key)) for series in study.series],
            }
            for study in catalog.studies
        ],
        "problems": [problem_json(p) for p in catalog.problems],
    }


def _series_json(series: Series, report: PixelReport | None) -> dict[str, Any]:
    first = series.slices[0]
    refused = refusal(series)
    positions = series.positions_mm()
    return {
        "series_uid": series.key.series_uid,
        "part": series.key.part,
        "number": series.number,
        "description": series.description,
        "modality": series.modality,
        "image_type": list(series.image_type),
        "slices": len(series),
        "rows": first.rows,
        "columns": first.columns,
        "spacing_mm": None if first.spacing is None else [first.spacing.row_mm, first.spacing.column_mm],
        "sorted_by": series.sort_basis.value,
        "positions_mm": None if positions is None else [round(p, 3) for p in positions],
        "range_hu" if series.modality == "CT" else "range_values": None
        if report is None or report.range_hu is None
        else list(report.range_hu),
        "decoded": None if report is None else report.decoded,
        "analysable": refused is None,
        "why_not": None if refused is None else problem_json(refused),
        "files": [str(info.source) for info in series.slices],
        "problems": [
            problem_json(p)
            for p in (*series.problems, *slice_problems(series), *(() if report is None else report.problems))
        ],
    }
