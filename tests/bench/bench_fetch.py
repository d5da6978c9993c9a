"""A study of 300 slices fetched over a line of 10 MB/s: from the request to its first image, and to its last.

The last figures are those of a study that is encrypted in the cache, with the processor time of the window's process.
`--package` of a checkout that opened a study only when all of it had come shows what it was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from figures import Figure, Runs
from material import make_series
from processes import Setup

SLICES = 300
MB_A_SECOND = 10
FIRST_SHARE_AT_MOST = 0.4


def figures(setup: Setup) -> list[Figure]:
    """For each protocol: the first image, beside the time that fetching all took; and the window's longest stop."""
    study = make_series(setup.folder / str(SLICES), SLICES)
    found = []
    for protocol in ("C-GET", "DICOMweb"):
        both = [
            [setup.probe("fetch", protocol, study, MB_A_SECOND, *mode) for mode in ((), ("encrypted",))]
            for _ in range(setup.runs)
        ]
        said, encrypted = ([run[which] for run in both] for which in (0, 1))
        fetched = Runs("all fetched", "s", tuple(s["fetched_s"] for s in said))
        found += [
            Figure(
                Runs(f"first image of {SLICES}, {protocol}", "s", tuple(s["first_s"] for s in said)),
                fetched,
                ratio_at_most=FIRST_SHARE_AT_MOST,
            ),
            Figure(Runs(f"all images, {protocol}", "s", tuple(s["all_s"] for s in said)), fetched),
            Figure(
                Runs(f"worst gap of our own, {protocol}", "ms", tuple(s["own_gap_ms"] for s in said)),
                Runs("of computing alone", "ms", tuple(s["computed_gap_ms"] for s in said)),
            ),
            Figure(
                _all_fetched(f"all fetched, encrypted, {protocol}", encrypted), _all_fetched("plain", said)
            ),
        ]
    return found


def _all_fetched(what: str, said: Sequence[Mapping[str, float]]) -> Runs:
    return Runs(what, "s", tuple(s["fetched_s"] for s in said), tuple(s["cpu_s"] for s in said))
