"""Puts a real lesion of one patient into the head of another, and makes the twin without it.

The lesion is laid onto the mean of the new head's brain: its texture, edges and partial volume are the donor's, what
is around stays the head's own. The volume belongs to both patients (`Volume.donors`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import UNKNOWN, Volume, stored
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.bleeding import Bled
from ichviewer.learning.synthesis.noise import weighted
from ichviewer.learning.synthesis.paint import usable_run
from ichviewer.learning.synthesis.real_lesions import Place, Profile, RealLesion, lesions_of
from ichviewer.learning.synthesis.skull import HIGHEST_HU, LOWEST_HU, Skull, find_skull
from ichviewer.learning.synthesis.tissue import BONE_BLUR_MM, Tissue, clear_of_bone, read_tissue
from ichviewer.learning.synthesis.visibility import labels_of

_SHARES = dict(zip(TYPES, (0.22, 0.22, 0.16, 0.2, 0.2), strict=True))
"""How often a lesion of each kind is drawn."""
_FINE_PX = 1.2
"""What is finer than this counts as noise."""
_TRIES, _DONORS_TRIED = 12, 6
_LEAST_FIT = {Place.TABLE: 0.75, Place.BRAIN: 0.9, Place.OWN: 0.8}
_LEAST_FIT_IN_FLUID = 0.2
"""Brains with slits for ventricles take no blood into them, smooth ones none into their sulci."""
_FARTHEST_MM = 20.0
_FARTHEST_TURN = np.deg2rad(60)
_LIKE_DEPTH_MM = 5.0
_VENTRICULAR = {Hemorrhage.INTRAVENTRICULAR}
_IN_FLUID = _VENTRICULAR | {Hemorrhage.SUBARACHNOID}
_AT_MIDLINE = 0.2
_LATERAL_MM = 70.0


@dataclass(frozen=True, eq=False)
class Host:
    """A head without blood that is ready to take a lesion; arrays of its usable slices, within its skull."""

    run: slice  # the usable slices
    hu: Field
    skull: Skull
    tissue: Tissue
    profile: Profile
    fluid: Field  # share of CSF, widened by two pixels


@dataclass(frozen=True)
class Pose:
    """How a lesion lies in its new head."""

    slice_: int  # of the head that the middle one of the lesion comes to lie in
    mirrored: bool
    scale: float
    angle: float = 0.0  # of its middle about the middle of the head; unless in `Place.BRAIN`
    middle: tuple[float, float] = (0.0, 0.0)  # row and column of its middle; for `Place.BRAIN`
    turn: float = 0.0  # in the plane; for `Place.BRAIN`


Transplanted = tuple[Field, NDArray[np.uint8], NDArray[np.uint8]]
"""A head with a lesion, within its skull: HU and mask, each of shape (n, h, w), and labels, shape (n, 6)."""


class Donors:
    """The lesions of the patients of a store, cut out when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._store = Store.open(folder)
        self.names: dict[Hemorrhage, list[str]] = {kind: [] for kind in TYPES}
        for entry in self._store.entries:
            if not entry.donors:
                drawn = entry.labels[entry.mask_bits > 0, 1:] == 1
                for i in np.flatnonzero(drawn.any(axis=0)):
                    self.names[TYPES[i]].append(entry.name)
        self._found: dict[str, tuple[RealLesion, ...]] = {}

    def lesions(self, name: str) -> tuple[RealLesion, ...]:
        """The lesions of a patient."""
        if name not in self._found:
            self._found[name] = lesions_of(self._store.load(name), self._store.settings)
        return self._found[name]

    def draw(self, rng: np.random.Generator, head: Volume) -> RealLesion | None:
        """A lesion of a drawn type of somebody else; None if that patient's do not stand out."""
        shares = {kind: share for kind, share in _SHARES.items() if self.names[kind]}
        if not shares:
            return None
        kind = weighted(rng, shares)
        name = self.names[kind][int(rng.integers(len(self.names[kind])))]
        others = [one for one in self.lesions(name) if one.patient not in head.all_patients]
        fitting = [one for one in others if kind in one.kinds]
        if not fitting:
            return None
        size = np.sqrt([float(one.share.sum()) for one in fitting])
        return fitting[int(rng.choice(len(fitting), p=size / size.sum()))]


def transplant_volume(head: Volume, donors: Donors, seed: int, settings: PreprocessSettings) -> list[Volume]:
    """Put a real lesion into a head; the seed is the only source of chance, together with the head's name.

    Slices with blood and those next to them are left out, as in `paint.paint_volume`; the donors' volumes were made
    with the same settings. The head with the lesion and its clean twin; nothing if no place is found.
    """
    host = _host(head, settings)
    if host is None:
        return []
    rng = np.random.default_rng([seed, *head.name.encode()])
    for _ in range(_DONORS_TRIED):
        lesion = donors.draw(rng, head)
        pose = None if lesion is None else _find_pose(rng, lesion, host)
        if lesion is None or pose is None:
            continue
        made = _insert(lesion, pose, host, float(rng.uniform(0.7, 1.2)))
        if (made[2] == 1).any():
            return _twins(head, host, made, f"{head.name}-t{seed:05d}", lesion.patient)
    return []


@lru_cache(maxsize=2)
def _host(head: Volume, settings: PreprocessSettings) -> Host | None:
    """A head, made ready once for many seeds; None if too few slices are free of blood, or none shows a skull."""
    run, skull = usable_run(head), find_skull(head, settings.mm_per_px)
    if run is None or skull is None:
        return None
    skull = skull.part(run)
    hu = np.clip(head.hu[run, skull.rows, skull.columns], LOWEST_HU, HIGHEST_HU).astype(np.float32)
    tissue = read_tissue(hu, skull)
    return Host(run, hu, skull, tissue, Profile.of(skull), ndimage.maximum_filter(tissue.fluid, (1, 5, 5)))


def _twins(head: Volume, host: Host, made: Transplanted, name: str, donor: str) -> list[Volume]:
    """The head with the lesion, and its clean twin."""
    hu, masks, labels = made
    run, window = host.run, (slice(None), host.skull.rows, host.skull.columns)
    none = np.zeros_like(head.hu[run], np.uint8) if head.masks is None else head.masks[run]
    whole, drawn = head.hu[run].copy(), none.copy()
    whole[window] = np.where(hu != host.hu, stored(hu), whole[window])
    drawn[window] |= masks
    clean = replace(
        head,
        name=f"{name}-clean",
        source="painted",
        hu=head.hu[run],
        positions_mm=head.positions_mm[run],
        labels=np.zeros_like(labels),
        has_brain=head.has_brain[run],
        masks=none,
        mask_known=None,
        slice_ids=(),
        twin="",
    )
    bleed = replace(
        clean,
        name=f"{name}-bleed",
        hu=whole,
        labels=labels,
        masks=drawn,
        twin=clean.name,
        traits=(*head.traits, "real-lesion"),
        donors=(*head.donors, donor),
    )
    return [bleed, clean]


def _find_pose(rng: np.random.Generator, lesion: RealLesion, host: Host) -> Pose | None:
    """The best of some places for a lesion; None if it fits into none of them."""
    best = _LEAST_FIT_IN_FLUID if lesion.kinds <= _IN_FLUID else _LEAST_FIT[lesion.place]
    found = None
    for _ in range(_TRIES):
        pose = _draw_pose(rng, lesion, host)
        fit = 0.0 if pose is None else _fit(lesion, pose, host)
        if fit > best:
            best, found = fit, pose
    return found


def _draw_pose(rng: np.random.Generator, lesion: RealLesion, host: Host) -> Pose | None:
    own, skull, tissue = lesion.place is Place.OWN, host.skull, host.tissue
    away = np.abs(skull.below_vertex_mm - lesion.below_vertex_mm[len(lesion.share) // 2])
    near = away <= (skull.step_mm[0] if own else _FARTHEST_MM)
    slices = np.flatnonzero(near & ~np.isnan(host.profile.row))
    if not slices.size:
        return None
    k = int(rng.choice(slices))
    mirrored = bool(rng.random() < 0.5)
    scale = float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
    angle = np.pi - lesion.angle if mirrored else lesion.angle
    if own:
        return Pose(k, mirrored, float(np.clip(scale, 0.85, 1.15)), angle + float(rng.normal(0, 0.1)))
    if lesion.place is Place.TABLE:
        return Pose(k, mirrored, scale, angle + float(rng.uniform(-1, 1) * _FARTHEST_TURN))
    ventricular = lesion.kinds == _VENTRICULAR
    if ventricular:
        # Farther down, and in the middle, what looks like a ventricle may be a cistern.
        lateral = (np.abs(skull.x_mm[k]) > 4) & (skull.below_vertex_mm[k] < _LATERAL_MM)
        like = tissue.ventricles[k] & lateral
    else:
        like = (np.abs(skull.depth_mm[k] - lesion.depth_mm) < _LIKE_DEPTH_MM) & (tissue.fluid[k] < 0.3)
    spots = np.argwhere(like & skull.inside[k])
    if not spots.size:
        return None
    row, column = spots[int(rng.integers(len(spots)))]
    turn = float(rng.uniform(-1, 1) * (0.2 if ventricular else 0.7))
    return Pose(k, mirrored, scale, middle=(float(row), float(column)), turn=turn)


def _slices(lesion: RealLesion, pose: Pose, host: Host) -> list[tuple[int, int]]:
    """Slices of the head, each with the slice of the lesion that goes into it."""
    n, seen = len(lesion.share), np.flatnonzero(~np.isnan(host.profile.row)).tolist()
    off = [round((k - pose.slice_) * host.skull.step_mm[0] / lesion.step_mm) for k in seen]
    return [(k, n // 2 + j) for k, j in zip(seen, off, strict=True) if 0 <= n // 2 + j < n]


def _sources(lesion: RealLesion, pose: Pose, host: Host, k: int, j: int) -> list[Field]:
    """Where in the patch of slice j each pixel of slice k comes from: rows and columns, each of shape (h, w)."""
    donor, sign = lesion.profile, -1.0 if pose.mirrored else 1.0
    center = pose.middle if lesion.place is Place.BRAIN else (host.profile.row[k], host.profile.column[k])
    h, w = host.hu.shape[1:]
    down = (np.arange(h, dtype=np.float32) - center[0])[:, None]
    across = np.arange(w, dtype=np.float32) - center[1]
    if lesion.place is Place.BRAIN:
        down, across = down / pose.scale, across / pose.scale
        cosine, sine = np.cos(pose.turn), np.sin(pose.turn)
        row = lesion.middle[0] + down * cosine + across * sine
        column = lesion.middle[1] + sign * (across * cosine - down * sine)
    else:
        angle = (np.arctan2(down, across) - np.float32(host.profile.tilt)).astype(np.float32)
        distance = np.hypot(down, across)
        off = np.mod(angle - np.float32(pose.angle) + np.pi, 2 * np.pi) - np.pi
        here = host.profile.at(k, angle)
        if lesion.place is Place.TABLE:
            # As long along the table as it was, and as deep below it.
            bend = float(host.profile.at(k, pose.angle) / donor.at(j, lesion.angle))
            there = (lesion.angle + sign * off * bend / pose.scale).astype(np.float32)
            radius = donor.at(j, there) - (here - distance) / pose.scale
            radius = np.where(np.abs(off) < 2.5, radius, -np.inf)  # it does not come round the other side
        else:
            there = (lesion.angle + sign * off).astype(np.float32)
            radius = distance / here * donor.at(j, there) / pose.scale
        there = there + np.float32(donor.tilt)
        row = np.where(radius >= 0, donor.row[j] + radius * np.sin(there), -99)
        column = np.where(radius >= 0, donor.column[j] + radius * np.cos(there), -99)
    return [row - lesion.corner[0], column - lesion.corner[1]]


def _fit(lesion: RealLesion, pose: Pose, host: Host) -> float:
    """How well a lesion fits, 0 to 1: the share of it that finds the tissue it belongs in."""
    pairs = _slices(lesion, pose, host)
    if len(pairs) < 0.6 * len(lesion.share):
        return 0.0
    total, good = 1e-6, 0.0
    for k, j in pairs[:: max(1, len(pairs) // 5)]:
        share = ndimage.map_coordinates(lesion.share[j], _sources(lesion, pose, host, k, j), order=1)
        room = _room(lesion, pose, host, k)
        if lesion.kinds <= _IN_FLUID:
            room = room * (host.fluid[k] > 0.25)
        elif lesion.place is Place.BRAIN:
            room = room * ((host.skull.depth_mm[k] > BONE_BLUR_MM) & (host.tissue.fluid[k] < 0.5))
        total += max(float(share.sum()), float(lesion.share[j].sum()) * pose.scale**2 * 0.8)
        good += float((share * room).sum())
    if lesion.place is Place.TABLE:
        # The inner table should be bent there as it was where the lesion comes from.
        off = np.linspace(-0.5, 0.5, 21, dtype=np.float32)
        here = host.profile.at(pose.slice_, pose.angle + off)
        turned = lesion.angle + (-off if pose.mirrored else off)
        there = lesion.profile.at(len(lesion.share) // 2, turned)
        unlike = float(np.std(np.log(here / here.mean()) - np.log(there / there.mean())))
        good *= float(np.exp(-3 * unlike))
    return good / total


def _room(lesion: RealLesion, pose: Pose, host: Host, k: int) -> Field:
    """Where the blood may be in slice k, 0 to 1."""
    room: Field = host.skull.inside[k].astype(np.float32)
    if lesion.kinds == _VENTRICULAR:
        room *= np.clip(2 * host.fluid[k], 0, 1)
    elif lesion.place is Place.TABLE and abs(np.cos(pose.angle)) > _AT_MIDLINE:
        # The falx keeps it on its side.
        room *= np.clip(0.5 + np.sign(np.cos(pose.angle)) * host.skull.x_mm[k] / 2, 0, 1)
    return room


def _insert(lesion: RealLesion, pose: Pose, host: Host, amplitude: float) -> Transplanted:
    """Put a lesion into a head, so many times as different from brain as it was."""
    skull, tissue = host.skull, host.tissue
    hu = host.hu.copy()
    share, change = np.zeros_like(hu), np.zeros_like(hu)
    masks = np.zeros(hu.shape, np.uint8)
    named = np.zeros((len(hu), N_LABELS), np.uint8)
    grain = np.float32(np.clip(tissue.noise_hu / max(lesion.noise_hu, 0.1), 0.4, 1.6))
    for k, j in _slices(lesion, pose, host):
        at = _sources(lesion, pose, host, k, j)
        weight = ndimage.map_coordinates(lesion.weight[j], at, order=1)
        if not weight.any():
            continue
        named[k] = lesion.labels[j]
        plain = ndimage.gaussian_filter(lesion.difference_hu[j], _FINE_PX)
        lifted = np.float32(amplitude) * ndimage.map_coordinates(plain, at, order=1, mode="nearest")
        fine = ndimage.map_coordinates(lesion.difference_hu[j] - plain, at, order=3, mode="nearest")
        room = _room(lesion, pose, host, k)
        weight = ndimage.gaussian_filter(room, 0.5) * skull.inside[k] * weight
        new = hu[k] + weight * (tissue.local_hu[k] + lifted + grain * fine - hu[k])
        # Where bone shines into a pixel it goes on shining.
        hu[k] = np.where(clear_of_bone(hu[k], skull.depth_mm[k]), new, np.maximum(new, hu[k]))
        share[k] = ndimage.map_coordinates(lesion.share[j], at, order=1) * (room >= 0.5)
        from_before = tissue.local_hu[k] + lifted - tissue.smooth_hu[k]
        change[k] = weight * np.where(np.abs(lifted) < np.abs(from_before), lifted, from_before)
        masks[k] = (share[k] >= 0.5).astype(np.uint8) << lesion.bits[j]
    hu = np.where(skull.inside, np.clip(hu, LOWEST_HU, HIGHEST_HU), host.hu).astype(np.float32)
    kinds = {kind: named[:, LABELS.index(kind)] != 0 for kind in TYPES}
    shares = {kind: share * of_kind[:, None, None] for kind, of_kind in kinds.items() if of_kind.any()}
    bled = Bled(hu, shares, dict.fromkeys(shares, tissue.smooth_hu + change))
    labels = labels_of(bled, host.hu, skull, tissue, tissue.noise_hu)
    # Where enough is seen, of which type is as known as it was for the donor.
    labels[:, 1:][(named[:, 1:] == UNKNOWN) & (labels[:, 1:] != 0)] = UNKNOWN
    return hu, masks, labels
