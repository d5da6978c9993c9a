from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from ichviewer.errors import DecodeError
from ichviewer.ui.session.workers import TaskContext, Workers


@pytest.fixture
def workers(qapp: object) -> Iterator[Workers]:
    made = Workers()
    yield made
    made.stop()
    assert made.join()


def test_result_items_and_progress_arrive_on_the_main_thread_in_order(qtbot: QtBot, workers: Workers) -> None:
    main = QThread.currentThread()
    heard: list[object] = []

    def note(word: object) -> None:
        assert QThread.currentThread() is main
        heard.append(word)

    def work(context: TaskContext) -> str:
        assert threading.current_thread() is not threading.main_thread()
        context.item(1)
        context.item(2)
        context.progress(3, 3, "done")
        return "result"

    workers.run(work, on_item=note, on_progress=lambda *step: note(step), on_result=note)
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert heard == [1, 2, (3, 3, "done"), "result"]


def test_errors_are_relayed(qtbot: QtBot, workers: Workers) -> None:
    heard: list[BaseException] = []

    def work(_: TaskContext) -> None:
        raise DecodeError("broken", "a.dcm")

    workers.run(work, on_error=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert str(heard[0]) == "a.dcm: broken"


def test_unexpected_errors_without_a_listener_reach_the_bug_report(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[BaseException] = []
    workers = Workers(on_bug=heard.append)

    def work(_: TaskContext) -> None:
        raise ZeroDivisionError

    workers.run(work)
    qtbot.waitUntil(lambda: bool(heard))
    assert isinstance(heard[0], ZeroDivisionError)
    workers.stop()
    assert workers.join()


def test_cancel_is_reported_as_such(qtbot: QtBot, workers: Workers) -> None:
    heard: list[str] = []

    def work(context: TaskContext) -> None:
        while True:
            context.cancel.check()
            time.sleep(0.002)

    task = workers.run(
        work, on_cancelled=lambda: heard.append("cancelled"), on_result=lambda _: heard.append("result")
    )
    task.cancel()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["cancelled"]


def test_late_results_of_a_dropped_task_never_arrive(qtbot: QtBot, workers: Workers) -> None:
    go, heard = threading.Event(), []

    def stubborn(_: TaskContext) -> str:
        go.wait(5)  # does not look at its token
        return "late"

    task = workers.run(stubborn, on_result=heard.append)
    task.drop()
    go.set()
    later = workers.run(lambda _: "next", on_result=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["next"]
    assert later.request > task.request


def test_lanes_do_not_wait_for_each_other(qtbot: QtBot, workers: Workers) -> None:
    go, heard = threading.Event(), []
    workers.run(lambda _: go.wait(5), lane="slow")
    workers.run(lambda _: "quick", on_result=heard.append, lane="other")
    qtbot.waitUntil(lambda: heard == ["quick"])
    go.set()


def test_a_burst_of_items_leaves_time_for_other_events(qtbot: QtBot, workers: Workers) -> None:
    from PySide6.QtCore import QTimer

    heard: list[int] = []
    ticks: list[int] = []

    def slow(value: int) -> None:
        time.sleep(0.002)
        heard.append(value)

    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(len(heard)))
    timer.start()
    workers.run(lambda context: [context.item(i) for i in range(50)], on_item=slow)
    qtbot.waitUntil(lambda: len(heard) == 50)
    timer.stop()
    assert heard == list(range(50))
    between = [n for n in ticks if 0 < n < 50]
    assert len(between) >= 5, "the timer got its turn while items were handed over"


def test_progress_too_close_in_time_is_left_out_but_not_the_last(qtbot: QtBot, workers: Workers) -> None:
    steps: list[int] = []

    def work(context: TaskContext) -> None:
        for i in range(1, 1001):
            context.progress(i, 1000, "")

    workers.run(work, on_progress=lambda done, *_: steps.append(done))
    qtbot.waitUntil(lambda: bool(steps) and steps[-1] == 1000)
    assert len(steps) < 100


def test_stop_ends_waiting_threads_in_time(qapp: object) -> None:
    workers = Workers()

    def work(context: TaskContext) -> None:
        while not context.cancel.cancelled:
            time.sleep(0.01)

    workers.run(work)
    workers.stop()
    start = time.monotonic()
    assert workers.join(2.0)
    assert time.monotonic() - start < 2.0
    assert workers.run(work).dropped, "nothing new is begun"
