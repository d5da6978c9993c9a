"""A whole head as a function of space: HU and the share of blood at any points."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.base import BaseDepth, SkullBase
from ichviewer.learning.synthesis.phantom.bleeding import Blood, Scene
from ichviewer.learning.synthesis.phantom.bystanders import Bystanders, Surroundings
from ichviewer.learning.synthesis.phantom.cortex import Cortex
from ichviewer.learning.synthesis.phantom.face import Face
from ichviewer.learning.synthesis.phantom.fields import (
    Array,
    Points,
    borrowing,
    ellipsoid,
    meet,
    paint,
    ramp,
    rise,
    smooth_field,
    tube,
    union,
)
from ichviewer.learning.synthesis.phantom.frame import HeadFrame, Location
from ichviewer.learning.synthesis.phantom.hindbrain import Hindbrain, HindbrainModel
from ichviewer.learning.synthesis.phantom.lesions import Bleeds
from ichviewer.learning.synthesis.phantom.meninges import paint_meninges
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Cap, Injuries
from ichviewer.learning.synthesis.phantom.skull import Skull
from ichviewer.learning.synthesis.phantom.soft import SoftTissue
from ichviewer.learning.synthesis.phantom.ventricles import Ventricles

_AIR_HU = -1000.0
_EDGE_MM = 0.9
_WALL_MM = 0.8
_OVERLAP_MM = 1.0
"""How far to either side of the inner table both rooms are evaluated; more than half of `_WALL_MM`."""
_FAR_MM = 60
_ABOVE_VENTRICLES_MM = 88.0
_EARS_END_Z_MM = 44.0


@dataclass(frozen=True, eq=False)
class Sample:
    """What a head is at some points; every array has the shape of the points.

    Parameters
    ----------
    hu : ndarray of float32
    bone : ndarray of float32
        Share of bone, 0..1.
    blood : dict of Hemorrhage to ndarray of float32
        Share of each type of blood, 0..1; all five types.
    outside_hu, outside_bone : ndarray of float32
        The same without what lies inside the skull.
    """

    hu: Array
    bone: Array
    blood: dict[Hemorrhage, Array]
    outside_hu: Array
    outside_bone: Array


class Head:
    """One head, with its bleeds.

    The same anatomy with other injuries, or none, is the same head: nothing but the bleeds and what they push aside
    differs.

    Parameters
    ----------
    anatomy : Anatomy
    injuries : Injuries
    bystanders : Bystanders or None
        What else is in it.
    """

    def __init__(
        self, anatomy: Anatomy, injuries: Injuries | None = None, bystanders: Bystanders | None = None
    ) -> None:
        self.anatomy = anatomy
        self._others = None if bystanders is None else Surroundings(anatomy.seed, bystanders)
        self.injuries = injuries or Injuries()
        self._quick = borrowing()
        self._frame = HeadFrame(anatomy)
        self._base = SkullBase(anatomy)
        self._skull = Skull(anatomy, self._base, self.injuries.fractures)
        self._face = Face(anatomy)
        self._soft = SoftTissue(anatomy, self.injuries.fractures)
        self._cortex = Cortex(anatomy)
        self._ventricles = Ventricles(anatomy)
        self._hindbrain = HindbrainModel(anatomy)
        self._bleeds = Bleeds(anatomy.seed, self.injuries)
        self._warp = [smooth_field(anatomy.seed, f"brain warp {axis}", 16.0) for axis in "xyz"]
        self._slow = smooth_field(anatomy.seed, "tissue", 7.0)
        self._fine = smooth_field(anatomy.seed, "fine tissue", 2.0, 1.4)

    def injured(self, injuries: Injuries) -> Head:
        """Return the same head with other injuries, or with none; cheaper than making it anew."""
        other = copy(self)
        other.injuries = injuries
        other._skull = self._skull.fractured(injuries.fractures)
        other._soft = self._soft.swollen(injuries.fractures)
        other._bleeds = self._bleeds.of(injuries)
        return other

    def sample(self, points: Points, twin: Sample | None = None) -> Sample:
        """Evaluate the head at points.

        Parameters
        ----------
        points : Points
            One at least, of any shape; the result at a point does not depend on the others.
        twin : Sample or None
            What the same head with the same fractures but other bleeds is at the same points; spares the work of
            everything outside the brain's room.
        """
        place = self._frame.locate(points)
        floor = self._base.depth(points)
        cavity = np.minimum(place.inside_mm, floor.above_mm).ravel()
        hu = np.full(cavity.shape, _AIR_HU, dtype=np.float32)
        bone = np.zeros(cavity.shape, np.float32)
        blood = {kind: np.zeros(cavity.shape, np.float32) for kind in TYPES}
        # Most points lie deep in the brain or well outside it; each is spared the other's work.
        outer = cavity < _OVERLAP_MM
        if self._quick:
            outer &= place.skin_mm.ravel() > -self._air_from_mm(points)
        shell = np.flatnonzero(outer)
        if twin is not None:
            hu, bone = twin.outside_hu.ravel().copy(), twin.outside_bone.ravel().copy()
        elif shell.size:
            hu[shell], bone[shell] = self._outside(
                points.at(shell), place.at(shell), floor.at(shell), cavity[shell]
            )
        outside = (hu.copy(), bone.copy())
        room = np.flatnonzero(cavity > -_OVERLAP_MM)
        if twin is not None:
            reach = self._bleeds.reach(points.at(room), place.at(room))
            if reach is not None:
                # Where no blood is near, the twin is the same.
                far = room[~reach]
                hu[far], bone[far] = twin.hu.ravel()[far], twin.bone.ravel()[far]
                room = room[reach]
        if room.size:
            content, shares = self._content(points.at(room), place.at(room), floor.at(room).above_mm)
            share = ramp(cavity[room], _WALL_MM)
            hu[room] += share * (content - hu[room])
            bone[room] *= 1 - share
            for kind, part in shares.items():
                blood[kind][room] = part * share
        return Sample(
            hu.reshape(points.shape),
            bone.reshape(points.shape),
            {kind: part.reshape(points.shape) for kind, part in blood.items()},
            *(part.reshape(points.shape) for part in outside),
        )

    def _air_from_mm(self, points: Points) -> float:
        """How far from the smooth skin there is nothing but air: beyond nose, ears, wrinkles and swellings."""
        swelling = max((fracture.swelling_mm for fracture in self.injuries.fractures), default=0.0)
        return swelling + (20.0 if float(points.z.min()) < _EARS_END_Z_MM else 5.0)

    def _outside(
        self, points: Points, place: Location, floor: BaseDepth, cavity: Array
    ) -> tuple[Array, Array]:
        """HU and share of bone outside the brain's room."""
        hu = np.full(points.shape, _AIR_HU, dtype=np.float32)
        self._soft.paint(hu, points, place, self._soft.surface(points, place))
        bone = self._skull.paint(hu, points, place, floor)
        bone = np.maximum(bone, self._face.paint(hu, points, place, cavity))
        if self._others is not None:
            self._others.paint_outside(hu, bone, points, place)
        return hu, bone

    def _content(
        self, points: Points, place: Location, floor_mm: Array
    ) -> tuple[Array, dict[Hemorrhage, Array]]:
        """HU and blood inside the skull."""
        anatomy = self.anatomy
        cavity = np.minimum(place.inside_mm, floor_mm)
        subdural, epidural = self._bleeds.thickness_mm(points, place)
        filled = subdural + epidural
        moved = self._bleeds.displaced(points, place, filled)
        bend = [field.at(moved.x, moved.y, moved.z) for field in self._warp]
        brain = Points(
            moved.x + 1.5 * bend[0],
            moved.y + 1.8 * bend[1],
            moved.z + 1.8 * bend[2],
        )
        slow = self._slow.at(brain.x, brain.y, brain.z)
        fine = self._fine.at(brain.x, brain.y, brain.z)
        rim = (0.7 + 1.9 * anatomy.atrophy) + 0.45 * slow
        rim = rim * (0.8 + 0.5 * rise(np.abs(place.azimuth_deg), 80, 20))
        rim = np.maximum(rim, 0.3) * (1 - 0.8 * rise(filled, 0.0, 4.0))
        surface = np.minimum(place.inside_mm - filled, floor_mm) - 0.6 - rim
        hind = self._hindbrain.at(brain, surface)
        tight = self._bleeds.tightness(points, subdural, epidural)
        hu, fluid, ventricle = self._forebrain(brain, surface, hind, slow=slow, fine=fine, tight=tight)
        fossa_fluid = self._posterior_fossa(hu, brain, surface, hind, fine)
        if self._others is not None:
            self._others.paint_infarcts(hu, brain, cerebellar=True)
        self._paint_deep(hu, brain, ventricle)
        paint_meninges(hu, points, brain, place, hind=hind, anatomy=anatomy)
        if self._others is not None:
            self._others.paint_calcium(hu, brain)
        blood = self._bleed(
            hu, points, place, cavity=cavity, walls=(subdural, epidural), fluids=(fluid, ventricle), hind=hind
        )
        if self.injuries.further:
            scene = Scene(
                points, brain, place, cavity, fluid, fossa_fluid, ventricle, hind, *self._bleeds.textures
            )
            self._bleed_further(hu, scene, blood, self.injuries.further)
        if self._others is not None:
            self._others.paint_tubes(hu, points)
        return hu, blood

    def _forebrain(
        self,
        brain: Points,
        surface: Array,
        hind: Hindbrain,
        *,
        slow: Array,
        fine: Array,
        tight: Array | None,
    ) -> tuple[Array, Array, Array]:
        """HU of the cerebrum, share of fluid around it, share of the ventricles."""
        anatomy = self.anatomy
        xa, y, z = np.abs(brain.x), brain.y, brain.z
        folds = self._cortex.folds(brain, surface, tight)
        tent = np.where(hind.edge > 0, -hind.below_tentorium - 0.4, _FAR_MM)
        fluid = meet(surface, folds.sulci, folds.sylvian, folds.midline, tent, -hind.cistern)
        white = anatomy.white_hu + 0.7 * slow + 0.5 * fine
        grey = anatomy.grey_hu + 0.8 * fine
        ribbon = ramp(3.1 + 0.6 * slow - fluid, 2.4)
        ribbon = np.maximum(ribbon, self._nuclei(xa, y, z))
        hu = white + ribbon * (grey - white)
        share = ramp(-fluid, _EDGE_MM)
        paint(hu, share, anatomy.csf_hu + 1.5 * fine)
        v = self._ventricles
        if self._quick and float(z.min()) > _ABOVE_VENTRICLES_MM * max(1.0, anatomy.ventricles):
            ventricle = np.full(z.shape, -_FAR_MM, np.float32)
        else:
            ventricle = union(v.lateral(xa, y, z), v.third(xa, y, z), v.fourth(xa, y, z))
        ventricle = ventricle + 0.3 * fine + 0.5 * slow
        # White matter around the ventricles darkens with age.
        halo = rise(ventricle, -9.0, -0.5) * (0.55 * anatomy.atrophy) * (1 - ribbon)
        paint(hu, halo, 19.0)
        if self._others is not None:
            self._others.paint_tissue(hu, brain, ventricle_mm=ventricle, ribbon=np.maximum(ribbon, share))
        return hu, share, ramp(ventricle, _EDGE_MM)

    @staticmethod
    def _nuclei(xa: Array, y: Array, z: Array) -> Array:
        """Share of the deep grey matter: caudate, lentiform nucleus, thalamus, and between them none."""
        thalamus = ellipsoid(xa - 0.30 * (y - 6), y, z, (10.5, 7, 46), (7.5, 15, 9.5))
        caudate = ellipsoid(xa - 0.22 * (y + 22), y, z, (13.0, -22, 51), (5.2, 9.5, 10))
        tail = tube(xa, y, z, ((15, -12, 60, 2.6), (18, 6, 64, 2.0), (24, 22, 61, 1.4)))
        lean = xa - 0.20 * (y + 4)
        lentiform = ellipsoid(lean, y, z, (26.5, -5, 44), (6.6, 16.5, 10.5))
        nearest = union(thalamus, caudate, tail, lentiform)
        return 0.92 * ramp(nearest, 2.2)

    def _posterior_fossa(
        self, hu: Array, brain: Points, surface: Array, hind: Hindbrain, fine: Array
    ) -> Array:
        """Paint cerebellum and brain stem in place, and return the share of the fluid around them."""
        anatomy = self.anatomy
        xa, y = np.abs(brain.x), brain.y
        below = ramp(hind.cerebellum, _EDGE_MM)
        if not below.any() and not (hind.stem > -1).any():
            return below
        depth = meet(surface - 0.3, hind.cerebellum - 0.4, -hind.cistern)
        # The notch between the hemispheres behind, kept open by the falx cerebelli.
        notch = np.maximum(xa - 1.0 - 3.0 * rise(y, 62, 80), 58 - y)
        depth = np.minimum(depth, notch)
        tissue = (anatomy.grey_hu - 1.5) + 0.8 * fine
        core = rise(depth, 8, 14) * rise(np.abs(xa - 20), 17, 9)
        tissue = tissue - 6.0 * core
        lines = hind.folia * rise(depth, 24, 10)
        tissue = tissue - (26.0 * (0.4 + anatomy.atrophy) * anatomy.folia) * lines
        around = ramp(-depth, _EDGE_MM)
        paint(tissue, around, anatomy.csf_hu + 1.0)
        paint(hu, below, tissue)
        open_to_stem = ramp(hind.stem, 1.2)
        paint(hu, open_to_stem, 32.5 + 0.8 * fine)
        return around * below * (1 - open_to_stem)

    def _paint_deep(self, hu: Array, brain: Points, ventricle: Array) -> None:
        xa, y, z = np.abs(brain.x), brain.y, brain.z
        paint(hu, ventricle, self.anatomy.csf_hu)
        v = self._ventricles
        paint(hu, ramp(v.septum(xa, y, z), 0.8) * ventricle, 24.0)
        plexus = ramp(v.plexus(xa, y, z), 1.0) * ventricle
        paint(hu, plexus, 38.0)
        if self.anatomy.choroid_hu is not None:
            glomus = ellipsoid(brain.x, y, z, (25.5, 34, 50.5), (2.0, 2.8, 2.2))
            other = ellipsoid(brain.x, y, z, (-24.5, 33, 51.5), (1.6, 2.2, 2.0))
            paint(hu, ramp(np.maximum(glomus, other), 1.2) * 0.9, self.anatomy.choroid_hu)
        if self.anatomy.pineal_hu is not None:
            gland = ramp(ellipsoid(brain.x, y, z, (0.6, 21, 43), (2.0, 2.4, 2.6)), 1.2)
            paint(hu, gland, self.anatomy.pineal_hu)

    def _bleed(
        self,
        hu: Array,
        points: Points,
        place: Location,
        *,
        cavity: Array,
        walls: tuple[Array, Array],
        fluids: tuple[Array, Array],
        hind: Hindbrain,
    ) -> dict[Hemorrhage, Array]:
        """Paint all blood in place, and return the share of each type."""
        bleeds, injuries = self._bleeds, self.injuries
        subdural, epidural = walls
        fluid, ventricle = fluids
        blood = {kind: np.zeros(points.shape, np.float32) for kind in TYPES}

        def add(kind: Hemorrhage, share: Array, value: Array) -> None:
            paint(hu, share, value)
            for other in blood:
                blood[other] *= 1 - share
            blood[kind] += share

        forebrain = ramp(-hind.below_tentorium, 1.0)
        for contusion in injuries.intraparenchymal:
            shape = bleeds.contusion_mm(points, contusion)
            tissue = 1 - fluid * 0.5
            edema = rise(shape, -contusion.rim_mm, -1.0) * tissue * ramp(cavity - 3, 2)
            paint(hu, edema * 0.85, 20.0)
            core = ramp(shape, 2.2) * ramp(cavity - 2.0, 1.0) * forebrain
            add(Hemorrhage.INTRAPARENCHYMAL, core, bleeds.clot_hu(points, contusion.hu, 8.0))
        for patch in injuries.subarachnoid:
            share = fluid * bleeds.region(points, patch) * forebrain * (1 - ventricle)
            add(Hemorrhage.SUBARACHNOID, share, bleeds.clot_hu(points, patch.hu, 4.0))
        for level in injuries.intraventricular:
            add(
                Hemorrhage.INTRAVENTRICULAR,
                ventricle * bleeds.sediment(points, level),
                bleeds.clot_hu(points, level.hu, 2.5),
            )
        for hygroma in injuries.hygromas:
            own = bleeds.crescent_mm(points, place, hygroma)
            band = np.minimum(subdural + epidural - place.inside_mm + 0.6, cavity - epidural - 0.3)
            paint(hu, ramp(band, 1.0) * rise(own, 0.3, 1.2) * forebrain, hygroma.hu)
        alone = len(injuries.subdural) + len(injuries.hygromas) == 1
        for crescent in injuries.subdural:
            own = subdural if alone else bleeds.crescent_mm(points, place, crescent)
            band = np.minimum(own + epidural - place.inside_mm + 0.6, cavity - epidural - 0.3)
            share = ramp(band, 1.0) * rise(own, 0.3, 1.2) * forebrain
            add(Hemorrhage.SUBDURAL, share, bleeds.crescent_hu(points, crescent))
        for lens in injuries.epidural:
            own = epidural if len(injuries.epidural) == 1 else bleeds.epidural_mm(points, place, lens)
            band = np.minimum(own - place.inside_mm, cavity + 0.5)
            share = ramp(band, 1.0) * rise(own, 0.3, 1.0)
            value = bleeds.clot_hu(points, lens.hu, 4.0)
            if isinstance(lens, Cap) and lens.swirl_hu:
                value = value - lens.swirl_hu * rise(bleeds.lobes(points), 0.3, 0.9)
            add(Hemorrhage.EPIDURAL, share, value)
        return blood

    @staticmethod
    def _bleed_further(
        hu: Array, scene: Scene, blood: dict[Hemorrhage, Array], bleeds: tuple[Blood, ...]
    ) -> None:
        """Paint the bleeds of other kinds in place, and put their shares to the others."""
        near = [np.flatnonzero(bleed.reach(scene.points)) for bleed in bleeds]
        parts = [scene.at(indices) for indices in near]
        for bleed, part, indices in zip(bleeds, parts, near, strict=True):
            edema = bleed.surroundings(part) if indices.size else None
            if edema is not None:
                hu[indices] += edema[0] * (edema[1] - hu[indices])
        for bleed, part, indices in zip(bleeds, parts, near, strict=True):
            if indices.size:
                share = bleed.share(part)
                hu[indices] += share * (bleed.value_hu(part) - hu[indices])
                for other in blood.values():
                    other[indices] *= 1 - share
                blood[bleed.kind][indices] += share
