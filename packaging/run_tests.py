"""Runs the tests: most of them in as many processes as there are processors, then those that must be alone.

``python packaging/run_tests.py tests/domain -k hu``: arguments go to pytest. Each file of tests runs in one process.
The tests marked `alone` measure time or memory, or kill processes at set times, so they follow, one after the other.
Both calls print what pytest prints; the last line adds them up.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
MOST_PROCESSES = 8
"""Some tests train a model: a process takes up to 2 GB."""

_GOES_ON = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)


def main(arguments: list[str]) -> int:
    """Run the tests and return the exit code."""
    started = time.monotonic()
    codes: list[int] = []
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, options in (("without", _in_parallel()), ("only", [])):
            report = Path(folder) / f"{name}.xml"
            codes.append(_pytest([f"--alone={name}", f"--junitxml={report}", *options, *arguments]))
            totals += _counted(report)
            if codes[-1] not in _GOES_ON:
                break
    print(_closing_line(totals, time.monotonic() - started))
    nothing = pytest.ExitCode.NO_TESTS_COLLECTED
    return next((code for code in codes if code not in (pytest.ExitCode.OK, nothing)), min(codes))


def _in_parallel() -> list[str]:
    processes = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, MOST_PROCESSES)
    if processes < 2:
        return []
    # In the order of the files, in which what takes long does not come last. What trains a model takes as many
    # processors as there are, so beside others it takes twice the time.
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder", "--timeout=600"]


def _pytest(arguments: list[str]) -> int:
    # Tests start the program hundreds of times: what it was compiled to is kept, whatever the environment says.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-o", "junit_logging=no", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def _counted(report: Path) -> Counter[str]:
    """How many tests ended how, of pytest's report."""
    if not report.is_file():
        return Counter()
    found: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        ended = {child.tag for child in case} & {"failure", "error", "skipped"}
        found.update(ended or {"passed"})
    return found


def _closing_line(totals: Counter[str], seconds: float) -> str:
    named = (("failure", "failed"), ("passed", "passed"), ("skipped", "skipped"), ("error", "errors"))
    words = ", ".join(f"{totals[tag]} {word}" for tag, word in named if totals[tag]) or "no tests ran"
    return f" in all: {words} in {seconds:.0f} s ".center(100, "=")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
