"""Views: conversions by hand and back, rotations, steps, and covering a volume."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import X, Y, Z, make_geometry

from ichviewer.domain.geometry import letters
from ichviewer.domain.plane_view import HeadAxes, PlaneView, rotation_matrix

SIZE = {"pixel_mm": 0.5, "rows": 5, "columns": 9}
points = st.tuples(*[st.floats(-200, 200)] * 3)
directions = points.filter(lambda v: np.linalg.norm(v) > 1)


@st.composite
def views(draw):
    base = draw(st.sampled_from([PlaneView.axial, PlaneView.coronal, PlaneView.sagittal]))
    view = base(draw(points), draw(st.floats(0.1, 3)), draw(st.integers(1, 40)), draw(st.integers(1, 40)))
    return view.rotated(draw(directions), draw(st.floats(-180, 180)))


class TestInvalid:
    @pytest.mark.parametrize(
        "changes",
        [
            {"center_mm": (0.0, 0.0)},
            {"center_mm": (0.0, math.inf, 0.0)},
            {"right": (2.0, 0.0, 0.0)},
            {"down": X},
            {"down": (0.1, 0.99, 0.0)},
            {"pixel_mm": 0.0},
            {"pixel_mm": math.nan},
            {"rows": 0},
            {"columns": 0},
        ],
    )
    def test_what_is_no_view_cannot_be_built(self, changes):
        plain = {"center_mm": (0.0, 0.0, 0.0), "right": X, "down": Y, **SIZE}
        with pytest.raises(ValueError, match="Received"):
            PlaneView(**{**plain, **changes})

    @pytest.mark.parametrize(
        "axes", [(X, Y, X), (X, Z, Y), ((2.0, 0.0, 0.0), Y, Z), ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0))]
    )
    def test_what_are_no_axes_cannot_be_built(self, axes):
        with pytest.raises(ValueError, match="Received"):
            HeadAxes(*axes)


class TestDirections:
    @pytest.mark.parametrize(
        ("view", "right", "bottom", "into_screen"),
        [
            (PlaneView.axial, "L", "P", "H"),
            (PlaneView.coronal, "L", "F", "P"),
            (PlaneView.sagittal, "P", "F", "R"),
        ],
    )
    def test_are_those_that_radiologists_expect(self, view, right, bottom, into_screen):
        one = view((0.0, 0.0, 0.0), **SIZE)
        assert (letters(one.right), letters(one.down), letters(one.normal)) == (right, bottom, into_screen)

    def test_follow_the_axes_of_a_straightened_head(self):
        axes = HeadAxes(Y, (-1.0, 0.0, 0.0), Z)
        assert PlaneView.axial((0.0, 0.0, 0.0), **SIZE, axes=axes).right == Y
        assert PlaneView.sagittal((0.0, 0.0, 0.0), **SIZE, axes=axes).right == (-1, 0, 0)
        assert PlaneView.coronal((0.0, 0.0, 0.0), **SIZE, axes=axes).down == (0, 0, -1)


class TestConversions:
    def test_by_hand(self):
        view = PlaneView.coronal((10.0, 20.0, 30.0), **SIZE)
        # The middle of 5 rows and 9 columns is row 2, column 4; 2 px of 0.5 mm are 1 mm.
        assert view.mm_at(2, 4).tolist() == [10, 20, 30]
        assert view.mm_at(0, 0).tolist() == [8, 20, 31]
        assert view.mm_at(4, 8).tolist() == [12, 20, 29]
        assert view.px_of([8, 20, 31]).tolist() == [0, 0]
        # A point beside the plane is dropped onto it.
        assert view.px_of([8, 95, 31]).tolist() == [0, 0]

    def test_of_arrays(self):
        view = PlaneView.axial((0.0, 0.0, 0.0), **SIZE)
        rows, columns = np.mgrid[:5, :9]
        found = view.mm_at(rows, columns)
        assert found.shape == (5, 9, 3)
        assert np.allclose(view.px_of(found), np.stack([rows, columns], axis=-1))

    @given(views(), st.floats(-50, 50), st.floats(-50, 50))
    def test_come_back(self, view, row, column):
        at = view.mm_at(row, column)
        assert view.px_of(at) == pytest.approx([row, column], abs=1e-6)
        assert view.distance_mm(tuple(at)) == pytest.approx(0, abs=1e-6)

    @given(views(), points)
    def test_a_point_is_its_foot_and_its_distance(self, view, point):
        foot = view.mm_at(*view.px_of(point))
        assert foot + view.distance_mm(point) * np.array(view.normal) == pytest.approx(point, abs=1e-6)

    @given(views(), points)
    def test_a_view_through_a_point_contains_it_and_stays_parallel(self, view, point):
        through = view.through(point)
        assert through.distance_mm(point) == pytest.approx(0, abs=1e-6)
        assert through.normal == view.normal
        assert through.px_of(point) == pytest.approx(view.px_of(point), abs=1e-6)


class TestRotations:
    def test_matrix_by_hand(self):
        # Right-handed: a quarter turn about z takes x to y and y to -x.
        assert rotation_matrix(Z, 90) @ X == pytest.approx(Y)
        assert rotation_matrix((0.0, 0.0, 5.0), 90) @ Y == pytest.approx((-1, 0, 0))

    @pytest.mark.parametrize("axis", [(0.0, 0.0, 0.0), (math.nan, 0.0, 0.0)])
    def test_need_an_axis(self, axis):
        with pytest.raises(ValueError, match="Received"):
            PlaneView.axial((0.0, 0.0, 0.0), **SIZE).rotated(axis, 10)

    def test_about_the_head_feet_axis_by_hand(self):
        # The coronal plane through (0, 10, 0), turned by a quarter about the origin, is the sagittal one at x = -10.
        view = PlaneView.coronal((0.0, 10.0, 0.0), **SIZE).rotated(Z, 90, about_mm=(0.0, 0.0, 0.0))
        assert view.center_mm == pytest.approx((-10, 0, 0))
        assert view.right == pytest.approx(Y)
        assert view.down == pytest.approx((0, 0, -1))

    def test_in_the_plane_turn_the_picture_counter_clockwise(self):
        # Rows and columns turn clockwise on the screen, from right to down, so the picture turns the other way.
        view = PlaneView.axial((1.0, 2.0, 3.0), **SIZE)
        turned = view.turned(90)
        assert turned.center_mm == view.center_mm
        assert turned.right == pytest.approx(view.down)
        # What lay to the right of the center now lies above it.
        assert turned.px_of([2.0, 2.0, 3.0]) == pytest.approx([0, 4])

    @given(views(), directions, st.floats(-180, 180), points)
    def test_come_back(self, view, axis, degrees, about):
        back = view.rotated(axis, degrees, about).rotated(axis, -degrees, about)
        for mine, theirs in (
            (back.center_mm, view.center_mm),
            (back.right, view.right),
            (back.down, view.down),
        ):
            assert mine == pytest.approx(theirs, abs=1e-6)


class TestAlongSlices:
    def test_shows_every_pixel_of_a_slice_by_hand(self):
        geometry = make_geometry(origin_mm=(-10, -20, 30), spacing_mm=(0.5, 0.5), step_mm=2.5)
        view = PlaneView.along_slices(geometry, 2)
        assert (view.rows, view.columns, view.pixel_mm) == (4, 5, 0.5)
        assert view.mm_at(0, 0) == pytest.approx((-10, -20, 35))
        assert view.mm_at(3, 4) == pytest.approx((-8, -18.5, 35))

    def test_has_square_pixels_of_the_finer_spacing(self):
        # 3 row steps of 1 mm at 0.5 mm are 6 steps.
        view = PlaneView.along_slices(make_geometry(spacing_mm=(1.0, 0.5)), 0)
        assert (view.rows, view.columns, view.pixel_mm) == (7, 5, 0.5)

    def test_takes_directions_that_were_rounded(self):
        rounded = make_geometry(turn=((1.0, 2.0, 3.0), 20.0))
        directions = [
            tuple(round(v, 3) for v in d) for d in (rounded.row_direction, rounded.column_direction)
        ]
        geometry = type(rounded)(
            rounded.origin_mm,
            rounded.slice_direction,
            directions[1],
            directions[0],
            rounded.spacing,
            rounded.slice_positions_mm,
            4,
            5,
        )
        assert PlaneView.along_slices(geometry, 0).right == pytest.approx(directions[0], abs=1e-3)


class TestSteps:
    def test_along_uneven_slices_go_from_slice_to_slice(self):
        geometry = make_geometry((4, 4, 5), positions_mm=(0, 4, 5.1, 12))
        view = PlaneView.axial((1.0, 1.0, 0.0), **SIZE)
        heights = [view.stepped(geometry, n).center_mm[2] for n in (-2, 0, 1, 2, 3, 9)]
        assert heights == pytest.approx([0, 0, 4, 5.1, 12, 12])

    def test_from_between_two_slices_go_to_the_next_one(self):
        geometry = make_geometry((4, 4, 5), positions_mm=(0, 4, 5.1, 12))
        view = PlaneView.axial((1.0, 1.0, 2.0), **SIZE)
        assert [view.stepped(geometry, n).center_mm[2] for n in (-1, 1, 2)] == pytest.approx([0, 4, 5.1])

    def test_follow_the_normal_of_the_view(self):
        geometry = make_geometry()
        down = PlaneView((0.0, 0.0, 2.0), (-1.0, 0.0, 0.0), Y, **SIZE)
        assert down.normal == pytest.approx((0, 0, -1))
        assert down.stepped(geometry, 1).center_mm[2] == pytest.approx(0)

    def test_along_tilted_slices_meet_every_slice(self):
        geometry = make_geometry((4, 4, 5), tilt_deg=20, positions_mm=(0, 4, 5.1, 12))
        view = PlaneView.along_slices(geometry, 0)
        for k in (1, 2, 3):
            view = view.stepped(geometry, 1)
            assert geometry.index_of_mm(view.center_mm)[0] == pytest.approx(k)
            assert view.distance_mm(PlaneView.along_slices(geometry, k).center_mm) == pytest.approx(
                0, abs=1e-9
            )
        assert view.stepped(geometry, 1) == view

    def test_in_other_planes_are_natural_steps_to_the_end_of_the_volume(self):
        # Rows 0.5 mm apart from y 0 to 1.5.
        geometry = make_geometry(spacing_mm=(0.5, 0.4))
        view = PlaneView.coronal((1.0, 0.5, 2.0), **SIZE)
        depths = [view.stepped(geometry, n).center_mm[1] for n in (-9, -1, 0, 1, 2, 3)]
        assert depths == pytest.approx([0, 0, 0.5, 1, 1.5, 1.5])

    def test_from_outside_only_lead_back(self):
        geometry = make_geometry(spacing_mm=(0.5, 0.4))
        outside = PlaneView.coronal((1.0, 9.0, 2.0), **SIZE)
        assert outside.stepped(geometry, 1).center_mm[1] == pytest.approx(9)
        assert outside.stepped(geometry, -1).center_mm[1] == pytest.approx(8.5)
        above = PlaneView.axial((1.0, 1.0, 20.0), **SIZE)
        assert above.stepped(geometry, 1).center_mm[2] == pytest.approx(20)
        assert above.stepped(geometry, -1).center_mm[2] == pytest.approx(18)


class TestCovering:
    def test_a_plain_volume_by_hand(self):
        # z 0 to 4 and x 0 to 4 at 0.5 mm: 8 steps, 9 pixels.
        view = PlaneView.coronal((3.0, 1.0, 9.0), 2.0, 1, 1).covering(make_geometry(), 0.5)
        assert (view.rows, view.columns, view.pixel_mm) == (9, 9, 0.5)
        assert view.center_mm == pytest.approx((2, 1, 2))

    @given(views(), st.floats(-30, 30), directions, st.floats(-180, 180))
    def test_every_voxel_falls_into_the_view(self, view, tilt, axis, degrees):
        geometry = make_geometry((5, 40, 30), tilt_deg=tilt, turn=(axis, degrees))
        covering = view.covering(geometry)
        assert covering.normal == view.normal
        assert covering.distance_mm(view.center_mm) == pytest.approx(0, abs=1e-6)
        px = covering.px_of(geometry.corners_mm())
        assert px.min() >= -0.5
        assert (px.max(axis=0) <= [covering.rows - 0.5, covering.columns - 0.5]).all()
