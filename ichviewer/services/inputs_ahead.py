"""Makes the inputs of the model on a thread of its own, a few ahead, while the model runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

Make = Callable[[int], NDArray[np.uint8]]


class InputsAhead:
    """Hands out inputs in a fixed order. Used as a context: at its end no more are made.

    Parameters
    ----------
    make : function of int to ndarray of uint8
        The input of a slice; called on one thread only, in this order.
    order : sequence of int
        The slices, each once.
    ahead : int
        How many are made before they are asked for.
    """

    def __init__(self, make: Make, order: Sequence[int], ahead: int) -> None:
        if ahead < 1:
            raise ValueError(f"at least one input must be made ahead. Received: {ahead}")
        self._make = make
        self._left = deque(order)
        self._ahead = ahead
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ichviewer-inputs")
        self._made: deque[tuple[int, Future[NDArray[np.uint8]]]] = deque()

    def __enter__(self) -> InputsAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # As in `ReadAhead`: Ctrl+C does not wait for a decoder that hangs.
        interrupted = kind is not None and not issubclass(kind, Exception)
        self._thread.shutdown(wait=not interrupted, cancel_futures=True)

    def take(self, index: int) -> NDArray[np.uint8]:
        """The input of the next slice in order, waiting for it.

        Parameters
        ----------
        index : int
            Which slice that must be.

        Raises
        ------
        ValueError
            If another slice is next.
        Exception
            What making it raised.
        """
        self._fill()
        if not self._made or self._made[0][0] != index:
            following = self._made[0][0] if self._made else None
            raise ValueError(f"inputs are handed out in order, {following} is next. Received: {index}")
        _, future = self._made.popleft()
        self._fill()
        return future.result()

    def _fill(self) -> None:
        while self._left and len(self._made) < self._ahead:
            index = self._left.popleft()
            self._made.append((index, self._thread.submit(self._make, index)))
