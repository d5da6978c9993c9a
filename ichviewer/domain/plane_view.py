"""A rectangle of pixels anywhere in the patient, through which a volume is looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.geometry import Vector
from ichviewer.domain.volume_geometry import VolumeGeometry

_UNIT_TOLERANCE = 1e-6
# A slice position this close to a plane is in it, in slice indices.
_ON_SLICE = 1e-3


@dataclass(frozen=True)
class HeadAxes:
    """Directions by which planes are named: the patient's own, or those of a straightened head.

    Parameters
    ----------
    left, back, head : tuple of 3 floats
        Unit vectors at right angles to each other, right-handed, in patient coordinates.
    """

    left: Vector = (1.0, 0.0, 0.0)
    back: Vector = (0.0, 1.0, 0.0)
    head: Vector = (0.0, 0.0, 1.0)

    def __post_init__(self) -> None:
        axes = np.array([self.left, self.back, self.head])
        if (
            axes.shape != (3, 3)
            or not np.allclose(axes @ axes.T, np.eye(3), atol=_UNIT_TOLERANCE)
            or np.linalg.det(axes) < 0
        ):
            raise ValueError(
                f"axes must be right-handed unit vectors at right angles. Received: {axes.tolist()}"
            )


PATIENT_AXES = HeadAxes()
"""The patient coordinates of DICOM (PS3.3 C.7.6.2.1.1)."""


@dataclass(frozen=True)
class PlaneView:
    """A plane with square pixels in the patient.

    Pixel coordinates are (row, column) from 0 at the center of the first pixel; they may be fractions.

    Parameters
    ----------
    center_mm : tuple of 3 floats
        Patient coordinates of the middle of the rectangle, at row (rows - 1) / 2 and column (columns - 1) / 2.
    right, down : tuple of 3 floats
        Where columns and rows grow to; unit vectors at right angles.
    pixel_mm : float
        Distance between pixel centers.
    rows, columns : int
    """

    center_mm: Vector
    right: Vector
    down: Vector
    pixel_mm: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        if len(self.center_mm) != 3 or not all(map(math.isfinite, self.center_mm)):
            raise ValueError(f"a view needs a center of three finite numbers. Received: {self.center_mm}")
        axes = np.array([self.right, self.down])
        if axes.shape != (2, 3) or not np.allclose(axes @ axes.T, np.eye(2), atol=_UNIT_TOLERANCE):
            raise ValueError(
                f"right and down must be unit vectors at right angles. Received: {self.right}, {self.down}"
            )
        if not 0 < self.pixel_mm < math.inf or self.rows < 1 or self.columns < 1:
            raise ValueError(
                "a view needs a pixel size over 0 and rows and columns. "
                f"Received: {self.pixel_mm} mm, {self.rows} x {self.columns} px"
            )

    @classmethod
    def axial(
        cls, center_mm: Vector, pixel_mm: float, rows: int, columns: int, axes: HeadAxes = PATIENT_AXES
    ) -> Self:
        """An axial plane as seen from the feet: left of the patient on the right, front on top."""
        return cls(center_mm, axes.left, axes.back, pixel_mm, rows, columns)

    @classmethod
    def coronal(
        cls, center_mm: Vector, pixel_mm: float, rows: int, columns: int, axes: HeadAxes = PATIENT_AXES
    ) -> Self:
        """A coronal plane as seen from the front: left of the patient on the right, head on top."""
        return cls(center_mm, axes.left, _opposite(axes.head), pixel_mm, rows, columns)

    @classmethod
    def sagittal(
        cls, center_mm: Vector, pixel_mm: float, rows: int, columns: int, axes: HeadAxes = PATIENT_AXES
    ) -> Self:
        """A sagittal plane as seen from the left: front on the left, head on top."""
        return cls(center_mm, axes.back, _opposite(axes.head), pixel_mm, rows, columns)

    @classmethod
    def facing(cls, point_mm: Vector, right: Vector, down: Vector, pixel_mm: float = 1.0) -> Self:
        """A view of one pixel at a point; the directions may be off by the rounding of a file."""
        return cls(point_mm, *_right_angles(right, down), pixel_mm, 1, 1)

    @classmethod
    def along_slices(cls, geometry: VolumeGeometry, slice_index: int) -> Self:
        """The plane of a slice of a volume, from corner to corner, with pixels of its finer spacing."""
        right, down = _right_angles(geometry.row_direction, geometry.column_direction)
        middle = [slice_index, (geometry.rows - 1) / 2, (geometry.columns - 1) / 2]
        pixel_mm = min(geometry.spacing.row_mm, geometry.spacing.column_mm)
        sides = (
            (geometry.rows - 1) * geometry.spacing.row_mm,
            (geometry.columns - 1) * geometry.spacing.column_mm,
        )
        rows, columns = (max(1, round(side / pixel_mm) + 1) for side in sides)
        return cls(_vector(geometry.mm_of_index(middle)), right, down, pixel_mm, rows, columns)

    @cached_property
    def normal(self) -> Vector:
        """Unit normal, right x down: into the screen."""
        return _vector(np.cross(self.right, self.down))

    def mm_at(self, row_px: ArrayLike, column_px: ArrayLike) -> NDArray[np.float64]:
        """Patient coordinates in mm of pixel coordinates; shape (..., 3)."""
        row, column = np.broadcast_arrays(np.asarray(row_px, np.float64), np.asarray(column_px, np.float64))
        x = (column - (self.columns - 1) / 2)[..., None] * self.pixel_mm
        y = (row - (self.rows - 1) / 2)[..., None] * self.pixel_mm
        return np.asarray(self.center_mm + x * np.array(self.right) + y * np.array(self.down))

    def px_of(self, point_mm: ArrayLike) -> NDArray[np.float64]:
        """Pixel coordinates (row, column) of points in patient coordinates, dropped onto the plane; (..., 2)."""
        offset = (np.asarray(point_mm, np.float64) - self.center_mm) / self.pixel_mm
        middle = [(self.rows - 1) / 2, (self.columns - 1) / 2]
        return np.asarray(np.stack([offset @ self.down, offset @ self.right], axis=-1) + middle)

    def distance_mm(self, point_mm: Vector) -> float:
        """How far a point lies from the plane, positive along `normal`."""
        return float(np.dot(np.subtract(point_mm, self.center_mm), self.normal))

    def through(self, point_mm: Vector) -> Self:
        """The same view moved along its normal so that it goes through a point."""
        return self.moved(self.distance_mm(point_mm))

    def moved(self, along_normal_mm: float) -> Self:
        """The same view moved along its normal."""
        return replace(
            self, center_mm=_vector(np.array(self.center_mm) + along_normal_mm * np.array(self.normal))
        )

    def rotated(self, axis: Vector, degrees: float, about_mm: Vector | None = None) -> Self:
        """The view turned about an axis through a point (its own center unless told); an oblique plane.

        Parameters
        ----------
        axis : tuple of 3 floats
            Direction of the axis; the turn is right-handed about it.
        degrees : float
        about_mm : tuple of 3 floats, optional

        Raises
        ------
        ValueError
            If the axis has no direction.
        """
        turn = rotation_matrix(axis, degrees)
        pivot = np.array(self.center_mm if about_mm is None else about_mm)
        center = pivot + turn @ (np.array(self.center_mm) - pivot)
        right, down = _right_angles(_vector(turn @ self.right), _vector(turn @ self.down))
        return replace(self, center_mm=_vector(center), right=right, down=down)

    def turned(self, degrees: float) -> Self:
        """The view turned in its own plane about its center: the picture turns counter-clockwise."""
        return self.rotated(self.normal, degrees)

    def covering(self, geometry: VolumeGeometry, pixel_mm: float | None = None) -> Self:
        """The same plane, moved in itself and resized so that it shows the whole of a volume that it cuts.

        Parameters
        ----------
        geometry : VolumeGeometry
        pixel_mm : float, optional
            Its own unless told.
        """
        size_mm = self.pixel_mm if pixel_mm is None else pixel_mm
        center = np.array(self.center_mm)
        counts = []
        for direction in (self.down, self.right):
            low, high = geometry.extent_mm(direction)
            center += np.array(direction) * ((low + high) / 2 - center @ direction)
            # A border that ends within a pixel is shown in full.
            counts.append(math.ceil((high - low) / size_mm - _UNIT_TOLERANCE) + 1)
        return replace(self, center_mm=_vector(center), pixel_mm=size_mm, rows=counts[0], columns=counts[1])

    def stepped(self, geometry: VolumeGeometry, count: int) -> Self:
        """The view moved by so many natural steps along its normal, at most to the end of the volume.

        Along the slices, a step goes to the next slice, however far it is; in other planes it is
        `VolumeGeometry.natural_step_mm`.
        """
        if geometry.is_along_slices(self.normal):
            return self._stepped_along_slices(geometry, count)
        here = float(np.dot(self.center_mm, self.normal))
        low, high = geometry.extent_mm(self.normal)
        there = here + count * geometry.natural_step_mm(self.normal)
        # Where the view is outside already, it does not go farther out.
        return self.moved(min(max(there, min(low, here)), max(high, here)) - here)

    def _stepped_along_slices(self, geometry: VolumeGeometry, count: int) -> Self:
        if count == 0:
            return self
        index = float(geometry.index_of_mm(self.center_mm)[0])
        if abs(index - round(index)) <= _ON_SLICE:
            index = float(round(index))
        if np.dot(geometry.normal, self.normal) < 0:
            count = -count
        start = math.floor(index) if count > 0 else math.ceil(index)
        last = geometry.shape[0] - 1
        # Where the view is outside already, it does not go farther out.
        target = min(max(start + count, min(0, start)), max(last, start))
        here, there = geometry.slice_position_mm([index, target]).tolist()
        return self.moved((there - here) * float(np.dot(geometry.slice_direction, self.normal)))


def rotation_matrix(axis: Vector, degrees: float) -> NDArray[np.float64]:
    """Right-handed rotation about an axis through the origin (Rodrigues' formula); shape (3, 3).

    Raises
    ------
    ValueError
        If the axis has no direction.
    """
    length = math.hypot(*axis)
    if not 0 < length < math.inf:
        raise ValueError(f"an axis of rotation needs a direction. Received: {axis}")
    x, y, z = (v / length for v in axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = math.radians(degrees)
    return np.asarray(np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * (cross @ cross))


def _right_angles(right: Vector, down: Vector) -> tuple[Vector, Vector]:
    """Two directions made exact unit vectors at right angles, the first one kept."""
    first = np.array(right) / np.linalg.norm(right)
    second = np.array(down) - first * (first @ down)
    return _vector(first), _vector(second / np.linalg.norm(second))


def _opposite(direction: Vector) -> Vector:
    x, y, z = direction
    # Plain zeros instead of negative ones.
    return 0.0 - x, 0.0 - y, 0.0 - z


def _vector(values: ArrayLike) -> Vector:
    x, y, z = map(float, np.asarray(values))
    return x, y, z
