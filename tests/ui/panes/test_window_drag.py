"""How a drag changes the window."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.window import VoiFunction, VoiLut, Window
from ichviewer.ui.panes.window_drag import DRAG_PX, dragged, window_of

BRAIN = Window(40, 80, name="Brain")
way = st.floats(-3000, 3000)
windows = st.builds(
    Window,
    st.floats(-1000, 3000),
    st.floats(1, 4000),
    st.sampled_from([VoiFunction.LINEAR, VoiFunction.SIGMOID]),
)


def test_right_is_wider_and_down_is_darker() -> None:
    # e times the width over DRAG_PX, the whole width as center.
    moved = dragged(BRAIN, DRAG_PX, DRAG_PX)
    assert (moved.center_hu, moved.width_hu) == (120, round(80 * math.e))
    assert moved.grey(40) < BRAIN.grey(40)


def test_up_is_brighter() -> None:
    moved = dragged(BRAIN, 0, -DRAG_PX / 4)
    assert (moved.center_hu, moved.width_hu) == (20, 80)
    assert moved.grey(40) > BRAIN.grey(40)


def test_speed_is_proportional_to_the_width() -> None:
    bone = Window(600, 2800)
    ratio = (dragged(bone, 0, 30).center_hu - 600) / (dragged(BRAIN, 0, 30).center_hu - 40)
    assert ratio == 2800 / 80


def test_a_dragged_window_has_no_name_but_its_function() -> None:
    moved = dragged(Window(40, 80, VoiFunction.SIGMOID, "Soft"), 10, 0)
    assert (moved.name, moved.function) == ("", VoiFunction.SIGMOID)


@given(windows)
def test_coming_back_undoes_it(start: Window) -> None:
    back = dragged(start, 0, 0)
    assert (back.center_hu, back.width_hu) == (start.center_hu, start.width_hu)


@given(windows, way, way)
def test_every_drag_gives_a_window(start: Window, dx: float, dy: float) -> None:
    moved = dragged(start, dx, dy)
    assert moved.width_hu >= (1 if start.function is VoiFunction.LINEAR else 0)


@given(windows, way, way)
def test_wider_to_the_right(start: Window, dx: float, more: float) -> None:
    left, right = sorted((dx, more))
    assert dragged(start, left, 0).width_hu <= dragged(start, right, 0).width_hu or 0 in {left, right}


def test_a_lookup_table_becomes_the_range_it_covers() -> None:
    lut = VoiLut(first_hu=-100, bits=8, entries=np.zeros(200, dtype=np.uint16))
    window = window_of(lut)
    assert (window.center_hu, window.width_hu) == (0, 200)
    assert window_of(BRAIN) is BRAIN


@pytest.mark.parametrize("width", [0.05, 0.5, 5])
def test_very_narrow_windows_move_finely(width: float) -> None:
    start = Window(0, width, VoiFunction.LINEAR_EXACT)
    moved = dragged(start, 0, 30)
    assert moved.center_hu == pytest.approx(width / 10, rel=0.1)
