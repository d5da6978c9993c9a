"""A whole head as a function of space: HU and the share of blood at any points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.base import SkullBase
from ichviewer.learning.synthesis.phantom.cortex import Cortex
from ichviewer.learning.synthesis.phantom.face import Face
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
from ichviewer.learning.synthesis.phantom.frame import HeadFrame, Location
from ichviewer.learning.synthesis.phantom.hindbrain import Hindbrain, HindbrainModel
from ichviewer.learning.synthesis.phantom.lesions import Bleeds
from ichviewer.learning.synthesis.phantom.parameters import Anatomy, Injuries
from ichviewer.learning.synthesis.phantom.skull import Skull
from ichviewer.learning.synthesis.phantom.soft import SoftTissue
from ichviewer.learning.synthesis.phantom.ventricles import Ventricles

_EDGE_MM = 0.9
_DURA_HU, _SINUS_HU, _VESSEL_HU = 50.0, 52.0, 41.0
_FAR_MM = np.float32(60)


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
    """

    hu: Array
    bone: Array
    blood: dict[Hemorrhage, Array]


class Head:
    """One head, with its bleeds.

    The same anatomy with other injuries, or none, is the same head: nothing but the bleeds and what they push aside
    differs.

    Parameters
    ----------
    anatomy : Anatomy
    injuries : Injuries
    """

    def __init__(self, anatomy: Anatomy, injuries: Injuries | None = None) -> None:
        self.anatomy = anatomy
        self.injuries = injuries or Injuries()
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

    def sample(self, points: Points) -> Sample:
        """Evaluate the head at points."""
        place = self._frame.locate(points)
        floor = self._base.depth(points)
        cavity = np.minimum(place.inside_mm, floor.above_mm)
        hu = np.full(points.shape, -1000.0, dtype=np.float32)
        self._soft.paint(hu, points, place, self._soft.surface(points, place))
        bone = self._skull.paint(hu, points, place, floor)
        bone = np.maximum(bone, self._face.paint(hu, points, place, cavity))
        blood = {kind: np.zeros(points.shape, np.float32) for kind in TYPES}
        room = np.flatnonzero(cavity.ravel() > -1.0)
        if room.size:
            inner = Points(*(c.ravel()[room] for c in (points.x, points.y, points.z)))
            there = Location(
                *(
                    a.ravel()[room]
                    for a in (
                        place.azimuth_deg,
                        place.s_mm,
                        place.inside_mm,
                        place.bone_mm,
                        place.skin_mm,
                        place.radius_mm,
                    )
                )
            )
            content, shares = self._content(inner, there, floor.above_mm.ravel()[room])
            share = ramp(cavity.ravel()[room], 0.8)
            flat = hu.reshape(-1)
            flat[room] += share * (content - flat[room])
            bone.reshape(-1)[room] *= np.float32(1) - share
            for kind, part in shares.items():
                blood[kind].reshape(-1)[room] = part * share
        return Sample(hu, bone, blood)

    def _content(self, points: Points, place: Location, floor_mm: Array) -> tuple[Array, dict[Hemorrhage, Array]]:
        """HU and blood inside the skull."""
        anatomy = self.anatomy
        cavity = np.minimum(place.inside_mm, floor_mm)
        subdural, epidural = self._bleeds.thickness_mm(points, place)
        filled = subdural + epidural
        moved = self._bleeds.displaced(points, place, filled)
        bend = [field.at(moved.x, moved.y, moved.z) for field in self._warp]
        brain = Points(
            moved.x + np.float32(1.5) * bend[0], moved.y + np.float32(1.8) * bend[1], moved.z + np.float32(1.8) * bend[2]
        )
        slow = self._slow.at(brain.x, brain.y, brain.z)
        fine = self._fine.at(brain.x, brain.y, brain.z)
        rim = np.float32(0.7 + 1.9 * anatomy.atrophy) + np.float32(0.45) * slow
        rim = rim * (np.float32(0.8) + np.float32(0.5) * rise(np.abs(place.azimuth_deg), 80, 20))
        rim = np.maximum(rim, np.float32(0.3)) * (np.float32(1) - np.float32(0.8) * rise(filled, 0.0, 4.0))
        surface = np.minimum(place.inside_mm - filled, floor_mm) - np.float32(0.6) - rim
        hind = self._hindbrain.at(brain, surface)
        hu, fluid, ventricle = self._forebrain(brain, surface, hind, slow, fine)
        self._posterior_fossa(hu, brain, surface, hind, fine)
        self._paint_deep(hu, brain, ventricle)
        self._meninges(hu, points, brain, place, cavity, hind, filled)
        blood = self._bleed(hu, points, place, cavity, (subdural, epidural), (fluid, ventricle), hind)
        return hu, blood

    def _forebrain(
        self, brain: Points, surface: Array, hind: Hindbrain, slow: Array, fine: Array
    ) -> tuple[Array, Array, Array]:
        """HU of the cerebrum, share of fluid around it, share of the ventricles."""
        anatomy = self.anatomy
        xa, y, z = np.abs(brain.x), brain.y, brain.z
        folds = self._cortex.folds(brain, surface)
        tent = np.where(hind.edge > 0, -hind.below_tentorium - np.float32(0.4), _FAR_MM)
        fluid = np.minimum.reduce([surface, folds.sulci, folds.sylvian, folds.midline, tent, -hind.cistern])
        white = np.float32(anatomy.white_hu) + np.float32(0.7) * slow + np.float32(0.5) * fine
        grey = np.float32(anatomy.grey_hu) + np.float32(0.8) * fine
        ribbon = ramp(np.float32(3.4) + np.float32(0.6) * slow - fluid, 2.4)
        ribbon = np.maximum(ribbon, self._nuclei(xa, y, z))
        hu = white + ribbon * (grey - white)
        share = ramp(-fluid, _EDGE_MM)
        paint(hu, share, anatomy.csf_hu + 1.5 * fine)
        v = self._ventricles
        ventricle = np.maximum.reduce([v.lateral(xa, y, z), v.third(xa, y, z), v.fourth(xa, y, z)])
        ventricle = ventricle + np.float32(0.3) * fine + np.float32(0.5) * slow
        # White matter around the ventricles darkens with age.
        halo = rise(ventricle, -9.0, -0.5) * np.float32(0.55 * anatomy.atrophy) * (np.float32(1) - ribbon)
        paint(hu, halo, 19.0)
        return hu, share, ramp(ventricle, _EDGE_MM)

    @staticmethod
    def _nuclei(xa: Array, y: Array, z: Array) -> Array:
        """Share of the deep grey matter: caudate, lentiform nucleus, thalamus; the internal capsule is left between."""
        thalamus = ellipsoid(xa - np.float32(0.30) * (y - np.float32(6)), y, z, (10.5, 7, 46), (7.5, 15, 9.5))
        caudate = ellipsoid(xa - np.float32(0.22) * (y + np.float32(22)), y, z, (13.0, -22, 51), (5.2, 9.5, 10))
        tail = tube(xa, y, z, ((15, -12, 60, 2.6), (18, 6, 64, 2.0), (24, 22, 61, 1.4)))
        lean = xa - np.float32(0.20) * (y + np.float32(4))
        lentiform = ellipsoid(lean, y, z, (26.5, -5, 44), (6.6, 16.5, 10.5))
        nearest = np.maximum.reduce([thalamus, caudate, tail, lentiform])
        return np.float32(0.92) * ramp(nearest, 2.2)

    def _posterior_fossa(self, hu: Array, brain: Points, surface: Array, hind: Hindbrain, fine: Array) -> None:
        anatomy = self.anatomy
        xa, y = np.abs(brain.x), brain.y
        below = ramp(hind.cerebellum, _EDGE_MM)
        depth = np.minimum.reduce([surface - np.float32(0.3), hind.cerebellum - np.float32(0.4), -hind.cistern])
        # The notch between the hemispheres behind, kept open by the falx cerebelli.
        notch = np.maximum(xa - np.float32(1.0) - np.float32(3.0) * rise(y, 62, 80), np.float32(58) - y)
        depth = np.minimum(depth, notch)
        tissue = np.float32(anatomy.grey_hu - 1.5) + np.float32(0.8) * fine
        core = rise(depth, 8, 14) * rise(np.abs(xa - np.float32(20)), 17, 9)
        tissue = tissue - np.float32(6.0) * core
        lines = hind.folia * rise(depth, 24, 10)
        tissue = tissue - np.float32(20.0 * (0.4 + anatomy.atrophy)) * lines
        paint(tissue, ramp(-depth, _EDGE_MM), anatomy.csf_hu + 1.0)
        paint(hu, below, tissue)
        open_to_stem = ramp(hind.stem, 1.2)
        paint(hu, open_to_stem, np.float32(32.5) + np.float32(0.8) * fine)
        return

    def _paint_deep(self, hu: Array, brain: Points, ventricle: Array) -> None:
        xa, y, z = np.abs(brain.x), brain.y, brain.z
        paint(hu, ventricle, self.anatomy.csf_hu)
        v = self._ventricles
        paint(hu, ramp(v.septum(xa, y, z), 0.8) * ventricle, 24.0)
        plexus = ramp(v.plexus(xa, y, z), 1.0) * ventricle
        paint(hu, plexus, 38.0)
        glomus = ellipsoid(brain.x, y, z, (25.5, 34, 50.5), (2.0, 2.8, 2.2))
        other = ellipsoid(brain.x, y, z, (-24.5, 33, 51.5), (1.6, 2.2, 2.0))
        paint(hu, ramp(np.maximum(glomus, other), 1.2) * np.float32(0.9), 150.0)
        paint(hu, ramp(ellipsoid(brain.x, y, z, (0.6, 21, 43), (2.0, 2.4, 2.6)), 1.2), 190.0)

    def _meninges(
        self, hu: Array, points: Points, brain: Points, place: Location, cavity: Array, hind: Hindbrain, filled: Array
    ) -> None:
        """Falx, tentorium, dural sinuses, and the arteries at the base."""
        x = np.float32(0.45) * brain.x + np.float32(0.55) * points.x
        xa, y, z = np.abs(x), points.y, points.z
        above = ramp(-hind.below_tentorium, 1.0)
        reach = np.float32(20) + np.float32(14) * rise(y, -30, 40) + np.float32(60) * rise(y, 38, 46) * rise(z, 70, 50)
        falx = np.minimum(np.float32(0.62) - xa, np.minimum(reach - place.inside_mm, z - np.float32(24)))
        paint(hu, ramp(falx, 0.8) * above, _DURA_HU)
        groove = np.float32(4.6) * (np.float32(1) - cavity * np.float32(1 / 8.5)) - xa
        groove = np.minimum(groove, np.minimum(cavity, place.s_mm - np.float32(12) - np.float32(40) * rise(y, -20, -60)))
        paint(hu, ramp(groove, 1.0), _SINUS_HU)
        leaf = np.minimum(np.float32(0.55) - np.abs(hind.below_tentorium), hind.edge)
        paint(hu, ramp(leaf, 0.9) * rise(y, 2, 10), _DURA_HU - 2)
        transverse = np.minimum(np.float32(4.2) - np.abs(hind.below_tentorium), np.float32(5.0) - cavity)
        transverse = np.minimum(transverse, y - np.float32(38))
        paint(hu, ramp(transverse, 1.2), _SINUS_HU)
        straight = tube(brain.x, brain.y, brain.z, ((0, 28, 45, 1.8), (0, 56, 27, 2.0), (0, 84, 9, 3.0)))
        paint(hu, ramp(straight, 1.0), _SINUS_HU)
        if float(z.min()) < 45:
            ba = np.abs(brain.x)
            basilar = tube(brain.x, brain.y, brain.z, ((2, 4, -8, 1.5), (0.5, -2.2, 6, 1.8), (0, -3.6, 22, 1.7)))
            carotid = tube(ba, brain.y, brain.z, ((9, -14, 20, 2.0), (10, -15, 26, 1.9), (22, -18, 28.5, 1.3), (37, -23, 32, 1.0)))
            anterior = tube(ba, brain.y, brain.z, ((9, -15, 27, 1.2), (1.5, -20, 30, 1.1), (1.2, -34, 38, 1.0)))
            posterior = tube(ba, brain.y, brain.z, ((1, -4, 24, 1.2), (12, 2, 28, 1.1), (19, 14, 32, 1.0)))
            paint(hu, ramp(np.maximum.reduce([basilar, carotid, anterior, posterior]), 1.0), _VESSEL_HU)

    def _bleed(
        self,
        hu: Array,
        points: Points,
        place: Location,
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

        def add(kind: Hemorrhage, share: Array, value: Array, thinned: float = 1.0) -> None:
            paint(hu, share * np.float32(thinned), value)
            for other in blood:
                blood[other] *= np.float32(1) - share
            blood[kind] += share

        forebrain = ramp(-hind.below_tentorium, 1.0)
        for contusion in injuries.intraparenchymal:
            shape = bleeds.contusion_mm(points, contusion)
            tissue = np.float32(1) - fluid * np.float32(0.5)
            edema = rise(shape, -contusion.rim_mm, -1.0) * tissue * ramp(cavity - np.float32(3), 2)
            paint(hu, edema * np.float32(0.85), 20.0)
            core = ramp(shape, 2.2) * ramp(cavity - np.float32(2.0), 1.0) * forebrain
            add(Hemorrhage.INTRAPARENCHYMAL, core, bleeds.clot_hu(points, contusion.hu, 8.0))
        for patch in injuries.subarachnoid:
            share = fluid * bleeds.region(points, patch) * forebrain * (np.float32(1) - ventricle)
            add(Hemorrhage.SUBARACHNOID, share, bleeds.clot_hu(points, patch.hu, 4.0))
        for level in injuries.intraventricular:
            add(
                Hemorrhage.INTRAVENTRICULAR,
                ventricle * bleeds.sediment(points, level),
                bleeds.clot_hu(points, level.hu, 2.5),
            )
        for crescent in injuries.subdural:
            band = np.minimum(subdural + epidural - place.inside_mm + np.float32(0.6), cavity - epidural - np.float32(0.3))
            share = ramp(band, 1.0) * rise(subdural, 0.3, 1.2) * forebrain
            add(Hemorrhage.SUBDURAL, share, bleeds.clot_hu(points, crescent.hu, 4.5))
        for lens in injuries.epidural:
            band = np.minimum(epidural - place.inside_mm, cavity + np.float32(0.5))
            share = ramp(band, 1.0) * rise(epidural, 0.3, 1.0)
            add(Hemorrhage.EPIDURAL, share, bleeds.clot_hu(points, lens.hu, 4.0))
        return blood


