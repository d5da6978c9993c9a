"""Real lesions, cut out of heads in which radiologists drew them, as differences from the brain around."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, UNTYPED_BIT, Volume, blood
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.skull import HIGHEST_HU, LOWEST_HU, SATURATED_HU, Skull, find_skull
from ichviewer.learning.synthesis.tissue import clear_of_bone, read_tissue

ANGLES = 360
_MARGIN_PX = 8
_LEAST_PX = 25
_LEAST_CONTRAST_HU = 4.0
_AT_TABLE_MM = 2.5
_MIDLINE_MM = 8.0


class Place(StrEnum):
    """Where in another head a lesion may go."""

    TABLE = "against the inner table"
    BRAIN = "inside brain, or in a ventricle"
    OWN = "where it was"


@dataclass(frozen=True, eq=False)
class Profile:
    """The inside of a skull in polar coordinates, slice by slice."""

    row: Field  # of the middle of the inside, shape (n,); NaN in a slice without
    column: Field
    radius_px: Field  # to the inner table, shape (n, ANGLES), from the head's left-right axis on
    tilt: float  # angle of that axis in the picture, in radians

    @classmethod
    def of(cls, skull: Skull) -> Profile:
        """Of the inside of a skull."""
        across, down = (float(np.diff(skull.x_mm[0], axis=axis).mean()) for axis in (1, 0))
        tilt = float(np.arctan2(down, across))
        angle = np.arange(ANGLES) * (2 * np.pi / ANGLES) + tilt
        reach = np.arange(0, np.hypot(*skull.inside.shape[1:]), 0.5, dtype=np.float32)
        n = len(skull.inside)
        row, column = np.full(n, np.nan, np.float32), np.full(n, np.nan, np.float32)
        radius = np.ones((n, ANGLES), np.float32)
        for k in np.flatnonzero(skull.inside.any(axis=(1, 2))):
            row[k], column[k] = (at.mean() for at in np.nonzero(skull.inside[k]))
            at = [row[k] + np.sin(angle)[:, None] * reach, column[k] + np.cos(angle)[:, None] * reach]
            along = ndimage.map_coordinates(skull.inside[k].astype(np.float32), at, order=1) > 0.5
            last = along.shape[1] - 1 - np.argmax(along[:, ::-1], axis=1)
            radius[k] = ndimage.median_filter(reach[last], 5, mode="wrap")
        return cls(row, column, np.maximum(radius, 1), tilt)

    def at(self, k: int, angle: Field | float) -> Field:
        """Distance from the middle of a slice to the inner table, at angles in radians, same shape."""
        place = np.mod(np.asarray(angle, np.float32) * np.float32(ANGLES / (2 * np.pi)), ANGLES)
        low = place.astype(np.intp) % ANGLES
        part = (place - np.floor(place)).astype(np.float32)
        line = self.radius_px[k]
        return np.asarray(line[low] * (1 - part) + line[(low + 1) % ANGLES] * part)


@dataclass(frozen=True, eq=False)
class RealLesion:
    """A connected lesion over m adjacent slices of a patient; its patch and what it was cut out of."""

    patient: str
    place: Place
    difference_hu: Field  # from the mean of the brain nearby, noise included, shape (m, h, w)
    weight: Field  # how far a pixel goes along, with a soft edge around the blood, shape (m, h, w)
    share: Field  # of blood, shape (m, h, w)
    corner: tuple[int, int]  # row and column of the patch in the slices of `profile`
    middle: tuple[float, float]  # row and column of the middle of the blood there
    angle: float  # of that middle about the middle of the head, from its left-right axis
    depth_mm: float  # of that middle below the inner table
    below_vertex_mm: Field  # shape (m,)
    step_mm: float  # distance of the slices
    noise_hu: float
    profile: Profile  # of the patient's skull in these slices
    labels: NDArray[np.uint8]  # shape (m, 6); `UNKNOWN` for the slice's types if it shows several lesions
    bits: NDArray[np.uint8]  # of the blood in a mask, shape (m,)

    def __post_init__(self) -> None:
        shapes = {self.difference_hu.shape, self.weight.shape, self.share.shape}
        if len(shapes) != 1 or len(self.labels) != len(self.share) or not self.share.any():
            raise ValueError(f"each slice needs blood in a patch of one shape. Received: {shapes}")

    @property
    def kinds(self) -> set[Hemorrhage]:
        """What it is, or may be."""
        return _kinds(self.labels)


def lesions_of(volume: Volume, settings: PreprocessSettings) -> tuple[RealLesion, ...]:
    """The lesions of a patient that stand out from the brain; none without masks or a skull."""
    drawn = None if volume.masks is None else blood(volume.masks)
    if drawn is None or not drawn.any():
        return ()
    skull = find_skull(volume, settings.mm_per_px)
    if skull is None:
        return ()
    hu = np.clip(volume.hu[:, skull.rows, skull.columns], LOWEST_HU, HIGHEST_HU).astype(np.float32)
    bleeding = drawn[:, skull.rows, skull.columns] & skull.inside
    # As dense as bone, blood has no part in the mean of the brain around.
    tissue = read_tissue(np.where(_wider(bleeding, 2), np.float32(SATURATED_HU), hu), skull)
    difference = hu - tissue.local_hu
    marks, count = ndimage.label(_wider(bleeding, 1), np.ones((3, 3, 3), bool))
    parts = [(marks == part) & bleeding for part in range(1, count + 1)]
    return tuple(
        _cut(volume, skull, hu, difference, tissue.noise_hu, bleeding, this)
        for this in parts
        if this.sum() >= _LEAST_PX and np.median(difference[this]) >= _LEAST_CONTRAST_HU
    )


def _cut(  # noqa: PLR0917
    volume: Volume, skull: Skull, hu: Field, difference: Field, noise_hu: float, bleeding: Mask, this: Mask
) -> RealLesion:
    """A part of the blood as a lesion."""
    at = np.nonzero(this)
    run = slice(int(at[0].min()), int(at[0].max()) + 1)
    box = [slice(max(int(a.min()) - _MARGIN_PX, 0), int(a.max()) + 1 + _MARGIN_PX) for a in at[1:]]
    cut = (run, *box)
    depth, share, dense = skull.depth_mm[cut], this[cut], hu[cut]
    labels, bits = _types(volume.labels[run], this[run], bleeding[run])
    place = _place(labels, share, depth, np.abs(skull.x_mm[cut]))
    if place is Place.TABLE:
        # Polygons leave a gap of a pixel or two to the bone.
        share = share | _wider(share, 2) & (depth < _AT_TABLE_MM) & (depth > 0) & (dense < SATURATED_HU)
    wide = _wider(share, 1).astype(np.float32)
    clear = clear_of_bone(dense, depth).astype(np.float32)
    patch = difference[cut] * clear
    out, weight = np.empty_like(patch), np.empty_like(patch)
    for k in range(len(patch)):
        # What bone shines into is taken from the blood next to it.
        trusted = clear[k] * (0.02 + share[k])
        filled = ndimage.gaussian_filter(patch[k] * trusted, 2.0)
        filled /= np.maximum(ndimage.gaussian_filter(trusted, 2.0), 1e-4)
        out[k] = np.where(clear[k] > 0, patch[k], filled)
        weight[k] = np.clip(1.15 * ndimage.gaussian_filter(wide[k], 1.0), 0, 1)
    row, column = float(at[1].mean()), float(at[2].mean())
    profile = Profile.of(skull.part(run))
    m = len(share) // 2
    return RealLesion(
        volume.patient,
        place,
        out,
        weight,
        share.astype(np.float32),
        corner=(box[0].start, box[1].start),
        middle=(row, column),
        angle=float(np.arctan2(row - profile.row[m], column - profile.column[m]) - profile.tilt),
        depth_mm=float(skull.depth_mm[int(np.median(at[0])), round(row), round(column)]),
        below_vertex_mm=skull.below_vertex_mm[run],
        step_mm=skull.step_mm[0],
        noise_hu=noise_hu,
        profile=profile,
        labels=labels,
        bits=bits,
    )


def _wider(mask: Mask, by_px: int) -> Mask:
    size = 2 * by_px + 1
    return np.asarray(ndimage.binary_dilation(mask, np.ones((1, size, size), bool)))


def _types(
    labels: NDArray[np.uint8], this: Mask, bleeding: Mask
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What a part of the blood is, slice by slice, and its bits.

    It is of the slice's only type; or of all of its types, if there is no other blood in the slice; or of the only
    type that it is of in other slices; else of some of the slice's types.
    """
    types = labels[:, 1:] == 1
    single = np.flatnonzero(types[types.sum(axis=1) == 1].any(axis=0))
    found = np.zeros(labels.shape, np.uint8)
    found[:, 0] = 1
    bits = np.full(len(labels), UNTYPED_BIT, np.uint8)
    for k, row in enumerate(types):
        if row.sum() == 1 or (single.size == 1 and row[single[0]]):
            bits[k] = np.flatnonzero(row)[0] if row.sum() == 1 else single[0]
            found[k, 1 + bits[k]] = 1
        else:
            found[k, 1:][row] = 1 if this[k].sum() > 0.95 * bleeding[k].sum() else UNKNOWN
    return found, bits


def _kinds(labels: NDArray[np.uint8]) -> set[Hemorrhage]:
    return {kind for kind, column in zip(TYPES, labels.T[1:], strict=True) if column.any()}


def _place(labels: NDArray[np.uint8], share: Mask, depth: Field, off_midline: Field) -> Place:
    kinds = _kinds(labels)
    touching = [bool((d[s] < _AT_TABLE_MM).any()) for d, s in zip(depth, share, strict=True) if s.any()]
    if kinds & {Hemorrhage.EPIDURAL, Hemorrhage.SUBDURAL} and np.mean(touching) >= 0.6:
        # Along the falx or the tentorium it stays.
        return Place.OWN if np.median(off_midline[share]) < _MIDLINE_MM else Place.TABLE
    inner = ({Hemorrhage.INTRAPARENCHYMAL}, {Hemorrhage.INTRAVENTRICULAR})
    return Place.BRAIN if kinds in inner else Place.OWN
