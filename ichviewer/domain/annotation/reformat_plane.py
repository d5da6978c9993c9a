"""The plane of a reformat as something that is drawn and measured on: its pixels again, from what is kept of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.image_grid import ImageGrid, ImageValues, SpacingTrust
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.geometry import PixelSpacing, Plane, Vector, cross
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import whole_plane
from ichviewer.domain.slab import Slab
from ichviewer.domain.volume_geometry import VolumeGeometry

SAME_PLANE_DEG = 1.0
"""Planes that are turned by no more show the same."""
_EXACT_MM, _EXACT_DEG = 1e-3, 1e-3
"""Within the rounding of what is kept."""


def place_of(view: PlaneView, slab: Slab | None, frame_of_reference_uid: str) -> OnReformat:
    """What is kept of a view: enough for `view_of` to find its pixels again."""
    return OnReformat(frame_of_reference_uid, view.center_mm, view.right, view.down, slab)


def view_of(place: OnReformat, geometry: VolumeGeometry) -> PlaneView:
    """The view of a plane that was drawn on: all of the volume in it, pixel for pixel as it was shown."""
    return whole_plane(PlaneView.facing(place.center_mm, place.right, place.down), geometry)


def plane_grid(view: PlaneView, trust: SpacingTrust = SpacingTrust.MEASURED) -> ImageGrid:
    """How the pixels of a view lie in the patient."""
    x, y, z = map(float, view.mm_at(0, 0))
    plane = Plane((x, y, z), view.right, view.down)
    return ImageGrid(plane, PixelSpacing(view.pixel_mm, view.pixel_mm), trust)


def plane_values(hu: NDArray[np.float32], *, are_hu: bool = True) -> ImageValues:
    """Values of a plane, shape (rows, columns), NaN where there is no image."""
    return ImageValues(hu, np.isnan(hu), are_hu)


@dataclass(frozen=True)
class Apart:
    """How a plane on screen lies to one that was drawn on.

    Parameters
    ----------
    distance_mm : float
        The largest distance of a point that was drawn from the plane on screen.
    angle_deg : float
        Between the two.
    """

    distance_mm: float
    angle_deg: float

    @property
    def is_exact(self) -> bool:
        """Whether they are one plane."""
        return self.distance_mm <= _EXACT_MM and self.angle_deg <= _EXACT_DEG


def apart(place: OnReformat, points: NDArray[np.float64], view: PlaneView) -> Apart:
    """How a view lies to a plane, seen from points on that plane, shape (n, 3) in patient mm."""
    distances = np.abs((points - np.array(view.center_mm)) @ np.array(view.normal))
    return Apart(float(distances.max(initial=0.0)), angle_deg(place, view))


def angle_deg(place: OnReformat, view: PlaneView) -> float:
    """Between a view and a plane, 0 to 90 degrees."""
    # Of the sine as well: the cosine of a small angle is one.
    cosine = abs(sum(a * b for a, b in zip(place.normal, view.normal, strict=True)))
    return math.degrees(math.atan2(math.hypot(*cross(place.normal, view.normal)), cosine))


def shows_plane(
    place: OnReformat, points: NDArray[np.float64], view: PlaneView, slab: Slab | None, step_mm: float
) -> bool:
    """Whether a view with a slab shows what was drawn on a plane.

    Parameters
    ----------
    place : OnReformat
    points : ndarray of float64, shape (n, 3)
        What was drawn, in patient mm.
    view : PlaneView
    slab : Slab or None
        It must be the very slab that was drawn on: another one shows other HU.
    step_mm : float
        From one plane to the next (see `VolumeGeometry.natural_step_mm`): half of it is the farthest that a point may
        lie off.
    """
    if place.slab != slab or angle_deg(place, view) > SAME_PLANE_DEG:
        return False
    return apart(place, points, view).distance_mm <= step_mm / 2


def onto_plane(place: OnReformat, points: NDArray[np.float64]) -> tuple[Vector, ...]:
    """Points, shape (n, 3) in patient mm, dropped onto a plane along its normal."""
    normal = np.array(place.normal)
    along = (points - np.array(place.center_mm)) @ normal
    dropped = points - along[:, None] * normal
    return tuple((x, y, z) for x, y, z in dropped.tolist())
