"""What a further model says of a series."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.domain.series import SeriesKey

KEY, IDENTITY = SeriesKey("1", "1.2"), "ef" * 16
VOLUME = Output("volume", "Hematoma volume", "Vol", Scope.SERIES, Unit.ML, 1)
SHIFT = Output("shift", "Midline shift", "MLS", Scope.SLICE, Unit.MM, 1)
SPEC = ModelSpec("hematoma", "Hematoma 2.1", (VOLUME, SHIFT))
SEEN = ("ab" * 16, "cd" * 16)
UNKNOWN = NotMeasured("too few slices")


def result(*values, hashes: tuple[str, ...] = SEEN) -> ModelResult:
    return ModelResult(KEY, IDENTITY, SPEC, values, hashes)


def test_values_stand_beside_their_outputs():
    found = result(12.5, (1.0, UNKNOWN))
    assert found.series_values() == ((VOLUME, 12.5),)
    assert found.slice_values() == ((SHIFT, (1.0, UNKNOWN)),)


def test_where_there_is_no_value_the_reason_stands_and_no_number():
    found = ModelResult.none(KEY, IDENTITY, SPEC, UNKNOWN, 2)
    assert found.series_values() == ((VOLUME, UNKNOWN),)
    assert found.slice_values() == ((SHIFT, UNKNOWN),)
    assert str(UNKNOWN) == "not measured: too few slices"
    assert UNKNOWN.code == "not_measured"


@pytest.mark.parametrize(
    "values",
    [
        (12.5,),
        (-1.0, (1.0, 2.0)),
        ((1.0, 2.0), (1.0, 2.0)),
        (12.5, 3.0),
        (12.5, (1.0,)),
        (12.5, (1.0, -2.0)),
        (float("nan"), (1.0, 2.0)),
    ],
)
def test_values_that_do_not_fit_the_outputs_are_refused(values):
    with pytest.raises(ValueError, match="Received"):
        result(*values)


def test_a_value_of_a_slice_needs_the_hash_of_its_pixels():
    with pytest.raises(ValueError, match="not looked at"):
        result(12.5, (1.0, 2.0), hashes=(SEEN[0], ""))
    assert result(12.5, (1.0, UNKNOWN), hashes=(SEEN[0], "")).values[0] == 12.5


@pytest.mark.parametrize("why", ["", " ", "two\nlines"])
def test_a_reason_is_a_line(why):
    with pytest.raises(ValueError, match="Received"):
        NotMeasured(why)


def test_it_knows_the_pixels_that_it_was_computed_from():
    found = result(12.5, UNKNOWN, hashes=(SEEN[0], ""))
    assert not found.saw_other(0, SEEN[0])
    assert found.saw_other(0, SEEN[1])
    assert found.saw_other(0, "")
    assert not found.saw_other(1, SEEN[1])  # it never looked at this slice


def test_dropped_results_keep_the_model_and_lose_the_numbers():
    dropped = result(12.5, (1.0, 2.0)).without(UNKNOWN)
    assert (dropped.spec, dropped.values, dropped.pixel_hashes) == (SPEC, (UNKNOWN, UNKNOWN), ("", ""))


def test_results_of_another_series_or_twice_of_one_model_are_no_part_of_findings():
    slices = (SliceFinding(Status.ANALYSED, (0.1,) * 6),) * 2
    found = result(12.5, UNKNOWN)
    assert SeriesFindings(KEY, slices, IDENTITY, (found,)).further == (found,)
    for wrong in (
        (replace(found, key=SeriesKey("1", "1.3")),),
        (replace(found, series="01" * 16),),
        (found, found),
    ):
        with pytest.raises(ValueError, match="Received"):
            SeriesFindings(KEY, slices, IDENTITY, wrong)
