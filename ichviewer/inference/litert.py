"""Runs the model's LiteRT form: starts in a fraction of a second and needs a few tens of MB."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.chatter import without_chatter
from ichviewer.inference.engine import Outputs, run_in_batches
from ichviewer.inference.model_card import ModelCard, verify_file

MOST_AT_ONCE = 4
"""More interpreters than this would only take memory: nothing makes inputs that fast."""


class LiteRtEngine:
    """`ichviewer.inference.engine.Engine` on ai-edge-litert.

    As many interpreters as there are cores, each with one thread: two cores run 288 x 288 px in 6.1 ms a slice this
    way and in 6.9 ms with two threads for each slice, and while one of the cores makes inputs, two threads wait for
    each other. An interpreter is made when all others are at work.

    Parameters
    ----------
    card : ModelCard
    at_once : int, optional
        Most interpreters; as many as there are cores, within reason, unless told.

    Raises
    ------
    ModelError
        If the file is missing, damaged, or does not take and give what the metadata says.
    EngineError
        If the runtime cannot be loaded.
    """

    name = "litert"

    def __init__(self, card: ModelCard, at_once: int | None = None) -> None:
        if card.litert_sha256 is None:
            raise ModelError("the model has no LiteRT form; use the keras engine", str(card.path))
        verify_file(card.litert_file, card.litert_sha256)
        self.at_once = at_once or max(1, min(MOST_AT_ONCE, available_cpus()))
        self._card = card
        self._lock = threading.Lock()
        self._closed = False
        first = _Interpreter(card)
        self.batch_size = first.batch
        self._made = 1
        self._idle: queue.LifoQueue[_Interpreter] = queue.LifoQueue()
        self._idle.put(first)

    def run(self, inputs: NDArray[np.uint8]) -> Outputs:
        """See `ichviewer.inference.engine.Engine.run`."""
        interpreter = self._take()
        try:
            return run_in_batches(self._card, inputs, self.batch_size, interpreter.run)
        finally:
            self._idle.put(interpreter)

    def _take(self) -> _Interpreter:
        """An interpreter that nobody uses; waits for one where all there may be are at work."""
        if self._closed:
            raise EngineError("the engine has been closed")
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._lock:
            make = self._made < self.at_once
            self._made += make
        if not make:
            return self._idle.get()
        try:
            return _Interpreter(self._card)
        except BaseException:
            with self._lock:
                self._made -= 1
            raise

    def close(self) -> None:
        """Free the model, where it is at work when that is done."""
        self._closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait()


class _Interpreter:
    """One copy of the network, for one thread at a time."""

    def __init__(self, card: ModelCard) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - not every command runs the model
        except ImportError as error:
            raise EngineError("the LiteRT runtime cannot be loaded", found=str(error)) from error
        self._card = card
        try:
            with without_chatter():
                self._interpreter: Any = Interpreter(str(card.litert_file), num_threads=1)
                self._input = self._interpreter.get_input_details()[0]
                self.batch = self._fix_batch()
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                "the LiteRT model cannot be loaded", str(card.litert_file), str(error)
            ) from error
        expected = (self.batch, *card.input_shape)
        shape = _shape(self._interpreter.get_input_details()[0])
        if shape != expected or self._input["dtype"] is not np.float32:
            raise ModelError(
                f"the LiteRT model must take float32 {expected}",
                str(card.litert_file),
                f"{self._input['dtype']} {shape}",
            )
        self._logits = self._output_of_shape((self.batch, len(card.outputs)))
        maps = card.region_shape
        self._regions = None if maps is None else self._output_of_shape((self.batch, *maps))

    def _fix_batch(self) -> int:
        # One slice at a time runs as fast per slice as several do, and lets results stream.
        signature = self._input["shape_signature"]
        if int(signature[0]) > 0:
            return int(signature[0])
        self._interpreter.resize_tensor_input(self._input["index"], [1, *(int(n) for n in signature[1:])])
        return 1

    def _output_of_shape(self, shape: tuple[int, ...]) -> int:
        """Index of the one output of this shape: the order of outputs is up to the converter, and so are names."""
        details = self._interpreter.get_output_details()
        found = [int(output["index"]) for output in details if _shape(output) == shape]
        if len(found) != 1:
            raise ModelError(
                f"the LiteRT model must give one output of shape {shape}",
                str(self._card.litert_file),
                ", ".join(str(_shape(output)) for output in details),
            )
        return found[0]

    def run(self, batch: NDArray[np.uint8]) -> tuple[NDArray[np.generic], NDArray[np.generic] | None]:
        """Logits and region logits of a batch of exactly so many inputs."""
        try:
            # Grey levels become float32 in the network's own memory: a copy of 1.3 MB less for each slice.
            self._interpreter.tensor(self._input["index"])()[...] = batch
            self._interpreter.invoke()
            logits = self._interpreter.get_tensor(self._logits)
            return logits, None if self._regions is None else self._interpreter.get_tensor(self._regions)
        except (ValueError, RuntimeError) as error:
            raise EngineError("the model could not be run", found=str(error)) from error


def _shape(tensor: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in tensor["shape"])


def available_cpus() -> int:
    """CPUs this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
