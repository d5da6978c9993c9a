"""Which series are volumes, and the reasons a person reads for those that are not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import X, Y, axial_series, make_info, make_series

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.domain.volume_source import NoVolume, NoVolumeReason, volume_geometry

Z = (0.0, 0.0, 1.0)


def plane(z, x=0.0, y=0.0, turned_deg=0.0):
    a = math.radians(turned_deg)
    return Plane((x, y, z), X, (0.0, math.cos(a), -math.sin(a)))


def refusal(*infos, problems=()):
    found = volume_geometry(make_series(*infos, problems=problems))
    assert isinstance(found, NoVolume)
    return found


class TestAccepted:
    def test_a_plain_series(self):
        found = volume_geometry(axial_series(5, 7, 9))
        assert isinstance(found, VolumeGeometry)
        assert found.origin_mm == (-10, -20, 5)
        assert (found.slice_direction, found.column_direction, found.row_direction) == (Z, Y, X)
        assert found.slice_positions_mm == (0, 2, 4)
        assert found.spacing == PixelSpacing(0.5, 0.4)
        assert found.shape == (3, 4, 5)

    def test_uneven_distances(self):
        assert volume_geometry(axial_series(0, 4, 5.1, 12)).slice_positions_mm == pytest.approx(
            (0, 4, 5.1, 12)
        )

    def test_from_head_to_feet(self):
        found = volume_geometry(axial_series(9, 7, 5))
        assert found.slice_direction == (0, 0, -1)
        assert found.slice_positions_mm == (0, 2, 4)

    def test_a_tilted_gantry(self):
        # Slices tilted by 20 degrees, each 5 mm higher on the table.
        found = volume_geometry(make_series(*(make_info(i, plane(5.0 * i, turned_deg=20)) for i in range(3))))
        assert found.slice_direction == pytest.approx(Z)
        assert found.slice_positions_mm == pytest.approx((0, 5, 10))
        assert found.affine is not None

    def test_no_frame_of_reference_at_all(self):
        infos = [make_info(i, plane(i), frame_of_reference_uid="") for i in range(2)]
        assert isinstance(volume_geometry(make_series(*infos)), VolumeGeometry)

    def test_what_rounding_does(self):
        # 0.05 mm beside the line, where half a pixel is 0.2 mm; turned by 0.01 degrees; spacing off by 0.1%.
        infos = [
            make_info(0, plane(0)),
            make_info(1, plane(2, x=0.05, turned_deg=0.01), spacing=PixelSpacing(0.5005, 0.4)),
            make_info(2, plane(4)),
        ]
        assert isinstance(volume_geometry(make_series(*infos)), VolumeGeometry)

    @given(st.lists(st.floats(0.05, 9), min_size=1, max_size=8), st.floats(-40, 40), st.floats(-200, 200))
    def test_any_stack_along_a_line(self, steps, askew_deg, start_mm):
        lean = math.tan(math.radians(askew_deg))
        heights = [0.0]
        for step in steps:
            heights.append(heights[-1] + step)
        infos = [make_info(i, plane(start_mm + h, y=lean * h)) for i, h in enumerate(heights)]
        found = volume_geometry(make_series(*infos))
        for i, info in enumerate(infos):
            assert found.mm_of_index([i, 0, 0]) == pytest.approx(info.plane.position_mm, abs=1e-6)


class TestRefused:
    def test_a_single_slice(self):
        assert refusal(make_info(0, plane(0))) == NoVolume(NoVolumeReason.ONE_SLICE)

    def test_a_slice_without_position(self):
        found = refusal(make_info(0, plane(0)), make_info(1, None))
        assert str(found) == "a slice has no position or orientation: slice 2 of 2"

    def test_a_slice_without_pixel_spacing(self):
        found = refusal(make_info(0, plane(0)), make_info(1, plane(1), spacing=None))
        assert str(found) == "a slice has no pixel spacing: slice 2 of 2"

    def test_differing_sizes(self):
        found = refusal(make_info(0, plane(0)), make_info(1, plane(1), rows=8))
        assert str(found) == "slices differ in rows and columns: slice 2 of 2 has 8 x 5 px, the first 4 x 5"

    def test_differing_pixel_spacing(self):
        # 0.58 / 0.5 = 1.16: over 4 rows, 0.64 px.
        found = refusal(make_info(0, plane(0)), make_info(1, plane(1), spacing=PixelSpacing(0.58, 0.4)))
        assert found.reason is NoVolumeReason.SPACINGS_DIFFER
        assert found.found == "slice 2 of 2 has 0.58 x 0.4 mm, the first 0.5 x 0.4 mm"

    @pytest.mark.parametrize("other", ["1.8", ""])
    def test_mixed_frames_of_reference(self, other):
        found = refusal(make_info(0, plane(0)), make_info(1, plane(1), frame_of_reference_uid=other))
        assert found.reason is NoVolumeReason.FRAMES_DIFFER
        assert found.found == f"slice 2 of 2 is in {other or 'none'}, the first in 1.9"

    def test_planes_that_are_not_parallel(self):
        # 10 degrees move the end of 4 rows of 1.25 px of 0.4 mm by 2 * sin 5 * 5 = 0.87 px.
        found = refusal(make_info(0, plane(0)), make_info(1, plane(1, turned_deg=10)))
        assert str(found) == "slices are not parallel: slice 2 of 2 is turned by 10.00 degrees"

    def test_two_slices_at_one_place(self):
        found = refusal(make_info(0, plane(3)), make_info(1, plane(5)), make_info(2, plane(5)))
        assert str(found) == "two slices lie at one place: 5.0 mm along the normal"

    def test_slices_out_of_order(self):
        found = refusal(make_info(0, plane(0)), make_info(1, plane(4)), make_info(2, plane(2)))
        assert str(found) == "slices are not in the order of their positions: slice 3 of 3"

    def test_a_slice_beside_the_line(self):
        found = refusal(make_info(0, plane(0)), make_info(1, plane(2, x=3)), make_info(2, plane(4)))
        assert str(found) == "slices are not stacked along a line: slice 2 of 3 lies 3.00 mm beside the line"

    def test_a_line_far_from_the_normal(self):
        # 1 mm up, 3 mm aside: atan 3 = 71.6 degrees.
        found = refusal(make_info(0, plane(0)), make_info(1, plane(1, x=3)))
        assert str(found) == "slices are not stacked along a line: the line is 72 degrees from the normal"

    def test_a_missing_slice(self):
        gap = Problem(ProblemCode.GAP, "series", "1 between 4.0 and 8.0 mm")
        infos = [make_info(i, plane(z)) for i, z in enumerate((0, 2, 4, 8))]
        assert str(refusal(*infos, problems=[gap])) == "slices seem to be missing: 1 between 4.0 and 8.0 mm"
