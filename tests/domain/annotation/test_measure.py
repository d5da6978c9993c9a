"""Lengths, angles, shifts, areas and HU, worked out by hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from annotation_factory import CORONAL, HASH, IN_MM, IN_PX, examples, make
from hypothesis import given
from hypothesis import strategies as st
from synthetic_head import make_series

from ichviewer.domain.annotation.abc2 import Abc2, AbcSlice
from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.annotation.image_grid import (
    ImageGrid,
    ImageValues,
    MeasuredImage,
    SpacingTrust,
    spacing_trust,
)
from ichviewer.domain.annotation.kinds import (
    Angle,
    Bidirectional,
    Ellipse,
    Freehand,
    Length,
    MidlineShift,
    Probe,
    Rectangle,
)
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured, Name, Note, Quantity, Side, Unit
from ichviewer.domain.annotation.place import Coordinates
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import PaddingRange, Rescale, SliceImage
from ichviewer.domain.problems import Problem, ProblemCode

AXIAL = Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
SQUARE = ImageGrid(AXIAL, PixelSpacing(1.0, 1.0))
NO_PLACE = ImageGrid(None, PixelSpacing(0.5, 0.25))
NOTHING_KNOWN = ImageGrid()


def image(grid=SQUARE, values=None) -> MeasuredImage:
    return MeasuredImage(HASH, grid, values)


def values_of(hu) -> ImageValues:
    hu = np.array(hu, np.float32)
    return ImageValues(hu, np.zeros(hu.shape, bool))


def ramp(rows=6, columns=8) -> ImageValues:
    """HU = 10 * row + column."""
    return values_of([[10 * r + c for c in range(columns)] for r in range(rows)])


def found(measured: Measured) -> dict[str, tuple[float, str]]:
    return {q.name.value: (pytest.approx(q.value, abs=1e-6), q.unit.value) for q in measured.quantities}


class TestLines:
    def test_length_in_mm(self):
        assert found(measure(make(Length, [(0, 0), (3, 4)]), image())) == {"length": (5.0, "mm")}

    def test_length_in_space_does_not_depend_on_the_pixels(self):
        tilted = make(Length, [(0, 10, 0), (3, 10, -4)], CORONAL)
        plane = Plane((-50.0, 10.0, 50.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0))
        grid = ImageGrid(plane, PixelSpacing(0.3, 0.3))
        assert found(measure(tilted, image(grid))) == {"length": (5.0, "mm")}

    def test_length_in_mm_where_only_the_spacing_is_known(self):
        # 6 rows of 0.5 mm and 16 columns of 0.25 mm: 3 and 4 mm.
        result = measure(make(Length, [(0, 0), (6, 16)], IN_PX), image(NO_PLACE))
        assert found(result) == {"length": (5.0, "mm")}
        assert result.notes == ()

    def test_without_spacing_a_length_is_in_pixels_and_says_so(self):
        result = measure(make(Length, [(0, 0), (6, 8)], IN_PX), image(NOTHING_KNOWN))
        assert found(result) == {"length": (10.0, "px")}
        assert result.notes == (Note.NO_SPACING,)

    def test_an_estimated_spacing_is_marked(self):
        grid = dataclasses.replace(SQUARE, trust=SpacingTrust.ESTIMATED)
        assert measure(make(Length, [(0, 0), (6, 8)]), image(grid)).notes == (Note.ESTIMATED_SPACING,)

    def test_both_axes(self):
        drawn = make(Bidirectional, [(0, 0), (10, 0), (5, -2), (5, 4)])
        assert found(measure(drawn, image())) == {"long_axis": (10.0, "mm"), "short_axis": (6.0, "mm")}

    def test_a_second_axis_that_is_longer_or_leans_is_said(self):
        longer = make(Bidirectional, [(0, 0), (10, 0), (5, -20), (5, 20)])
        assert measure(longer, image()).notes == (Note.B_LONGER_THAN_A,)
        leaning = make(Bidirectional, [(0, 0), (10, 0), (5, 0), (6, 1)], IN_PX)
        assert measure(leaning, image(NO_PLACE)).notes == (Note.NOT_PERPENDICULAR,)

    @pytest.mark.parametrize(
        ("arm", "degrees"), [((0, 5), 90), ((5, 5), 45), ((-3, 0), 180), ((2, 0), 0), ((-1, 3**0.5), 120)]
    )
    def test_angle(self, arm, degrees):
        drawn = make(Angle, [(5, 0), (0, 0), arm])
        assert found(measure(drawn, image())) == {"angle": (degrees, "deg")}

    def test_an_angle_takes_the_shape_of_pixels_into_account(self):
        # Rows are twice as high as columns are wide: 1 row and 2 columns make 45 degrees.
        drawn = make(Angle, [(0, 5), (0, 0), (1, 2)], IN_PX)
        assert found(measure(drawn, image(NO_PLACE))) == {"angle": (45.0, "deg")}
        unknown = measure(drawn, image(NOTHING_KNOWN))
        assert found(unknown) == {"angle": (math.degrees(math.atan2(1, 2)), "deg")}
        assert unknown.notes == (Note.NO_SPACING,)


class TestMidlineShift:
    @pytest.mark.parametrize(("x", "side"), [(4.5, Side.LEFT), (-4.5, Side.RIGHT)])
    def test_is_the_distance_at_right_angles_and_its_side(self, x, side):
        result = measure(make(MidlineShift, [(0, -60), (0, 60), (x, 10)]), image())
        assert found(result) == {"shift": (4.5, "mm")}
        assert result.side is side

    def test_of_a_turned_head(self):
        # The midline runs along (3, 4) / 5; (8, 6) times it at right angles (4, -3) / 5 is (32 - 18) / 5 = 2.8.
        result = measure(make(MidlineShift, [(0, 0), (30, 40), (8, 6)]), image())
        assert found(result) == {"shift": (2.8, "mm")}
        assert result.side is Side.LEFT

    def test_the_ends_of_the_falx_may_come_in_either_order(self):
        one = measure(make(MidlineShift, [(0, -60), (0, 60), (4.5, 10)], id="1"), image())
        assert measure(make(MidlineShift, [(0, 60), (0, -60), (4.5, 10)], id="1"), image()) == one

    def test_no_shift_has_no_side(self):
        result = measure(make(MidlineShift, [(0, -60), (0, 60), (0, 10)]), image())
        assert found(result) == {"shift": (0.0, "mm")}
        assert (result.side, result.notes) == (None, ())

    def test_without_a_plane_the_side_is_not_known(self):
        result = measure(make(MidlineShift, [(0, 50), (100, 50), (50, 70)], IN_PX), image(NO_PLACE))
        assert found(result) == {"shift": (5.0, "mm")}
        assert (result.side, result.notes) == (None, (Note.SIDE_UNKNOWN,))

    def test_without_a_spacing_the_plane_still_tells_the_side(self):
        # Columns grow to the right of the patient here: an image seen from above.
        from_above = Plane((0.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        drawn = make(MidlineShift, [(0, 50), (100, 50), (50, 70)], IN_PX)
        result = measure(drawn, image(ImageGrid(from_above)))
        assert found(result) == {"shift": (20.0, "px")}
        assert (result.side, result.notes) == (Side.RIGHT, (Note.NO_SPACING,))

    def test_a_line_across_the_head_tells_no_side(self):
        result = measure(make(MidlineShift, [(-60, 0), (60, 0), (10, 7)]), image())
        assert (result.side, result.notes) == (None, (Note.SIDE_UNKNOWN,))

    @given(st.floats(-40, 40), st.floats(-50, 50), st.floats(-30, 30))
    def test_turning_the_head_changes_nothing(self, x, y, degrees):
        turn = np.array(
            [
                [math.cos(math.radians(degrees)), -math.sin(math.radians(degrees))],
                [math.sin(math.radians(degrees)), math.cos(math.radians(degrees))],
            ]
        )
        points = np.array([(0, -60), (0, 60), (x, y)]) @ turn.T
        result = measure(make(MidlineShift, points.tolist()), image())
        assert result.find(Name.SHIFT).value == pytest.approx(abs(x), abs=1e-9)
        if abs(x) > 1e-3:
            assert result.side is (Side.LEFT if x > 0 else Side.RIGHT)


class TestAbc2:
    A, B = ((0, 0), (40, 0)), ((20, -15), (20, 15))

    def test_each_step_gives_what_it_can(self):
        assert found(measure(make(Abc2, self.A), image())) == {"a": (40.0, "mm")}
        assert found(measure(make(Abc2, self.A + self.B), image())) == {"a": (40.0, "mm"), "b": (30.0, "mm")}

    def test_volume(self):
        # Shares 20, 60, 100, 80 and 30 % count 0 + 0.5 + 1 + 1 + 0.5 = 3 slices of 5 mm: C = 15 mm.
        # 40 x 30 x 15 / 2 = 9000 mm3.
        slices = tuple(AbcSlice(share, 5.0) for share in (0.2, 0.6, 1.0, 0.8, 0.3))
        assert found(measure(make(Abc2, self.A + self.B, slices=slices), image())) == {
            "a": (40.0, "mm"),
            "b": (30.0, "mm"),
            "c": (15.0, "mm"),
            "volume": (9.0, "mL"),
        }

    def test_uneven_distances(self):
        # 0.5 x 2.5 + 1 x 3.75 + 1 x 5 = 10 mm.
        slices = (AbcSlice(0.5, 2.5), AbcSlice(1, 3.75), AbcSlice(0.9, 5.0))
        result = measure(make(Abc2, self.A + self.B, slices=slices), image())
        assert (result.find(Name.C).value, result.find(Name.VOLUME).value) == (10.0, 6.0)

    def test_without_distances_c_is_a_number_of_slices_and_there_is_no_volume(self):
        slices = (AbcSlice(0.5, None), AbcSlice(1, None))
        result = measure(make(Abc2, self.A + self.B, slices=slices), image())
        assert found(result)["c"] == (1.5, "slices")
        assert result.find(Name.VOLUME) is None

    def test_without_a_pixel_spacing_there_is_no_volume(self):
        drawn = make(Abc2, self.A + self.B, IN_PX, slices=(AbcSlice(1, 5.0),))
        result = measure(drawn, image(NOTHING_KNOWN))
        assert found(result) == {"a": (40.0, "px"), "b": (30.0, "px"), "c": (5.0, "mm")}
        assert Note.NO_SPACING in result.notes


class TestAreas:
    def test_rectangle(self):
        # Corners half a pixel beyond centers: rows 1 and 2, columns 2 to 4: 12 13 14 22 23 24.
        drawn = make(Rectangle, [(1.5, 0.5), (4.5, 0.5), (4.5, 2.5), (1.5, 2.5)])
        # Mean 18; squares 36 + 25 + 16 + 16 + 25 + 36 = 154; 154 / 5 = 30.8.
        assert found(measure(drawn, image(values=ramp()))) == {
            "area": (6.0, "mm2"),
            "n_pixels": (6, "pixels"),
            "mean": (18.0, "HU"),
            "sd": (30.8**0.5, "HU"),
            "min": (12.0, "HU"),
            "max": (24.0, "HU"),
        }

    def test_rectangles_side_by_side_share_no_pixel(self):
        one = make(Rectangle, [(0, 0), (3, 0), (3, 4), (0, 4)])
        other = make(Rectangle, [(3, 0), (6, 0), (6, 4), (3, 4)])
        counts = [measure(r, image(values=ramp())).find(Name.N_PIXELS).value for r in (one, other)]
        assert counts == [12, 12]

    def test_area_is_that_of_the_shape_in_mm_while_pixels_are_counted(self):
        # Pixels of 0.5 x 0.25 mm: rows 0 to 4 and columns 0 to 4 are 2 x 1 mm.
        grid = ImageGrid(AXIAL, PixelSpacing(0.5, 0.25))
        drawn = make(Rectangle, [(0, 0), (1, 0), (1, 2), (0, 2)])
        result = measure(drawn, image(grid, ramp()))
        assert found(result)["area"] == (2.0, "mm2")
        assert found(result)["n_pixels"] == (16, "pixels")

    def test_ellipse(self):
        # Half axes 2 and 1 pixels around row 2, column 3: row 2 has columns 1 to 5, rows 1 and 3 column 3 only.
        drawn = make(Ellipse, [(3, 2), (5, 2), (3, 3)])
        result = measure(drawn, image(values=ramp()))
        assert found(result)["area"] == (math.pi * 2, "mm2")
        assert found(result)["n_pixels"] == (7, "pixels")
        # 21 22 23 24 25 13 33: mean 23.
        assert found(result)["mean"] == (23.0, "HU")

    def test_ellipse_in_pixels_that_are_not_square(self):
        # A circle of 2 mm in pixels of 0.5 x 0.25 mm: 4 rows and 8 columns.
        drawn = make(Ellipse, [(10, 20), (14, 20), (10, 28)], IN_PX)
        assert found(measure(drawn, image(NO_PLACE))) == {"area": (math.pi * 4, "mm2")}

    def test_freehand(self):
        # A triangle with legs of 4: area 8; centers on the two legs count, those on the long side do not.
        drawn = make(Freehand, [(0, 0), (4, 0), (0, 4)])
        result = measure(drawn, image(values=ramp()))
        assert found(result)["area"] == (8.0, "mm2")
        assert found(result)["n_pixels"] == (10, "pixels")

    def test_an_outline_that_crosses_itself_is_counted_in_pixels(self):
        # An hourglass: shoelace gives 0. Its two triangles hold 2 x 4 mm2; on a grid of 0.1 mm, about 800 pixels.
        grid = ImageGrid(AXIAL, PixelSpacing(0.1, 0.1))
        drawn = make(Freehand, [(0, 0), (4, 0), (0, 4), (4, 4)])
        result = measure(drawn, image(grid, values_of(np.zeros((60, 60)))))
        assert result.notes == (Note.CROSSES_ITSELF,)
        assert result.find(Name.AREA).value == pytest.approx(8.0, rel=0.03)
        assert result.find(Name.AREA).unit is Unit.MM2

    def test_padding_is_left_out_and_said(self):
        stored = np.array([[0, 10, 20], [-2000, 30, 40]], np.int16)
        padded = SliceImage(stored, Rescale(1, -10), PaddingRange(-2000, -2000))
        drawn = make(Rectangle, [(-0.5, -0.5), (1.5, -0.5), (1.5, 1.5), (-0.5, 1.5)])
        result = measure(drawn, image(values=ImageValues.of(padded)))
        # -10, 0 and 20 HU.
        assert found(result)["n_pixels"] == (3, "pixels")
        assert found(result)["mean"] == (10 / 3, "HU")
        assert found(result)["min"] == (-10.0, "HU")
        assert result.notes == (Note.PADDING_LEFT_OUT,)

    def test_rows_that_the_file_did_not_hold_are_left_out(self):
        cut = SliceImage(np.array([[5, 5], [0, 0]], np.int16), rows_read=1)
        drawn = make(Rectangle, [(-0.5, -0.5), (1.5, -0.5), (1.5, 1.5), (-0.5, 1.5)])
        assert found(measure(drawn, image(values=ImageValues.of(cut))))["mean"] == (5.0, "HU")

    @pytest.mark.parametrize(
        "drawn",
        [
            make(Rectangle, [(5, 3), (12, 3), (12, 5), (5, 5)]),
            make(Ellipse, [(3, 2), (3, 7), (4, 2)]),
            make(Freehand, [(3, -2), (4, 3), (2, 3)]),
        ],
    )
    def test_what_leaves_the_image_is_said(self, drawn):
        assert Note.PARTLY_OUTSIDE_IMAGE in measure(drawn, image(values=ramp())).notes

    def test_a_shape_between_centers_has_no_pixels_and_says_so(self):
        drawn = make(Rectangle, [(1.2, 1.2), (1.8, 1.2), (1.8, 1.8), (1.2, 1.8)])
        result = measure(drawn, image(values=ramp()))
        assert found(result) == {"area": (0.36, "mm2"), "n_pixels": (0, "pixels")}
        assert result.notes == (Note.NO_PIXELS,)

    def test_one_pixel_has_no_sd(self):
        drawn = make(Rectangle, [(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)])
        result = measure(drawn, image(values=ramp()))
        assert found(result)["mean"] == (11.0, "HU")
        assert result.find(Name.SD) is None

    def test_values_of_other_modalities_are_not_called_hu(self):
        stored = dataclasses.replace(ramp(), are_hu=False)
        drawn = make(Rectangle, [(0.5, 0.5), (3.5, 0.5), (3.5, 3.5), (0.5, 3.5)])
        assert measure(drawn, image(values=stored)).find(Name.MEAN).unit is Unit.STORED

    @given(st.floats(2, 20), st.floats(2, 20), st.floats(22, 40), st.floats(22, 40), st.floats(0, 180))
    def test_counted_pixels_come_near_the_area_of_an_ellipse(self, a, b, row, column, degrees):
        t = math.radians(degrees)
        along, across = (a * math.cos(t), a * math.sin(t)), (-b * math.sin(t), b * math.cos(t))
        points = [(row, column), (row + along[0], column + along[1]), (row + across[0], column + across[1])]
        drawn = make(Ellipse, points, IN_PX)
        result = measure(drawn, image(NOTHING_KNOWN, values_of(np.zeros((64, 64)))))
        area, counted = result.find(Name.AREA).value, result.find(Name.N_PIXELS).value
        assert area == pytest.approx(math.pi * a * b)
        # Within a band of a pixel's width along the outline, which is at most 2 pi times the longer half axis.
        assert abs(counted - area) <= 2 * math.pi * max(a, b) + 1

    @given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 20), st.integers(1, 20))
    def test_a_freehand_line_around_a_rectangle_is_that_rectangle(self, row, column, height, width):
        corners = [
            (row, column),
            (row + height, column),
            (row + height, column + width),
            (row, column + width),
        ]
        results = [
            measure(make(cls, corners, IN_PX, id="1"), image(NOTHING_KNOWN, ramp(64, 64)))
            for cls in (Rectangle, Freehand)
        ]
        assert results[0].quantities == results[1].quantities
        assert results[0].find(Name.N_PIXELS).value == height * width


class TestProbe:
    @pytest.mark.parametrize(
        ("at", "hu"), [((3, 2), 23), ((3.4, 2.4), 23), ((3.6, 2), 24), ((-0.4, -0.4), 0), ((7.4, 5.4), 57)]
    )
    def test_is_the_pixel_whose_center_is_next(self, at, hu):
        assert found(measure(make(Probe, [at]), image(values=ramp()))) == {"value": (hu, "HU")}

    @pytest.mark.parametrize("at", [(-0.6, 0), (0, -0.6), (7.6, 0), (0, 5.6)])
    def test_outside_the_image_there_is_no_value(self, at):
        result = measure(make(Probe, [at]), image(values=ramp()))
        assert (result.quantities, result.notes) == ((), (Note.PARTLY_OUTSIDE_IMAGE,))

    def test_of_padding_there_is_no_value(self):
        padded = SliceImage(np.array([[-2000, 1]], np.int16), padding=PaddingRange(-2000, -2000))
        result = measure(make(Probe, [(0, 0)]), image(values=ImageValues.of(padded)))
        assert (result.quantities, result.notes) == ((), (Note.PADDING_LEFT_OUT,))

    def test_needs_no_spacing(self):
        result = measure(make(Probe, [(2, 3)], IN_PX), image(NOTHING_KNOWN, ramp()))
        assert (found(result), result.notes) == ({"value": (23.0, "HU")}, ())


class TestSafety:
    @pytest.mark.parametrize("annotation", examples(), ids=lambda a: a.kind.value)
    def test_on_other_pixels_nothing_is_measured(self, annotation):
        other = MeasuredImage("cd" * 16, SQUARE, ramp())
        result = measure(annotation, other)
        assert (result.quantities, result.side, result.notes) == ((), None, (Note.OTHER_PIXELS,))

    @pytest.mark.parametrize("z", [0.2, -5.0])
    def test_in_another_plane_nothing_is_measured(self, z):
        grid = ImageGrid(Plane((0.0, 0.0, z), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), PixelSpacing(1, 1))
        result = measure(make(Length, [(0, 0), (3, 4)]), image(grid))
        assert (result.quantities, result.notes) == ((), (Note.OUTSIDE_PLANE,))

    def test_where_the_plane_is_lost_nothing_is_measured_in_mm(self):
        assert measure(make(Probe, [(1, 1)]), image(NO_PLACE, ramp())).notes == (Note.OUTSIDE_PLANE,)

    @pytest.mark.parametrize("grid", [SQUARE, ImageGrid()])
    def test_arrows_texts_and_key_images_have_no_numbers(self, grid):
        drawn_on = IN_MM if grid is SQUARE else IN_PX
        silent = [a for a in examples(drawn_on) if a.kind in (Kind.ARROW, Kind.TEXT, Kind.KEY_IMAGE)]
        assert len(silent) == 3
        for annotation in silent:
            result = measure(annotation, image(grid, ramp()))
            assert (result.quantities, result.notes) == ((), ())

    def test_every_note_has_words(self):
        assert len({note.text for note in Note}) == len(Note)

    def test_a_result_that_is_no_number_or_there_twice_cannot_be(self):
        with pytest.raises(ValueError, match="finite"):
            Quantity(Name.LENGTH, math.nan, Unit.MM)
        with pytest.raises(ValueError, match="once"):
            Measured("1", Kind.LENGTH, HASH, (Quantity(Name.LENGTH, 1, Unit.MM),) * 2)


class TestGrid:
    @given(
        st.floats(-40, 40),
        st.tuples(*[st.floats(-300, 300)] * 3),
        st.floats(0.1, 2),
        st.floats(0.1, 2),
        st.lists(st.tuples(st.floats(0, 511), st.floats(0, 511)), min_size=1, max_size=4),
    )
    def test_there_and_back(self, tilt, position, row_mm, column_mm, pixels):
        a = math.radians(tilt)
        plane = Plane(position, (1.0, 0.0, 0.0), (0.0, math.cos(a), -math.sin(a)))
        grid = ImageGrid(plane, PixelSpacing(row_mm, column_mm))
        points = grid.points_of(np.array(pixels))
        assert points[0] == pytest.approx(plane.at_mm(*pixels[0], grid.spacing))
        assert grid.pixels_of(points) == pytest.approx(np.array(pixels), abs=1e-5)
        assert grid.distances_mm(points) == pytest.approx(0, abs=1e-6)

    def test_without_geometry_points_are_pixels(self):
        for grid in (NO_PLACE, NOTHING_KNOWN, ImageGrid(AXIAL)):
            assert grid.coordinates is Coordinates.SLICE_PX
            assert grid.points_of(np.array([[2.5, 7.0]])).tolist() == [[2.5, 7.0]]
            assert grid.pixels_of(np.array([[2.5, 7.0]])).tolist() == [[2.5, 7.0]]
        with pytest.raises(ValueError, match="Received"):
            NO_PLACE.pixels_of(np.zeros((1, 3)))

    def test_values_and_mask_have_one_shape(self):
        with pytest.raises(ValueError, match="Received"):
            ImageValues(np.zeros((2, 3), np.float32), np.zeros((3, 2), bool))

    def test_of_a_ct_section_the_spacing_is_measured(self):
        assert spacing_trust(make_series(1), 0) is SpacingTrust.MEASURED

    @pytest.mark.parametrize(
        "fields",
        [
            {"modality": "DX"},
            {"modality": "CR"},
            {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")},
            {"sop_class_uid": "1.2.840.10008.5.1.4.1.1.7"},
        ],
    )
    def test_of_projections_and_captured_screens_it_is_an_estimate(self, fields):
        assert spacing_trust(make_series(1, **fields), 0) is SpacingTrust.ESTIMATED

    def test_where_the_slice_says_so_it_is_an_estimate(self):
        series = make_series(1)
        info = dataclasses.replace(
            series.slices[0], problems=(Problem(ProblemCode.SCALE_ESTIMATED, "0.dcm", "0.5 mm a pixel"),)
        )
        assert spacing_trust(dataclasses.replace(series, slices=(info,)), 0) is SpacingTrust.ESTIMATED
