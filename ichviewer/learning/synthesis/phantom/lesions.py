"""Bleeds: their shapes, what they push aside, and their masks."""

from __future__ import annotations

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Field,
    Points,
    ellipsoid,
    plateau,
    ramp,
    rise,
    smooth_field,
)
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.parameters import (
    Contusion,
    Crescent,
    Injuries,
    Lens,
    SulcalBlood,
    VentricularLevel,
)

_DURA_MM = 0.6


class Bleeds:
    """The bleeds of one head.

    Parameters
    ----------
    seed : int
        Draws outlines and textures.
    injuries : Injuries
    """

    def __init__(self, seed: int, injuries: Injuries) -> None:
        self.injuries = injuries
        self._edge: Field = smooth_field(seed, "bleed outline", 2.8, 1.4)
        self._coarse: Field = smooth_field(seed, "bleed lobes", 9.0)
        self._clot: Field = smooth_field(seed, "clot", 2.4, 1.2)

    def crescent_mm(self, points: Points, place: Location, bleed: Crescent) -> Array:
        """Thickness of a subdural hematoma over each point's wall, mm."""
        around = place.azimuth_deg * np.float32(bleed.side)
        (front, back), (low, high) = bleed.azimuth_deg, bleed.s_mm
        spread = rise(around, front - 4, front + 34) * rise(around, back + 4, back - 40)
        spread = spread * rise(place.s_mm, low - 6, low + 22) * rise(place.s_mm, high + 4, high - 24)
        wave = np.float32(1) + np.float32(0.16) * self._coarse.at(points.x, points.y, points.z)
        result: Array = np.float32(bleed.thickness_mm) * np.sqrt(spread) * wave * rise(spread, 0.0, 0.12)
        return result

    @staticmethod
    def lens_mm(place: Location, bleed: Lens) -> Array:
        """Thickness of an epidural hematoma over each point's wall, mm."""
        around = (place.azimuth_deg * np.float32(bleed.side) - np.float32(bleed.azimuth_deg)) * (
            place.radius_mm * np.float32(np.pi / 180)
        )
        up = place.s_mm - np.float32(bleed.s_mm)
        cap = np.float32(1) - (around * around + np.float32(1.15) * up * up) * np.float32(1 / bleed.radius_mm**2)
        same_side = place.azimuth_deg * np.float32(bleed.side) > 0
        result: Array = np.float32(bleed.thickness_mm) * np.maximum(cap, np.float32(0)) * same_side
        return result

    def thickness_mm(self, points: Points, place: Location) -> tuple[Array, Array]:
        """Thickness of all subdural and of all epidural blood over each point's wall, mm."""
        subdural = np.zeros(points.shape, np.float32)
        for crescent in self.injuries.subdural:
            subdural = np.maximum(subdural, self.crescent_mm(points, place, crescent))
        epidural = np.zeros(points.shape, np.float32)
        for lens in self.injuries.epidural:
            epidural = np.maximum(epidural, self.lens_mm(place, lens))
        return subdural, epidural

    def displaced(self, points: Points, place: Location, thickness_mm: Array) -> Points:
        """Where the brain at each point lay before the bleeds pushed it.

        The wall's blood moves brain inward, less the deeper it lies; a hematoma with a shift moves everything
        around the midline to the other side; a contusion pushes outward from its center.
        """
        x, y, z = points.x.copy(), points.y.copy(), points.z.copy()
        if self.injuries.subdural or self.injuries.epidural:
            depth = np.maximum(place.inside_mm, np.float32(0))
            push = thickness_mm * rise(depth, 46.0, 2.0) / np.maximum(place.radius_mm, np.float32(20))
            above = np.maximum(points.z - np.float32(45), np.float32(0))
            x += points.x * push
            y += points.y * push
            z += above * push
        for crescent in self.injuries.subdural:
            bump = rise(np.abs(points.x), 66, 4) * plateau(points.y, -30, 40, 48) * plateau(points.z, 42, 76, 30)
            x += np.float32(crescent.side * crescent.shift_mm) * bump
        for contusion in self.injuries.intraparenchymal:
            u, v, w = (c - np.float32(o) for c, o in zip((points.x, points.y, points.z), contusion.center_mm, strict=True))
            r2 = (u * u + v * v + w * w) * np.float32(1 / (2.2 * max(contusion.radii_mm)) ** 2)
            pull = np.float32(0.22) * np.maximum(np.float32(1) - r2, np.float32(0))
            pull = pull * pull * np.float32(4)
            x -= u * pull
            y -= v * pull
            z -= w * pull
        return Points(x, y, z)

    def clot_hu(self, points: Points, hu: float, spread: float) -> Array:
        """HU inside a clot: never even."""
        result: Array = np.float32(hu) + np.float32(spread) * self._clot.at(points.x, points.y, points.z)
        return result

    def contusion_mm(self, points: Points, bleed: Contusion) -> Array:
        """Signed distance to a contusion's irregular outline, mm, positive inside."""
        shape = ellipsoid(points.x, points.y, points.z, bleed.center_mm, bleed.radii_mm)
        lobes = np.float32(3.2) * self._coarse.at(points.x, points.y, points.z)
        fringe = np.float32(1.8) * self._edge.at(points.x, points.y, points.z)
        result: Array = shape + lobes + fringe
        return result

    def region(self, points: Points, bleed: SulcalBlood) -> Array:
        """Share of a region whose sulci hold blood, patchy toward its edge."""
        shape = ellipsoid(points.x, points.y, points.z, bleed.center_mm, bleed.radii_mm)
        return rise(shape + np.float32(3.5) * self._coarse.at(points.x, points.y, points.z), -1.0, 4.0)

    @staticmethod
    def sediment(points: Points, bleed: VentricularLevel) -> Array:
        """Share of points behind the level of settled blood, on the bleed's side."""
        side = points.x * np.float32(bleed.side) > 0
        return ramp(points.y - np.float32(bleed.level_mm), 2.6) * side


def dura_mm() -> float:
    """Thickness of the dura that parts epidural from subdural blood."""
    return _DURA_MM
