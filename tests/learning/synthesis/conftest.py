"""The heads that tests of the synthesis share; making them is what takes time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import Volume, stored
from ichviewer.learning.synthesis.maps import PreparedMap, prepared_map

SETTINGS = PreprocessSettings(size_px=128, mm_per_px=1.6)
SLICES = 24


def make_head(seed: int = 0) -> Volume:
    """A head of 24 slices 5 mm apart at 1.6 mm a pixel; its vertex is 6 mm above the topmost slice."""
    rng = np.random.default_rng(seed)
    n, size = SLICES, SETTINGS.size_px
    z = (np.arange(n)[::-1] * 5.0 + 6.0)[:, None, None]
    y = ((np.arange(size) - (size - 1) / 2) * SETTINGS.mm_per_px)[None, :, None]
    x = ((np.arange(size) - (size - 1) / 2) * SETTINGS.mm_per_px)[None, None, :]
    dz = np.minimum(z - 70.0, 0)
    outer = np.sqrt((x / 72) ** 2 + (y / 88) ** 2 + (dz / 77) ** 2)
    inner = np.sqrt((x / 65) ** 2 + (y / 81) ** 2 + (dz / 70) ** 2)
    hu = np.full((n, size, size), -1000.0)
    hu[outer < 1] = 1000.0
    brain = inner < 1
    depth = (1 - inner) * 70
    hu[brain] = np.where(depth > 8, 28.0, 36.0)[brain]
    folds = np.abs(np.sin(9 * np.arctan2(y, x)) + 0 * z) < 0.12
    hu[brain & folds & (depth < 12)] = 8.0
    for side in (-1, 1):
        room = ((x - side * 13) / 9) ** 2 + ((y - 4) / 32) ** 2 + ((z - 62) / 16) ** 2 < 1
        hu[brain & room] = 6.0
    hu[brain & ((x / 3) ** 2 + (y / 12) ** 2 + ((z - 78) / 10) ** 2 < 1)] = 6.0
    hu[brain & (np.abs(x) < 0.9) & (depth < 20)] = 44.0
    hu = ndimage.gaussian_filter(hu, (0, 0.5, 0.5)) + ndimage.gaussian_filter(
        rng.normal(0, 5.0, hu.shape), (0, 0.6, 0.6)
    )
    return Volume(
        name=f"head-{seed}",
        patient=f"patient-{seed}",
        source="ct-ich",
        hu=stored(np.clip(hu, *SETTINGS.clip_hu)),
        positions_mm=np.arange(n, dtype=np.float32) * 5,
        labels=np.zeros((n, 6), np.uint8),
        has_brain=np.ones(n, bool),
    )


@pytest.fixture(scope="session")
def head() -> Volume:
    """Return a small head made of ellipsoids."""
    return make_head()


@pytest.fixture(scope="session")
def settings() -> PreprocessSettings:
    """Return how that head was made."""
    return SETTINGS


@pytest.fixture(scope="session")
def label_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one label map, of number 7."""
    from label_map_factory import write_label_map

    folder = tmp_path_factory.mktemp("label-maps")
    write_label_map(folder, 7)
    return folder


@pytest.fixture(scope="session")
def prepared(label_maps: Path) -> PreparedMap:
    """Return that map, measured; tests that ask for the same map get the same object."""
    return prepared_map(label_maps, 7)
