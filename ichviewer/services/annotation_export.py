"""Annotations and what was measured, as CSV for tables and as JSON that reads back to equal values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from ichviewer import __version__
from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.measured import Measured, Quantity
from ichviewer.domain.annotation.place import OnReformat, OnSlice
from ichviewer.domain.annotation.record import from_record, measured_from, measured_record, to_record
from ichviewer.domain.series import PatientInfo
from ichviewer.errors import ReadError
from ichviewer.services.csv_cells import csv_line, text_cell
from ichviewer.services.outputs import Inputs, write_outputs
from ichviewer.services.region_export import ExportedRegion, region_cells, region_from, region_record
from ichviewer.services.write_findings import encode_csv, json_bytes
from ichviewer.small_text import read_small_text

T = TypeVar("T")

FORMAT = 2
"""2: reformats say their slab. 1 is read as well."""
_KNOWN_FORMATS = (1, FORMAT)

PATIENT_COLUMNS = {
    "patient_id": "Patient ID (0010,0020)",
    "patient_name": "Patient's Name (0010,0010), readable",
    "patient_birth_date": "Patient's Birth Date (0010,0030), YYYY-MM-DD",
    "patient_sex": "Patient's Sex (0010,0040)",
}
"""Columns that stand first where patient data are asked for, and what they hold."""

COLUMNS = {
    "id": "names the annotation for good; its quantities are on one row each",
    "kind": "such as length, midline_shift or ellipse (`ichviewer.domain.annotation.base.Kind`), or region",
    "quantity": "what was measured; empty where nothing was",
    "value": "of the quantity, a decimal point, 6 significant digits",
    "unit": "mm, px, mm2, px2, deg, mL, HU, stored value, pixels or slices",
    "side": "R or L: where the midline is shifted to",
    "notes": "what has to be said beside the numbers, as codes, with ; between",
    "label": "words beside the annotation",
    "author": "who drew it, as told",
    "created": "when it was drawn, ISO 8601 in UTC",
    "modified": "when it was changed last, ISO 8601 in UTC",
    "study_uid": "Study Instance UID (0020,000D)",
    "series_uid": "Series Instance UID (0020,000E)",
    "sop_uid": "SOP Instance UID (0008,0018); empty on a reformat",
    "frame_number": "frame of the file, from 1; empty on a reformat",
    "frame_of_reference_uid": "Frame of Reference UID (0020,0052) of a reformat",
    "coordinates": "patient_mm (x to the left, y to the back, z to the head) or slice_px (row, column from 0)",
    "points": "all points, such as (1.5 -2 0) (3 4 0), 6 significant digits",
    "pixel_hash": "of the pixels it was drawn on",
    "plane_point": "of a reformat: its middle in patient mm, such as (1.5 -2 0)",
    "plane_right": "of a reformat: where its columns grow to, a unit vector",
    "plane_down": "of a reformat: where its rows grow to, a unit vector",
    "slab_mm": "of a reformat: thickness of the slab in mm, 0 for the plane alone",
    "slab_mode": "of a slab: mean, maximum or minimum",
}
"""Columns of the CSV, and what they hold."""

# Some 40,000 lengths, or regions of thousands of slices.
_LARGEST_BYTES = 64 << 20


@dataclass(frozen=True)
class ExportedAnnotation:
    """An annotation, and what was measured from it.

    Parameters
    ----------
    annotation : Annotation
    measured : Measured or None
        None where it was not measured, because its image was not at hand.
    patient : PatientInfo or None
        Written only where it is given: the caller asks for patient data by giving them.
    """

    annotation: Annotation
    measured: Measured | None = None
    patient: PatientInfo | None = None

    def __post_init__(self) -> None:
        measured = self.measured
        if measured is not None and (measured.annotation_id, measured.kind, measured.pixel_hash) != (
            self.annotation.id,
            self.annotation.kind,
            self.annotation.drawn_on.pixel_hash,
        ):
            raise ValueError(
                "what is exported was measured from this annotation on the pixels it was drawn on. "
                f"Received: {measured.annotation_id} {measured.kind} on {measured.pixel_hash}"
            )


def write_annotations(
    exported: Sequence[ExportedAnnotation],
    csv_path: Path | None,
    json_path: Path | None,
    inputs: Inputs,
    *,
    regions: Sequence[ExportedRegion] = (),
    now: datetime | None = None,
) -> int:
    """Write the CSV and the JSON: both or none.

    Labels and authors are written as they were typed; nothing else in the files names a person unless patients are
    given.

    Parameters
    ----------
    exported : sequence of ExportedAnnotation
    regions : sequence of ExportedRegion
    csv_path, json_path, inputs, now
        As for `ichviewer.services.write_findings.write_report`, and so is what is returned and raised.
    """
    text, rows = annotations_csv(exported, regions)
    content = _content(exported, regions, now or datetime.now(UTC))
    write_outputs([(csv_path, encode_csv(text)), (json_path, json_bytes(content))], inputs)
    return rows


def annotations_csv(
    exported: Sequence[ExportedAnnotation], regions: Sequence[ExportedRegion] = ()
) -> tuple[str, int]:
    """The CSV as text, and its number of rows.

    One row for every quantity, and one for every annotation without any; `COLUMNS` says what is in them. Regions come
    last, with a row for each of their slices too.
    """
    with_patients = any(e.patient is not None for e in exported)
    names = (*(PATIENT_COLUMNS if with_patients else ()), *COLUMNS)
    lines = [csv_line(cells) for e in exported for cells in _rows(e, with_patients=with_patients)]
    lines += [csv_line([cells.get(name, "") for name in names]) for r in regions for cells in region_cells(r)]
    return csv_line(names) + "".join(lines), len(lines)


def read_annotations(path: Path) -> tuple[ExportedAnnotation, ...]:
    """The annotations of a JSON that `write_annotations` wrote.

    Raises
    ------
    ReadError
        If it cannot be read, is none, or holds anything that is no annotation: nothing of it is used then.
    """
    return _read_parts(path, _read_content(path), "annotations", _read_entry)


def read_regions(path: Path) -> tuple[ExportedRegion, ...]:
    """The painted regions of a JSON that `write_annotations` wrote; errors as for `read_annotations`."""
    return _read_parts(path, {"regions": (), **_read_content(path)}, "regions", region_from)


def _read_content(path: Path) -> dict[str, Any]:
    try:
        content: Any = json.loads(read_small_text(path, _LARGEST_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise ReadError("the annotations cannot be read", str(path), str(error)) from error
    version = content.get("format") if isinstance(content, dict) else None
    if not isinstance(content, dict) or version not in _KNOWN_FORMATS or isinstance(version, bool):
        raise ReadError(
            "this is not a file of annotations that this program knows", str(path), f"{version!r}"
        )
    return content


def _read_parts(path: Path, content: dict[str, Any], name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    try:
        return tuple(map(read, content[name]))
    except (KeyError, TypeError, ValueError) as error:
        raise ReadError("the file holds something that is no annotation", str(path), str(error)) from error


def _read_entry(entry: dict[str, Any]) -> ExportedAnnotation:
    measured, patient = entry["measured"], entry.get("patient")
    return ExportedAnnotation(
        from_record(entry["annotation"]),
        None if measured is None else measured_from(measured),
        None if patient is None else _patient(**patient),
    )


def _patient(*, id: str, name: str, birth_date: str, sex: str, age_years: float | None) -> PatientInfo:
    texts = (id, name, birth_date, sex)
    if not all(isinstance(text, str) for text in texts) or not isinstance(age_years, int | float | None):
        raise ValueError(f"this is no patient. Received: {texts}, {age_years!r}")
    return PatientInfo(*texts, age_years)


def _content(
    exported: Sequence[ExportedAnnotation], regions: Sequence[ExportedRegion], now: datetime
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "notice": DISCLAIMER,
        "app": {"name": "ichviewer", "version": __version__},
        "time": now.isoformat(timespec="seconds"),
        "annotations": [_entry(e) for e in exported],
        "regions": [region_record(r) for r in regions],
    }


def _entry(exported: ExportedAnnotation) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "annotation": to_record(exported.annotation),
        "measured": None if exported.measured is None else measured_record(exported.measured),
    }
    if exported.patient is not None:
        entry["patient"] = asdict(exported.patient)
    return entry


def _rows(exported: ExportedAnnotation, *, with_patients: bool) -> Iterator[list[str]]:
    measured = exported.measured
    quantities: Sequence[Quantity | None] = (measured.quantities if measured else ()) or (None,)
    patient = exported.patient or PatientInfo()
    who = [patient.id, patient.name, patient.birth_date, patient.sex] if with_patients else []
    for quantity in quantities:
        yield [*map(text_cell, who), *_row(exported.annotation, measured, quantity)]


def _row(annotation: Annotation, measured: Measured | None, quantity: Quantity | None) -> list[str]:
    place, series = annotation.drawn_on.place, annotation.drawn_on.series
    if isinstance(place, OnSlice):
        where, plane = [text_cell(place.sop_uid), str(place.frame + 1), ""], [""] * 5
    else:
        where, plane = ["", "", text_cell(place.frame_of_reference_uid)], _plane_cells(place)
    return [
        text_cell(annotation.id),
        annotation.kind.value,
        quantity.name.value if quantity else "",
        f"{quantity.value + 0.0:.6g}" if quantity else "",
        quantity.unit.value if quantity else "",
        measured.side.value if measured and measured.side else "",
        ";".join(note.value for note in measured.notes) if measured else "",
        text_cell(annotation.label),
        text_cell(annotation.author),
        annotation.created.astimezone(UTC).isoformat(),
        annotation.modified.astimezone(UTC).isoformat(),
        text_cell(series.study_uid),
        text_cell(series.series_uid),
        *where,
        annotation.coordinates.value,
        " ".join(map(_point_cell, annotation.points)),
        text_cell(annotation.drawn_on.pixel_hash),
        *plane,
    ]


def _point_cell(point: Sequence[float]) -> str:
    """In brackets, so that no spreadsheet takes a minus for a formula."""
    return f"({' '.join(f'{v + 0.0:.6g}' for v in point)})"


def _plane_cells(place: OnReformat) -> list[str]:
    slab = ["0", ""] if place.slab is None else [f"{place.slab.thickness_mm:g}", place.slab.projection.value]
    return [*(_point_cell(v) for v in (place.center_mm, place.right, place.down)), *slab]
