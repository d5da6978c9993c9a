"""What the pixels of a head CT tell about how it was scanned: bright vessels, noise, a head cut by the image's edge.

All but the last is measured in pictures at the model's own scale, so that figures of one scan can be held against
those of the scans the model was trained on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.inference.head import BONE_HU, Head
from ichviewer.inference.preprocess import Channel, PreprocessSettings

LOWEST_HU, HU_PER_GREY = -55.0, 2.0
PICTURE = PreprocessSettings(
    size_px=288,
    mm_per_px=0.7111111111,
    clip_hu=(LOWEST_HU, LOWEST_HU + 255 * HU_PER_GREY),
    channels=(Channel(0.0, 200.0, 255 * HU_PER_GREY),),
)
"""The model's grid, with a window that tells brain from vessels and vessels from bone."""

BRIGHT_HU = 100.0
"""Vessels without contrast medium and fresh clots stay below (40 to 60 and 50 to 90 HU), most arteries and sinuses
with it come above, even where a slice of 5 mm dilutes them."""
BRIGHT_SIGMAS = 5.0
"""In a noisy picture vessels must stand out from brain by so many standard deviations of the noise."""
DENSE_HU = 440.0
"""Compact bone and metal; contrast medium in a slab of 5 mm stays below."""

_BRAIN_HU = 35.0
_BONE_BLUR_PX = 5
"""Within so many pixels (3.6 mm) of compact bone a value is a mixture with it, or spongy bone."""
_VESSEL_INSET_MM, _SINUS_INSET_MM = 9.0, 6.0
"""How far inside the outer surface of the skull vessels and sinuses are looked for."""
_DEEP_INSET_MM = 20.0
"""Further inside than any vault of the skull is thick."""
_SINUS_HALF_WIDTH_MM = 9.0
_SINUS_START = 0.55
"""The sagittal sinus lies in the last part of the way from the middle to the back of the skull."""
_BLOCK_PX = 5
_NOISE_QUANTILE = 0.25
"""Of the blocks' standard deviations: the flattest tissue tells the noise, the others the anatomy."""
_MIN_BLOCKS = 100
_TISSUE_HU = (10.0, 60.0)

_AREA_MM2 = PICTURE.mm_per_px**2
_PX_MM = ((np.arange(PICTURE.size_px) - (PICTURE.size_px - 1) / 2) * PICTURE.mm_per_px).astype(np.float32)


@dataclass(frozen=True)
class PictureMeasures:
    """What a picture of one slice or slab shows.

    Parameters
    ----------
    vessel_mm2 : float
        Bright area inside the skull, off the bone.
    weaker_side_mm2 : float
        The part of it in the half, left or right, that has less.
    sinus_mm2 : float
        Bright area along the inner table at the back of the midline.
    bright_hu : float
        Median HU of all of these; NaN where there are none.
    bone_mm2 : float
        Compact bone deep inside the head: much of it at the skull base, none above.
    noise_hu : float
        Standard deviation of flat tissue at the model's scale; NaN where there is too little tissue to tell.
    """

    vessel_mm2: float
    weaker_side_mm2: float
    sinus_mm2: float
    bright_hu: float
    bone_mm2: float
    noise_hu: float


def measure_picture(
    grey: NDArray[np.float32], head: Head, offset_mm: tuple[float, float] = (0.0, 0.0)
) -> PictureMeasures:
    """Measure a picture made by `resample_head` with the settings `PICTURE`, or the mean of several.

    Parameters
    ----------
    grey : ndarray of float32, shape (288, 288)
    head : Head
        Its width and height are used.
    offset_mm : tuple of float
        Where its middle lies below and to the right of the picture's.
    """
    hu = grey * np.float32(HU_PER_GREY) + np.float32(LOWEST_HU)
    noise = _noise_hu(hu)
    low = BRIGHT_HU if math.isnan(noise) else max(BRIGHT_HU, _BRAIN_HU + BRIGHT_SIGMAS * noise)
    y, x = (_PX_MM - np.float32(offset) for offset in offset_mm)
    dense = hu >= DENSE_HU
    bright = (hu > low) & ~_grown(dense, _BONE_BLUR_PX)
    inner = _ellipse(y, x, head, _VESSEL_INSET_MM)
    vessels = bright & inner
    sides = vessels.sum(axis=0)
    left, right = float(sides[x < 0].sum()) * _AREA_MM2, float(sides[x >= 0].sum()) * _AREA_MM2
    behind = np.flatnonzero(y > _SINUS_START * head.height_mm / 2)
    middle = np.flatnonzero(np.abs(x) < _SINUS_HALF_WIDTH_MM)
    corner = np.ix_(behind, middle)
    sinus = bright[corner] & _ellipse(y[behind], x[middle], head, _SINUS_INSET_MM)
    values = np.concatenate([hu[vessels], hu[corner][sinus]])
    return PictureMeasures(
        vessel_mm2=left + right,
        weaker_side_mm2=min(left, right),
        sinus_mm2=float(sinus.sum()) * _AREA_MM2,
        bright_hu=float(np.median(values)) if values.size else math.nan,
        bone_mm2=float(np.count_nonzero(dense & _ellipse(y, x, head, _DEEP_INSET_MM))) * _AREA_MM2,
        noise_hu=noise,
    )


def bone_at_edge_mm(hu: NDArray[np.float32], spacing_mm: tuple[float, float]) -> float:
    """Length of bone along the edge of the image, or of the circle that was reconstructed.

    Parameters
    ----------
    hu : ndarray of float32, shape (rows, columns)
    spacing_mm : tuple of float
        Row and column spacing.

    Returns
    -------
    float
        0 where the skull lies inside the image; a skull that is cut has at least two cross sections at the edge.
    """
    sides = max(
        max(np.count_nonzero(line > BONE_HU) for line in (hu[0], hu[-1])) * spacing_mm[1],
        max(np.count_nonzero(line > BONE_HU) for line in (hu[:, 0], hu[:, -1])) * spacing_mm[0],
    )
    corners = {float(v) for v in (hu[0, 0], hu[0, -1], hu[-1, 0], hu[-1, -1])}
    if len(corners) > 1:  # noise of air: the corners were reconstructed
        return sides
    rows, columns = hu.shape
    radius_mm = min(rows * spacing_mm[0], columns * spacing_mm[1]) / 2 - 1.5 * max(spacing_mm)
    n = max(8, round(2 * math.pi * radius_mm / min(spacing_mm)))
    angle = np.arange(n) * (2 * math.pi / n)
    row = np.rint((rows - 1) / 2 + np.sin(angle) * (radius_mm / spacing_mm[0])).astype(np.intp)
    column = np.rint((columns - 1) / 2 + np.cos(angle) * (radius_mm / spacing_mm[1])).astype(np.intp)
    around = np.count_nonzero(hu[row, column] > BONE_HU) * (2 * math.pi * radius_mm / n)
    return max(sides, float(around))


def _ellipse(
    y: NDArray[np.float32], x: NDArray[np.float32], head: Head, inset_mm: float
) -> NDArray[np.bool_]:
    """Inside of the head's outline drawn in by some mm, shape (len(y), len(x))."""
    half_height, half_width = head.height_mm / 2 - inset_mm, head.width_mm / 2 - inset_mm
    inside: NDArray[np.bool_] = (y / half_height)[:, None] ** 2 + (x / half_width)[None, :] ** 2 < 1
    return inside


def _grown(mask: NDArray[np.bool_], px: int) -> NDArray[np.bool_]:
    """A mask with everything up to ``px`` pixels away along rows and columns."""
    grown = mask
    for axis in (0, 1):
        done, line = 0, np.moveaxis(grown, axis, 0).copy()
        # Doubling the reach takes fewer steps than going pixel by pixel.
        while done < px:
            step = min(done + 1, px - done)
            before = line.copy()
            line[step:] |= before[:-step]
            line[:-step] |= before[step:]
            done += step
        grown = np.moveaxis(line, 0, axis)
    return grown


def _noise_hu(hu: NDArray[np.float32]) -> float:
    """Standard deviation inside small blocks of tissue, taken where the tissue is flattest."""
    n = hu.shape[0] // _BLOCK_PX
    tiles = hu[: n * _BLOCK_PX, : n * _BLOCK_PX].reshape(n, _BLOCK_PX, n, _BLOCK_PX)
    blocks = tiles.transpose(0, 2, 1, 3).reshape(n * n, _BLOCK_PX**2)
    mean = blocks.mean(axis=1)
    tissue = blocks[(mean > _TISSUE_HU[0]) & (mean < _TISSUE_HU[1])]
    if len(tissue) < _MIN_BLOCKS:
        return math.nan
    return float(np.quantile(tissue.std(axis=1, ddof=1), _NOISE_QUANTILE))
