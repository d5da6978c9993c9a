"""Grids, painting and smoothing, counted by hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_head import SIZE, SPACING_MM, make_series
from voxel_shapes import grid_of

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.voxel_region import VoxelGrid, VoxelRegion

GRID = grid_of([0.0, 5.0, 10.0], size=20, pixel_mm=1.0)


def pixels(region: VoxelRegion, index: int) -> list[str]:
    return ["".join(".X"[int(v)] for v in row) for row in region.on_slice(index)]


class TestGrid:
    def test_of_a_series(self):
        grid = VoxelGrid.of(make_series(4))
        assert grid.shape == (4, SIZE, SIZE)
        assert grid.spacing == PixelSpacing(SPACING_MM, SPACING_MM)
        assert grid.positions_mm.tolist() == [0, 5, 10, 15]

    @pytest.mark.parametrize(
        "series",
        [
            make_series(3, positions_mm=None),
            make_series(3, spacing_mm=None),
            make_series(3, positions_mm=[0, 5, 5]),
            make_series(3, positions_mm=[0, 5, 2]),
        ],
    )
    def test_series_without_the_geometry_of_a_volume_have_none(self, series):
        with pytest.raises(ValueError, match="Received"):
            VoxelGrid.of(series)

    def test_slices_of_different_size_make_no_grid(self):
        series = make_series(2)
        slices = (series.slices[0], dataclasses.replace(series.slices[1], rows=7))
        with pytest.raises(ValueError, match="one size"):
            VoxelGrid.of(dataclasses.replace(series, slices=slices))

    def test_slices_that_are_not_parallel_make_no_grid(self):
        turned = Plane((0.0, 0.0, 5.0), (1.0, 0.0, 0.0), (0.0, 0.9, -(0.19**0.5)))
        with pytest.raises(ValueError, match="parallel"):
            VoxelGrid(4, 4, PixelSpacing(1, 1), (GRID.planes[0], turned))

    def test_each_slice_has_half_the_distance_to_either_neighbor(self):
        # Gaps 2, 4, 6: 2/2 + 2/2, 2/2 + 4/2, 4/2 + 6/2, 6/2 + 6/2.
        assert grid_of([0, 2, 6, 12]).extents_mm.tolist() == [2, 3, 5, 6]
        assert grid_of([12, 6, 2, 0]).extents_mm.tolist() == [6, 5, 3, 2]

    def test_in_a_tilted_stack_distances_count_along_the_normal(self):
        # 5 mm of table at 30 degrees are 5 cos 30 = 4.33 mm, and a shift of 5 sin 30 = 2.5 mm within the plane.
        grid = grid_of([0, 5, 10], tilt_deg=30)
        assert grid.extents_mm == pytest.approx(5 * math.cos(math.radians(30)))
        assert grid.in_plane_mm(2, 1) == pytest.approx((-2.5, 0.0))

    def test_one_slice_is_as_thick_as_its_file_says(self):
        assert grid_of([0]).extents_mm is None
        assert dataclasses.replace(grid_of([0]), thickness_mm=4.0).extents_mm.tolist() == [4.0]


class TestPainting:
    def test_a_dot(self):
        # Radius 1.5 mm on pixels of 1 mm: the 3 x 3 around the center, whose corners lie at 1.41 mm.
        region = VoxelRegion.empty(GRID).painted(1, [(5, 6)], 1.5)
        assert (region.n_voxels, region.start, region.mask.shape) == (9, (1, 4, 5), (1, 3, 3))
        assert region.has((1, 4, 5)) and not region.has((1, 3, 5)) and not region.has((0, 5, 6))

    def test_a_disc_is_round_in_mm_where_pixels_are_not_square(self):
        grid = grid_of([0.0], size=20, pixel_mm=(0.5, 1.0))
        region = VoxelRegion.empty(grid).painted(0, [(10, 10)], 1.0)
        # Rows 8 to 12 at the center column; half a row off, sqrt(1 - 0.25) < 1 leaves no neighbors but at row 10.
        assert (
            pixels(region, 0)[8:13]
            == ["." * 10 + "X" + "." * 9] * 2 + ["." * 9 + "XXX" + "." * 8] + ["." * 10 + "X" + "." * 9] * 2
        )

    def test_a_fast_stroke_leaves_no_gaps(self):
        region = VoxelRegion.empty(GRID).painted(0, [(2, 2), (2, 15)], 1.0)
        assert pixels(region, 0)[2] == "." + "X" * 16 + "..."
        assert pixels(region, 0)[1] == ".." + "X" * 14 + "...."

    def test_erasing_takes_away_what_the_brush_covers_only(self):
        painted = VoxelRegion.empty(GRID).painted(0, [(5, 5)], 3.0).painted(2, [(5, 5)], 3.0)
        erased = painted.painted(0, [(5, 5)], 3.0, erase=True)
        assert (erased.on_slice(0).sum(), erased.start[0]) == (0, 2)
        assert (erased.on_slice(2) == painted.on_slice(2)).all()
        assert painted.painted(1, [(5, 5)], 3.0, erase=True).n_voxels == painted.n_voxels
        assert VoxelRegion.empty(GRID).painted(0, [(5, 5)], 3.0, erase=True).n_voxels == 0

    def test_the_brush_may_leave_the_image(self):
        region = VoxelRegion.empty(GRID).painted(0, [(-1, -1), (-1, 3)], 2.0)
        assert pixels(region, 0)[0] == "XXXXX" + "." * 15
        assert VoxelRegion.empty(GRID).painted(0, [(-50, -50)], 2.0).n_voxels == 0

    @pytest.mark.parametrize(("index", "stroke", "radius"), [(3, [(1, 1)], 1), (0, [], 1), (0, [(1, 1)], 0)])
    def test_what_is_no_stroke_is_refused(self, index, stroke, radius):
        with pytest.raises(ValueError, match="Received"):
            VoxelRegion.empty(GRID).painted(index, stroke, radius)

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.lists(st.tuples(st.floats(-3, 22), st.floats(-3, 22)), min_size=1, max_size=3),
                st.floats(0.3, 6),
                st.booleans(),
            ),
            max_size=5,
        )
    )
    def test_strokes_do_the_same_as_on_a_whole_array(self, strokes):
        region = VoxelRegion.empty(GRID)
        whole = np.zeros(GRID.shape, bool)
        r, c = np.mgrid[:20, :20]
        for index, stroke, radius, erase in strokes:
            region = region.painted(index, stroke, radius, erase=erase)
            brush = np.zeros((20, 20), bool)
            ends = stroke[1:] or stroke
            for (r0, c0), (r1, c1) in zip(stroke, ends, strict=False):
                long = (r1 - r0) ** 2 + (c1 - c0) ** 2
                t = np.clip(((r - r0) * (r1 - r0) + (c - c0) * (c1 - c0)) / long, 0, 1) if long else 0 * r
                brush |= (r - r0 - t * (r1 - r0)) ** 2 + (c - c0 - t * (c1 - c0)) ** 2 <= radius**2 + 1e-9
            whole[index] = whole[index] & ~brush if erase else whole[index] | brush
        assert all((region.on_slice(i) == whole[i]).all() for i in range(3))
        assert region.n_voxels == whole.sum()


class TestSmoothing:
    def test_specks_go_and_holes_close(self):
        mask = np.zeros((1, 9, 9), bool)
        mask[0, 2:8, 2:8] = True
        mask[0, 4, 4] = False
        mask[0, 0, 0] = True
        smooth = VoxelRegion.within(GRID, (1, 0, 0), mask).smoothed()
        # A corner has 4 of 9 votes and goes; an edge has 6 and stays; beside an edge there are 3.
        assert pixels(smooth, 1)[:9] == [
            "." * 20,
            "." * 20,
            "...XXXX" + "." * 13,
            *["..XXXXXX" + "." * 12] * 4,
            "...XXXX" + "." * 13,
            "." * 20,
        ]

    def test_through_slices(self):
        # A column of 3 x 3 x 3 voxels: its middle has 27 votes, the middle of a face 18, of an edge 12, a corner 8.
        mask = np.ones((3, 3, 3), bool)
        smooth = VoxelRegion.within(GRID, (0, 5, 5), mask).smoothed(through_slices=True)
        assert smooth.n_voxels == 7

    def test_nothing_stays_nothing(self):
        assert VoxelRegion.empty(GRID).smoothed().n_voxels == 0


class TestRegion:
    def test_is_cut_to_its_voxels(self):
        mask = np.zeros((3, 20, 20), bool)
        mask[1, 4:6, 7] = True
        region = VoxelRegion.within(GRID, (0, 0, 0), mask)
        assert (region.start, region.mask.shape, list(region.slices)) == ((1, 4, 7), (1, 2, 1), [1])

    def test_cannot_be_changed_in_place(self):
        with pytest.raises(ValueError, match="read-only"):
            VoxelRegion.empty(GRID).painted(0, [(5, 5)], 3).mask[0] = False

    @pytest.mark.parametrize("start", [(-1, 0, 0), (2, 0, 0), (0, 19, 0)])
    def test_lies_within_its_grid(self, start):
        with pytest.raises(ValueError, match="Received"):
            VoxelRegion(GRID, start, np.ones((2, 2, 2), bool))
