"""Memory with a long series open in the window, beside an empty window and the pixels themselves."""

from __future__ import annotations

from figures import Figure, Runs
from material import make_series
from processes import Setup

SLICES = 1000


def figures(setup: Setup) -> list[Figure]:
    """Memory of all processes together after every slice was viewed once, while the analysis is running.

    Resident memory counts a shared page in each process, the proportional share counts it once.
    """
    study = make_series(setup.folder / str(SLICES), SLICES)
    said = [setup.probe("window", "memory", study) for _ in range(min(2, setup.runs))]
    empty = [setup.probe("empty_window") for _ in said]
    pixels = SLICES * 512 * 512 * 2 / 1e6
    return [
        Figure(
            Runs(f"{SLICES} slices open, {name}", "MB", tuple(s[key] for s in said)),
            Runs("an empty window and all pixels", "MB", tuple(e[f"empty_{key}"] + pixels for e in empty)),
        )
        for name, key in (("resident", "resident_mb"), ("proportional", "proportional_mb"))
    ]
