"""Whole-head label maps of real people: read once, cropped, and measured.

The maps are those of SynthSeg (B. Billot et al.): 1 mm, FreeSurfer's labels of the brain, and clusters of what lies
around it. Distances that every head made from a map needs are measured once and kept in a file.

Arrays are indexed [x, y, z] with x to the patient's right, y to the front and z to the top, 1 mm a voxel. Distances
are kept in half millimeters, a byte each.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.errors import LearningError
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.services.atomic_file import write_atomically

HELD_BACK_MAPS = (19, 20)
"""Maps that no network is trained on; it is tested on heads made from them."""
PREPARED_VERSION = 2
PER_MM = 2.0
"""Stored distance of one millimeter."""

WHITE, CORTEX = (2, 41, 25, 57), (3, 42, 17, 18, 53, 54)
LATERAL, CHOROID, THIRD, FOURTH = (4, 5, 43, 44), (136, 137, 163, 164), 14, 15
CAUDATE, PUTAMEN, PALLIDUM, THALAMUS = (11, 50, 26, 58), (12, 51), (13, 52), (10, 49)
CEREBELLUM, CEREBELLAR_WHITE, BRAINSTEM = (8, 47), (7, 46), (16, 28, 60)
CSF, VEINS, CHIASM = 24, 514, 85
SCALP, SKIN, FACE_AIRWAY, BONE, MARROW = 507, 511, 509, 515, 516

AIR, SKULL, SPONGY, FALX, TENTORIUM, CISTERN, BODY = (1 << bit for bit in range(7))
"""Bits of `PreparedMap.zones`."""

_LEFT, _RIGHT = (2, 3, 4, 5, 10, 11, 12, 13, 17, 18, 26, 28), (41, 42, 43, 44, 49, 50, 51, 52, 53, 54, 58, 60)
_BELOW_CEREBELLUM_MM = 45
_PAD = 3


@dataclass(frozen=True, eq=False)
class PreparedMap:
    """A label map and how far everything in it is from what.

    Parameters
    ----------
    number : int
        Which of the maps; their files are numbered.
    codes : ndarray of int16, shape (k,)
        The map's labels.
    labels : ndarray of uint8, shape (x, y, z)
        Index into `codes`.
    zones : ndarray of uint8, shape (x, y, z)
        Bits: air in the head, bone, spongy bone, where the sheet between the hemispheres is dura, where that between
        cerebrum and cerebellum is, cisterns, the body.
    depth : ndarray of int8, shape (x, y, z)
        Inside the inner table; negative outside.
    skin : ndarray of int8, shape (x, y, z)
        Under the skin.
    midline : ndarray of int8, shape (x, y, z)
        From the sheet between the hemispheres, positive in the right one.
    tentorium : ndarray of int8, shape (x, y, z)
        From the sheet between cerebrum and cerebellum, positive in the cerebrum.
    ventricle : ndarray of int8, shape (x, y, z)
        From the lateral ventricles' walls; negative within.
    fluid : ndarray of uint8, shape (x, y, z)
        Share of CSF outside the ventricles, or of what lies outside the skull, around a voxel; 255 for all of it.
    """

    number: int
    codes: NDArray[np.int16]
    labels: NDArray[np.uint8]
    zones: NDArray[np.uint8]
    depth: NDArray[np.int8]
    skin: NDArray[np.int8]
    midline: NDArray[np.int8]
    tentorium: NDArray[np.int8]
    ventricle: NDArray[np.int8]
    fluid: NDArray[np.uint8]

    def __post_init__(self) -> None:
        shapes = {getattr(self, name).shape for name in _VOXELS}
        if len(shapes) != 1 or self.labels.ndim != 3:
            raise ValueError(f"all arrays of a map must be of one shape. Received: {sorted(shapes)}")
        if int(self.labels.max()) >= len(self.codes):
            raise ValueError(f"labels must index the {len(self.codes)} codes. Received: {self.labels.max()}")


_VOXELS = ("labels", "zones", "depth", "skin", "midline", "tentorium", "ventricle", "fluid")


def map_path(folder: Path, number: int) -> Path:
    """Where the map of a number lies in the folder of all."""
    return folder / f"training_seg_{number:02d}.nii.gz"


def numbers_in(folder: Path) -> list[int]:
    """Numbers of the maps in a folder, ascending."""
    return [n for n in range(1, 100) if map_path(folder, n).is_file()]


def prepared_map(folder: Path, number: int, cache: Path) -> PreparedMap:
    """A map, measured; what was measured before is read from a file.

    Parameters
    ----------
    folder : Path
        Where the maps lie.
    number : int
        Which of them.
    cache : Path
        Folder for what was measured, named by the map's checksum and this module's version.

    Raises
    ------
    LearningError
        If the map is missing, or is no label map of a whole head.
    """
    path = map_path(folder, number)
    try:
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise LearningError(
            "the label map cannot be read", str(path), error.strerror or str(error)
        ) from error
    kept = cache / f"map-{number:02d}-{checksum[:20]}-v{PREPARED_VERSION}.npz"
    try:
        with np.load(io.BytesIO(kept.read_bytes()), allow_pickle=False) as found:
            return PreparedMap(number, **{f.name: found[f.name] for f in fields(PreparedMap)[1:]})
    except (FileNotFoundError, zipfile.BadZipFile, KeyError, ValueError, EOFError):
        pass  # not there, or damaged: it is measured again
    prepared = measure(number, _read(path), str(path))
    cache.mkdir(parents=True, exist_ok=True)
    data = io.BytesIO()
    np.savez_compressed(data, **{f.name: getattr(prepared, f.name) for f in fields(prepared)[1:]})
    write_atomically(kept, data.getvalue())
    return prepared


def _read(path: Path) -> NDArray[np.int16]:
    # Here, because it is needed only where heads are made, and takes a while to import.
    import nibabel as nib  # noqa: PLC0415

    try:
        image: Any = nib.as_closest_canonical(nib.load(path))  # type: ignore[no-untyped-call]
        spacing = [float(n) for n in image.header.get_zooms()]
        found = np.asarray(image.dataobj)
    except (OSError, ValueError, EOFError, nib.filebasedimages.ImageFileError) as error:
        raise LearningError("the label map cannot be read", str(path), str(error)) from error
    if found.ndim != 3 or not np.allclose(spacing, 1.0, atol=0.02):
        raise LearningError("a label map has voxels of 1 mm", str(path), f"{found.shape}, {spacing} mm")
    return found.astype(np.int16)


def measure(number: int, whole: NDArray[np.int16], where: str = "") -> PreparedMap:
    """Crop a map and measure its distances.

    Parameters
    ----------
    number : int
    whole : ndarray of int16, shape (x, y, z)
        Labels, 1 mm, x to the right, y to the front, z to the top.
    where : str
        Named in errors.

    Raises
    ------
    LearningError
        If a part of the brain without which no head can be made is missing.
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
    left, right = _away(np.isin(brain, _LEFT)), _away(np.isin(brain, _RIGHT))
    cerebrum, below = np.minimum(left, right), _away(np.isin(brain, (*CEREBELLUM, *CEREBELLAR_WHITE)))
    midline, tentorium = _sheet(left, right), _sheet(below, cerebrum)
    zones = np.zeros(a.shape, np.uint8)
    part = zones[near]
    part[_falx(brain, np.maximum(left, right), midline, tentorium)] |= FALX
    tent = (np.maximum(cerebrum, below) < 7) & ~np.isin(brain, (*BRAINSTEM, *WHITE))
    part[tent] |= TENTORIUM
    part[_cisterns(brain, depth[near])] |= CISTERN
    zones[head] |= BODY
    empty = (a == 0) & head
    zones[empty & (ndimage.uniform_filter(empty.astype(np.float32), 3) > 0.6)] |= AIR
    bone, spongy = _bone(np.where(head, a, SKIN), depth, zones & AIR > 0)
    zones[bone] |= SKULL
    zones[spongy] |= SPONGY
    codes = np.unique(a)
    return PreparedMap(
        number,
        codes,
        np.searchsorted(codes, a).astype(np.uint8),
        zones,
        _stored(depth),
        _stored(ndimage.distance_transform_edt(head)),
        _stored(_widened(midline, near, a.shape)),
        _stored(_widened(tentorium, near, a.shape)),
        _stored(_widened(_away(np.isin(brain, (*LATERAL, *CHOROID))), near, a.shape)
                - _widened(_away(~np.isin(brain, (*LATERAL, *CHOROID))), near, a.shape)),
        np.rint(255 * ndimage.gaussian_filter(((a == CSF) | ~inside).astype(np.float32), 0.7)).astype(np.uint8),
    )  # fmt: skip


def _cropped(whole: NDArray[np.int16]) -> NDArray[np.int16]:
    box = ndimage.find_objects((whole > 0).astype(np.int8))[0]
    lowest = int(np.nonzero(np.isin(whole, CEREBELLUM).any(axis=(0, 1)))[0][0])
    low = max(box[2].start, lowest - _BELOW_CEREBELLUM_MM)
    # The neck is cut off, not closed: no air below it.
    return np.pad(whole[box[0], box[1], low : box[2].stop], ((_PAD, _PAD), (_PAD, _PAD), (0, _PAD)))


def _inside(a: NDArray[np.int16]) -> Mask:
    """Brain and the CSF around it, without the spikes and the canal of the spine that the labels have."""
    brain = ((a > 0) & (a < 500)) | (a == VEINS)
    core = ndimage.binary_opening((a > 0) & (a < 500), iterations=2)
    marks, _ = ndimage.label(core)
    sizes = np.bincount(marks.ravel())
    sizes[0] = 0
    core = ndimage.binary_dilation(marks == sizes.argmax(), iterations=3) & brain
    core = np.pad(core, 5)
    core = ndimage.binary_closing(core, iterations=4)[5:-5, 5:-5, 5:-5]
    core = ndimage.gaussian_filter(core.astype(np.float32), 1.5) > 0.5
    lowest = int(np.nonzero(np.isin(a, CEREBELLUM).any(axis=(0, 1)))[0][0])
    core[:, :, : max(lowest - 4, 0)] = False
    done: Mask = core
    return done


def _bone(a: NDArray[np.int16], depth: Field, air: Mask) -> tuple[Mask, Mask]:
    """Bone and its spongy part: the labels' outside the inner table, made even, and never thinner than a shell."""
    labelled = np.isin(a, (BONE, MARROW, VEINS, 0)) & (depth <= 0) & (depth > -30)
    even = ndimage.uniform_filter(labelled.astype(np.float32), 3) > 0.5
    shell = (depth <= 0) & (depth > -3.0) & ~np.isin(a, (FACE_AIRWAY,))
    bone = (even | shell) & ~air & (depth <= 0) & (a != SKIN)
    within = ndimage.distance_transform_edt(bone)
    marrow = ndimage.gaussian_filter((a == MARROW).astype(np.float32), 1.0) > 0.35
    return bone, bone & ((within > 2.6) | (marrow & (within > 1.2)))


def _falx(
    brain: NDArray[np.int16],
    apart: Field,
    midline: Field,
    tentorium: Field,
) -> Mask:
    """Where the sheet between the hemispheres is dura: outward of the corpus callosum, down to the tentorium.

    Seen from the third ventricle, what crosses the midline lies within a radius for each direction; the falx starts
    beyond it, farther in front than behind.
    """
    crossing = (np.abs(midline) < 1.5) & np.isin(brain, (*WHITE, *BRAINSTEM, *LATERAL, *THALAMUS, THIRD))
    y, z = np.nonzero(crossing.sum(axis=0) >= 2)
    cy, cz = (float(n.mean()) for n in np.nonzero(np.isin(brain, (THIRD, *THALAMUS)))[1:])
    sector = ((np.rad2deg(np.arctan2(z - cz, y - cy)) + 360) % 360 / 5).astype(int)
    radius = np.zeros(72)
    np.maximum.at(radius, sector, np.hypot(y - cy, z - cz))
    radius = ndimage.median_filter(radius, 5, mode="wrap")
    yy, zz = np.meshgrid(np.arange(brain.shape[1]) - cy, np.arange(brain.shape[2]) - cz, indexing="ij")
    angle = (np.rad2deg(np.arctan2(zz, yy)) + 360) % 360
    margin = 3.0 + 9.0 * np.clip(np.cos(np.deg2rad(angle)), 0, 1)
    beyond = np.hypot(yy, zz) > radius[(angle / 5).astype(int) % 72] + margin
    reach = (angle < 215) | (angle > 335)
    done: Mask = (beyond & reach)[None] & (apart < 9) & (tentorium > -1.5) & (np.abs(midline) < 7)
    return done


def _cisterns(brain: NDArray[np.int16], depth: Field) -> Mask:
    base = _away(np.isin(brain, (*BRAINSTEM, CHIASM, 18, 54)))
    insula = _away(np.isin(brain, PUTAMEN))
    done: Mask = (brain == CSF) & (((base < 10) & (depth > 3)) | ((insula < 16) & (depth > 9)))
    return done


def _sheet(low: Field, high: Field) -> Field:
    """Signed distance from where two distances are alike, positive where `high` is the smaller one."""
    smooth: Field = ndimage.gaussian_filter(_signed(low > high), 0.8)
    return smooth


def _signed(mask: Mask) -> Field:
    within = ndimage.distance_transform_edt(mask) - ndimage.distance_transform_edt(~mask)
    # Distances are counted from the voxels' middles; the edge lies between them.
    signed: Field = np.where(mask, within - 0.5, within + 0.5).astype(np.float32)
    return signed


def _away(mask: Mask) -> Field:
    away: Field = ndimage.distance_transform_edt(~mask).astype(np.float32)
    return away


def _widened(field: Field, box: tuple[slice, ...], shape: tuple[int, ...]) -> Field:
    around = [(s.start, n - s.stop) for s, n in zip(box, shape, strict=True)]
    whole: Field = np.pad(field, around, mode="edge")
    return whole


def _stored(field: NDArray[Any]) -> NDArray[np.int8]:
    return np.clip(np.rint(field * PER_MM), -127, 127).astype(np.int8)
