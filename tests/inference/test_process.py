from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.engine import open_engine
from ichviewer.inference.litert import LiteRtEngine
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.process import ProcessEngine


def inputs(n: int = 2) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)


def gone(pid: int) -> bool:
    """Whether a process has ended and was waited for: a zombie would still be there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_answers_as_the_engine_itself(tiny_card):
    engine = open_engine(tiny_card, "litert", in_process=False)
    try:
        assert isinstance(engine, ProcessEngine)
        np.testing.assert_array_equal(engine.logits(inputs()), LiteRtEngine(tiny_card).logits(inputs()))
    finally:
        engine.close()


def test_close_leaves_no_process(tiny_card):
    engine = ProcessEngine(tiny_card, "litert")
    pid = engine.pid
    assert pid is not None
    engine.close()
    engine.close()
    assert gone(pid)
    assert engine.pid is None
    with pytest.raises(EngineError, match="closed"):
        engine.logits(inputs())


def test_a_dropped_engine_leaves_no_process(tiny_card):
    engine = ProcessEngine(tiny_card, "litert")
    pid = engine.pid
    assert pid is not None
    del engine
    assert gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_crash_is_an_error_not_a_hang(tiny_card):
    engine = ProcessEngine(tiny_card, "litert")
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match=r"ended unexpectedly. Found: signal SIGKILL"):
        engine.logits(inputs())
    engine.close()
    assert not multiprocessing.active_children()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_close_from_another_thread_ends_work_under_way(tiny_card):
    engine = ProcessEngine(tiny_card, "litert")
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGSTOP)  # it will never answer
    caught: list[BaseException] = []

    def work() -> None:
        try:
            engine.logits(inputs())
        except EngineError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    engine.close()
    thread.join(5)
    assert not thread.is_alive()
    assert "closed while it worked" in str(caught[0])
    assert time.monotonic() - started < 4


def test_errors_of_opening_cross_over(model_copy):
    (model_copy / "ich.tflite").write_bytes(b"spoiled")
    with pytest.raises(ModelError, match="is not the one"):
        ProcessEngine(load_model_card(model_copy), "litert")
    assert not multiprocessing.active_children()
