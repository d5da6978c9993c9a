"""Runs a trained network on volumes, and writes down all that evaluation needs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ichviewer.domain.labels import TYPES
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.augment import resize
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.network import LOGITS, REGIONS

if TYPE_CHECKING:
    import keras

_BATCH = 32
_NEAR_MM = 5.0
"""A peak of the region map this near to blood still points at it: a cell of the map is that large."""


def inputs_of(volume: Volume, settings: PreprocessSettings, size_px: int) -> NDArray[np.float32]:
    """Inputs of a network of another size over the same field of view, shape (n, size_px, size_px, channels)."""
    return np.stack([resize(x, size_px) for x in volume.inputs(settings)])


def predict_volumes(
    model: keras.Model, volumes: Iterable[Volume], settings: PreprocessSettings, size_px: int, path: Path
) -> None:
    """Write logits, truth, and how well the region maps point at the truth, slice by slice, to an ``.npz``.

    Parameters
    ----------
    model : keras.Model
        Built by `network.build_network`, compiled.
    volumes : iterable of Volume
        At least one; no more than one is held at a time.
    settings : PreprocessSettings
        The grid of the volumes, and the channels of an input.
    size_px : int
        The network's input size; pictures are scaled to it.
    path : Path
        The file; replaced as a whole.
    """
    parts = [_predict_volume(model, v, settings, size_px) for v in volumes]
    columns: dict[str, Any] = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez_compressed(file, **columns)
    part.replace(path)


def _predict_volume(
    model: keras.Model, volume: Volume, settings: PreprocessSettings, size_px: int
) -> dict[str, NDArray[Any]]:
    n = len(volume.hu)
    x = inputs_of(volume, settings, size_px)
    # Full batches only: another shape would be traced anew.
    padded = np.concatenate([x, np.zeros((-n % _BATCH, *x.shape[1:]), np.float32)])
    outputs = [model.predict_on_batch(padded[i : i + _BATCH]) for i in range(0, len(padded), _BATCH)]
    logits = np.concatenate([np.asarray(o[LOGITS], np.float32) for o in outputs])[:n]
    maps = np.concatenate([np.asarray(o[REGIONS]) for o in outputs])[:n] if REGIONS in outputs[0] else None
    gaps = np.diff(volume.positions_mm)
    slice_mm = float(np.median(gaps)) if gaps.size else np.nan
    measured = [_measure(volume, i, settings, slice_mm, None if maps is None else maps[i]) for i in range(n)]
    return {
        "name": np.full(n, volume.name),
        "patient": np.full(n, volume.patient),
        "source": np.full(n, volume.source),
        "twin": np.full(n, volume.twin),
        "traits": np.full(n, ",".join(volume.traits)),
        "age_years": np.full(n, volume.age_years),
        "index": np.arange(n),
        "position_mm": volume.positions_mm.astype(np.float32),
        "slice_mm": np.full(n, slice_mm, np.float32),
        "logits": logits,
        "labels": volume.labels,
        "has_brain": volume.has_brain,
        **{name: np.stack([m[name] for m in measured]) for name in measured[0]},
    }


def _measure(
    volume: Volume,
    index: int,
    settings: PreprocessSettings,
    slice_mm: float,
    regions: NDArray[np.float32] | None,
) -> dict[str, NDArray[Any]]:
    """Volume and HU of each type in a slice, whether its map's peak hits it, and the overlap of the two."""
    k = len(TYPES)
    ml, hu = np.zeros(k, np.float32), np.full(k, np.nan, np.float32)
    pointing, dice = np.full(k, -1, np.int8), np.full(k, np.nan, np.float32)
    mask = None if volume.masks is None else volume.mask(index)
    if mask is None:
        return {
            "blood_ml": np.full(k, np.nan, np.float32),
            "blood_hu": hu,
            "pointing": pointing,
            "dice": dice,
        }
    for j in np.flatnonzero([(mask & (1 << j)).any() for j in range(k)]):
        blood = (mask & (1 << j)) > 0
        ml[j] = blood.sum() * settings.mm_per_px**2 * slice_mm / 1000
        hu[j] = volume.hu[index][blood].mean()
        if regions is None or volume.labels[index, j + 1] != 1:
            continue
        cell = blood.shape[0] / regions.shape[0]
        row, column = np.unravel_index(int(np.argmax(regions[..., j])), regions.shape[:2])
        far = ndimage.distance_transform_edt(~blood)
        place = np.clip(((np.array([row, column]) + 0.5) * cell).astype(int), 0, blood.shape[0] - 1)
        pointing[j] = far[tuple(place)] * settings.mm_per_px <= _NEAR_MM
        # Both at the map's own grid: a cell is truth if a quarter of it is blood.
        fine = Image.fromarray(blood.astype(np.float32))
        share = np.asarray(fine.resize(regions.shape[1::-1], Image.Resampling.BOX)) > 0.25
        found = regions[..., j] > 0
        total = share.sum() + found.sum()
        dice[j] = 2 * (share & found).sum() / total if share.any() else np.nan
    return {"blood_ml": ml, "blood_hu": hu, "pointing": pointing, "dice": dice}
