"""The kinds of annotations, by what their points mean. ABC/2 has a module of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ichviewer.domain.annotation.base import MOST_POINTS, Annotation, Kind
from ichviewer.domain.annotation.place import Coordinates


def _exactly(n: int) -> range:
    return range(n, n + 1)


@dataclass(frozen=True)
class Length(Annotation):
    """The distance between two points."""

    kind: ClassVar[Kind] = Kind.LENGTH
    point_counts: ClassVar[range] = _exactly(2)

    def _check_shape(self) -> None:
        self._need_distinct(0, 1)


@dataclass(frozen=True)
class Bidirectional(Annotation):
    """Both ends of the long axis, then both ends of the axis at right angles to it.

    Points in pixels are not checked for the right angle, because it depends on the pixels' shape.
    """

    kind: ClassVar[Kind] = Kind.BIDIRECTIONAL
    point_counts: ClassVar[range] = _exactly(4)

    def _check_shape(self) -> None:
        self._need_distinct(0, 1)
        self._need_distinct(2, 3)
        if self.coordinates is Coordinates.PATIENT_MM:
            at = self.array()
            self._need_right_angle(at[1] - at[0], at[3] - at[2])


@dataclass(frozen=True)
class Angle(Annotation):
    """A point on one arm, the vertex, a point on the other arm."""

    kind: ClassVar[Kind] = Kind.ANGLE
    point_counts: ClassVar[range] = _exactly(3)

    def _check_shape(self) -> None:
        self._need_distinct(0, 1)
        self._need_distinct(1, 2)


@dataclass(frozen=True)
class MidlineShift(Annotation):
    """The anterior and the posterior end of the falx, and the septum pellucidum.

    The shift is the distance of the septum from the line between the ends of the falx, measured at right angles to
    it (the "ideal midline"; Liao et al., Int. J. Biomed. Imaging 2018, 4303161).
    """

    kind: ClassVar[Kind] = Kind.MIDLINE_SHIFT
    point_counts: ClassVar[range] = _exactly(3)

    def _check_shape(self) -> None:
        self._need_distinct(0, 1)


@dataclass(frozen=True)
class Ellipse(Annotation):
    """The center, and the ends of two half axes.

    The outline is center + u cos t + v sin t with u and v from the center to the two ends. An ellipse drawn in
    pixels that are not square is one in mm too, so u and v need not be at right angles.
    """

    kind: ClassVar[Kind] = Kind.ELLIPSE
    point_counts: ClassVar[range] = _exactly(3)

    def _check_shape(self) -> None:
        at = self.array()
        _need_area(self.kind, at[1] - at[0], at[2] - at[0])


@dataclass(frozen=True)
class Rectangle(Annotation):
    """The four corners in order around the rectangle."""

    kind: ClassVar[Kind] = Kind.RECTANGLE
    point_counts: ClassVar[range] = _exactly(4)

    def _check_shape(self) -> None:
        at = self.array()
        one, other = at[1] - at[0], at[3] - at[0]
        _need_area(self.kind, one, other)
        self._need_right_angle(one, other)
        longest = float(np.linalg.norm(at[2] - at[0]))
        if float(np.linalg.norm(at[0] + one + other - at[2])) > 1e-3 * longest:
            raise ValueError(f"the corners must make a rectangle. Received: {self.points}")


@dataclass(frozen=True)
class Freehand(Annotation):
    """A closed outline; the last point joins the first."""

    kind: ClassVar[Kind] = Kind.FREEHAND
    point_counts: ClassVar[range] = range(3, MOST_POINTS + 1)


@dataclass(frozen=True)
class Probe(Annotation):
    """The value of one pixel: the one whose center is next to the point."""

    kind: ClassVar[Kind] = Kind.PROBE
    point_counts: ClassVar[range] = _exactly(1)


@dataclass(frozen=True)
class Arrow(Annotation):
    """The tip and the tail of an arrow."""

    kind: ClassVar[Kind] = Kind.ARROW
    point_counts: ClassVar[range] = _exactly(2)

    def _check_shape(self) -> None:
        self._need_distinct(0, 1)


@dataclass(frozen=True)
class TextNote(Annotation):
    """Words at a place; they are the label, which must not be blank."""

    kind: ClassVar[Kind] = Kind.TEXT
    point_counts: ClassVar[range] = _exactly(1)

    def _check_shape(self) -> None:
        if not self.label.strip():
            raise ValueError(f"a text needs words. Received: {self.label!r}")


@dataclass(frozen=True)
class KeyImage(Annotation):
    """The image as a whole is marked as one that matters; no points."""

    kind: ClassVar[Kind] = Kind.KEY_IMAGE
    point_counts: ClassVar[range] = _exactly(0)


def _need_area(kind: Kind, one: np.ndarray, other: np.ndarray) -> None:
    squares = float(one @ one) * float(other @ other)
    # Sine of the angle between them, squared; 1e-12 is a ten-thousandth of a degree.
    if squares == 0 or 1 - float(one @ other) ** 2 / squares < 1e-12:
        raise ValueError(f"{kind} needs an area. Received: sides {one.tolist()}, {other.tolist()}")
