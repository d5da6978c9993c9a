"""Numbers about a worklist, counted from all its studies anew."""

from __future__ import annotations

from collections.abc import Sequence

from ichviewer.network.node.entry import Entry, Group, StudyState
from ichviewer.network.node.tally import BOUNDS_S, Tally


def tally_of(entries: Sequence[Entry]) -> Tally:
    """What a worklist of these studies has to tell; times to the microsecond."""
    waits = [entry.waited_s for entry in entries if entry.waited_s is not None]
    return Tally(
        {state: sum(entry.state is state for entry in entries) for state in StudyState},
        {group: sum(entry.group is group for entry in entries) for group in Group},
        sum(entry.failures for entry in entries),
        (*(sum(wait <= bound for wait in waits) for bound in BOUNDS_S), len(waits)),
        sum(round(wait * 1_000_000) for wait in waits) / 1_000_000,
    )
