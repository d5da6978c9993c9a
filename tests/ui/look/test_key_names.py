"""What keys are called, and which one was pressed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ichviewer.ui.look.key_names import called, canonical, pressed

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE, KEYPAD = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier


@pytest.mark.parametrize(
    ("text", "written"),
    [("ctrl+o", "Ctrl+O"), ("Page Down", "PgDown"), ("?", "?"), ("Shift+Ctrl+O", "Ctrl+Shift+O")],
)
def test_a_key_has_one_way_of_writing(text: str, written: str) -> None:
    assert canonical(text) == written
    assert canonical(written) == written


@pytest.mark.parametrize("text", ["", "Nonsense", "Ctrl+K, Ctrl+S", "Ctrl+"])
def test_what_is_no_single_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Received"):
        canonical(text)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ((), ""),
        (("N", "P"), "N, P"),
        (("PgUp", "PgDown"), "Page Up, Page Down"),
        (("Down", "Right", "Up", "Left"), "arrow keys"),
        (("J", "Down", "Right", "Up", "Left", "K"), "J, arrow keys, K"),
        (("Down", "Right", "K"), "Down, Right, K"),
    ],
)
def test_keys_are_called_as_people_call_them(keys: tuple[str, ...], words: str) -> None:
    assert called(keys, portable=True) == words


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "name"),
    [
        (Qt.Key.Key_J, NONE, "j", "J"),
        (Qt.Key.Key_J, SHIFT, "J", "Shift+J"),
        (Qt.Key.Key_J, CONTROL | SHIFT, "\x0a", "Ctrl+Shift+J"),
        # A symbol that needs Shift is that symbol: on other keyboards it needs none.
        (Qt.Key.Key_Question, SHIFT, "?", "?"),
        (Qt.Key.Key_Plus, SHIFT, "+", "+"),
        (Qt.Key.Key_7, KEYPAD, "7", "7"),
        (Qt.Key.Key_PageDown, SHIFT, "", "Shift+PgDown"),
        (Qt.Key.Key_Space, SHIFT, " ", "Shift+Space"),
        (Qt.Key.Key_F5, NONE, "", "F5"),
        (Qt.Key.Key_Control, CONTROL, "", ""),
        (Qt.Key.Key_AltGr, NONE, "", ""),
    ],
)
def test_the_key_that_went_down(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, name: str) -> None:
    assert pressed(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == name
