"""Bleeds: their shapes, what they push aside, and their masks."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import Hemorrhage
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
    Cap,
    Contusion,
    Crescent,
    Injuries,
    Lens,
    SulcalBlood,
    VentricularLevel,
)


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

    @property
    def textures(self) -> tuple[Field, Field, Field]:
        """Random fields of outlines, of lobes, and of clots."""
        return self._edge, self._coarse, self._clot

    def of(self, injuries: Injuries) -> Bleeds:
        """Return other bleeds that share outlines and textures."""
        other = copy(self)
        other.injuries = injuries
        return other

    def crescent_mm(self, points: Points, place: Location, bleed: Crescent) -> Array:
        """Thickness of a subdural hematoma over each point's wall, mm."""
        around = place.azimuth_deg * bleed.side
        (front, back), (low, high) = bleed.azimuth_deg, bleed.s_mm
        spread = rise(around, front - 4, front + 34) * rise(around, back + 4, back - 40)
        spread = spread * rise(place.s_mm, low - 6, low + 22) * rise(place.s_mm, high + 4, high - 24)
        wave = 1 + 0.16 * self._coarse.at(points.x, points.y, points.z)
        result: Array = bleed.thickness_mm * np.sqrt(spread) * wave * rise(spread, 0.0, 0.12)
        return result

    @staticmethod
    def lens_mm(place: Location, bleed: Lens) -> Array:
        """Thickness of an epidural hematoma over each point's wall, mm."""
        around = (place.azimuth_deg * bleed.side - bleed.azimuth_deg) * (place.radius_mm * (np.pi / 180))
        up = place.s_mm - bleed.s_mm
        cap = 1 - (around * around + 1.15 * up * up) * (1 / bleed.radius_mm**2)
        same_side = place.azimuth_deg * bleed.side > 0
        result: Array = bleed.thickness_mm * np.maximum(cap, 0) * same_side
        return result

    def cap_mm(self, points: Points, bleed: Cap) -> Array:
        """Thickness of an epidural hematoma anywhere over each point's wall, mm."""
        normal = np.asarray(bleed.center_mm) - (0.0, 0.0, min(bleed.center_mm[2], 45.0))
        normal = normal / np.sqrt((normal * normal).sum())
        u, v, w = (
            c - np.float32(o) for c, o in zip((points.x, points.y, points.z), bleed.center_mm, strict=True)
        )
        along = u * np.float32(normal[0]) + v * np.float32(normal[1]) + w * np.float32(normal[2])
        # Only this side of the head, and a dome flatter at its top than a ball.
        flat2 = u * u + v * v + w * w * (1 / bleed.stretch**2) - along * along
        wave = 1 + 0.18 * self._coarse.at(points.x, points.y, points.z)
        cap = np.clip(1 - flat2 * wave * (1 / bleed.radius_mm**2), 0, 1) * rise(along, -60.0, -45.0)
        if bleed.suture is not None:
            a, b, c, d = bleed.suture
            cap = cap * rise(
                points.x * a + points.y * b + points.z * c - d, -1.0, 3.0 + 0.6 * bleed.thickness_mm
            )
        result: Array = bleed.thickness_mm * cap**0.8
        return result

    def epidural_mm(self, points: Points, place: Location, bleed: Lens | Cap) -> Array:
        """Thickness of an epidural hematoma over each point's wall, mm."""
        return self.cap_mm(points, bleed) if isinstance(bleed, Cap) else self.lens_mm(place, bleed)

    def thickness_mm(self, points: Points, place: Location) -> tuple[Array, Array]:
        """Thickness of all subdural and of all epidural fluid over each point's wall, mm."""
        subdural = np.zeros(points.shape, np.float32)
        for crescent in (*self.injuries.subdural, *self.injuries.hygromas):
            subdural = np.maximum(subdural, self.crescent_mm(points, place, crescent))
        epidural = np.zeros(points.shape, np.float32)
        for lens in self.injuries.epidural:
            epidural = np.maximum(epidural, self.epidural_mm(points, place, lens))
        return subdural, epidural

    def tightness(self, points: Points, subdural_mm: Array, epidural_mm: Array) -> Array | None:
        """How much sulci and fissures are narrowed by the mass of the bleeds, 0..1; None for not at all."""
        injuries = self.injuries
        if injuries.effaced <= 0:
            return None
        tight = np.zeros(points.shape, np.float32)
        for crescent in injuries.subdural:
            side = rise(points.x * crescent.side, -6.0, 14.0) * min(1.0, crescent.thickness_mm / 9)
            tight = np.maximum(tight, side * plateau(points.z, 15, 100, 20))
        for blood in injuries.further:
            center, radii = getattr(blood, "center_mm", None), getattr(blood, "radii_mm", None)
            if blood.kind is Hemorrhage.INTRAPARENCHYMAL and center is not None and radii is not None:
                u, v, w = (
                    c - np.float32(o) for c, o in zip((points.x, points.y, points.z), center, strict=True)
                )
                size = max(radii)
                tight = np.maximum(
                    tight,
                    min(1.0, size / 18) * rise(np.sqrt(u * u + v * v + w * w), 2.6 * size + 12, 1.1 * size),
                )
        tight = np.maximum(tight, np.minimum(epidural_mm * (1 / 9), 1))
        result: Array = injuries.effaced * np.maximum(tight, np.minimum(subdural_mm * (1 / 9), 1))
        return result

    def reach(self, points: Points, place: Location) -> NDArray[np.bool_] | None:
        """Where the blood or what it displaces may be, as truth values; None for anywhere."""
        injuries = self.injuries
        if (
            injuries.subdural
            or injuries.intraparenchymal
            or injuries.subarachnoid
            or injuries.intraventricular
        ):
            return None
        near = np.zeros(points.shape, bool)
        for lens in injuries.epidural:
            near |= self.epidural_mm(points, place, lens) > 0
        for blood in injuries.further:
            near |= blood.reach(points)
            if injuries.effaced > 0 and blood.kind is Hemorrhage.INTRAPARENCHYMAL:
                center, radii = getattr(blood, "center_mm", (0, 0, 0)), getattr(blood, "radii_mm", (0,))
                u, v, w = (
                    c - np.float32(o) for c, o in zip((points.x, points.y, points.z), center, strict=True)
                )
                near |= u * u + v * v + w * w < (2.6 * max(radii) + 12) ** 2
        return near

    def displaced(self, points: Points, place: Location, thickness_mm: Array) -> Points:
        """Where the brain at each point lay before the bleeds pushed it.

        The wall's blood moves brain inward, less the deeper it lies; a hematoma with a shift moves everything
        around the midline to the other side; a contusion pushes outward from its center.
        """
        x, y, z = points.x.copy(), points.y.copy(), points.z.copy()
        if self.injuries.subdural or self.injuries.epidural:
            depth = np.maximum(place.inside_mm, 0)
            push = thickness_mm * rise(depth, 46.0, 2.0) / np.maximum(place.radius_mm, 20)
            above = np.maximum(points.z - 45, 0)
            x += points.x * push
            y += points.y * push
            z += above * push
        for crescent in self.injuries.subdural:
            bump = (
                rise(np.abs(points.x), 66, 4) * plateau(points.y, -30, 40, 48) * plateau(points.z, 42, 76, 30)
            )
            x += (crescent.side * crescent.shift_mm) * bump
        for blood in self.injuries.further:
            pushed = blood.pushed(points)
            if pushed is not None:
                x += pushed[0]
                y += pushed[1]
                z += pushed[2]
        for contusion in self.injuries.intraparenchymal:
            u, v, w = (
                c - o for c, o in zip((points.x, points.y, points.z), contusion.center_mm, strict=True)
            )
            r2 = (u * u + v * v + w * w) * (1 / (2.2 * max(contusion.radii_mm)) ** 2)
            pull = 0.22 * np.maximum(1 - r2, 0)
            pull = pull * pull * 4
            x -= u * pull
            y -= v * pull
            z -= w * pull
        return Points(x, y, z)

    def clot_hu(self, points: Points, hu: float, spread: float) -> Array:
        """HU inside a clot: never even."""
        result: Array = hu + spread * self._clot.at(points.x, points.y, points.z)
        return result

    def lobes(self, points: Points) -> Array:
        """Mean 0, SD 1, over about 9 mm."""
        return self._coarse.at(points.x, points.y, points.z)

    def crescent_hu(self, points: Points, bleed: Crescent) -> Array:
        """HU in a subdural hematoma, with what has settled in it and what has not clotted."""
        value = self.clot_hu(points, bleed.hu, bleed.mottle_hu)
        if bleed.swirl_hu:
            value = value - bleed.swirl_hu * rise(self._coarse.at(points.x, points.y, points.z), 0.1, 0.8)
        if bleed.level_mm is not None:
            value = value + bleed.settled_hu * rise(points.y, bleed.level_mm - 2, bleed.level_mm + 2)
        return value

    def contusion_mm(self, points: Points, bleed: Contusion) -> Array:
        """Signed distance to a contusion's irregular outline, mm, positive inside."""
        shape = ellipsoid(points.x, points.y, points.z, bleed.center_mm, bleed.radii_mm)
        lobes = 3.2 * self._coarse.at(points.x, points.y, points.z)
        fringe = 1.8 * self._edge.at(points.x, points.y, points.z)
        result: Array = shape + lobes + fringe
        return result

    def region(self, points: Points, bleed: SulcalBlood) -> Array:
        """Share of a region whose sulci hold blood, patchy toward its edge."""
        shape = ellipsoid(points.x, points.y, points.z, bleed.center_mm, bleed.radii_mm)
        return rise(shape + 3.5 * self._coarse.at(points.x, points.y, points.z), -1.0, 4.0)

    @staticmethod
    def sediment(points: Points, bleed: VentricularLevel) -> Array:
        """Share of points behind the level of settled blood, on the bleed's side."""
        side = points.x * bleed.side > 0
        return ramp(points.y - bleed.level_mm, 2.6) * side
