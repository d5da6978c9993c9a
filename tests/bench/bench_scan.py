"""Listing 2,000 files, beside a bare loop of `pydicom.dcmread(stop_before_pixels=True)` over them."""

from __future__ import annotations

from figures import Figure, Runs
from material import make_series
from processes import Setup

FILES = 2000


def figures(setup: Setup) -> list[Figure]:
    """Time of the listing alone, without the start of Python; the files lie in the system's cache."""
    study = make_series(setup.folder / str(FILES), FILES)
    ours, bare = [], []
    for _ in range(setup.runs):
        bare.append(setup.probe("list_files", "bare", study))
        ours.append(setup.probe("list_files", "ours", study))
    runs = [
        Runs(what, "s", tuple(s["wall_s"] for s in said), tuple(s["cpu_s"] for s in said))
        for what, said in ((f"scan of {FILES:,} files", ours), ("a bare dcmread loop", bare))
    ]
    return [Figure(*runs)]
