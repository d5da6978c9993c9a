"""How fast an engine runs the model on this machine, and how large the file is that it runs."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ichviewer.inference.engine import Engine
from ichviewer.inference.litert import available_cpus
from ichviewer.inference.model_card import NO_QUANTIZATION, ModelCard

RUNS = 10
_ROUND = 2
"""Batches of each thread before the time is taken: threads need not end together."""


@dataclass(frozen=True)
class EngineSpeed:
    """Speed and size.

    Parameters
    ----------
    engine : str
        ``litert`` or ``keras``.
    ms_a_slice : float
        Median time of a slice, in ms: the model alone, without reading and preparing the slice.
    cpus : int
        CPUs that the program may use.
    file : str
        Name of the file that the engine runs.
    megabytes : float
        Its size, in units of 1,000,000 bytes.
    quantization : str
        ``none`` or ``int8``.
    """

    engine: str
    ms_a_slice: float
    cpus: int
    file: str
    megabytes: float
    quantization: str

    def __str__(self) -> str:
        kind = "float32" if self.quantization == NO_QUANTIZATION else self.quantization
        cpus = "1 CPU" if self.cpus == 1 else f"{self.cpus} CPUs"
        return f"{self.ms_a_slice:.1f} ms a slice on {cpus}; {self.file}, {self.megabytes:.1f} MB, {kind}"


def engine_speed(card: ModelCard, engine: Engine) -> EngineSpeed:
    """Run the model on made-up inputs, as many at a time as it can, and take the median time.

    Raises
    ------
    EngineError
        If the model cannot be run.
    """
    levels = np.arange(engine.batch_size * int(np.prod(card.input_shape))) % 251
    inputs = levels.astype(np.uint8).reshape(engine.batch_size, *card.input_shape)
    seconds = []
    with ThreadPoolExecutor(engine.at_once) as threads:
        for _ in range(RUNS + 1):
            start = time.perf_counter()
            list(threads.map(engine.run, [inputs] * (_ROUND * engine.at_once)))
            seconds.append(time.perf_counter() - start)
    litert = engine.name == "litert"
    file = card.litert_file if litert else card.keras_file
    return EngineSpeed(
        engine.name,
        # The first run also prepares memory.
        1000 * statistics.median(seconds[1:]) / (_ROUND * engine.at_once * engine.batch_size),
        available_cpus(),
        file.name,
        file.stat().st_size / 1e6,
        card.quantization if litert else NO_QUANTIZATION,
    )
