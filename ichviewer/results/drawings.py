"""A reader's annotations as graphics and words of a presentation state (DICOM PS3.3 C.10.5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.image_grid import (
    ImageGrid,
    ImageValues,
    MeasuredImage,
    spacing_trust,
)
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured, Name, Note, Quantity
from ichviewer.domain.annotation.place import OnSlice
from ichviewer.domain.series import Series
from ichviewer.results.extras import Extras
from ichviewer.results.source import Source

_ELLIPSE_POINTS = 72
_HEAD_SHARE, _HEAD_MOST_PX, _HEAD_ANGLE = 0.25, 12.0, math.radians(25)
_RIGHT_ANGLE = 1e-3
_MOST_TEXT = 1024

_NAMES = {
    Name.LONG_AXIS: "long",
    Name.SHORT_AXIS: "short",
    Name.A: "A",
    Name.B: "B",
    Name.C: "C",
    Name.VOLUME: "ABC/2",
    Name.SHIFT: "shift",
    Name.AREA: "area",
    Name.MEAN: "mean",
    Name.SD: "SD",
    Name.MIN: "min",
    Name.MAX: "max",
}


@dataclass(frozen=True, eq=False)
class Line:
    """A graphic.

    Parameters
    ----------
    graphic_type : str
        ``POINT``, ``POLYLINE`` or ``ELLIPSE``.
    points_px : ndarray of float64, shape (n, 2)
        Column and row as PIXEL units count them: the corner of the first pixel is 0, 0.
    """

    graphic_type: str
    points_px: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawn:
    """An annotation in the terms of a presentation state.

    Parameters
    ----------
    index : int
        Of its slice.
    lines : tuple of Line
    text : str
        Its words and values, several lines; empty for none.
    anchor_px : tuple of (column, row), or None
        Where the words stand; None for the image as a whole.
    """

    index: int
    lines: tuple[Line, ...]
    text: str
    anchor_px: tuple[float, float] | None


def drawn(source: Source, extras: Extras) -> tuple[tuple[Drawn, ...], int]:
    """The annotations that lie on slices of the series, and how many are left out.

    Left out are those drawn on other pixels than those that were analyzed, on reformats, on other series, or reaching
    outside of the image, which no presentation state can hold.
    """
    found: list[Drawn] = []
    left_out = 0
    places = _places(source.series)
    for annotation in extras.annotations:
        index = _slice_of(annotation, source, places)
        one = None if index is None else _drawn(annotation, source, extras, index)
        if one is None:
            left_out += 1
        else:
            found.append(one)
    found.sort(key=lambda one: one.index)
    return tuple(found), left_out


def _places(series: Series) -> dict[tuple[str, int], int]:
    return {(info.sop_uid, info.source.frame): i for i, info in enumerate(series.slices)}


def _slice_of(annotation: Annotation, source: Source, places: Mapping[tuple[str, int], int]) -> int | None:
    place = annotation.drawn_on.place
    if not isinstance(place, OnSlice):
        return None
    index = places.get((place.sop_uid, place.frame))
    key = source.series.key
    if index is None or (annotation.drawn_on.series.series_uid, annotation.drawn_on.series.study_uid) != (
        key.series_uid,
        key.study_uid,
    ):
        return None
    # The hash of what was analyzed; a slice without one was drawn on all the same, and its file is known by its UID.
    known = source.analysis.findings.slices[index].pixel_hash
    return None if known and known != annotation.drawn_on.pixel_hash else index


def _drawn(annotation: Annotation, source: Source, extras: Extras, index: int) -> Drawn | None:
    info = source.series.slices[index]
    grid = ImageGrid(info.plane, info.spacing, spacing_trust(source.series, index))
    values = None
    if extras.read_slice is not None:
        decoded = extras.read_slice(info)
        if decoded.pixel_hash != annotation.drawn_on.pixel_hash:
            return None
        values = ImageValues.of(decoded.image, are_hu=source.series.modality == "CT")
    measured = measure(annotation, MeasuredImage(annotation.drawn_on.pixel_hash, grid, values))
    if Note.OUTSIDE_PLANE in measured.notes:
        return None
    # Rows and columns of pixels' middles become columns and rows of their corners.
    points = grid.pixels_of(annotation.array())[:, ::-1] + 0.5 if annotation.points else np.zeros((0, 2))
    lines = tuple(_lines(annotation.kind, points))
    for line in lines:
        if (line.points_px < 0).any() or (line.points_px > [info.columns, info.rows]).any():
            return None
    anchor = None
    if len(points):
        column, row = points[-1] if annotation.kind is Kind.ARROW else points[0]
        if not (0 <= column <= info.columns and 0 <= row <= info.rows):
            return None
        anchor = float(column), float(row)
    return Drawn(index, lines, "\n".join(_words(annotation, measured))[:_MOST_TEXT], anchor)


def _lines(kind: Kind, at: NDArray[np.float64]) -> Iterable[Line]:
    """The lines of an annotation, from points as its kind has them."""
    if kind in (Kind.TEXT, Kind.KEY_IMAGE):
        return []
    if kind is Kind.PROBE:
        return [Line("POINT", at)]
    if kind is Kind.ELLIPSE:
        return [_ellipse(at)]
    if kind in (Kind.RECTANGLE, Kind.FREEHAND):
        return [Line("POLYLINE", np.vstack([at, at[:1]]))]
    if kind in (Kind.BIDIRECTIONAL, Kind.ABC2):
        return [Line("POLYLINE", at[i : i + 2]) for i in range(0, len(at) - 1, 2)]
    if kind is Kind.MIDLINE_SHIFT:
        falx = at[1] - at[0]
        foot = at[0] + falx * float((at[2] - at[0]) @ falx) / float(falx @ falx)
        shift = [] if np.allclose(foot, at[2]) else [Line("POLYLINE", np.stack([foot, at[2]]))]
        return [Line("POLYLINE", at[:2]), *shift]
    if kind is Kind.ARROW:
        return [Line("POLYLINE", at[::-1]), Line("POLYLINE", _arrow_head(at[0], at[1]))]
    return [Line("POLYLINE", at)]


def _ellipse(at: NDArray[np.float64]) -> Line:
    center, one, other = at[0], at[1] - at[0], at[2] - at[0]
    lengths = float(np.linalg.norm(one)), float(np.linalg.norm(other))
    if abs(float(one @ other)) <= _RIGHT_ANGLE * lengths[0] * lengths[1]:
        long, short = (one, other) if lengths[0] >= lengths[1] else (other, one)
        return Line("ELLIPSE", np.stack([center - long, center + long, center - short, center + short]))
    # An ellipse in mm on pixels that are not square: its two half axes are not at right angles in pixels.
    angles = np.linspace(0, 2 * math.pi, _ELLIPSE_POINTS + 1)[:, None]
    return Line("POLYLINE", center + one * np.cos(angles) + other * np.sin(angles))


def _arrow_head(tip: NDArray[np.float64], tail: NDArray[np.float64]) -> NDArray[np.float64]:
    shaft = tail - tip
    length = float(np.linalg.norm(shaft))
    back = shaft / length * min(_HEAD_MOST_PX, _HEAD_SHARE * length)
    cos, sin = math.cos(_HEAD_ANGLE), math.sin(_HEAD_ANGLE)
    turned = [np.array([[cos, -s], [s, cos]]) @ back for s in (sin, -sin)]
    return np.stack([tip + turned[0], tip, tip + turned[1]])


def _words(annotation: Annotation, measured: Measured) -> list[str]:
    lines = [" ".join(annotation.label.split())]
    if annotation.kind is Kind.KEY_IMAGE:
        lines.insert(0, "Key image")
    estimated = Note.ESTIMATED_SPACING in measured.notes
    values = [_value(quantity, estimated) for quantity in measured.quantities]
    side = "" if measured.side is None else f" to the patient's {'left' if measured.side == 'L' else 'right'}"
    lines.append(", ".join(values) + side)
    return [line for line in lines if line]


def _value(quantity: Quantity, estimated: bool) -> str:
    name = _NAMES.get(quantity.name, "")
    doubt = "about " if estimated and quantity.rests_on_spacing else ""
    return " ".join(filter(None, (name, f"{doubt}{quantity.digits}", quantity.unit.value)))
