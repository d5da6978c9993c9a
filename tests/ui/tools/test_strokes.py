"""Tools without a window: what clicks make, what a drag of a handle does, what is under the mouse."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.annotation.base import Kind
from ichviewer.ui.tools.editing import WHOLE, Held, dragged, held_at
from ichviewer.ui.tools.figure import figure, foot
from ichviewer.ui.tools.standard_tools import TOOLS
from ichviewer.ui.tools.stroke import Stroke
from ichviewer.ui.tools.tool import ClickTool, Tool, ToolTable

PLACE = st.tuples(st.floats(-200, 200), st.floats(-200, 200))


def tool(name: str) -> Tool:
    found = TOOLS.find(name)
    assert found is not None
    return found


def clicked(name: str, *places: tuple[float, float]) -> Stroke:
    stroke = Stroke(tool(name))
    for place in places:
        stroke = stroke.pressed(place)
    return stroke


def test_a_length_takes_two_clicks() -> None:
    stroke = clicked("length", (1, 2))
    assert not stroke.complete and stroke.step == "the other end"
    assert stroke.moved((4, 6), False).lines() == (((1, 2), (4, 6)),)
    assert stroke.pressed((4, 6)).complete


def test_a_drag_is_two_clicks_and_a_click_without_a_drag_is_one() -> None:
    begun = clicked("length", (1, 2))
    assert begun.released((4, 6), dragged=True).complete
    assert begun.released((1, 3), dragged=False) == begun


def test_a_second_click_on_the_same_place_changes_nothing() -> None:
    assert len(clicked("length", (1, 2), (1, 2)).clicks) == 1


def test_a_rectangle_has_its_corners_in_order_around_it() -> None:
    stroke = clicked("rectangle", (1, 2), (5, 8))
    assert stroke.tool.places(stroke.clicks) == ((1, 2), (5, 2), (5, 8), (1, 8))


def test_an_ellipse_lies_in_the_rectangle_that_was_drawn() -> None:
    stroke = clicked("ellipse", (0, 0), (10, 4))
    assert stroke.tool.places(stroke.clicks) == ((5, 2), (10, 2), (5, 4))


def test_the_short_axis_is_put_at_right_angles_to_the_long_one() -> None:
    # The long axis is horizontal, so only the height of the last click counts.
    stroke = clicked("bidirectional", (0, 0), (10, 0), (4, -3), (7, 5))
    assert stroke.tool.places(stroke.clicks) == ((0, 0), (10, 0), (4, -3), (4, 5))


def test_a_trace_takes_every_place_of_the_drag() -> None:
    stroke = clicked("freehand", (0, 0))
    for place in ((1, 0), (1, 1), (0, 1)):
        stroke = stroke.moved(place, True)
    assert stroke.clicks == ((0, 0), (1, 0), (1, 1), (0, 1)) and not stroke.complete
    assert stroke.moved((9, 9), False).clicks == stroke.clicks
    assert stroke.preview() == stroke.clicks


def test_every_step_of_every_tool_has_words() -> None:
    for one in TOOLS:
        stroke = Stroke(one)
        said = []
        for i in range(len(one.steps)):
            said.append(stroke.step)
            stroke = stroke.pressed((float(i), float(i * i)))
        assert said == list(one.steps)


def test_the_kinds_that_are_drawn_all_have_a_tool() -> None:
    assert {one.kind for one in TOOLS} == set(Kind) - {Kind.KEY_IMAGE}


@given(at=PLACE)
def test_a_moved_corner_leaves_a_rectangle_and_the_opposite_corner(at: tuple[float, float]) -> None:
    corners = ((1.0, 2.0), (5.0, 2.0), (5.0, 8.0), (1.0, 8.0))
    moved = dragged(Kind.RECTANGLE, corners, 0, corners[0], at)
    assert moved[2] == pytest.approx(corners[2])
    assert moved[0] == pytest.approx(at)
    assert moved[1] == pytest.approx((5.0, at[1])) and moved[3] == pytest.approx((at[0], 8.0))


@given(handle=st.integers(0, 3), at=PLACE)
def test_the_axes_of_a_moved_handle_stay_at_right_angles(handle: int, at: tuple[float, float]) -> None:
    before = ((0.0, 0.0), (10.0, 0.0), (4.0, -3.0), (4.0, 5.0))
    a, b, c, d = dragged(Kind.BIDIRECTIONAL, before, handle, before[handle], at)
    dot = (b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1])
    assert dot == pytest.approx(0, abs=1e-6 * max(1.0, math.dist(a, b) * math.dist(c, d)))


def test_turning_the_long_axis_keeps_the_length_of_the_short_one() -> None:
    before = ((0.0, 0.0), (10.0, 0.0), (4.0, -3.0), (4.0, 5.0))
    after = dragged(Kind.ABC2, before, 1, (10, 0), (0, 10))
    assert after[:2] == ((0, 0), (0, 10))
    # Its middle (4, 1) stays; half of its 8 mm lies to either side, across the turned axis.
    assert sorted(after[2:]) == [pytest.approx((0, 1)), pytest.approx((8, 1))]


@given(x=st.floats(-50, 50), y=st.floats(-50, 50))
def test_the_whole_moves_as_the_mouse_does(x: float, y: float) -> None:
    at = ((1.0, 2.0), (3.0, 4.0), (5.0, 1.0))
    moved = dragged(Kind.ANGLE, at, WHOLE, (0, 0), (x, y))
    assert moved == tuple((px + x, py + y) for px, py in at)


def test_a_half_axis_keeps_its_direction() -> None:
    at = ((5.0, 5.0), (9.0, 5.0), (5.0, 8.0))
    assert dragged(Kind.ELLIPSE, at, 1, (9, 5), (11, 7)) == ((5, 5), (11, 5), (5, 8))
    assert dragged(Kind.ELLIPSE, at, 0, (5, 5), (6, 7)) == ((6, 7), (10, 7), (6, 10))


def test_a_handle_is_taken_before_a_line_and_only_from_close_by() -> None:
    drawn = [("one", figure(Kind.LENGTH, ((0.0, 0.0), (10.0, 0.0))))]

    def twice(place: tuple[float, float]) -> tuple[float, float]:
        return place[0] * 10, place[1] * 10

    assert held_at((97, 3), drawn, twice) == Held("one", 1)
    assert held_at((50, 7), drawn, twice) == Held("one", WHOLE)
    assert held_at((50, 9), drawn, twice) is None


def test_the_shift_is_drawn_from_the_line_between_the_ends_of_the_falx() -> None:
    assert foot((0, 0), (0, 10), (3, 4)) == (0, 4)
    drawn = figure(Kind.MIDLINE_SHIFT, ((0, 0), (0, 10), (3, 4)))
    assert drawn.lines == (((0, 4), (3, 4)),) and drawn.dashed == (((0, 0), (0, 10)),)


def test_a_tool_needs_a_name_of_its_own_and_steps() -> None:
    table = ToolTable()
    one = ClickTool("mine", "&Mine", "Tip", "info", Kind.LENGTH, ("a", "b"))
    table.add(one)
    for wrong in (
        one,
        ClickTool("window", "W", "Tip", "info", Kind.LENGTH, ("a",)),
        ClickTool("other", "O", "Tip", "info", Kind.LENGTH, ()),
        ClickTool("trace", "T", "Tip", "info", Kind.FREEHAND, ("a", "b"), traces=True),
    ):
        with pytest.raises(ValueError, match="Received"):
            table.add(wrong)
    assert [tool.name for tool in table] == ["mine"]
