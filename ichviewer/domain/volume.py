"""The slices of a series as one volume of HU."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.domain.volume_source import NoVolume, NoVolumeReason, volume_geometry

MISSING = -32768
"""Stands in int16 voxels for "no image here"; in float32 voxels, NaN does."""
_LARGEST = 32767


@dataclass(frozen=True, eq=False)
class Volume:
    """Voxels in HU, where they lie, and what they were read from.

    After highdicom's ``Volume``, with distances of slices that may be uneven.

    Parameters
    ----------
    voxels : ndarray of int16 or float32, shape (slices, rows, columns)
        HU; `MISSING` or NaN where there is no image: padding, rows that a file did not hold, and slices that were not
        decoded. Made read-only. The mask is kept in the voxels, so that the two can never disagree.
    geometry : VolumeGeometry
    frame_of_reference_uid : str
        Frame of Reference UID (0020,0052); empty where missing.
    series_identity : str
        `ichviewer.domain.identity.series_identity` of the series.
    pixel_hashes : tuple of str
        `ichviewer.domain.decoded.pixel_hash` of each slice; empty for one that was not decoded.
    """

    voxels: NDArray[np.int16] | NDArray[np.float32]
    geometry: VolumeGeometry
    frame_of_reference_uid: str
    series_identity: str
    pixel_hashes: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.voxels.shape != self.geometry.shape or self.voxels.dtype not in (np.int16, np.float32):
            raise ValueError(
                f"a volume needs int16 or float32 voxels of shape {self.geometry.shape}. "
                f"Received: {self.voxels.dtype}, {self.voxels.shape}"
            )
        if not self.voxels.flags.c_contiguous:
            raise ValueError("voxels must lie slice after slice. Received: an array that is not C-contiguous")
        if len(self.pixel_hashes) != len(self.voxels):
            raise ValueError(
                f"a volume of {len(self.voxels)} slices needs as many hashes. "
                f"Received: {len(self.pixel_hashes)}"
            )
        self.voxels.setflags(write=False)

    @cached_property
    def digest(self) -> str:
        """Names what planes cut out of it show: the pixels of its slices, and where they lie.

        32 hexadecimal digits. Not of the files' paths: the same study elsewhere has the same digest.
        """
        geometry = self.geometry
        numbers = (
            *geometry.origin_mm,
            *geometry.slice_direction,
            *geometry.column_direction,
            *geometry.row_direction,
            geometry.spacing.row_mm,
            geometry.spacing.column_mm,
            *geometry.slice_positions_mm,
        )
        # Rounded as far as no HU depends on it, because directions are computed.
        places = [f"{value + 0.0:.4f}" for value in numbers]
        words = "\n".join([str(geometry.shape), *places, *self.pixel_hashes])
        return hashlib.blake2b(words.encode("utf-8"), digest_size=16).hexdigest()

    @property
    def undecoded(self) -> tuple[int, ...]:
        """Indices of the slices that were not decoded and are missing as a whole."""
        return tuple(i for i, found in enumerate(self.pixel_hashes) if not found)

    @property
    def affine(self) -> NDArray[np.float64] | None:
        """What takes (slice, row, column, 1) to patient coordinates (LPS) in mm; shape (4, 4), float64.

        None where distances between slices are uneven: there `VolumeGeometry.mm_of_index` says where voxels lie.
        """
        return self.geometry.affine

    def hu(self) -> NDArray[np.float32]:
        """A copy of the voxels in HU; float32, shape (slices, rows, columns), NaN where there is no image."""
        return as_hu(self.voxels)

    @property
    def nbytes(self) -> int:
        """Memory that the voxels take, in bytes."""
        return int(self.voxels.nbytes)

    def missing(self, slice_index: int) -> NDArray[np.bool_]:
        """Where a slice has no image; shape (rows, columns)."""
        return missing_in(self.voxels[slice_index])

    def hu_at(self, point_mm: tuple[float, float, float]) -> float | None:
        """HU of the voxel nearest to a point in patient coordinates; None outside and where there is no image."""
        index = np.rint(self.geometry.index_of_mm(point_mm)).astype(np.intp)
        if np.any(index < 0) or np.any(index >= self.voxels.shape):
            return None
        value = self.voxels[tuple(index)]
        return None if missing_in(value[None])[0] else float(value)


def missing_in(voxels: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where voxels hold no image, of their shape."""
    return np.asarray(voxels == MISSING if voxels.dtype == np.int16 else np.isnan(voxels))


def as_hu(voxels: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    """A copy of voxels as float32 in C order, NaN where there is no image."""
    found = voxels.astype(np.float32, order="C")
    if voxels.dtype == np.int16:
        missing = voxels == MISSING
        if missing.any():
            found[missing] = np.nan
    return found


def build_volume(series: Series, decoded: Iterable[tuple[int, DecodedSlice]]) -> Volume | NoVolume:
    """Volume of a series from its decoded slices, or why it is none.

    Parameters
    ----------
    series : Series
    decoded : iterable of (index, DecodedSlice)
        In any order; they may come from a generator, so that not all are in memory at once. Slices that do not come
        are missing in the volume and listed in `Volume.undecoded`.

    Returns
    -------
    Volume or NoVolume
        int16 where all HU are whole numbers, else float32.

    Raises
    ------
    ValueError
        If an index or the size of a decoded slice is not of this series.
    """
    geometry = volume_geometry(series)
    if isinstance(geometry, NoVolume):
        return geometry
    voxels: NDArray[np.int16] | NDArray[np.float32] = np.full(geometry.shape, MISSING, np.int16)
    hashes = [""] * len(series)
    for index, one in decoded:
        if not 0 <= index < len(series) or one.image.shape != geometry.shape[1:]:
            raise ValueError(
                f"a slice must be one of {len(series)} of {geometry.shape[1:]} px. "
                f"Received: index {index}, {one.image.shape} px"
            )
        if one.rgb is not None:
            return NoVolume(NoVolumeReason.COLOR, f"slice {index + 1} of {len(series)}")
        values, missing = one.image.hu(0.0), one.image.missing()
        if voxels.dtype == np.int16 and not _is_whole(one.image, values):
            voxels = as_hu(voxels)
        voxels[index] = values
        voxels[index][missing] = MISSING if voxels.dtype == np.int16 else np.nan
        hashes[index] = one.pixel_hash or pixel_hash(one.image)
    return Volume(
        voxels, geometry, series.slices[0].frame_of_reference_uid, series_identity(series), tuple(hashes)
    )


def _is_whole(image: SliceImage, values: NDArray[np.float32]) -> bool:
    """Whether int16 holds the HU exactly and apart from `MISSING`."""
    coefficients = image.rescale.slope, image.rescale.intercept
    return all(math.floor(c) == c for c in coefficients) and bool(np.abs(values).max() <= _LARGEST)
