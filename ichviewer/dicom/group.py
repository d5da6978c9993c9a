"""Which slices belong together: series as the files name them, split where their images differ in shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ichviewer.dicom.header import SliceHeader
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceInfo

# Within these, differences are the rounding of the writer.
_ORIENTATION_TOLERANCE = 5e-3
_SPACING_TOLERANCE = 1e-3

SeriesUids = tuple[str, str]


def uids_of(header: SliceHeader) -> SeriesUids:
    """StudyInstanceUID and SeriesInstanceUID."""
    return header.study.uid, header.series_uid


def _discrete(header: SliceHeader) -> tuple[object, ...]:
    """What must be exactly alike within a part."""
    info = header.info
    return (
        header.patient.id,
        # Without a UID, a folder (or archive) is all that holds a series together.
        "" if header.series_uid else (str(info.source.path.parent), info.source.member.rpartition("/")[0]),
        header.modality,
        header.sop_class_uid,
        # ORIGINAL or DERIVED, PRIMARY or SECONDARY, AXIAL or LOCALIZER.
        header.image_type[:3],
        info.rows,
        info.columns,
        info.plane is None,
        info.spacing is None,
    )


def _alike(a: SliceInfo, b: SliceInfo) -> bool:
    if a.spacing is not None and b.spacing is not None:
        for mine, theirs in (
            (a.spacing.row_mm, b.spacing.row_mm),
            (a.spacing.column_mm, b.spacing.column_mm),
        ):
            if abs(mine - theirs) > _SPACING_TOLERANCE * max(mine, theirs):
                return False
    if a.plane is not None and b.plane is not None:
        return a.plane.same_orientation(b.plane, _ORIENTATION_TOLERANCE)
    return True


@dataclass(eq=False)
class Part:
    """Slices of one shape of one series, in the order they came."""

    number: int
    discrete: tuple[object, ...]
    headers: list[SliceHeader] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changed: bool = True


class SeriesParts:
    """The parts of one series, growing as files are read.

    A slice goes to the first part whose first slice it is like; parts keep their numbers, so a part that a person
    looks at stays what it is while more is found.

    Parameters
    ----------
    same_pixels : callable
        Whether two slices show the same pixels; asked only of two with one SOPInstanceUID.
    """

    def __init__(self, same_pixels: Callable[[SliceInfo, SliceInfo], bool]) -> None:
        self.parts: list[Part] = []
        self._same_pixels = same_pixels
        self._by_uid: dict[tuple[str, int], list[SliceHeader]] = {}
        self._part_of: dict[int, Part] = {}

    def add(self, header: SliceHeader) -> None:
        """Take a slice in, or note that it is there already."""
        info = header.info
        if info.sop_uid and self._is_double(header):
            return
        discrete = _discrete(header)
        part = next(
            (p for p in self.parts if p.discrete == discrete and _alike(p.headers[0].info, info)), None
        )
        if part is None:
            part = Part(len(self.parts), discrete)
            self.parts.append(part)
            for other in self.parts:
                # Each says which part of how many it is.
                other.changed = True
        part.headers.append(header)
        part.changed = True
        self._part_of[id(header)] = part

    def _is_double(self, header: SliceHeader) -> bool:
        info = header.info
        known = self._by_uid.setdefault((info.sop_uid, info.source.frame), [])
        for first in known:
            part = self._part_of[id(first)]
            if self._same_pixels(first.info, info):
                problem = Problem(
                    ProblemCode.DUPLICATE_INSTANCE, str(info.source), f"same as {first.info.source}"
                )
                part.problems.append(problem)
                part.changed = True
                return True
        if known:
            found = f"SOPInstanceUID {info.sop_uid} also stands in {known[0].info.source}, with another image"
            problem = Problem(ProblemCode.BROKEN_VALUE, str(info.source), found)
            part = self._part_of[id(known[0])]
            part.problems.append(problem)
            part.changed = True
        known.append(header)
        return False
