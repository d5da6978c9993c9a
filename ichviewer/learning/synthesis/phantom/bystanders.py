"""What is in a head besides brain and blood: old and fresh infarcts, white matter disease, calcium, drains, surgery.

All of it can be taken for blood or hide blood, and a clean twin has it just as the bleeding head does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    ellipsoid,
    paint,
    ramp,
    rise,
    smooth_field,
    tube,
)
from ichviewer.learning.synthesis.phantom.frame import Location

Point = tuple[float, float, float]

_SCALP_HU = 35.0


@dataclass(frozen=True)
class Infarct:
    """Brain that died: dark for hours to weeks, then as fluid.

    Parameters
    ----------
    center_mm, radii_mm : tuple of float
        x, y, z in head coordinates, and half axes before the outline is made irregular.
    hu : float
        Its value.
    share : float
        How much of the tissue's own value is lost, 0..1.
    lobes_mm : float
        How irregular its outline is.
    soft_mm : float
        Width of its edge.
    cerebellar : bool
        Whether it is one of the cerebellum and the stem rather than of the cerebrum.
    """

    center_mm: Point
    radii_mm: Point
    hu: float
    share: float = 1.0
    lobes_mm: float = 2.0
    soft_mm: float = 3.0
    cerebellar: bool = False

    def __post_init__(self) -> None:
        if min(self.radii_mm) <= 0 or self.soft_mm <= 0 or not 0 <= self.share <= 1:
            raise ValueError(f"an infarct needs a size, an edge and a share within 0..1. Received: {self}")


@dataclass(frozen=True)
class Calcium:
    """A calcification in the brain, the falx or the plexus.

    Parameters
    ----------
    center_mm, radii_mm : tuple of float
        x, y, z in head coordinates, and half axes.
    hu : float
        Value of its core.
    patchy : float
        0 solid, 1 finely broken up.
    """

    center_mm: Point
    radii_mm: Point
    hu: float
    patchy: float = 0.5


@dataclass(frozen=True)
class Tube:
    """A catheter, a coil or a clip: a rod of plastic or metal.

    Parameters
    ----------
    path : tuple of (x, y, z)
        Its course in head coordinates.
    radius_mm : float
    hu : float
    """

    path: tuple[Point, ...]
    radius_mm: float
    hu: float

    def __post_init__(self) -> None:
        if len(self.path) < 2 or self.radius_mm <= 0:
            raise ValueError(f"a tube needs two points and a radius. Received: {self}")


@dataclass(frozen=True)
class Opening:
    """A burr hole, or the cuts around a bone flap, or a flap that is missing.

    Parameters
    ----------
    center_mm : tuple of float
        A point on the skull.
    radius_mm : float
    cut_mm : float
        Width of the cut around the flap; 0 takes out the whole disk.
    """

    center_mm: Point
    radius_mm: float
    cut_mm: float = 0.0

    def share(self, points: Points) -> Array:
        """Share of the bone that is gone."""
        normal = np.asarray(self.center_mm) - (0.0, 0.0, min(self.center_mm[2], 45.0))
        normal = normal / np.sqrt((normal * normal).sum())
        u, v, w = (
            c - np.float32(o) for c, o in zip((points.x, points.y, points.z), self.center_mm, strict=True)
        )
        along = u * np.float32(normal[0]) + v * np.float32(normal[1]) + w * np.float32(normal[2])
        across = np.sqrt(np.maximum(u * u + v * v + w * w - along * along, 0))
        inside = self.radius_mm - across
        if self.cut_mm > 0:
            inside = self.cut_mm / 2 - np.abs(inside)
        result: Array = ramp(inside, 1.0) * (along > -45)
        return result


@dataclass(frozen=True)
class Bystanders:
    """All such things in one head; none by default.

    Parameters
    ----------
    infarcts : tuple of Infarct
    calcium : tuple of Calcium
    tubes : tuple of Tube
    openings : tuple of Opening
    white_disease : float
        How far the white matter around the ventricles has darkened, 0..1.
    """

    infarcts: tuple[Infarct, ...] = ()
    calcium: tuple[Calcium, ...] = ()
    tubes: tuple[Tube, ...] = ()
    openings: tuple[Opening, ...] = ()
    white_disease: float = 0.0


class Surroundings:
    """The bystanders of one head as something to paint.

    Parameters
    ----------
    seed : int
        Draws outlines.
    bystanders : Bystanders
    """

    def __init__(self, seed: int, bystanders: Bystanders) -> None:
        self._all = bystanders
        self._lobes = smooth_field(seed, "infarct lobes", 7.0)
        self._grain = smooth_field(seed, "calcium grain", 2.0, 1.0)

    def paint_tissue(self, hu: Array, brain: Points, *, ventricle_mm: Array, ribbon: Array) -> None:
        """Darken the brain in place.

        Parameters
        ----------
        hu : ndarray of float32
            Values at the points.
        brain : Points
            In the coordinates of the unshifted brain.
        ventricle_mm : ndarray of float32
            Depth within the ventricles, negative outside.
        ribbon : ndarray of float32
            Share of grey matter.
        """
        x, y, z = brain.x, brain.y, brain.z
        if self._all.white_disease > 0:
            lobes = self._lobes.at(x, y, z)
            halo = rise(ventricle_mm + 3 * lobes, -5 - 12 * self._all.white_disease, -1.0)
            paint(hu, halo * (0.9 * self._all.white_disease) * (1 - ribbon), 18.0)
        self.paint_infarcts(hu, brain, cerebellar=False)

    def paint_infarcts(self, hu: Array, brain: Points, *, cerebellar: bool) -> None:
        """Darken the brain by the infarcts of cerebrum or cerebellum, in place."""
        x, y, z = brain.x, brain.y, brain.z
        for infarct in self._all.infarcts:
            if infarct.cerebellar is not cerebellar:
                continue
            shape = ellipsoid(x, y, z, infarct.center_mm, infarct.radii_mm)
            reach = max(infarct.lobes_mm, 0.1) * 3.5 + infarct.soft_mm
            near = np.flatnonzero(shape > -reach)
            if near.size:
                some = shape[near] + infarct.lobes_mm * self._lobes.at(x[near], y[near], z[near])
                hu[near] += (infarct.share * ramp(some, infarct.soft_mm)) * (infarct.hu - hu[near])

    def paint_calcium(self, hu: Array, brain: Points) -> None:
        """Paint calcium in place."""
        for calcium in self._all.calcium:
            shape = ellipsoid(brain.x, brain.y, brain.z, calcium.center_mm, calcium.radii_mm)
            near = np.flatnonzero(shape > -2)
            if near.size:
                grain = self._grain.at(brain.x[near], brain.y[near], brain.z[near])
                share = ramp(shape[near], 1.2) * rise(
                    grain, -2.2 + 2.4 * calcium.patchy, 2.4 * calcium.patchy - 1.2
                )
                hu[near] += share * (calcium.hu - hu[near])

    def paint_tubes(self, hu: Array, points: Points) -> None:
        """Paint tubes in place."""
        for pipe in self._all.tubes:
            self.paint_tube(hu, points, pipe)

    def paint_outside(self, hu: Array, bone: Array, points: Points, place: Location) -> None:
        """Open the skull and lay what runs through it, in place."""
        for opening in self._all.openings:
            gone = opening.share(points) * (place.inside_mm > -25)
            paint(hu, gone * np.minimum(bone, 1), _SCALP_HU)
            bone *= 1 - gone
        self.paint_tubes(hu, points)

    @staticmethod
    def paint_tube(hu: Array, points: Points, pipe: Tube) -> None:
        """Paint one tube in place."""
        low = np.min(pipe.path, axis=0) - pipe.radius_mm - 1
        high = np.max(pipe.path, axis=0) + pipe.radius_mm + 1
        near = np.ones(points.shape, bool)
        for coordinate, a, b in zip((points.x, points.y, points.z), low, high, strict=True):
            near &= (coordinate > a) & (coordinate < b)
        some = np.flatnonzero(near)
        if some.size:
            path = tuple((*point, pipe.radius_mm) for point in pipe.path)
            share = ramp(tube(points.x[some], points.y[some], points.z[some], path), 0.8)
            hu[some] += share * (pipe.hu - hu[some])
