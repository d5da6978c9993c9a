"""Tentorium, brainstem, cerebellum, and the cisterns at the base of the brain."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ichviewer.learning.synthesis.phantom.base import along_petrous, behind_petrous
from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    borrowing,
    ellipsoid,
    rise,
    smooth_field,
    tube,
    union,
)
from ichviewer.learning.synthesis.phantom.parameters import Anatomy

_ABOVE_MM = 64.0
"""Nothing of the hindbrain lies higher."""


@dataclass(frozen=True, eq=False)
class Hindbrain:
    """Signed distances in mm, positive inside; arrays of the points' shape.

    Parameters
    ----------
    below_tentorium : ndarray of float32
        Depth under the tentorium within the posterior fossa; negative above it and before the petrous ridges.
    edge : ndarray of float32
        Distance outside the tentorium's opening, in which the midbrain stands.
    stem, cistern, cerebellum : ndarray of float32
    folia : ndarray of float32
        Share of fluid between the leaves of the cerebellum, 0..1.
    """

    below_tentorium: Array
    edge: Array
    stem: Array
    cistern: Array
    cerebellum: Array
    folia: Array

    def at(self, indices: NDArray[np.intp]) -> Hindbrain:
        """Return some of the points, by flat index."""
        return Hindbrain(*(getattr(self, f.name)[indices] for f in fields(self)))


class HindbrainModel:
    """The hindbrain of one head."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._quick = borrowing()
        self._open = anatomy.atrophy
        self._wobble = smooth_field(anatomy.seed, "tentorium", 12.0)
        self._leaf = smooth_field(anatomy.seed, "folia", 5.0)

    def at(self, brain: Points, surface_mm: Array) -> Hindbrain:
        """Distances for a point's coordinates in an unshifted brain.

        ``surface_mm`` is the depth below the outer surface of the brain.
        """
        x, y, z = brain.x, brain.y, brain.z
        if self._quick and z.size and float(z.min()) > _ABOVE_MM:
            far = np.full(z.shape, -_ABOVE_MM, np.float32)
            return Hindbrain(far, -far, far, far, far, np.zeros_like(far))
        xa = np.abs(x)
        behind, along = behind_petrous(xa, y), along_petrous(xa, y)
        wobble = self._wobble.at(x, y, z)
        # A tent whose ridge slopes from the splenium down to the torcula, and whose sides reach the petrous ridges.
        ridge = 46 - 0.62 * np.maximum(y - 24, 0)
        eaves = 15 - 4 * rise(along, 30, 62) - 3 * rise(behind, 10, 45)
        slope = rise(xa, 60, -22)
        roof = eaves + (ridge - eaves) * slope * rise(xa, 66, 20) + 1.4 * wobble
        below = np.minimum((roof - z) * 0.78, behind + 1.5)
        u, v = xa * (1 / 16.5), (y - 8) * (1 / 23.0)
        edge = (np.sqrt(u * u + v * v) - 1) * 17

        stem = self._stem(xa, y, z)
        cistern = self._cistern(xa, y, z, stem)
        cerebellum = np.minimum(below, behind - 1.0)
        # Leaves lie around the hemispheres like the skins of an onion, in the vermis across the midline.
        leaf = self._leaf.at(x, y, z)
        level = surface_mm + 0.15 * z + 1.3 * leaf
        level = level + rise(xa, 9, 3) * (y * 0.8 - level)
        phase = level * (1 / 4.4)
        folia = np.abs(phase - np.floor(phase) - 0.5) * 2
        folia = np.clip(folia * 1.6 - 0.6, 0, 1) * (0.65 + 0.35 * np.clip(leaf, -1, 1))
        return Hindbrain(below, edge, stem, cistern, cerebellum, folia)

    @staticmethod
    def _stem(xa: Array, y: Array, z: Array) -> Array:
        midbrain = tube(xa, y, z, ((0, 13, 22, 10.5), (0, 12, 33, 10), (0, 9, 44, 11)), (1.0, 0.95, 1.0))
        peduncle = tube(xa, y, z, ((7.5, 5, 22, 7.0), (10.5, 1, 34, 6.0), (13, -1, 42, 6)))
        notch = ellipsoid(xa, y, z, (0, -5.5, 31), (5.0, 8, 11))
        midbrain = np.minimum(np.maximum(midbrain, peduncle), -notch)
        colliculi = tube(xa, y, z, ((4.5, 21, 28, 3.6), (4.5, 21, 37, 3.6)))
        pons = ellipsoid(xa, y, z, (0, 11, 11), (17.5, 11.5, 14))
        medulla = tube(
            xa, y, z, ((0, 16, 4, 9.0), (0, 22, -12, 7.0), (0, 28, -24, 6.2), (0, 30, -60, 6.0)), (1.15, 1, 1)
        )
        return union(midbrain, colliculi, pons, medulla)

    def _cistern(self, xa: Array, y: Array, z: Array, stem: Array) -> Array:
        """Suprasellar star, interpeduncular, ambient and quadrigeminal cisterns, prepontine, cisterna magna."""
        wide = 0.8 + 1.0 * self._open
        star = ellipsoid(xa, y, z, (0, -13, 26), (12, 9.5, 8.5))
        star = np.maximum(star, tube(xa, y, z, ((0, -18, 27, 3.2), (0, -29, 27, 2.0)), (1, 1, 1.6)))
        star = np.maximum(star, tube(xa, y, z, ((8, -5, 27, 3.4), (17, 3, 27, 2.2)), (1, 1, 1.8)))
        between = ellipsoid(xa, y, z, (0, -4, 29), (6, 8, 9))
        # A mantle of fluid around the midbrain and before the pons and the medulla.
        mantle = stem + 2.2 * wide
        around = np.minimum(mantle, np.minimum(z - 22, 34 + 0.25 * y - z))
        before = np.minimum(stem + 3.5 * wide, np.minimum(9 - y, 24 - z))
        low = np.minimum(stem + 3.0 * wide, (-4) - z)
        quadrigeminal = ellipsoid(xa, y, z, (0, 26, 37), (9, 4.2, 7))
        wing = tube(xa, y, z, ((5, 26, 37, 2.6), (15, 19, 36, 1.9), (18, 8, 33, 1.6)), (1, 1, 2.0))
        vela = ellipsoid(xa, y, z, (0, 27, 46), (4.5, 6, 4))
        magna = ellipsoid(xa, y, z, (0, 56, -15), (10, 13, 6))
        angle = tube(xa, y, z, ((14, 2, 4, 2.2), (22, 9, 4, 3.0), (27, 13, 5, 1.6)), (1, 1, 2.2))
        return union(star, between, around, before, low, quadrigeminal, wing, vela, magna, angle)
