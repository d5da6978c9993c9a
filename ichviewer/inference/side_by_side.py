"""Runs several copies of one engine at once: as many slices at a time, each with its share of the processors.

A network this small does not keep several threads busy with one slice: between its layers they wait for each other,
and a processor that does something else for a moment holds up all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ichviewer.inference.engine import Engine, Outputs


class SideBySide:
    """`ichviewer.inference.engine.Engine` made of several of the same kind, of the same model.

    Parameters
    ----------
    engines : sequence of Engine
        At least one; closed with this.
    """

    def __init__(self, engines: Sequence[Engine]) -> None:
        if not engines or len({(engine.name, engine.batch_size) for engine in engines}) != 1:
            raise ValueError(f"needs engines of one kind. Received: {[engine.name for engine in engines]}")
        self._engines = tuple(engines)
        self.name = engines[0].name
        # One thread for each, because an engine must not be used by two.
        self._threads = tuple(
            ThreadPoolExecutor(1, thread_name_prefix=f"ichviewer-engine-{i}") for i in range(len(engines))
        )

    @property
    def batch_size(self) -> int:
        """The batches of all of them."""
        return sum(engine.batch_size for engine in self._engines)

    def run(self, inputs: NDArray[np.uint8]) -> Outputs:
        """See `ichviewer.inference.engine.Engine.run`."""
        batch = self._engines[0].batch_size
        turns = itertools.cycle(zip(self._threads, self._engines, strict=True))
        waiting = [
            thread.submit(engine.run, inputs[start : start + batch])
            for start, (thread, engine) in zip(range(0, len(inputs), batch), turns, strict=False)
        ]
        if not waiting:
            return self._engines[0].run(inputs)
        parts = [future.result() for future in waiting]
        maps = [outputs.regions for outputs in parts if outputs.regions is not None]
        return Outputs(
            np.concatenate([outputs.logits for outputs in parts]), np.concatenate(maps) if maps else None
        )

    def close(self) -> None:
        """Free the models."""
        for thread, engine in zip(self._threads, self._engines, strict=True):
            thread.shutdown()
            engine.close()
