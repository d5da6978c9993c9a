from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from ichviewer.__main__ import main


@pytest.fixture
def taken(monkeypatch) -> list[tuple]:
    """What pictures were taken of; no window is made."""
    calls: list[tuple] = []
    module = ModuleType("ichviewer.ui.app.screenshot")
    module.take_screenshot = lambda *arguments: calls.append(arguments) or ()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ichviewer.ui.app.screenshot", module)
    return calls


def test_options_arrive(taken, tmp_path, capsys):
    assert main(["screenshot", str(tmp_path), "-o", "w.png", "--size", "1280X720", "--theme", "light"]) == 0
    assert taken == [([tmp_path], Path("w.png"), (1280, 720), "light")]
    out, err = capsys.readouterr()
    assert out == ""
    assert "1280 x 720" in err


def test_the_usual_window_is_dark_and_large(taken, tmp_path):
    assert main(["screenshot", str(tmp_path), "-o", "w.png"]) == 0
    assert taken[0][2:] == ((1600, 1000), "dark")
