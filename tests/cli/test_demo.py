from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from PIL import Image

from ichviewer.__main__ import main
from ichviewer.cli import demo as demo_module
from ichviewer.cli.demo import has_display
from ichviewer.services import analyse_paths


@pytest.fixture(autouse=True)
def tiny_bundled(monkeypatch, tiny):
    """The tiny model in place of the bundled one, and no display."""
    monkeypatch.setattr(analyse_paths, "model_dir", lambda: tiny)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_display_it_writes_files(monkeypatch, capsys):
    monkeypatch.setattr(demo_module, "_picture_of_window", lambda picture: "no Qt here")
    assert main(["demo"]) == 0
    out, err = capsys.readouterr()
    found = {
        line.split()[0]: line.split()[1] for line in out.splitlines() if line.startswith(("CSV", "picture"))
    }
    assert Path(found["CSV"]) == Path("ichviewer-demo/findings.csv").resolve()
    with Path(found["CSV"]).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(r["status"] == "analysed" for r in rows) >= 20
    with Image.open(found["picture"]) as picture:
        assert picture.width >= 256
    assert "no Qt here" in err
    assert "Synthetic" in out or "synthetic" in out


def test_the_window_is_drawn_by_a_process_of_its_own(monkeypatch, capsys):
    commands: list[list[str]] = []

    class Done:
        returncode, stderr = 0, ""

    def run(command, **options):
        commands.append(command)
        assert options["env"]["QT_QPA_PLATFORM"] == "offscreen"
        Path(command[-1]).write_bytes(b"a picture")
        return Done()

    monkeypatch.setattr(demo_module.subprocess, "run", run)
    assert main(["demo", "--out", "here"]) == 0
    assert commands[0][:4] == [sys.executable, "-m", "ichviewer", "screenshot"]
    assert str(Path("here/window.png").resolve()) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_has_display(monkeypatch, environment, expected):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_display() is expected
