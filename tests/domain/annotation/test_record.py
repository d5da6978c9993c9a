"""Records give back equal values, and what is no record is refused with words."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from annotation_factory import CORONAL, HASH, IN_MM, IN_PX, SLAB, examples, lengths, make
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.annotation.kinds import Length
from ichviewer.domain.annotation.measured import Measured, Name, Note, Quantity, Side, Unit
from ichviewer.domain.annotation.place import OnSlice
from ichviewer.domain.annotation.record import from_record, measured_from, measured_record, to_record


def there_and_back(annotation):
    return from_record(json.loads(json.dumps(to_record(annotation))))


@pytest.mark.parametrize("annotation", [a for d in (IN_MM, IN_PX, CORONAL, SLAB) for a in examples(d)])
def test_every_kind_on_every_place_comes_back_equal(annotation):
    assert there_and_back(annotation) == annotation


@given(lengths)
def test_any_numbers_and_words_come_back_equal(annotation):
    assert there_and_back(annotation) == annotation


def test_times_come_back_to_the_microsecond_and_in_any_zone():
    at = datetime(2026, 3, 4, 5, 6, 7, 891234, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    annotation = make(Length, [(0, 0), (1, 0)], created=at, modified=at)
    assert there_and_back(annotation).created.astimezone(UTC) == datetime(
        2026, 3, 3, 23, 21, 7, 891234, tzinfo=UTC
    )


def test_frames_are_counted_from_1_in_records():
    drawn = dataclasses.replace(IN_MM, place=OnSlice("1.2", 4))
    assert to_record(make(Length, [(0, 0), (1, 0)], drawn))["drawn_on"]["frame_number"] == 5


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "circle"},
        {"id": 7},
        {"points": [[0, 0, 0]]},
        {"points": [[0, 0, "0"], [1, 0, 0]]},
        {"points": [[0, 0, True], [1, 0, 0]]},
        {"points": None},
        {"created": "yesterday"},
        {"created": 5},
        {"coordinates": "mm"},
        {"drawn_on": {}},
        {"drawn_on": None},
        {"label": None},
    ],
)
def test_what_is_no_record_is_refused(change):
    record = {**to_record(make(Length, [(0, 0), (1, 0)])), **change}
    with pytest.raises(ValueError, match=r"\S"):
        from_record(record)


@pytest.mark.parametrize("change", [{"place": "volume"}, {"frame_number": 0}, {"frame_number": 1.5}])
def test_what_is_no_place_is_refused(change):
    record = to_record(make(Length, [(0, 0), (1, 0)]))
    record["drawn_on"].update(change)
    with pytest.raises(ValueError, match="Received"):
        from_record(record)


def test_a_reformat_in_pixels_is_refused():
    record = to_record(make(Length, [(0, 10, 0), (1, 10, 0)], CORONAL))
    with pytest.raises(ValueError, match="reformat in mm"):
        from_record({**record, "coordinates": "slice_px", "points": [[0, 0], [1, 0]]})


def test_a_reformat_of_before_there_were_slabs_is_the_plane_alone():
    drawn = make(Length, [(0, 10, 0), (1, 10, 0)], CORONAL)
    record = to_record(drawn)
    assert record["drawn_on"].pop("slab") is None
    assert from_record(record) == drawn


@pytest.mark.parametrize(
    "slab",
    [
        5,
        {},
        {"thickness_mm": 5},
        {"thickness_mm": 60, "projection": "mean"},
        {"thickness_mm": 5, "projection": "median"},
        {"thickness_mm": True, "projection": "mean"},
    ],
)
def test_what_is_no_slab_is_refused(slab):
    record = to_record(make(Length, [(0, 10, 0), (1, 10, 0)], SLAB))
    record["drawn_on"]["slab"] = slab
    with pytest.raises(ValueError, match=r"\S"):
        from_record(record)


def test_what_was_measured_comes_back_equal():
    measured = Measured(
        "1",
        Kind.MIDLINE_SHIFT,
        HASH,
        (Quantity(Name.SHIFT, 4.1, Unit.MM),),
        Side.LEFT,
        (Note.ESTIMATED_SPACING,),
    )
    for value in (measured, dataclasses.replace(measured, quantities=(), side=None, notes=())):
        assert measured_from(json.loads(json.dumps(measured_record(value)))) == value
    with pytest.raises(ValueError, match="no record"):
        measured_from({})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_to_the_last_bit(value):
    measured = Measured("1", Kind.LENGTH, HASH, (Quantity(Name.LENGTH, value, Unit.MM),))
    back = measured_from(json.loads(json.dumps(measured_record(measured))))
    assert back.quantities[0].value.hex() == value.hex()
