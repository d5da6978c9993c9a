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
from ichviewer.learning.synthesis.paint import usable_run
from ichviewer.learning.synthesis.real_lesions import (
    Place,
    Profile,
    RealLesion,
    clipped,
    lesions_of,
)
from ichviewer.learning.synthesis.skull import Skull, find_skull
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue
from ichviewer.learning.synthesis.visibility import labels_of

TRAIT = "real-lesion"

_KINDS: dict[Hemorrhage, float] = {
    Hemorrhage.EPIDURAL: 0.22,
    Hemorrhage.INTRAPARENCHYMAL: 0.22,
    Hemorrhage.INTRAVENTRICULAR: 0.16,
    Hemorrhage.SUBARACHNOID: 0.2,
    Hemorrhage.SUBDURAL: 0.2,
}
_FINE_PX = 1.2
"""What is finer than this counts as noise."""
_TRIES, _DONORS_TRIED = 12, 6
_LEAST_FIT = {Place.TABLE: 0.75, Place.BRAIN: 0.9, Place.OWN: 0.8}
_LEAST_FIT_IN_FLUID = 0.2
"""Brains with slits for ventricles take no blood into them, smooth ones none into their sulci."""
_FARTHEST_MM = 20.0
_FARTHEST_TURN = np.deg2rad(60)
_LIKE_DEPTH_MM = 5.0
_VENTRICULAR = {TYPES.index(Hemorrhage.INTRAVENTRICULAR)}
_IN_FLUID = _VENTRICULAR | {TYPES.index(Hemorrhage.SUBARACHNOID)}
_AT_MIDLINE = 0.2
_LATERAL_MM = 70.0
_BONE_BLUR_MM = 1.2


@dataclass(frozen=True, eq=False)
class Host:
    """A head without blood that is ready to take a lesion; arrays are of its usable slices, within its skull.

    Parameters
    ----------
    run : slice
        The usable slices.
    hu : ndarray of float32, shape (n, h, w)
    skull : Skull
    tissue : Tissue
    profile : Profile
    fluid : ndarray of float32, shape (n, h, w)
        Share of CSF, widened by two pixels.
    """

    run: slice
    hu: Field
    skull: Skull
    tissue: Tissue
    profile: Profile
    fluid: Field

    @classmethod
    def of(cls, volume: Volume, settings: PreprocessSettings) -> Host | None:
        """From a volume; None if too few slices are free of blood, or none shows a skull."""
        run = usable_run(volume)
        hu = clipped(volume)
        skull = find_skull(hu, volume.positions_mm, volume.has_brain, settings.mm_per_px)
        if run is None or skull is None:
            return None
        skull = skull.part(run)
        hu = np.ascontiguousarray(hu[run, skull.rows, skull.columns])
        tissue = read_tissue(hu, skull)
        fluid = ndimage.maximum_filter(tissue.fluid, (1, 5, 5))
        return cls(run, hu, skull, tissue, Profile.of(skull), fluid)


@dataclass(frozen=True)
class Pose:
    """How a lesion lies in its new head.

    Parameters
    ----------
    slice_ : int
        Slice of the head that the middle one of the lesion comes to lie in.
    middle : tuple of float
        Row and column of its middle there; for `Place.BRAIN`.
    angle : float
        Angle of its middle about the middle of the head; for `Place.TABLE`.
    turn, scale : float
        In the plane.
    mirrored : bool
    """

    slice_: int
    middle: tuple[float, float]
    angle: float
    turn: float
    scale: float
    mirrored: bool


Transplanted = tuple[Field, NDArray[np.uint8], NDArray[np.uint8]]
"""A head with a lesion in it: HU and mask, each of shape (n, h, w), and labels, shape (n, 6)."""


class Donors:
    """The lesions of the patients of a store, cut out when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = Store.open(folder)
        self.settings = self._store.settings
        self.names: dict[Hemorrhage, list[str]] = {kind: [] for kind in TYPES}
        for volume in self._store.volumes():
            if volume.masks is not None and not volume.donors:
                drawn = (volume.labels == 1) & np.asarray(volume.masks.any(axis=(1, 2)))[:, None]
                for i in np.flatnonzero(drawn.any(axis=0)[1:]):
                    self.names[TYPES[i]].append(volume.name)
        self._found: dict[str, tuple[RealLesion, ...]] = {}

    def lesions(self, name: str) -> tuple[RealLesion, ...]:
        """The lesions of a patient."""
        if name not in self._found:
            self._found[name] = lesions_of(self._store.load(name), self.settings)
        return self._found[name]

    def draw(self, rng: np.random.Generator, head: Volume) -> RealLesion | None:
        """A lesion of a drawn type of somebody else; None if that patient's do not stand out."""
        kinds = [kind for kind in _KINDS if self.names[kind]]
        if not kinds:
            return None
        share = np.array([_KINDS[kind] for kind in kinds])
        kind = kinds[int(rng.choice(len(kinds), p=share / share.sum()))]
        name = self.names[kind][int(rng.integers(len(self.names[kind])))]
        column = LABELS.index(kind)
        fitting = [lesion for lesion in self.lesions(name) if lesion.labels[:, column].any()]
        fitting = [lesion for lesion in fitting if lesion.patient not in head.all_patients]
        if not fitting:
            return None
        size = np.sqrt([float(lesion.share.sum()) for lesion in fitting])
        return fitting[int(rng.choice(len(fitting), p=size / size.sum()))]


def transplant_volume(head: Volume, donors: Donors, seed: int, settings: PreprocessSettings) -> list[Volume]:
    """Put a real lesion into a head.

    Parameters
    ----------
    head : Volume
        Slices with blood and those next to them are left out, as in `paint.paint_volume`.
    donors : Donors
        Lesions of volumes that were made with the same settings.
    seed : int
        The only source of chance, together with the volume's name.
    settings : PreprocessSettings

    Returns
    -------
    list of Volume
        The head with the lesion and its clean twin; nothing if no place is found.
    """
    host = _host(head, settings)
    if host is None:
        return []
    rng = np.random.default_rng([seed, *head.name.encode()])
    for _ in range(_DONORS_TRIED):
        lesion = donors.draw(rng, head)
        pose = None if lesion is None else find_pose(rng, lesion, host)
        if lesion is None or pose is None:
            continue
        made = insert(lesion, pose, host, float(rng.uniform(0.7, 1.2)))
        if (made[2] == 1).any():
            return _twins(head, host, made, f"{head.name}-t{seed:05d}", lesion.patient)
    return []


@lru_cache(maxsize=2)
def _host(head: Volume, settings: PreprocessSettings) -> Host | None:
    """Many seeds go into the same head."""
    return Host.of(head, settings)


def _twins(head: Volume, host: Host, made: Transplanted, name: str, donor: str) -> list[Volume]:
    part, masks, labels = made
    run, window = host.run, (slice(None), host.skull.rows, host.skull.columns)
    hu = head.hu[run].copy()
    hu[window] = np.where(part != host.hu, stored(part), hu[window])
    none = np.zeros_like(hu, np.uint8) if head.masks is None else head.masks[run].copy()
    drawn = none.copy()
    drawn[window] |= masks
    clean = replace(
        head,
        name=f"{name}-clean",
        source="painted",
        hu=head.hu[run],
        positions_mm=head.positions_mm[run],
        labels=np.zeros((len(hu), N_LABELS), np.uint8),
        has_brain=head.has_brain[run],
        masks=none,
        mask_known=None,
        slice_ids=(),
        twin="",
    )
    bleed = replace(
        clean,
        name=f"{name}-bleed",
        hu=hu,
        labels=labels,
        masks=drawn,
        twin=clean.name,
        traits=(*head.traits, TRAIT),
        donors=(*head.donors, donor),
    )
    return [bleed, clean]


def find_pose(rng: np.random.Generator, lesion: RealLesion, host: Host) -> Pose | None:
    """The best of some places for a lesion; None if it fits into none of them."""
    best = _LEAST_FIT_IN_FLUID if _types_of(lesion) <= _IN_FLUID else _LEAST_FIT[lesion.place]
    found = None
    for _ in range(_TRIES):
        pose = _draw_pose(rng, lesion, host)
        fit = 0.0 if pose is None else _fit(lesion, pose, host)
        if fit > best:
            best, found = fit, pose
    return found


def _types_of(lesion: RealLesion) -> set[int]:
    """Indices in `TYPES` of what a lesion is, or may be."""
    return set(np.flatnonzero((lesion.labels[:, 1:] != 0).any(axis=0)).tolist())


def _draw_pose(rng: np.random.Generator, lesion: RealLesion, host: Host) -> Pose | None:
    own = lesion.place is Place.OWN
    middle = len(lesion.share) // 2
    away = np.abs(host.skull.below_vertex_mm - lesion.below_vertex_mm[middle])
    slices = np.flatnonzero(
        (away <= (host.skull.step_mm[0] if own else _FARTHEST_MM)) & ~np.isnan(host.profile.row)
    )
    if not slices.size:
        return None
    k = int(rng.choice(slices))
    mirrored = bool(rng.random() < 0.5)
    scale = float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
    angle = np.pi - lesion.angle if mirrored else lesion.angle
    if own:
        turned = angle + float(rng.normal(0, 0.1))
        return Pose(k, (0, 0), turned, 0.0, float(np.clip(scale, 0.85, 1.15)), mirrored)
    if lesion.place is Place.TABLE:
        return Pose(k, (0, 0), angle + float(rng.uniform(-1, 1) * _FARTHEST_TURN), 0.0, scale, mirrored)
    ventricular = _types_of(lesion) == _VENTRICULAR
    if ventricular:
        # Farther down, and in the middle, what looks like a ventricle may be a cistern.
        lateral = (np.abs(host.skull.x_mm[k]) > 4) & (host.skull.below_vertex_mm[k] < _LATERAL_MM)
        like = host.tissue.ventricles[k] & lateral
    else:
        like = np.abs(host.skull.depth_mm[k] - lesion.depth_mm) < _LIKE_DEPTH_MM
        like = like & (host.tissue.fluid[k] < 0.3)
    spots = np.flatnonzero(like & host.skull.inside[k])
    if not spots.size:
        return None
    r, c = np.unravel_index(int(rng.choice(spots)), like.shape)
    return Pose(
        k,
        (float(r), float(c)),
        0.0,
        float(rng.uniform(-1, 1) * (0.2 if ventricular else 0.7)),
        scale,
        mirrored,
    )


def _slices(lesion: RealLesion, pose: Pose, host: Host) -> list[tuple[int, int]]:
    """Slices of the head, each with the slice of the lesion that goes into it."""
    pairs = []
    for k in range(len(host.hu)):
        j = len(lesion.share) // 2 + round((k - pose.slice_) * host.skull.step_mm[0] / lesion.step_mm)
        if 0 <= j < len(lesion.share) and not np.isnan(host.profile.row[k]):
            pairs.append((k, j))
    return pairs


def _sources(lesion: RealLesion, pose: Pose, host: Host, k: int, j: int) -> list[Field]:
    """Where in the patch of slice j each pixel of slice k comes from: rows and columns, each of shape (h, w)."""
    shape = (host.hu.shape[1], host.hu.shape[2])
    donor, sign = lesion.profile, -1.0 if pose.mirrored else 1.0
    if lesion.place is Place.BRAIN:
        down = (np.arange(shape[0], dtype=np.float32) - pose.middle[0])[:, None] / pose.scale
        across = (np.arange(shape[1], dtype=np.float32) - pose.middle[1])[None, :] / pose.scale
        cosine, sine = np.cos(pose.turn), np.sin(pose.turn)
        row = lesion.middle[0] + down * cosine + across * sine
        column = lesion.middle[1] + sign * (across * cosine - down * sine)
    else:
        home = lesion.angle
        angle, distance = host.profile.polar(k, shape)
        off = np.mod(angle - np.float32(pose.angle) + np.pi, 2 * np.pi) - np.pi
        here = host.profile.at(k, angle)
        if lesion.place is Place.TABLE:
            # As long along the table as it was, and as deep below it.
            bend = float(host.profile.at(k, pose.angle) / donor.at(j, home))
            there = (home + sign * off * bend / pose.scale).astype(np.float32)
            radius = donor.at(j, there) - (here - distance) / pose.scale
            radius = np.where(np.abs(off) < 2.5, radius, -np.inf)  # it does not come round the other side
        else:
            there = (home + sign * off).astype(np.float32)
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
        at = _sources(lesion, pose, host, k, j)
        share = ndimage.map_coordinates(lesion.share[j], at, order=1)
        room = _room(lesion, pose, host, k)
        if _types_of(lesion) <= _IN_FLUID:
            room = room * (host.fluid[k] > 0.25)
        elif lesion.place is Place.BRAIN:
            room = room * ((host.skull.depth_mm[k] > _BONE_BLUR_MM) & (host.tissue.fluid[k] < 0.5))
        total += max(float(share.sum()), float(lesion.share[j].sum()) * pose.scale**2 * 0.8)
        good += float((share * room).sum())
    if lesion.place is Place.TABLE:
        good *= _like_curve(lesion, pose, host)
    return good / total


def _room(lesion: RealLesion, pose: Pose, host: Host, k: int) -> Field:
    """Where the blood may be in slice k, 0 to 1."""
    room = host.skull.inside[k].astype(np.float32)
    if _types_of(lesion) == _VENTRICULAR:
        room *= np.clip(2 * host.fluid[k], 0, 1)
    elif lesion.place is Place.TABLE and abs(np.cos(pose.angle)) > _AT_MIDLINE:
        # The falx keeps it on its side.
        room *= np.clip(0.5 + np.sign(np.cos(pose.angle)) * host.skull.x_mm[k] / 2, 0, 1)
    return np.asarray(room, np.float32)


def _like_curve(lesion: RealLesion, pose: Pose, host: Host) -> float:
    """1 if the inner table is bent there as it was where the lesion comes from; less, the less alike."""
    m = len(lesion.share) // 2
    donor = lesion.profile
    off = np.linspace(-0.5, 0.5, 21, dtype=np.float32)
    here = host.profile.at(pose.slice_, pose.angle + off)
    there = donor.at(m, lesion.angle + (-off if pose.mirrored else off))
    unlike = float(np.std(np.log(here / here.mean()) - np.log(there / there.mean())))
    return float(np.exp(-3 * unlike))


def insert(lesion: RealLesion, pose: Pose, host: Host, amplitude: float) -> Transplanted:
    """Put a lesion into a head.

    Parameters
    ----------
    lesion : RealLesion
    pose : Pose
    host : Host
    amplitude : float
        How strongly it differs from brain, compared with how it was.
    """
    hu = host.hu.copy()
    share = np.zeros(hu.shape, np.float32)
    change = np.zeros(hu.shape, np.float32)
    masks = np.zeros(hu.shape, np.uint8)
    source = np.full(len(hu), -1)
    grain = np.float32(np.clip(host.tissue.noise_hu / max(lesion.noise_hu, 0.1), 0.4, 1.6))
    for k, j in _slices(lesion, pose, host):
        at = _sources(lesion, pose, host, k, j)
        weight = ndimage.map_coordinates(lesion.weight[j], at, order=1)
        if not weight.any():
            continue
        source[k] = j
        plain = ndimage.gaussian_filter(lesion.difference_hu[j], _FINE_PX)
        lifted = np.float32(amplitude) * ndimage.map_coordinates(plain, at, order=1, mode="nearest")
        fine = ndimage.map_coordinates(lesion.difference_hu[j] - plain, at, order=3, mode="nearest")
        room = _room(lesion, pose, host, k)
        weight = ndimage.gaussian_filter(room, 0.5) * host.skull.inside[k] * weight
        blood = host.tissue.local_hu[k] + lifted + grain * fine
        new = hu[k] + weight * (blood - hu[k])
        # Where bone shines into a pixel it goes on shining.
        shines = (host.skull.depth_mm[k] <= _BONE_BLUR_MM) | (hu[k] >= 90)
        hu[k] = np.where(shines, np.maximum(new, hu[k]), new)
        share[k] = ndimage.map_coordinates(lesion.share[j], at, order=1) * (room >= 0.5)
        before = host.tissue.smooth_hu[k]
        from_before = host.tissue.local_hu[k] + lifted - before
        change[k] = weight * np.where(np.abs(lifted) < np.abs(from_before), lifted, from_before)
        masks[k] = (share[k] >= 0.5).astype(np.uint8) << lesion.bits[j]
    told = np.where((source >= 0)[:, None], lesion.labels[source], 0)
    hu = np.where(host.skull.inside, np.clip(hu, -20, 100), host.hu).astype(np.float32)
    return hu, masks, _labels(told, hu, share, host.tissue.smooth_hu + change, host)


def _labels(
    told: NDArray[np.integer], hu: Field, share: Field, plain: Field, host: Host
) -> NDArray[np.uint8]:
    """The types of the lesion's slices where enough of it is seen; `UNKNOWN` where too little is."""
    shares: dict[Hemorrhage, Field] = {}
    for i, kind in enumerate(TYPES):
        of_kind = told[:, i + 1] != 0
        if of_kind.any():
            shares[kind] = share * of_kind[:, None, None]
    bled = Bled(hu, shares, dict.fromkeys(shares, plain))
    labels = labels_of(bled, host.hu, host.skull, host.tissue, host.tissue.noise_hu)
    some = (told == UNKNOWN) & (labels != 0)
    some[:, 0] = False
    return np.where(some, UNKNOWN, labels).astype(np.uint8)
