"""Soft tissue outside the skull: skin, fat, temporal and neck muscles, nose, ears, and swelling."""

from __future__ import annotations

from copy import copy

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    ellipsoid,
    paint,
    plateau,
    ramp,
    rise,
    smooth_field,
    soft_min,
    tube,
)
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Fracture

_SKIN_HU, _FAT_HU, _MUSCLE_HU = 30.0, -98.0, 58.0


# Axes of paired muscles below the skull base: |x|, y at z = 0, half widths along x and y, lean of x with z. In front
# masseter, temporal and pterygoid muscles; then the longus and the styloid group; behind the layers of the neck.
_BELLIES = (
    (60.0, -30.0, 5.0, 14.0, 0.05),
    (50.0, -24.0, 4.5, 12.0, 0.10),
    (36.0, -20.0, 8.0, 9.0, 0.12),
    (24.0, -22.0, 5.0, 9.0, 0.05),
    (8.0, 4.0, 6.0, 4.5, 0.0),
    (34.0, 6.0, 5.0, 6.0, 0.05),
    (52.0, 16.0, 6.0, 7.0, 0.1),
    (61.0, 38.0, 5.0, 11.0, 0.12),
    (48.0, 46.0, 7.0, 6.5, 0.1),
    (36.0, 52.0, 8.0, 5.0, 0.05),
    (14.0, 50.0, 9.0, 4.5, 0.0),
    (13.0, 60.0, 9.0, 5.0, 0.0),
    (34.0, 63.0, 10.0, 4.5, 0.0),
    (15.0, 71.0, 12.0, 4.0, 0.0),
    (40.0, 73.0, 12.0, 3.5, 0.0),
)


class SoftTissue:
    """The soft tissue of one head, without what lies inside the skull."""

    def __init__(self, anatomy: Anatomy, fractures: tuple[Fracture, ...]) -> None:
        self._fractures = fractures
        self._drift = [smooth_field(anatomy.seed, f"muscle drift {axis}", 7.0) for axis in "xy"]
        self._texture = smooth_field(anatomy.seed, "soft texture", 1.6, 1.2)
        self._wrinkle = smooth_field(anatomy.seed, "skin wrinkle", 9.0)

    def swollen(self, fractures: tuple[Fracture, ...]) -> SoftTissue:
        """Return the same soft tissue, swollen over other fractures."""
        other = copy(self)
        other._fractures = fractures
        return other

    def surface(self, points: Points, place: Location) -> Array:
        """Depth below the skin with nose, ears and swellings, mm."""
        skin = place.skin_mm + 0.8 * self._wrinkle.at(points.x, points.y, points.z)
        for fracture in self._fractures:
            around = (place.azimuth_deg * fracture.side - fracture.azimuth_deg) * (
                place.radius_mm * (np.pi / 180)
            )
            up = place.s_mm - fracture.s_mm
            hill = np.maximum(1 - (around * around + up * up) * (1 / 38.0**2), 0)
            skin = skin + fracture.swelling_mm * hill * (2 - hill)
        if float(points.z.min()) < 20:
            skin = np.maximum(skin, self._nose(points))
        if float(points.z.min()) < 36 and float(points.z.max()) > -40:
            skin = np.maximum(skin, self._ear(points))
        return skin

    @staticmethod
    def _nose(points: Points) -> Array:
        """Depth below the skin of the nose: a wedge that stands out farthest just over its base."""
        xa, y, z = np.abs(points.x), points.y, points.z
        tip = (-94) - 17 * rise(z, 12, -20) + 14 * rise(z, -24, -33)
        half = 7 + 5 * rise(z, 4, -22) + 0.55 * (y - tip)
        wedge = soft_min((np.minimum(half, 19) - xa) * 0.88, y - tip, 9)
        wedge = np.minimum(wedge, (-74) - y)
        return soft_min(wedge, np.minimum(16 - z, z + 36), 4)

    def _ear(self, points: Points) -> Array:
        """Auricle: a curled sheet that stands off the head."""
        xa, y, z = np.abs(points.x), points.y, points.z
        helix = tube(
            xa,
            y,
            z,
            (
                (76, 12, 14, 2.2),
                (80, 18, 26, 2.4),
                (85, 30, 24, 2.6),
                (88, 36, 8, 2.4),
                (84, 30, -10, 2.6),
                (77, 16, -22, 4.0),
            ),
        )
        bowl = tube(
            xa,
            y,
            z,
            ((76, 18, 16, 1.6), (80, 25, 12, 1.6), (82, 28, 0, 1.6), (78, 20, -12, 1.8)),
            (1, 1, 2.2),
        )
        link = tube(xa, y, z, ((74, 14, -2, 2.0), (82, 26, 2, 1.5), (86, 33, 6, 1.6)), (1, 1, 4.0))
        return np.maximum(np.maximum(helix, bowl), link)

    def _muscles(self, hu: Array, points: Points, deep: Array, below: Array, texture: Array) -> None:
        """Bellies around their axes, parted by fat where two of them meet."""
        x = points.x + 2.0 * self._drift[0].at(points.x, points.y, points.z)
        y = points.y + 2.0 * self._drift[1].at(points.x, points.y, points.z)
        xa = np.abs(x)
        first = np.full(points.shape, 1e4, np.float32)
        second = first.copy()
        for ax, ay, wide, deep_mm, slope in _BELLIES:
            u = (xa - ax - slope * points.z) * (1 / wide)
            v = (y - ay) * (1 / deep_mm)
            d = np.sqrt(u * u + v * v)
            closer = d < first
            second = np.where(closer, first, np.minimum(second, d))
            first = np.where(closer, d, first)
        seam = (second - first) * 4.2 - 0.75
        inside = np.minimum(seam, (1.55 - first) * 6)
        share = ramp(np.minimum(inside, deep - 1.5), 1.1) * below
        streaks = 1 - 0.10 * np.clip(texture - 0.8, 0, 1)
        paint(hu, share * streaks, _MUSCLE_HU + 4 * texture)

    def paint(self, hu: Array, points: Points, place: Location, skin: Array) -> None:
        """Paint everything from the skin inward, in place; bone and brain are painted over it later."""
        texture = self._texture.at(points.x, points.y, points.z)
        head = ramp(skin, 0.9)
        below = rise(points.z, 16, 2)
        paint(hu, head, _FAT_HU + 7 * texture)
        deep = skin - 4.0 - 2.0 * rise(np.abs(place.azimuth_deg), 120, 160) * below
        # Below the base: muscles in their sheaths, with fat between them.
        if float(points.z.min()) < 16:
            self._muscles(hu, points, deep, below, texture)
        # Temporal muscle on the squama, the thin sheet of galea and muscles elsewhere.
        around = np.abs(place.azimuth_deg)
        outer = -place.inside_mm - place.bone_mm
        fan = plateau(around, 48, 98, 14) * rise(place.s_mm, 64, 38)
        temporal = np.minimum(6.2 * fan - np.abs(outer), deep + 1.0)
        fossa = ellipsoid(np.abs(points.x), points.y, points.z, (51, -47, 2), (14, 19, 27))
        paint(hu, ramp(np.minimum(fossa, deep), 1.5), _MUSCLE_HU + 4 * texture)
        paint(hu, ramp(temporal, 0.9) * rise(fan, 0.1, 0.3), _MUSCLE_HU + 4 * texture)
        galea = plateau(outer, 0.6, 1.5, 0.6) * (0.45 + 0.3 * rise(around, 130, 160))
        paint(hu, galea * head * (1 - below), 25.0)
        paint(hu, plateau(skin, 0.0, 1.5, 0.5), _SKIN_HU)
        for fracture in self._fractures:
            away = (place.azimuth_deg * fracture.side - fracture.azimuth_deg) * (
                place.radius_mm * (np.pi / 180)
            )
            up = place.s_mm - fracture.s_mm
            near = rise(away * away + up * up, 36.0**2, 20.0**2)
            swollen = near * ramp(np.minimum(skin - 2.5, outer), 1.5)
            paint(hu, swollen * (0.72 + 0.12 * texture), 46.0)
