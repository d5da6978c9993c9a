"""Reference lines and crosshairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import X, Y, Z

from ichviewer.domain.plane_lines import cut_line
from ichviewer.domain.plane_view import PlaneView

CENTER = (10.0, 20.0, 30.0)
# 11 columns of 1 mm: x 5 to 15; 21 rows: 10 mm to each side.
AXIAL = PlaneView.axial(CENTER, 1.0, 21, 11)


def ends(segment):
    return sorted([segment.start, segment.end])


class TestByHand:
    def test_a_coronal_plane_is_a_row_of_an_axial_one(self):
        # y 23 is 3 rows below the middle row 10; from edge to edge of 11 columns.
        other = PlaneView.coronal((10.0, 23.0, 30.0), 1.0, 31, 31)
        assert ends(cut_line(AXIAL, other)) == [pytest.approx((13, -0.5)), pytest.approx((13, 10.5))]

    def test_a_sagittal_plane_is_a_column_of_an_axial_one(self):
        other = PlaneView.sagittal((8.0, 20.0, 30.0), 1.0, 31, 31)
        assert ends(cut_line(AXIAL, other)) == [pytest.approx((-0.5, 3)), pytest.approx((20.5, 3))]

    def test_a_reference_line_ends_where_the_other_image_does(self):
        # 5 columns of 1 mm around x 10: 7.5 to 12.5, which is column 2.5 to 7.5.
        other = PlaneView.coronal(CENTER, 1.0, 31, 5)
        assert ends(cut_line(AXIAL, other)) == [pytest.approx((10, 2.5)), pytest.approx((10, 7.5))]
        assert ends(cut_line(AXIAL, other, whole=True)) == [
            pytest.approx((10, -0.5)),
            pytest.approx((10, 10.5)),
        ]

    def test_pixel_sizes_may_differ(self):
        # 5 columns of 2 mm: 5 mm to each side is beyond the view; of 0.4 mm: 1 mm to each side.
        wide = PlaneView.coronal(CENTER, 4.0, 31, 5)
        fine = PlaneView.coronal(CENTER, 0.4, 99, 5)
        assert ends(cut_line(AXIAL, wide)) == [pytest.approx((10, -0.5)), pytest.approx((10, 10.5))]
        assert ends(cut_line(AXIAL, fine)) == [pytest.approx((10, 4)), pytest.approx((10, 6))]

    def test_a_turned_plane_is_a_diagonal(self):
        other = PlaneView.coronal(CENTER, 1.0, 31, 31).rotated(Z, 45)
        # From x to y at 45 degrees: columns 10.5 at the right edge is 5.5 to the right and 5.5 down.
        assert ends(cut_line(AXIAL, other, whole=True)) == [
            pytest.approx((4.5, -0.5)),
            pytest.approx((15.5, 10.5)),
        ]

    def test_parallel_planes_have_none(self):
        assert cut_line(AXIAL, AXIAL) is None
        assert cut_line(AXIAL, AXIAL.moved(3)) is None

    def test_a_cut_outside_of_the_view_is_none(self):
        assert cut_line(AXIAL, PlaneView.coronal((10.0, 31.0, 30.0), 1.0, 99, 99)) is None

    def test_a_cut_outside_of_the_other_image_is_none_unless_the_whole_plane_counts(self):
        # The coronal image shows z 100 only, or x 100 only.
        for other in (
            PlaneView.coronal((10.0, 20.0, 100.0), 1.0, 5, 31),
            PlaneView.coronal((100.0, 20.0, 30.0), 1.0, 31, 5),
        ):
            assert cut_line(AXIAL, other) is None
            assert cut_line(AXIAL, other, whole=True) is not None


directions = st.sampled_from([X, Y, Z, (1.0, 1.0, 0.0), (1.0, -2.0, 3.0)])


@given(directions, st.floats(-170, 170), directions, st.floats(-170, 170), st.floats(-6, 6))
def test_a_line_lies_in_both_planes(axis, degrees, other_axis, other_degrees, beside_mm):
    view = AXIAL.rotated(axis, degrees)
    other = PlaneView.sagittal(CENTER, 0.7, 50, 60).rotated(other_axis, other_degrees).moved(beside_mm)
    segment = cut_line(view, other)
    if segment is None:
        return
    for row, column in (segment.start, segment.end):
        assert -0.5 - 1e-6 <= row <= view.rows - 0.5 + 1e-6
        assert -0.5 - 1e-6 <= column <= view.columns - 0.5 + 1e-6
        at = view.mm_at(row, column)
        assert other.distance_mm(tuple(at)) == pytest.approx(0, abs=1e-5)
        px = other.px_of(at)
        assert (px >= -0.5 - 1e-4).all()
        assert (px <= np.array([other.rows, other.columns]) - 0.5 + 1e-4).all()
