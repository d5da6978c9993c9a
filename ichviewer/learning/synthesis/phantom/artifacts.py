"""What a scanner adds to a slice that is not in the head: beam hardening, streaks, noise, motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.phantom.fields import Array, unit_spread


@dataclass(frozen=True)
class Metal:
    """A piece of metal as the source of streaks.

    Parameters
    ----------
    seed : int
        Draws the streaks.
    at_mm : tuple of float
        x, y, z in the scanner.
    strength_hu : float
        Height of the streaks two centimetres away.
    reach_mm : float
        How far above and below its slice they show.
    """

    seed: int
    at_mm: tuple[float, float, float]
    strength_hu: float
    reach_mm: float = 1.5

    def streaks(self, x: Array, y: Array) -> Array:
        """HU to add at scanner coordinates in its slice: bright and dark rays that fade outward."""
        u, v = x - np.float32(self.at_mm[0]), y - np.float32(self.at_mm[1])
        rays = np.random.default_rng([self.seed, 5]).standard_normal(360)
        rays = ndimage.gaussian_filter1d(rays, 1.6, mode="wrap")
        # A ray is seen to both sides of the metal.
        rays = rays + 0.6 * np.roll(rays, 180)
        rays = (rays / rays.std()).astype(np.float32)
        angle = (np.arctan2(v, u) * np.float32(180 / np.pi)) % np.float32(360)
        low = angle.astype(np.int32) % 360
        part = angle - np.floor(angle)
        value = rays[low] * (1 - part) + rays[(low + 1) % 360] * part
        r2 = u * u + v * v
        result: Array = (self.strength_hu * value * 22 / np.sqrt(r2 + 100)).astype(np.float32)
        return result


@dataclass(frozen=True)
class Motion:
    """A head that moved while a slice was taken.

    Parameters
    ----------
    index : int
        Which slice.
    shift_mm : tuple of float
        Along columns (right) and rows (down).
    turn_deg : float
    share : float
        How much of the slice was taken after the movement, 0..1.
    """

    index: int
    shift_mm: tuple[float, float]
    turn_deg: float
    share: float

    def blurred(self, hu: Array, px: float) -> Array:
        """The slice with the moved one over it."""
        cos, sin = np.cos(np.deg2rad(self.turn_deg)), np.sin(np.deg2rad(self.turn_deg))
        matrix = np.array([[cos, -sin], [sin, cos]])
        middle = (np.array(hu.shape) - 1) / 2
        offset = middle - matrix @ middle - np.array(self.shift_mm[::-1]) / px
        moved = ndimage.affine_transform(hu, matrix, offset, order=1, mode="nearest")
        result: Array = hu + np.float32(self.share) * (moved - hu)
        return result


def hardening(hu: Array, bone: Array, px: float) -> Array:
    """HU that beam hardening adds: brightening next to bone, and the dark band between the petrous bones."""
    # The far glow changes so slowly that a quarter of the pixels tell it.
    coarse = bone[::4, ::4]
    wide = ndimage.zoom(ndimage.gaussian_filter(coarse, 4.0 / px, mode="constant"), 4, order=1)
    wide = wide[: bone.shape[0], : bone.shape[1]]
    near = ndimage.gaussian_filter(bone, 4.0 / px, mode="constant", truncate=2.5)
    left = np.cumsum(bone, axis=1, dtype=np.float64) * px
    thick = np.maximum(np.minimum(left, left[:, -1:] - left) - 16.0, 0.0)
    band = ndimage.gaussian_filter(thick.astype(np.float32), 2.5 / px, mode="nearest")
    result: Array = np.where(hu > -300, 5.0 * near + 6.0 * wide - np.minimum(0.75 * band, 16), 0)
    return result.astype(np.float32)


def noise(bone: Array, seed: tuple[int, int], *, grain_mm: float, streaks: float, px: float) -> Array:
    """Noise of SD 1: correlated grain, and streaks along rows with much bone."""
    rng = np.random.default_rng([*seed, 77])
    sigma = grain_mm / px
    grain = rng.standard_normal(bone.shape, dtype=np.float32)
    if sigma > 0.25:
        grain = ndimage.gaussian_filter(grain, sigma, mode="wrap")
    grain = unit_spread(grain - 0.7 * ndimage.gaussian_filter(grain, 2.4 * max(sigma, 0.5), mode="wrap"))
    streak = rng.standard_normal(bone.shape, dtype=np.float32)
    streak = unit_spread(ndimage.gaussian_filter(streak, (0.5 / px, 11.0 / px), mode="wrap", truncate=2))
    path = ndimage.gaussian_filter1d(bone.sum(axis=1) * px, 2.0 / px)
    load = np.clip((path - 22) * (1 / 40), 0, 1)[:, None].astype(np.float32)
    result: Array = grain + (1.3 * streaks) * load * streak
    return result.astype(np.float32)
