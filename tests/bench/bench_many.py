"""`ichviewer annotate --jobs 2` over archives of growing size, beside a single process; and how memory grows.

    python tests/bench/run.py --only many --many 10 100 200 1000 10000

Studies have 100 slices of 512 x 512 px. Peaks are of all processes together, shared pages counted in each; those of
10,000 slices take 5 GB of disk.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

from figures import Figure, Runs
from material import make_archive
from processes import Measured, Setup

JOBS = 2
A_STUDY = 100
MOST_MB = 800
"""Of two workers, each with an engine and a decoder, and the program itself, at any number of slices."""
MOST_KB_A_SLICE = 24.0
"""What is kept of a slice until the end: its header as it was listed."""


def figures(setup: Setup) -> list[Figure]:
    """Slices a second and peaks of each size, and the growth between sizes that keep all workers busy."""
    found: list[Figure] = []
    peaks: list[tuple[int, float]] = []
    for n in setup.many:
        archive = make_archive(setup.folder / f"many-{n}", n, A_STUDY)
        alone = _run(setup, archive, 1)
        several = _run(setup, archive, JOBS)
        again = _run(setup, archive, JOBS, keep=True)
        shutil.rmtree(archive)
        peaks.append((n, several.peak_mb))
        found += [
            Figure(
                _seconds(f"{n:,} slices with {JOBS} jobs", several),
                _seconds(f"{n:,} slices with one", alone),
            ),
            Figure(
                Runs("  slices/s", "slices/s", (n / several.wall_s,)),
                Runs("slices/s", "slices/s", (n / alone.wall_s,)),
            ),
            Figure(_seconds("  the same once more", again)),
            Figure(
                Runs("  peak", "MB", (several.peak_mb,)),
                Runs("peak", "MB", (alone.peak_mb,)),
                at_most=MOST_MB,
            ),
        ]
    for (few, low), (many, high) in pairwise(p for p in peaks if p[0] >= JOBS * A_STUDY):
        grown = (high - low) * 1000 / (many - few)
        what = f"growth of the peak from {few:,} to {many:,}"
        found.append(Figure(Runs(what, "KB a slice", (grown,)), at_most=MOST_KB_A_SLICE))
    return found


def _run(setup: Setup, archive: Path, jobs: int, *, keep: bool = False) -> Measured:
    out = archive.with_name(f"{archive.name}-{jobs}.csv")
    if not keep:
        out.with_name(out.name + ".journal").unlink(missing_ok=True)
    command = ["-m", "ichviewer", "annotate", str(archive), "-o", str(out), "--jobs", str(jobs)]
    return setup.run(command, memory=True)


def _seconds(what: str, measured: Measured) -> Runs:
    return Runs(what, "s", (measured.wall_s,), (measured.cpu_s,))
