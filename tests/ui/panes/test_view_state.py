"""What a reader does to a view, as functions from one state to the next; no window is needed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.window import Window
from ichviewer.ui.panes.image_frame import ImageFrame, PictureArea, Placement, fitted
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation
from ichviewer.ui.panes.view_state import BRAIN, ShownWindow, ViewState
from ichviewer.ui.panes.window_drag import DRAG_PX

KEY, OTHER = SeriesKey("1", "2"), SeriesKey("1", "3")
FRAME = ImageFrame(100, 200, PixelSpacing(1.0, 0.5))  # 100 x 100 mm
SIZE = (800.0, 600.0)
BONE = Window(600, 2800, name="Bone")

frames = st.builds(
    ImageFrame,
    st.integers(1, 1024),
    st.integers(1, 1024),
    st.none() | st.builds(PixelSpacing, st.floats(0.1, 5.0), st.floats(0.1, 5.0)),
)
sizes = st.tuples(st.floats(50, 4000), st.floats(50, 4000))
orientations = st.builds(Orientation, st.booleans(), st.integers(0, 3))


def turned(orientation: Orientation) -> ViewState:
    return ViewState(KEY, orientation=orientation)


def test_it_needs_no_qt() -> None:
    code = (
        "import sys, ichviewer.ui.panes.view_state; print(any(n.startswith('PySide6') for n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# Slices


@pytest.mark.parametrize(
    ("start", "steps", "there"), [(2, 1, 3), (2, -1, 1), (2, 9, 4), (2, -9, 0), (0, -1, 0), (4, 0, 4)]
)
def test_stepping_stops_at_the_ends(start: int, steps: int, there: int) -> None:
    assert ViewState(KEY, start).stepped(steps, 5).index == there


def test_another_series_is_as_stored_and_fitted_but_seen_through_the_same_window() -> None:
    before = (
        ViewState(KEY, 3)
        .through(BONE, "Bone")
        .invert()
        .rotated(90)
        .zoomed(FRAME, 2.0, (0.0, 0.0), SIZE)
        .with_tool("length")
    )
    after = before.of_series(OTHER, 1)
    assert after == ViewState(
        OTHER, 1, ShownWindow(BONE, "Bone"), ShownWindow(BONE, "Bone"), inverted=True, tool="length"
    )


# The window


def test_a_drag_changes_the_window_and_a_reset_comes_back_to_the_preset() -> None:
    state = ViewState(KEY).through(BONE, "Bone")
    dragged = state.window_dragged(BONE, 0.0, DRAG_PX / 2)
    # Half of DRAG_PX down moves the center by half of the width.
    assert dragged.window == ShownWindow(Window(2000, 2800))
    assert dragged.preset == state.window
    assert dragged.reset() == state


def test_inverting_twice_is_nothing_and_it_can_be_set() -> None:
    state = ViewState(KEY)
    assert state.invert().inverted and state.invert().invert() == state
    assert state.invert(True).invert(True).inverted and not state.invert(False).inverted


# Place and size


def test_a_fitted_picture_stays_fitted_in_a_pane_of_another_size() -> None:
    state = ViewState(KEY)
    # 100 mm high and wide: 6 px a mm at a height of 600 px, 3 at 300.
    assert [state.placed(FRAME, size).px_per_mm for size in (SIZE, (800.0, 300.0))] == [6.0, 3.0]
    zoomed = state.zoomed(FRAME, 2.0, (400.0, 300.0), SIZE)
    assert [zoomed.placed(FRAME, size).px_per_mm for size in (SIZE, (800.0, 300.0))] == [12.0, 12.0]
    assert zoomed.fit() == state


def test_a_quarter_turn_fits_the_other_side() -> None:
    wide = ImageFrame(100, 200)
    # 200 x 100: the width allows 4 px; turned, the height allows 3.
    assert ViewState(KEY).placed(wide, SIZE).px_per_mm == 4.0
    assert ViewState(KEY).rotated(90).placed(wide, SIZE).px_per_mm == 3.0


@pytest.mark.parametrize(("ratio", "px_per_mm"), [(1.0, 2.0), (2.0, 1.0)])
def test_one_to_one_gives_a_column_a_pixel_of_the_screen(ratio: float, px_per_mm: float) -> None:
    moved = ViewState(KEY).panned(FRAME, (60.0, 0.0), SIZE)
    state = moved.one_to_one(FRAME, SIZE, ratio)
    # Columns of 0.5 mm: 2 px a mm, of which a dense screen needs only one.
    assert state.placed(FRAME, SIZE) == Placement((40.0, 50.0), px_per_mm)


def test_making_a_picture_smaller_than_one_to_one_never_makes_it_larger() -> None:
    tiny = ImageFrame(8, 8)
    state = ViewState(KEY).one_to_one(tiny, SIZE)
    assert state.placed(tiny, SIZE).px_per_mm == 1.0
    for factor, wanted in ((0.5, 1.0), (3.0, 3.0)):
        assert state.zoomed(tiny, factor, (400.0, 300.0), SIZE).placed(tiny, SIZE).px_per_mm == wanted


@given(frames, sizes, orientations, st.floats(-500, 500), st.floats(-500, 500))
def test_the_picture_follows_the_mouse_however_it_is_turned(
    frame: ImageFrame, size: tuple[float, float], orientation: Orientation, dx: float, dy: float
) -> None:
    state = turned(orientation)
    before = state.placed(frame, size)
    after = state.panned(frame, (dx, dy), size).placed(frame, size)
    inside = 0 < after.center_mm[0] < frame.width_mm and 0 < after.center_mm[1] < frame.height_mm
    x, y = before.to_screen((0.0, 0.0), size)
    if inside:
        assert after.to_screen((0.0, 0.0), size) == pytest.approx((x + dx, y + dy), abs=1e-5)


@given(frames, sizes, orientations, st.floats(0.2, 5.0), st.tuples(st.floats(0.4, 0.6), st.floats(0.4, 0.6)))
def test_zoom_keeps_the_point_under_the_cursor_however_it_is_turned(
    frame: ImageFrame,
    size: tuple[float, float],
    orientation: Orientation,
    factor: float,
    part: tuple[float, float],
) -> None:
    state, about = turned(orientation), (size[0] * part[0], size[1] * part[1])
    before = state.placed(frame, size)
    after = state.zoomed(frame, factor, about, size).placed(frame, size)
    if 0 < after.center_mm[0] < frame.width_mm and 0 < after.center_mm[1] < frame.height_mm:
        fixed = before.to_picture(about, size)
        assert after.to_screen(fixed, size) == pytest.approx(about, abs=1e-4)


@given(frames, sizes, orientations)
def test_fitted_shows_all_of_it_however_it_is_turned(
    frame: ImageFrame, size: tuple[float, float], orientation: Orientation
) -> None:
    placement = turned(orientation).placed(frame, size)
    assert placement == fitted(frame, size, orientation)
    slack = 1e-6 * max(size)
    for corner in (
        (0.0, 0.0),
        (frame.width_mm, 0.0),
        (0.0, frame.height_mm),
        (frame.width_mm, frame.height_mm),
    ):
        x, y = placement.to_screen(corner, size)
        assert -slack <= x <= size[0] + slack and -slack <= y <= size[1] + slack


# Flips and rotations


@given(orientations, st.floats(-50, 50), st.sampled_from([90, -90, 180]))
def test_turning_happens_about_the_center_of_the_pane(
    orientation: Orientation, dx: float, degrees: int
) -> None:
    state = turned(orientation).panned(FRAME, (dx, 7.0), SIZE)
    center = state.placed(FRAME, SIZE).center_mm
    for after in (state.flipped_horizontally(), state.flipped_vertically(), state.rotated(degrees)):
        assert after.placed(FRAME, SIZE).center_mm == center
        assert after.placement is not None and after.placement.orientation == after.orientation
    assert state.flipped_horizontally().flipped_horizontally() == state
    assert state.rotated(degrees).rotated(-degrees) == state


def test_a_flip_moves_what_is_on_the_left_to_the_right() -> None:
    state = ViewState(KEY)
    x, y = state.placed(FRAME, SIZE).to_screen((10.0, 20.0), SIZE)
    assert (x, y) == (400 - 40 * 6, 300 - 30 * 6)
    assert state.flipped_horizontally().placed(FRAME, SIZE).to_screen((10.0, 20.0), SIZE) == (800 - x, y)
    assert state.flipped_vertically().placed(FRAME, SIZE).to_screen((10.0, 20.0), SIZE) == (x, 600 - y)
    # A quarter turn: up goes to the right, left goes up.
    assert state.rotated(90).placed(FRAME, SIZE).to_screen((10.0, 20.0), SIZE) == (400 + 30 * 6, 300 - 40 * 6)


def test_a_reset_undoes_all_that_mouse_and_keys_did_but_not_the_tool() -> None:
    state = ViewState(KEY, 2).through(BONE, "Bone").with_tool("length")
    changed = state.flipped_vertically().rotated(90).invert().panned(FRAME, (3.0, 4.0), SIZE)
    assert changed.window_dragged(BONE, 50.0, 50.0).reset() == state


def test_impossible_states_are_refused() -> None:
    with pytest.raises(ValueError, match="Received: -1"):
        ViewState(KEY, -1)
    with pytest.raises(ValueError, match="Received: 0"):
        ViewState(KEY).at(0, 0)
    with pytest.raises(ValueError, match="turned alike"):
        ViewState(KEY, orientation=UPRIGHT.rotated(90), placement=Placement((0, 0), 1))
    with pytest.raises(ValueError, match="Received: nothing"):
        ViewState(KEY).with_tool("")
    with pytest.raises(ValueError, match="pixel ratio"):
        ViewState(KEY).one_to_one(FRAME, SIZE, 0.0)


def test_a_new_view_shows_nothing_through_a_brain_window() -> None:
    assert ViewState() == replace(ViewState(), window=BRAIN, preset=BRAIN, series=None)
    assert BRAIN.voi == Window(40, 80, name="Brain")


# A part of the picture

AREA = PictureArea(40, 10, 120, 30)


def test_an_area_stays_when_the_pane_gets_another_size_and_when_the_picture_is_turned() -> None:
    state = ViewState(KEY).seen(AREA)
    for size in (SIZE, (100.0, 900.0)):
        assert state.placed(FRAME, size) == AREA.placement(FRAME, size)
        turned_state = state.rotated(90)
        assert turned_state.placed(FRAME, size) == AREA.placement(FRAME, size, UPRIGHT.rotated(90))


def test_zoom_and_pan_begin_at_the_area_and_leave_it() -> None:
    state = ViewState(KEY).seen(AREA)
    zoomed = state.zoomed(FRAME, 0.5, (400.0, 300.0), SIZE)
    assert (zoomed.area, zoomed.placement) == (None, Placement((40.0, 20.0), 10.0))
    panned = state.panned(FRAME, (-20.0, 0.0), SIZE)
    assert (panned.area, panned.placement) == (None, Placement((41.0, 20.0), 20.0))
    for whole in (state.fit(), state.reset(), state.of_series(KEY), state.at_place(None)):
        assert (whole.area, whole.placement) == (None, None)


def test_a_place_is_taken_turned_as_the_picture_is() -> None:
    state = ViewState(KEY).rotated(90).seen(AREA).at_place(Placement((1.0, 2.0), 3.0))
    assert (state.area, state.placement) == (None, Placement((1.0, 2.0), 3.0, UPRIGHT.rotated(90)))


def test_a_place_and_an_area_at_once_cannot_be() -> None:
    with pytest.raises(ValueError, match="either a place or an area"):
        ViewState(KEY, placement=Placement((1.0, 2.0), 3.0), area=AREA)
