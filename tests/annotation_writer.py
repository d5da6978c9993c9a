"""A program that saves annotations until it is killed, and says after each step that it is saved.

``python annotation_writer.py FILE SEED START`` does the steps of `state_after` from START on.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.history import Step
from ichviewer.domain.annotation.kinds import Freehand, Length
from ichviewer.domain.annotation.place import DrawnOn, OnSlice
from ichviewer.domain.series import SeriesKey
from ichviewer.services.annotations_db import AnnotationsDb

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
State = dict[str, Annotation]


def step_of(state: State, seed: int, n: int) -> Step:
    """Step ``n``: adds, changes or deletes, by chance but always the same."""
    rng = random.Random(f"{seed} {n}")
    drawn_on = DrawnOn(OnSlice(f"1.2.{n % 7}"), SeriesKey("1", "2"), "ab")
    now = NOON + timedelta(seconds=n)
    existing = [state[key] for key in sorted(state)]
    if not existing or rng.random() < 0.5:
        if rng.random() < 0.3:
            # A long one takes several pages of the file.
            points = tuple((rng.uniform(0, 99), rng.uniform(0, 99), 0.0) for _ in range(400))
            return Step.add(Freehand(f"{seed}-{n}", drawn_on, points, now, now))
        return Step.add(Length(f"{seed}-{n}", drawn_on, ((0.0, 0.0, 0.0), (1.0, n, 0.0)), now, now))
    chosen = rng.choice(existing)
    if rng.random() < 0.6:
        return Step.change(chosen, replace(chosen, label=f"step {n}", modified=now))
    return Step.delete(*rng.sample(existing, min(2, len(existing))))


def state_after(seed: int, steps: int) -> State:
    state: State = {}
    for n in range(steps):
        state = step_of(state, seed, n).apply(state)
    return state


def main() -> None:
    path, seed, start = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    state = state_after(seed, start)
    # Two that write without a pause may keep each other out for longer than a person waits, where the disk is slow.
    with AnnotationsDb(path, wait_s=60.0) as db:
        for n in range(start, start + 10_000):
            step = step_of(state, seed, n)
            state = step.apply(state)
            db.apply(step)
            sys.stdout.write(f"{n + 1}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
