"""What of the lines is under the mouse."""

from __future__ import annotations

import pytest

from ichviewer.domain.plane_lines import SegmentPx
from ichviewer.domain.plane_view import PlaneView
from ichviewer.ui.panes.image_frame import Placement
from ichviewer.ui.panes.reformat_grips import (
    Grip,
    GripKind,
    ScreenLine,
    grip_at,
    on_screen,
    to_pixel,
    to_screen,
    turned_degrees,
)
from ichviewer.ui.panes.reformat_state import Section

LINES = {
    Section.CORONAL: ScreenLine((20.0, 100.0), (180.0, 100.0)),
    Section.SAGITTAL: ScreenLine((100.0, 20.0), (100.0, 180.0)),
}


@pytest.mark.parametrize(
    ("point", "grip"),
    [
        ((60.0, 103.0), Grip(GripKind.LINE, Section.CORONAL)),
        ((97.0, 150.0), Grip(GripKind.LINE, Section.SAGITTAL)),
        ((22.0, 98.0), Grip(GripKind.END, Section.CORONAL)),
        ((100.0, 182.0), Grip(GripKind.END, Section.SAGITTAL)),
        ((102.0, 99.0), Grip(GripKind.CROSSHAIR)),
        ((60.0, 60.0), None),
    ],
)
def test_what_a_press_takes_hold_of(point, grip):
    assert grip_at(point, LINES, (100.0, 100.0)) == grip


def test_a_line_ends_inside_of_the_pane():
    view = PlaneView.axial((0.0, 0.0, 0.0), 2.0, 50, 50)
    placement = Placement((50.0, 50.0), 4.0)  # 100 mm across are 400 px, of which 200 are seen
    seen = on_screen(SegmentPx((24.5, -0.5), (24.5, 49.5)), view, placement, (200.0, 200.0), 10.0)
    assert seen is not None
    assert seen.start == pytest.approx((10, 100)) and seen.end == pytest.approx((190, 100))
    assert on_screen(SegmentPx((0.0, -0.5), (0.0, 49.5)), view, placement, (200.0, 200.0), 10.0) is None


def test_pixels_and_screen_go_into_each_other():
    view = PlaneView.axial((0.0, 0.0, 0.0), 2.0, 50, 50)
    placement = Placement((50.0, 50.0), 4.0)
    # The center of pixel (24, 25) is 49 mm down and 51 mm to the right: a mm, 4 px, beside the middle.
    assert to_screen(view, (24.0, 25.0), placement, (200.0, 200.0)) == (104.0, 96.0)
    assert to_pixel(view, (104.0, 96.0), placement, (200.0, 200.0)) == (24.0, 25.0)


def test_turns_are_clockwise_and_go_the_short_way():
    assert turned_degrees((0, 0), (10, 0), (0, 10)) == pytest.approx(90)
    assert turned_degrees((0, 0), (-10, 1), (-10, -1)) == pytest.approx(11.42, abs=0.01)
