"""One line of progress, written in place on a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from ichviewer.cli import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(text: str) -> str:
    """What stands on the line in the end: text written over text, from the start of the line."""
    line: list[str] = []
    for part in text.split("\r"):
        line[: len(part)] = part
    return "".join(line)


def test_on_a_terminal_the_line_is_written_over_and_taken_away(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "30")
    with console.progress_line() as tell:
        tell("12 of 340 series, 1,204 of 35,201 slices")
        assert shown(terminal.getvalue()) == "12 of 340 series, 1,204 of 35"
        tell("short \x1b[2J")
        assert shown(terminal.getvalue()).rstrip() == "short \\u001b[2J"
        length = len(terminal.getvalue())
        tell("short \x1b[2J")
        assert len(terminal.getvalue()) == length
    assert shown(terminal.getvalue()).strip() == ""
    assert "\n" not in terminal.getvalue()


def test_elsewhere_there_is_a_line_a_minute(monkeypatch, capsys):
    now_s = [0.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now_s[0])
    with console.progress_line() as tell:
        for second in range(0, 150, 10):
            now_s[0] = float(second)
            tell(f"after {second} s")
    assert capsys.readouterr().err.splitlines() == ["after 60 s", "after 120 s"]


@pytest.mark.parametrize("lines", [[], ["one"]])
def test_an_error_leaves_no_half_line(monkeypatch, lines):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(KeyboardInterrupt), console.progress_line() as tell:
        for line in lines:
            tell(line)
        raise KeyboardInterrupt
    assert shown(terminal.getvalue()).strip() == ""
