"""Positions, orientation letters, tilt and flips, worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ichviewer.domain.geometry import PixelSpacing, Plane, letters, opposite, tilt_deg

X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def axial(z=0.0, x=0.0, y=0.0):
    return Plane((x, y, z), X, Y)


def tilted(degrees, z=0.0):
    """An axial slice turned about the left-right axis, as a gantry tilts it."""
    a = math.radians(degrees)
    return Plane((0.0, 0.0, z), X, (0.0, math.cos(a), -math.sin(a)))


directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


@st.composite
def planes(draw):
    row = np.array(draw(directions))
    row /= np.linalg.norm(row)
    other = np.array(draw(directions))
    column = other - row * (row @ other)
    assume(np.linalg.norm(column) > 0.05)
    column /= np.linalg.norm(column)
    position = draw(st.tuples(*[st.floats(-500, 500)] * 3))
    return Plane(position, tuple(map(float, row)), tuple(map(float, column)))


class TestPixelSpacing:
    @pytest.mark.parametrize("bad", [(0.0, 1.0), (1.0, 0.0), (-0.5, 0.5), (math.nan, 1.0), (1.0, math.inf)])
    def test_is_positive_and_finite(self, bad):
        with pytest.raises(ValueError, match="Received"):
            PixelSpacing(*bad)


class TestPlane:
    @pytest.mark.parametrize(
        ("position", "row", "column"),
        [
            ((0.0, 0.0, math.nan), X, Y),
            ((0.0, 0.0, 0.0), (2.0, 0.0, 0.0), Y),
            ((0.0, 0.0, 0.0), X, X),
            ((0.0, 0.0, 0.0), X, (0.0, 0.0, 0.0)),
            ((0.0, 0.0, 0.0), X, (0.1, 0.995, 0.0)),
            ((0.0, 0.0), X, Y),
            ((0.0, 0.0, 0.0), (1.0, 0.0), (0.0, 1.0)),
        ],
    )
    def test_that_is_no_plane_cannot_be_built(self, position, row, column):
        with pytest.raises(ValueError, match="Received"):
            Plane(position, row, column)

    def test_rounding_in_the_file_is_tolerated(self):
        assert Plane((0, 0, 0), (0.9998, 0.0003, 0.0), (-0.0003, 0.9997, 0.001)).is_axial

    def test_normal_of_an_axial_slice_points_to_the_head(self):
        assert axial().normal == Z
        # Turned upside down (rows run to the right): the cross product points to the feet, the normal does not.
        assert Plane((0, 0, 0), (-1.0, 0.0, 0.0), Y).normal == Z

    def test_normals_of_the_other_planes(self):
        sagittal = Plane((0, 0, 0), Y, (0.0, 0.0, -1.0))
        coronal = Plane((0, 0, 0), X, (0.0, 0.0, -1.0))
        assert sagittal.normal == X
        assert coronal.normal == Y

    def test_distance_along_the_normal(self):
        assert axial(z=-42.5, x=7, y=9).distance_mm() == -42.5
        # Against another normal: (3, 4, 0) . (0.6, 0.8, 0) = 1.8 + 3.2 = 5.
        assert axial(x=3, y=4).distance_mm((0.6, 0.8, 0.0)) == pytest.approx(5.0)

    def test_distance_of_a_tilted_slice(self):
        # At 30 degrees the normal is (0, sin 30, cos 30): 100 mm up the table is 86.60 mm along it.
        assert tilted(30, z=100).distance_mm() == pytest.approx(100 * math.cos(math.radians(30)))

    def test_pixel_to_patient_by_hand(self):
        # Row 2, column 10, 0.5 mm between rows, 0.4 mm between columns: x = -100 + 10 * 0.4, y = -80 + 2 * 0.5.
        at = axial(z=12.0, x=-100.0, y=-80.0).at_mm(2, 10, PixelSpacing(row_mm=0.5, column_mm=0.4))
        assert at == pytest.approx((-96.0, -79.0, 12.0))

    def test_pixel_to_patient_follows_the_directions(self):
        sagittal = Plane((5.0, 0.0, 0.0), Y, (0.0, 0.0, -1.0))
        assert sagittal.at_mm(3, 2, PixelSpacing(1.0, 2.0)) == pytest.approx((5.0, 4.0, -3.0))

    @pytest.mark.parametrize(
        ("plane", "expected"),
        [
            (axial(), True),
            (tilted(30), True),
            (tilted(-30), True),
            (tilted(60), False),
            (Plane((0, 0, 0), X, (0.0, 0.0, -1.0)), False),
            (Plane((0, 0, 0), Y, (0.0, 0.0, -1.0)), False),
            # Lying on the side: axial, but rows run front to back.
            (Plane((0, 0, 0), Y, (-1.0, 0.0, 0.0)), False),
        ],
    )
    def test_axial_means_axial_with_rows_left_to_right(self, plane, expected):
        assert plane.is_axial is expected

    def test_same_orientation_looks_at_direction_not_at_position(self):
        assert axial(z=1).same_orientation(axial(z=99, x=3))
        assert not axial().same_orientation(tilted(5))
        assert axial().same_orientation(tilted(0.5))
        assert not axial().same_orientation(Plane((0, 0, 0), (-1.0, 0.0, 0.0), Y))

    @given(planes())
    def test_the_normal_is_a_unit_vector_at_right_angles_with_a_fixed_sense(self, plane):
        n = np.array(plane.normal)
        assert np.linalg.norm(n) == pytest.approx(1.0)
        assert n @ plane.row_direction == pytest.approx(0.0, abs=1e-6)
        assert n @ plane.column_direction == pytest.approx(0.0, abs=1e-6)
        assert n[np.argmax(np.abs(n))] > 0

    @given(planes())
    def test_flipping_rows_or_columns_keeps_the_normal(self, plane):
        flipped = Plane(plane.position_mm, opposite(plane.row_direction), plane.column_direction)
        assert flipped.normal == pytest.approx(plane.normal)

    @given(planes(), st.floats(0, 511), st.floats(0, 511))
    def test_every_pixel_of_a_slice_lies_at_its_distance(self, plane, row, column):
        at = plane.at_mm(row, column, PixelSpacing(0.45, 0.49))
        assert np.dot(at, plane.normal) == pytest.approx(plane.distance_mm(), abs=1e-3)


class TestLetters:
    @pytest.mark.parametrize(
        ("direction", "expected"),
        [
            (X, "L"),
            ((-1.0, 0.0, 0.0), "R"),
            (Y, "P"),
            ((0.0, -1.0, 0.0), "A"),
            (Z, "H"),
            ((0.0, 0.0, -1.0), "F"),
            ((0.8, 0.6, 0.0), "LP"),
            ((0.6, -0.8, 0.0), "AL"),
            ((0.0, 0.94, -0.342), "PF"),
            ((0.98, 0.199, 0.0), "L"),
            ((0.577, 0.577, 0.577), "LPH"),
        ],
    )
    def test_by_hand(self, direction, expected):
        assert letters(direction) == expected

    @given(directions)
    def test_opposite_directions_have_opposite_letters(self, direction):
        swap = str.maketrans("LRPAHF", "RLAPFH")
        assert letters(opposite(direction)) == letters(direction).translate(swap)


class TestTilt:
    def test_a_plain_stack_has_none(self):
        assert tilt_deg([axial(0), axial(5), axial(10)]) == 0.0

    @pytest.mark.parametrize("degrees", [10, -17.5, 30])
    def test_a_tilted_stack_has_the_gantrys(self, degrees):
        assert tilt_deg([tilted(degrees, z) for z in (0, 5, 10)]) == pytest.approx(abs(degrees))

    def test_a_stack_along_its_own_normal_has_none_however_it_is_turned(self):
        base = tilted(20)
        n = np.array(base.normal)
        stack = [
            Plane(tuple(map(float, n * d)), base.row_direction, base.column_direction) for d in (0, 4, 8)
        ]
        assert tilt_deg(stack) == pytest.approx(0.0, abs=1e-4)

    @pytest.mark.parametrize("stack", [[], [axial()], [axial(3), axial(3)]])
    def test_too_few_positions_have_none(self, stack):
        assert tilt_deg(stack) == 0.0
