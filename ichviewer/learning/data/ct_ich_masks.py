"""Where the blood is in CT-ICH: the radiologists' polygons, brought to the picture and cleaned.

One mask for all types together lies in ``masks/049_14.png``, or beside the pictures of PhysioNet's layout in
``14_HGE_Seg.jpg``: 255 where there is blood.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.inference.preprocess import PreprocessSettings, resample_head
from ichviewer.learning.data.volumes import UNTYPED_BIT

_BONE_HU = 90.0
_SMOOTH_MM = 0.8
_RING_MM = (2.5, 10.0)
_LEAST_CONTRAST_HU = 6.0
_SHARE_OF_CONTRAST = 0.35
_LEAST_KEPT = 0.4


def read_polygon(path: Path, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The polygons of a slice as they were drawn.

    Raises
    ------
    OSError
        If the file cannot be read, or is not of the slice's shape.
    """
    from PIL import Image  # noqa: PLC0415

    with Image.open(path) as picture:
        drawn = np.asarray(picture.convert("L")) > 127
    if drawn.shape != shape:
        raise OSError(f"the mask has {drawn.shape} pixels, the slice {shape}: {path}")
    return drawn


def resample_polygon(
    drawn: NDArray[np.bool_],
    spacing_mm: tuple[float, float],
    center_px: tuple[float, float],
    settings: PreprocessSettings,
) -> NDArray[np.bool_]:
    """Polygons on the grid of the picture: what is blood for at least half, shape (size_px, size_px)."""
    low, high = settings.clip_hu
    as_hu = np.where(drawn, np.float32(high), np.float32(low))
    inside: NDArray[np.bool_] = resample_head(as_hu, spacing_mm, center_px, settings) >= (low + high) / 2
    return inside


def clean_polygon(drawn: NDArray[np.bool_], hu: NDArray[np.floating], mm_per_px: float) -> NDArray[np.bool_]:
    """The part of coarse polygons that is blood.

    Bone is dropped. Each polygon is compared with the brain around it: where its median is denser by at least 6 HU,
    what is near its edge and hardly denser than the brain is dropped too, after light smoothing; holes stay filled,
    as clots hold dark blood. A polygon without that contrast, or of which little would be left, stays as it was
    drawn: blood as dense as brain is known by its shape, which only the radiologist saw.

    Parameters
    ----------
    drawn : ndarray of bool, shape (n, n)
    hu : ndarray, shape (n, n)
        The picture.
    mm_per_px : float
    """
    soft = drawn & (hu < _BONE_HU)
    if not soft.any():
        return soft
    trusted = ((hu < _BONE_HU) & (hu > -_BONE_HU)).astype(np.float32)
    sigma = _SMOOTH_MM / mm_per_px
    weight = ndimage.gaussian_filter(trusted, sigma)
    smooth = ndimage.gaussian_filter(trusted * hu.astype(np.float32), sigma) / np.maximum(weight, 1e-3)
    far = ndimage.distance_transform_edt(~drawn) * mm_per_px
    brain = (hu > 0) & (hu < 70)
    parts, count = ndimage.label(soft)
    cleaned = np.zeros_like(drawn)
    for part in range(1, count + 1):
        this = parts == part
        away = ndimage.distance_transform_edt(~this) * mm_per_px
        ring = brain & (away > _RING_MM[0]) & (away < _RING_MM[1]) & (far > _RING_MM[0])
        base = float(np.median(smooth[ring])) if ring.any() else np.inf
        contrast = float(np.median(smooth[this])) - base
        if contrast >= _LEAST_CONTRAST_HU:
            dense = this & (smooth > base + _SHARE_OF_CONTRAST * contrast)
            dense = ndimage.binary_fill_holes(ndimage.binary_closing(dense)) & this
            if dense.sum() >= _LEAST_KEPT * this.sum():
                this = dense
        cleaned |= this
    return cleaned


def bit_of(labels: tuple[int, ...]) -> int:
    """The bit of a slice's blood: of its type if it has only one, else `UNTYPED_BIT`."""
    types = np.flatnonzero(labels[1:])
    return int(types[0]) if types.size == 1 else UNTYPED_BIT
