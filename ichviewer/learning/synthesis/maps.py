"""Whole-head label maps of real people: read, cropped, and measured.

The maps are those of SynthSeg (B. Billot et al.): 1 mm, FreeSurfer's labels of the brain, and clusters of what lies
around it. Arrays are indexed [x, y, z] with x to the patient's right, y to the front and z to the top, 1 mm a voxel.
Distances are kept in half millimeters, a byte each.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.errors import LearningError
from ichviewer.learning.synthesis.anatomy import Field, Mask

PER_MM = 2.0
"""Stored distance of one millimeter."""

WHITE, CORTEX = (2, 41, 25, 57), (3, 42, 17, 18, 53, 54)
LATERAL, CHOROID, THIRD, FOURTH = (4, 5, 43, 44), (136, 137, 163, 164), 14, 15
CAUDATE, PUTAMEN, PALLIDUM, THALAMUS = (11, 50, 26, 58), (12, 51), (13, 52), (10, 49)
CEREBELLUM, CEREBELLAR_WHITE, BRAINSTEM = (8, 47), (7, 46), (16, 28, 60)
CSF, VEINS, CHIASM = 24, 514, 85
SKIN, FACE_AIRWAY, BONE, MARROW = 511, 509, 515, 516

AIR, SKULL, SPONGY, FALX, TENTORIUM, CISTERN, BODY = (1 << bit for bit in range(7))
"""Bits of `PreparedMap.zones`."""

_LEFT, _RIGHT = (2, 3, 4, 5, 10, 11, 12, 13, 17, 18, 26, 28), (41, 42, 43, 44, 49, 50, 51, 52, 53, 54, 58, 60)
_BELOW_CEREBELLUM_MM = 45
_PAD = 3


@dataclass(frozen=True, eq=False)
class PreparedMap:
    """A label map and how far everything in it is from what; arrays of one shape (x, y, z)."""

    number: int  # which of the maps; their files are numbered
    labels: NDArray[np.int16]
    zones: NDArray[np.uint8]  # bits `AIR` to `BODY`; those of falx and tentorium where the sheets are dura
    depth: NDArray[np.int8]  # inside the inner table; negative outside
    skin: NDArray[np.int8]  # under the skin
    midline: NDArray[np.int8]  # from the sheet between the hemispheres, positive in the right one
    tentorium: NDArray[np.int8]  # from the sheet between cerebrum and cerebellum, positive in the cerebrum
    ventricle: NDArray[np.int8]  # from the lateral ventricles' walls; negative within
    fluid: NDArray[np.uint8]  # share of CSF, not of ventricles, or of what is outside the skull; 255 is all

    def __post_init__(self) -> None:
        shapes = {getattr(self, field.name).shape for field in fields(self)[1:]}
        if len(shapes) != 1 or self.labels.ndim != 3:
            raise ValueError(f"all arrays of a map must be of one shape. Received: {sorted(shapes)}")


def map_path(folder: Path, number: int) -> Path:
    """Where the map of a number lies in the folder of all."""
    return folder / f"training_seg_{number:02d}.nii.gz"


@lru_cache(maxsize=1)
def prepared_map(folder: Path, number: int) -> PreparedMap:
    """A map of a folder, measured, which takes seconds; the same object while it is asked for again and again.

    Raises
    ------
    LearningError
        If the map is missing, or is no label map of a whole head.
    """
    # Here, because it is needed only where heads are made, and takes a while to import.
    import nibabel as nib  # noqa: PLC0415

    path = map_path(folder, number)
    try:
        image: Any = nib.as_closest_canonical(nib.load(path))  # type: ignore[no-untyped-call]
        spacing = [float(n) for n in image.header.get_zooms()]
        found = np.asarray(image.dataobj)
    except (OSError, ValueError, EOFError, zlib.error, nib.filebasedimages.ImageFileError) as error:
        raise LearningError("the label map cannot be read", str(path), str(error)) from error
    if found.ndim != 3 or not np.allclose(spacing, 1.0, atol=0.02):
        raise LearningError("a label map has voxels of 1 mm", str(path), f"{found.shape}, {spacing} mm")
    return measure(number, found.astype(np.int16), str(path))


def measure(number: int, whole: NDArray[np.int16], where: str = "") -> PreparedMap:
    """Crop a map and measure its distances.

    `whole` is of shape (x, y, z), 1 mm a voxel. `where` is named in the LearningError that is raised if a part of the
    brain without which no head can be made is missing.
    """
    for part in (WHITE[:1], WHITE[1:2], LATERAL, CEREBELLUM, BRAINSTEM[:1], (CSF,)):
        if not np.isin(whole, part).any():
            raise LearningError("the label map is not one of a whole head", where, f"no label {part}")
    a = _cropped(whole)
    head = ndimage.binary_closing(a > 0, iterations=3)
    for z in range(a.shape[2]):
        head[:, :, z] = ndimage.binary_fill_holes(head[:, :, z])
    inside = _inside(a)
    depth = _signed(inside)
    near = ndimage.find_objects(ndimage.binary_dilation(inside, iterations=6).astype(np.int8))[0]
    brain = np.ascontiguousarray(a[near])
    left, right, below = (_away(np.isin(brain, p)) for p in (_LEFT, _RIGHT, (*CEREBELLUM, *CEREBELLAR_WHITE)))
    cerebrum, apart = np.minimum(left, right), np.maximum(left, right)
    rooms = np.isin(brain, (*LATERAL, *CHOROID))
    midline, tentorium, ventricle = _sheet(left, right), _sheet(below, cerebrum), _away(rooms) - _away(~rooms)
    zones = np.zeros(a.shape, np.uint8)
    part = zones[near]
    part[_falx(brain, apart, midline, tentorium)] |= FALX
    part[(np.maximum(cerebrum, below) < 7) & ~np.isin(brain, (*BRAINSTEM, *WHITE))] |= TENTORIUM
    base, insula = _away(np.isin(brain, (*BRAINSTEM, CHIASM, 18, 54))), _away(np.isin(brain, PUTAMEN))
    deep = depth[near]
    part[(brain == CSF) & (((base < 10) & (deep > 3)) | ((insula < 16) & (deep > 9)))] |= CISTERN
    zones[head] |= BODY
    empty = (a == 0) & head
    zones[empty & (ndimage.uniform_filter(empty.astype(np.float32), 3) > 0.6)] |= AIR
    bone, spongy = _bone(np.where(head, a, SKIN), depth, zones & AIR > 0)
    zones[bone] |= SKULL
    zones[spongy] |= SPONGY
    around = [(s.start, n - s.stop) for s, n in zip(near, a.shape, strict=True)]
    around_brain = (np.pad(mm, around, mode="edge") for mm in (midline, tentorium, ventricle))
    distances = (depth, ndimage.distance_transform_edt(head), *around_brain)
    fluid = ndimage.gaussian_filter(((a == CSF) | ~inside).astype(np.float32), 0.7)
    return PreparedMap(number, a, zones, *(*map(_stored, distances), np.rint(255 * fluid).astype(np.uint8)))


def _cropped(whole: NDArray[np.int16]) -> NDArray[np.int16]:
    x, y, z = ndimage.find_objects((whole > 0).astype(np.int8))[0]
    low = max(z.start, _lowest_of_cerebellum(whole) - _BELOW_CEREBELLUM_MM)
    # The neck is cut off, not closed: no air below it.
    return np.pad(whole[x, y, low : z.stop], ((_PAD, _PAD), (_PAD, _PAD), (0, _PAD)))


def _lowest_of_cerebellum(a: NDArray[np.int16]) -> int:
    return int(np.flatnonzero(np.isin(a, CEREBELLUM).any(axis=(0, 1)))[0])


def _inside(a: NDArray[np.int16]) -> Mask:
    """Brain and the CSF around it, without the spikes and the canal of the spine that the labels have."""
    brain = (a > 0) & (a < 500)
    marks, _ = ndimage.label(ndimage.binary_opening(brain, iterations=2))
    sizes = np.bincount(marks.ravel())
    sizes[0] = 0
    core = ndimage.binary_dilation(marks == sizes.argmax(), iterations=3) & (brain | (a == VEINS))
    core = ndimage.binary_closing(np.pad(core, 5), iterations=4)[5:-5, 5:-5, 5:-5]
    even = np.asarray(ndimage.gaussian_filter(core.astype(np.float32), 1.5) > 0.5)
    even[:, :, : max(_lowest_of_cerebellum(a) - 4, 0)] = False
    return even


def _bone(a: NDArray[np.int16], depth: Field, air: Mask) -> tuple[Mask, Mask]:
    """Bone and its spongy part: the labels' outside the inner table, made even, and never thinner than a shell."""
    labelled = np.isin(a, (BONE, MARROW, VEINS, 0)) & (depth <= 0) & (depth > -30)
    even = ndimage.uniform_filter(labelled.astype(np.float32), 3) > 0.5
    shell = (depth > -3.0) & (a != FACE_AIRWAY)
    bone = (even | shell) & ~air & (depth <= 0) & (a != SKIN)
    within = ndimage.distance_transform_edt(bone)
    marrow = ndimage.gaussian_filter((a == MARROW).astype(np.float32), 1.0) > 0.35
    return bone, bone & ((within > 2.6) | (marrow & (within > 1.2)))


def _falx(brain: NDArray[np.int16], apart: Field, midline: Field, tentorium: Field) -> Mask:
    """Where the sheet between the hemispheres is dura: outward of the corpus callosum, down to the tentorium.

    Seen from the third ventricle, what crosses the midline lies within a radius for each direction; the falx starts
    beyond it, farther in front than behind.
    """
    crossing = (np.abs(midline) < 1.5) & np.isin(brain, (*WHITE, *BRAINSTEM, *LATERAL, *THALAMUS, THIRD))
    cy, cz = (float(n.mean()) for n in np.nonzero(np.isin(brain, (THIRD, *THALAMUS)))[1:])

    def polar(y: NDArray[Any], z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        return (np.rad2deg(np.arctan2(z - cz, y - cy)) + 360) % 360, np.hypot(y - cy, z - cz)

    angle, far = polar(*np.nonzero(crossing.sum(axis=0) >= 2))
    radius = np.zeros(72)
    np.maximum.at(radius, (angle / 5).astype(int), far)
    radius = ndimage.median_filter(radius, 5, mode="wrap")
    angle, far = polar(*np.indices(brain.shape[1:]))
    margin = 3.0 + 9.0 * np.clip(np.cos(np.deg2rad(angle)), 0, 1)
    beyond = far > radius[(angle / 5).astype(int) % 72] + margin
    reach = (angle < 215) | (angle > 335)
    return np.asarray((beyond & reach)[None] & (apart < 9) & (tentorium > -1.5) & (np.abs(midline) < 7))


def _sheet(low: Field, high: Field) -> Field:
    """Signed distance from where two distances are alike, positive where `high` is the smaller one."""
    return np.asarray(ndimage.gaussian_filter(_signed(low > high), 0.8))


def _signed(mask: Mask) -> Field:
    within = ndimage.distance_transform_edt(mask) - ndimage.distance_transform_edt(~mask)
    # Distances are counted from the voxels' middles; the edge lies between them.
    return np.asarray(np.where(mask, within - 0.5, within + 0.5), np.float32)


def _away(mask: Mask) -> Field:
    return np.asarray(ndimage.distance_transform_edt(~mask), np.float32)


def _stored(field: NDArray[Any]) -> NDArray[Any]:
    return np.clip(np.rint(field * PER_MM), -127, 127).astype(np.int8)
