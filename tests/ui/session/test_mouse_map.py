"""The mouse map is a value without Qt that numbers buttons and keys as Qt does."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from ichviewer.ui.session.mouse_map import (
    ACTIONS,
    MOUSE_PRESETS,
    Buttons,
    DoubleClick,
    Drag,
    Modifiers,
    MouseMap,
    Wheel,
    preset_name,
)

OURS = MOUSE_PRESETS["ichviewer"]


def test_buttons_and_keys_have_the_numbers_of_qt() -> None:
    assert Qt.MouseButton.LeftButton.value == Buttons.LEFT
    assert Qt.MouseButton.MiddleButton.value == Buttons.MIDDLE
    assert Qt.MouseButton.RightButton.value == Buttons.RIGHT
    assert Qt.KeyboardModifier.ShiftModifier.value == Modifiers.SHIFT
    assert Qt.KeyboardModifier.ControlModifier.value == Modifiers.CONTROL


@pytest.mark.parametrize(
    ("button", "modifiers", "drag"),
    [
        (Buttons.LEFT, 0, Drag.WINDOW),
        (Buttons.LEFT, Modifiers.SHIFT, Drag.PAN),
        (Buttons.LEFT, Modifiers.CONTROL, Drag.WINDOW),
        (Buttons.MIDDLE, 0, Drag.PAN),
        (Buttons.MIDDLE, Modifiers.SHIFT, Drag.PAN),
        (Buttons.RIGHT, Modifiers.SHIFT, Drag.ZOOM),
        (0, 0, Drag.NOTHING),
        (8, 0, Drag.NOTHING),
        (Buttons.LEFT | Buttons.RIGHT, 0, Drag.NOTHING),
    ],
)
def test_our_own_map_does_what_the_window_always_did(button: int, modifiers: int, drag: Drag) -> None:
    assert OURS.action_for(button, modifiers) is drag


def test_the_wheel_steps_and_with_control_zooms() -> None:
    assert OURS.wheel_for() is Wheel.SLICES
    assert OURS.wheel_for(Modifiers.CONTROL | Modifiers.SHIFT) is Wheel.ZOOM
    assert OURS.double_click is DoubleClick.RESET


def test_a_map_of_qt_values_needs_no_conversion() -> None:
    held = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
    assert OURS.action_for(Qt.MouseButton.LeftButton.value, held.value) is Drag.PAN


def test_presets_differ_and_are_told_by_name() -> None:
    assert list(MOUSE_PRESETS) == ["ichviewer", "OHIF", "Weasis", "Horos"]
    assert len(set(MOUSE_PRESETS.values())) == len(MOUSE_PRESETS)
    for name, preset in MOUSE_PRESETS.items():
        assert preset_name(preset) == name
        # All four viewers window with the left button, pan with the middle one and step with the wheel.
        assert (preset.left, preset.middle, preset.wheel) == (Drag.WINDOW, Drag.PAN, Wheel.SLICES)
    assert preset_name(replace(OURS, left=Drag.SLICES)) == ""


@given(st.sampled_from(sorted(ACTIONS)), st.sampled_from(["window", "reset", 3, None]))
def test_a_map_with_something_else_than_an_action_cannot_be_made(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"Received: "):
        MouseMap(**{field: value})


def test_every_field_names_its_actions() -> None:
    assert [field.name for field in fields(MouseMap)] == list(ACTIONS)
