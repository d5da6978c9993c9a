"""The coordinates of a head and the surfaces of its vault: inner table, outer table, skin.

A point is told by its azimuth around the head's long axis, its height ``s`` along the wall, and its distance from
the axis. Above `CAP_Z_MM` the axis ends in a point and the wall closes over it as a dome, so that distances to the
wall are nearly perpendicular to it from the skull base to the vertex.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.interpolate import CubicSpline, PchipInterpolator

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    borrowing,
    look_up,
    white_noise,
)
from ichviewer.learning.synthesis.phantom.parameters import Anatomy

Table = NDArray[np.float64]

CAP_Z_MM = 45.0
"""Where the axis ends and the dome begins."""
_DOME_MM = 63.0
_S_LOW_MM, _S_HIGH_MM, _S_STEP_MM = -70.0, CAP_Z_MM + _DOME_MM, 1.0
_AZIMUTH_STEP_DEG = 2.0

_AZIMUTHS_DEG = (0, 30, 60, 90, 120, 150, 180)
# Distances from the axis in mm for those azimuths (0 = forehead), a row a height.
_INNER_MM = {
    45: (80, 78.5, 65.5, 64.5, 71.0, 81.5, 85.5),
    30: (79, 76.5, 63.5, 64.0, 70.5, 80.5, 84.0),
    15: (77, 73, 60.5, 63.0, 69.5, 78.5, 80.5),
    0: (74, 70, 58, 61, 65, 71, 72.0),
    -12: (70, 66, 55, 56, 57, 60, 60),
    -22: (66, 62, 50, 46, 45, 46, 46),
    -35: (60, 56, 44, 38, 36, 36, 36),
    -70: (56, 52, 40, 34, 32, 32, 32),
}
_SKIN_MM = {
    30: (93, 89.5, 76.5, 75.5, 81.0, 92.5, 98),
    15: (93, 86, 75, 75, 80, 90, 94.5),
    0: (97, 85, 73, 74, 79, 86, 88),
    -15: (97, 88, 71.5, 72, 76, 82, 83),
    -35: (97, 89, 68, 66, 70, 76, 77),
    -70: (94, 84, 62, 58, 60, 66, 67),
}


@dataclass(frozen=True, eq=False)
class Location:
    """Where points lie relative to the walls of the head; every array has the shape of the points.

    Parameters
    ----------
    azimuth_deg : ndarray of float32
        -180..180, 0 = front, positive = left.
    s_mm : ndarray of float32
        Height along the wall: z below `CAP_Z_MM`, arc length above.
    inside_mm : ndarray of float32
        Depth below the inner table, negative outside.
    bone_mm : ndarray of float32
        Thickness of the vault there.
    skin_mm : ndarray of float32
        Depth below the skin, negative outside the head.
    radius_mm : ndarray of float32
        Distance from the axis.
    """

    azimuth_deg: Array
    s_mm: Array
    inside_mm: Array
    bone_mm: Array
    skin_mm: Array
    radius_mm: Array

    def at(self, indices: NDArray[np.intp]) -> Location:
        """Where some of the points lie, by flat index."""
        return Location(*(getattr(self, f.name).ravel()[indices] for f in fields(self)))


def _periodic(rows: Mapping[int, tuple[float, ...]], azimuths: Table) -> tuple[list[int], Table]:
    """Spline control radii around the head: heights in ascending order, values (heights, azimuths)."""
    heights = sorted(rows)
    angles = np.concatenate([-np.array(_AZIMUTHS_DEG[::-1], float), np.array(_AZIMUTHS_DEG[1:], float)])
    table = []
    for height in heights:
        row = np.array(rows[height], float)
        full = np.concatenate([row[::-1], row[1:]])
        table.append(CubicSpline(angles, full, bc_type="periodic")(azimuths))
    return heights, np.array(table)


class HeadFrame:
    """The walls of one head.

    Parameters
    ----------
    anatomy : Anatomy
        Seed, size and asymmetry.
    """

    def __init__(self, anatomy: Anatomy) -> None:
        self._quick = borrowing()
        azimuths = np.arange(-180.0, 180.0 + _AZIMUTH_STEP_DEG, _AZIMUTH_STEP_DEG)
        s = np.arange(_S_LOW_MM, _S_HIGH_MM + _S_STEP_MM, _S_STEP_MM)
        lift = np.clip((s - CAP_Z_MM) / _DOME_MM, 0, 1) * (np.pi / 2)
        low = np.minimum(s, CAP_Z_MM)

        heights, rows = _periodic(_INNER_MM, azimuths)
        inner = PchipInterpolator(heights, rows, axis=0)(low)
        sin, cos = np.sin(lift)[:, None], np.cos(lift)[:, None]
        # Toward the top the outline grows rounder.
        inner[:, -1] = inner[:, 0]
        rounder = ndimage.gaussian_filter1d(inner[:, :-1], 14.0, axis=1, mode="wrap")
        rounder = np.concatenate([rounder, rounder[:, :1]], axis=1)
        inner = inner + np.minimum(1.2 * sin, 0.85) * (rounder - inner)
        dome = 1 / np.sqrt((cos / inner) ** 2 + (sin / anatomy.dome_mm) ** 2)
        # Parietal eminences, and a forehead that stands up before it turns back.
        turn = np.deg2rad(azimuths)[None, :]
        side = np.exp(-(((np.abs(azimuths) - 116) / 26) ** 2))[None, :]
        brow = np.exp(-(((np.abs(azimuths) - 38) / 24) ** 2))[None, :]
        square = 0.044 + 0.016 * side + 0.004 * brow
        inner = dome * (1 + square * np.sin(2 * lift)[:, None] ** 2)

        # Asymmetry: one side of the back flattened, the other full, and bumps a few centimetres wide.
        flattening = anatomy.asymmetry_mm * np.sin(2 * turn) * cos
        bumps = ndimage.gaussian_filter(
            white_noise(anatomy.seed, "vault bumps", inner.shape).astype(np.float64),
            (14, 9),
            mode=("nearest", "wrap"),
        )
        bumps *= 1.1 / bumps.std() * cos
        bumps[:, -1] = bumps[:, 0]
        inner = inner + flattening + bumps

        thickness = self._vault_thickness(anatomy, azimuths, s, cos)
        front = np.cos(turn / 2) ** 2
        scalp = 5.6 + 0.8 * front + 0 * s[:, None]
        temporal = np.exp(-(((np.abs(azimuths) - 72) / 24) ** 2))[None, :]
        scalp = scalp + 4.6 * temporal * (1 / (1 + np.exp((s - 52) / 6)))[:, None]
        skin = inner + thickness + scalp
        heights, rows = _periodic(_SKIN_MM, azimuths)
        face = (
            PchipInterpolator(heights, rows, axis=0, extrapolate=True)(np.minimum(low, 30.0))
            + flattening
            + bumps
        )
        blend = np.clip((s - 18) / 24, 0, 1)[:, None]
        blend = blend * blend * (3 - 2 * blend)
        skin = face + blend * (skin - face)

        tables = [t * anatomy.scale for t in (inner, thickness, skin)]
        self._tables = [np.round(t, 6).astype(np.float32) for t in tables]
        self._steep = [self._tilt(t, azimuths, s, cos) for t in tables[::2]]

    @staticmethod
    def _vault_thickness(anatomy: Anatomy, azimuths: Table, s: Table, cos: Table) -> Table:
        """Thickness of the vault in mm: thin at the temples, thick at the forehead and the back."""
        around = np.abs(azimuths)[None, :]
        height = s[:, None]
        thickness = (
            5.5
            + 1.2 * np.exp(-((around / 30) ** 2)) * cos
            + 1.1 * np.exp(-(((around - 180) / 35) ** 2)) * cos
        )
        temple = np.exp(-(((around - 78) / 30) ** 2)) * np.exp(-(((height - 25) / 24) ** 2))
        thickness = thickness - 2.7 * temple
        # The internal occipital protuberance and the crests that leave it.
        torcula = np.exp(-(((around - 180) / 20) ** 2))
        thickness = (
            thickness + 2.4 * torcula * np.exp(-(((height - 8) / 12) ** 2)) + 1.0 * torcula * (height < 20)
        )
        thickness = thickness + 1.4 * np.exp(-((around / 5) ** 2)) * np.exp(-(((height - 32) / 18) ** 2))
        noise = white_noise(anatomy.seed, "vault thickness", (s.size, azimuths.size)).astype(np.float64)
        noise = ndimage.gaussian_filter(noise, (9, 5), mode=("nearest", "wrap"))
        thickness = thickness * (1 + 0.10 * noise / noise.std() * np.maximum(cos, 0.15))
        thickness[:, -1] = thickness[:, 0]
        return np.asarray(thickness * anatomy.bone_thickness)

    @staticmethod
    def _tilt(radius: Table, azimuths: Table, s: Table, cos: Table) -> Array:
        """Cosine between the radius and the wall's normal, by which radial depths become depths."""
        around = np.gradient(radius, np.deg2rad(azimuths), axis=1) / (radius * np.maximum(cos, 0.1))
        arc = np.where(s > CAP_Z_MM, radius[:, radius.shape[1] // 2] / _DOME_MM * (np.pi / 2), 1.0)[:, None]
        up = np.gradient(radius, s, axis=0) / arc
        tilt = 1 / np.sqrt(1 + np.minimum(around, 2) ** 2 * (cos > 0.1) + np.clip(up, -1.5, 1.5) ** 2)
        rounded: Array = np.round(ndimage.gaussian_filter(tilt, 1.5, mode="nearest"), 6).astype(np.float32)
        return rounded

    def locate(self, points: Points) -> Location:
        """Tell where points lie relative to the walls."""
        x, y, z = points.x, points.y, points.z
        flat2 = x * x + y * y
        above = np.maximum(z - CAP_Z_MM, 0)
        radius = np.sqrt(flat2 + above * above)
        # Angles in double precision: the last bit of a float32 arctangent depends on the processor.
        exact: type[np.floating[Any]] = np.float32 if self._quick else np.float64
        ahead: Array = -y
        azimuth = np.rad2deg(np.arctan2(x.astype(exact), ahead.astype(exact)))
        lift = np.arctan2(above.astype(exact), np.sqrt(flat2).astype(exact))
        s = np.minimum(z, CAP_Z_MM) + lift * (_DOME_MM / (np.pi / 2))
        rows, columns = (s - _S_LOW_MM) / _S_STEP_MM, (azimuth + 180.0) / _AZIMUTH_STEP_DEG
        inner, bone, skin, steep_in, steep_out = (
            look_up(t, rows, columns, quick=self._quick) for t in (*self._tables, *self._steep)
        )
        return Location(
            azimuth_deg=azimuth.astype(np.float32),
            s_mm=s.astype(np.float32),
            inside_mm=(inner - radius) * steep_in,
            bone_mm=bone,
            skin_mm=(skin - radius) * steep_out,
            radius_mm=radius,
        )
