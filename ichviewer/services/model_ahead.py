"""Runs the model on slices in a fixed order, while the inputs of the next are made and others run beside it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import DecodeError, ReadError
from ichviewer.inference.engine import Engine, Outputs

Make = Callable[[int], NDArray[np.uint8]]
Unreadable = DecodeError | ReadError


class ModelAhead:
    """Hands out what the model says of slices, in order. Used as a context: at its end nothing more is begun.

    Inputs are made on one thread, in order, because each shares pictures with its neighbors. The model runs on as
    many threads as the engine allows.

    Parameters
    ----------
    make : function of int to ndarray of uint8
        The input of a slice; called on one thread only, in this order.
    engine : Engine
    order : sequence of int
        The slices, each once.
    """

    def __init__(self, make: Make, engine: Engine, order: Sequence[int]) -> None:
        self._make = make
        self._engine = engine
        self._left = iter(order)
        self._inputs = ThreadPoolExecutor(1, thread_name_prefix="ichviewer-inputs")
        self._model = ThreadPoolExecutor(engine.at_once, thread_name_prefix="ichviewer-model")
        # One more than can run: its input is made meanwhile.
        self._most = engine.at_once + 1
        self._begun: deque[tuple[list[int], Future[list[Outputs | Unreadable]]]] = deque()

    def __enter__(self) -> ModelAhead:
        self._fill()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # As in `ReadAhead`: Ctrl+C does not wait for a decoder that hangs.
        interrupted = kind is not None and not issubclass(kind, Exception)
        self._model.shutdown(wait=False, cancel_futures=True)
        self._inputs.shutdown(wait=not interrupted, cancel_futures=True)
        self._model.shutdown(wait=not interrupted)

    def take(self) -> list[tuple[int, Outputs | Unreadable]]:
        """The next slices, as many as the engine runs together, each with its outputs (for one input).

        Waits for them. A slice whose input cannot be made stands with why; empty when all have been handed out.

        Raises
        ------
        EngineError
            See `Engine.run`.
        """
        if not self._begun:
            return []
        indices, future = self._begun.popleft()
        self._fill()
        return list(zip(indices, future.result(), strict=True))

    def _fill(self) -> None:
        while len(self._begun) < self._most:
            indices = list(islice(self._left, self._engine.batch_size))
            if not indices:
                return
            inputs = [self._inputs.submit(self._make, index) for index in indices]
            self._begun.append((indices, self._model.submit(self._run, inputs)))

    def _run(self, inputs: list[Future[NDArray[np.uint8]]]) -> list[Outputs | Unreadable]:
        made = [_result(future) for future in inputs]
        pictures = [picture for picture in made if not isinstance(picture, Unreadable)]
        if not pictures:
            return [error for error in made if isinstance(error, Unreadable)]
        outputs = self._engine.run(pictures[0][None] if len(pictures) == 1 else np.stack(pictures))
        each = iter(_one(outputs, i) for i in range(len(pictures)))
        return [entry if isinstance(entry, Unreadable) else next(each) for entry in made]


def _result(future: Future[NDArray[np.uint8]]) -> NDArray[np.uint8] | Unreadable:
    try:
        return future.result()
    except (DecodeError, ReadError) as error:
        return error


def _one(outputs: Outputs, index: int) -> Outputs:
    regions = outputs.regions
    return Outputs(outputs.logits[index : index + 1], None if regions is None else regions[index : index + 1])
