"""Voxels around coordinates, and which axes a view moves along."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import X, Z, make_geometry

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.sampling import IndexMap, Interpolation, corners_of

LINEAR, NEAREST = Interpolation.LINEAR, Interpolation.NEAREST


def test_linear_corners_by_hand():
    found = corners_of(np.array([0.0, 0.25, 2.0, 2.75, 3.0]), 4, LINEAR)
    assert found.low.tolist() == [0, 0, 2, 2, 3]
    # On a voxel, the neighbor without weight is not looked at.
    assert found.high.tolist() == [0, 1, 2, 3, 3]
    assert found.fraction.tolist() == [0, 0.25, 0, 0.75, 0]
    assert found.inside.all()


def test_nearest_corners_by_hand():
    found = corners_of(np.array([0.0, 0.49, 0.5, 1.5, 2.51, 3.0]), 4, NEAREST)
    assert found.low.tolist() == [0, 0, 1, 2, 3, 3]
    assert found.high.tolist() == found.low.tolist()
    assert not found.fraction.any()


@pytest.mark.parametrize("how", Interpolation)
def test_outside_is_beyond_the_centers_of_the_outer_voxels(how):
    found = corners_of(np.array([-0.01, 0.0, 3.0, 3.01, -1e9, 1e9]), 4, how)
    assert found.inside.tolist() == [False, True, True, False, False, False]
    assert found.low.min() >= 0
    assert found.high.max() <= 3


def test_rounding_does_not_reach_for_a_neighbor_or_outside():
    found = corners_of(np.array([-1e-9, 1 - 1e-9, 1 + 1e-9, 3 + 1e-9]), 4, LINEAR)
    assert found.low.tolist() == found.high.tolist() == [0, 1, 1, 3]
    assert found.inside.all()


@given(st.lists(st.floats(-3, 9), min_size=1, max_size=20), st.integers(1, 6), st.sampled_from(Interpolation))
def test_corners_are_voxels_around_the_coordinate(coordinates, size, how):
    at = np.array(coordinates)
    found = corners_of(at, size, how)
    assert ((found.low >= 0) & (found.high < size) & (found.low <= found.high)).all()
    made = (found.low + found.fraction * (found.high - found.low))[found.inside]
    assert np.abs(made - at[found.inside]).max(initial=0) <= (1e-5 if how is LINEAR else 0.5 + 1e-9)


def test_a_view_along_the_axes_moves_one_index_each():
    geometry = make_geometry(spacing_mm=(0.5, 0.4))
    index = IndexMap.of(geometry, PlaneView.coronal((1.0, 1.0, 2.0), 1.0, 5, 5), 2.5)
    # View rows go to the feet: along slices; columns along columns; the normal along rows.
    assert index.moves.tolist() == [[True, False, False], [False, False, True], [False, True, False]]
    # The first pixel lies at x -1, y 1, z 4.
    assert index.start == pytest.approx([4, 2, -2.5])
    assert index.coordinate(0, row_px=1.0) == pytest.approx(3)
    assert index.coordinate(1, offset_mm=1.0) == pytest.approx(4)
    assert index.coordinate(2, column_px=2.0) == pytest.approx(2.5)


def test_a_coronal_slab_of_a_tilted_volume_moves_two_indices():
    geometry = make_geometry(tilt_deg=20)
    view = PlaneView.coronal((1.0, 1.0, 2.0), 1.0, 5, 5)
    assert IndexMap.of(geometry, view, 2.5).moves[:, 2].tolist() == [True, True, False]
    # Without a slab nothing moves along the normal.
    assert not IndexMap.of(geometry, view, 0.0).moves[:, 2].any()


@pytest.mark.parametrize(("degrees", "moves"), [(1e-6, False), (0.1, True)])
def test_a_turn_by_rounding_is_none(degrees, moves):
    view = PlaneView.axial((0.0, 0.0, 2.0), 1.0, 200, 200).rotated(X, degrees)
    assert bool(IndexMap.of(make_geometry(), view, 0.0).moves[0].any()) is moves
    turned = PlaneView.axial((0.0, 0.0, 2.0), 1.0, 200, 200).rotated(Z, degrees)
    assert bool(IndexMap.of(make_geometry(), turned, 0.0).moves[1, 1]) is moves
