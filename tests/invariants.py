"""What must hold whatever the input is: one check for the fuzzers, the corpus and every test of damaged input.

    outcome = run_command(["annotate", str(folder), "-o", str(csv)], [folder], csv=csv, found=5)
    check_outcome(outcome, run_command(...))         # the same command again: the same answer

    check_outcome(*(run_here(lambda: list_files(folder), [folder]) for _ in range(2)))

No traceback, no hang, memory within its bound, found = analysed + not_analysed + failed, sources unchanged byte for
byte, the same answer twice.
"""

from __future__ import annotations

import csv as csv_format
import hashlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ichviewer.domain.findings import SeriesFindings, Status
from ichviewer.domain.series import Catalog, SeriesKey
from ichviewer.errors import IchViewerError
from ichviewer.services.export import unreadable
from ichviewer.services.scan import to_json

ROOT = Path(__file__).parents[1]
EXIT_CODES = (0, 2, 3)
"""Done, nothing readable, done but some input failed; 1 is a bug."""


@dataclass(frozen=True)
class Limits:
    """What one run may take: processor time in s (a busy machine does not count), peak of memory in MB."""

    cpu_s: float = 5.0
    memory_mb: float = 350.0


@dataclass(frozen=True)
class Answer:
    """What a call gave.

    Parameters
    ----------
    value : object
        Compared with that of the next time.
    found : int or None
        How many slices and unreadable files there were, counted apart from the statuses; None if nothing is to count.
    statuses : mapping of str to int
        How many rows have each status.
    """

    value: object
    found: int | None = None
    statuses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """One run: its answer, what it took, and what went wrong.

    Parameters
    ----------
    what : str
        The command or call, for messages.
    answer : Answer
    cpu_s, memory_mb : float
        Processor time; the peak of the memory of a command's processes together, seen fifty times a second, or by how
        much a call here raised the peak of this process.
    traceback : str
        Of what no person may see; empty if there was none.
    killed : str
        The signal that ended the process, or that it never ended; empty if it ended by itself.
    exit_code : int
    changed : tuple of str
        Sources that are not as they were: changed, gone or new.
    """

    what: str
    answer: Answer
    cpu_s: float
    memory_mb: float
    traceback: str = ""
    killed: str = ""
    exit_code: int = 0
    changed: tuple[str, ...] = ()


def check_outcome(
    outcome: Outcome,
    *again: Outcome,
    limits: Limits = Limits(),
    exit_codes: Sequence[int] = EXIT_CODES,
) -> None:
    """Fail, naming everything that does not hold; ``again`` are further runs on the same input."""
    broken = [f"{run.what}: {flaw}" for run in (outcome, *again) for flaw in _flaws(run, limits, exit_codes)]
    broken += [
        f"{run.what}: another answer than before:\n{outcome.answer}\n{run.answer}"
        for run in again
        if run.answer != outcome.answer
    ]
    if broken:
        raise AssertionError("\n".join(broken))


def _flaws(run: Outcome, limits: Limits, exit_codes: Sequence[int]) -> list[str]:
    flaws = []
    if run.traceback:
        flaws.append(f"a traceback:\n{run.traceback}")
    if run.killed:
        flaws.append(run.killed)
    elif run.exit_code not in exit_codes:
        flaws.append(f"exit code {run.exit_code}, not one of {tuple(exit_codes)}")
    if run.cpu_s > limits.cpu_s:
        flaws.append(f"{run.cpu_s:.1f} s of processor time, over {limits.cpu_s:g} s")
    if run.memory_mb > limits.memory_mb:
        flaws.append(f"{run.memory_mb:.0f} MB of memory, over {limits.memory_mb:g} MB")
    if run.changed:
        flaws.append(f"sources changed: {', '.join(run.changed)}")
    known = {status.value for status in Status}
    if not set(run.answer.statuses) <= known:
        flaws.append(f"a status other than {sorted(known)}: {dict(run.answer.statuses)}")
    if run.answer.found is not None and run.answer.found != sum(run.answer.statuses.values()):
        flaws.append(f"{run.answer.found} found, but the statuses are {dict(run.answer.statuses)}")
    return flaws


def fingerprint(sources: Sequence[Path]) -> dict[str, str]:
    """Every file under some paths to its hash, every link to where it leads too, every folder to an empty string."""
    found = {}
    for source in sources:
        for path in (source, *sorted(source.rglob("*"))) if source.is_dir() else (source,):
            link = f"-> {path.readlink()} " if path.is_symlink() else ""
            found[str(path)] = link + (
                hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            )
    return found


def tree_mb(pid: int) -> float:
    """Resident memory of a process and of all that work for it, in MB; shared pages count in each."""
    total, pids = 0.0, [pid]
    while pids:
        one = pids.pop()
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1])
            for task in Path(f"/proc/{one}/task").iterdir():
                pids += [int(p) for p in (task / "children").read_text(encoding="ascii").split()]
        except (OSError, IndexError):
            continue  # it ended meanwhile
        total += pages * resource.getpagesize() / 1e6
    return total


def _changed(before: Mapping[str, str], sources: Sequence[Path]) -> tuple[str, ...]:
    after = fingerprint(sources)
    return tuple(name for name in sorted({*before, *after}) if before.get(name) != after.get(name))


def run_here(
    call: Callable[[], Answer],
    sources: Sequence[Path],
    *,
    what: str = "call",
    allowed: tuple[type[BaseException], ...] = (IchViewerError,),
) -> Outcome:
    """Run a call in this process; errors that a person may see are its answer, others a traceback."""
    before = fingerprint(sources)
    peak_mb, started, told = _peak_mb(resource.RUSAGE_SELF), time.process_time(), ""
    try:
        answer = call()
    except KeyboardInterrupt:
        raise
    except allowed as error:
        answer = Answer(f"{type(error).__name__}: {error}")
    except BaseException as error:  # noqa: BLE001 - a codec in Rust that panics raises no Exception
        answer, told = Answer(f"{type(error).__name__}: {error}"), traceback.format_exc()
    cpu_s, grown_mb = time.process_time() - started, _peak_mb(resource.RUSAGE_SELF) - peak_mb
    return Outcome(what, answer, cpu_s, grown_mb, told, changed=_changed(before, sources))


def run_command(
    arguments: Sequence[str],
    sources: Sequence[Path],
    *,
    csv: Path | None = None,
    found: int | None = None,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 120.0,
) -> Outcome:
    """Run ``ichviewer ARGUMENTS`` in a process of its own.

    Parameters
    ----------
    arguments : sequence of str
    sources : sequence of Path
        What must be unchanged afterwards; the CSV may not lie below.
    csv : Path, optional
        Where the command writes its CSV: part of the answer, and where the statuses come from. An old one is
        removed first, lest it be taken for the answer.
    found : int, optional
        How many rows the CSV must have.
    env : mapping, optional
        Variables besides those of this process.
    timeout_s : float
        After this it is killed, and that is a flaw: it waited for something that never came.

    Returns
    -------
    Outcome
        Its answer is (exit code, stdout, bytes of the CSV).
    """
    what = " ".join(["ichviewer", *arguments])
    if csv is not None:
        csv.unlink(missing_ok=True)
    before = fingerprint(sources)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "ichviewer", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
        )
        late = threading.Event()
        timer = threading.Timer(timeout_s, lambda: (late.set(), process.kill()))
        timer.start()
        peak_mb = 0.0
        while True:
            # The kernel's own record of the peak begins with that of the process that started the command.
            peak_mb = max(peak_mb, tree_mb(process.pid))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(0.02)
        timer.cancel()
        process.returncode = code = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        stdout, stderr = out.read(), err.read().decode(errors="replace")
    killed = f"it did not end within {timeout_s:g} s" if late.is_set() else ""
    if code < 0 and not killed:
        killed = f"it was ended by {signal.Signals(-code).name}"
    written = csv.read_bytes() if csv is not None and csv.exists() else b""
    return Outcome(
        what,
        Answer((code, stdout, written), found, _statuses(written)),
        usage.ru_utime + usage.ru_stime,
        peak_mb,
        _traceback_in(stdout.decode(errors="replace") + stderr),
        killed,
        max(code, 0),
        _changed(before, sources),
    )


def _traceback_in(text: str) -> str:
    at = min(
        (text.find(mark) for mark in ("Traceback (most recent", "panicked at") if mark in text), default=-1
    )
    return text[at:] if at >= 0 else ""


def _statuses(written: bytes) -> dict[str, int]:
    rows = csv_format.DictReader(written.decode(errors="replace").splitlines())
    return dict(Counter(row["status"] for row in rows))


def _peak_mb(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def listing(catalog: Catalog) -> object:
    """All that a catalog says, to be compared with that of the next time."""
    return to_json(catalog, {})


def analysis(catalog: Catalog, findings: Mapping[SeriesKey, SeriesFindings]) -> Answer:
    """All that an analysis says; every slice and every unreadable file was found."""
    slices = [finding for series in catalog.series for finding in findings[series.key].slices]
    bad = unreadable(catalog)
    statuses = Counter(finding.status.value for finding in slices)
    if bad:
        statuses[Status.FAILED.value] += len(bad)
    found = sum(len(series) for series in catalog.series) + len(bad)
    return Answer((listing(catalog), slices), found, dict(statuses))
