"""Cheap variations of a picture and its mask: pose, grey window, noise, blur."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ichviewer.learning.config import AugmentConfig

_BLUR_SHARE = 0.2
_SHARPEN_SHARE = 0.2
_NOISE_SHARE = 0.6


def augment(
    grey: NDArray[np.uint8],
    mask: NDArray[np.uint8] | None,
    size_px: int,
    config: AugmentConfig,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None]:
    """One random variation of an input.

    Parameters
    ----------
    grey : ndarray of uint8, shape (n, n, 3)
        An input of the network.
    mask : ndarray of uint8, shape (n, n), or None
        Bits of what is where in its middle slice; goes through the same change of pose.
    size_px : int
        Rows and columns of the result; the whole picture is scaled to it.
    config : AugmentConfig
        How far to go.
    rng : numpy Generator
        Source of chance.

    Returns
    -------
    x : ndarray of float32, shape (size_px, size_px, 3)
        Grey levels 0..255.
    mask : ndarray of uint8, shape (size_px, size_px), or None
    """
    if rng.random() < config.single_slice:
        grey = np.repeat(grey[..., 1:2], 3, axis=-1)
    elif rng.random() < 0.5:
        grey = grey[..., ::-1]  # head first or feet first
    coefficients = _affine(grey.shape[0], size_px, config, rng)
    shape = (size_px, size_px)
    picture = Image.fromarray(np.ascontiguousarray(grey)).transform(
        shape, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR
    )
    if mask is not None:
        moved = Image.fromarray(mask).transform(
            shape, Image.Transform.AFFINE, coefficients, Image.Resampling.NEAREST
        )
        mask = np.asarray(moved)
    chance = rng.random()
    if chance < _BLUR_SHARE:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.0) * config.blur_px))
    elif chance < _BLUR_SHARE + _SHARPEN_SHARE:
        percent = round(rng.uniform(0.2, 1.0) * config.sharpen * 100)
        picture = picture.filter(ImageFilter.UnsharpMask(rng.uniform(0.8, 1.6), percent, 0))
    x = np.asarray(picture, np.float32)
    contrast = np.float32(1 + rng.uniform(-1, 1) * config.contrast)
    brightness = np.float32(rng.uniform(-1, 1) * config.brightness_grey)
    # What is saturated stays so: bone is white and air is black in every window of this kind.
    saturated_low, saturated_high = x < 2, x > 253
    x = (x - 128) * contrast + 128 + brightness
    if rng.random() < _NOISE_SHARE:
        x = x + _noise(x.shape, np.float32(rng.uniform(0, 1) * config.noise_grey), rng)
    x = np.clip(x, 0, 255)
    x[saturated_low] = 0
    x[saturated_high] = 255
    return x, mask


def resize(grey: NDArray[np.uint8], size_px: int) -> NDArray[np.float32]:
    """An input scaled to another size, not varied; float32."""
    if grey.shape[0] == size_px:
        return grey.astype(np.float32)
    return np.asarray(Image.fromarray(grey).resize((size_px, size_px), Image.Resampling.BILINEAR), np.float32)


def _noise(shape: tuple[int, ...], spread: np.float32, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise of a scan: fine, or grainy as of a smooth kernel."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    if rng.random() < 0.5:
        # A mean of four neighbors halves the spread.
        noise = noise + np.roll(noise, 1, 0)
        noise = noise + np.roll(noise, 1, 1)
        spread = np.float32(spread / 2)
    return noise * spread


def _affine(
    size_in: int, size_out: int, config: AugmentConfig, rng: np.random.Generator
) -> tuple[float, float, float, float, float, float]:
    """Coefficients that take a place in the result to one in the source, as Pillow wants them."""
    turn = np.deg2rad(rng.uniform(-1, 1) * config.rotation_deg)
    scale = size_in / size_out * np.exp(rng.uniform(-1, 1) * np.log1p(config.scale))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    a, b = np.cos(turn) * scale * mirror, -np.sin(turn) * scale
    d, e = np.sin(turn) * scale * mirror, np.cos(turn) * scale
    shift = rng.uniform(-1, 1, 2) * config.shift_px
    middle_in, middle_out = size_in / 2, size_out / 2
    c = middle_in + shift[0] - a * middle_out - b * middle_out
    f = middle_in + shift[1] - d * middle_out - e * middle_out
    return float(a), float(b), float(c), float(d), float(e), float(f)
