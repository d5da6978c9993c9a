"""Runs a trained network on volumes, and writes down all that evaluation needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.augment import resize
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.measure import measure
from ichviewer.learning.network import LOGITS, REGIONS

if TYPE_CHECKING:
    import keras

_BATCH = 32


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
    columns: dict[str, Any] = joined(parts)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez_compressed(file, **columns)
    part.replace(path)


def joined(parts: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Columns of several volumes as one table, a row a slice."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def columns_of(
    volume: Volume, mm_per_px: float, logits: NDArray[Any], regions: NDArray[np.float32] | None
) -> dict[str, NDArray[Any]]:
    """All that evaluation needs to know of a volume and of what was said of it, a row a slice.

    ``region_cells`` alone has a row for each slice that ``region_drawn`` names, as it is large.

    Parameters
    ----------
    volume : Volume
    mm_per_px : float
        Its scale.
    logits : ndarray of float, shape (n, 6)
    regions : ndarray of float32, shape (n, rows, columns, 5), or None
        Maps over the field of view of the volume.
    """
    n = len(volume.hu)
    gaps = np.diff(volume.positions_mm)
    slice_mm = float(np.median(gaps)) if gaps.size else np.nan
    measured = [
        measure(volume, i, mm_per_px, slice_mm, None if regions is None else regions[i]) for i in range(n)
    ]
    columns = {name: np.stack([m[name] for m in measured]) for name in measured[0]}
    if regions is not None:
        columns["region_cells"] = columns["region_cells"][columns["region_drawn"]]
    return columns | {
        "name": np.full(n, volume.name),
        "patient": np.full(n, volume.patient),
        "source": np.full(n, volume.source),
        "twin": np.full(n, volume.twin),
        "traits": np.full(n, ",".join(volume.traits)),
        "age_years": np.full(n, volume.age_years, np.float32),
        "index": np.arange(n),
        "position_mm": volume.positions_mm.astype(np.float32),
        "slice_mm": np.full(n, slice_mm, np.float32),
        "logits": logits,
        "labels": volume.labels,
        "has_brain": volume.has_brain,
    }


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
    return columns_of(volume, settings.mm_per_px, logits, maps)
