"""Patients, studies, series and slices as values: what the headers say, without any pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ichviewer.domain.geometry import PixelSpacing, Plane, Vector
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.window import Voi

if TYPE_CHECKING:
    # It is made of the values here.
    from ichviewer.domain.stored_object import StoredObject


@dataclass(frozen=True, order=True)
class SliceSource:
    """Where the pixels of a slice lie.

    Parameters
    ----------
    path : Path
        The file, or the ZIP that holds it.
    member : str
        Name inside the ZIP; empty for a plain file.
    frame : int
        Index of the frame, from 0; 0 for a single-frame file.
    copy : int
        Which of the ZIP's members of that name, from 0 in the order of its directory.
    """

    path: Path
    member: str = ""
    frame: int = 0
    copy: int = 0

    def __str__(self) -> str:
        name = f"{self.path}!{self.member}" if self.member else str(self.path)
        return f"{name} (copy {self.copy + 1})" if self.copy else name


@dataclass(frozen=True)
class PatientInfo:
    """Who it is, as the file says; empty where it does not.

    ``name`` is readable ("Doe, Jane"), ``birth_date`` is ISO (YYYY-MM-DD), ``age_years`` is Patient's Age (0010,1010)
    at the time of the study.
    """

    id: str = ""
    name: str = ""
    birth_date: str = ""
    sex: str = ""
    age_years: float | None = None


@dataclass(frozen=True)
class StudyInfo:
    """Which examination; ``date`` is ISO (YYYY-MM-DD) or empty."""

    uid: str
    date: str = ""
    time: str = ""
    description: str = ""
    accession: str = ""


@dataclass(frozen=True, order=True)
class SeriesKey:
    """Names a series for good: its UIDs, which part of it where it was split by shape, and where it was opened.

    Parameters
    ----------
    study_uid, series_uid : str
    part : int
        From 0.
    place : int
        Which of the folders that are open beside each other it was read from, from 0: two copies of a study have the
        same UIDs, and are two studies all the same.
    """

    study_uid: str
    series_uid: str
    part: int = 0
    place: int = 0

    @property
    def in_file(self) -> SeriesKey:
        """What its files alone say of it, wherever they were opened."""
        return replace(self, place=0)


class SortBasis(StrEnum):
    """What the order of the slices rests on, best first."""

    POSITION = "position"
    INSTANCE_NUMBER = "instance number"
    FILE_NAME = "file name"


@dataclass(frozen=True, eq=False)
class SliceInfo:
    """The header of one slice (one frame).

    Parameters
    ----------
    source : SliceSource
    sop_uid : str
        SOPInstanceUID; empty where missing.
    rows, columns : int
    instance_number : int or None
    spacing : PixelSpacing or None
        None where the file has none.
    plane : Plane or None
        None where position or orientation are missing or malformed.
    thickness_mm : float or None
    slice_location_mm : float or None
        Slice Location (0020,1041) as the file tells it: the number that a PACS shows.
    frame_of_reference_uid : str
        Empty where missing.
    acquisition_number : int or None
    vois : tuple of Window or VoiLut
        The file's own windows, in file order.
    problems : tuple of Problem
        What the header had wrong. Decoding may find more.
    header_mark : str
        Names the header that it was listed from (`ichviewer.dicom.header.header_mark`); empty where not known.
    sop_class_uid : str
        SOPClassUID, by which other objects reference the image; empty where missing.
    """

    source: SliceSource
    sop_uid: str
    rows: int
    columns: int
    instance_number: int | None = None
    spacing: PixelSpacing | None = None
    plane: Plane | None = None
    thickness_mm: float | None = None
    slice_location_mm: float | None = None
    frame_of_reference_uid: str = ""
    acquisition_number: int | None = None
    vois: tuple[Voi, ...] = ()
    problems: tuple[Problem, ...] = ()
    header_mark: str = ""
    sop_class_uid: str = ""

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise ValueError(
                f"a slice needs at least one row and column. Received: {self.rows}, {self.columns}"
            )


@dataclass(frozen=True, eq=False)
class Series:
    """Slices of one acquisition, all of one orientation, size and pixel spacing, in order.

    Parameters
    ----------
    key : SeriesKey
    patient, study : PatientInfo, StudyInfo
    modality : str
        E.g. ``CT``; empty where missing.
    slices : tuple of SliceInfo
        At least one; sorted from feet to head (right to left, front to back) where ``sort_basis`` is POSITION.
    sort_basis : SortBasis
    description : str
    number : int or None
    sop_class_uid : str
        Empty where missing (RSNA 2019 files have none).
    image_type : tuple of str
        Values of Image Type (0008,0008), e.g. ``("ORIGINAL", "PRIMARY", "AXIAL")``.
    contrast_agent : str
        Contrast/Bolus Agent (0018,0010); empty where missing.
    kernel : str
        Convolution Kernel (0018,1210); empty where missing.
    problems : tuple of Problem
        About the series as a whole: duplicates, gaps, how it was sorted.
    """

    key: SeriesKey
    patient: PatientInfo
    study: StudyInfo
    modality: str
    slices: tuple[SliceInfo, ...]
    sort_basis: SortBasis
    description: str = ""
    number: int | None = None
    sop_class_uid: str = ""
    image_type: tuple[str, ...] = ()
    contrast_agent: str = ""
    kernel: str = ""
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        if not self.slices:
            raise ValueError("a series needs at least one slice. Received: none")

    def __len__(self) -> int:
        return len(self.slices)

    @property
    def all_received(self) -> bool:
        """Whether it is not part of a study of which images are still to come, or never came."""
        return all(problem.code is not ProblemCode.NOT_ALL_RECEIVED for problem in self.problems)

    @property
    def normal(self) -> Vector | None:
        """Common normal of the slices, None where geometry is missing."""
        plane = self.slices[0].plane
        return None if plane is None else plane.normal

    def position_mm(self, index: int) -> float | None:
        """Position of a slice along the common normal in mm, None where geometry is missing."""
        plane, normal = self.slices[index].plane, self.normal
        return None if plane is None or normal is None else plane.distance_mm(normal)

    def file_position_mm(self, index: int) -> float | None:
        """Position of a slice in mm as other programs show it, so that a number told over the phone finds the slice.

        Of an axial slice, Slice Location (0020,1041) where the file tells it for the whole series, else z of Image
        Position (Patient) (0020,0032). Other slices have no such number: there it is `position_mm`.

        Returns
        -------
        float or None
            None where the file tells neither.
        """
        info = self.slices[index]
        if info.plane is not None and not info.plane.is_axial:
            return self.position_mm(index)
        if self.tells_location:
            return info.slice_location_mm
        return None if info.plane is None else info.plane.position_mm[2]

    @cached_property
    def tells_location(self) -> bool:
        """Whether Slice Location (0020,1041) tells the slices apart: all have it, and not all the same."""
        locations = {info.slice_location_mm for info in self.slices}
        if None in locations or not all(math.isfinite(mm) for mm in locations if mm is not None):
            return False
        return len(locations) > 1 or len(self.slices) == 1

    def positions_mm(self) -> tuple[float, ...] | None:
        """Positions of all slices in mm, or None if any is missing."""
        found = [self.position_mm(i) for i in range(len(self.slices))]
        known = tuple(p for p in found if p is not None)
        return known if len(known) == len(found) else None


@dataclass(frozen=True, eq=False)
class Study:
    """The series of one examination of one patient."""

    info: StudyInfo
    patient: PatientInfo
    series: tuple[Series, ...]


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything found under the paths that were opened.

    ``problems`` are those of files that belong to no series: unreadable, not DICOM, without an image, dangling.
    ``stored`` are the results that lie beside the images, in the order they were found; those with pixels are listed
    as series too.
    """

    studies: tuple[Study, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    stored: tuple[StoredObject, ...] = ()

    @property
    def series(self) -> tuple[Series, ...]:
        """All series of all studies, in order."""
        return tuple(s for study in self.studies for s in study.series)
