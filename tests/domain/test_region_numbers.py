"""What regions measure: volumes known by construction, and reasons where there is none."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from region_factory import region_in
from synthetic_head import SIZE, SPACING_MM, make_series

from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.region_edit import brushed, grown, smoothed, smoothed_through
from ichviewer.domain.region_numbers import NoMl, RegionNumbers, measure_region
from ichviewer.domain.series import Series
from ichviewer.domain.voxel_region import VoxelGrid

MIDDLE = SIZE // 2
PIXEL_ML = SPACING_MM**2 / 1000
SQUARE = np.zeros((SIZE, SIZE), dtype=bool)
SQUARE[10:20, 10:20] = True


def ball(series: Series, radius_mm: float, center_mm: float) -> PaintedRegion:
    """A ball painted disc by disc with the brush."""
    found = {}
    for i, info in enumerate(series.slices):
        away = info.plane.position_mm[2] - center_mm
        if abs(away) < radius_mm:
            radius = math.sqrt(radius_mm**2 - away**2)
            empty = np.zeros((SIZE, SIZE), dtype=bool)
            found[i] = brushed(empty, [(MIDDLE, MIDDLE)], radius, info.spacing)
    return region_in(series, {i: mask for i, mask in found.items() if mask.any()})


@pytest.mark.parametrize(
    "positions", [lambda i: 1.5 * i, lambda i: 1.0 * i if i < 20 else 20 + 2.0 * (i - 20)]
)
def test_a_painted_ball_has_its_volume_within_3_percent(positions):
    series = make_series(40, positions_mm=positions)
    radius = 18.0
    numbers = measure_region(ball(series, radius, 24.0), series)
    ml = 4 / 3 * math.pi * radius**3 / 1000
    assert numbers.volume is not None
    assert numbers.volume.ml == pytest.approx(ml, rel=0.03)
    assert numbers.volume.low_ml < ml < numbers.volume.high_ml
    # Slices of a ball count whole up to half the radius, half up to 0.866 of it: C is 1.366 radii. A and B reach from
    # corner to corner of pixels, up to a diagonal of each more.
    least = (2 * radius) ** 2 * 1.366 * radius / 2000
    most = (2 * radius + 2 * SPACING_MM) ** 2 * 1.366 * radius / 2000
    assert numbers.abc2_ml is not None and 0.95 * least < numbers.abc2_ml < 1.05 * most


def test_a_tilted_stack_is_measured_along_its_normal():
    a = math.radians(20)
    series = make_series(5, column_direction=(0.0, math.cos(a), -math.sin(a)))
    numbers = measure_region(region_in(series, dict.fromkeys(range(5), SQUARE)), series)
    assert numbers.volume is not None
    assert numbers.volume.ml == pytest.approx(5 * 100 * PIXEL_ML * 5 * math.cos(a))


def test_without_spacing_pixels_are_told_and_no_ml():
    series = make_series(3, spacing_mm=None)
    numbers = measure_region(region_in(series, {0: SQUARE, 1: SQUARE}), series)
    assert numbers == RegionNumbers(200, 2, no_ml=NoMl.NO_SPACING)


def test_without_positions_there_is_no_ml():
    series = make_series(3, positions_mm=None)
    assert measure_region(region_in(series, {0: SQUARE}), series).no_ml is NoMl.NO_GEOMETRY


def test_one_slice_of_unknown_thickness_has_no_ml():
    series = make_series(1)
    assert measure_region(region_in(series, {0: SQUARE}), series).no_ml is NoMl.NO_THICKNESS


def test_a_region_of_which_slices_are_not_open_has_no_ml():
    series = make_series(3)
    region = region_in(series, {0: SQUARE, 2: SQUARE})
    part = replace(series, slices=series.slices[:2])
    assert measure_region(region, part).no_ml is NoMl.SLICES_NOT_OPEN


def test_a_region_of_a_study_that_is_still_received_has_no_ml():
    series = make_series(3)
    region = region_in(series, {0: SQUARE, 1: SQUARE})
    part = replace(series, problems=(Problem(ProblemCode.NOT_ALL_RECEIVED, "series 2"),))
    numbers = measure_region(region, part)
    assert (numbers.no_ml, numbers.n_pixels) == (NoMl.NOT_ALL_RECEIVED, 200)
    assert measure_region(region, series).volume is not None


def test_an_estimated_spacing_is_marked():
    series = make_series(3)
    told = replace(series.slices[1], problems=(Problem(ProblemCode.SCALE_ESTIMATED, "x"),))
    doubtful = replace(series, slices=(series.slices[0], told, series.slices[2]))
    assert measure_region(region_in(series, {1: SQUARE}), doubtful).estimated
    assert not measure_region(region_in(series, {0: SQUARE}), doubtful).estimated


def test_missing_slices_widen_the_bounds_by_what_they_may_hold():
    positions = [0.0, 5.0, 10.0, 25.0, 30.0, 35.0]
    whole = make_series(6, positions_mm=positions)
    gap = replace(whole, problems=(Problem(ProblemCode.GAP, "x", "2 between 10.0 and 25.0 mm"),))
    region = region_in(gap, {2: SQUARE, 3: SQUARE})
    told, plain = measure_region(region, gap), measure_region(region, whole)
    assert told.has_gap and not plain.has_gap
    assert told.volume is not None and plain.volume is not None
    # Both slices stand for 10 mm, of which 5 are missing slices: 100 pixels x 2 x 5 mm.
    assert told.volume.ml == plain.volume.ml == pytest.approx(100 * PIXEL_ML * 20)
    assert plain.volume.low_ml - told.volume.low_ml == pytest.approx(100 * PIXEL_ML * 10)
    assert told.volume.high_ml - plain.volume.high_ml == pytest.approx(100 * PIXEL_ML * 10)
    elsewhere = measure_region(region_in(gap, {0: SQUARE}), gap)
    assert not elsewhere.has_gap


def test_growing_on_a_slice_stays_within_range_and_reach():
    stored = np.full((SIZE, SIZE), 40, dtype=np.int16)
    stored[10:20, 10:20] = 70
    stored[30:40, 30:40] = 70
    image = SliceImage(stored, Rescale(1.0, 0.0))
    mask, limited = grown(image, (12, 12), (50, 90), None)
    assert np.array_equal(mask, SQUARE) and not limited
    # In pixels where there is no spacing.
    mask, limited = grown(image, (12, 12), (50, 90), None, within=2)
    assert mask.sum() == 13 and limited


def test_smoothing_fills_holes_and_takes_single_pixels_away():
    mask = SQUARE.copy()
    mask[15, 15], mask[30, 30] = False, True
    smooth = smoothed(mask)
    assert smooth[15, 15] and not smooth[30, 30]


def test_smoothing_through_slices_fills_a_slice_between_two():
    grid = VoxelGrid.of(make_series(5))
    found = smoothed_through(grid, {1: SQUARE, 3: SQUARE})
    assert list(found) == [2] and found[2][15, 15]
