"""The longest time that the window's event loop stands still while a study is read and analyzed.

See `tests/ui/gap_meter.py` for how what the machine added is told from what the program did.
"""

from __future__ import annotations

from figures import Figure, Runs
from material import make_series
from processes import Setup

SLICES = 60


def figures(setup: Setup) -> list[Figure]:
    """The worst gap of each run, beside that of the same window while it is idle."""
    study = make_series(setup.folder / str(SLICES), SLICES)
    said = [setup.probe("window", "gap", study) for _ in range(setup.runs)]
    return [
        Figure(
            Runs(f"worst gap, {name}", "ms", tuple(s["busy"][key] for s in said)),
            Runs("idle", "ms", tuple(s["idle"][key] for s in said)),
        )
        for name, key in (
            ("of our own", "own_ms"),
            ("of computing alone", "computed_ms"),
            ("the machine's included", "worst_ms"),
        )
    ]
