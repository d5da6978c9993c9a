"""What planes cut out of regions: by hand, and just where reformats show the voxels of the region."""

import math
import statistics
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import make_geometry, make_volume
from volume_strategies import geometries, views_of

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import reformat
from ichviewer.domain.region_cut import PlaneCut, RegionBox, cut_region
from ichviewer.domain.sampling import Interpolation

SHAPE = (6, 14, 12)


def box_of(voxels):
    found = RegionBox.of({k: mask for k, mask in enumerate(voxels) if mask.any()})
    assert found is not None
    return found


def whole(cut, view):
    """The pixels of a view that are inside."""
    found = np.zeros((view.rows, view.columns), dtype=bool)
    if cut is not None:
        rows, columns = cut.inside.shape
        found[cut.row : cut.row + rows, cut.column : cut.column + columns] = cut.inside
    return found


def block(k, i, j, shape=SHAPE):
    voxels = np.zeros(shape, dtype=bool)
    voxels[slice(*k), slice(*i), slice(*j)] = True
    return voxels


class TestByHand:
    def test_a_coronal_plane_through_a_block(self):
        # Slices at z 0, 2 .. 10, voxels of 1 mm. The block is slices 2 and 3 (z 3 to 7), columns 4 to 6.
        geometry = make_geometry(SHAPE)
        view = PlaneView.coronal((5.5, 6.0, 5.0), 1.0, 11, 12)
        cut = cut_region(geometry, box_of(block((2, 4), (5, 8), (4, 7))), view)
        # Rows from z 10 down to z 0: z 6, 5, 4, 3; z 7 is halfway to slice 4 and belongs to that, z 3 to slice 2.
        assert (cut.row, cut.column) == (4, 4)
        assert cut.inside.tolist() == [[True] * 3] * 4

    def test_between_uneven_slices_the_border_lies_halfway(self):
        # Slices at z 0, 1, 5, 6: slice 2 reaches from z 3 to z 5.5.
        geometry = make_geometry((4, 3, 3), positions_mm=(0, 1, 5, 6))
        view = PlaneView.coronal((1.0, 1.0, 3.0), 0.25, 25, 1)
        cut = cut_region(geometry, box_of(block((2, 3), (0, 3), (0, 3), (4, 3, 3))), view)
        # Rows of 0.25 mm from z 6 down: the first below 5.5 is row 3, the last that is not below 3 row 12.
        assert (cut.row, cut.row + cut.inside.shape[0] - 1) == (3, 12)

    def test_a_tilted_stack_is_not_sheared(self):
        # At 30 degrees row i lies at y 0.866 i and z 2 k - i / 2: row 1 of slice 1 is at z 1.5.
        geometry = make_geometry((3, 2, 3), tilt_deg=30)
        view = PlaneView.coronal((1.0, math.cos(math.radians(30)), 1.5), 0.5, 5, 1)
        cut = cut_region(geometry, box_of(block((1, 2), (0, 2), (0, 3), (3, 2, 3))), view)
        # Slice 1 reaches 1 mm up and down from there; z 0.5 belongs to it, z 2.5 to the one above.
        assert (cut.row, cut.inside.shape[0]) == (1, 4)

    def test_beyond_the_centers_of_the_outermost_slices_nothing_is_shown(self):
        # The reformat has no image above z 10, though half of slice 5 lies there.
        view = PlaneView.coronal((5.5, 6.0, 10.0), 1.0, 5, 12)
        cut = cut_region(make_geometry(SHAPE), box_of(block((5, 6), (5, 8), (4, 7))), view)
        # Rows at z 12, 11, 10, 9, 8.
        assert (cut.row, cut.inside.shape) == (2, (2, 3))

    def test_a_plane_that_passes_the_region_by_cuts_nothing(self):
        box = box_of(block((2, 4), (5, 8), (4, 7)))
        assert cut_region(make_geometry(SHAPE), box, PlaneView.coronal((5.5, 9.0, 5.0), 1.0, 11, 12)) is None
        beside = PlaneView.coronal((50.0, 6.0, 5.0), 1.0, 11, 12)
        assert cut_region(make_geometry(SHAPE), box, beside) is None

    def test_a_hole_is_not_filled(self):
        voxels = block((0, 6), (3, 9), (3, 9))
        voxels[:, 5, 5] = False
        view = PlaneView.axial((5.5, 6.5, 4.0), 1.0, 14, 12)
        assert (whole(cut_region(make_geometry(SHAPE), box_of(voxels), view), view) == voxels[2]).all()


@given(st.data(), st.integers(0, 2**31))
def test_it_is_cut_just_where_the_reformat_shows_its_voxels(data, seed):
    geometry = data.draw(geometries(SHAPE))
    view = data.draw(views_of(geometry))
    voxels = np.random.default_rng(seed).random(SHAPE) < data.draw(st.sampled_from([0.02, 0.5, 1.0]))
    voxels[data.draw(st.integers(0, 5)), 7, 6] = True
    seen = reformat(make_volume(voxels * 100, geometry), view, None, Interpolation.NEAREST)
    assert (whole(cut_region(geometry, box_of(voxels), view), view) == (seen.hu == 100)).all()


@given(st.data(), st.floats(-9, 9))
def test_a_plane_moved_along_with_the_region_cuts_the_same(data, by_mm):
    view = data.draw(views_of(make_geometry(SHAPE)))
    box = box_of(block((1, 5), (2, 11), (3, 9)))
    moved = make_geometry(SHAPE, origin_mm=tuple(by_mm * np.array(view.normal)))
    here = whole(cut_region(make_geometry(SHAPE), box, view), view)
    there = whole(cut_region(moved, box, view.moved(by_mm)), view)
    # Rounding decides on pixels that lie just between two voxels.
    assert np.count_nonzero(here != there) <= 0.1 * here.size


class TestValues:
    def test_a_box_is_cut_to_what_is_used(self):
        found = RegionBox.of({3: block((0, 1), (2, 4), (5, 6))[0], 5: block((0, 1), (3, 7), (4, 6))[0]})
        assert found.start == (3, 2, 4) and found.mask.shape == (3, 5, 2)
        assert found.mask.sum() == 2 + 8 and not found.mask[1].any()

    def test_nothing_has_no_box(self):
        assert RegionBox.of({}) is None
        assert RegionBox.of({2: np.zeros((4, 4), dtype=bool)}) is None

    def test_what_cannot_be_is_refused(self):
        for build in (
            lambda: RegionBox((0, 0, 0), np.zeros((0, 2, 2), dtype=bool)),
            lambda: RegionBox((-1, 0, 0), np.ones((1, 2, 2), dtype=bool)),
            lambda: PlaneCut(0, 0, np.zeros((2, 2), dtype=bool)),
        ):
            with pytest.raises(ValueError, match="Received"):
                build()


@pytest.mark.parametrize("degrees", [0.0, 25.0])
def test_a_hematoma_is_cut_within_half_a_frame(degrees):
    # A block of 56 x 56 x 56 mm in 300 slices of 512 x 512 px; `tests/bench/bench_region_cut.py` prints more.
    geometry = make_geometry((300, 512, 512), spacing_mm=(0.45, 0.45), step_mm=0.625, tilt_deg=18.5)
    box = RegionBox((105, 190, 190), np.ones((90, 125, 125), dtype=bool))
    view = PlaneView.coronal(geometry.center_mm, 1.0, 1, 1).rotated((1.0, 2.0, 3.0), degrees)
    took = []
    for i in range(15):
        whole = view.moved(i * 0.45).covering(geometry, 0.45)
        began = time.process_time()
        assert cut_region(geometry, box, whole) is not None
        took.append(time.process_time() - began)
    assert statistics.median(took) < 0.0083
