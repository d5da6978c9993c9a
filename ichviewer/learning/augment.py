"""Cheap variations of a picture and its mask, as patients, scanners and people who set them differ.

First comes what differs between scanners before a window is applied (calibration), then window, pose, field of view,
sharpness, shading and noise. Pictures are 8-bit grey through the window of each channel until the last step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ichviewer.inference.preprocess import Channel
from ichviewer.learning.config import AugmentConfig

cv2.setNumThreads(1)  # batches are made in threads of their own

_BLUR_SHARE = 0.2
_SHARPEN_SHARE = 0.2
_NOISE_SHARE = 0.6
_NARROWEST_CUT, _WIDEST_CUT = 0.02, 0.1
"""So much of a picture is lost with a border, as a share of its size: scalp and skull, hardly brain."""
_DARKEST, _BRIGHTEST = 2, 253
"""What is darker or brighter is saturated: air or bone, of which a window shows nothing."""
_LEAST_BLUR_PX = 0.05
"""A blur must have some width."""
_TOGETHER = 4
"""OpenCV fills up to four channels around a picture."""
NOISE_WIDTH_HU = 120.0
"""Noise is told in grey levels of a window so wide."""


def grey_tables(
    channels: Sequence[Channel],
    clip_hu: tuple[float, float],
    config: AugmentConfig,
    rng: np.random.Generator,
) -> list[NDArray[np.uint8]]:
    """Grey levels of all HU of a range through each channel's window, calibration and window varied.

    The calibration is the same for all channels, as they come from one scanner.

    Parameters
    ----------
    channels : sequence of Channel
    clip_hu : tuple of float
        The range.
    config : AugmentConfig
        How far to go.
    rng : numpy Generator

    Returns
    -------
    list of ndarray of uint8
        A table for each channel, its first value for the lowest HU; see `window`.
    """
    hu = np.arange(round(clip_hu[0]), round(clip_hu[1]) + 1, dtype=np.float32)
    gain = np.float32(1 + rng.uniform(-1, 1) * config.gain)
    hu = hu * gain + np.float32(rng.uniform(-1, 1) * config.offset_hu)
    contrast = np.float32(1 + rng.uniform(-1, 1) * config.contrast)
    brightness = np.float32(rng.uniform(-1, 1) * config.brightness_grey)
    tables = []
    for channel in channels:
        grey = channel.grey(hu)
        varied = np.rint((grey.astype(np.float32) - 128) * contrast + 128 + brightness)
        varied = np.clip(varied, _DARKEST, _BRIGHTEST).astype(np.uint8)
        # What is saturated stays so.
        tables.append(np.where((grey < _DARKEST) | (grey > _BRIGHTEST), grey, varied))
    return tables


def window(hu: NDArray[np.int16], table: NDArray[np.uint8], low_hu: int) -> NDArray[np.uint8]:
    """HU through a table that begins at `low_hu`; same shape."""
    return np.take(table, hu - np.int16(low_hu), mode="clip")


def augment(
    greys: Sequence[NDArray[np.uint8]],
    mask: NDArray[np.uint8] | None,
    size_px: int,
    config: AugmentConfig,
    rng: np.random.Generator,
    *,
    channels: Sequence[Channel],
    slices: Sequence[int],
) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None]:
    """One random variation of an input.

    Parameters
    ----------
    greys : sequence of ndarray of uint8, each of shape (n, n)
        The channels of an input; their first pixel is taken for air.
    mask : ndarray of uint8, shape (n, n), or None
        Bits of what is where in the slice itself; goes through the same change of pose.
    size_px : int
        Rows and columns of the result; the whole picture is scaled to it.
    config : AugmentConfig
        How far to go.
    rng : numpy Generator
        Source of chance.
    channels : sequence of Channel
        Their windows: shading and noise are of so many HU, which are few grey levels in a wide window.
    slices : sequence of int
        Which slice each channel shows; those of one slice share its noise.

    Returns
    -------
    x : ndarray of float32, shape (size_px, size_px, channels)
        Grey levels 0..255.
    mask : ndarray of uint8, shape (size_px, size_px), or None
    """
    air = [int(grey[0, 0]) for grey in greys]
    if rng.random() < config.cut_border:
        greys = _without_border(greys, mask, air, rng)
    pose = _affine(greys[0].shape[0], size_px, config, rng)
    moved = _moved(greys, air, pose, size_px)
    if mask is not None and mask.any():
        mask = _warped(mask, pose, size_px, cv2.INTER_NEAREST, 0)
    elif mask is not None:
        mask = np.zeros((size_px, size_px), np.uint8)
    sharpness = _sharpness(config, rng)
    if sharpness is not None:
        moved = [sharpness.of(picture) for picture in moved]
    grey = np.concatenate([picture.reshape(size_px, size_px, -1) for picture in moved], axis=-1)
    added = _shading(size_px) * np.float32(rng.uniform(-1, 1) * config.shading_hu)
    spread_hu = rng.uniform(0, 1) * config.noise_grey * NOISE_WIDTH_HU / 255
    noisy = rng.random() < _NOISE_SHARE
    grainy = rng.random() < 0.5
    changes = {
        place: added + _noise(size_px, np.float32(spread_hu), rng, grainy=grainy) if noisy else added
        for place in dict.fromkeys(slices)
    }
    x = np.stack(
        [
            changes[place] * np.float32(255 / channel.width_hu)
            for channel, place in zip(channels, slices, strict=True)
        ],
        axis=-1,
    )
    # What is saturated stays so: bone is white and air is black in every window that makes them so.
    x *= (grey >= _DARKEST) & (grey <= _BRIGHTEST)
    x += grey
    np.clip(x, 0, 255, out=x)
    return x, mask


def resize(grey: NDArray[np.uint8], size_px: int) -> NDArray[np.float32]:
    """An input of any number of channels, shape (n, n, channels), scaled to another size, not varied; float32."""
    if grey.shape[0] == size_px:
        return grey.astype(np.float32)
    scaled = [
        np.asarray(Image.fromarray(channel).resize((size_px, size_px), Image.Resampling.BILINEAR))
        for channel in np.ascontiguousarray(np.moveaxis(grey, -1, 0))
    ]
    return np.stack(scaled, axis=-1).astype(np.float32)


@dataclass(frozen=True)
class _Sharpness:
    """How much smoother or sharper a picture becomes.

    Parameters
    ----------
    radius_px : float
        Standard deviation of the blur.
    strength : float
        -1 for the blurred picture; above 0, so many times what the blur takes away is added.
    """

    radius_px: float
    strength: float

    def of(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        blurred = cv2.GaussianBlur(picture, (0, 0), self.radius_px, borderType=cv2.BORDER_REPLICATE)
        result: Any = cv2.addWeighted(picture, 1 + self.strength, blurred, -self.strength, 0)
        return np.asarray(result, np.uint8)


def _sharpness(config: AugmentConfig, rng: np.random.Generator) -> _Sharpness | None:
    """What makes a picture smoother or sharper, as the kernels of scanners differ; None for most."""
    chance = rng.random()
    if chance < _BLUR_SHARE:
        return _Sharpness(max(rng.uniform(0.2, 1.0) * config.blur_px, _LEAST_BLUR_PX), -1.0)
    if chance < _BLUR_SHARE + _SHARPEN_SHARE:
        strength = rng.uniform(0.2, 1.0) * config.sharpen
        return _Sharpness(rng.uniform(0.8, 1.6), strength)
    return None


def _moved(
    greys: Sequence[NDArray[np.uint8]], air: Sequence[int], pose: NDArray[np.float64], size_px: int
) -> list[NDArray[np.uint8]]:
    """All channels in the new pose, up to four in a picture; around them is their air."""
    moved = []
    for first in range(0, len(greys), _TOGETHER):
        some = slice(first, first + _TOGETHER)
        picture = cv2.merge(greys[some])
        moved.append(_warped(np.asarray(picture), pose, size_px, cv2.INTER_LINEAR, *air[some]))
    return moved


def _warped(
    picture: NDArray[Any], pose: NDArray[np.float64], size_px: int, interpolation: int, *outside: int
) -> NDArray[np.uint8]:
    result = cv2.warpAffine(
        picture,
        pose,
        (size_px, size_px),
        flags=interpolation | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=outside,
    )
    return np.asarray(result, np.uint8)


def _without_border(
    greys: Sequence[NDArray[np.uint8]],
    mask: NDArray[np.uint8] | None,
    air: Sequence[int],
    rng: np.random.Generator,
) -> Sequence[NDArray[np.uint8]]:
    """The pictures with air along one side, as where the head does not lie in the field of view.

    A border in which there is something marked stays, since the labels say that it is in the picture.
    """
    size = greys[0].shape[0]
    depth = round(size * rng.uniform(_NARROWEST_CUT, _WIDEST_CUT))
    side = int(rng.integers(4))
    lost = slice(0, depth) if side % 2 == 0 else slice(size - depth, size)
    border = (lost, slice(None)) if side < 2 else (slice(None), lost)
    if mask is not None and mask[border].any():
        return greys
    cut = [grey.copy() for grey in greys]
    for grey, fill in zip(cut, air, strict=True):
        grey[border] = fill
    return cut


@lru_cache(maxsize=8)
def _shading(size_px: int) -> NDArray[np.float32]:
    """A bowl from -0.5 in the middle of the picture to 0.5 at the middle of its sides: cupping of 1 HU."""
    across = np.linspace(-1, 1, size_px, dtype=np.float32) ** 2
    bowl: NDArray[np.float32] = np.minimum(across[:, None] + across, 1) - np.float32(0.5)
    bowl.setflags(write=False)
    return bowl


def _noise(
    size_px: int, spread: np.float32, rng: np.random.Generator, *, grainy: bool
) -> NDArray[np.float32]:
    """Noise of a scan: fine, or grainy as of a smooth kernel.

    It is a part of one large table, a different one each time: to draw every pixel anew would take a fifth of the
    time of a sample.
    """
    row, column = rng.integers(0, size_px + 1, 2)
    noise: NDArray[np.float32] = _noise_table(size_px, grainy=grainy)[
        row : row + size_px, column : column + size_px
    ]
    return noise * spread


@lru_cache(maxsize=8)
def _noise_table(size_px: int, *, grainy: bool) -> NDArray[np.float32]:
    """Noise of standard deviation 1 over twice the rows and columns of a picture; always the same."""
    noise = np.random.default_rng(size_px).standard_normal((2 * size_px, 2 * size_px), dtype=np.float32)
    if grainy:
        # A mean of four neighbors halves the spread.
        noise = noise + np.roll(noise, 1, 0)
        noise = (noise + np.roll(noise, 1, 1)) * np.float32(0.5)
    noise.setflags(write=False)
    return noise


def _affine(
    size_in: int, size_out: int, config: AugmentConfig, rng: np.random.Generator
) -> NDArray[np.float64]:
    """What takes the middle of a pixel of the result to a place in the source, (x, y) from (column, row, 1)."""
    turn = np.deg2rad(rng.uniform(-1, 1) * config.rotation_deg)
    scale = size_in / size_out * np.exp(rng.uniform(-1, 1) * np.log1p(config.scale))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    stretch = np.exp(rng.uniform(-1, 1) * np.log1p(config.stretch) / 2)
    shear = rng.uniform(-1, 1) * config.shear
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    rotation = np.array([[cos, -sin], [sin, cos]])
    matrix = rotation @ np.array([[stretch * mirror, shear], [0.0, 1 / stretch]])
    # Middles of pixels lie at whole numbers, so that the middle of a picture lies half a pixel before its half.
    middle_in, middle_out = (size_in - 1) / 2, (size_out - 1) / 2
    shift = middle_in + rng.uniform(-1, 1, 2) * config.shift_px - matrix @ [middle_out, middle_out]
    return np.column_stack([matrix, shift])
