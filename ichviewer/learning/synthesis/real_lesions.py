"""Real lesions, cut out of heads in which radiologists drew them, as differences from the brain around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, UNTYPED_BIT, Volume
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.skull import SATURATED_HU, Skull, find_skull
from ichviewer.learning.synthesis.tissue import Tissue, read_tissue

ANGLES = 360
_BONE_BLUR_MM = 1.2
_BLOOD_BITS = np.uint8((1 << len(TYPES)) - 1 | 1 << UNTYPED_BIT)
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
    """The inside of a skull in polar coordinates, slice by slice.

    Parameters
    ----------
    row, column : ndarray of float32, shape (n,)
        Middle of the inside; NaN in a slice without.
    radius_px : ndarray of float32, shape (n, ANGLES)
        Distance from the middle to the inner table; angles are measured from the head's own left-right axis.
    tilt : float
        Angle of that axis in the picture, in radians.
    """

    row: Field
    column: Field
    radius_px: Field
    tilt: float

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
            rows, columns = np.nonzero(skull.inside[k])
            row[k], column[k] = rows.mean(), columns.mean()
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
        found: Field = line[low] * (1 - part) + line[(low + 1) % ANGLES] * part
        return found

    def polar(self, k: int, shape: tuple[int, int]) -> tuple[Field, Field]:
        """Angle and distance from the middle of each pixel of a slice."""
        down = (np.arange(shape[0], dtype=np.float32) - self.row[k])[:, None]
        across = (np.arange(shape[1], dtype=np.float32) - self.column[k])[None, :]
        return (np.arctan2(down, across) - np.float32(self.tilt)).astype(np.float32), np.hypot(down, across)


@dataclass(frozen=True, eq=False)
class RealLesion:
    """A connected lesion over some adjacent slices of a patient.

    Parameters
    ----------
    patient : str
    place : Place
    difference_hu : ndarray of float32, shape (m, h, w)
        Of the lesion and a little around from the mean of the brain nearby, noise included.
    weight, share : ndarray of float32, shape (m, h, w)
        How far a pixel goes along, with a soft edge around the blood; and the blood itself.
    corner : tuple of int
        Row and column of the patch in its `profile`'s slices.
    middle : tuple of float
        Row and column of the middle of the blood in those slices.
    angle : float
        Of that middle about the middle of the head, from its left-right axis.
    depth_mm : float
        Of that middle below the inner table.
    below_vertex_mm : ndarray of float32, shape (m,)
    step_mm : float
        Distance of the slices.
    noise_hu : float
        Standard deviation of the noise.
    profile : Profile
        Of the patient's skull in these slices.
    labels : ndarray of uint8, shape (m, 6)
        What the blood in each slice is; `UNKNOWN` for the types of the slice if it shows several lesions.
    bits : ndarray of uint8, shape (m,)
        The bit of the blood in a mask.
    """

    patient: str
    place: Place
    difference_hu: Field
    weight: Field
    share: Field
    corner: tuple[int, int]
    middle: tuple[float, float]
    angle: float
    depth_mm: float
    below_vertex_mm: Field
    step_mm: float
    noise_hu: float
    profile: Profile
    labels: NDArray[np.uint8]
    bits: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if not self.difference_hu.shape == self.weight.shape == self.share.shape:
            raise ValueError(f"the parts of a patch have one shape. Received: {self.difference_hu.shape}")
        if len(self.labels) != len(self.share) or not self.share.any():
            raise ValueError(f"{len(self.share)} slices need labels and blood. Received: {len(self.labels)}")


def clipped(volume: Volume) -> Field:
    """HU of a volume as `find_skull` takes them."""
    return np.clip(volume.hu, -20, 100).astype(np.float32)


def lesions_of(volume: Volume, settings: PreprocessSettings) -> tuple[RealLesion, ...]:
    """The lesions of a patient that stand out from the brain; none without masks or a skull.

    Parameters
    ----------
    volume : Volume
        With masks.
    settings : PreprocessSettings
        What the volume was made with.
    """
    if volume.masks is None or not (volume.masks & _BLOOD_BITS).any():
        return ()
    hu = clipped(volume)
    skull = find_skull(hu, volume.positions_mm, volume.has_brain, settings.mm_per_px)
    if skull is None:
        return ()
    hu = hu[:, skull.rows, skull.columns]
    masks = volume.masks[:, skull.rows, skull.columns] & _BLOOD_BITS
    blood = (masks > 0) & skull.inside
    wide = ndimage.binary_dilation(blood, np.ones((1, 5, 5), bool))
    # As dense as bone, blood has no part in the mean of the brain around.
    tissue = read_tissue(np.where(wide, np.float32(SATURATED_HU), hu), skull)
    near = ndimage.binary_dilation(blood, np.ones((1, 3, 3), bool))
    marks, count = ndimage.label(near, np.ones((3, 3, 3), bool))
    marks *= blood
    parts = [marks == part for part in range(1, count + 1)]
    return tuple(lesion for this in parts for lesion in _cut(volume, skull, hu, tissue, blood, this))


def _cut(  # noqa: PLR0917
    volume: Volume, skull: Skull, hu: Field, tissue: Tissue, blood: Mask, this: Mask
) -> Iterator[RealLesion]:
    """A part of the blood as a lesion; none if it is a speck or does not stand out."""
    difference = hu - tissue.local_hu
    ks = np.flatnonzero(this.any(axis=(1, 2)))
    if this.sum() < _LEAST_PX or np.median(difference[this]) < _LEAST_CONTRAST_HU:
        return
    run = slice(int(ks[0]), int(ks[-1]) + 1)
    at = np.nonzero(this)
    box = tuple(
        slice(max(int(a.min()) - _MARGIN_PX, 0), int(a.max()) + 1 + _MARGIN_PX) for a in (at[1], at[2])
    )
    cut = (run, *box)
    depth, share = skull.depth_mm[cut], this[cut]
    labels, bits = _types(volume.labels[run], this[run], blood[run])
    place = _place(labels, share, depth, np.abs(skull.x_mm[cut]))
    if place is Place.TABLE:
        # Polygons leave a gap of a pixel or two to the bone.
        at_table = (depth < _AT_TABLE_MM) & (depth > 0) & (hu[cut] < SATURATED_HU)
        share = share | ndimage.binary_dilation(share, np.ones((1, 5, 5), bool)) & at_table
    wide = ndimage.binary_dilation(share, np.ones((1, 3, 3), bool)).astype(np.float32)
    clear = ((depth > _BONE_BLUR_MM) & (hu[cut] < 90)).astype(np.float32)
    patch = difference[cut] * clear
    out, weight = np.empty_like(patch), np.empty_like(patch)
    for k in range(len(patch)):
        # What bone shines into is taken from the blood next to it.
        trusted = clear[k] * (0.02 + share[k])
        filled = ndimage.gaussian_filter(patch[k] * trusted, 2.0)
        filled /= np.maximum(ndimage.gaussian_filter(trusted, 2.0), 1e-4)
        out[k] = np.where(clear[k] > 0, patch[k], filled)
        weight[k] = np.clip(1.15 * ndimage.gaussian_filter(wide[k], 1.0), 0, 1)
    center = (float(at[1].mean()), float(at[2].mean()))
    profile = Profile.of(skull.part(run))
    m = len(share) // 2
    angle = np.arctan2(center[0] - profile.row[m], center[1] - profile.column[m]) - profile.tilt
    middle_depth = skull.depth_mm[int(np.median(at[0])), round(center[0]), round(center[1])]
    yield RealLesion(
        volume.patient,
        place,
        out,
        weight,
        share.astype(np.float32),
        (box[0].start, box[1].start),
        center,
        float(angle),
        float(middle_depth),
        skull.below_vertex_mm[run],
        skull.step_mm[0],
        tissue.noise_hu,
        profile,
        labels,
        bits,
    )


def _types(labels: NDArray[np.uint8], this: Mask, blood: Mask) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
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
            found[k, 1:][row] = 1 if this[k].sum() > 0.95 * blood[k].sum() else UNKNOWN
    return found, bits


def _place(labels: NDArray[np.uint8], share: Mask, depth: Field, off_midline: Field) -> Place:
    named = {kind for i, kind in enumerate(LABELS) if (labels[:, i] != 0).any()} - {Hemorrhage.ANY}
    outside = {Hemorrhage.EPIDURAL, Hemorrhage.SUBDURAL}
    touching = [bool((d[s] < _AT_TABLE_MM).any()) for d, s in zip(depth, share, strict=True) if s.any()]
    if named & outside and np.mean(touching) >= 0.6:
        # Along the falx or the tentorium it stays.
        return Place.OWN if np.median(off_midline[share]) < _MIDLINE_MM else Place.TABLE
    inner = ({Hemorrhage.INTRAPARENCHYMAL}, {Hemorrhage.INTRAVENTRICULAR})
    return Place.BRAIN if named in inner else Place.OWN
