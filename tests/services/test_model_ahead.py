"""What the model says comes in order, a little ahead, with the errors that making the inputs gave."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ichviewer.errors import DecodeError, EngineError
from ichviewer.inference.engine import Outputs
from ichviewer.services.model_ahead import ModelAhead


class Echo:
    """Answers with the picture's first grey level; may wait, and counts how many run together."""

    name = "litert"

    def __init__(self, batch_size: int = 1, at_once: int = 1) -> None:
        self.batch_size, self.at_once = batch_size, at_once
        self.batches: list[int] = []
        self.together = self.most_together = 0
        self.meeting: threading.Barrier | None = None
        self._lock = threading.Lock()

    def run(self, inputs: np.ndarray) -> Outputs:
        with self._lock:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
            self.batches.append(len(inputs))
        if self.meeting is not None:
            self.meeting.wait(10)
        with self._lock:
            self.together -= 1
        return Outputs(np.repeat(inputs[:, 0, 0, :].astype(np.float64), 6, axis=1))

    def close(self) -> None:
        pass


def picture(index: int) -> np.ndarray:
    return np.full((1, 1, 1), index, np.uint8)


def everything(ahead: ModelAhead) -> list[tuple[int, float | str]]:
    said: list[tuple[int, float | str]] = []
    while entries := ahead.take():
        said += [
            (index, outputs.logits[0, 0] if isinstance(outputs, Outputs) else outputs.what)
            for index, outputs in entries
        ]
    return said


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 255), unique=True, max_size=20),
    st.sets(st.integers(0, 255)),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_every_slice_gets_its_own_outputs_or_its_own_error(order, broken, batch_size, at_once):
    def make(index: int) -> np.ndarray:
        if index in broken:
            raise DecodeError(f"broken {index}", "here")
        return picture(index)

    engine = Echo(batch_size, at_once)
    with ModelAhead(make, engine, order) as ahead:
        said = everything(ahead)
    assert said == [(i, f"broken {i}" if i in broken else float(i)) for i in order]
    assert sum(engine.batches) == len(set(order) - broken)
    assert engine.most_together <= at_once


def test_the_model_runs_on_as_many_threads_as_it_can():
    engine = Echo(at_once=2)
    engine.meeting = threading.Barrier(2)  # each waits for another
    with ModelAhead(picture, engine, range(6)) as ahead:
        assert [index for index, _ in everything(ahead)] == list(range(6))
    assert engine.most_together == 2


def test_only_so_many_are_begun_ahead():
    made: list[int] = []
    reached = threading.Semaphore(0)

    def make(index: int) -> np.ndarray:
        made.append(index)
        reached.release()
        return picture(index)

    with ModelAhead(make, Echo(), [3, 5, 7, 9, 11]) as ahead:
        assert ahead.take()[0][0] == 3
        for _ in range(3):
            assert reached.acquire(timeout=10)
        # One was taken, two more are begun, no others before the next is taken.
        assert made == [3, 5, 7]
    assert made == [3, 5, 7]


def test_an_engine_that_fails_says_so_where_its_slices_are_taken():
    class Failing(Echo):
        def run(self, inputs: np.ndarray) -> Outputs:
            if inputs[0, 0, 0, 0] == 1:
                raise EngineError("no more")
            return super().run(inputs)

    with ModelAhead(picture, Failing(), range(4)) as ahead:
        ahead.take()
        with pytest.raises(EngineError, match="no more"):
            ahead.take()


def test_a_bug_is_no_unreadable_slice():
    def make(index: int) -> np.ndarray:
        raise ZeroDivisionError

    with ModelAhead(make, Echo(), range(4)) as ahead, pytest.raises(ZeroDivisionError):
        ahead.take()


def test_an_interrupt_does_not_wait_for_a_slice_that_hangs():
    asked, ended = threading.Event(), threading.Event()

    def make(index: int) -> np.ndarray:
        asked.set()
        ended.wait(20)
        return picture(index)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ModelAhead(make, Echo(), [0]):
        assert asked.wait(10)
        raise KeyboardInterrupt
    assert time.monotonic() - started < 10
    ended.set()
