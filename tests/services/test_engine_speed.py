from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from ichviewer.inference.engine import Outputs
from ichviewer.services.engine_speed import EngineSpeed, engine_speed


class SlowEngine:
    """Takes two slices at a time, and 8 ms for them; the first run takes longer."""

    name = "litert"
    batch_size = 2
    at_once = 1

    def __init__(self):
        self.shapes = []

    def run(self, inputs):
        time.sleep(0.008 if self.shapes else 0.1)
        self.shapes.append((inputs.shape, inputs.dtype))
        return Outputs(np.zeros((len(inputs), 6)))

    def close(self):
        pass


def test_measures_a_slice_in_the_batches_that_the_engine_likes(tiny_card):
    engine = SlowEngine()
    speed = engine_speed(dataclasses.replace(tiny_card, quantization="int8"), engine)
    assert set(engine.shapes) == {((2, 32, 32, 3), np.dtype(np.uint8))}
    assert 4.0 <= speed.ms_a_slice < 40.0
    assert speed.file == "ich.tflite"
    assert speed.megabytes == pytest.approx(tiny_card.litert_file.stat().st_size / 1e6)
    assert speed.quantization == "int8"


def test_the_keras_file_is_never_quantized(tiny_card):
    engine = SlowEngine()
    engine.name = "keras"
    speed = engine_speed(dataclasses.replace(tiny_card, quantization="int8"), engine)
    assert (speed.file, speed.quantization) == ("ich.keras", "none")


def test_in_words():
    speed = EngineSpeed("litert", 8.04, 2, "ich.tflite", 4.16, "int8")
    assert str(speed) == "8.0 ms a slice on 2 CPUs; ich.tflite, 4.2 MB, int8"
    one = dataclasses.replace(speed, cpus=1, quantization="none")
    assert str(one) == "8.0 ms a slice on 1 CPU; ich.tflite, 4.2 MB, float32"
