"""What was delivered leaves the outbox, its number stays, and nothing else ever leaves."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from dicom_factory import make_slice, write

from ichviewer.errors import ReadError
from ichviewer.network.outbox import Outbox, State
from ichviewer.network.outbox_counts import OutboxCounts, count_outbox
from ichviewer.network.outbox_sender import send_due
from ichviewer.network.source import SendOutcome, SendResult
from ichviewer.progress import CancelToken, silent

DAY_S = 86_400.0
DATABASE = "outbox.sqlite3"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now_s


class Taker:
    """A destination that takes everything."""

    def send(self, files: Sequence[Path], progress: object, cancel: CancelToken) -> Iterator[SendResult]:
        for path in files:
            yield SendResult(path, path.stem, SendOutcome.STORED)


def send(outbox: Outbox) -> int:
    return send_due(outbox, lambda name: Taker(), silent, CancelToken()).n_stored


def objects(folder: Path, number: int) -> list[Path]:
    return [
        write(folder / f"{n}.dcm", make_slice(rows=2, columns=2, instance_number=n)) for n in range(number)
    ]


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def test_what_was_delivered_before_a_time_leaves_and_only_that(tmp_path):
    clock = Clock()
    old, new, waiting = objects(tmp_path / "files", 3)
    with Outbox(tmp_path / "outbox", clock=clock) as outbox:
        outbox.add(old, ["a"])
        assert send(outbox) == 1
        clock.now_s += DAY_S
        outbox.add(new, ["a"])
        assert send(outbox) == 1
        outbox.add(waiting, ["a", "b"])
        (claimed,) = outbox.claim("a", 1)
        found = outbox.sent_before(clock.now_s - DAY_S / 2, 10)
        assert [item.state for item in found] == [State.SENT]
        assert outbox.forget_sent(found) == 1
        assert outbox.forget_sent(found) == 0
        assert [item.state.value for item in outbox.items()] == ["sent", "sending", "waiting"]
        assert count_outbox(outbox.folder) == OutboxCounts(waiting=1, sending=1, sent=2)
        outbox.finish(claimed)
        # Put in again, it is to be sent again.
        assert outbox.add(old, ["a"])[0].state is State.WAITING


def test_what_is_wanted_again_or_is_not_delivered_is_not_forgotten(tmp_path):
    (file,) = objects(tmp_path / "files", 1)
    clock = Clock()
    with Outbox(tmp_path / "outbox", clock=clock) as outbox:
        (waiting,) = outbox.add(file, ["a"])
        assert outbox.sent_before(clock.now_s + DAY_S, 10) == ()
        assert outbox.forget_sent([waiting]) == 0
        send(outbox)
        found = outbox.sent_before(clock.now_s + DAY_S, 10)
        outbox.add(file, ["a"])
        assert outbox.forget_sent(found) == 0
        (claimed,) = outbox.claim("a", 1)
        outbox.refuse(claimed, "no")
        assert outbox.forget_sent(found) == 0
        assert outbox.sent_before(clock.now_s + DAY_S, 10) == ()
        assert count_outbox(outbox.folder) == OutboxCounts(refused=1, sent=1)


def test_the_number_of_what_was_delivered_survives_a_restart_and_clearing(tmp_path):
    assert count_outbox(tmp_path / "outbox") == OutboxCounts()
    with Outbox(tmp_path / "outbox") as outbox:
        for file in objects(tmp_path / "files", 3):
            outbox.add(file, ["a"])
        send(outbox)
    with Outbox(tmp_path / "outbox") as outbox:
        assert outbox.clear() == 3
    with Outbox(tmp_path / "outbox"):
        assert count_outbox(tmp_path / "outbox") == OutboxCounts(sent=3)


def test_an_outbox_of_the_version_before_is_kept_and_counted(tmp_path):
    folder = tmp_path / "outbox"
    with Outbox(folder) as outbox:
        files = objects(tmp_path / "files", 3)
        for file in files[:2]:
            outbox.add(file, ["a"])
        send(outbox)
        outbox.add(files[2], ["a"])
    with sqlite3.connect(folder / DATABASE) as other:
        other.execute("DROP TABLE counter")
        other.execute("DROP INDEX item_by_time")
        other.execute("PRAGMA user_version = 1")
    other.close()
    with Outbox(folder) as outbox:
        assert outbox.set_aside is None
        assert len(outbox.items()) == 3
        assert count_outbox(folder) == OutboxCounts(waiting=1, sent=2)
        assert send(outbox) == 1


def test_an_outbox_that_cannot_be_counted_is_said(tmp_path):
    with Outbox(tmp_path / "outbox") as outbox, sqlite3.connect(outbox.folder / DATABASE) as busy:
        busy.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ReadError, match="using the outbox"):
            count_outbox(outbox.folder, wait_s=0.1)
    busy.close()
    (tmp_path / "outbox" / DATABASE).write_bytes(b"no database " * 500)
    with pytest.raises(ReadError, match="damaged"):
        count_outbox(tmp_path / "outbox")


@pytest.mark.alone
def test_thousands_of_objects_take_no_more_time_room_or_memory_from_day_to_day(quick_folder):
    clock = Clock()
    files = objects(quick_folder / "files", 250)
    seconds, sizes, peaks = [], [], []
    with Outbox(quick_folder / "outbox", clock=clock) as outbox:
        for day in range(8):
            clock.now_s += DAY_S
            if day in (2, 7):
                # Tracing takes longer than what it traces.
                tracemalloc.start()
            began_s = time.process_time()
            for file in files:
                outbox.add(file, ["a"])
            assert send(outbox) == len(files)
            while outbox.forget_sent(outbox.sent_before(clock.now_s - 1.5 * DAY_S, 100)):
                pass
            if tracemalloc.is_tracing():
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
            else:
                seconds.append(time.process_time() - began_s)
            sizes.append((outbox.folder / DATABASE).stat().st_size)
            # The day's and none before the day before, since each object came every day.
            assert len(outbox.items()) == len(files)
    assert count_outbox(quick_folder / "outbox") == OutboxCounts(sent=8 * len(files))
    assert sizes[-1] <= 1.2 * sizes[1]
    # The objects of the days between would take several times as much.
    assert peaks[1] <= peaks[0] + 500_000
    assert min(seconds[3:]) <= 1.5 * min(seconds[:3])


@pytest.mark.alone
def test_counting_takes_as_long_whatever_was_delivered(quick_folder):
    def filled(name: str, number: int) -> Path:
        Outbox(quick_folder / name).close()
        with sqlite3.connect(quick_folder / name / DATABASE) as other:
            other.executemany(
                "INSERT INTO item (destination, study_uid, sop_uid, digest, description, state, attempts, "
                "last_error, added_s, changed_s, next_try_s, sender) "
                "VALUES ('a', '1', ?, ?, '', 'sent', 1, '', 1.0, 1.0, 1.0, '')",
                ((f"1.{n}", f"{n:032x}") for n in range(number)),
            )
        other.close()
        return quick_folder / name

    def least_s(folder: Path) -> float:
        found = []
        for _ in range(20):
            began_s = time.process_time()
            count_outbox(folder)
            found.append(time.process_time() - began_s)
        return min(found)

    few, many = filled("few", 50), filled("many", 50_000)
    assert least_s(many) <= 5 * least_s(few)


FORGETTING = """
    import sys, time
    from pathlib import Path
    from ichviewer.network.outbox import Outbox
    from ichviewer.network.outbox_sender import send_due
    from ichviewer.network.source import SendOutcome, SendResult
    from ichviewer.progress import CancelToken, silent
    class Taker:
        def send(self, files, progress, cancel):
            for path in files:
                with open(sys.argv[2], "a") as log:
                    log.write(path.stem + "\\n")
                yield SendResult(path, path.stem, SendOutcome.STORED)
    with Outbox(Path(sys.argv[1])) as outbox:
        print("ready", flush=True)
        while send_due(outbox, lambda name: Taker(), silent, CancelToken()).n_stored or outbox.due():
            outbox.forget_sent(outbox.sent_before(time.time() + 1, 3))
        while outbox.forget_sent(outbox.sent_before(time.time() + 1, 3)):
            pass
"""


@pytest.mark.alone
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_between_sending_and_forgetting_nothing_is_lost_and_what_left_was_delivered(tmp_path):
    n = 60
    with Outbox(tmp_path / "outbox") as outbox:
        digests = {outbox.add(file, ["a"])[0].path.stem for file in objects(tmp_path / "files", n)}
    assert len(digests) == n
    log = tmp_path / "log"
    command = [sys.executable, "-c", textwrap.dedent(FORGETTING), str(tmp_path / "outbox"), str(log)]
    killed = 0
    for wait_s in (0.02, 0.05, 0.08, 0.11, None):
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        if wait_s is not None:
            threading.Event().wait(wait_s)
            killed += program.poll() is None
            program.send_signal(signal.SIGKILL)
        _, errors = program.communicate(timeout=120)
        assert wait_s is not None or program.returncode == 0, errors
        with Outbox(tmp_path / "outbox") as outbox:
            there = {item.path.stem for item in outbox.items()}
            delivered = set(log.read_text().split()) if log.exists() else set()
            assert digests - there <= delivered
    assert killed, "none was killed at work"
    assert there == set()
    sent = log.read_text().split()
    assert set(sent) == digests
    assert len(sent) <= n + killed
    assert n <= count_outbox(tmp_path / "outbox").sent <= len(sent)
