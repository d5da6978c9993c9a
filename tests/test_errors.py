from __future__ import annotations

import pytest

from ichviewer.errors import ReadError, system_refusal


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(36, "File name too long", "a.dcm"), "a.dcm: File name too long"),
        (PermissionError(13, "Permission denied"), "something cannot be read or written: Permission denied"),
        (OSError("odd"), "something cannot be read or written: odd"),
        (MemoryError(), "there is not enough memory for this input"),
        (RecursionError("maximum"), "the input is too deeply nested"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), "a text cannot be read or written"),
    ],
)
def test_what_is_about_the_input_or_the_machine(error, words):
    assert words in (system_refusal(error) or "")


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError("x"), ZeroDivisionError(), ReadError("x"), KeyboardInterrupt()]
)
def test_everything_else_is_not(error):
    assert system_refusal(error) is None
