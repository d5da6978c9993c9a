"""Stores of a few noisy slices, and a recipe to train on them in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.config import Phase, TrainConfig
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume

SETTINGS = PreprocessSettings(size_px=64, mm_per_px=3.2)


def volume(name: str, source: str, *, blood: bool, seed: int, twin: str = "") -> Volume:
    """Six noisy slices; blood is a bright square, and its mask is known where it was made."""
    rng = np.random.default_rng(seed)
    hu = rng.integers(10, 36, (6, 64, 64)).astype(np.int16)
    labels = np.zeros((6, 6), np.uint8)
    masks = np.zeros(hu.shape, np.uint8)
    masks[4, 2:20, 2:20] = 32  # mistaken for blood
    if blood:
        hu[2:4, 20:44, 10:34] = 80
        masks[2:4, 20:44, 10:34] = 2
        labels[2:4, [0, 2]] = 1
    return Volume(
        name,
        name.rsplit("-", 1)[0],
        source,
        hu,
        np.arange(6, dtype=np.float32) * 5,
        labels,
        np.ones(6, bool),
        None if source == "folder" else masks,
        twin,
    )


def write_stores(root: Path) -> None:
    """Six heads found and the same six painted, and six from maps, each in its store."""
    real = Store.create(root / "real", SETTINGS, {"source": "folder"})
    painted = Store.create(root / "painted", SETTINGS, {"source": "painted"})
    maps = Store.create(root / "map", SETTINGS, {"source": "map"})
    for i in range(6):
        real.add(volume(f"head{i}-real", "folder", blood=i % 2 == 0, seed=i))
        painted.add(volume(f"head{i}-bleed", "painted", blood=True, seed=10 + i, twin=f"head{i}-clean"))
        painted.add(volume(f"head{i}-clean", "painted", blood=False, seed=10 + i))
        maps.add(volume(f"made{i}-bleed", "map", blood=True, seed=20 + i))


def recipe(stores: Path, *names: str, **changes: object) -> TrainConfig:
    """What trains on some of them; ``changes`` are settings of it."""
    given = {
        "stores": tuple(str(stores / name) for name in names),
        "folds": 2,
        "size_px": 64,
        "weights": "random",
        "batch": 8,
        "phases": (Phase(32, 2), Phase(64, 2)),
        "learning_rate": 3e-3,
        "held_norm_blocks": 1,
        "checkpoint_steps": 2,
    }
    return TrainConfig(**(given | changes))
