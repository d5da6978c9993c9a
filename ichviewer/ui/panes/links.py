"""Which slice of one series belongs beside a slice of another: by position, or by a distance set by hand.

It knows neither widgets nor Qt. Positions are patient coordinates in mm (DICOM PS3.3 C.7.6.2.1.1); two series share
them where their Frame of Reference UID (0020,0052) is the same (PS3.3 C.7.4.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import Plane, Vector
from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.orientation import Orientation

SAME_WAY_COSINE = math.cos(math.radians(45))
"""Stacks whose normals lie farther apart than this do not run along each other: they are not linked."""

_HOLE = 1.5
"""A gap of more than so many usual ones is a hole: slices are missing there."""


@dataclass(frozen=True)
class LinkSettings:
    """What linked panes do together.

    Parameters
    ----------
    scroll, window, zoom : bool
        Show the slice of the same place; use the same window; have the same zoom and pan.
    """

    scroll: bool = True
    window: bool = False
    zoom: bool = False

    def toggled(self, name: str) -> LinkSettings:
        """The same with one of them switched."""
        return replace(self, **{name: not getattr(self, name)})


@dataclass(frozen=True)
class Anchor:
    """A slice that a person put beside one of another series.

    Parameters
    ----------
    key : SeriesKey
        Of its series.
    place_mm : float
        Its position along the normal of its series.
    """

    key: SeriesKey
    place_mm: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.place_mm):
            raise ValueError(f"an anchor lies at a finite position. Received: {self.place_mm}")


@dataclass(frozen=True)
class Beside:
    """The slice to show beside another one.

    Parameters
    ----------
    index : int or None
        None where the series has no slice there.
    offset_mm : float or None
        How far the positions of both lie apart where a person set that; None where they go by the patient's.
    """

    index: int | None
    offset_mm: float | None = None


@dataclass(frozen=True, eq=False)
class Stack:
    """The slices of a series as places along their normal.

    Parameters
    ----------
    series : Series
        Every slice has a plane (`stack_of`).
    """

    series: Series

    @property
    def normal(self) -> Vector:
        """Common normal of the slices."""
        return _plane(self.series.slices[0]).normal

    @cached_property
    def places_mm(self) -> NDArray[np.float64]:
        """(n,) float64: where each slice lies along the normal, in mm, in the order of the series."""
        return np.array([_plane(info).distance_mm(self.normal) for info in self.series.slices])

    @cached_property
    def frame_of_reference(self) -> str:
        """Frame of Reference UID that all slices have; empty where they have none or several."""
        uids = {info.frame_of_reference_uid for info in self.series.slices}
        return uids.pop() if len(uids) == 1 else ""

    @cached_property
    def usual_gap_mm(self) -> float:
        """Median distance of neighboring slices; the thickness where there is only one, 1 where nothing says more."""
        apart = np.diff(np.unique(self.places_mm))
        if apart.size:
            return float(np.median(apart))
        return self.series.slices[0].thickness_mm or 1.0

    def middle_mm(self, index: int) -> Vector:
        """Patient coordinates of the middle of a slice."""
        info = self.series.slices[index]
        if info.spacing is None:
            return _plane(info).position_mm
        return _plane(info).at_mm((info.rows - 1) / 2, (info.columns - 1) / 2, info.spacing)

    def nearest(self, place_mm: float) -> int | None:
        """The slice nearest to a place along the normal.

        Returns
        -------
        int or None
            None where the place lies beyond the ends or in a hole: farther away than half the slice's thickness and
            half the distance to its neighbor on that side.
        """
        away = np.abs(self.places_mm - place_mm)
        index = int(np.argmin(away))
        return index if float(away[index]) <= self._reach_mm(index, place_mm) + 1e-6 else None

    def _reach_mm(self, index: int, place_mm: float) -> float:
        here = float(self.places_mm[index])
        others = (
            self.places_mm[self.places_mm > here]
            if place_mm > here
            else self.places_mm[self.places_mm < here]
        )
        gap = float(np.min(np.abs(others - here))) if others.size else self.usual_gap_mm
        thickness = min(self.series.slices[index].thickness_mm or 0.0, 2 * self.usual_gap_mm)
        return max(thickness, min(gap, _HOLE * self.usual_gap_mm)) / 2


def stack_of(series: Series) -> Stack | None:
    """The series as places along its normal; None where a slice has no position."""
    return None if any(info.plane is None for info in series.slices) else Stack(series)


def shares_patient_space(one: Stack, other: Stack) -> bool:
    """Whether positions in both mean the same place of the same patient, and they run along each other."""
    a, b = one.series.patient, other.series.patient
    same = one.frame_of_reference != "" and one.frame_of_reference == other.frame_of_reference
    # Frames of reference are unique by the standard, but not after every anonymization.
    return same and (a.id, a.name) == (b.id, b.name) and _run_alike(one, other)


def beside(
    source: Stack, index: int, target: Stack, anchors: tuple[Anchor | None, Anchor | None] = (None, None)
) -> Beside | None:
    """The slice of another series that belongs beside a slice.

    Parameters
    ----------
    source : Stack
    index : int
        Of the slice.
    target : Stack
    anchors : tuple of 2 Anchors or None
        Slices of source and target that a person put beside each other; they count where both are of these series.

    Returns
    -------
    Beside or None
        None where the two are not linked.
    """
    here, there = anchors
    if (
        here is not None
        and there is not None
        and (here.key, there.key) == (source.series.key, target.series.key)
        and _run_alike(source, target)
    ):
        offset = there.place_mm - here.place_mm
        return Beside(target.nearest(float(source.places_mm[index]) + offset), offset)
    if source.series is target.series:
        return Beside(index)
    if not shares_patient_space(source, target):
        return None
    return Beside(target.nearest(float(np.dot(source.middle_mm(index), target.normal))))


@dataclass(frozen=True)
class Picture:
    """A picture in a pane.

    Parameters
    ----------
    frame : ImageFrame
    size_px : tuple of 2 floats
        Of the pane.
    plane : Plane or None
        Where it lies in the patient; None where only its middle counts.
    """

    frame: ImageFrame
    size_px: Point
    plane: Plane | None = None


def linked_placement(
    placement: Placement | None, source: Picture, target: Picture, orientation: Orientation
) -> Placement | None:
    """Zoom and pan of a picture that follow those of another one.

    Parameters
    ----------
    placement : Placement or None
        Of the source; None where it is fitted, and then the target is, too.
    source, target : Picture
        With both planes, the same place of the patient stands in the middle of both panes; otherwise the place as far
        from the middle of the picture.
    orientation : Orientation
        How the target is turned.
    """
    if placement is None:
        return None
    a, b = source.frame, target.frame
    x, y = placement.center_mm
    if source.plane is None or target.plane is None:
        x, y = x - a.width_mm / 2 + b.width_mm / 2, y - a.height_mm / 2 + b.height_mm / 2
    else:
        point = (
            np.array(source.plane.position_mm)
            + np.array(source.plane.row_direction) * (x - a.column_mm / 2)
            + np.array(source.plane.column_direction) * (y - a.row_mm / 2)
            - np.array(target.plane.position_mm)
        )
        x = float(point @ target.plane.row_direction) + b.column_mm / 2
        y = float(point @ target.plane.column_direction) + b.row_mm / 2
    inside = (min(max(x, 0.0), b.width_mm), min(max(y, 0.0), b.height_mm))
    larger = max(min(target.size_px), 1.0) / max(min(source.size_px), 1.0)
    return Placement(inside, placement.px_per_mm * larger, orientation)


def _run_alike(one: Stack, other: Stack) -> bool:
    return float(np.dot(one.normal, other.normal)) >= SAME_WAY_COSINE


def _plane(info: SliceInfo) -> Plane:
    if info.plane is None:
        raise ValueError(f"a slice of a stack has a plane. Received: {info.source} without one")
    return info.plane
