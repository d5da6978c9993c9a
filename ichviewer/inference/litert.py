"""Runs the model's LiteRT form: starts in a fraction of a second and needs a few tens of MB."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import EngineError, ModelError
from ichviewer.inference.chatter import without_chatter
from ichviewer.inference.engine import Outputs, run_in_batches
from ichviewer.inference.model_card import ModelCard, verify_file

MAX_THREADS = 4
"""More threads than this gain nothing for one slice of a network this small."""


class LiteRtEngine:
    """`ichviewer.inference.engine.Engine` on ai-edge-litert.

    Parameters
    ----------
    card : ModelCard
    threads : int, optional
        As many as a small network gains from unless told.

    Raises
    ------
    ModelError
        If the file is missing, damaged, or does not take and give what the metadata says.
    EngineError
        If the runtime cannot be loaded.
    """

    name = "litert"

    def __init__(self, card: ModelCard, threads: int | None = None) -> None:
        if card.litert_sha256 is None:
            raise ModelError("the model has no LiteRT form; use the keras engine", str(card.path))
        verify_file(card.litert_file, card.litert_sha256)
        try:
            from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - not every command runs the model
        except ImportError as error:
            raise EngineError("the LiteRT runtime cannot be loaded", found=str(error)) from error
        self._card = card
        self._interpreter: Any = None
        try:
            with without_chatter():
                self._interpreter = Interpreter(str(card.litert_file), num_threads=threads or _threads())
                self._input = self._interpreter.get_input_details()[0]
                self._batch = self._fix_batch()
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                "the LiteRT model cannot be loaded", str(card.litert_file), str(error)
            ) from error
        expected = (self._batch, *card.input_shape)
        shape = _shape(self._interpreter.get_input_details()[0])
        if shape != expected or self._input["dtype"] is not np.float32:
            raise ModelError(
                f"the LiteRT model must take float32 {expected}",
                str(card.litert_file),
                f"{self._input['dtype']} {shape}",
            )
        self._logits = self._output_of_shape((self._batch, len(card.outputs)))
        maps = card.region_shape
        self._regions = None if maps is None else self._output_of_shape((self._batch, *maps))

    @property
    def batch_size(self) -> int:
        """The batch of the export; 1 where the export leaves it open."""
        return self._batch

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

    def run(self, inputs: NDArray[np.uint8]) -> Outputs:
        """See `ichviewer.inference.engine.Engine.run`."""
        if self._interpreter is None:
            raise EngineError("the engine has been closed")
        return run_in_batches(self._card, inputs, self._batch, self._run_batch)

    def _run_batch(
        self, batch: NDArray[np.float32]
    ) -> tuple[NDArray[np.generic], NDArray[np.generic] | None]:
        try:
            self._interpreter.set_tensor(self._input["index"], batch)
            self._interpreter.invoke()
            logits = self._interpreter.get_tensor(self._logits)
            return logits, None if self._regions is None else self._interpreter.get_tensor(self._regions)
        except (ValueError, RuntimeError) as error:
            raise EngineError("the model could not be run", found=str(error)) from error

    def close(self) -> None:
        """Free the model."""
        self._interpreter = None


def _shape(tensor: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in tensor["shape"])


def _threads() -> int:
    return max(1, min(MAX_THREADS, available_cpus()))


def available_cpus() -> int:
    """CPUs this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
