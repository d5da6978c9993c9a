"""Frames a second in a window as large as a 4K screen, beside a bare widget that paints a ready picture of that size.

Scrolling by wheel and keys, dragging the window, drawing a length and moving its end: ms from an event to its
picture, and processor time of the whole process for it. The pane fills the window ("alone"), or what lists and strip
leave of it (1x1); in 2x2 four panes, linked by position, share that. Slices have findings, outlines and words on
them, as a reader sees them.

On a virtual X display where Xvfb is installed, which copies every picture to its screen, else without a display.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from figures import Figure, Runs
from material import make_series
from processes import Setup

SLICES = 60
EVENTS = 300
SCREEN_PX = (3840, 2160)
SIXTY_MS, THIRTY_MS = 1000 / 60, 1000 / 30
LAYOUTS = {"alone": SIXTY_MS, "1x1": SIXTY_MS, "2x2": THIRTY_MS}
WHAT = {"scroll": "scrolling", "window": "windowing", "draw": "drawing a length", "move": "moving it"}


def figures(setup: Setup) -> list[Figure]:
    """Median and 99th percentile over the events of each run; the bound is that of the 99th."""
    study = make_series(setup.folder / str(SLICES), SLICES)
    with screen() as display:
        bare = [setup.probe("frames", "bare", EVENTS, env=display)["bare"] for _ in range(setup.runs)]
        said = {
            layout: [setup.probe("frames", study, EVENTS, layout, env=display) for _ in range(setup.runs)]
            for layout in LAYOUTS
        }
    where = "on Xvfb" if display else "offscreen"
    return [
        Figure(
            _runs(f"{words} {layout} {where}, {at} %", [one[what] for one in said[layout]], at),
            _runs(f"a bare widget, {at} %", bare, at),
            at_most=bound if at == 99 else None,
        )
        for layout, bound in LAYOUTS.items()
        for what, words in WHAT.items()
        for at in (50, 99)
    ]


def _runs(what: str, said: list[list[Any]], at: int) -> Runs:
    """A percentile of each run, and the processor time of an event at the same percentile."""
    wall, cpu = zip(*(np.percentile(one, at, axis=0) for one in said), strict=True)
    return Runs(what, "ms", tuple(map(float, wall)), tuple(float(ms) / 1000 for ms in cpu))


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """What a process needs to show a window on a virtual screen; nothing where there is none to be had."""
    if shutil.which("Xvfb") is None:
        yield {}
        return
    read, write = os.pipe()
    size = f"{SCREEN_PX[0]}x{SCREEN_PX[1]}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number.readline().strip()}"}
    finally:
        server.terminate()
        server.wait(10)
