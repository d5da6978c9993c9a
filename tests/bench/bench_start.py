"""From the start of the program to its window and to the first image, beside an empty PySide6 window."""

from __future__ import annotations

from figures import Figure, Runs
from material import make_series
from processes import Setup

SLICES = 30


def figures(setup: Setup) -> list[Figure]:
    """Two figures; times are counted from just before the process is started.

    Modules are compiled beforehand, as they are wherever the program is installed, even where the environment keeps
    Python from writing what it compiles.
    """
    study = make_series(setup.folder / str(SLICES), SLICES)
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(setup.folder / "compiled")}
    ours, empty = [], []
    for run in range(setup.runs + 1):
        first_image = setup.probe("window", "start", study, env=compiled)
        empty_window = setup.probe("empty_window", env=compiled)
        if run:
            ours.append(first_image)
            empty.append(empty_window)
    floor = Runs(
        "an empty window", "s", tuple(e["window_s"] for e in empty), tuple(e["cpu_s"] for e in empty)
    )
    return [
        Figure(
            Runs(
                "start to window",
                "s",
                tuple(o["window_s"] for o in ours),
                tuple(o["window_cpu_s"] for o in ours),
            ),
            floor,
        ),
        Figure(
            Runs(
                f"start to first image of {SLICES}",
                "s",
                tuple(o["image_s"] for o in ours),
                tuple(o["image_cpu_s"] for o in ours),
            ),
            floor,
        ),
    ]
