"""A volume of random HU, for tests of what keeps volumes and reads them."""

from __future__ import annotations

import numpy as np

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Volume

SETTINGS = PreprocessSettings(size_px=32, mm_per_px=6.0)


def random_volume(name="a", n=3, size=32, **fields):
    """`n` slices without blood, the same each time; `fields` are those of `Volume` that differ."""
    rng = np.random.default_rng(n)
    return Volume(
        **{
            "name": name,
            "patient": "p",
            "source": "map",
            "hu": rng.integers(-160, 241, (n, size, size)).astype(np.int16),
            "positions_mm": np.arange(n, dtype=np.float32) * 5,
            "labels": np.zeros((n, 6), np.uint8),
            "has_brain": np.ones(n, bool),
            **fields,
        }
    )
