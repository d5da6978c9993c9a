"""From a key to the next slice on the screen, beside a bare widget that paints a ready picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from figures import Figure, Runs
from material import make_series
from processes import Setup

SLICES = 60
PRESSES = 300


def figures(setup: Setup) -> list[Figure]:
    """Median and 99th percentile over the key presses of each run, nothing else going on in the program."""
    study = make_series(setup.folder / str(SLICES), SLICES)
    said = [setup.probe("window", "keys", study, PRESSES) for _ in range(setup.runs)]
    return [
        Figure(
            *(
                _runs(what, said, key, at)
                for what, key in (("key to repaint", "ours_ms"), ("a bare widget", "bare_ms"))
            )
        )
        for at in (50, 99)
    ]


def _runs(what: str, said: list[dict[str, Any]], key: str, at: int) -> Runs:
    """A percentile of each run, and the processor time of a press at the same percentile."""
    wall, cpu = zip(*(np.percentile(s[key], at, axis=0) for s in said), strict=True)
    return Runs(
        f"{what}, {at} % are faster", "ms", tuple(map(float, wall)), tuple(float(ms) / 1000 for ms in cpu)
    )
