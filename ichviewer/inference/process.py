"""Runs an engine in a process of its own, so that neither its start nor its crash touches the window."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.engine import check_inputs, open_engine
from ichviewer.inference.model_card import ModelCard

log = logging.getLogger("ichviewer.inference")

START_TIMEOUT_S = 120.0
"""A cold disk and a busy machine can make TensorFlow take this long to start."""
ANSWER_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 2.0
_POLL_S = 0.1


class ProcessEngine:
    """`ichviewer.inference.engine.Engine` that hands its work to another process.

    The process ends with `close`, with this object, and with the program, however that ends: it is a daemon, and
    it stops when the other end of its pipe is gone.

    Parameters
    ----------
    card : ModelCard
    kind : str
        ``litert`` or ``keras``.

    Raises
    ------
    ModelError, EngineError
        What opening the engine there raised; EngineError too if the process died or did not answer.
    """

    def __init__(self, card: ModelCard, kind: str) -> None:
        self.name = kind
        self.batch_size = 1
        self._size_px = card.preprocessing.size_px
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._process_started = False
        # Spawn on every platform: a fork of a process that runs Qt and threads is not safe.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, card, kind), name=f"ichviewer-{kind}", daemon=True
        )
        try:
            self._process.start()
            self._process_started = True
        except OSError as error:
            self._pipe.close()
            raise EngineError("the engine's process could not be started", found=str(error)) from error
        finally:
            theirs.close()
        try:
            self.batch_size = self._receive(START_TIMEOUT_S)
        except (EngineError, ModelError):
            self.close()
            raise

    @property
    def pid(self) -> int | None:
        """Process id of the engine, None once it was closed."""
        return None if self._closed.is_set() else self._process.pid

    def logits(self, inputs: NDArray[np.uint8]) -> NDArray[np.float64]:
        """See `ichviewer.inference.engine.Engine.logits`."""
        check_inputs(inputs, self._size_px)
        with self._lock:
            if self._closed.is_set():
                raise EngineError("the engine has been closed")
            try:
                self._pipe.send(np.ascontiguousarray(inputs))
            except OSError as error:
                raise self._died() from error
            answer: NDArray[np.float64] = self._receive(ANSWER_TIMEOUT_S)
            return answer

    def _receive(self, timeout_s: float) -> Any:
        """Wait for an answer; an error sent from the other side is raised here."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                if self._pipe.poll(_POLL_S):
                    answer = self._pipe.recv()
                    break
            except (EOFError, OSError) as error:
                raise self._died() from error
            if self._closed.is_set():
                raise EngineError("the engine was closed while it worked")
            if time.monotonic() > deadline:
                self.close()
                raise EngineError(f"the engine did not answer for {timeout_s:.0f} s")
        if isinstance(answer, EngineError | ModelError):
            raise answer
        return answer

    def _died(self) -> EngineError:
        if self._closed.is_set():
            return EngineError("the engine was closed while it worked")
        self._process.join(STOP_TIMEOUT_S)
        code = self._process.exitcode
        return EngineError("the engine's process ended unexpectedly", found=_in_words(code))

    def close(self) -> None:
        """End the process at once: it holds nothing worth saving. Work under way ends with an EngineError."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._process.terminate()
        self._process.join(STOP_TIMEOUT_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        # A thread that waits for an answer sees the pipe's end by now and lets go of the lock.
        with self._lock:
            self._pipe.close()
            self._process.close()

    def __del__(self) -> None:
        # Only what __init__ got as far as making can be closed.
        if hasattr(self, "_process") and self._process_started:
            self.close()


def _in_words(exit_code: int | None) -> str:
    if exit_code is None:
        return "still running, but its pipe is closed"
    if exit_code < 0:
        try:
            return f"signal {signal.Signals(-exit_code).name}"
        except ValueError:
            return f"signal {-exit_code}"
    return f"exit code {exit_code}"


def _serve(pipe: Connection, card: ModelCard, kind: str) -> None:
    """What the process does: open the engine, then answer until told to stop or nobody is left to answer."""
    # Ctrl+C reaches the whole group of processes; the one that asked for this engine decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        engine = open_engine(card, kind, in_process=True)
    except (EngineError, ModelError) as error:
        pipe.send(error)
        return
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(engine.batch_size)
        while (inputs := pipe.recv()) is not None:
            try:
                answer: object = engine.logits(inputs)
            except EngineError as error:
                answer = error
            pipe.send(answer)
    engine.close()
