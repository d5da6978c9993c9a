"""The window on a (virtual) screen, used as a person uses it: with keyboard and mouse, judged by what is seen."""

from __future__ import annotations

import csv
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import write_series
from numpy.typing import NDArray
from scripted_viewer import FLAGGED
from virtual_display import Display, virtual_display

from ichviewer.domain.window import Window
from ichviewer.ui.look.theme import DARK

pytestmark = [pytest.mark.xvfb, pytest.mark.timeout(180)]

SLICES = 12
PRESETS = {1: (40, 80), 2: (80, 200), 3: (40, 40), 4: (40, 380), 5: (600, 2800)}


def hu_of(index: int) -> int:
    """Every slice has its own gray, so that a look at the screen tells which one it is."""
    return 12 + 5 * index


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    for i in range(SLICES):
        hu = np.full((64, 64), hu_of(i), dtype=np.int16)
        write_series(folder, positions_mm=[5.0 * i], name=f"S{i:02d}", instance_numbers=[i + 1], hu=hu)
    return folder


class Viewer:
    """The running program and the screen it is on."""

    def __init__(self, process: subprocess.Popen[str], display: Display) -> None:
        self._process = process
        self.display = display
        self.told: dict[str, Any] = {}

    def listen(self, word: str, seconds: float = 30.0) -> None:
        """Wait until the program says that something has come to pass."""
        assert self._process.stdout is not None
        until = time.monotonic() + seconds
        while select.select([self._process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            line = self._process.stdout.readline()
            if not line:
                pytest.fail(f"the program ended before it said {word!r}")
            if line.startswith("{"):
                self.told = json.loads(line)
                if self.told["word"] == word:
                    return
        pytest.fail(f"the program did not say {word!r} within {seconds:g} s")

    def center_of_image(self) -> tuple[int, int]:
        x, y, width, height = self.told["image"]
        return x + width // 2, y + height // 2

    def shows(self, index: int, window: tuple[float, float]) -> Callable[[NDArray[np.uint8]], bool]:
        """Whether the middle of the image has the gray of a slice through a window."""
        x, y = self.center_of_image()
        gray = int(Window(*window).grey(hu_of(index)))
        return lambda pixels: bool(
            np.all(np.abs(pixels[y - 3 : y + 3, x - 3 : x + 3].astype(int) - gray) <= 1)
        )

    def click_column(self, index: int) -> None:
        x, y, _, height = self.told["strip"]
        left, right = self.told["columns"][index]
        self.display.do("mousemove", x + round((left + right) / 2), y + height // 2, "click", 1)


@pytest.fixture
def viewer(tmp_path: Path) -> Iterator[Viewer]:
    with running(tmp_path) as seen:
        yield seen


@contextmanager
def running(tmp_path: Path, *paths: Path) -> Iterator[Viewer]:
    """The program on a display of its own, started on paths."""
    with virtual_display(tmp_path) as display:
        environment = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
        process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).parents[1] / "scripted_viewer.py"),
                str(tmp_path / "settings.ini"),
                *map(str, paths),
            ],
            env={**environment, "DISPLAY": display.name, "HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            seen = Viewer(process, display)
            seen.listen("shown")
            # There is no window manager that would do it.
            display.do("windowfocus", seen.told["id"])
            yield seen
        finally:
            process.terminate()
            process.communicate(timeout=10)


def test_a_reading_session(viewer: Viewer, study: Path, tmp_path: Path) -> None:
    display = viewer.display

    display.do("key", "ctrl+o")
    display.wait(lambda p: dialog_is_up(viewer, p), "the dialog")
    display.do("type", "--delay", 5, f"{study}")
    display.do("key", "Return")
    viewer.listen("analyzed")
    display.do("windowfocus", viewer.told["id"])
    display.wait(viewer.shows(SLICES // 2, PRESETS[1]), "the middle slice in the brain window")

    for key, window in PRESETS.items():
        display.do("key", key)
        display.wait(viewer.shows(SLICES // 2, window), f"window {key}")
    display.do("key", 1)

    viewer.click_column(4)
    display.wait(viewer.shows(4, PRESETS[1]), "the slice whose column was clicked")
    display.do("key", "n")
    pixels = display.wait(viewer.shows(FLAGGED[1], PRESETS[1]), "the next flagged slice")
    display.do("key", "p")
    display.wait(viewer.shows(FLAGGED[0], PRESETS[1]), "the previous flagged slice")
    display.do("key", "End")
    display.wait(viewer.shows(SLICES - 1, PRESETS[1]), "the last slice")
    display.do("key", "Up")
    display.wait(viewer.shows(SLICES - 2, PRESETS[1]), "one slice back")

    for index in range(SLICES):
        assert (FLAGGED_COLOR in colors_of_column(viewer, pixels, index)) == (index in FLAGGED)

    drag_changes_the_window(viewer)
    export(viewer, tmp_path / "findings.csv")


def test_started_on_a_path_the_keys_belong_to_the_image(study: Path, tmp_path: Path) -> None:
    with running(tmp_path, study) as viewer:
        display = viewer.display
        display.wait(viewer.shows(SLICES // 2, PRESETS[1]), "the middle slice")
        for key, index in (("Down", 7), ("Right", 8), ("Up", 7), ("Home", 0), ("Next", 5), ("End", 11)):
            display.do("key", key)
            display.wait(viewer.shows(index, PRESETS[1]), f"slice {index + 1} after {key}")
        # Plus needs Shift on this keyboard.
        fitted = display.pixels()
        for key in ("plus", "plus"):
            display.do("key", key)
        larger = display.wait(lambda now: bool((now != fitted).any()), "a larger image")
        for key in ("minus", "equal", "minus", "minus"):
            display.do("key", key)
        display.wait(lambda now: bool((now != larger).any()), "a smaller image")
        display.do("key", "r")
        display.wait(viewer.shows(11, PRESETS[1]), "the whole image")
        x, y = viewer.center_of_image()
        display.do("mousemove", x - 60, y - 60, "click", 4)
        display.wait(viewer.shows(10, PRESETS[1]), "one slice back by the wheel")


FLAGGED_COLOR = DARK.probability_color(0.91, 0.5)


def dialog_is_up(viewer: Viewer, pixels: NDArray[np.uint8]) -> bool:
    """The empty window is black around its message; a dialog is not."""
    x, y, width, height = viewer.told["image"]
    image = pixels[y : y + height, x : x + width]
    return bool(np.mean(image.max(axis=2) < 5) < 0.9)


def colors_of_column(viewer: Viewer, pixels: NDArray[np.uint8], index: int) -> set[str]:
    x, y, _, height = viewer.told["strip"]
    left, right = (round(edge) for edge in viewer.told["columns"][index])
    column = pixels[y : y + height, x + left + 3 : x + right - 3].reshape(-1, 3)
    return {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.unique(column, axis=0)}


def drag_changes_the_window(viewer: Viewer) -> None:
    """A drag with the left button changes the gray; R brings the preset back."""
    display = viewer.display
    x, y = viewer.center_of_image()
    before = int(display.pixels()[y, x, 0])
    display.do("mousemove", x - 100, y - 100, "mousedown", 1)
    for step in range(1, 7):
        display.do("mousemove", x - 100 + 12 * step, y - 100 + 12 * step)
    display.do("mouseup", 1)
    display.wait(lambda p: abs(int(p[y, x, 0]) - before) > 5, "another gray after the drag")
    display.do("key", "r")
    display.wait(viewer.shows(SLICES - 2, PRESETS[1]), "the preset after the reset")


def export(viewer: Viewer, path: Path) -> None:
    display = viewer.display
    display.do("key", "ctrl+e")
    display.wait(lambda p: bool(np.ptp(p) > 0), "anything")
    time.sleep(0.7)
    display.do("key", "ctrl+a")
    display.do("type", "--delay", 5, f"{path}")
    display.do("key", "Return")
    viewer.listen("exported")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [int(r["slice_index"]) for r in rows if r["flagged"]] == [i + 1 for i in FLAGGED]
    assert {r["status"] for r in rows} == {"analysed"}
