"""No answer ever reaches another request than its own, whatever is done to the process in between."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120 - the process imports the jobs by name

import worker_jobs

from ichviewer.errors import DecodeError, EngineError, ModelError, WorkerBugError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.child_process import ProcessGoneError
from ichviewer.services.worker_process import WorkerProcess

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerProcess]:
    process = WorkerProcess("the test process", worker_jobs.open_staff)
    yield process
    process.close()
    process.close()
    assert process.pid is None


def counted(word: str, n: int) -> list[str]:
    return [f"{word} {i}" for i in range(n)]


def test_items_progress_and_result_arrive_in_order(worker: WorkerProcess) -> None:
    items: list[str] = []
    steps: list[tuple[int, int, str]] = []
    result = worker.run(
        "count", ("a", 3), subject="a", on_item=items.append, progress=lambda *step: steps.append(step)
    )
    assert items == result == counted("a", 3)
    assert steps[0] == (0, 3, "a")


def test_it_says_of_itself_what_the_staff_says() -> None:
    process = WorkerProcess("the test process", worker_jobs.open_staff, ("a word",))
    try:
        assert process.wait_ready() == "a word"
    finally:
        process.close()


def test_errors_cross_over_and_the_next_request_is_answered(worker: WorkerProcess) -> None:
    with pytest.raises(DecodeError, match=r"x\.dcm: nothing to decode"):
        worker.run("fail", "x.dcm", subject="x")
    with pytest.raises(WorkerBugError, match="KeyError: 7") as caught:
        worker.run("bug", 7, subject="7")
    assert "raise KeyError(argument)" in caught.value.details
    assert worker.run("count", ("b", 2), subject="b") == counted("b", 2)


def test_an_exception_of_a_listener_leaves_nothing_for_the_next_request(worker: WorkerProcess) -> None:
    class StopError(Exception):
        pass

    def stop(item: str) -> None:
        raise StopError

    with pytest.raises(StopError):
        worker.run("count", ("old", 200), subject="old", on_item=stop)
    items: list[str] = []
    assert worker.run("count", ("new", 5), subject="new", on_item=items.append) == counted("new", 5)
    assert items == counted("new", 5)


def test_a_request_that_does_not_listen_is_ended(worker: WorkerProcess) -> None:
    cancel = CancelToken()
    pid = worker.pid
    started = time.monotonic()
    with pytest.raises(Cancelled):
        worker.run("deaf", 30.0, subject="deaf", on_item=lambda _: cancel.cancel(), cancel=cancel)
    assert time.monotonic() - started < 10
    assert worker.run("count", ("c", 1), subject="c") == ["c 0"]
    assert worker.pid != pid


def test_silence_ends(worker: WorkerProcess) -> None:
    with pytest.raises(EngineError, match=r"did not answer within 0\.3 s"):
        worker.run("hang", None, subject="hang", timeout_s=0.3)
    assert worker.run("count", ("d", 1), subject="d") == ["d 0"]


@posix
def test_a_crash_is_told_and_the_next_request_has_a_new_process(worker: WorkerProcess) -> None:
    with pytest.raises(
        ProcessGoneError, match=r"the test process ended unexpectedly\. Found: signal SIGSEGV"
    ):
        worker.run("die", None, subject="die")
    assert worker.pid is None
    assert worker.run("count", ("e", 2), subject="e") == counted("e", 2)


def test_what_cannot_open_says_why() -> None:
    process = WorkerProcess("the test process", worker_jobs.open_broken)
    try:
        with pytest.raises(ModelError, match="the staff cannot be had"):
            process.run("count", ("f", 1), subject="f")
    finally:
        process.close()


def test_closing_cancels_what_is_under_way() -> None:
    process = WorkerProcess("the test process", worker_jobs.open_staff)
    process.wait_ready()
    caught: list[BaseException] = []

    def work() -> None:
        try:
            process.run("hang", None, subject="hang")
        except Cancelled as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    process.close()
    thread.join(5)
    assert not thread.is_alive()
    assert caught
    with pytest.raises(Cancelled):
        process.run("count", ("g", 1), subject="g")


@posix
def test_ctrl_c_does_not_reach_it_not_even_while_it_starts() -> None:
    process = WorkerProcess("the test process", worker_jobs.open_staff)
    try:
        first = process.pid
        for _ in range(40):  # it takes some 0.3 s to start
            os.kill(first or 0, signal.SIGINT)
            time.sleep(0.01)
        assert process.wait_ready() == "ready to work"
        assert process.pid == first
    finally:
        process.close()


@posix
def test_it_ends_with_the_program_even_if_it_hangs(tmp_path: Path) -> None:
    program = f"""
import os, sys, threading, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
import worker_jobs
from ichviewer.services.worker_process import WorkerProcess
if __name__ == "__main__":
    process = WorkerProcess("the test process", worker_jobs.open_staff)
    process.wait_ready()
    threading.Timer(0.3, lambda: print(process.pid, flush=True)).start()
    process.run("hang", None, subject="a")
"""
    script = tmp_path / "program.py"
    script.write_text(program)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        running.kill()
    until = time.monotonic() + 5
    while _is_running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _is_running(pid)


def _is_running(pid: int) -> bool:
    """Whether there is such a process that is no mere entry of one that ended."""
    try:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=True
        ).stdout
    except subprocess.CalledProcessError:
        return False
    return not state.startswith("Z")


class Stop(Exception):  # noqa: N818 - not an error of the program
    """Raised by a listener."""


class WorkerMachine(RuleBasedStateMachine):
    """Requests that are answered, cancelled, broken off, paused, killed, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.worker = WorkerProcess("the test process", worker_jobs.open_staff)
        self.asked = 0
        self.killed = False

    @initialize()
    def ready(self) -> None:
        assert self.worker.wait_ready() == "ready to work"

    def run_one(self, n: int, **listener: object) -> None:
        self.asked += 1
        word = f"request {self.asked}"
        items: list[str] = []
        on_item = listener.pop("on_item", None)

        def take(item: str) -> None:
            items.append(item)
            if on_item is not None:
                on_item(item)  # type: ignore[operator]

        def step(done: int, total: int, what: str) -> None:
            assert what == word
            assert 0 <= done <= total == n

        try:
            result = self.worker.run(
                "count",
                (word, n),
                subject=word,
                on_item=take,
                progress=step,
                **listener,  # type: ignore[arg-type]
            )
        except ProcessGoneError:
            # The signal may take a moment, and end the request after the one it was sent in.
            assert self.killed
            self.killed = False
            return
        finally:
            # Whatever came, it was of this request, in order, from the first on.
            assert items == counted(word, n)[: len(items)]
        assert result == items == counted(word, n)

    @rule(n=st.integers(0, 40))
    def answered(self, n: int) -> None:
        self.run_one(n)

    @rule(n=st.integers(1, 300), after=st.integers(1, 5))
    def cancelled(self, n: int, after: int) -> None:
        cancel = CancelToken()
        heard = []

        def count_down(item: str) -> None:
            heard.append(item)
            if len(heard) == after:
                cancel.cancel()

        try:
            self.run_one(n, on_item=count_down, cancel=cancel)
        except Cancelled:
            assert cancel.cancelled

    @rule(n=st.integers(1, 300), at=st.integers(0, 5))
    def broken_off(self, n: int, at: int) -> None:
        def stop(item: str) -> None:
            if item.endswith(f" {min(at, n - 1)}"):
                raise Stop

        with contextlib.suppress(Stop):
            self.run_one(n, on_item=stop)

    @rule(n=st.integers(1, 20))
    def paused_for_a_while(self, n: int) -> None:
        until = time.monotonic() + 0.02
        self.run_one(n, paused=lambda: time.monotonic() < until)

    @rule()
    def failed(self) -> None:
        try:
            self.worker.run("fail", "of mine", subject="fail")
        except DecodeError as error:
            assert "of mine" in str(error)
        except ProcessGoneError:
            assert self.killed
            self.killed = False

    @posix
    @rule()
    def killed_between_requests(self) -> None:
        if self.worker.pid is not None:
            self.killed = True
            os.kill(self.worker.pid, signal.SIGKILL)
        self.run_one(3)

    @posix
    @rule(n=st.integers(1, 50), at=st.integers(0, 5))
    def killed_within_a_request(self, n: int, at: int) -> None:
        def kill(item: str) -> None:
            pid = self.worker.pid
            if item.endswith(f" {min(at, n - 1)}") and pid is not None:
                self.killed = True
                os.kill(pid, signal.SIGKILL)

        self.run_one(n, on_item=kill)

    def teardown(self) -> None:
        self.worker.close()
        assert self.worker.pid is None


TestWorkerMachine = WorkerMachine.TestCase
TestWorkerMachine.settings = settings(
    max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
