"""Annotations for tests, on a slice, on a slice without geometry, and on a reformat."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice
from ichviewer.domain.annotation.base import Annotation, new_id
from ichviewer.domain.annotation.kinds import (
    Angle,
    Arrow,
    Bidirectional,
    Ellipse,
    Freehand,
    KeyImage,
    Length,
    MidlineShift,
    Probe,
    Rectangle,
    TextNote,
)
from ichviewer.domain.annotation.place import Coordinates, DrawnOn, OnReformat, OnSlice
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.slab import Projection, Slab

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
SERIES = SeriesKey("1.2", "1.2.3")
HASH = "ab" * 16
IN_MM = DrawnOn(OnSlice("1.2.0"), SERIES, HASH)
IN_PX = DrawnOn(OnSlice("1.2.0", 0, Coordinates.SLICE_PX), SERIES, HASH)
CORONAL = DrawnOn(OnReformat("1.9", (0.0, 10.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)), SERIES, HASH)
SLAB = replace(CORONAL, place=replace(CORONAL.place, slab=Slab(5.0, Projection.MAXIMUM)))
"""The same plane, seen through a slab."""


def make(cls: type[Annotation], points, drawn_on: DrawnOn = IN_MM, **fields) -> Annotation:
    """An annotation of a class; points with two numbers on a slice in mm get z = 0."""
    place = drawn_on.place
    if place.coordinates is Coordinates.PATIENT_MM and isinstance(place, OnSlice):
        points = [(*p, 0.0)[:3] for p in points]
    values = {"id": new_id(), "created": NOON, "modified": NOON, **fields}
    return cls(drawn_on=drawn_on, points=tuple(map(tuple, points)), **values)


def examples(drawn_on: DrawnOn = IN_MM) -> list[Annotation]:
    """One of each kind, with round numbers."""

    def flat(cls: type[Annotation], *points: tuple[float, float], **fields) -> Annotation:
        if isinstance(drawn_on.place, OnReformat):
            return make(cls, [(x, 10.0, -y) for x, y in points], drawn_on, **fields)
        return make(cls, points, drawn_on, **fields)

    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    return [
        flat(Length, (0.0, 0.0), (3.0, 4.0)),
        flat(Bidirectional, (0.0, 0.0), (10.0, 0.0), (5.0, -2.0), (5.0, 3.0)),
        flat(Angle, (5.0, 0.0), (0.0, 0.0), (0.0, 5.0)),
        flat(MidlineShift, (0.0, -60.0), (0.0, 60.0), (4.5, 10.0)),
        flat(Abc2, (0.0, 0.0), (40.0, 0.0), (20.0, -15.0), (20.0, 15.0), slices=(AbcSlice(1, 5),)),
        flat(Ellipse, (8.0, 8.0), (12.0, 8.0), (8.0, 10.0)),
        flat(Rectangle, *square),
        flat(Freehand, *square, (-1.0, 2.0)),
        flat(Probe, (3.0, 2.0)),
        flat(Arrow, (3.0, 2.0), (6.0, 6.0), label="here"),
        flat(TextNote, (3.0, 2.0), label="\u00f6dem =1+1 \u202e\n\ud800"),
        flat(KeyImage, author="Dr. A"),
    ]


coordinates = st.floats(-250, 250).map(lambda v: round(v, 3))
lengths = st.builds(
    lambda x, y, label, drawn: make(
        Length, [(x, y), (x + 5, y + 12)], drawn, label=label, modified=NOON + timedelta(seconds=1)
    ),
    coordinates,
    coordinates,
    st.text(max_size=8),
    st.sampled_from([IN_MM, IN_PX, replace(IN_MM, place=OnSlice("1.2.1", 3))]),
)
"""Lengths of 13 mm or pixels."""
