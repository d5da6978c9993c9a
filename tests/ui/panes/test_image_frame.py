"""Where a picture lies on the screen."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.ui.panes.image_frame import (
    LARGEST_PIXEL_PX,
    SMALLEST_ZOOM,
    ImageFrame,
    PictureArea,
    Placement,
    fitted,
    panned,
    zoomed,
)
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation

SIZE = (800.0, 600.0)
mm = st.floats(0.1, 5.0)
frames = st.builds(
    ImageFrame, st.integers(1, 1024), st.integers(1, 1024), st.none() | st.builds(PixelSpacing, mm, mm)
)
px = st.floats(-2000, 2000)


def test_frame_measures_in_mm() -> None:
    frame = ImageFrame(100, 200, PixelSpacing(0.5, 0.25))
    assert (frame.width_mm, frame.height_mm) == (50.0, 50.0)


def test_without_spacing_a_pixel_is_one_unit() -> None:
    frame = ImageFrame(100, 200)
    assert (frame.width_mm, frame.height_mm) == (200.0, 100.0)


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((0.0, 0.0), (0, 0)),
        ((0.49, 1.99), (0, 0)),
        ((0.5, 2.0), (1, 1)),
        ((-0.01, 0.0), None),
        ((2.0, 0.0), None),
        ((1.99, 5.99), (2, 3)),
        ((1.0, 6.0), None),
    ],
)
def test_pixel_under_a_point(point: tuple[float, float], pixel: tuple[int, int] | None) -> None:
    # Three rows of 2 mm, four columns of 0.5 mm.
    assert ImageFrame(3, 4, PixelSpacing(2.0, 0.5)).pixel_at(point) == pixel


def test_fit_takes_the_tighter_direction() -> None:
    # 200 mm wide and 100 mm high on 800 x 600 px: width allows 4 px a mm, height 6.
    placement = fitted(ImageFrame(100, 200), SIZE)
    assert placement.px_per_mm == 4.0
    assert placement.center_mm == (100.0, 50.0)


@given(frames, st.floats(50, 4000), st.floats(50, 4000))
def test_fit_shows_everything_in_its_true_aspect(frame: ImageFrame, width: float, height: float) -> None:
    placement = fitted(frame, (width, height))
    left, top = placement.to_screen((0, 0), (width, height))
    right, bottom = placement.to_screen((frame.width_mm, frame.height_mm), (width, height))
    slack = 1e-6 * max(width, height)
    assert left >= -slack and top >= -slack and right <= width + slack and bottom <= height + slack
    assert math.isclose((right - left) / (bottom - top), frame.width_mm / frame.height_mm, rel_tol=1e-6)


@given(frames, px, px)
def test_screen_and_picture_are_inverse(frame: ImageFrame, x: float, y: float) -> None:
    placement = fitted(frame, SIZE)
    back = placement.to_screen(placement.to_picture((x, y), SIZE), SIZE)
    assert back == pytest.approx((x, y), abs=1e-6)


@given(frames, st.floats(0.2, 5.0), st.floats(300, 500), st.floats(200, 400))
def test_zoom_keeps_the_point_under_the_cursor(frame: ImageFrame, factor: float, x: float, y: float) -> None:
    before = fitted(frame, SIZE)
    after = zoomed(before, frame, factor, (x, y), SIZE)
    inside = 0 < after.center_mm[0] < frame.width_mm and 0 < after.center_mm[1] < frame.height_mm
    if inside:
        fixed = before.to_picture((x, y), SIZE)
        assert after.to_screen(fixed, SIZE) == pytest.approx((x, y), abs=1e-5)


@given(frames, st.floats(1e-3, 1e3))
def test_zoom_has_limits(frame: ImageFrame, factor: float) -> None:
    fit = fitted(frame, SIZE)
    after = zoomed(fit, frame, factor, (400, 300), SIZE)
    assert after.px_per_mm >= fit.px_per_mm * SMALLEST_ZOOM * (1 - 1e-9)
    largest = max(LARGEST_PIXEL_PX / min(frame.row_mm, frame.column_mm), fit.px_per_mm)
    assert after.px_per_mm <= largest * (1 + 1e-9)


@given(frames, px, px)
def test_pan_never_loses_the_picture(frame: ImageFrame, dx: float, dy: float) -> None:
    after = panned(fitted(frame, SIZE), frame, (dx, dy))
    assert 0 <= after.center_mm[0] <= frame.width_mm
    assert 0 <= after.center_mm[1] <= frame.height_mm


def test_pan_moves_with_the_mouse() -> None:
    frame = ImageFrame(100, 200)
    placement = fitted(frame, SIZE)
    moved = panned(placement, frame, (40.0, -20.0))
    x, y = placement.to_screen((10, 10), SIZE)
    assert moved.to_screen((10, 10), SIZE) == (x + 40, y - 20)


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="Received: 0, 5"):
        ImageFrame(0, 5)
    with pytest.raises(ValueError, match="positive scale"):
        Placement((0, 0), 0)
    with pytest.raises(ValueError, match="zoom factor"):
        zoomed(Placement((0, 0), 1), ImageFrame(5, 5), 0, (0, 0), SIZE)


# Parts of a picture

FRAME = ImageFrame(100, 200, PixelSpacing(1.0, 0.5))  # 100 x 100 mm


def test_an_area_is_as_large_as_it_fits_with_its_middle_in_the_center() -> None:
    # Columns 40 to 120 are 40 mm, rows 10 to 30 are 20 mm: 800 / 40 = 20 px a mm across, 600 / 20 = 30 down.
    area = PictureArea(40, 10, 120, 30)
    placement = area.placement(FRAME, SIZE)
    assert placement == Placement((40.0, 20.0), 20.0)
    assert placement.to_screen((20.0, 20.0), SIZE) == (0.0, 300.0)
    assert not area.is_limited(FRAME, SIZE)


def test_a_turned_area_fits_the_other_way_round() -> None:
    # A quarter turn: 20 mm across, 40 mm down: 800 / 20 = 40, 600 / 40 = 15.
    sideways = UPRIGHT.rotated(90)
    assert PictureArea(40, 10, 120, 30).placement(FRAME, SIZE, sideways) == Placement(
        (40.0, 20.0), 15.0, sideways
    )


def test_a_column_of_an_area_is_as_wide_as_it_is_told() -> None:
    # 2 px a column of half a mm.
    assert PictureArea(40, 10, 120, 30, 2.0).placement(FRAME, SIZE) == Placement((40.0, 20.0), 4.0)


@given(
    frames,
    st.tuples(st.floats(1, 4000), st.floats(1, 4000)),
    st.builds(Orientation, st.booleans(), st.integers(0, 3)),
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.5, 1e6), st.floats(0.5, 1e6)),
    st.none() | st.floats(1e-6, 1e6),
)
def test_no_area_leaves_what_zoom_and_pan_can_reach(frame, size, orientation, edges, column_px) -> None:
    left, top, width, height = edges
    area = PictureArea(left, top, left + width, top + height, column_px)
    placement = area.placement(frame, size, orientation)
    assert 0 <= placement.center_mm[0] <= frame.width_mm
    assert 0 <= placement.center_mm[1] <= frame.height_mm
    whole = fitted(frame, size, orientation).px_per_mm
    assert placement.px_per_mm >= whole * SMALLEST_ZOOM * (1 - 1e-12)
    largest = max(LARGEST_PIXEL_PX / min(frame.row_mm, frame.column_mm), whole)
    assert placement.px_per_mm <= largest * (1 + 1e-12)


def test_an_area_out_of_reach_says_so() -> None:
    # A single pixel on 800 x 600 px, and one whose middle lies beside the picture.
    assert PictureArea(0, 0, 1, 1).is_limited(FRAME, SIZE)
    assert PictureArea(-300, 0, 200, 100).is_limited(FRAME, SIZE)


@pytest.mark.parametrize(
    ("edges", "meets"),
    [((0, 0, 1, 1), True), ((199, 99, 300, 300), True), ((200, 0, 201, 1), False), ((-5, -5, 0, 9), False)],
)
def test_an_area_meets_the_picture_or_not(edges: tuple[float, ...], meets: bool) -> None:
    assert PictureArea(*edges).meets(FRAME) is meets


@pytest.mark.parametrize("wrong", [(1, 0, 1, 1), (0, 2, 1, 1), (0, 0, math.inf, 1), (0, 0, 1, 1, 0.0)])
def test_an_area_has_an_extent(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Received"):
        PictureArea(*wrong)
