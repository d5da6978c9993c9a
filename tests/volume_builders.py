"""Small volumes and series for tests: plain, tilted, uneven, oblique."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.plane_view import rotation_matrix
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)
from ichviewer.domain.volume import Volume
from ichviewer.domain.volume_geometry import VolumeGeometry

X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def make_geometry(
    shape: tuple[int, int, int] = (3, 4, 5),
    *,
    origin_mm: Sequence[float] = (0.0, 0.0, 0.0),
    spacing_mm: tuple[float, float] = (1.0, 1.0),
    step_mm: float = 2.0,
    positions_mm: Sequence[float] | None = None,
    tilt_deg: float = 0.0,
    turn: tuple[tuple[float, float, float], float] | None = None,
) -> VolumeGeometry:
    """Axial slices, tilted about the left-right axis as by a gantry, then all turned about an axis by degrees."""
    a = math.radians(tilt_deg)
    column = (0.0, math.cos(a), -math.sin(a))
    directions = [Z, column, X]
    if turn is not None:
        matrix = rotation_matrix(*turn)
        directions = [tuple(map(float, matrix @ d)) for d in directions]
    positions = [k * step_mm for k in range(shape[0])] if positions_mm is None else positions_mm
    return VolumeGeometry(
        tuple(map(float, origin_mm)),
        *directions,
        PixelSpacing(*spacing_mm),
        tuple(map(float, positions)),
        shape[1],
        shape[2],
    )


def make_volume(voxels: ArrayLike, geometry: VolumeGeometry | None = None, **how) -> Volume:
    """A volume of HU (int16 unless of float32)."""
    array = np.asarray(voxels)
    if array.dtype != np.float32:
        array = array.astype(np.int16)
    geometry = geometry or make_geometry(array.shape, **how)
    return Volume(np.ascontiguousarray(array), geometry, "1.2.3", "series", ("made",) * len(array))


def make_info(i: int, plane: Plane | None, **attributes) -> SliceInfo:
    """The header of a slice of 4 x 5 pixels, 0.5 mm between rows and 0.4 mm between columns."""
    settings = {"rows": 4, "columns": 5, "spacing": PixelSpacing(0.5, 0.4), "frame_of_reference_uid": "1.9"}
    return SliceInfo(SliceSource(Path(f"{i}.dcm")), f"1.2.{i}", plane=plane, **{**settings, **attributes})


def make_series(*infos: SliceInfo, problems=()) -> Series:
    """A CT series of these slices."""
    return Series(
        SeriesKey("1.2", "1.2.3"),
        PatientInfo("P1"),
        StudyInfo("1.2"),
        "CT",
        tuple(infos),
        SortBasis.POSITION,
        problems=tuple(problems),
    )


def axial_series(*heights_mm: float) -> Series:
    """Axial slices at these heights; the first pixel at x -10, y -20."""
    return make_series(*(make_info(i, Plane((-10.0, -20.0, z), X, Y)) for i, z in enumerate(heights_mm)))


WHOLE_HU = Rescale(1.0, -1000.0)


def decoded(stored: ArrayLike, rescale: Rescale = WHOLE_HU, **attributes) -> DecodedSlice:
    """A decoded slice of these stored values."""
    array = np.array(stored)
    image = SliceImage(
        array if array.dtype.kind in "iu" and array.dtype != np.int64 else array.astype(np.int16),
        rescale,
        **attributes,
    )
    return DecodedSlice(image, pixel_hash=pixel_hash(image))
