"""Bone: the vault with its tables, diploe and sutures, and the bone of the base."""

from __future__ import annotations

from copy import copy

import numpy as np

from ichviewer.learning.synthesis.phantom.base import BaseDepth, SkullBase
from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    paint,
    plateau,
    ramp,
    rise,
    smooth_field,
)
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Fracture

TABLE_HU = 1450.0
_DIPLOE_HU = 620.0
_SPONGE_HU = 420.0
_SUTURE_HU = 150.0


class Skull:
    """The bone of one head."""

    def __init__(self, anatomy: Anatomy, base: SkullBase, fractures: tuple[Fracture, ...]) -> None:
        self._base = base
        self._fractures = fractures
        self._wander = smooth_field(anatomy.seed, "suture wander", 5.0)
        self._teeth = smooth_field(anatomy.seed, "suture teeth", 1.4, 1.0)
        self._marrow = smooth_field(anatomy.seed, "diploe", 2.2, 1.1)

    def fractured(self, fractures: tuple[Fracture, ...]) -> Skull:
        """Return the same skull with other fractures."""
        other = copy(self)
        other._fractures = fractures
        return other

    def paint(self, hu: Array, points: Points, place: Location, floor: BaseDepth) -> Array:
        """Paint all bone and the air in it, in place.

        Returns
        -------
        ndarray of float32
            Share of bone, 0..1.
        """
        vault = self._vault(points, place, floor)
        base = self._under(place, floor)
        bone = np.maximum(vault, base)
        solid = np.flatnonzero(bone > 0)
        if solid.size:
            some = points.at(solid)
            value = self._vault_hu(some, place.at(solid))
            paint(value, (base * (1 - vault))[solid], self._base_hu(some, floor.at(solid)))
            hu[solid] += bone[solid] * (value - hu[solid])
        if float(points.z.min()) < 28 and float(points.z.max()) > -40:
            dense, air, mastoid = self._base.petrous(points)
            inside = ramp(-np.maximum(np.minimum(place.inside_mm, floor.above_mm), 0) + 0.5, 1.0)
            shell = ramp(place.skin_mm - 7.0, 2.0)
            mastoid *= inside * shell
            paint(hu, mastoid, 700.0)
            paint(hu, dense * base, 1750.0)
            paint(
                hu,
                air * inside * np.maximum(shell, ramp(place.skin_mm + 30, 1) * (mastoid < 0.01)),
                -980.0,
            )
            bone = np.maximum(bone, mastoid)
        return bone

    def _vault(self, points: Points, place: Location, floor: BaseDepth) -> Array:
        """Share of the vault's bone. In the face and the neck the wall is open."""
        wall = np.minimum(-place.inside_mm, place.inside_mm + place.bone_mm)
        # The wall ends below the base: at the level of the orbits in front, of the mastoid at the side, and of the
        # foramen magnum behind.
        around = np.abs(place.azimuth_deg)
        end = 20 - 26 * rise(around, 48, 62) - 16 * rise(around, 105, 150)
        wall = np.minimum(wall, points.z - end)
        return ramp(wall, 0.8)

    def _under(self, place: Location, floor: BaseDepth) -> Array:
        slab = np.minimum(floor.under_mm, floor.bone_mm - floor.under_mm)
        # Along a steep floor the bone is as thick across as on flat ground.
        slab = np.minimum(slab, place.inside_mm + place.bone_mm)
        return ramp(slab, 1.0)

    def _vault_hu(self, points: Points, place: Location) -> Array:
        """HU in the vault: compact tables around spongy diploe, cut by sutures and fractures."""
        depth = -place.inside_mm / np.maximum(place.bone_mm, 0.1)
        thickness = place.bone_mm
        table = np.minimum(0.26 + 0.9 / thickness, 0.5)
        sponge = ramp(np.minimum(depth - table, 1 - table * 1.05 - depth) * thickness, 1.2)
        marrow = self._marrow.at(points.x, points.y, points.z)
        hu = np.full(points.shape, TABLE_HU, dtype=np.float32)
        hu -= 170 * rise(depth, 0.55, 1.0)
        paint(hu, sponge, _DIPLOE_HU + 150 * marrow)
        gap = self._sutures(points, place)
        for fracture in self._fractures:
            gap = np.maximum(gap, self._crack(points, place, fracture))
        paint(hu, gap, _SUTURE_HU)
        return hu

    def _sutures(self, points: Points, place: Location) -> Array:
        """Share of suture gaps: coronal, sagittal and lambdoid lines that wander and interlock."""
        wander = self._wander.at(points.x, points.y, points.z) * 2.2
        teeth = self._teeth.at(points.x, points.y, points.z) * 1.2
        xa, y, z = np.abs(points.x), points.y, points.z
        shift = wander + teeth
        coronal = np.abs(y + 24 + (xa - 20) * (-0.10) - z * 0.06 + shift)
        coronal = np.where(z > 32, coronal, 9)
        sagittal = np.abs(points.x + shift * 0.8)
        sagittal = np.where((y > -22) & (y < 70) & (z > 60), sagittal, 9)
        lambdoid = np.abs(z - 66 + xa * 0.95 + shift) * 0.72
        lambdoid = np.where((y > 40) & (z > 6) & (xa < 62), lambdoid, 9)
        nearest = np.minimum(np.minimum(coronal, sagittal), lambdoid)
        return ramp(0.55 - nearest, 0.7) * 0.8

    def _crack(self, points: Points, place: Location, fracture: Fracture) -> Array:
        """Share of a fracture's gap: a straight, sharp line up the wall."""
        around = (place.azimuth_deg * fracture.side - fracture.azimuth_deg) * (
            place.radius_mm * (np.pi / 180)
        )
        up = place.s_mm - fracture.s_mm
        line = np.abs(around - up * 0.25 + self._wander.at(points.x, points.y, points.z) * 0.6)
        half = fracture.length_mm / 2
        return ramp(0.5 - line, 0.6) * plateau(up, -half, half, 3.0) * 0.9

    def _base_hu(self, points: Points, floor: BaseDepth) -> Array:
        """HU in the base: a compact rind over spongy bone."""
        rind = np.minimum(floor.under_mm, floor.bone_mm - floor.under_mm)
        hu = _SPONGE_HU + 140 * self._base.marrow(points)
        result: Array = hu + ramp(2.0 - rind, 1.4) * (1150 - hu)
        return result
