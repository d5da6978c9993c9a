"""Soft tissue outside the skull: skin, fat, temporal and neck muscles, nose, ears, and swelling."""

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
    tube,
)
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Fracture

_SKIN_HU, _FAT_HU, _MUSCLE_HU = 30.0, -98.0, 58.0


class SoftTissue:
    """The soft tissue of one head, without what lies inside the skull."""

    def __init__(self, anatomy: Anatomy, fractures: tuple[Fracture, ...]) -> None:
        self._fractures = fractures
        self._seams, _ = folded_field(anatomy.seed, "muscle seams", 3.6, 1.8)
        self._texture = smooth_field(anatomy.seed, "soft texture", 1.6, 1.2)
        self._wrinkle = smooth_field(anatomy.seed, "skin wrinkle", 9.0)

    def surface(self, points: Points, place: Location) -> Array:
        """Depth below the skin with nose, ears and swellings, mm."""
        skin = place.skin_mm + np.float32(0.8) * self._wrinkle.at(points.x, points.y, points.z)
        for fracture in self._fractures:
            around = (place.azimuth_deg * np.float32(fracture.side) - np.float32(fracture.azimuth_deg)) * (
                place.radius_mm * np.float32(np.pi / 180)
            )
            up = place.s_mm - np.float32(fracture.s_mm)
            hill = np.maximum(np.float32(1) - (around * around + up * up) * np.float32(1 / 38.0**2), np.float32(0))
            skin = skin + np.float32(fracture.swelling_mm) * hill * (np.float32(2) - hill)
        if float(points.z.min()) < 20:
            xa = np.abs(points.x)
            nose = tube(points.x, points.y, points.z, ((0, -90, 12, 6), (0, -99, -4, 8.0), (0, -108, -20, 10), (0, -100, -27, 9)))
            wings = tube(xa, points.y, points.z, ((6, -102, -23, 7), (11, -97, -24, 6)))
            skin = np.maximum(skin, np.maximum(nose, wings))
        if float(points.z.min()) < 36 and float(points.z.max()) > -40:
            skin = np.maximum(skin, self._ear(points))
        return skin

    def _ear(self, points: Points) -> Array:
        """Auricle: a curled sheet that stands off the head."""
        xa, y, z = np.abs(points.x), points.y, points.z
        helix = tube(xa, y, z, ((76, 12, 14, 2.2), (80, 18, 26, 2.4), (85, 30, 24, 2.6), (88, 36, 8, 2.4), (84, 30, -10, 2.6), (77, 16, -22, 4.0)))
        bowl = tube(xa, y, z, ((76, 18, 16, 1.6), (80, 25, 12, 1.6), (82, 28, 0, 1.6), (78, 20, -12, 1.8)), (1, 1, 2.2))
        link = tube(xa, y, z, ((74, 14, -2, 2.0), (82, 26, 2, 1.5), (86, 33, 6, 1.6)), (1, 1, 4.0))
        return np.maximum(np.maximum(helix, bowl), link)

    def paint(self, hu: Array, points: Points, place: Location, skin: Array) -> None:
        """Paint everything from the skin inward, in place; bone and brain are painted over it later."""
        texture = self._texture.at(points.x, points.y, points.z)
        head = ramp(skin, 0.9)
        below = rise(points.z, 16, 2)
        paint(hu, head, np.float32(_FAT_HU) + np.float32(7) * texture)
        deep = skin - np.float32(4.0) - np.float32(2.0) * rise(np.abs(place.azimuth_deg), 120, 160) * below
        # Below the base: muscles in their sheaths, with fat between them.
        seams = np.abs(self._seams.at(points.x, points.y, points.z * np.float32(0.45)))
        bellies = ramp(seams - np.float32(0.75), 0.9) * ramp(deep - np.float32(1.5), 1.2) * below
        front = rise(points.y, -30, -50)
        bellies *= np.float32(1) - np.float32(0.75) * front
        paint(hu, bellies, np.float32(_MUSCLE_HU) + np.float32(4) * texture)
        # Temporal muscle on the squama, the thin sheet of galea and muscles elsewhere.
        around = np.abs(place.azimuth_deg)
        outer = -place.inside_mm - place.bone_mm
        fan = plateau(around, 48, 98, 14) * rise(place.s_mm, 64, 38)
        temporal = np.minimum(np.float32(7.5) * fan - outer, deep + np.float32(1.0))
        paint(hu, ramp(temporal, 0.9) * rise(fan, 0.1, 0.3), np.float32(_MUSCLE_HU) + np.float32(4) * texture)
        galea = plateau(outer, 0.6, 1.5, 0.6) * (np.float32(0.45) + np.float32(0.3) * rise(around, 130, 160))
        paint(hu, galea * head * (np.float32(1) - below), 25.0)
        paint(hu, plateau(skin, 0.0, 1.5, 0.5), _SKIN_HU)
        for fracture in self._fractures:
            away = (place.azimuth_deg * np.float32(fracture.side) - np.float32(fracture.azimuth_deg)) * (
                place.radius_mm * np.float32(np.pi / 180)
            )
            up = place.s_mm - np.float32(fracture.s_mm)
            near = rise(away * away + up * up, 36.0**2, 20.0**2)
            swollen = near * ramp(np.minimum(skin - np.float32(2.5), outer), 1.5)
            paint(hu, swollen * np.float32(0.85), np.float32(48) + np.float32(9) * texture)


