"""Mirrored and rotated pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.ui.panes.orientation import UPRIGHT, Orientation

RIGHT, DOWN, LEFT, UP = (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)
orientations = st.builds(Orientation, st.booleans(), st.integers(0, 3))
ways = st.tuples(st.floats(-100, 100), st.floats(-100, 100))


@pytest.mark.parametrize(
    ("orientation", "right", "down"),
    [
        (UPRIGHT, RIGHT, DOWN),
        (UPRIGHT.rotated(90), DOWN, LEFT),
        (UPRIGHT.rotated(180), LEFT, UP),
        (UPRIGHT.rotated(-90), UP, RIGHT),
        (UPRIGHT.flipped_horizontally(), LEFT, DOWN),
        (UPRIGHT.flipped_vertically(), RIGHT, UP),
        # What is done last is done on the screen.
        (UPRIGHT.rotated(90).flipped_horizontally(), DOWN, RIGHT),
        (UPRIGHT.flipped_horizontally().rotated(90), UP, LEFT),
        (UPRIGHT.rotated(90).flipped_vertically(), UP, LEFT),
    ],
)
def test_where_right_and_down_of_the_picture_point_on_the_screen(
    orientation: Orientation, right: tuple[float, float], down: tuple[float, float]
) -> None:
    assert (orientation.to_screen(RIGHT), orientation.to_screen(DOWN)) == (right, down)


@given(orientations, ways)
def test_screen_and_picture_are_inverse(orientation: Orientation, way: tuple[float, float]) -> None:
    assert orientation.to_picture(orientation.to_screen(way)) == way
    assert orientation.to_screen(orientation.to_picture(way)) == way


@given(orientations, ways)
def test_each_step_does_on_the_screen_what_it_says(
    orientation: Orientation, way: tuple[float, float]
) -> None:
    x, y = orientation.to_screen(way)
    assert orientation.flipped_horizontally().to_screen(way) == (-x, y)
    assert orientation.flipped_vertically().to_screen(way) == (x, -y)
    assert orientation.rotated(90).to_screen(way) == (-y, x)
    assert orientation.rotated(-90).to_screen(way) == (y, -x)


@given(orientations)
def test_what_looks_alike_is_equal(orientation: Orientation) -> None:
    assert orientation.flipped_horizontally().flipped_horizontally() == orientation
    assert orientation.flipped_vertically().flipped_vertically() == orientation
    assert orientation.flipped_horizontally().flipped_vertically() == orientation.rotated(180)
    assert orientation.rotated(90).rotated(270) == orientation == orientation.rotated(-360)


@given(orientations)
def test_sides_are_swapped_by_odd_quarter_turns_only(orientation: Orientation) -> None:
    assert orientation.swaps_sides == (orientation.to_screen(RIGHT)[0] == 0)


def test_there_are_eight_and_no_others() -> None:
    seen = {UPRIGHT}
    for _ in range(4):
        seen |= {s for o in seen for s in (o.rotated(90), o.flipped_horizontally(), o.flipped_vertically())}
    assert len(seen) == 8
    with pytest.raises(ValueError, match="Received: 4"):
        Orientation(quarter_turns=4)
    with pytest.raises(ValueError, match="Received: 45"):
        UPRIGHT.rotated(45)
