"""Real series of heads in memory, with the headers that the check of the input needs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import (
    PatientInfo,
    Series,
    SeriesKey,
    SliceInfo,
    SliceSource,
    SortBasis,
    StudyInfo,
)
from ichviewer.errors import LearningError
from ichviewer.inference.head import Head, estimate_spacing_mm, find_head
from ichviewer.inference.input_check import InputCheck
from ichviewer.inference.series_input import SeriesLayout
from ichviewer.learning.data.ct_ich import (
    SLICE_DISTANCE_MM,
    LabelledSlice,
    by_patient,
    demographics,
    read_hu,
    read_table,
)
from ichviewer.learning.data.dicom_series import SeriesFiles

Field = NDArray[np.float32]

_FALLBACK_MM = 0.72
"""Scale of a patient in none of whose slices a head is found."""
_MIN_SLICES = 5


@dataclass(frozen=True, eq=False)
class HeadScan:
    """A series of a head, in memory.

    Parameters
    ----------
    name : str
    stack : ndarray of float32, shape (n, rows, columns)
        HU, anterior up, from the feet up.
    positions_mm : tuple of float
    spacing_mm : tuple of float
        Row and column spacing.
    spacing_known : bool
        False where it was estimated from the width of the head.
    thickness_mm : float
    age_years : float or None
        As the header tells it.
    """

    name: str
    stack: Field
    positions_mm: tuple[float, ...]
    spacing_mm: tuple[float, float]
    spacing_known: bool
    thickness_mm: float
    age_years: float | None = None

    def __post_init__(self) -> None:
        if self.stack.ndim != 3 or len(self.stack) != len(self.positions_mm) or not self.positions_mm:
            raise ValueError(
                f"a scan needs a position a slice. Received: {self.stack.shape}, {len(self.positions_mm)} positions"
            )

    def heads(self) -> list[Head | None]:
        """What `find_head` finds in each slice."""
        return [find_head(hu, self.spacing_mm) for hu in self.stack]

    def series(self) -> Series:
        """The headers of such a series."""
        spacing = PixelSpacing(*self.spacing_mm) if self.spacing_known else None
        slices = tuple(
            SliceInfo(
                SliceSource(Path(f"{self.name}-{i:03d}")),
                sop_uid="",
                rows=self.stack.shape[1],
                columns=self.stack.shape[2],
                spacing=spacing,
                plane=Plane((0.0, 0.0, position), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
                thickness_mm=self.thickness_mm,
            )
            for i, position in enumerate(self.positions_mm)
        )
        return Series(
            SeriesKey("1", self.name),
            PatientInfo(age_years=self.age_years),
            StudyInfo("1"),
            "CT",
            slices,
            SortBasis.POSITION,
        )

    def judged(self) -> tuple[set[ProblemCode], dict[str, float]]:
        """Codes of what the check finds, and the figures it goes by."""
        series = self.series()
        check = InputCheck(series, SeriesLayout.of(series))
        for index, (hu, head) in enumerate(zip(self.stack, self.heads(), strict=True)):
            check.add(index, hu, self.spacing_mm, head)
        return {problem.code for problem in check.problems()}, check.measures()


def ct_ich_scans(root: Path) -> Iterator[HeadScan]:
    """The patients of CT-ICH, whose pixel spacing is not known; ages from the data set's own table.

    Raises
    ------
    LearningError
        If this is not the data set.
    """
    try:
        table = read_table(root)
        people = demographics(root)
    except (OSError, ValueError) as error:
        raise LearningError("this is not the CT-ICH data set", str(root), str(error)) from error
    for patient, slices in by_patient(table):
        known = patient in people and not math.isnan(people[patient].age_years)
        yield _ct_ich_scan(slices, people[patient].age_years if known else None)


def _ct_ich_scan(slices: Sequence[LabelledSlice], age: float | None) -> HeadScan:
    pictures = [read_hu(item) for item in slices]
    kept = [i for i, hu in enumerate(pictures) if hu.shape == pictures[0].shape]
    stack = [_halved(pictures[i]) for i in kept]
    mm = estimate_spacing_mm(stack) or _FALLBACK_MM
    return HeadScan(
        f"ct-ich-{slices[0].patient:03d}",
        np.stack(stack),
        tuple((slices[i].index - 1) * SLICE_DISTANCE_MM for i in kept),
        (mm, mm),
        spacing_known=False,
        thickness_mm=SLICE_DISTANCE_MM,
        age_years=age,
    )


def _halved(hu: Field) -> Field:
    """Mean of 2 x 2 pixels: 0.7 mm a pixel, the model's own scale, instead of 0.36."""
    even = hu[: hu.shape[0] // 2 * 2, : hu.shape[1] // 2 * 2]
    half: Field = even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
    half *= np.float32(0.25)
    return half


def dicom_scans(folder: Path) -> Iterator[HeadScan]:
    """The series of axial slices in a folder of DICOM files.

    Raises
    ------
    LearningError
        If there is none of `_MIN_SLICES` slices or more with a pixel spacing.
    """
    files = SeriesFiles(tuple(str(path) for path in sorted(folder.rglob("*")) if path.is_file()))
    found = 0
    for series in files.series:
        spacing = series.slices[0].spacing
        if len(series) < _MIN_SLICES or spacing is None:
            continue
        layout = SeriesLayout.of(series)
        images = [files.image(series, i) for i in range(len(series))]
        kept = [i for i, image in enumerate(images) if image is not None]
        thick = [info.thickness_mm for info in series.slices if info.thickness_mm is not None]
        found += 1
        yield HeadScan(
            f"{folder.name}-{series.number}",
            np.stack([layout.orientation.apply(image.hu()) for image in images if image is not None]),
            tuple(layout.positions_mm[i] for i in kept),
            layout.orientation.spacing((spacing.row_mm, spacing.column_mm)),
            spacing_known=True,
            thickness_mm=float(np.median(thick)) if thick else SLICE_DISTANCE_MM,
            age_years=series.patient.age_years,
        )
    if not found:
        raise LearningError("no series of axial slices with a pixel spacing", str(folder))
