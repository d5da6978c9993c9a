"""The folded surface of the hemispheres: sulci, the sylvian fissure, the fissure between the hemispheres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    folded_field,
    rise,
    smooth_field,
    tube,
)
from ichviewer.learning.synthesis.phantom.parameters import Anatomy

_HEMISPHERE_MM = (28.0, 0.0, 52.0)
_SHELL_MM = 46.0


@dataclass(frozen=True, eq=False)
class Folds:
    """Distances from the fluid in folds, mm, negative in it; arrays of the points' shape.

    Parameters
    ----------
    sulci, sylvian, midline : ndarray of float32
    """

    sulci: Array
    sylvian: Array
    midline: Array


class Cortex:
    """The folds of one head."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._open = anatomy.atrophy
        self._fold, self._phase = folded_field(anatomy.seed, "sulci", 3.7, 1.5)
        self._deep = smooth_field(anatomy.seed, "sulcal depth", 9.0)
        self._wobble = smooth_field(anatomy.seed, "fissure wobble", 6.0)

    def folds(self, brain: Points, surface_mm: Array) -> Folds:
        """Distances from the fluid in folds.

        Parameters
        ----------
        brain : Points
            Coordinates in the unshifted brain.
        surface_mm : ndarray of float32
            Depth below the outer surface of the brain.
        """
        x, y, z = brain.x, brain.y, brain.z
        xa = np.abs(x)
        wobble = self._wobble.at(x, y, z)
        midline = self._midline(xa, y, z, wobble)
        sylvian = self._sylvian(xa, y, z, wobble)
        depth = np.minimum(surface_mm, midline)
        return Folds(self._sulci(x, y, z, depth), sylvian, midline)

    def _sulci(self, x: Array, y: Array, z: Array, depth: Array) -> Array:
        """Sheets that hang inward from the surface, where a folded field changes its sign.

        The field is sampled on a shell around the hemisphere's middle with little change along the radius, so that
        its zero surfaces stand upright on the cortex.
        """
        side = np.where(x < 0, np.float32(-_HEMISPHERE_MM[0]), np.float32(_HEMISPHERE_MM[0]))
        u, v, w = x - side, (y - np.float32(_HEMISPHERE_MM[1])) * np.float32(0.72), z - np.float32(_HEMISPHERE_MM[2])
        radius = np.sqrt(u * u + v * v + w * w) + np.float32(1e-3)
        scale = np.float32(0.3) + np.float32(0.7 * _SHELL_MM) / np.maximum(radius, np.float32(14))
        fold = self._fold.at(side + u * scale, y * scale * np.float32(0.92), np.float32(_HEMISPHERE_MM[2]) + w * scale)
        distance = np.abs(fold) / scale
        deep = self._deep.at(x, y, z)
        reach = np.float32(11.5) + np.float32(5.5) * deep + np.float32(2) * np.float32(self._open)
        taper = np.clip(np.float32(1) - depth / np.maximum(reach, np.float32(1)), np.float32(0), np.float32(1))
        half = (np.float32(0.25 + 1.35 * self._open) + np.float32(0.22) * deep) * (
            np.float32(0.35) + np.float32(0.65) * taper
        )
        return np.maximum(distance - half, depth - reach)

    def _midline(self, xa: Array, y: Array, z: Array, wobble: Array) -> Array:
        """Distance from the fissure between the hemispheres; it ends on the corpus callosum."""
        v, w = (y + np.float32(2)) * np.float32(1 / 37.0), (z - np.float32(45)) * np.float32(1 / 26.0)
        radius = np.sqrt(v * v + w * w)
        outside = (radius - np.float32(1)) * np.float32(30)
        half = np.float32(0.9 + 1.1 * self._open) + np.float32(0.35) * wobble
        front = rise(y, -20, -60)
        half = half * (np.float32(0.75) + np.float32(0.45) * front)
        return np.maximum(xa - half, -outside)

    def _sylvian(self, xa: Array, y: Array, z: Array, wobble: Array) -> Array:
        """Distance from the sylvian fissure: its stem, the sheet over the insula, and the way out to the surface."""
        gap = np.float32(0.55 + 2.0 * self._open)
        bend = np.float32(1.7) * wobble
        u = (y + np.float32(5)) * np.float32(1 / 21.0)
        sheet = np.abs(xa - np.float32(39.5) + np.float32(3.2) * u * u + bend) - gap
        lower = np.maximum(np.float32(27) - z, z - np.float32(56) - np.float32(0.15) * y)
        insula = np.maximum(np.maximum(sheet, lower), np.maximum(np.float32(-25) - y, y - np.float32(17)))
        rise_line = np.abs((z - np.float32(31)) - np.float32(0.60) * (y + np.float32(20)) + np.float32(1.6) * bend)
        way_out = rise_line * np.float32(0.86) - gap * np.float32(0.95)
        way_out = np.maximum(np.maximum(way_out, np.float32(38) - xa - bend), np.maximum(np.float32(-25) - y, y - np.float32(31)))
        stem = -tube(xa, y, z, ((11, -14, 27, 2.2), (24, -18, 28, 1.6), (38, -23, 31, 2.0)), (1.0, 0.9, 1.3)) + np.float32(
            0.9 - 2.0 * self._open
        )
        return np.minimum(np.minimum(insula, way_out), stem)

    def sidedness(self, brain: Points) -> Array:
        """A smooth random value a place, SD 1, for slow changes of the tissue."""
        return self._deep.at(brain.y, brain.x, brain.z)


