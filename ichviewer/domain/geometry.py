"""Where a slice lies in the patient.

Coordinates are DICOM's patient coordinates in mm: x grows to the left, y to the back (posterior), z to the head
(DICOM PS3.3 C.7.6.2.1.1). Geometry always comes from positions and orientations, never from the tilt tag.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]

# Direction cosines in the wild carry rounding of a few 1e-4; beyond this they are not cosines.
_UNIT_TOLERANCE = 1e-2
# Components smaller than this are not worth a letter (about 17 degrees).
_LETTER_THRESHOLD = 0.3
# A slice counts as axial up to about 45 degrees of tilt: gantry tilts reach 30.
_AXIAL_COSINE = 0.7
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True)
class PixelSpacing:
    """Distance between pixel centers in mm: between rows, and between columns (Pixel Spacing (0028,0030))."""

    row_mm: float
    column_mm: float

    def __post_init__(self) -> None:
        if not (0 < self.row_mm < math.inf and 0 < self.column_mm < math.inf):
            raise ValueError(f"pixel spacing must be positive. Received: {self.row_mm}, {self.column_mm}")


@dataclass(frozen=True)
class Plane:
    """Position and orientation of an image in the patient.

    Parameters
    ----------
    position_mm : tuple of 3 floats
        Center of the first pixel (Image Position (Patient)).
    row_direction : tuple of 3 floats
        Where the column index grows to; a unit vector.
    column_direction : tuple of 3 floats
        Where the row index grows to; a unit vector at right angles to it.
    """

    position_mm: Vector
    row_direction: Vector
    column_direction: Vector

    def __post_init__(self) -> None:
        values = [*self.position_mm, *self.row_direction, *self.column_direction]
        if len(values) != 9 or not all(math.isfinite(v) for v in values):
            raise ValueError(f"a plane needs nine finite numbers. Received: {values}")
        r, c = self.row_direction, self.column_direction
        if (
            abs(math.hypot(*r) - 1) > _UNIT_TOLERANCE
            or abs(math.hypot(*c) - 1) > _UNIT_TOLERANCE
            or abs(sum(a * b for a, b in zip(r, c, strict=True))) > _UNIT_TOLERANCE
        ):
            raise ValueError(
                "row and column direction must be unit vectors at right angles. "
                f"Received: {self.row_direction}, {self.column_direction}"
            )

    @cached_property
    def normal(self) -> Vector:
        """Unit normal, turned so that its largest component points to the left, the back or the head."""
        n = cross(self.row_direction, self.column_direction)
        sign = -1.0 if max(n, key=abs) < 0 else 1.0
        length = sign * math.sqrt(sum(v * v for v in n))
        return n[0] / length, n[1] / length, n[2] / length

    def distance_mm(self, normal: Vector | None = None) -> float:
        """Position along a normal (its own unless told), in mm."""
        return float(np.dot(self.position_mm, self.normal if normal is None else normal))

    def at_mm(self, row: float, column: float, spacing: PixelSpacing) -> Vector:
        """Patient coordinates in mm of a pixel index (DICOM PS3.3 equation C.7.6.2.1-1)."""
        p = (
            np.array(self.position_mm)
            + np.array(self.row_direction) * (column * spacing.column_mm)
            + np.array(self.column_direction) * (row * spacing.row_mm)
        )
        return float(p[0]), float(p[1]), float(p[2])

    @property
    def is_axial(self) -> bool:
        """Whether the slice is roughly axial, with rows running left-right (a tilted gantry included)."""
        return abs(self.normal[2]) >= _AXIAL_COSINE and abs(self.row_direction[0]) >= _AXIAL_COSINE

    def same_orientation(self, other: Plane, tolerance: float = 1e-2) -> bool:
        """Whether two planes are parallel and turned alike within ``tolerance`` (cosine components)."""
        mine = np.array([*self.row_direction, *self.column_direction])
        theirs = np.array([*other.row_direction, *other.column_direction])
        return bool(np.all(np.abs(mine - theirs) <= tolerance))


def letters(direction: Vector) -> str:
    """Anatomical letters of a direction, the strongest first: L R, P A, H F (DICOM PS3.3 C.7.6.1.1.1)."""
    parts = [
        (abs(v), _LETTERS[axis][0 if v > 0 else 1])
        for axis, v in enumerate(direction)
        if abs(v) >= _LETTER_THRESHOLD
    ]
    return "".join(letter for _, letter in sorted(parts, key=lambda part: -part[0]))


def cross(one: Vector, other: Vector) -> Vector:
    """Cross product of two directions."""
    (a, b, c), (d, e, f) = one, other
    return b * f - c * e, c * d - a * f, a * e - b * d


def opposite(direction: Vector) -> Vector:
    """The opposite direction."""
    return -direction[0], -direction[1], -direction[2]


def tilt_deg(planes: list[Plane]) -> float:
    """Angle in degrees between the slices' normal and the line through their positions.

    0 for a plain volume, the gantry tilt for a tilted acquisition, whose slices are stacked askew.
    0 too where there are fewer than two positions.
    """
    if len(planes) < 2:
        return 0.0
    line: NDArray[np.float64] = np.subtract(planes[-1].position_mm, planes[0].position_mm)
    length = float(np.linalg.norm(line))
    if length == 0:
        return 0.0
    cosine = abs(float(np.dot(line, planes[0].normal))) / length
    return math.degrees(math.acos(min(1.0, cosine)))
