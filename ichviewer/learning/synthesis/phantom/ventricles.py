"""The ventricles as signed distances, for a point's coordinates in an unshifted brain."""

from __future__ import annotations

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import Array, ellipsoid, meet, tube, union
from ichviewer.learning.synthesis.phantom.parameters import Anatomy


class Ventricles:
    """The ventricles of one head; positive inside, mm."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._wide = (0.72 + 0.75 * anatomy.atrophy) * anatomy.ventricles

    def lateral(self, xa: Array, y: Array, z: Array) -> Array:
        """Frontal horn, body, atrium, occipital and temporal horn of either side."""
        k = self._wide
        # The caudate head bulges into the frontal horn from the side: the horn is a tall, slanting slit.
        horn = tube(
            xa,
            y,
            z,
            (
                (17.5, -37, 48, 2.6 * k),
                (13.5, -31, 50, 4.0 * k),
                (9.5, -21, 53, 4.3 * k),
                (6.5, -9, 56, 3.6 * k),
            ),
            (1.0, 1.0, 2.2),
        )
        body = tube(
            xa,
            y,
            z,
            ((8.0, -12, 60, 5.0 * k), (10.5, 2, 63, 5.2 * k), (15, 18, 63, 5.6 * k), (20, 29, 59, 6.0 * k)),
            (1.15, 1, 1.0),
        )
        atrium = tube(
            xa, y, z, ((20, 27, 60, 5.6 * k), (26, 35, 51, 6.8 * k), (30, 30, 43, 4.4 * k)), (0.9, 1, 1.15)
        )
        occipital = tube(
            xa,
            y,
            z,
            ((26, 36, 50, 6.0 * k), (26.5, 47, 47, 4.8 * k), (23.5, 61, 45, 2.4 * k)),
            (0.95, 1, 1.3),
        )
        temporal = tube(
            xa,
            y,
            z,
            ((29, 31, 43, 3.4 * k), (34, 18, 33, 1.7 * k), (32, 4, 25, 1.5 * k), (28, -6, 22, 1.3 * k)),
            (1.6, 1, 0.8),
        )
        return union(horn, body, atrium, occipital, temporal)

    def third(self, xa: Array, y: Array, z: Array) -> Array:
        """Third ventricle with the foramina of Monro."""
        k = self._wide
        slit = tube(
            xa,
            y,
            z,
            ((0, -9, 31, 1.7 * k), (0, -8, 40, 1.9 * k), (0, 4, 44, 2.3 * k), (0, 13, 40, 1.8 * k)),
            (1.0, 1.0, 2.6),
        )
        slit = np.maximum(
            slit,
            tube(xa, y, z, ((0, -8, 40, 1.8 * k), (0, 6, 36, 1.8 * k), (0, 14, 40, 1.5 * k)), (1, 1, 2.0)),
        )
        monro = tube(xa, y, z, ((0, -9, 46, 1.4 * k), (4.5, -10, 52, 1.6 * k)))
        return union(slit, monro)

    def fourth(self, xa: Array, y: Array, z: Array) -> Array:
        """Fourth ventricle and aqueduct: a horseshoe open to the front."""
        k = 0.85 + 0.25 * self._wide
        roof = tube(
            xa,
            y,
            z,
            (
                (0, 27, -10, 2.2 * k),
                (0, 28, 0, 3.9 * k),
                (0, 27.0, 8, 4.3 * k),
                (0, 22, 17, 2.4 * k),
                (0, 19.5, 30, 0.9),
            ),
            (1.9, 1.0, 1.0),
        )
        recess = tube(xa, y, z, ((4, 27.5, 4, 3.0 * k), (12, 32, 2, 1.8 * k)))
        return union(roof, recess)

    @staticmethod
    def septum(xa: Array, y: Array, z: Array) -> Array:
        """Share-ready signed distance to the septum pellucidum between the frontal horns."""
        sheet = 0.7 - xa
        return meet(sheet, ellipsoid(xa, y, z, (0, -18, 54), (6, 20, 9)))

    @staticmethod
    def plexus(xa: Array, y: Array, z: Array) -> Array:
        """Choroid plexus in body and atrium."""
        return tube(xa, y, z, ((7, -2, 60, 1.0), (15, 18, 59, 1.4), (24, 32, 52, 2.7), (28.5, 30, 44, 1.4)))
