"""Which slices belong together: series as the files name them, split where their images differ."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.acquisitions import Acquisition, split_acquisitions
from ichviewer.dicom.compare import Doubles, ImageComparison
from ichviewer.dicom.header import PatientKey, SliceHeader
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceInfo

# Within these, differences are the rounding of the writer.
_ORIENTATION_TOLERANCE = 5e-3
_SPACING_TOLERANCE = 1e-3

SeriesUids = tuple[str, str]


def uids_of(header: SliceHeader) -> SeriesUids:
    """StudyInstanceUID and SeriesInstanceUID."""
    return header.study.uid, header.series_uid


def _folder(header: SliceHeader) -> tuple[str, str]:
    """Without a UID, a folder (or archive) is all that holds a series together."""
    source = header.info.source
    return ("", "") if header.series_uid else (str(source.path.parent), source.member.rpartition("/")[0])


def _discrete(header: SliceHeader) -> tuple[object, ...]:
    """What must be exactly alike within a part."""
    info = header.info
    return (
        header.patient_key,
        _folder(header),
        header.modality,
        header.sop_class_uid,
        # ORIGINAL or DERIVED, PRIMARY or SECONDARY, AXIAL or LOCALIZER.
        header.image_type[:3],
        info.rows,
        info.columns,
        info.plane is None,
        info.spacing is None,
    )


def _measures(info: SliceInfo) -> tuple[float, ...]:
    """What must be nearly alike within a part: pixel spacing and direction cosines."""
    spacing = (1.0, 1.0) if info.spacing is None else (info.spacing.row_mm, info.spacing.column_mm)
    return (
        spacing if info.plane is None else (*spacing, *info.plane.row_direction, *info.plane.column_direction)
    )


@dataclass(eq=False)
class _Shape:
    """Slices of one shape of one patient, in the order they came."""

    headers: list[SliceHeader] = field(default_factory=list)
    acquisitions: list[Acquisition] | None = None


class _NearlyAlike:
    """Finds the first shape whose first slice has nearly the same measures, in one look at all of them."""

    def __init__(self) -> None:
        self._exact: dict[tuple[float, ...], _Shape] = {}
        self._shapes: list[_Shape] = []
        self._known: NDArray[np.float64] = np.empty((0, 0))

    def find(self, measures: tuple[float, ...]) -> tuple[_Shape, bool]:
        """The shape, and whether it is a new one."""
        shape = self._exact.get(measures)
        is_new = False
        if shape is None:
            shape = self._nearest(measures)
            is_new = shape is None
            shape = shape or self._append(measures)
            self._exact[measures] = shape
        return shape, is_new

    def _nearest(self, measures: tuple[float, ...]) -> _Shape | None:
        if not self._shapes:
            return None
        wanted = np.array(measures)
        known = self._known[: len(self._shapes)]
        off = np.abs(known - wanted)
        tolerance = np.full(off.shape, _ORIENTATION_TOLERANCE)
        tolerance[:, :2] = _SPACING_TOLERANCE * np.maximum(known[:, :2], wanted[:2])
        alike = np.flatnonzero((off <= tolerance).all(axis=1))
        return self._shapes[alike[0]] if alike.size else None

    def _append(self, measures: tuple[float, ...]) -> _Shape:
        n = len(self._shapes)
        if n >= len(self._known):
            grown = np.zeros((max(8, 2 * n), len(measures)))
            if n:
                grown[:n] = self._known
            self._known = grown
        self._known[n] = measures
        self._shapes.append(_Shape())
        return self._shapes[-1]


@dataclass(frozen=True, eq=False)
class Part:
    """Slices that are shown as one series.

    Parameters
    ----------
    number : int
        Of the part, from 0, in the order of their first slices.
    headers : list of SliceHeader
        At least one, in the order they came.
    problems : tuple of Problem
        Doubles among the slices, and why the series was split.
    """

    number: int
    headers: list[SliceHeader]
    problems: tuple[Problem, ...] = ()

    @property
    def patient_key(self) -> PatientKey:
        """Whose slices they are."""
        return self.headers[0].patient_key

    @property
    def contents(self) -> tuple[object, ...]:
        """What is the same as long as nothing in it changed."""
        return self.number, self.problems, tuple(map(id, self.headers))


class SeriesParts:
    """The parts of one series, growing as files are read.

    Parameters
    ----------
    comparison : ImageComparison
        Tells whether slices of one SOPInstanceUID show the same pixels.
    where : str
        Names the series in problems.
    """

    def __init__(self, comparison: ImageComparison, where: str = "series") -> None:
        self._comparison = comparison
        self._where = where
        self._shapes: list[_Shape] = []
        self._alike: dict[tuple[object, ...], _NearlyAlike] = {}
        self._first_of_uid: dict[tuple[object, ...], SliceHeader] = {}
        self._doubles: dict[tuple[object, ...], Doubles] = {}
        self._problems: dict[int, list[Problem]] = {}
        self._order: dict[int, int] = {}
        self._parts: list[Part] | None = []

    def add(self, header: SliceHeader) -> Problem | None:
        """Take a slice in; where it is there already, the problem that says so."""
        self._parts = None
        if header.info.sop_uid:
            double = self._find_double(header)
            if double is not None:
                return double
        alike = self._alike.setdefault(_discrete(header), _NearlyAlike())
        shape, is_new = alike.find(_measures(header.info))
        if is_new:
            self._shapes.append(shape)
        self._order[id(header)] = len(self._order)
        shape.headers.append(header)
        shape.acquisitions = None
        return None

    def _find_double(self, header: SliceHeader) -> Problem | None:
        info = header.info
        uid = (header.patient_key, info.sop_uid, info.source.frame)
        key = (*uid, info.rows, info.columns, info.plane, info.spacing)
        first = self._doubles.setdefault(key, Doubles(self._comparison)).add(header)
        if first is not None:
            double = Problem(ProblemCode.DUPLICATE_INSTANCE, header.name, f"same as {first.name}")
            self._problems.setdefault(id(first), []).append(double)
            return double
        other = self._first_of_uid.setdefault(uid, header)
        if other is not header:
            found = f"SOPInstanceUID {info.sop_uid} also stands in {other.name}, with another image"
            self._problems.setdefault(id(other), []).append(
                Problem(ProblemCode.BROKEN_VALUE, header.name, found)
            )
        return None

    @property
    def parts(self) -> list[Part]:
        """The parts so far."""
        if self._parts is None:
            self._parts = self._build()
        return self._parts

    def _build(self) -> list[Part]:
        found: list[tuple[int, Acquisition]] = []
        for shape in self._shapes:
            if shape.acquisitions is None:
                shape.acquisitions = split_acquisitions(shape.headers)
            found += [(self._order[id(a.headers[0])], a) for a in shape.acquisitions]
        found.sort(key=lambda one: one[0])
        shapes: dict[object, set[int]] = {}
        patients: dict[object, set[PatientKey]] = {}
        for shape in self._shapes:
            first = shape.headers[0]
            shapes.setdefault((first.patient_key, _folder(first)), set()).add(id(shape))
            if first.series_uid:
                patients.setdefault(_folder(first), set()).add(first.patient_key)
        parts = []
        for number, (_, acquisition) in enumerate(found):
            first = acquisition.headers[0]
            info = first.info
            part = f"part {number + 1} of {len(found)}"
            problems = []
            of_patients = len(patients.get(_folder(first), ()))
            if of_patients > 1:
                problems.append(
                    Problem(ProblemCode.SEVERAL_PATIENTS, self._where, f"{part}, of {of_patients} patients")
                )
            if len(shapes[first.patient_key, _folder(first)]) > 1:
                size = f"{part}, {info.columns} x {info.rows} px"
                problems.append(Problem(ProblemCode.SPLIT_SERIES, self._where, size))
            if acquisition.label:
                what = f"{part}, {acquisition.label}"
                problems.append(Problem(ProblemCode.SEVERAL_ACQUISITIONS, self._where, what))
            for header in acquisition.headers:
                problems += self._problems.get(id(header), ())
            parts.append(Part(number, acquisition.headers, tuple(problems)))
        return parts
