"""Fuzzes all targets, one after the other: `campaign.py [TARGET...]`; FUZZ_SECONDS (3600) is the time for all.

Prints a row for every target, and every finding; ends with 1 if there were any. Inputs that reach new code are kept
in out/fuzz/corpus, findings in out/fuzz/findings. FUZZ_SEED sets the seed; `--save` lays the smallest inputs that
reach all code reached so far into tests/fuzz/corpus, where they are part of the project.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from invariants import check_outcome, run_command

from fuzz import seeds
from fuzz.targets import TARGETS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OUT = ROOT / "out" / "fuzz"
SAVED = HERE / "corpus"
SHARES = {"parse": 4, "decode": 6, "cut": 2, "zip": 2, "dicomdir": 2, "sort": 1, "annotate": 5, "stored": 4}
"""How the time is divided."""
_MOST_SAVED_BYTES = 4096
_MOST_SAVED_IN_ALL = 60_000
_STARTUP_S = 3.0
_RUNS_A_PROCESS = {"annotate": 1500}
_SHARED_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # files that never touch a disk


@dataclass
class Row:
    """What came of one target."""

    target: str
    seed: int
    seconds: float = 0.0
    executions: int = 0
    edges: int = 0
    corpus: int = 0
    deaths: int = 0
    restarts: int = 0


def main() -> int:
    """Run the campaign."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    targets = arguments or list(TARGETS)
    seconds = float(os.environ.get("FUZZ_SECONDS", "3600"))
    seed = int(os.environ.get("FUZZ_SEED", "") or random.SystemRandom().randrange(1, 1 << 31))
    findings = OUT / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    for old in findings.iterdir():
        old.unlink()
    seeds.write_dictionary(OUT / "dictionary")
    print(f"fuzzing {', '.join(targets)} for {seconds:g} s, seed {seed}", flush=True)
    print(
        f"{'target':10}{'seconds':>8}{'executions':>12}{'edges':>8}{'inputs':>8}{'deaths':>8}  seed",
        flush=True,
    )
    whole = sum(SHARES[target] for target in targets)
    rows = []
    for target in targets:
        row = fuzz(target, seconds * SHARES[target] / whole, seed, findings)
        rows.append(row)
        print(
            f"{row.target:10}{row.seconds:8.0f}{row.executions:12}{row.edges:8}{row.corpus:8}{row.deaths:8}"
            f"  {row.seed}",
            flush=True,
        )
    found = sorted(path for path in findings.iterdir() if path.suffix != ".txt")
    for path in found:
        told = path.with_name(f"{path.name}.txt").read_text(encoding="utf-8").strip()
        print(f"\n{path.relative_to(ROOT)} ({path.stat().st_size} bytes)\n{told}")
    if "--save" in sys.argv:
        for target in targets:
            save(target)
    print(f"\n{sum(row.executions for row in rows)} executions, seed {seed}, {len(found)} findings")
    if any(row.executions == 0 for row in rows):
        print("a target was not run at all")
        return 1
    return 1 if found else 0


def fuzz(target: str, seconds: float, seed: int, findings: Path) -> Row:
    """Fuzz one target for some time, starting again where it died."""
    corpus = OUT / "corpus" / target
    seeds.write(target, corpus)
    row = Row(target, seed)
    started = time.monotonic()
    while (left := seconds - (time.monotonic() - started)) > 0 and not (row.deaths and left < _STARTUP_S):
        with tempfile.TemporaryDirectory(prefix="ichviewer-fuzz-", dir=_SHARED_MEMORY) as made:
            log, artifact = Path(made) / "log", Path(made) / "input"
            with log.open("wb") as stream:
                done = subprocess.run(
                    [
                        *(sys.executable, str(HERE / "one_target.py"), target, str(findings)),
                        *(
                            f"-max_total_time={max(1, round(left))}",
                            f"-seed={seed + row.deaths + row.restarts}",
                        ),
                        # A thread costs the fuzzer, not the program, more than a MB for good.
                        f"-runs={_RUNS_A_PROCESS.get(target, -1)}",
                        *("-timeout=60", "-rss_limit_mb=4000", "-max_len=16384", "-print_final_stats=1"),
                        *(f"-dict={OUT / 'dictionary'}", f"-exact_artifact_path={artifact}"),
                        *(str(corpus), *([str(SAVED / target)] if (SAVED / target).is_dir() else [])),
                    ],
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    check=False,
                    env={**os.environ, "TMPDIR": made},
                )
            text = log.read_text(encoding="utf-8", errors="replace")
            (OUT / f"{target}.log").write_text(text, encoding="utf-8")
            _count(row, text)
            row.restarts += done.returncode == 0
            if done.returncode != 0:
                row.deaths += 1
                look_at_death(target, artifact, text, findings)
                if row.executions == 0:
                    break
    row.seconds = time.monotonic() - started
    row.corpus = sum(1 for _ in corpus.iterdir())
    return row


def _count(row: Row, text: str) -> None:
    runs = [int(n) for n in re.findall(r"^#(\d+)\s", text, re.MULTILINE)]
    row.executions += max(runs, default=0)
    row.edges = max([row.edges, *(int(n) for n in re.findall(r"\bcov: (\d+)", text))])


def look_at_death(target: str, artifact: Path, text: str, findings: Path) -> None:
    """A process that died is a finding, unless a native decoder killed it and the program itself survives that."""
    if not artifact.is_file():
        told, data = "the fuzzer died without an input:\n" + text[-3000:], b""
    else:
        data = artifact.read_bytes()
        told = _of_the_program(data, artifact.parent) if target == "decode" else text[-3000:]
    if told:
        name = f"{target}-died-{len(list(findings.iterdir()))}"
        (findings / name).write_bytes(data)
        (findings / f"{name}.txt").write_text(told, encoding="utf-8")


def _of_the_program(data: bytes, folder: Path) -> str:
    """What is wrong with the program's own answer to a file that kills the decoder; empty if nothing is."""
    source, csv = folder / "opened", folder / "findings.csv"
    source.mkdir()
    (source / "file").write_bytes(data)
    try:
        check_outcome(run_command(["annotate", str(source), "-o", str(csv)], [source], csv=csv))
        check_outcome(run_command(["scan", str(source)], [source]))
    except AssertionError as error:
        return str(error)
    return ""


def save(target: str) -> None:
    """Lay the smallest inputs that reach all code into the project."""
    with tempfile.TemporaryDirectory(prefix="ichviewer-fuzz-", dir=_SHARED_MEMORY) as made:
        merged = Path(made) / "merged"
        merged.mkdir()
        sources = [path for path in (SAVED / target, OUT / "corpus" / target) if path.is_dir()]
        command = [
            sys.executable,
            str(HERE / "one_target.py"),
            target,
            str(Path(made) / "findings"),
            "-merge=1",
        ]
        environment = {**os.environ, "TMPDIR": made}
        subprocess.run(
            [*command, str(merged), *map(str, sources)], capture_output=True, check=True, env=environment
        )
        known = {data for _, data in seeds.of(target)}
        inputs = sorted((path for path in merged.iterdir()), key=lambda path: path.stat().st_size)
        (SAVED / target).mkdir(parents=True, exist_ok=True)
        for old in SAVED.glob(f"{target}/reaches-*"):  # reproducers have other names, and stay
            old.unlink()
        room = _MOST_SAVED_IN_ALL
        for path in inputs:
            data = path.read_bytes()
            if data not in known and len(data) <= min(room, _MOST_SAVED_BYTES):
                room -= len(data)
                shutil.copy(path, SAVED / target / f"reaches-{path.name[:12]}")


if __name__ == "__main__":
    sys.exit(main())
