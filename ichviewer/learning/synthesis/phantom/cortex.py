"""The folded surface of the hemispheres: sulci, the sylvian fissure, the fissure between the hemispheres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    ellipsoid,
    folded_field,
    meet,
    rise,
    smooth_field,
    tube,
    union,
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
        self._fold = folded_field(anatomy.seed, "sulci", 4.5, 1.5)
        self._minor = folded_field(anatomy.seed, "minor sulci", 3.3, 1.4)
        self._gape = smooth_field(anatomy.seed, "sulcal width", 7.0)
        self._deep = smooth_field(anatomy.seed, "sulcal depth", 9.0)
        self._wobble = smooth_field(anatomy.seed, "fissure wobble", 6.0)
        self._short = smooth_field(anatomy.seed, "short folds", 2.8, 1.4)

    def folds(self, brain: Points, surface_mm: Array, tight: Array | None = None) -> Folds:
        """Distances from the fluid in folds.

        Parameters
        ----------
        brain : Points
            Coordinates in the unshifted brain.
        surface_mm : ndarray of float32
            Depth below the outer surface of the brain.
        tight : ndarray of float32 or None
            How much swelling or pressure narrows the folds, 0..1.
        """
        x, y, z = brain.x, brain.y, brain.z
        xa = np.abs(x)
        wobble = self._wobble.at(x, y, z)
        midline = self._midline(xa, y, z, wobble)
        sylvian = self._sylvian(xa, y, z, wobble, self._short.at(x, y, z))
        depth = np.minimum(surface_mm, midline + 4)
        sulci = self._sulci(brain, surface_mm, depth)
        if tight is not None:
            # A fold of which less is left than a pixel shows does not show at all.
            closing = (0.5 + 1.3 * self._open) * tight
            sulci, sylvian = sulci + closing, sylvian + 1.2 * closing
        return Folds(sulci, sylvian, midline)

    def _sulci(self, brain: Points, surface: Array, depth: Array) -> Array:
        """Sheets that hang inward from the surface, where a folded field changes its sign.

        The field is sampled on a shell around the hemisphere's middle with little change along the radius, so that
        its zero surfaces stand upright on the cortex.
        """
        x, y, z = brain.x, brain.y, brain.z
        side = np.copysign(_HEMISPHERE_MM[0], x)
        u, v, w = (
            x - side,
            (y - _HEMISPHERE_MM[1]) * 0.8,
            z - _HEMISPHERE_MM[2],
        )
        radius = np.sqrt(u * u + v * v + w * w) + (1e-3)
        scale = 0.3 + (0.7 * _SHELL_MM) / np.maximum(radius, 33)
        # Stretched across and down, so that most sulci run as the central one does.
        fold = self._fold.at(
            side + u * scale * 0.62,
            y * scale,
            _HEMISPHERE_MM[2] + w * scale * 0.8,
        )
        distance = np.abs(fold) / scale
        deep = self._deep.at(x, y, z)
        reach = 11.5 + 5.0 * deep + 2 * self._open
        # Toward the vertex they are deeper and wider.
        high = rise(z, 58, 78) * rise(z, 102, 90)
        reach = np.minimum(reach + 3 * high, 21)
        # No sulcus reaches the ventricles and the deep nuclei.
        core = ellipsoid(np.abs(x), y, z, (19, 3, 47), (25, 44, 21))
        core = np.maximum(core, ellipsoid(np.abs(x), y, z, (0, -2, 46), (26, 41, 31)))
        taper = np.clip(1 - depth / np.maximum(reach, 1), 0, 1)
        gape = np.clip(1 + 0.75 * self._gape.at(x, y, z), (-0.5), 2.4)
        half = (0.3 + 1.45 * self._open) * gape * (0.35 + 0.65 * taper) * (1 + 0.3 * high)
        # On the wall toward the falx they are narrow.
        half = half * (1 - 0.5 * rise(surface - depth, 2, 14))
        main = np.maximum(distance - half, depth - reach)
        # Shorter, shallower ones between them.
        low = 6.5 + 3.5 * self._gape.at(y, x, z)
        minor = (
            np.abs(self._minor.at(side + u * scale * 0.75, y * scale, _HEMISPHERE_MM[2] + w * scale)) / scale
        )
        minor = np.maximum(minor - 0.62 * half, surface - low)
        return union(np.minimum(main, minor), core)

    def _midline(self, xa: Array, y: Array, z: Array, wobble: Array) -> Array:
        """Distance from the fissure between the hemispheres; it ends on the corpus callosum."""
        v, w = (y + 2) * (1 / 37.0), (z - 45) * (1 / 26.0)
        radius = np.sqrt(v * v + w * w)
        outside = (radius - 1) * 30
        half: Array = (0.8 + 1.0 * self._open) + 0.4 * wobble
        front = rise(y, -20, -60)
        half = half * (0.75 + 0.45 * front)
        return union(xa - half, -outside)

    def _sylvian(self, xa: Array, y: Array, z: Array, wobble: Array, short: Array) -> Array:
        """Distance from the sylvian fissure: its stem, the sheet over the insula, and the way out to the surface."""
        bend = 2.1 * wobble + 0.9 * short
        gap = (0.5 + 1.7 * self._open) * (1 + 0.35 * wobble)
        u = (y + 5) * (1 / 21.0)
        sheet = np.abs(xa - 39.5 + 4.5 * u * u + bend) - gap
        lower = np.maximum(27 - z, z - 56 - 0.15 * y)
        insula = np.maximum(np.maximum(sheet, lower), np.maximum((-25) - y, y - 17))
        rise_line = np.abs((z - 31) - 0.60 * (y + 20) + 1.6 * bend)
        way_out = rise_line * 0.86 - gap * 0.95
        way_out = np.maximum(
            np.maximum(way_out, 38 - xa - bend),
            np.maximum((-25) - y, y - 31),
        )
        stem = -tube(
            xa, y, z, ((11, -14, 27, 2.2), (24, -18, 28, 1.6), (38, -23, 31, 2.0)), (1.0, 0.9, 1.3)
        ) + (0.9 - 2.0 * self._open)
        return meet(insula, way_out, stem)
