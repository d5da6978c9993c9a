"""The face under and before the skull: orbits, paranasal sinuses, nasal cavity, cheek bones, jaw."""

from __future__ import annotations

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    ellipsoid,
    folded_field,
    paint,
    plateau,
    ramp,
    rise,
    smooth_field,
    soft_min,
    tube,
    union,
)
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.parameters import Anatomy

_FAT_HU, _MUSCLE_HU, _AIR_HU, _BONE_HU, _MUCOSA_HU = -95.0, 56.0, -990.0, 1150.0, 38.0


class Face:
    """The face of one head."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._cells = folded_field(anatomy.seed, "ethmoid cells", 2.6, 1.2, ((-30, -100, -20), (30, -10, 30)))
        self._wiggle = smooth_field(anatomy.seed, "sinus walls", 4.5)
        self._bend = smooth_field(anatomy.seed, "face asymmetry", 22.0)

    def paint(self, hu: Array, points: Points, place: Location, cavity: Array) -> Array:
        """Paint the face in place; ``cavity`` is the depth inside the brain's room, which is left alone.

        Returns
        -------
        ndarray of float32
            Share of bone, 0..1.
        """
        bend = self._bend.at(points.x, points.y, points.z)
        mirrored = Points(np.abs(points.x + 1.2 * bend), points.y + 0.8 * bend, points.z)
        outside = ramp(-cavity - 0.8, 1.0)
        bone = np.zeros(points.shape, np.float32)
        if float(points.z.min()) < 45:
            bone = np.maximum(bone, self._cheek(hu, mirrored, outside))
            bone = np.maximum(bone, self._sinuses(hu, points, mirrored, outside))
            self._orbit(hu, mirrored, outside, place)
        return bone

    def _cheek(self, hu: Array, mirrored: Points, outside: Array) -> Array:
        """Zygoma with its arch, lateral orbital wall, greater wing, jaw with condyle, pterygoid plates, spine."""
        xa, y, z = mirrored.x, mirrored.y, mirrored.z
        arch = tube(
            xa,
            y,
            z,
            (
                (44, -70, -10, 4.5),
                (55, -58, -9, 3.2),
                (64, -40, -7, 2.2),
                (66, -18, -5, 2.0),
                (62, 0, -2, 2.6),
            ),
            (1, 1, 1.7),
        )
        trigone = ellipsoid(xa, y, z, (31, -41, 12), (9.5, 6.5, 11))
        pillar = tube(xa, y, z, ((49, -64, -10, 3.6), (50, -62, 4, 3.0), (47, -66, 20, 4.0)))
        wing = np.minimum(
            1.5 - np.abs((xa - 31) * 0.80 + (y + 48) * 0.60 * (-1) - 12.5),
            np.minimum(
                np.minimum(xa - 20, 50 - xa),
                np.minimum(z + 14, 24 - z),
            ),
        )
        jaw = tube(
            xa,
            y,
            z,
            ((50, -4, -8, 5.0), (50, -5, -18, 3.4), (49, -12, -36, 4.0), (46, -18, -62, 5.0)),
            (0.8, 1.5, 1),
        )
        plates = tube(xa, y, z, ((11, -24, -10, 1.6), (13, -22, -40, 1.4)), (0.8, 3.0, 1))
        alveolar = tube(xa, y, z, ((3, -80, -50, 7), (18, -72, -50, 7), (28, -52, -50, 7)), (1, 1, 1.4))
        ring = np.minimum(
            4.2 - np.abs(np.sqrt(xa * xa + (y - 33) * (y - 33)) - 19),
            7 - np.abs(z + 34),
        )
        mass = ellipsoid(xa, y, z, (20, 26, -33), (9, 11, 9))
        dens = tube(xa, y, z, ((0, 14, -27, 5.0), (0, 15, -62, 8)))
        share = union(arch, pillar, trigone, wing, jaw, plates, alveolar, ring, mass, dens)
        bone = ramp(share, 1.0) * outside
        paint(hu, bone, 620 + 560 * ramp(1.7 - share, 1.5))
        cord_room = ramp(ellipsoid(xa, y, np.maximum(z, -40), (0, 31, -40), (11, 10, 30)), 1.0) * rise(
            z, -14, -20
        )
        paint(hu, cord_room, 8.0)
        paint(
            hu,
            ramp(ellipsoid(xa, y, np.maximum(z, -40), (0, 29.5, -40), (6.5, 5.2, 26)), 1.2)
            * rise(z, -14, -22),
            30.0,
        )
        return bone

    def _sinuses(self, hu: Array, points: Points, mirrored: Points, outside: Array) -> Array:
        """Paranasal sinuses and the nasal cavity; returns the share of their bony walls."""
        xa, y, z = mirrored.x, mirrored.y, mirrored.z
        wiggle = 1.4 * self._wiggle.at(points.x, points.y, points.z)
        cells = np.abs(self._cells.at(points.x, points.y, points.z * 0.15))
        septa = ramp(cells - 0.65, 0.7)
        maxillary = self._maxillary(xa, y, z) + wiggle
        bulge = 8.0 + 4.5 * plateau(y, -52, -38, 16)
        ethmoid = soft_min(bulge - xa, soft_min(y + 77, (-34) - y, 6), 5)
        ethmoid = soft_min(ethmoid, soft_min(z + 8, 16 - z, 3), 3) + wiggle
        sphenoid = ellipsoid(xa, y, z, (7.5, -24, 6), (9.5, 11.0, 8.5)) + 1.5 * wiggle
        sphenoid = np.minimum(
            sphenoid,
            np.abs(points.x + 2.5 + 0.25 * (y + 24)) - 0.6,
        )
        frontal = (
            ellipsoid(xa, y, z, (9.5, -82.5, 29), (12, 4.0, 11))
            + 1.5 * wiggle
            - 1.2 * rise(points.x, 0.5, -0.5)
        )
        nasal = self._nasal(xa, y, z) + wiggle
        pharynx = ellipsoid(xa, y, np.maximum(z, -60), (0, -8, -60), (15, 8, 46)) + wiggle
        solid = union(maxillary, ethmoid, sphenoid, frontal)
        wall = ramp(np.maximum(solid, nasal) + 0.8, 0.9) * outside
        paint(hu, wall, 800.0)
        for cavity in (maxillary, sphenoid):
            paint(hu, ramp(cavity, 0.9) * outside, _AIR_HU)
        # A little mucosa on the floor of one maxillary sinus, as in one of three people.
        floor = ramp(maxillary, 0.9) * rise(z, -35, -38) * (points.x > 0)
        paint(hu, floor * outside, 30.0)
        for cavity in (frontal, ethmoid):
            share = ramp(cavity, 0.9) * outside
            paint(hu, share, 800.0)
            paint(hu, share * septa, _AIR_HU)
        inside = ramp(nasal, 0.9) * outside
        paint(hu, inside, _AIR_HU)
        lean = 1.8 * rise(points.y, -48, -66)
        lower = tube(
            xa - lean * 0.4,
            y,
            z,
            ((10.5, -72, -29, 2.2), (9.5, -60, -29, 3.6), (9.5, -36, -28, 3.2)),
            (0.8, 1, 2.0),
        )
        middle = tube(
            xa, y, z, ((6.5, -66, -15, 1.4), (7.0, -54, -13, 2.2), (6.5, -34, -12, 1.8)), (0.8, 1, 2.6)
        )
        mucosa = np.maximum(np.maximum(lower, middle) + 0.6 * wiggle, 1.2 - nasal)
        paint(hu, ramp(mucosa, 0.8) * inside, _MUCOSA_HU)
        septum = 1.1 - np.abs(points.x - lean)
        paint(hu, ramp(septum, 0.8) * inside, 60 + 260 * rise(y, -70, -45))
        paint(hu, ramp(pharynx, 1.0) * outside, _AIR_HU)
        return wall * (1 - ramp(np.maximum(solid, nasal), 1.0))

    @staticmethod
    def _maxillary(xa: Array, y: Array, z: Array) -> Array:
        """A pyramid that lies on its side: base at the nose, tip in the cheek bone."""
        front = (16 - xa) * 0.423 + (y + 77) * 0.906
        back = (47 - xa) * 0.72 + ((-61) - y) * 0.69
        roof = ((-7) - z - 0.25 * (y + 60)) * 0.95
        d = soft_min(soft_min(front, back, 7), xa - 16, 6)
        return soft_min(d, soft_min(roof, z + 42, 5), 5)

    @staticmethod
    def _nasal(xa: Array, y: Array, z: Array) -> Array:
        """Nasal cavity: narrow above, pear-shaped below."""
        half = 4 + 10.5 * rise(z, 2, -24)
        front = y + 88 + 0.35 * (z + 10)
        d = soft_min(half - xa, soft_min(front, (-24) - y, 8), 6)
        return soft_min(d, soft_min(z + 40, 5 - z, 4), 4)

    def _orbit(self, hu: Array, mirrored: Points, outside: Array, place: Location) -> None:
        """Fat cone with globe, lens, optic nerve and the straight muscles."""
        xa, y, z = mirrored.x, mirrored.y, mirrored.z
        apex = np.array((13.0, -30.0, 8.0))
        rim = np.array((34.0, -80.0, 4.0))
        cone = tube(
            xa,
            y,
            z,
            ((13, -32, 8, 3), (21, -47, 7.0, 11), (29.5, -62, 5.0, 17.5), (33, -74, 4, 18), (34, -84, 3, 17)),
        )
        inside = ramp(cone, 1.0) * outside * ramp(place.skin_mm - 2.2, 1.0)
        paint(hu, ramp(cone + 1.6, 1.0) * outside * rise(y, -70, -64), 900.0)
        paint(hu, inside, _FAT_HU)
        for dx, dz in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)):
            path = []
            for t, radius, thick in (
                (0.02, 1.5, 1.4),
                (0.35, 8.0, 2.2),
                (0.62, 11.5, 2.0),
                (0.86, 12.0, 0.9),
            ):
                at = apex + t * (rim - apex)
                path.append((float(at[0] + dx * radius), float(at[1]), float(at[2] + dz * radius), thick))
            paint(
                hu, ramp(tube(xa, y, z, path, (1.0, 1.0, 1.6) if dx else (1.6, 1.0, 1.0)), 1.0) * inside, 48.0
            )
        paint(
            hu,
            ramp(tube(xa, y, z, ((13, -30, 8, 2.0), (23, -48, 5.5, 1.9), (31.5, -64, 4, 2.0))), 1.0) * inside,
            34.0,
        )
        globe = ellipsoid(xa, y, z, (33.5, -75, 4), (12.3, 12.3, 12.3))
        paint(hu, ramp(globe, 0.9) * outside, 52.0)
        paint(hu, ramp(globe - 1.3, 0.9) * outside, 9.0)
        paint(hu, ramp(ellipsoid(xa, y, z, (33.5, -83.6, 4), (4.6, 2.2, 4.6)), 0.8) * outside, 85.0)
        lid = plateau(place.skin_mm, -0.5, 1.6, 0.8) * ramp(22 - np.abs(z - 4), 6) * rise(y, -66, -74)
        paint(hu, lid * rise(np.abs(xa - 33.5), 17, 11), 40.0)
