"""Growing finds exactly what is connected, and says where it was stopped."""

from __future__ import annotations

import dataclasses
import time
from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voxel_shapes import BLOOD_HU, BRAIN_HU, ellipsoid, grid_of, scan

from ichviewer.domain.region_growing import grow
from ichviewer.domain.region_volume import region_volume
from ichviewer.domain.voxel_region import VoxelGrid

RANGE = (50.0, 90.0)


def whole(region) -> np.ndarray:
    return np.stack([region.on_slice(k) for k in range(region.grid.shape[0])])


def flooded(allowed: np.ndarray, seed) -> np.ndarray:
    """What is connected with a seed, voxel by voxel."""
    found, waiting = np.zeros_like(allowed), deque([seed])
    while waiting:
        at = waiting.popleft()
        if all(0 <= a < n for a, n in zip(at, allowed.shape, strict=True)) and allowed[at] and not found[at]:
            found[at] = True
            for axis in range(3):
                for step in (-1, 1):
                    waiting.append(tuple(a + step * (i == axis) for i, a in enumerate(at)))
    return found


@given(
    st.integers(0, 2**32 - 1),
    st.floats(0.2, 0.9),
    st.tuples(st.integers(1, 5), st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(0, 4), st.integers(0, 8), st.integers(0, 8)),
)
def test_grows_over_what_is_connected_by_faces_and_nothing_else(seed, share, shape, at):
    at = tuple(a % n for a, n in zip(at, shape, strict=True))
    blood = np.random.default_rng(seed).random(shape) < share
    blood[at] = True
    square = grid_of([2.0 * k for k in range(shape[0])], size=9, pixel_mm=1.0)
    grid = dataclasses.replace(square, rows=shape[1], columns=shape[2])
    grown = grow(scan(blood), grid, at, RANGE)
    assert (whole(grown.region) == flooded(blood, at)).all()
    assert not grown.reached_limit


# Limits at which no voxel's center lies on the ball.
@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.integers(6, 30).map(lambda n: n + 0.123), st.sampled_from([0.0, 25.0]))
def test_the_box_that_is_searched_makes_no_difference(seed, within_mm, tilt):
    # Wider than the box that the search begins with, and full of winding ways.
    grid = grid_of([1.5 * k for k in range(24)], size=48, pixel_mm=1.0, tilt_deg=tilt)
    blood = np.random.default_rng(seed).random(grid.shape) < 0.45
    at = (12, 24, 24)
    blood[at] = True
    grown = grow(scan(blood), grid, at, RANGE, within_mm=within_mm)
    ball = ellipsoid(grid, (within_mm,) * 3, grid.planes[12].at_mm(24, 24, grid.spacing))
    expected = flooded(blood & ball, at)
    assert (whole(grown.region) == expected).all()
    beyond = blood & ~ball
    touched = any(
        (expected & np.roll(beyond, step, axis))[
            tuple(
                slice(1, None) if a == axis and step == 1 else slice(None, -1) if a == axis else slice(None)
                for a in range(3)
            )
        ].any()
        for axis in range(3)
        for step in (-1, 1)
    )
    assert grown.reached_limit == touched


def test_voxels_that_only_share_a_corner_or_an_edge_are_not_connected():
    blood = np.zeros((2, 3, 3), bool)
    blood[0, 0, 0] = blood[0, 1, 1] = blood[1, 1, 0] = True
    grid = grid_of([0.0, 1.0], size=3, pixel_mm=1.0)
    assert grow(scan(blood), grid, (0, 0, 0), RANGE).region.n_voxels == 1


def test_on_one_slice_it_stays_there():
    blood = np.ones((3, 5, 5), bool)
    grid = grid_of([0.0, 1.0, 2.0], size=5, pixel_mm=1.0)
    grown = grow(scan(blood), grid, (1, 2, 2), RANGE, one_slice=True)
    assert (grown.region.n_voxels, list(grown.region.slices), grown.reached_limit) == (25, [1], False)


def test_both_ends_of_the_range_belong_to_it():
    hu = np.array([[[50, 90, 91], [49, 70, 0], [0, 0, 0]]], np.int16)
    grid = grid_of([0.0], size=3, pixel_mm=1.0)
    assert grow(hu, grid, (0, 0, 0), RANGE).region.on_slice(0).sum() == 3
    # Fractions of the range hold for whole numbers too: 49 and 90 do not lie within 49.5 to 89.5.
    assert grow(hu, grid, (0, 0, 0), (49.5, 89.5)).region.on_slice(0).sum() == 1
    assert grow(hu.astype(np.float32), grid, (0, 0, 0), (49.5, 89.5)).region.on_slice(0).sum() == 1
    assert grow(hu, grid, (0, 0, 0), (-np.inf, np.inf)).region.on_slice(0).sum() == 9


def test_padding_is_never_part_of_it():
    hu = np.full((1, 3, 3), BLOOD_HU, np.int16)
    missing = np.zeros(hu.shape, bool)
    missing[0, :, 1] = True
    grid = grid_of([0.0], size=3, pixel_mm=1.0)
    assert grow(hu, grid, (0, 0, 0), RANGE, missing=missing).region.n_voxels == 3
    with pytest.raises(ValueError, match="no padding"):
        grow(hu, grid, (0, 0, 1), RANGE, missing=missing)


def test_values_that_are_no_numbers_are_never_part_of_it():
    hu = np.full((1, 3, 3), np.nan, np.float32)
    hu[0, 0] = BLOOD_HU
    assert grow(hu, grid_of([0.0], size=3, pixel_mm=1.0), (0, 0, 0), RANGE).region.n_voxels == 3


def test_a_region_that_reaches_the_limit_says_so():
    grid = grid_of([1.0 * k for k in range(40)], size=40, pixel_mm=1.0)
    hu = np.full(grid.shape, BLOOD_HU, np.int16)
    leaked = grow(hu, grid, (20, 20, 20), RANGE, within_mm=10)
    assert leaked.reached_limit
    # A ball of 10 mm.
    assert region_volume(leaked.region).ml == pytest.approx(4 / 3 * np.pi, rel=0.03)
    assert not grow(hu, grid, (20, 20, 20), RANGE, within_mm=60).reached_limit


@pytest.mark.parametrize(
    ("seed", "range_hu", "within"),
    [
        ((0, 3, 0), RANGE, 60),
        ((-1, 0, 0), RANGE, 60),
        ((0, 1, 1), RANGE, 60),
        ((0, 0, 0), (90, 50), 60),
        ((0, 0, 0), (np.nan, 90), 60),
        ((0, 0, 0), RANGE, 0),
        ((0, 0, 0), RANGE, np.inf),
    ],
)
def test_what_cannot_be_grown_is_refused(seed, range_hu, within):
    hu = np.full((1, 3, 3), BLOOD_HU, np.int16)
    hu[0, 1, 1] = BRAIN_HU
    with pytest.raises(ValueError, match="Received"):
        grow(hu, grid_of([0.0], size=3, pixel_mm=1.0), seed, range_hu, within_mm=within)


def test_values_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="shape"):
        grow(np.zeros((2, 3, 3)), grid_of([0.0], size=3), (0, 0, 0), RANGE)


@pytest.mark.alone
def test_100_ml_in_a_thin_series_of_512_by_512_are_found_at_once():
    n, noise = 300, np.random.default_rng(0).normal(0, 6, (512, 512)).astype(np.int16)
    square = grid_of([0.6 * k for k in range(n)], size=512, pixel_mm=0.45)
    grid = VoxelGrid(512, 512, square.spacing, square.planes)
    radius = (100_000 * 3 / 4 / np.pi) ** (1 / 3)
    across = (np.arange(512) - 256) * 0.45
    away = across[:, None] ** 2 + across**2
    hu = np.empty(grid.shape, np.int16)
    for k in range(n):
        hu[k] = np.where(away + ((k - 150) * 0.6) ** 2 <= radius**2, BLOOD_HU, BRAIN_HU) + noise
    seconds = []
    for _ in range(3):
        start = time.process_time()
        grown = grow(hu, grid, (150, 256, 256), (45, 90))
        seconds.append(time.process_time() - start)
    assert region_volume(grown.region).ml == pytest.approx(100, rel=0.03)
    assert min(seconds) < 0.5
