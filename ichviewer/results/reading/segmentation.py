"""Segmentations (DICOM PS3.3 A.51 and C.8.20): which segments there are, and their masks on the slices."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.compare import ReadSlice
from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.references import read_reference
from ichviewer.dicom.values import Elements
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SliceInfo, SliceSource
from ichviewer.domain.stored_object import ImageReference, StoredKind
from ichviewer.errors import ReadError
from ichviewer.results.reading.coded import Coded, coded_of, read_coded
from ichviewer.results.reading.color import rgb_of_lab
from ichviewer.results.reading.placing import FramePlace, Placement, on_slice, place_frames
from ichviewer.results.reading.result_file import FramePixels, ResultFile, frame_infos, open_result

_SURFACE = "1.2.840.10008.5.1.4.1.1.66.5"
_TRACTOGRAPHY = "1.2.840.10008.5.1.4.1.1.66.6"
# TotalSegmentator has about a hundred structures, FreeSurfer some two hundred.
MOST_SEGMENTS = 1 << 12
_MOST_REFERENCES_A_FRAME = 1 << 10
MOST_MASK_BYTES = 1 << 28
"""All masks of one slice together: a hundred structures on 512 x 512 pixels take 26 MB."""


class SegmentationKind(StrEnum):
    """How voxels are said to belong to segments (PS3.3 C.8.20.2.3)."""

    BINARY = "binary"
    PROBABILITY = "fractional: probability"
    OCCUPANCY = "fractional: occupancy"
    LABEL_MAP = "label map"


@dataclass(frozen=True)
class Segment:
    """One segment as the file describes it (PS3.3 C.8.20.4).

    Parameters
    ----------
    number : int
        Segment Number, from 1.
    label : str
    category, type : Coded or None
        Segmented Property Category and Type.
    modifiers : tuple of Coded
        Of the type, such as its side.
    algorithm : str
        Algorithm type and name, empty where missing.
    description : str
    color_rgb : tuple of 3 int, or None
        Recommended Display CIELab Value as sRGB, 0..255.
    """

    number: int
    label: str = ""
    category: Coded | None = None
    type: Coded | None = None
    modifiers: tuple[Coded, ...] = ()
    algorithm: str = ""
    description: str = ""
    color_rgb: tuple[int, int, int] | None = None

    @property
    def name(self) -> str:
        """Its label; where it has none, what it is."""
        kind = "" if self.type is None else self.type.text
        return self.label or kind or f"segment {self.number}"


@dataclass(frozen=True, eq=False)
class SegmentMask:
    """One segment on one slice.

    Parameters
    ----------
    segment : Segment
    values : ndarray of float32 or bool, shape (rows, columns)
        On the slice's own pixels: probability or share of occupancy, 0..1, or whether a pixel belongs to it.
    """

    segment: Segment
    values: NDArray[np.float32] | NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A segmentation whose masks are read when asked for.

    Parameters
    ----------
    file : ResultFile
    kind : SegmentationKind
    segments : tuple of Segment
        In the order of the file, each number once.
    frames : tuple of FramePlace
        Where the frames lie; the layer is the number of the segment, 0 for all of a label map.
    largest : int
        Maximum Fractional Value (0062,000E); 1 for other kinds.
    problems : tuple of Problem
        What was malformed or left out.
    pixels : FramePixels
    """

    file: ResultFile
    kind: SegmentationKind
    segments: tuple[Segment, ...]
    frames: tuple[FramePlace, ...]
    largest: int
    problems: tuple[Problem, ...]
    pixels: FramePixels = field(repr=False)

    def segment(self, number: int) -> Segment:
        """The segment of a number, without words where the file does not describe it."""
        return self._by_number.get(number) or Segment(number)

    @cached_property
    def _by_number(self) -> dict[int, Segment]:
        return {segment.number: segment for segment in self.segments}

    def on(self, series: Series) -> SegmentationOnSeries:
        """Lay it on the slices of a series.

        Raises
        ------
        ReadError
            When it is of another patient, or none of it lies on a slice.
        """
        self.file.check_patient(series)
        placement = place_frames(self.frames, series)
        if self.frames and not placement.by_slice:
            why = "; ".join(f"{count} x {reason.value}" for reason, count in placement.unplaced.items())
            raise ReadError(
                "no frame of the segmentation lies on a slice of this series", self.file.where, why
            )
        return SegmentationOnSeries(self, series, placement)


@dataclass(frozen=True, eq=False)
class SegmentationOnSeries:
    """A segmentation and where its frames lie in a series.

    Parameters
    ----------
    segmentation : Segmentation
    series : Series
    placement : Placement
    """

    segmentation: Segmentation
    series: Series
    placement: Placement

    @property
    def slices(self) -> tuple[int, ...]:
        """Indices of the slices that frames lie on; their masks may still be empty."""
        return tuple(self.placement.by_slice)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was malformed, and what lies on no slice."""
        found = self.segmentation
        return (*found.problems, *self.placement.problems(found.file.where))

    def masks(self, index: int) -> tuple[SegmentMask, ...]:
        """The segments on one slice, in the order of their numbers; without those of which nothing is there.

        Raises
        ------
        ReadError, DecodeError
            When a frame cannot be read; nothing is made up for it.
        """
        merged: dict[int, NDArray[Any]] = {}
        taken = 0
        for frame in self.placement.by_slice.get(index, ()):
            for number, values in self._of_frame(frame, self.series.slices[index]):
                known = merged.get(number)
                merged[number] = values if known is None else np.maximum(known, values)
                taken += values.nbytes if known is None else 0
                if taken > MOST_MASK_BYTES:
                    where = self.segmentation.file.where
                    raise ReadError(
                        "the segments of a slice take too much memory", where, f"{len(merged)} segments"
                    )
        return tuple(
            SegmentMask(self.segmentation.segment(number), values)
            for number, values in sorted(merged.items())
            if values.any()
        )

    def _of_frame(self, frame: int, info: SliceInfo) -> Iterable[tuple[int, NDArray[Any]]]:
        whole = self.segmentation
        place = whole.frames[frame]
        stored = on_slice(whole.pixels.stored(frame), place.info, info)
        if whole.kind is SegmentationKind.LABEL_MAP:
            numbers = [int(n) for n in np.unique(stored) if n > 0]
            # One at a time: a map of noise has thousands, which together would take all memory.
            return ((number, stored == number) for number in numbers if self._is_segment(number))
        number = int(str(place.layer))
        if whole.kind is SegmentationKind.BINARY:
            return [(number, stored != 0)]
        shares = np.minimum(stored.astype(np.float32) / np.float32(whole.largest), np.float32(1))
        return [(number, shares)]

    def _is_segment(self, number: int) -> bool:
        """Whether a value is one of the segments: "background" is described as one by some programs."""
        segment = self.segmentation.segment(number)
        return segment.type is None or not segment.type.same_as("125040", "DCM")


def read_segmentation(source: SliceSource, read_slice: ReadSlice | None = None) -> Segmentation:
    """Read what a segmentation says of itself; its pixels stay unread.

    Parameters
    ----------
    source : SliceSource
    read_slice : callable, optional
        Decodes compressed frames, see `FramePixels`.

    Raises
    ------
    ReadError
        When it is none, is damaged, or is of a kind that cannot be shown.
    """
    file = open_result(source, (StoredKind.SEGMENTATION,), "segmentation")
    root = file.root
    _refuse_other_kinds(root)
    if file.parsed.pixels is None:
        raise ReadError("the segmentation holds no pixels", file.where)
    kind, largest = _kind(root)
    segments = _segments(root)
    infos = frame_infos(file)
    groups = FrameGroups(root)
    frames = []
    lost = 0
    for index, info in enumerate(infos):
        number = 0 if kind is SegmentationKind.LABEL_MAP else _segment_number(groups, index, len(segments))
        if number is None:
            lost += 1
            number = -1
        frames.append(FramePlace(info, frame_references(groups, root, index), number))
    if lost == len(frames):
        raise ReadError("no frame says which segment it is of", file.where)
    # Frames that lie nowhere keep their index: pixels are read by it.
    places = tuple(f if f.layer != -1 else FramePlace(_nowhere(f.info)) for f in frames)
    problems = [p for p in file.problems if p.code not in _OF_IMAGES]
    if lost:
        problems.append(
            Problem(ProblemCode.BROKEN_VALUE, file.where, f"{lost} frames without a segment number")
        )
    pixels = FramePixels(file, infos, read_slice)
    return Segmentation(file, kind, segments, places, largest, tuple(problems), pixels)


# Segmentations have neither windows nor a rescale.
_OF_IMAGES = (ProblemCode.RESCALE_MISSING, ProblemCode.PIXEL_SPACING_MISSING, ProblemCode.GEOMETRY_MISSING)


def _nowhere(info: SliceInfo) -> SliceInfo:
    return SliceInfo(info.source, "", info.rows, info.columns)


def _refuse_other_kinds(root: Elements) -> None:
    sop_class = root.text("SOPClassUID")
    if sop_class in (_SURFACE, _TRACTOGRAPHY):
        name = "a surface segmentation" if sop_class == _SURFACE else "tractography results"
        raise ReadError("this kind of segmentation cannot be shown: it has no masks", root.where, name)
    if root.text("DimensionOrganizationType").startswith("TILED"):
        raise ReadError("this kind of segmentation cannot be shown: it is of a tiled slide", root.where)


def _kind(root: Elements) -> tuple[SegmentationKind, int]:
    told = root.text("SegmentationType").upper()
    if told == "FRACTIONAL":
        largest = root.integer("MaximumFractionalValue")
        if largest is None or largest < 1:
            raise ReadError("the segmentation does not say which value stands for 1", root.where)
        occupancy = root.text("SegmentationFractionalType").upper() == "OCCUPANCY"
        return (SegmentationKind.OCCUPANCY if occupancy else SegmentationKind.PROBABILITY), largest
    if told == "LABELMAP":
        return SegmentationKind.LABEL_MAP, 1
    if told != "BINARY":
        raise ReadError(
            "the kind of the segmentation is not known", root.where, told or "no Segmentation Type"
        )
    return SegmentationKind.BINARY, 1


def _segments(root: Elements) -> tuple[Segment, ...]:
    found: dict[int, Segment] = {}
    items = root.datasets("SegmentSequence")
    if len(items) > MOST_SEGMENTS:
        raise ReadError("the segmentation has too many segments", root.where, f"{len(items):,}")
    for data in items:
        item = root.inside(data)
        number = item.integer("SegmentNumber")
        if number is None or number < 0 or number in found:
            item.broken("SegmentNumber", number)
            continue
        if number == 0:
            continue  # the background of a label map
        found[number] = _segment(item, number)
    return tuple(found.values())


def _segment(item: Elements, number: int) -> Segment:
    kinds = item.items("SegmentedPropertyTypeCodeSequence")
    modifiers = [] if not kinds else kinds[0].items("SegmentedPropertyTypeModifierCodeSequence")
    names = (coded_of(modifier) for modifier in modifiers[:8])
    lab = [v for v in item.numbers("RecommendedDisplayCIELabValue") if v is not None]
    names_of_algorithm = (item.text("SegmentAlgorithmType").lower(), item.text("SegmentAlgorithmName"))
    return Segment(
        number,
        item.text("SegmentLabel"),
        read_coded(item, "SegmentedPropertyCategoryCodeSequence"),
        read_coded(item, "SegmentedPropertyTypeCodeSequence"),
        tuple(name for name in names if name.text),
        " ".join(filter(None, names_of_algorithm)),
        item.text("SegmentDescription"),
        rgb_of_lab(lab) if len(lab) == 3 and all(map(math.isfinite, lab)) else None,
    )


def _segment_number(groups: FrameGroups, frame: int, n_segments: int) -> int | None:
    number = groups.find(frame, "SegmentIdentificationSequence").integer("ReferencedSegmentNumber")
    if number is None and n_segments == 1:
        return 1  # there is nothing else that it could be of
    return number if number is not None and number > 0 else None


def frame_references(groups: FrameGroups, root: Elements, frame: int) -> tuple[ImageReference, ...]:
    """Images that a frame was derived from (PS3.3 C.7.6.16.2.6); each once."""
    found: dict[ImageReference, None] = {}
    derivation = groups.own(frame, "DerivationImageSequence")
    if derivation is None:
        shared = groups.find(frame, "DerivationImageSequence")
        derivation = None if shared.dataset is root.dataset else shared
    if derivation is None:
        return ()
    for item in derivation.datasets("SourceImageSequence")[:_MOST_REFERENCES_A_FRAME]:
        reference = read_reference(derivation.inside(item))
        if reference is not None:
            found[reference] = None
    return tuple(found)
