"""Annotations and what was measured as plain records of texts, numbers and lists, and back: equal values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from ichviewer.domain.annotation import kinds
from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice
from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measured import Measured, Name, Note, Quantity, Side, Unit
from ichviewer.domain.annotation.place import Coordinates, DrawnOn, OnReformat, OnSlice, Place, Point
from ichviewer.domain.geometry import Vector
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.slab import Projection, Slab

Record = dict[str, Any]
T = TypeVar("T")

CLASSES: dict[Kind, type[Annotation]] = {
    cls.kind: cls
    for cls in (
        kinds.Length,
        kinds.Bidirectional,
        kinds.Angle,
        kinds.MidlineShift,
        Abc2,
        kinds.Ellipse,
        kinds.Rectangle,
        kinds.Freehand,
        kinds.Probe,
        kinds.Arrow,
        kinds.TextNote,
        kinds.KeyImage,
    )
}
"""The class of each kind."""


def to_record(annotation: Annotation) -> Record:
    """An annotation as JSON can hold it. Frames are counted from 1 there, as DICOM does (PS3.3 C.7.6.16)."""
    drawn = annotation.drawn_on
    record: Record = {
        "id": annotation.id,
        "kind": annotation.kind.value,
        "drawn_on": {
            **_place_record(drawn.place),
            "study_uid": drawn.series.study_uid,
            "series_uid": drawn.series.series_uid,
            "series_part": drawn.series.part,
            "pixel_hash": drawn.pixel_hash,
        },
        "coordinates": annotation.coordinates.value,
        "points": [list(map(float, point)) for point in annotation.points],
        "created": annotation.created.isoformat(),
        "modified": annotation.modified.isoformat(),
        "author": annotation.author,
        "label": annotation.label,
    }
    if isinstance(annotation, Abc2):
        record["slices"] = [{"area_share": s.area_share, "extent_mm": s.extent_mm} for s in annotation.slices]
    return record


def from_record(record: Mapping[str, Any]) -> Annotation:
    """The annotation of a record.

    Raises
    ------
    ValueError
        If it is none.
    """
    return _read(_annotation, record)


def measured_record(measured: Measured) -> Record:
    """What was measured as JSON can hold it."""
    return {
        "annotation_id": measured.annotation_id,
        "kind": measured.kind.value,
        "pixel_hash": measured.pixel_hash,
        "quantities": [
            {"name": q.name.value, "value": q.value, "unit": q.unit.value} for q in measured.quantities
        ],
        "side": None if measured.side is None else measured.side.value,
        "notes": [note.value for note in measured.notes],
    }


def measured_from(record: Mapping[str, Any]) -> Measured:
    """What was measured, of a record.

    Raises
    ------
    ValueError
        If it is none.
    """
    return _read(_measured, record)


def _read(build: Callable[[Mapping[str, Any]], T], record: Mapping[str, Any]) -> T:
    try:
        return build(record)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"this is no record. Received: {type(error).__name__} {error}") from error


def _annotation(record: Mapping[str, Any]) -> Annotation:
    drawn = record["drawn_on"]
    series = SeriesKey(_text(drawn["study_uid"]), _text(drawn["series_uid"]), _whole(drawn["series_part"]))
    fields: dict[str, Any] = {}
    kind = Kind(record["kind"])
    if kind is Kind.ABC2:
        fields["slices"] = tuple(
            AbcSlice(_number(s["area_share"]), None if s["extent_mm"] is None else _number(s["extent_mm"]))
            for s in record["slices"]
        )
    return CLASSES[kind](
        id=_text(record["id"]),
        drawn_on=DrawnOn(_place(drawn, record["coordinates"]), series, _text(drawn["pixel_hash"])),
        points=tuple(_point(point) for point in record["points"]),
        created=datetime.fromisoformat(record["created"]),
        modified=datetime.fromisoformat(record["modified"]),
        author=_text(record["author"]),
        label=_text(record["label"]),
        **fields,
    )


def _measured(record: Mapping[str, Any]) -> Measured:
    return Measured(
        _text(record["annotation_id"]),
        Kind(record["kind"]),
        _text(record["pixel_hash"]),
        tuple(Quantity(Name(q["name"]), _number(q["value"]), Unit(q["unit"])) for q in record["quantities"]),
        None if record["side"] is None else Side(record["side"]),
        tuple(Note(note) for note in record["notes"]),
    )


def _place_record(place: Place) -> Record:
    if isinstance(place, OnSlice):
        return {"place": "slice", "sop_uid": place.sop_uid, "frame_number": place.frame + 1}
    return {
        "place": "reformat",
        "frame_of_reference_uid": place.frame_of_reference_uid,
        "center_mm": list(map(float, place.center_mm)),
        "right": list(map(float, place.right)),
        "down": list(map(float, place.down)),
        "slab": None if place.slab is None else _slab_record(place.slab),
    }


def _slab_record(slab: Slab) -> Record:
    return {"thickness_mm": float(slab.thickness_mm), "projection": slab.projection.value}


def _slab(record: Mapping[str, Any] | None) -> Slab | None:
    if record is None:
        return None
    return Slab(_number(record["thickness_mm"]), Projection(record["projection"]))


def _place(drawn: Mapping[str, Any], coordinates: str) -> Place:
    if drawn["place"] == "slice":
        return OnSlice(_text(drawn["sop_uid"]), _whole(drawn["frame_number"]) - 1, Coordinates(coordinates))
    if drawn["place"] != "reformat" or Coordinates(coordinates) is not Coordinates.PATIENT_MM:
        raise ValueError(
            f"a place is a slice, or a reformat in mm. Received: {drawn['place']!r}, {coordinates}"
        )
    return OnReformat(
        _text(drawn["frame_of_reference_uid"]),
        _vector(drawn["center_mm"]),
        _vector(drawn["right"]),
        _vector(drawn["down"]),
        # Records of before planes had slabs hold none.
        _slab(drawn.get("slab")),
    )


def _point(values: Any) -> Point:
    return tuple(_number(v) for v in values)


def _vector(values: Any) -> Vector:
    x, y, z = values
    return _number(x), _number(y), _number(z)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
