"""What is brain and what is fluid inside the skull, and which of the fluid is ventricle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.skull import Skull

CSF_HU = 6.0
BONE_BLUR_MM = 1.2
"""So far from the inner table bone shines into a pixel."""
_BONE_SHINES_HU = 90.0
_GREY_ABOVE_BRAIN_HU = 3.0
_LEAST_ROOM_MM2 = 45.0


@dataclass(frozen=True, eq=False)
class Tissue:
    """Smoothed HU and what they say; arrays of shape (n, h, w)."""

    smooth_hu: Field  # without noise; bone has no part in it
    local_hu: Field  # mean within 7 mm, which fluid does not pull down much
    brain_hu: float  # median inside the skull
    noise_hu: float  # standard deviation
    fluid: Field  # share of CSF, 0 to 1
    ventricles: Mask  # what can be seen of them
    third: Mask  # where a ventricle is the third; this and the next are parts of the head
    fourth: Mask
    cavity: Mask  # dark for another reason than CSF between or in brain: infarcts and their like

    @property
    def grey_hu(self) -> Field:
        """Density of grey matter around each pixel."""
        return np.maximum(self.local_hu, np.float32(self.brain_hu + _GREY_ABOVE_BRAIN_HU))


def read_tissue(hu: Field, skull: Skull, before: Tissue | None = None) -> Tissue:
    """Read fluid and ventricles from HU (n, h, w) inside a skull.

    Where it has become darker than it was `before`, it is no fluid.
    """
    trusted = clear_of_bone(hu, skull.depth_mm)
    core = hu[trusted]
    brain_hu = float(np.median(core)) if core.size else 32.0
    smooth = _mean_of(hu, trusted, 1.1, brain_hu)
    solid = trusted & (smooth > brain_hu - 10)
    # Half the resolution is enough for a mean over 7 mm.
    small = _mean_of(hu[:, ::2, ::2], solid[:, ::2, ::2], 4.5, brain_hu)
    local = small.repeat(2, axis=1).repeat(2, axis=2)[:, : hu.shape[1], : hu.shape[2]]
    local = np.maximum(local, brain_hu - 4)
    rest = (hu - smooth)[solid]
    noise = float(np.median(np.abs(rest)) * 1.4826) if rest.size else 2.0
    top = local - 3.5
    fluid = np.clip((top - smooth) / np.maximum(top - CSF_HU, 5.0), 0, 1).astype(np.float32)
    fluid[~skull.inside] = 0
    if before is not None:
        cavity = before.smooth_hu - smooth > 3
        fluid[cavity] = 0
        rooms = (before.ventricles, before.third, before.fourth)
    else:
        cavity = np.zeros(hu.shape, bool)
        third, fourth = _lower_rooms(skull)
        rooms = (_ventricles(fluid, skull, third | fourth), third, fourth)
    return Tissue(smooth, local, brain_hu, noise, fluid, *rooms, cavity)


def clear_of_bone(hu: Field, depth_mm: Field) -> Mask:
    """Where no bone is in a pixel or shines into it, from HU and depth below the inner table of the same shape."""
    return (depth_mm > BONE_BLUR_MM) & (hu < _BONE_SHINES_HU)


def _mean_of(hu: Field, where: Mask, sigma_px: float, otherwise: float) -> Field:
    """Blur each slice with only some pixels having a part in it."""
    sigma, weight = (0, sigma_px, sigma_px), where.astype(np.float32)
    total = ndimage.gaussian_filter(weight, sigma, truncate=3.0)
    blurred = ndimage.gaussian_filter(hu * weight, sigma, truncate=3.0)
    return np.where(total > 0.02, blurred / np.maximum(total, 0.02), otherwise)


def _lower_rooms(skull: Skull) -> tuple[Mask, Mask]:
    """Where the third and the fourth ventricle are, each with a margin."""
    parts = skull.anatomy
    if parts is not None:
        return _wider(parts.third, skull), _wider(parts.fourth, skull)
    x, y, z, depth = np.abs(skull.x_mm), skull.y3, skull.z3, skull.depth_mm
    # Higher up what lies further in front are the frontal horns.
    third = (x < 5) & (y > np.where(z < 72, -10, -22)) & (y < 14) & (z > 62) & (z < 86) & (depth > 34)
    fourth = (x < 11) & (y > 5) & (y < 44) & (z > 90) & (z < 120) & (depth > 18)
    return third, fourth


def _ventricles(fluid: Field, skull: Skull, lower: Mask) -> Mask:
    parts = skull.anatomy
    if parts is not None:
        return (fluid > 0.4) & (lower | _wider(parts.lateral, skull)) & ~parts.cisterns & ~parts.sulci
    x, y, z, depth = np.abs(skull.x_mm), skull.y3, skull.z3, skull.depth_mm
    # Behind the third ventricle, and in front of it, are cisterns.
    lateral = (x < 36) & (np.abs(y) < 58) & (depth > 22) & (z > 38) & (z < 84)
    lateral &= x > np.where(z < 66, 0, 9 + 0.8 * (z - 66))
    marks, _ = ndimage.label((fluid > 0.4) & (lateral | lower), np.ones((3, 3, 3), bool))
    large = np.bincount(marks.ravel()) * skull.step_mm[1] ** 2 > _LEAST_ROOM_MM2
    large[0] = False
    return np.asarray(large[marks], bool)


def _wider(room: Mask, skull: Skull) -> Mask:
    """A room with what lies within 4 mm in the plane, for it may have been widened."""
    rounds = max(1, round(4.0 / skull.step_mm[1]))
    return np.asarray(ndimage.binary_dilation(room, np.ones((1, 3, 3), bool), iterations=rounds), bool)
