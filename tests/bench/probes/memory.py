"""Memory and processor time of this process and all that work for it (Linux)."""

from __future__ import annotations

import os
from pathlib import Path


def tree(pid: int | None = None) -> list[int]:
    """Process ids, this one first."""
    found, left = [], [os.getpid() if pid is None else pid]
    while left:
        one = left.pop()
        found.append(one)
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                left += [int(p) for p in (task / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue  # it ended meanwhile
    return found


def memory_mb() -> tuple[float, float]:
    """Resident memory with shared pages counted in each process, and each process's proportional share of them."""
    resident = proportional = 0.0
    for pid in tree():
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        fields = {line.split(":")[0]: line.split()[1] for line in rollup.splitlines()[1:]}
        resident += int(fields["Rss"]) * 1024 / 1e6
        proportional += int(fields["Pss"]) * 1024 / 1e6
    return resident, proportional


def cpu_s() -> float:
    """Processor time of all threads that are alive, to the microsecond; of an ended thread nothing is counted."""
    total = 0
    for pid in tree():
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        except OSError:
            continue
    return total / 1e9
