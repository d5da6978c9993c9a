"""Regions are values: none can be built invalid, and every step is undone exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_factory import NOON, mask_of, masks, region_in, regions
from synthetic_head import make_series

from ichviewer.domain.painted_region import PaintedRegion, RegionStep, SliceMask, names_no_slices, of_series
from ichviewer.domain.series import SeriesKey

SQUARE = np.ones((2, 2), dtype=bool)


@given(masks())
def test_a_slice_mask_gives_back_its_pixels(mask):
    kept = mask_of("1.2", mask)
    assert np.array_equal(kept.mask(), mask) and kept.n_pixels == np.count_nonzero(mask)


@pytest.mark.parametrize(
    "changes",
    [{"sop_uid": ""}, {"pixel_hash": ""}, {"frame": -1}, {"rows": 3}, {"columns": 0}, {"runs": b"\4\0\0\0"}],
)
def test_a_slice_mask_cannot_be_built_invalid(changes):
    with pytest.raises(ValueError, match="Received"):
        replace(mask_of("1.2", SQUARE), **changes)


@pytest.mark.parametrize("changes", [{"id": ""}, {"masks": ()}, {"modified": NOON - timedelta(1)}])
def test_a_region_cannot_be_built_invalid(changes):
    region = PaintedRegion("r", SeriesKey("1", "2"), (mask_of("1.2", SQUARE),), NOON, NOON)
    with pytest.raises(ValueError, match="Received"):
        replace(region, **changes)


def test_a_region_has_one_mask_for_a_slice():
    one = mask_of("1.2", SQUARE)
    with pytest.raises(ValueError, match="each once"):
        PaintedRegion("r", SeriesKey("1", "2"), (one, one), NOON, NOON)


def test_the_digest_tells_masks_of_other_slices_and_pixels_apart():
    one = mask_of("1.2", SQUARE)
    others = [mask_of("1.3", SQUARE), mask_of("1.2", SQUARE, pixel_hash="q"), mask_of("1.2", SQUARE, frame=1)]
    assert len({mask.digest for mask in (one, *others)}) == 4
    assert one.digest == SliceMask.of(("1.2", 0), "p", SQUARE).digest


@given(st.data())
def test_any_steps_are_undone_exactly(data):
    state, states, steps = {}, [{}], []
    for _ in range(data.draw(st.integers(1, 8))):
        name = data.draw(st.sampled_from("abc"))
        after = data.draw(st.none() | regions(region_id=name))
        if state.get(name) == after:
            continue
        steps.append(RegionStep(state.get(name), after))
        state = steps[-1].apply(state)
        states.append(state)
    for step, before in zip(reversed(steps), reversed(states[:-1]), strict=True):
        state = step.inverse.apply(state)
        assert state == before


def test_a_step_refuses_regions_that_it_was_not_made_for():
    series = make_series(2)
    one = region_in(series, {0: SQUARE})
    with pytest.raises(ValueError, match="made for"):
        RegionStep(None, one).apply({one.id: replace(one, name="other")})


def test_parts_of_a_series_are_told_apart_by_their_slices():
    whole = make_series(4)
    region = region_in(whole, {0: SQUARE})
    other_part = replace(whole, slices=whole.slices[2:], key=replace(whole.key, part=1))
    assert of_series(region, whole) and not of_series(region, other_part)
    assert not of_series(region, replace(whole, key=SeriesKey("9", whole.key.series_uid)))


def test_series_whose_slices_have_no_names_of_their_own_are_refused():
    series = make_series(3)
    assert names_no_slices(series) == ""
    nameless = replace(series.slices[1], sop_uid="")
    assert "no SOP Instance UID" in names_no_slices(replace(series, slices=(series.slices[0], nameless)))
    assert "one SOP Instance UID" in names_no_slices(replace(series, slices=series.slices[:1] * 2))
