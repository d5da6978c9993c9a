"""Inputs come in order, a few ahead, with the errors that making them gave."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from ichviewer.errors import DecodeError
from ichviewer.services.inputs_ahead import InputsAhead


def picture(index: int) -> np.ndarray:
    return np.full((1, 1, 1), index, np.uint8)


def test_inputs_come_in_order_and_only_so_many_ahead():
    made: list[int] = []
    reached = threading.Semaphore(0)

    def make(index: int) -> np.ndarray:
        made.append(index)
        reached.release()
        return picture(index)

    with InputsAhead(make, [3, 5, 7, 9, 11], ahead=2) as inputs:
        assert inputs.take(3)[0, 0, 0] == 3
        for _ in range(3):
            assert reached.acquire(timeout=10)
        # One was taken, two more are made, no others before the next is taken.
        assert made == [3, 5, 7]
        assert [int(inputs.take(i)[0, 0, 0]) for i in (5, 7, 9, 11)] == [5, 7, 9, 11]
    assert made == [3, 5, 7, 9, 11]


def test_an_error_belongs_to_its_slice_alone():
    def make(index: int) -> np.ndarray:
        if index == 1:
            raise DecodeError("broken", "here")
        return picture(index)

    with InputsAhead(make, [0, 1, 2], ahead=3) as inputs:
        inputs.take(0)
        with pytest.raises(DecodeError, match="broken"):
            inputs.take(1)
        assert inputs.take(2)[0, 0, 0] == 2


def test_a_slice_out_of_order_is_refused():
    with InputsAhead(picture, [0, 1], ahead=1) as inputs:
        with pytest.raises(ValueError, match="Received: 1"):
            inputs.take(1)
        inputs.take(0)
        inputs.take(1)
        with pytest.raises(ValueError, match="None is next"):
            inputs.take(1)


def test_an_interrupt_does_not_wait_for_a_slice_that_hangs():
    asked, ended = threading.Event(), threading.Event()

    def make(index: int) -> np.ndarray:
        asked.set()
        ended.wait(20)
        return picture(index)

    inputs = InputsAhead(make, [0], ahead=1)
    taker = threading.Thread(target=lambda: inputs.take(0))
    with pytest.raises(KeyboardInterrupt), inputs:
        taker.start()
        assert asked.wait(10)
        raise KeyboardInterrupt
    assert not ended.is_set()
    ended.set()
    taker.join(10)
    assert not taker.is_alive()
