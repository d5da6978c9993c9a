"""The node under fire: studies made from the demo, sent by several senders while it is killed and its PACS stopped.

python tests/bench/bench_node.py --studies 200 --senders 8
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS / "network"), str(_TESTS / "network" / "node"), str(_TESTS.parent)]

from kill_run import Outcome, make_studies, run  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--slices", type=int, help="slices of each study, from the middle [default: all]")
    parser.add_argument("--kills", type=int, help="[default: a tenth of the studies, at least 3]")
    parser.add_argument("--stops", type=int, help="stops of the PACS [default: as kills]")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**31)
    parser.add_argument("--longest", type=float, default=7200.0, help="seconds")
    parser.add_argument("--out", type=Path, help="where all of it goes as JSON")
    chosen = parser.parse_args()
    kills = chosen.kills if chosen.kills is not None else max(3, chosen.studies // 10)
    stops = chosen.stops if chosen.stops is not None else kills
    with tempfile.TemporaryDirectory(prefix="ichviewer-node-") as name:
        folder = Path(name)
        print(f"seed {chosen.seed}", flush=True)
        studies = make_studies(folder / "studies", chosen.studies, chosen.slices, chosen.seed)
        outcome = run(
            folder,
            studies,
            senders=chosen.senders,
            kills=kills,
            stops=stops,
            seed=chosen.seed,
            workers=chosen.workers,
            longest_s=chosen.longest,
        )
        log = (folder / "node.log").read_text(errors="replace")
    n_slices = {len(study) for study in studies}
    right = show(outcome, n_slices)
    if chosen.out is not None:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(json.dumps(asdict(outcome), indent=1))
    if not right:
        print(log[-4000:])
    return 0 if right else 1


def show(outcome: Outcome, n_slices: set[int]) -> bool:
    """Print the table; whether each study has one result."""
    complete, once = len(outcome.complete), set(outcome.contents.values()) <= {1}
    whole = {entry["n_objects"] for entry in outcome.entries} == n_slices
    waits = sorted(outcome.waits_s) or [0.0]
    again = sum(times - 1 for times in outcome.times.values())
    rows = [
        ("studies sent", f"{outcome.n_studies}"),
        ("studies with all their slices and one result, delivered", f"{complete}"),
        ("kills of the node, stops of the PACS", f"{outcome.n_kills}, {outcome.n_stops}"),
        ("objects at the PACS", f"{len(outcome.stored)}"),
        ("  of these replaced by a later result (half a study)", f"{len(outcome.replaced)}"),
        ("  sent again after a death, same UID and content", f"{again}"),
        ("  with two contents under one UID", f"{sum(n > 1 for n in outcome.contents.values())}"),
        ("seconds until all was sent to the node", f"{outcome.sending_s:.0f}"),
        ("seconds until all was delivered", f"{outcome.seconds:.0f}"),
        ("studies an hour", f"{3600 * outcome.n_studies / max(outcome.seconds, 1e-9):.0f}"),
        (
            "seconds from last slice to result: least, median, most",
            f"{waits[0]:.1f}, {statistics.median(waits):.1f}, {waits[-1]:.1f}",
        ),
        ("peak memory, all processes of the node, MB", f"{outcome.peak_mb:.0f}"),
        ("exit code after SIGTERM", f"{outcome.exit_code}"),
    ]
    for name, value in rows:
        print(f"{name:<58} {value:>24}")
    right = complete == outcome.n_studies and once and whole and outcome.exit_code == 0
    print("each study has one result" if right else "NOT each study has one result")
    return right


if __name__ == "__main__":
    sys.exit(main())
