"""`ichviewer annotate` from a folder to its CSV, beside the sum of its parts; and how much memory it takes.

The parts are reading the headers, decoding every slice once and running the model on every slice, each alone with all
cores, in one process, one after the other, without starting anything: what `annotate` does besides (finding heads,
checking the input, making the model's inputs, starting processes, writing) has to fit beside them.
"""

from __future__ import annotations

from figures import Figure, Runs
from material import make_series
from processes import Setup

MOST_MB = 350
MOST_RATIO = 1.25
LONG = 1000
"""A series from this length on is run once, for its memory."""
JUDGED = 200
"""The start of the program is a part of everything that is shorter."""


def figures(setup: Setup) -> list[Figure]:
    """Time beside the parts, and peak of memory, of each length."""
    found = []
    for n in setup.slices:
        study = make_series(setup.folder / str(n), n)
        found += _of_one(setup, n, study)
    return found


def _of_one(setup: Setup, n: int, study: object) -> list[Figure]:
    whole, parts = [], []
    for run in range(1 if n >= LONG else setup.runs):
        out = setup.folder / f"{n}-{run}.csv"
        parts.append(setup.probe("parts", study))
        whole.append(setup.run(["-m", "ichviewer", "annotate", str(study), "-o", str(out)], memory=True))
    named = [
        Runs(
            f"  {part} of {n} alone", "s", tuple(p[part][0] for p in parts), tuple(p[part][1] for p in parts)
        )
        for part in ("reading", "decoding", "predicting", "preparing")
    ]
    total = Runs(
        "reading, decoding and predicting alone",
        "s",
        tuple(sum(values) for values in zip(*(r.values for r in named[:3]), strict=True)),
        tuple(sum(values) for values in zip(*(r.cpu_s for r in named[:3]), strict=True)),
    )
    time = Figure(
        Runs(f"annotate {n} slices", "s", tuple(w.wall_s for w in whole), tuple(w.cpu_s for w in whole)),
        total,
        ratio_at_most=MOST_RATIO if n >= JUDGED else None,
    )
    memory = Figure(
        Runs(f"annotate {n} slices, peak", "MB", tuple(w.peak_mb for w in whole)), at_most=MOST_MB
    )
    return [time, *(Figure(runs) for runs in named), memory]
