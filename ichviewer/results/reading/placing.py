"""Which frames of a result lie on which slices of a series: by what they refer to, then by where they lie.

A frame that refers to an image lies on that image, unless its position says otherwise: then one of the two is wrong,
and it is shown nowhere. A frame without a reference lies where its position is, in the same frame of reference only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.stored_object import ImageReference

# Planes within about 1 degree are parallel.
_PARALLEL_COSINE = 0.99985
# Positions in files are rounded.
_ROUNDING_MM = 0.02
# Half of a frame's thickness, and a little for rounding.
_HALF = 0.51
# Grids whose corners are this close are one grid.
_SAME_PX = 0.05


class Unplaced(StrEnum):
    """Why a frame lies on no slice, in words."""

    NO_PLACE = "neither a reference nor a position"
    OTHER_FRAME_OF_REFERENCE = "another frame of reference"
    ELSEWHERE = "no slice at its place"
    ACROSS = "it lies across the slices"
    CONTRADICTION = "it refers to a slice that lies elsewhere"
    OTHER_SIZE = "it refers to a slice of another size, and has no position"


@dataclass(frozen=True)
class FramePlace:
    """What a frame says of where it belongs.

    Parameters
    ----------
    info : SliceInfo
        Its plane, spacing, size and thickness.
    references : tuple of ImageReference
        Images it was derived from.
    layer : hashable
        Of frames of one layer, such as a segment, only the nearest lies on a slice.
    """

    info: SliceInfo
    references: tuple[ImageReference, ...] = ()
    layer: Hashable = 0


@dataclass(frozen=True, eq=False)
class Placement:
    """Where the frames of a result lie in a series.

    Parameters
    ----------
    by_slice : mapping of int to tuple of int
        Frames on each slice, in their order; slices without frames are left out.
    unplaced : mapping of Unplaced to int
        How many frames lie nowhere, and why.
    """

    by_slice: Mapping[int, tuple[int, ...]]
    unplaced: Mapping[Unplaced, int] = field(default_factory=dict)

    def problems(self, where: str) -> tuple[Problem, ...]:
        """What has to be said of frames that are not shown."""
        return tuple(
            Problem(ProblemCode.RESULT_NOT_PLACED, where, f"{count} x {why.value}")
            for why, count in self.unplaced.items()
        )


def place_frames(frames: Sequence[FramePlace], series: Series) -> Placement:
    """Find the slices that frames lie on.

    Parameters
    ----------
    frames : sequence of FramePlace
        In the order of the file.
    series : Series
        Its slices may be tilted, unevenly spaced, or frames of one file.

    Returns
    -------
    Placement
        A frame without a reference lies on every slice within half its thickness; of several frames of a layer the
        nearest does.
    """
    finder = _SliceFinder(series)
    on: dict[tuple[int, Hashable], tuple[float, list[int]]] = {}
    unplaced: Counter[Unplaced] = Counter()
    step = _steps_mm(frames)
    # The segments of a segmentation have frames at the same places.
    known_places: dict[object, list[tuple[int, float]] | Unplaced] = {}
    for index, frame in enumerate(frames):
        info, step_mm = frame.info, step.get(frame.layer, 0.0)
        place = (info.plane, info.thickness_mm, info.frame_of_reference_uid, frame.references, step_mm)
        found = known_places.get(place)
        if found is None:
            found = known_places[place] = finder.slices_of(frame, step_mm)
        if isinstance(found, Unplaced):
            unplaced[found] += 1
            continue
        for at, distance in found:
            known = on.get((at, frame.layer))
            # Frames at one place are all meant: a layer may be made of several.
            if known is None or distance < known[0] - _ROUNDING_MM:
                on[at, frame.layer] = (distance, [index])
            elif distance <= known[0] + _ROUNDING_MM:
                known[1].append(index)
    by_slice: dict[int, list[int]] = {}
    for (at, _), (_, indices) in on.items():
        by_slice.setdefault(at, []).extend(indices)
    return Placement({at: tuple(sorted(found)) for at, found in sorted(by_slice.items())}, dict(unplaced))


class _SliceFinder:
    """Looks up the slices of a series by reference and by position."""

    def __init__(self, series: Series) -> None:
        self._slices = series.slices
        self._by_uid: dict[str, list[int]] = {}
        for index, info in enumerate(series.slices):
            if info.sop_uid:
                self._by_uid.setdefault(info.sop_uid, []).append(index)
        normal, positions = series.normal, series.positions_mm()
        self._normal = normal if positions is not None else None
        self._positions = np.array(positions if positions is not None else ())
        self._frame_of_reference = {info.frame_of_reference_uid for info in series.slices}

    def slices_of(self, frame: FramePlace, step_mm: float) -> list[tuple[int, float]] | Unplaced:
        """Indices of slices, each with its distance from the frame in mm; or why there are none."""
        referenced = [
            index
            for reference in frame.references
            for index in self._by_uid.get(reference.sop_uid, ())
            if reference.means(reference.sop_uid, self._slices[index].source.frame)
        ]
        plane = frame.info.plane
        if plane is None or self._normal is None:
            return self._by_reference(frame, referenced)
        in_frame = {frame.info.frame_of_reference_uid} == self._frame_of_reference and bool(
            frame.info.frame_of_reference_uid
        )
        if not referenced:
            if not in_frame:
                return Unplaced.OTHER_FRAME_OF_REFERENCE if not frame.references else Unplaced.ELSEWHERE
            return self._by_position(frame, plane, step_mm)
        if not in_frame and frame.info.frame_of_reference_uid:
            # Its positions mean nothing here; what it refers to does.
            return self._by_reference(frame, referenced)
        if not _is_parallel(plane, self._normal):
            return Unplaced.ACROSS
        distances = np.abs(self._positions[referenced] - plane.distance_mm(self._normal))
        nearest = int(np.argmin(distances))
        if distances[nearest] > self._reach_mm(frame, step_mm, referenced[nearest]):
            return Unplaced.CONTRADICTION
        return [(referenced[nearest], float(distances[nearest]))]

    def _by_reference(self, frame: FramePlace, referenced: list[int]) -> list[tuple[int, float]] | Unplaced:
        if not referenced:
            return Unplaced.ELSEWHERE if frame.references else Unplaced.NO_PLACE
        size = frame.info.rows, frame.info.columns
        fitting = [i for i in referenced if (self._slices[i].rows, self._slices[i].columns) == size]
        if not fitting:
            return Unplaced.OTHER_SIZE
        if len(set(fitting)) > 1:
            # Derived from all of these, and it does not say where it lies itself.
            return Unplaced.NO_PLACE
        return [(fitting[0], 0.0)]

    def _by_position(
        self, frame: FramePlace, plane: Plane, step_mm: float
    ) -> list[tuple[int, float]] | Unplaced:
        assert self._normal is not None
        if not _is_parallel(plane, self._normal):
            return Unplaced.ACROSS
        distances = np.abs(self._positions - plane.distance_mm(self._normal))
        reach = max(frame.info.thickness_mm or 0.0, step_mm) * _HALF + _ROUNDING_MM
        found = [(int(i), float(distances[i])) for i in np.flatnonzero(distances <= reach)]
        return found or Unplaced.ELSEWHERE

    def _reach_mm(self, frame: FramePlace, step_mm: float, at: int) -> float:
        """How far a frame may lie from a slice that it refers to: half of what lies between two."""
        gaps = np.abs(np.delete(self._positions, at) - self._positions[at])
        gap = float(gaps.min()) if gaps.size else (self._slices[at].thickness_mm or 1.0)
        return max(gap, frame.info.thickness_mm or 0.0, step_mm) * _HALF + _ROUNDING_MM


def _is_parallel(plane: Plane, normal: tuple[float, float, float]) -> bool:
    return abs(float(np.dot(plane.normal, normal))) >= _PARALLEL_COSINE


def _steps_mm(frames: Iterable[FramePlace]) -> dict[Hashable, float]:
    """Smallest distance between two planes of each layer, where its frames do not tell their thickness."""
    positions: dict[Hashable, list[float]] = {}
    for frame in frames:
        if frame.info.plane is not None and frame.info.thickness_mm is None:
            positions.setdefault(frame.layer, []).append(frame.info.plane.distance_mm())
    steps = {}
    for layer, found in positions.items():
        gaps = np.diff(np.unique(np.round(found, 2)))
        if gaps.size:
            steps[layer] = float(gaps.min())
    return steps


def on_slice(
    values: NDArray[np.generic], frame: SliceInfo, info: SliceInfo, outside: float = 0
) -> NDArray[np.generic]:
    """Values of a frame at the pixels of a slice it was placed on: those of the nearest pixel, nothing in between.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        Of the frame.
    frame, info : SliceInfo
        Where the frame and the slice lie.
    outside : float
        Stands where the frame does not reach.

    Returns
    -------
    ndarray of the same type, shape (rows, columns) of the slice
        The very array where both have one grid.
    """
    same_size = values.shape == (info.rows, info.columns)
    if frame.plane is None or info.plane is None or frame.spacing is None or info.spacing is None:
        if not same_size:
            raise ValueError(f"a frame without a place needs the size of its slice. Received: {values.shape}")
        return values
    start, down, across = _steps_px(frame.plane, frame.spacing, info.plane, info.spacing)
    corners = np.array([[0, 0], [info.rows - 1, 0], [0, info.columns - 1]])
    found = start + corners[:, :1] * down + corners[:, 1:] * across
    if same_size and np.abs(found - corners).max() <= _SAME_PX:
        return values
    rows, columns = np.arange(info.rows)[:, None], np.arange(info.columns)[None, :]
    row = np.floor(start[0] + rows * down[0] + columns * across[0] + 0.5)
    column = np.floor(start[1] + rows * down[1] + columns * across[1] + 0.5)
    inside = (row >= 0) & (row < values.shape[0]) & (column >= 0) & (column < values.shape[1])
    result = np.full((info.rows, info.columns), outside, values.dtype)
    result[inside] = values[row[inside].astype(np.intp), column[inside].astype(np.intp)]
    return result


def _steps_px(
    frame: Plane, frame_spacing: PixelSpacing, info: Plane, spacing: PixelSpacing
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Row and column of the frame at the slice's first pixel, and how they grow with each row and column of it."""
    axes = np.stack([frame.column_direction, frame.row_direction])
    scale = np.array([frame_spacing.row_mm, frame_spacing.column_mm])
    start = axes @ np.subtract(info.position_mm, frame.position_mm) / scale
    down = axes @ (np.array(info.column_direction) * spacing.row_mm) / scale
    across = axes @ (np.array(info.row_direction) * spacing.column_mm) / scale
    return start, down, across
