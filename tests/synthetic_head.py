"""Heads of a few ellipses and series of them, for tests that need something the program takes for a head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.decode import DecodedSlice
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import Rescale, SliceImage
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)
from ichviewer.errors import DecodeError, ReadError

SIZE = 128
SPACING_MM = 1.8


def head_hu(brain_hu: float = 35.0, *, spacing_mm: float = SPACING_MM, size: int = SIZE) -> NDArray[np.int16]:
    """A slice through a head: 150 x 180 mm of scalp, 6 mm of skull, brain of one value; air around it."""
    y, x = (np.mgrid[:size, :size] - (size - 1) / 2) * spacing_mm
    hu = np.full((size, size), -1000, np.int16)
    for value, shrink in ((20, 0.0), (900, 4.0), (brain_hu, 10.0)):
        hu[(x / (75 - shrink)) ** 2 + (y / (90 - shrink)) ** 2 < 1] = value
    return hu


def air_hu(size: int = SIZE) -> NDArray[np.int16]:
    """A slice of nothing."""
    return np.full((size, size), -1000, np.int16)


def body_hu(size: int = SIZE) -> NDArray[np.int16]:
    """A slice of soft tissue without a skull."""
    y, x = (np.mgrid[:size, :size] - (size - 1) / 2) * SPACING_MM
    return np.where((x / 100) ** 2 + (y / 70) ** 2 < 1, 40, -1000).astype(np.int16)


class Slices:
    """Pixels of a series, in place of the pixel cache: an array, a `DecodedSlice`, or the error to raise."""

    def __init__(self, slices: Sequence[object]) -> None:
        self._slices = slices
        self.gets: list[int] = []

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        """Nothing needs to be read ahead."""
        return DecodedSlice(SliceImage(np.zeros((1, 1), np.int16)))

    def get(self, info: SliceInfo) -> DecodedSlice:
        index = int(info.source.path.stem)
        self.gets.append(index)
        found = self._slices[index]
        if isinstance(found, DecodeError | ReadError):
            raise found
        if isinstance(found, DecodedSlice):
            return found
        return DecodedSlice(SliceImage(np.array(found), Rescale(1.0, 0.0)))


def make_series(
    n: int,
    *,
    positions_mm: Sequence[float] | Callable[[int], float] | None = lambda i: 5.0 * i,
    spacing_mm: float | None = SPACING_MM,
    row_direction: tuple[float, float, float] = (1.0, 0.0, 0.0),
    column_direction: tuple[float, float, float] = (0.0, 1.0, 0.0),
    modality: str = "CT",
    image_type: tuple[str, ...] = ("ORIGINAL", "PRIMARY", "AXIAL"),
    **fields: object,
) -> Series:
    """A series whose slice ``i`` lies in the file ``<i>.dcm``; no positions where ``positions_mm`` is None."""

    def plane(i: int) -> Plane | None:
        if positions_mm is None:
            return None
        z = positions_mm(i) if callable(positions_mm) else positions_mm[i]
        return Plane((0.0, 0.0, z), row_direction, column_direction)

    infos = tuple(
        SliceInfo(
            SliceSource(Path(f"/scan/{i}.dcm")),
            sop_uid=f"1.2.{i}",
            rows=SIZE,
            columns=SIZE,
            instance_number=i + 1,
            spacing=None if spacing_mm is None else PixelSpacing(spacing_mm, spacing_mm),
            plane=plane(i),
        )
        for i in range(n)
    )
    return Series(
        SeriesKey("1.2", "1.2.3"),
        PatientInfo("P1", "Doe^John"),
        StudyInfo("1.2", "2024-01-31"),
        modality,
        infos,
        SortBasis.POSITION if positions_mm is not None else SortBasis.INSTANCE_NUMBER,
        image_type=image_type,
        **fields,  # type: ignore[arg-type]
    )
