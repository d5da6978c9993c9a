"""The skull base: the three fossae as a height map, the bone under it, petrous pyramids with mastoid air cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    borrowing,
    ellipsoid,
    folded_field,
    look_up,
    plateau,
    ramp,
    rise,
    smooth_field,
    tube,
    unit_spread,
    white_noise,
)
from ichviewer.learning.synthesis.phantom.parameters import Anatomy

_X_LOW, _Y_LOW, _STEP = -96.0, -128.0, 0.75
_COLUMNS, _ROWS = 257, 326

PETROUS_START_MM = (10.0, -3.0)
"""Medial end of the petrous ridge, |x| and y."""
PETROUS_DIRECTION = (0.850, 0.527)
"""Unit vector along the ridge, |x| and y."""


def behind_petrous(xa: Array, y: Array) -> Array:
    """Distance behind the line of the petrous ridge, mm; negative in front, that is in the middle fossa."""
    result: Array = (y - PETROUS_START_MM[1]) * PETROUS_DIRECTION[0] - (
        xa - PETROUS_START_MM[0]
    ) * PETROUS_DIRECTION[1]
    return result


def along_petrous(xa: Array, y: Array) -> Array:
    """Distance along the petrous ridge from its medial end, mm."""
    result: Array = (xa - PETROUS_START_MM[0]) * PETROUS_DIRECTION[0] + (
        y - PETROUS_START_MM[1]
    ) * PETROUS_DIRECTION[1]
    return result


def _maps(anatomy: Anatomy) -> tuple[Array, Array, Array]:
    """Height of the floor, thickness of the bone under it, and slope factor, each of shape (x, y)."""
    x = (_X_LOW + _STEP * np.arange(_COLUMNS, dtype=np.float32))[:, None] + np.zeros((1, _ROWS), np.float32)
    y = (_Y_LOW + _STEP * np.arange(_ROWS, dtype=np.float32))[None, :] + np.zeros((_COLUMNS, 1), np.float32)
    # The sides differ a little.
    wave = white_noise(anatomy.seed, "base warp", (2, _COLUMNS, _ROWS))
    wave = ndimage.gaussian_filter(wave, (0, 22, 22), mode="nearest")
    wave = 1.6 * unit_spread(wave)
    ripple = white_noise(anatomy.seed, "base ripple", (2, _COLUMNS, _ROWS))
    ripple = ndimage.gaussian_filter(ripple, (0, 6, 6), mode="nearest")
    wave += 0.9 * unit_spread(ripple)
    x, y = x + wave[0], y + wave[1]
    xa = np.abs(x)
    behind, along = behind_petrous(xa, y), along_petrous(xa, y)
    wing_y = -37.0 + 8.5 * ((xa - 40) / 17) ** 2

    # The roofs of the orbits are domes with the prints of the gyri; between them the cribriform plate lies deep.
    prints = ndimage.gaussian_filter(white_noise(anatomy.seed, "roof prints", x.shape), 6.0, mode="nearest")
    prints = 1.7 * unit_spread(prints)
    roof = 26.0 - 8.5 * ((xa - 31) / 20) ** 2 - 5.0 * ((y + 58) / 24) ** 2 + prints
    roof = np.maximum(roof, 12.5 + 5 * rise(xa, 4, 12))
    roof = roof + 7 * np.maximum(0, 1 - (xa / 2.2) ** 2) * plateau(y, -72, -58, 4)
    middle = (
        1.0 + 9.0 * ((xa - 40) / 24) ** 2 + 7.0 * ((y + 8) / 26) ** 2 + 14 * rise(xa, 21, 13) + 0.5 * prints
    )
    sella = 17.5 - 7.5 * np.maximum(0, 1 - ((y + 15) / 6.5) ** 2) * rise(xa, 9, 6)
    middle = np.where(xa < 14, np.maximum(sella, middle * 0), middle)
    posterior = (
        -21.0 + 0.0075 * (xa**2 + (y - 38) ** 2) + 2.5 * np.maximum(0, 1 - (xa / 5) ** 2) * rise(y, 50, 70)
    )
    clivus = 21.0 - 2.05 * (y + 8)
    floor = np.where(y < wing_y, roof, np.where(behind < 0, middle, posterior))
    floor = np.where((xa < 15) & (y > -8), np.maximum(clivus, posterior), floor)
    # Lesser wing and petrous ridge: crests that fall gently to one side and steeply to the other.
    wing = 25.0 - np.where(y > wing_y, 2.4 * (y - wing_y), 0.45 * (wing_y - y))
    floor = np.where(
        (xa > 10) & (np.abs(y - wing_y) < 20), np.maximum(floor, wing - 4.0 * rise(xa, 30, 56)), floor
    )
    crest = 15.5 + 2.5 * np.maximum(0, 1 - ((along - 26) / 16) ** 2) - 4.0 * rise(along, 38, 62)
    crest = crest - np.where(behind > 0, 2.4 * behind, -1.0 * behind * 0.95)
    floor = np.where((along > -4) & (np.abs(behind) < 26), np.maximum(floor, crest), floor)
    hole = np.sqrt((xa / 15.0) ** 2 + ((y - 29) / 18.0) ** 2)
    smooth = ndimage.gaussian_filter(floor.astype(np.float32), 1.3, mode="nearest")
    smooth = smooth - 70 * rise(hole, 1.04, 0.94)

    bone = np.full(x.shape, 2.8)
    bone = np.where(y < wing_y, 1.9, bone)
    bone = np.where((xa < 15) & (y > -33) & (y < 16), 13.0, bone)
    bone = np.where(behind > 2, 5.5, bone)
    ridge = (along > -2) & (behind > -13) & (behind < 8)
    bone = np.where(ridge, 19.0, bone)
    bone = np.where(((xa - 56) / 14) ** 2 + ((y - 27) / 17) ** 2 < 1, 32.0, bone)
    bone = ndimage.gaussian_filter(bone.astype(np.float32), 1.2, mode="nearest")
    slope_x, slope_y = np.gradient(np.maximum(smooth, -40), _STEP)
    tilt = 1 / np.sqrt(1 + np.minimum(slope_x**2 + slope_y**2, 6))
    return smooth.astype(np.float32), bone, np.round(tilt, 6).astype(np.float32)


@dataclass(frozen=True, eq=False)
class BaseDepth:
    """How points lie to the floor of the skull, arrays of the points' shape, mm.

    Parameters
    ----------
    above_mm : ndarray of float32
        Distance above the floor, negative in and under the bone.
    under_mm : ndarray of float32
        Height under the floor along z.
    bone_mm : ndarray of float32
        Thickness of the bone there, along z.
    """

    above_mm: Array
    under_mm: Array
    bone_mm: Array

    def at(self, indices: NDArray[np.intp]) -> BaseDepth:
        """Return some of the points, by flat index."""
        return BaseDepth(
            self.above_mm.ravel()[indices], self.under_mm.ravel()[indices], self.bone_mm.ravel()[indices]
        )


class SkullBase:
    """The skull base of one head."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._quick = borrowing()
        self._floor, self._bone, self._tilt = _maps(anatomy)
        self._cells = folded_field(anatomy.seed, "mastoid cells", 1.9, 0.9, ((-72, 2, -36), (72, 52, 24)))
        self._marrow = smooth_field(anatomy.seed, "base marrow", 3.0)

    def depth(self, points: Points) -> BaseDepth:
        """Tell how points lie to the floor."""
        rows, columns = (points.x - _X_LOW) * (1 / _STEP), (points.y - _Y_LOW) * (1 / _STEP)
        floor, tilt, bone = (
            look_up(table, rows, columns, quick=self._quick)
            for table in (self._floor, self._tilt, self._bone)
        )
        up = points.z - floor
        return BaseDepth(up * tilt, -up, bone)

    def petrous(self, points: Points) -> tuple[Array, Array, Array]:
        """Dense bone of the ear, air of canal, middle ear and mastoid, and the walls between the air cells.

        Returns
        -------
        dense, air, walls : ndarray of float32
            Shares 0..1 of the points' shape.
        """
        xa, y, z = np.abs(points.x), points.y, points.z
        dense = ramp(ellipsoid(xa, y, z, (36, 13, 5), (11, 6, 7)), 2.0)
        canal = tube(xa, y, z, ((82, 12, -3, 4.0), (66, 9, -1, 3.6), (51, 8, 0, 3.4)))
        drum = ellipsoid(xa, y, z, (47, 9, 2), (3.0, 4.5, 6))
        inner_canal = tube(xa, y, z, ((22, 10, 5, 3.0), (33, 11, 5, 2.2)))
        mastoid = ellipsoid(xa - 0.25 * (y - 26), y, z, (55.5, 28, -6), (8.5, 13, 19))
        mastoid = mastoid + 2.2 * self._marrow.at(points.x, points.y, points.z)
        mastoid = np.maximum(mastoid, ellipsoid(xa, y, z, (52, 20, 8), (9, 8, 6)))
        cells = np.abs(self._cells.at(points.x, points.y, points.z))
        honeycomb = ramp(cells - 0.55, 0.7)
        air = np.maximum(ramp(np.maximum(canal, drum), 0.8), ramp(mastoid, 1.5) * honeycomb)
        dense *= 1 - ramp(inner_canal, 0.8)
        return dense, air, ramp(mastoid, 1.5)

    def marrow(self, points: Points) -> Array:
        """Mean 0, SD 1: how dense the base's spongy bone is."""
        return self._marrow.at(points.x, points.y, points.z)
