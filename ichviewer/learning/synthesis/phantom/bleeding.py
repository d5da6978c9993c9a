"""Bleeds of more kinds than the demo study has: along falx and tentorium, anywhere in the brain, casts, cisterns.

Each says what it is, where it is, and what value it has at points of a `Scene`; `Head` paints them in order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.phantom.fields import Array, Field, Points, ellipsoid, plateau, ramp, rise
from ichviewer.learning.synthesis.phantom.frame import Location
from ichviewer.learning.synthesis.phantom.hindbrain import Hindbrain

_FALX_HALF_MM = 0.7
_NEAR_FALX_MM = 34.0
_NEAR_TENT_MM = 16.0


@dataclass(frozen=True, eq=False)
class Scene:
    """What is known of points inside the skull; every array has the shape of the points.

    Parameters
    ----------
    points, brain : Points
        In head coordinates, and in those of the unshifted brain.
    place : Location
    cavity : ndarray of float32
        Depth below the inner surface of the skull, mm.
    fluid, fossa_fluid, ventricle : ndarray of float32
        Share of fluid around the cerebrum, in the posterior fossa, and in the ventricles.
    hind : Hindbrain
    outline, lobes, clot : Field
        Random fields of about 3, 9 and 2.4 mm.
    """

    points: Points
    brain: Points
    place: Location
    cavity: Array
    fluid: Array
    fossa_fluid: Array
    ventricle: Array
    hind: Hindbrain
    outline: Field
    lobes: Field
    clot: Field

    def at(self, indices: NDArray[np.intp]) -> Scene:
        """Some of the points, by flat index."""
        return Scene(
            self.points.at(indices),
            self.brain.at(indices),
            self.place.at(indices),
            self.cavity[indices],
            self.fluid[indices],
            self.fossa_fluid[indices],
            self.ventricle[indices],
            self.hind.at(indices),
            self.outline,
            self.lobes,
            self.clot,
        )

    def texture(self, field: Field) -> Array:
        """Values of a random field at the points."""
        return field.at(self.points.x, self.points.y, self.points.z)


class Blood(ABC):
    """Blood of one kind in one place."""

    kind: ClassVar[Hemorrhage]
    """Its type."""

    @abstractmethod
    def reach(self, points: Points) -> NDArray[np.bool_]:
        """Where it or what it displaces may be, as truth values; rather too much than too little."""

    def pushed(self, points: Points) -> tuple[Array, Array, Array] | None:
        """What to add to coordinates of points to have those of the unmoved brain; None if it displaces nothing."""
        return None

    def surroundings(self, scene: Scene) -> tuple[Array, float] | None:
        """Share and value of what it does to the tissue around; None for nothing."""
        return None

    @abstractmethod
    def share(self, scene: Scene) -> Array:
        """Share of blood at the points of a scene, 0..1."""

    @abstractmethod
    def value_hu(self, scene: Scene) -> Array:
        """HU at the points of a scene, where there is blood."""


@dataclass(frozen=True)
class Clot:
    """What blood looks like.

    Parameters
    ----------
    hu : float
        Mean value.
    mottle_hu : float
        SD of its fine texture.
    swirl_hu : float
        How much darker its unclotted parts are, a few millimetres to centimetres wide.
    level_mm : float or None
        y in head coordinates from which on the cells have settled; None if they have not.
    settled_hu : float
        How much denser it is behind the level.
    """

    hu: float
    mottle_hu: float = 3.0
    swirl_hu: float = 0.0
    level_mm: float | None = None
    settled_hu: float = 0.0

    def at(self, scene: Scene) -> Array:
        """HU at the points of a scene."""
        value = self.hu + self.mottle_hu * scene.texture(scene.clot)
        if self.swirl_hu:
            value = value - self.swirl_hu * rise(scene.texture(scene.lobes), 0.2, 0.9)
        if self.level_mm is not None:
            value = value + self.settled_hu * rise(scene.points.y, self.level_mm - 3, self.level_mm + 3)
        result: Array = value
        return result


@dataclass(frozen=True)
class FalxBlood(Blood):
    """A subdural hematoma between falx and one hemisphere.

    Parameters
    ----------
    side : int
        1 left, -1 right.
    y_mm, z_mm : tuple of float
        From where to where along the falx.
    thickness_mm : float
        Greatest thickness.
    clot : Clot
    """

    side: int
    y_mm: tuple[float, float]
    z_mm: tuple[float, float]
    thickness_mm: float
    clot: Clot

    kind: ClassVar[Hemorrhage] = Hemorrhage.SUBDURAL

    def _profile(self, points: Points) -> Array:
        soft = 14.0
        spread = plateau(points.y, self.y_mm[0] + soft, self.y_mm[1] - soft, soft)
        spread = spread * plateau(points.z, self.z_mm[0] + 8, self.z_mm[1] - 8, 8.0)
        result: Array = self.thickness_mm * np.sqrt(spread)
        return result

    def reach(self, points: Points) -> NDArray[np.bool_]:
        """Where it or what it displaces may be."""
        side = points.x * self.side
        result: NDArray[np.bool_] = (side > -6) & (side < _NEAR_FALX_MM + 4) & (self._profile(points) > 0)
        return result

    def pushed(self, points: Points) -> tuple[Array, Array, Array] | None:
        """What to add to coordinates to have those of the unmoved brain."""
        side = points.x * self.side
        push = self._profile(points) * rise(side, _NEAR_FALX_MM, 2.0) * (side > 0)
        zero = np.zeros_like(push)
        return -self.side * push, zero, zero

    def share(self, scene: Scene) -> Array:
        """Share of blood, 0..1."""
        points = scene.points
        x = (0.45 * scene.brain.x + 0.55 * points.x) * self.side
        # The blend takes up part of the push; measure from where the falx is drawn.
        own = points.x * self.side
        profile = self._profile(points) * (1 + 0.22 * scene.texture(scene.lobes)) + 0.3 * scene.texture(
            scene.outline
        )
        y, cavity = points.y, scene.place.inside_mm
        falx = 20 + 14 * rise(y, -30, 40) + 60 * rise(y, 38, 46) * rise(points.z, 70, 50)
        band = np.minimum(profile + 0.4 - own, np.maximum(x, own) - 0.2)
        band = np.minimum(band, np.minimum(falx + 1 - cavity, points.z - 24))
        tent = ramp(-scene.hind.below_tentorium, 1.0)
        result: Array = ramp(band, 1.0) * rise(profile, 0.3, 1.1) * tent * ramp(scene.cavity - 0.4, 0.8)
        return result * (1 - scene.ventricle)

    def value_hu(self, scene: Scene) -> Array:
        """HU of the blood."""
        return self.clot.at(scene)


@dataclass(frozen=True)
class TentoriumBlood(Blood):
    """A subdural hematoma on the tentorium of one side.

    Parameters
    ----------
    side : int
        1 left, -1 right.
    thickness_mm : float
        Greatest thickness.
    y_mm : tuple of float
        From where to where.
    clot : Clot
    under : bool
        Below the tentorium instead of on it.
    """

    side: int
    thickness_mm: float
    y_mm: tuple[float, float]
    clot: Clot
    under: bool = False

    kind: ClassVar[Hemorrhage] = Hemorrhage.SUBDURAL

    def _profile(self, points: Points) -> Array:
        spread = plateau(points.y, self.y_mm[0] + 8, self.y_mm[1] - 8, 8.0)
        result: Array = self.thickness_mm * np.sqrt(spread * rise(points.x * self.side, 1.0, 7.0))
        return result

    def reach(self, points: Points) -> NDArray[np.bool_]:
        """Where it or what it displaces may be."""
        inside = (points.x * self.side > 0) & (points.z < 70) & (self._profile(points) > 0)
        result: NDArray[np.bool_] = inside
        return result

    def share(self, scene: Scene) -> Array:
        """Share of blood, 0..1."""
        above = -scene.hind.below_tentorium * (-1.0 if self.under else 1.0)
        profile = self._profile(scene.points) * (1 + 0.25 * scene.texture(scene.lobes))
        band = np.minimum(np.minimum(profile + 0.3 - above, above + 0.3), scene.hind.edge + 1.0)
        result: Array = ramp(band, 1.0) * rise(profile, 0.3, 1.1) * ramp(scene.cavity - 0.6, 0.8)
        return result * rise(scene.points.y, 4, 12)

    def value_hu(self, scene: Scene) -> Array:
        """HU of the blood."""
        return self.clot.at(scene)


@dataclass(frozen=True)
class Hematoma(Blood):
    """A bleed in the brain: deep, lobar, in the stem or in the cerebellum.

    Parameters
    ----------
    center_mm, radii_mm : tuple of float
        x, y, z in head coordinates, and half axes before the outline is made irregular.
    turn_deg : float
        Turned about z.
    lobes_mm, fringe_mm : float
        How irregular the outline is, coarsely and finely.
    rim_mm, rim_hu, rim_share : float
        Width of the edema around it, its value, and how much of it there is.
    where : str
        ``cerebrum``, ``cerebellum`` or ``stem``; blood keeps to its compartment.
    push : float
        How much it displaces, 0..1.
    clot : Clot
    """

    center_mm: tuple[float, float, float]
    radii_mm: tuple[float, float, float]
    clot: Clot
    turn_deg: float = 0.0
    lobes_mm: float = 2.0
    fringe_mm: float = 1.0
    rim_mm: float = 5.0
    rim_hu: float = 20.0
    rim_share: float = 0.7
    where: str = "cerebrum"
    push: float = 0.7

    kind: ClassVar[Hemorrhage] = Hemorrhage.INTRAPARENCHYMAL

    def __post_init__(self) -> None:
        if self.where not in {"cerebrum", "cerebellum", "stem"} or min(self.radii_mm) <= 0:
            raise ValueError(f"a hematoma needs a compartment and radii. Received: {self}")

    def _from_center(self, points: Points) -> tuple[Array, Array, Array]:
        u, v, w = (
            c - np.float32(o) for c, o in zip((points.x, points.y, points.z), self.center_mm, strict=True)
        )
        return u, v, w

    def _range_mm(self) -> float:
        return 2.2 * max(self.radii_mm) + 2 * self.lobes_mm + 2 * self.fringe_mm + self.rim_mm + 2

    def reach(self, points: Points) -> NDArray[np.bool_]:
        """Where it or what it displaces may be."""
        u, v, w = self._from_center(points)
        result: NDArray[np.bool_] = u * u + v * v + w * w < self._range_mm() ** 2
        return result

    def pushed(self, points: Points) -> tuple[Array, Array, Array] | None:
        """What to add to coordinates to have those of the unmoved brain."""
        u, v, w = self._from_center(points)
        # What lay at the center lies at the rim now; the displacement dies away at twice the radius.
        mean = float(np.cbrt(np.prod(self.radii_mm)))
        r = np.sqrt(u * u + v * v + w * w) + 1e-3
        inner = np.minimum(r / mean, 1.0)
        fade = np.square(np.clip((2.2 * mean - r) / (1.2 * mean), 0, 1))
        pull = (-0.45 * self.push * mean) * inner * fade / r
        return u * pull, v * pull, w * pull

    def _shape(self, scene: Scene) -> Array:
        u, v, w = self._from_center(scene.points)
        cos, sin = float(np.cos(np.deg2rad(self.turn_deg))), float(np.sin(np.deg2rad(self.turn_deg)))
        shape = ellipsoid(cos * u + sin * v, cos * v - sin * u, w, (0, 0, 0), self.radii_mm)
        shape = shape + self.lobes_mm * scene.texture(scene.lobes)
        result: Array = shape + self.fringe_mm * scene.texture(scene.outline)
        return result

    def _room(self, scene: Scene) -> Array:
        room = ramp(scene.cavity - 1.6, 1.0)
        if self.where == "cerebrum":
            room *= ramp(-scene.hind.below_tentorium - 0.5, 1.0)
        elif self.where == "cerebellum":
            room *= ramp(scene.hind.below_tentorium - 0.5, 1.0)
        else:
            room *= ramp(scene.hind.stem + 0.5, 1.0)
        # Blood does not cross from one hemisphere to the other but through the stem and the deep commissures.
        x, z = scene.brain.x, scene.brain.z
        if self.where == "cerebrum" and abs(self.center_mm[0]) > 4:
            room *= np.maximum(
                ramp(x * np.sign(self.center_mm[0]) - 0.8, 1.0), rise(z, 72, 64) * rise(z, 20, 28)
            )
        return room

    def surroundings(self, scene: Scene) -> tuple[Array, float] | None:
        """Share and value of the edema around it."""
        if self.rim_share <= 0:
            return None
        edema = rise(self._shape(scene), -self.rim_mm, -0.5) * (1 - 0.5 * scene.fluid) * self._room(scene)
        return self.rim_share * edema, self.rim_hu

    def share(self, scene: Scene) -> Array:
        """Share of blood, 0..1."""
        result: Array = ramp(self._shape(scene), 1.8) * self._room(scene) * (1 - 0.85 * scene.ventricle)
        return result

    def value_hu(self, scene: Scene) -> Array:
        """HU of the blood."""
        # Toward its edge a clot is a little less dense.
        return self.clot.at(scene) - 4 * rise(self._shape(scene), 3, 0)


@dataclass(frozen=True)
class FluidBlood(Blood):
    """Subarachnoid blood in all fluid of a region, above and below the tentorium.

    Parameters
    ----------
    center_mm, radii_mm : tuple of float
        x, y, z in head coordinates, and half axes.
    clot : Clot
    fill : float
        How much of the fluid is blood, 0..1.
    patchy : float
        0 fills the region evenly, 1 leaves half of it out.
    """

    center_mm: tuple[float, float, float]
    radii_mm: tuple[float, float, float]
    clot: Clot
    fill: float = 1.0
    patchy: float = 0.5

    kind: ClassVar[Hemorrhage] = Hemorrhage.SUBARACHNOID

    def reach(self, points: Points) -> NDArray[np.bool_]:
        """Where it or what it displaces may be."""
        k = [
            np.square((c - o) * (1 / (r + 9)))
            for c, o, r in zip((points.x, points.y, points.z), self.center_mm, self.radii_mm, strict=True)
        ]
        result: NDArray[np.bool_] = k[0] + k[1] + k[2] < 1
        return result

    def share(self, scene: Scene) -> Array:
        """Share of blood, 0..1."""
        p = scene.points
        shape = ellipsoid(p.x, p.y, p.z, self.center_mm, self.radii_mm)
        patches = scene.texture(scene.lobes)
        region = rise(shape + 3.0 * patches, -1.0, 3.0) * rise(
            patches, -2.4 + 2.4 * self.patchy, 2.8 * self.patchy - 2.0
        )
        fluid = np.maximum(scene.fluid * ramp(-scene.hind.below_tentorium, 1.0), scene.fossa_fluid)
        result: Array = self.fill * fluid * region * (1 - scene.ventricle)
        return result * ramp(scene.cavity - 0.3, 0.8)

    def value_hu(self, scene: Scene) -> Array:
        """HU of the blood."""
        return self.clot.at(scene)


@dataclass(frozen=True)
class VentricleBlood(Blood):
    """Blood in a part of the ventricles: settled behind a level, or a cast that fills all of it.

    Parameters
    ----------
    center_mm, radii_mm : tuple of float
        The part, an ellipsoid in head coordinates.
    level_mm : float
        y in head coordinates behind which there is blood; below -100 it fills the part.
    clot : Clot
    ragged_mm : float
        How uneven the level is: 0 a fluid level, more a clot.
    """

    center_mm: tuple[float, float, float]
    radii_mm: tuple[float, float, float]
    level_mm: float
    clot: Clot
    ragged_mm: float = 0.5

    kind: ClassVar[Hemorrhage] = Hemorrhage.INTRAVENTRICULAR

    def reach(self, points: Points) -> NDArray[np.bool_]:
        """Where it or what it displaces may be."""
        k = [
            np.square((c - o) * (1 / (r + 3)))
            for c, o, r in zip((points.x, points.y, points.z), self.center_mm, self.radii_mm, strict=True)
        ]
        result: NDArray[np.bool_] = (k[0] + k[1] + k[2] < 1) & (
            points.y > self.level_mm - 3 * self.ragged_mm - 3
        )
        return result

    def share(self, scene: Scene) -> Array:
        """Share of blood, 0..1."""
        p = scene.points
        shape = ellipsoid(p.x, p.y, p.z, self.center_mm, self.radii_mm)
        behind = p.y - self.level_mm + self.ragged_mm * scene.texture(scene.outline)
        result: Array = scene.ventricle * ramp(shape, 2.0) * ramp(behind, 1.6)
        return result

    def value_hu(self, scene: Scene) -> Array:
        """HU of the blood."""
        return self.clot.at(scene)
