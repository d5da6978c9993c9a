"""Where voxels lie, worked by hand: plain, tilted and uneven stacks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import X, Y, Z, make_geometry

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.volume_geometry import VolumeGeometry

angles = st.floats(-30, 30)
steps = st.lists(st.floats(0.3, 8), min_size=1, max_size=6)


@st.composite
def geometries(draw):
    positions = np.concatenate([[0], np.cumsum(draw(steps))])
    axis = draw(st.sampled_from([X, Y, Z, (1.0, 2.0, -1.0)]))
    return make_geometry(
        (len(positions), 7, 9),
        origin_mm=draw(st.tuples(*[st.floats(-200, 200)] * 3)),
        spacing_mm=(0.5, 0.4),
        positions_mm=positions,
        tilt_deg=draw(angles),
        turn=(axis, draw(st.floats(-180, 180))),
    )


class TestInvalid:
    def build(self, **changes):
        plain = {
            "origin_mm": (0.0, 0.0, 0.0),
            "slice_direction": Z,
            "column_direction": Y,
            "row_direction": X,
            "spacing": PixelSpacing(1, 1),
            "slice_positions_mm": (0.0, 2.0),
            "rows": 4,
            "columns": 5,
        }
        return VolumeGeometry(**{**plain, **changes})

    def test_the_plain_one_can_be_built(self):
        assert self.build().shape == (2, 4, 5)

    @pytest.mark.parametrize(
        "changes",
        [
            {"origin_mm": (0.0, math.nan, 0.0)},
            {"origin_mm": (0.0, 0.0)},
            {"row_direction": (2.0, 0.0, 0.0)},
            {"column_direction": X},
            {"slice_direction": Y},
            {"slice_direction": (0.0, math.cos(0.4), math.sin(0.4))},
            {"slice_positions_mm": (0.0,)},
            {"slice_positions_mm": (1.0, 2.0)},
            {"slice_positions_mm": (0.0, 2.0, 2.0)},
            {"slice_positions_mm": (0.0, math.inf)},
            {"rows": 0},
            {"columns": 0},
        ],
    )
    def test_what_is_no_stack_cannot_be_built(self, changes):
        with pytest.raises(ValueError, match="Received"):
            self.build(**changes)


class TestAffine:
    def test_of_a_plain_stack_by_hand(self):
        geometry = make_geometry(origin_mm=(-10, -20, 30), spacing_mm=(0.5, 0.4), step_mm=2.5)
        # Slice to z, row to y, column to x.
        assert geometry.affine.tolist() == [[0, 0, 0.4, -10], [0, 0.5, 0, -20], [2.5, 0, 0, 30], [0, 0, 0, 1]]

    def test_of_a_tilted_stack_is_a_shear(self):
        # At 30 degrees a row of 1 mm goes 0.866 mm to the back and 0.5 mm to the feet; slices go straight up.
        affine = make_geometry(tilt_deg=30, step_mm=5).affine
        assert affine[:3, 0] == pytest.approx([0, 0, 5])
        assert affine[:3, 1] == pytest.approx([0, math.sqrt(3) / 2, -0.5])
        assert affine[:3, 2] == pytest.approx([1, 0, 0])

    def test_of_an_uneven_stack_is_none(self):
        geometry = make_geometry(positions_mm=(0, 4, 11))
        assert geometry.affine is None
        assert not geometry.is_even

    def test_rounding_of_positions_is_even(self):
        # 2.003 instead of 2.0025: 0.0005 of 2.0025 mm off.
        geometry = make_geometry(positions_mm=(0, 2.003, 4.005))
        assert geometry.is_even
        assert geometry.affine[2, 0] == pytest.approx(2.0025)

    @given(geometries(), st.tuples(st.floats(0, 1), st.floats(0, 6), st.floats(0, 8)))
    def test_agrees_with_the_indices_where_there_is_one(self, geometry, index):
        if geometry.affine is not None:
            by_affine = geometry.affine @ [*index, 1]
            assert by_affine[:3] == pytest.approx(geometry.mm_of_index(index), abs=0.1)


class TestIndices:
    def test_between_uneven_slices_by_hand(self):
        geometry = make_geometry(positions_mm=(0, 4, 11))
        # Halfway between 4 and 11 mm is 7.5 mm; beyond the end it goes on with 11 / 2 = 5.5 mm a slice.
        assert geometry.slice_index([0, 2, 4, 7.5, 11, 16.5, -5.5]).tolist() == [0, 0.5, 1, 1.5, 2, 3, -1]
        assert geometry.mm_of_index([1.5, 2, 3]).tolist() == [3, 2, 7.5]

    def test_of_a_tilted_stack_by_hand(self):
        # Row 2 at 30 degrees: 1.732 to the back and 1 mm to the feet; slice 1 is 2 mm higher, so z = 2 - 1.
        geometry = make_geometry(tilt_deg=30)
        assert geometry.mm_of_index([1, 2, 3]) == pytest.approx([3, math.sqrt(3), 1])
        assert geometry.index_of_mm([3, math.sqrt(3), 1]) == pytest.approx([1, 2, 3])

    @given(geometries(), st.tuples(st.floats(-2, 8), st.floats(-3, 9), st.floats(-3, 11)))
    def test_come_back_from_the_patient(self, geometry, index):
        assert geometry.index_of_mm(geometry.mm_of_index(index)) == pytest.approx(index, abs=1e-6)

    @given(geometries(), st.floats(-30, 60))
    def test_come_back_from_positions(self, geometry, along_mm):
        index = geometry.slice_index(along_mm)
        assert geometry.slice_position_mm(index) == pytest.approx(along_mm, abs=1e-6)

    def test_arrays_keep_their_shape(self):
        geometry = make_geometry()
        points = np.zeros((2, 6, 3))
        assert geometry.index_of_mm(points).shape == geometry.mm_of_index(points).shape == (2, 6, 3)


class TestExtent:
    def test_center_and_corners_by_hand(self):
        geometry = make_geometry(origin_mm=(10, 20, 30), positions_mm=(0, 4, 11))
        assert geometry.center_mm == (12, 21.5, 35.5)
        assert geometry.extent_mm(X) == (10, 14)
        assert geometry.extent_mm((0.0, 0.0, -1.0)) == (-41, -30)
        assert geometry.corners_mm().shape == (8, 3)

    def test_normal_points_to_the_last_slice(self):
        assert make_geometry().normal == Z
        assert make_geometry(tilt_deg=30).normal == pytest.approx((0, 0.5, math.sqrt(3) / 2))
        assert make_geometry(turn=(X, 180.0)).normal == pytest.approx((0, 0, -1))


class TestNaturalStep:
    def test_of_a_plain_stack_is_that_of_its_voxels(self):
        geometry = make_geometry(spacing_mm=(0.5, 0.4), step_mm=5)
        assert [geometry.natural_step_mm(n) for n in (X, Y, Z)] == pytest.approx([0.4, 0.5, 5])
        assert geometry.natural_step_mm((0.0, 0.0, -1.0)) == pytest.approx(5)

    def test_between_the_axes_is_where_one_index_changes(self):
        # At 45 degrees between rows and slices, 0.5 mm of rows take 0.5 / cos 45 = 0.707 mm.
        h = math.sqrt(0.5)
        assert make_geometry(spacing_mm=(0.5, 0.4), step_mm=5).natural_step_mm((0.0, h, h)) == pytest.approx(
            0.5 * math.sqrt(2)
        )

    def test_of_a_tilted_stack(self):
        # Coronal planes meet a row every 1 mm * cos 30; along the slices they are 2 mm * cos 30 apart.
        geometry = make_geometry(tilt_deg=30)
        cosine = math.cos(math.radians(30))
        assert geometry.natural_step_mm(Y) == pytest.approx(cosine)
        assert geometry.natural_step_mm(geometry.normal) == pytest.approx(2 * cosine)
        assert geometry.is_along_slices(geometry.normal)
        assert not geometry.is_along_slices(Z)

    def test_of_an_uneven_stack_is_that_of_the_closest_slices(self):
        assert make_geometry(positions_mm=(0, 4, 5.1, 11), shape=(4, 4, 5)).natural_step_mm(
            Z
        ) == pytest.approx(1.1)
