"""Volumes of bodies that are known by construction, in even, uneven and tilted geometry."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voxel_shapes import ellipsoid, ellipsoid_ml, grid_of, scan

from ichviewer.domain.region_growing import grow
from ichviewer.domain.region_volume import RegionVolume, compare_volumes, region_abc2, region_volume
from ichviewer.domain.voxel_region import VoxelRegion

EVEN = [2.5 * k - 40 for k in range(33)]
# As head scans often are: thin at the base, thick above.
UNEVEN = [-40 + 2.0 * k for k in range(20)] + [-1.0 + 4.0 * k for k in range(11)]


def region_of(grid, mask) -> VoxelRegion:
    return VoxelRegion.within(grid, (0, 0, 0), mask)


@pytest.mark.parametrize("tilt", [0.0, 20.0, -30.0])
@pytest.mark.parametrize("positions", [EVEN, UNEVEN, EVEN[::-1]], ids=["even", "uneven", "downward"])
@pytest.mark.parametrize("half_axes", [(20, 20, 20), (24, 15, 18), (12, 25, 30)], ids=str)
def test_ellipsoids_within_3_percent(tilt, positions, half_axes):
    grid = grid_of(positions, tilt_deg=tilt)
    inside = ellipsoid(grid, half_axes, (1.3, -2.1, 0.7))
    middle = int(np.argmin(np.abs(np.array(positions) - 0.7)))
    seed = (middle, *(int(v) for v in np.argwhere(inside[middle])[inside[middle].sum() // 2]))
    volume = region_volume(grow(scan(inside), grid, seed, (50, 90)).region)
    assert volume.ml == pytest.approx(ellipsoid_ml(half_axes), rel=0.03)
    assert volume.low_ml < ellipsoid_ml(half_axes) < volume.high_ml


@pytest.mark.parametrize("tilt", [0.0, 25.0])
def test_a_body_through_all_slices(tilt):
    # A box of 20 x 24 mm through five slices of 2, 3, 5, 6 and 6 mm: 480 x 22 = 10.56 mL; tilted, cos times that.
    grid = grid_of([0, 2, 6, 12, 18], tilt_deg=tilt)
    mask = np.zeros(grid.shape, bool)
    mask[:, 10:58, 10:50] = True
    volume = region_volume(region_of(grid, mask))
    assert volume.ml == pytest.approx(10.56 * math.cos(math.radians(tilt)))


def test_bounds_by_hand():
    # 3 x 3 x 3 voxels of 1 mm in the middle: 26 of them at the surface, 6 x 9 = 54 outside touching a face.
    grid = grid_of([float(k) for k in range(9)], size=9, pixel_mm=1.0)
    mask = np.zeros(grid.shape, bool)
    mask[3:6, 3:6, 3:6] = True
    volume = region_volume(region_of(grid, mask))
    assert (volume.ml, volume.low_ml, volume.high_ml) == pytest.approx((0.027, 0.014, 0.054))
    # In the corner of the volume only 3 x 9 voxels outside exist.
    corner = region_volume(region_of(grid, np.roll(mask, (-3, -3, -3), (0, 1, 2))))
    assert (corner.ml, corner.low_ml, corner.high_ml) == pytest.approx((0.027, 0.014, 0.0405))


def test_nothing_has_no_volume():
    assert region_volume(VoxelRegion.empty(grid_of(EVEN))) == RegionVolume(0, 0, 0)
    with pytest.raises(ValueError, match="Received"):
        region_abc2(VoxelRegion.empty(grid_of(EVEN)))


def test_one_slice_has_the_volume_of_its_thickness_or_none():
    grid = grid_of([0.0], size=9, pixel_mm=1.0)
    mask = np.ones((1, 9, 9), bool)
    assert region_volume(region_of(dataclasses.replace(grid, thickness_mm=5.0), mask)).ml == pytest.approx(
        0.405
    )
    for of in (region_volume, region_abc2):
        with pytest.raises(ValueError, match="Received"):
            of(region_of(grid, mask))


@settings(max_examples=25)
@given(
    st.tuples(st.floats(10, 25), st.floats(10, 25), st.floats(12, 25)),
    st.lists(st.floats(0.8, 3.0), min_size=40, max_size=40),
    st.floats(-30, 30),
)
def test_any_ellipsoid_in_any_spacing(half_axes, gaps, tilt):
    positions = np.cumsum(gaps)
    positions -= positions[len(positions) // 2]
    grid = grid_of(positions.tolist(), tilt_deg=tilt)
    if positions[-1] < 28 or positions[0] > -28:
        return
    volume = region_volume(region_of(grid, ellipsoid(grid, half_axes)))
    assert volume.ml == pytest.approx(ellipsoid_ml(half_axes), rel=0.03)
    assert volume.low_ml < volume.ml < volume.high_ml


class TestAbc2:
    def test_by_hand(self):
        # Slices of 10 x 6, 10 x 4, 5 x 4, 2 x 4 pixels of 1 mm: shares 1, 2/3, 1/3, 8/60; C = 5 + 2.5 + 2.5 = 10 mm.
        grid = grid_of([0, 5, 10, 15], size=20, pixel_mm=1.0)
        mask = np.zeros(grid.shape, bool)
        for k, (length, width) in enumerate([(10, 6), (10, 4), (5, 4), (2, 4)]):
            mask[k, 3 : 3 + width, 4 : 4 + length] = True
        abc = region_abc2(region_of(grid, mask))
        assert abc.index == 0
        assert [s.weight for s in abc.slices] == [1, 0.5, 0.5, 0]
        assert abc.c_mm == 10
        # A is the diagonal of 10 x 6; at right angles to it the rectangle is 2 x 60 / sqrt(136) wide.
        assert abc.a_mm == pytest.approx(136**0.5)
        assert abc.b_mm == pytest.approx(120 / 136**0.5)
        assert abc.ml == pytest.approx(136**0.5 * 120 / 136**0.5 * 10 / 2000)

    def test_of_a_ball_the_weights_make_two_thirds(self):
        # With thin slices more than 75 % of the largest area lie within r / 2 of the middle, more than 25 % within
        # r sqrt(3/4): C = r + (sqrt(3) - 1) r / 2 = 1.366 r, and A B C / 2 is 2 x 1.366 / (4 pi / 3) = 65 %.
        grid = grid_of([0.5 * k - 25 for k in range(101)], size=128, pixel_mm=0.5)
        comparison = compare_volumes(region_of(grid, ellipsoid(grid, (20, 20, 20))))
        assert comparison.voxels.ml == pytest.approx(ellipsoid_ml((20, 20, 20)), rel=0.01)
        assert comparison.ratio == pytest.approx((1 + 3**0.5) / (4 / 3 * math.pi), rel=0.03)
        assert comparison.difference_ml == pytest.approx(comparison.abc2.ml - comparison.voxels.ml)

    @settings(max_examples=20)
    @given(st.floats(8, 25), st.floats(8, 25), st.floats(0, 180))
    def test_diameters_of_an_ellipse_however_it_is_turned(self, long, short, degrees):
        long, short = max(long, short), min(long, short)
        grid = dataclasses.replace(grid_of([0.0], pixel_mm=(0.4, 0.5), size=140), thickness_mm=5.0)
        a = math.radians(degrees)
        down, across = np.mgrid[:140, :140]
        down, across = (down - 69.3) * 0.4, (across - 68.8) * 0.5
        p = (across * math.cos(a) + down * math.sin(a)) / long
        q = (down * math.cos(a) - across * math.sin(a)) / short
        abc = region_abc2(region_of(grid, (p**2 + q**2 <= 1)[None]))
        assert abc.a_mm == pytest.approx(2 * long, abs=1.0)
        # Where both axes are about the same, the longest line may run anywhere.
        if long > 1.2 * short:
            assert abc.b_mm == pytest.approx(2 * short, abs=1.5)


def test_bounds_that_do_not_hold_the_volume_cannot_be():
    for bad in ((1, 2, 3), (2, 1, 1.5), (math.nan, 0, 0), (1, -1, 2)):
        with pytest.raises(ValueError, match="Received"):
            RegionVolume(*bad)
