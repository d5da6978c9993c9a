"""What an annotation was drawn on: a slice or a reformat, and the frame that its points are given in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import Vector, cross
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.slab import Slab

Point = tuple[float, ...]
"""Three numbers in mm (x, y, z) or two in pixels (row, column); see `Coordinates`."""

_UNIT_TOLERANCE = 1e-3


class Coordinates(StrEnum):
    """The frame that points are given in."""

    PATIENT_MM = "patient_mm"
    """x, y, z in mm, x to the left, y to the back, z to the head (DICOM PS3.3 C.7.6.2.1.1)."""
    SLICE_PX = "slice_px"
    """Row and column of the slice as it is stored; the center of a pixel is a whole number. Used where the file does
    not tell where the slice lies or how large its pixels are."""

    @property
    def dimensions(self) -> int:
        """How many numbers a point has."""
        return 3 if self is Coordinates.PATIENT_MM else 2


@dataclass(frozen=True)
class OnSlice:
    """A slice as its file holds it.

    Parameters
    ----------
    sop_uid : str
        SOPInstanceUID. Where a file has none it is empty, and the pixel hash alone names the slice.
    frame : int
        Index of the frame, from 0, as in `SliceSource`.
    coordinates : Coordinates
        Patient mm where the slice has a plane and a pixel spacing, else its pixels.
    """

    sop_uid: str
    frame: int = 0
    coordinates: Coordinates = Coordinates.PATIENT_MM

    def __post_init__(self) -> None:
        if self.frame < 0:
            raise ValueError(f"frames are counted from 0. Received: {self.frame}")


@dataclass(frozen=True)
class OnReformat:
    """A plane through the volume of a series. Points are in patient mm and lie in it.

    Parameters
    ----------
    frame_of_reference_uid : str
        Empty where the files have none.
    center_mm : tuple of 3 floats
        Center of the view in patient mm.
    right, down : tuple of 3 floats
        Where the view's columns and rows grow to: unit vectors at right angles.
    slab : Slab or None
        What was shown of the HU around the plane; None for the plane alone.
    """

    frame_of_reference_uid: str
    center_mm: Vector
    right: Vector
    down: Vector
    slab: Slab | None = None

    def __post_init__(self) -> None:
        values = [*self.center_mm, *self.right, *self.down]
        if len(values) != 9 or not all(map(math.isfinite, values)):
            raise ValueError(f"a plane needs nine finite numbers. Received: {values}")
        lengths = math.hypot(*self.right), math.hypot(*self.down)
        across = sum(a * b for a, b in zip(self.right, self.down, strict=True))
        if max(abs(lengths[0] - 1), abs(lengths[1] - 1), abs(across)) > _UNIT_TOLERANCE:
            raise ValueError(
                f"right and down must be unit vectors at right angles. Received: {self.right}, {self.down}"
            )

    @property
    def coordinates(self) -> Coordinates:
        """Always patient mm."""
        return Coordinates.PATIENT_MM

    @cached_property
    def normal(self) -> Vector:
        """Unit normal, right x down: into the screen."""
        x, y, z = cross(self.right, self.down)
        length = math.hypot(x, y, z)
        return x / length, y / length, z / length

    def distances_mm(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance of points, shape (n, 3) in patient mm, from the plane, shape (n,)."""
        normal = np.array(self.normal)
        distances: NDArray[np.float64] = np.abs((points - np.array(self.center_mm)) @ normal)
        return distances


Place = OnSlice | OnReformat


@dataclass(frozen=True)
class DrawnOn:
    """The image that an annotation was drawn on. It is shown beside these pixels only.

    Parameters
    ----------
    place : OnSlice or OnReformat
    series : SeriesKey
        The series by its UIDs, which also hold after its files have moved.
    pixel_hash : str
        `ichviewer.domain.decoded.pixel_hash` of the slice; of a reformat, `ichviewer.domain.volume.Volume.digest` of
        the volume that it was cut from.
    """

    place: Place
    series: SeriesKey
    pixel_hash: str

    def __post_init__(self) -> None:
        if not self.pixel_hash:
            raise ValueError("an annotation needs the hash of the pixels it was drawn on. Received: none")
