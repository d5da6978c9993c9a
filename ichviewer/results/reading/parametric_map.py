"""Parametric maps (DICOM PS3.3 A.75): numbers that are no grey, with what they mean and their unit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.compare import ReadSlice
from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.values import Elements
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SliceSource
from ichviewer.domain.stored_object import StoredKind
from ichviewer.errors import ReadError
from ichviewer.results.reading.coded import Coded, read_coded
from ichviewer.results.reading.placing import FramePlace, Placement, on_slice, place_frames
from ichviewer.results.reading.result_file import FramePixels, ResultFile, floats, frame_infos, open_result
from ichviewer.results.reading.segmentation import frame_references

_QUANTITY = ("246205007", "SCT")
_QUANTITY_OLD = ("G-C1C6", "SRT")
_MOST_MAPPINGS = 64


@dataclass(frozen=True)
class Mapping:
    """How stored values become numbers with a unit (PS3.3 C.7.6.16.2.11).

    Parameters
    ----------
    label : str
    quantity, unit : Coded or None
        What is meant, and in which unit.
    slope, intercept : float
        Of a linear mapping.
    first, last : float
        Stored values that it holds for, both included.
    table : tuple of float
        In place of slope and intercept: one number for each whole stored value from ``first``; empty for none.
    """

    label: str = ""
    quantity: Coded | None = None
    unit: Coded | None = None
    slope: float = 1.0
    intercept: float = 0.0
    first: float = -math.inf
    last: float = math.inf
    table: tuple[float, ...] = field(default=(), repr=False)

    def numbers(self, stored: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of stored values, NaN for those that it does not hold for; of their shape."""
        inside = (stored >= self.first) & (stored <= self.last)
        found = np.full(stored.shape, np.nan)
        if self.table:
            index = np.clip(stored[inside] - self.first, 0, len(self.table) - 1).astype(np.intp)
            found[inside] = np.array(self.table)[index]
        else:
            found[inside] = stored[inside] * self.slope + self.intercept
        return found


@dataclass(frozen=True, eq=False)
class ParametricMap:
    """A parametric map whose numbers are read when asked for.

    Parameters
    ----------
    file : ResultFile
    label, description : str
        Content Label and Content Description.
    mappings : tuple of tuple of Mapping
        For every frame its mappings, the first of which is used; none where the file has none.
    frames : tuple of FramePlace
    problems : tuple of Problem
    pixels : FramePixels
    """

    file: ResultFile
    label: str
    description: str
    mappings: tuple[tuple[Mapping, ...], ...]
    frames: tuple[FramePlace, ...]
    problems: tuple[Problem, ...]
    pixels: FramePixels = field(repr=False)

    def on(self, series: Series) -> MapOnSeries:
        """Lay it on the slices of a series.

        Raises
        ------
        ReadError
            When it is of another patient, or none of it lies on a slice.
        """
        self.file.check_patient(series)
        placement = place_frames(self.frames, series)
        if not placement.by_slice:
            why = "; ".join(f"{count} x {reason.value}" for reason, count in placement.unplaced.items())
            raise ReadError("no frame of the map lies on a slice of this series", self.file.where, why)
        return MapOnSeries(self, series, placement)


@dataclass(frozen=True, eq=False)
class MapOnSeries:
    """A parametric map and where its frames lie in a series."""

    map: ParametricMap
    series: Series
    placement: Placement

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was malformed, and what lies on no slice."""
        return (*self.map.problems, *self.placement.problems(self.map.file.where))

    def numbers(self, index: int) -> tuple[tuple[Mapping, NDArray[np.float64]], ...]:
        """The maps on one slice: what each means, and its numbers on the slice's pixels, NaN where there are none.

        Raises
        ------
        ReadError, DecodeError
        """
        info = self.series.slices[index]
        found = []
        for frame in self.placement.by_slice.get(index, ()):
            mapping = next(iter(self.map.mappings[frame]), Mapping())
            numbers = mapping.numbers(self.map.pixels.fractions(frame))
            placed = on_slice(numbers, self.map.frames[frame].info, info, math.nan)
            found.append((mapping, np.asarray(placed, np.float64)))
        return tuple(found)


def read_parametric_map(source: SliceSource, read_slice: ReadSlice | None = None) -> ParametricMap:
    """Read what a parametric map says of itself; its pixels stay unread.

    Parameters
    ----------
    source : SliceSource
    read_slice : callable, optional
        Decodes compressed frames, see `FramePixels`.

    Raises
    ------
    ReadError
        When it is none, or is damaged.
    """
    file = open_result(source, (StoredKind.PARAMETRIC_MAP,), "parametric map")
    root = file.root
    if file.parsed.pixels is None:
        raise ReadError("the map holds no pixels", file.where)
    infos = frame_infos(file)
    groups = FrameGroups(root)
    shared = _shared_mappings(root)
    mappings, frames = [], []
    for index, info in enumerate(infos):
        own = groups.own(index, "RealWorldValueMappingSequence")
        mappings.append(shared if own is None else _own_mappings(root, index))
        layer = tuple((m.label, m.quantity) for m in mappings[-1])
        frames.append(FramePlace(info, frame_references(groups, root, index), layer))
    # Their floating-point pixels are read here.
    problems = tuple(p for p in file.problems if p.code is not ProblemCode.UNSUPPORTED_PIXEL_FORMAT)
    pixels = FramePixels(file, infos, read_slice)
    return ParametricMap(
        file,
        root.text("ContentLabel"),
        root.text("ContentDescription"),
        tuple(mappings),
        tuple(frames),
        problems,
        pixels,
    )


def _shared_mappings(root: Elements) -> tuple[Mapping, ...]:
    shared = root.items("SharedFunctionalGroupsSequence")
    parents = [*shared[:1], root]
    return next((found for parent in parents if (found := _mappings(parent))), ())


def _own_mappings(root: Elements, frame: int) -> tuple[Mapping, ...]:
    return _mappings(root.inside(root.datasets("PerFrameFunctionalGroupsSequence")[frame]))


def _mappings(parent: Elements) -> tuple[Mapping, ...]:
    items = parent.datasets("RealWorldValueMappingSequence")[:_MOST_MAPPINGS]
    found = (_mapping(parent.inside(item)) for item in items)
    return tuple(mapping for mapping in found if mapping is not None)


def _mapping(item: Elements) -> Mapping | None:
    first, last = (
        item.number("DoubleFloatRealWorldValueFirstValueMapped"),
        item.number("DoubleFloatRealWorldValueLastValueMapped"),
    )
    if first is None or last is None:
        first, last = (
            item.number("RealWorldValueFirstValueMapped"),
            item.number("RealWorldValueLastValueMapped"),
        )
    table = floats(item, "RealWorldValueLUTData")
    slope, intercept = item.number("RealWorldValueSlope"), item.number("RealWorldValueIntercept")
    if not table and (slope is None or intercept is None):
        item.broken("RealWorldValueSlope", slope)
        return None
    if table and first is None:
        item.broken("RealWorldValueFirstValueMapped", first)
        return None
    return Mapping(
        item.text("LUTLabel"),
        _quantity(item),
        read_coded(item, "MeasurementUnitsCodeSequence"),
        1.0 if slope is None else slope,
        0.0 if intercept is None else intercept,
        -math.inf if first is None else first,
        math.inf if last is None else last,
        table,
    )


def _quantity(item: Elements) -> Coded | None:
    """What is meant: the value of "Quantity" in the quantity definitions (PS3.16 TID 15301...)."""
    for data in item.datasets("QuantityDefinitionSequence")[:_MOST_MAPPINGS]:
        definition = item.inside(data)
        name = read_coded(definition, "ConceptNameCodeSequence")
        if name is not None and (name.same_as(*_QUANTITY) or name.same_as(*_QUANTITY_OLD)):
            return read_coded(definition, "ConceptCodeSequence")
    return None
