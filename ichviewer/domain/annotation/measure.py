"""From annotations to numbers. Nothing is measured on other pixels than those that were drawn on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.abc2 import Abc2, extent_mm, slice_count, volume_ml
from ichviewer.domain.annotation.base import OUT_OF_PLANE_MM, RIGHT_ANGLE_COSINE, Annotation, Kind
from ichviewer.domain.annotation.image_grid import MeasuredImage, SpacingTrust
from ichviewer.domain.annotation.measured import Measured, Name, Note, Quantity, Side, Unit
from ichviewer.domain.annotation.outline import crosses_itself, ellipse_mask, polygon_area, polygon_mask
from ichviewer.domain.annotation.place import Coordinates
from ichviewer.domain.geometry import Vector

Array = NDArray[np.float64]

_AREAS = (Kind.ELLIPSE, Kind.RECTANGLE, Kind.FREEHAND)
_UNMEASURED = (Kind.ARROW, Kind.TEXT, Kind.KEY_IMAGE)


def measure(annotation: Annotation, image: MeasuredImage) -> Measured:
    """Measure an annotation on the image on screen.

    Parameters
    ----------
    annotation : Annotation
    image : MeasuredImage
        Of the slice or the reformat that the annotation was drawn on.

    Returns
    -------
    Measured
        Without quantities where the pixels are others than those drawn on, or lie elsewhere in the patient, which
        its notes say. Arrows, texts and key images have none anyway.
    """
    bench = _Bench(annotation, image)
    refused = bench.refusal()
    if refused is not None:
        return Measured(annotation.id, annotation.kind, image.pixel_hash, notes=(refused,))
    side = None
    if annotation.kind not in _UNMEASURED:
        if annotation.kind is not Kind.PROBE:
            bench.note_spacing()
        if annotation.kind in _AREAS:
            _measure_area(bench)
        elif annotation.kind is Kind.PROBE:
            _measure_probe(bench)
        elif annotation.kind is Kind.MIDLINE_SHIFT:
            side = _measure_shift(bench)
        elif annotation.kind is Kind.ANGLE:
            _measure_angle(bench)
        else:
            _measure_lines(bench)
    return Measured(
        annotation.id,
        annotation.kind,
        image.pixel_hash,
        tuple(bench.quantities),
        side,
        tuple(dict.fromkeys(bench.notes)),
    )


@dataclass(eq=False)
class _Bench:
    """An annotation, the image, and what was measured so far."""

    annotation: Annotation
    image: MeasuredImage
    quantities: list[Quantity] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def refusal(self) -> Note | None:
        """Why nothing may be measured."""
        if self.annotation.drawn_on.pixel_hash != self.image.pixel_hash:
            return Note.OTHER_PIXELS
        if not self.annotation.points or self.annotation.coordinates is Coordinates.SLICE_PX:
            return None
        if self.image.grid.coordinates is not Coordinates.PATIENT_MM:
            return Note.OUTSIDE_PLANE
        off = float(self.image.grid.distances_mm(self.annotation.array()).max())
        return Note.OUTSIDE_PLANE if off > OUT_OF_PLANE_MM else None

    @property
    def in_mm(self) -> bool:
        return self.annotation.coordinates is Coordinates.PATIENT_MM or self.image.grid.spacing is not None

    def note_spacing(self) -> None:
        if not self.in_mm:
            self.notes.append(Note.NO_SPACING)
        elif self.image.grid.trust is SpacingTrust.ESTIMATED:
            self.notes.append(Note.ESTIMATED_SPACING)

    def metric(self) -> Array:
        """The points in mm where that is known, else in pixels: shape (n, 3) or (n, 2)."""
        points, spacing = self.annotation.array(), self.image.grid.spacing
        if self.annotation.coordinates is Coordinates.PATIENT_MM or spacing is None:
            return points
        return points * [spacing.row_mm, spacing.column_mm]

    def add(self, name: Name, value: float, unit: Unit) -> None:
        self.quantities.append(Quantity(name, float(value), unit))

    def add_length(self, name: Name, value: float) -> None:
        self.add(name, value, Unit.MM if self.in_mm else Unit.PX)


def _measure_lines(bench: _Bench) -> None:
    """A length; or two axes, and with them ABC/2."""
    at, annotation = bench.metric(), bench.annotation
    if annotation.kind is Kind.LENGTH:
        bench.add_length(Name.LENGTH, _norm(at[1] - at[0]))
        return
    first, second = (Name.A, Name.B) if annotation.kind is Kind.ABC2 else (Name.LONG_AXIS, Name.SHORT_AXIS)
    long = _norm(at[1] - at[0])
    bench.add_length(first, long)
    if len(at) == 2:
        return
    short = _norm(at[3] - at[2])
    bench.add_length(second, short)
    if short > long:
        bench.notes.append(Note.B_LONGER_THAN_A)
    if abs(float((at[1] - at[0]) @ (at[3] - at[2]))) > RIGHT_ANGLE_COSINE * long * short:
        bench.notes.append(Note.NOT_PERPENDICULAR)
    if isinstance(annotation, Abc2) and annotation.slices:
        depth = extent_mm(annotation.slices)
        if depth is None:
            bench.add(Name.C, slice_count(annotation.slices), Unit.SLICES)
            return
        bench.add(Name.C, depth, Unit.MM)
        if bench.in_mm:
            bench.add(Name.VOLUME, volume_ml(long, short, depth), Unit.ML)


def _measure_angle(bench: _Bench) -> None:
    at = bench.metric()
    one, other = at[0] - at[1], at[2] - at[1]
    cosine = float(one @ other) / (_norm(one) * _norm(other))
    bench.add(Name.ANGLE, math.degrees(math.acos(max(-1.0, min(1.0, cosine)))), Unit.DEGREES)


def _measure_shift(bench: _Bench) -> Side | None:
    at = bench.metric()
    falx = (at[1] - at[0]) / _norm(at[1] - at[0])
    to_septum = at[2] - at[0]
    shift = to_septum - falx * float(to_septum @ falx)
    bench.add_length(Name.SHIFT, _norm(shift))
    if _norm(shift) < 1e-6:
        return None
    direction = _in_patient(bench, shift)
    # Right and left are told where the shift runs more across the patient than in any other direction.
    if direction is None or max(map(abs, direction)) > abs(direction[0]):
        bench.notes.append(Note.SIDE_UNKNOWN)
        return None
    return Side.LEFT if direction[0] > 0 else Side.RIGHT


def _in_patient(bench: _Bench, vector: Array) -> Vector | None:
    """Direction of a vector in the image, in patient coordinates; None where they are not known."""
    if len(vector) == 2:
        plane = bench.image.grid.plane
        if plane is None:
            return None
        vector = vector @ np.array([plane.column_direction, plane.row_direction])
    return float(vector[0]), float(vector[1]), float(vector[2])


def _measure_probe(bench: _Bench) -> None:
    values = bench.image.values
    if values is None:
        return
    row, column = np.floor(bench.image.grid.pixels_of(bench.annotation.array())[0] + 0.5).astype(int)
    rows, columns = values.shape
    if not (0 <= row < rows and 0 <= column < columns):
        bench.notes.append(Note.PARTLY_OUTSIDE_IMAGE)
    elif values.missing[row, column]:
        bench.notes.append(Note.PADDING_LEFT_OUT)
    else:
        bench.add(Name.VALUE, values.values[row, column], Unit.HU if values.are_hu else Unit.STORED)


def _measure_area(bench: _Bench) -> None:
    kind, at = bench.annotation.kind, bench.metric()
    pixels = bench.image.grid.pixels_of(bench.annotation.array())
    crossing = kind is Kind.FREEHAND and crosses_itself(pixels)
    if crossing:
        bench.notes.append(Note.CROSSES_ITSELF)
    else:
        # The parallelogram over the half axes of an ellipse of area 1 has 1 / pi.
        area = (
            math.pi * polygon_area(np.array([at[0], at[1], at[1] + at[2] - at[0], at[2]]))
            if kind is Kind.ELLIPSE
            else polygon_area(at)
        )
        _add_area(bench, area)
    values = bench.image.values
    if values is None:
        return
    mask = (
        ellipse_mask(pixels[0], pixels[1] - pixels[0], pixels[2] - pixels[0], values.shape)
        if kind is Kind.ELLIPSE
        else polygon_mask(pixels, values.shape)
    )
    if crossing:
        spacing = bench.image.grid.spacing
        of_pixel = 1.0 if spacing is None else spacing.row_mm * spacing.column_mm
        _add_area(bench, np.count_nonzero(mask) * of_pixel)
    if _reaches_outside(kind, pixels, values.shape):
        bench.notes.append(Note.PARTLY_OUTSIDE_IMAGE)
    if (mask & values.missing).any():
        bench.notes.append(Note.PADDING_LEFT_OUT)
    _add_statistics(bench, values.inside(mask), Unit.HU if values.are_hu else Unit.STORED)


def _add_area(bench: _Bench, area: float) -> None:
    bench.add(Name.AREA, area, Unit.MM2 if bench.in_mm else Unit.PX2)


def _add_statistics(bench: _Bench, inside: Array, unit: Unit) -> None:
    """Mean, SD (of a sample, n - 1), minimum and maximum of the pixels inside, and their number."""
    bench.add(Name.N_PIXELS, inside.size, Unit.PIXELS)
    if inside.size == 0:
        bench.notes.append(Note.NO_PIXELS)
        return
    bench.add(Name.MEAN, inside.mean(), unit)
    if inside.size > 1:
        bench.add(Name.SD, inside.std(ddof=1), unit)
    bench.add(Name.MIN, inside.min(), unit)
    bench.add(Name.MAX, inside.max(), unit)


def _reaches_outside(kind: Kind, pixels: Array, shape: tuple[int, int]) -> bool:
    """Whether an outline leaves the image, whose outermost pixels end half a pixel beyond their centers."""
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    if kind is Kind.ELLIPSE:
        # center + u cos t + v sin t reaches sqrt(u^2 + v^2) to either side, in each coordinate.
        reach = np.hypot(*(pixels[1:] - pixels[0]))
        low, high = pixels[0] - reach, pixels[0] + reach
    return bool((low < -0.5).any() or (high > np.array(shape) - 0.5).any())


def _norm(vector: Array) -> float:
    return float(np.linalg.norm(vector))
