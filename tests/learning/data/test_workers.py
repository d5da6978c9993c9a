"""Doing things here and in parallel."""

from __future__ import annotations

import os
import time

import pytest

from ichviewer.errors import LearningError
from ichviewer.learning.data.source import Answer
from ichviewer.learning.data.workers import DaskRunner, HereRunner, open_runner


def inverse(x: int) -> float:
    return 1 / x


def process_and_threads(x: int) -> tuple[int, str | None]:
    return os.getpid(), os.environ.get("OMP_NUM_THREADS")


def test_here_everything_is_done_in_order():
    with open_runner(0) as runner:
        assert isinstance(runner, HereRunner)
        assert list(runner.run(inverse, [1, 2])) == [Answer(0, 1.0), Answer(1, 0.5)]
        with pytest.raises(ZeroDivisionError):
            list(runner.run(inverse, [0]))


def test_with_dask_every_item_is_answered_and_a_failure_is_words():
    with open_runner(2, threads=True) as runner:
        assert isinstance(runner, DaskRunner)
        assert runner.workers == 2
        answers = {a.index: a for a in runner.run(inverse, range(20))}
        assert list(runner.run(inverse, [])) == []
    assert sorted(answers) == list(range(20))
    assert all(answers[i] == Answer(i, 1 / i) for i in range(1, 20))
    assert answers[0].value is None
    assert answers[0].failure == "ZeroDivisionError: division by zero"


def test_items_are_not_taken_before_they_are_needed():
    taken = []

    def items():
        for i in range(50):
            taken.append(i)
            yield i

    with open_runner(1, threads=True) as runner:
        answers = runner.run(float, items())
        next(answers)
        assert len(taken) <= 5
        assert len(list(answers)) == 49


def test_worker_processes_use_one_thread_and_leave_no_trace_here(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "12345")
    with open_runner(1) as runner:
        (answer,) = runner.run(process_and_threads, [0])
        assert runner.cpu_seconds() > time.process_time()
    pid, threads = answer.value
    assert pid != os.getpid()
    assert threads == "1"
    assert "OMP_NUM_THREADS" not in os.environ
    assert os.environ["MALLOC_TRIM_THRESHOLD_"] == "12345"


def test_a_running_scheduler_is_used():
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        open_runner(8, cluster.scheduler_address) as runner,
    ):
        assert runner.workers == 2
        assert [a.value for a in runner.run(inverse, [4])] == [0.25]


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    from ichviewer.learning.data import workers

    monkeypatch.setattr(workers, "_CONNECT_S", 1)
    with pytest.raises(LearningError, match="does not answer"), open_runner(1, "tcp://127.0.0.1:9"):
        pass
