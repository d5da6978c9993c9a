"""The parts of `annotate`, one after the other in this process, each alone. Prints JSON of wall and processor time.

``reading`` the headers, ``decoding`` every slice once, ``predicting`` with the model; and, for comparison,
``preparing``: finding heads, checking the input and making the model's inputs.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import ichviewer
from ichviewer.bundle import model_dir
from ichviewer.dicom.decode import read_slice
from ichviewer.inference.engine import open_engine
from ichviewer.inference.head import find_head
from ichviewer.inference.input_check import InputCheck
from ichviewer.inference.model_card import load_model_card
from ichviewer.inference.series_input import SeriesInput, SeriesLayout, has_tissue
from ichviewer.services.open_study import open_study


class Clock:
    """Wall and processor time since it was last asked."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def lap(self) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        found = wall - self._wall, cpu - self._cpu
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return found


def main() -> None:
    card = load_model_card(model_dir())
    engine = open_engine(card)
    # What is imported or prepared on first use is not counted.
    engine.run(np.zeros((1, *card.input_shape), np.uint8))
    folder = Path(sys.argv[1])
    read_slice(open_study([min(folder.iterdir())]).series[0].slices[0])
    said = {}
    clock = Clock()
    series = open_study([folder]).series[0]
    said["reading"] = clock.lap()
    for info in series.slices:
        read_slice(info)
    said["decoding"] = clock.lap()
    levels = np.arange(int(np.prod(card.input_shape))) % 251
    one = levels.astype(np.uint8).reshape(1, *card.input_shape)
    clock.lap()
    with ThreadPoolExecutor(engine.at_once) as threads:
        deque(threads.map(lambda _: engine.run(one), series.slices), maxlen=0)
    said["predicting"] = clock.lap()
    said["preparing"] = prepare(series, card)
    print(json.dumps({"package": ichviewer.__file__, **said}))


def prepare(series, card) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """All that lies between decoded slices and the model, without decoding."""
    layout = SeriesLayout.of(series)
    spacing = series.slices[0].spacing
    spacing_mm = layout.orientation.spacing((spacing.row_mm, spacing.column_mm))
    heads, check = {}, InputCheck(series, layout)
    wall = cpu = 0.0
    # A few slices in turn stand for all: the whole series need not fit into memory.
    images = [read_slice(info).image for info in series.slices[:32]]

    def hu(index: int):  # type: ignore[no-untyped-def]
        return layout.orientation.apply(images[index % len(images)].hu())

    clock = Clock()
    for index in range(len(series)):
        pixels = hu(index)
        heads[index] = find_head(pixels, spacing_mm)
        check.add(index, pixels, spacing_mm, heads[index])
        has_tissue(pixels, spacing_mm)
    check.problems()
    source = SeriesInput(
        layout, heads, hu, shape=images[0].shape, spacing_mm=spacing_mm, settings=card.preprocessing
    )
    for index in range(len(series)):
        source.input(index)
    wall, cpu = clock.lap()
    return wall, cpu


if __name__ == "__main__":
    main()
