"""What all annotations have in common."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.place import Coordinates, DrawnOn, OnReformat, Point

MOST_POINTS = 10_000
"""A line drawn by hand around a whole head, with a point for every half pixel, has some 4,000."""

# A kilometer, or more pixels than any image has: far from overflow in all that is computed from points.
_FURTHEST = 1e6
_CLOSEST = 1e-6
OUT_OF_PLANE_MM = 0.1
"""Points are drawn in the plane of their slice or reformat; more than this is the plane of another."""
RIGHT_ANGLE_COSINE = math.sin(math.radians(1.0))
"""Lines are at right angles within 1 degree."""


class Kind(StrEnum):
    """The kinds of annotations; the value is what files hold."""

    LENGTH = "length"
    BIDIRECTIONAL = "bidirectional"
    ANGLE = "angle"
    MIDLINE_SHIFT = "midline_shift"
    ABC2 = "abc2"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    FREEHAND = "freehand"
    PROBE = "probe"
    ARROW = "arrow"
    TEXT = "text"
    KEY_IMAGE = "key_image"


@dataclass(frozen=True)
class Annotation:
    """Something drawn on an image. Its subclasses say what the points mean.

    Parameters
    ----------
    id : str
        Names it for good; see `new_id`.
    drawn_on : DrawnOn
    points : tuple of points
        In the frame of ``drawn_on.place.coordinates``.
    created, modified : datetime
        With a time zone.
    author : str
        Who drew it, as free text; empty where not told.
    label : str
        Words beside it; empty for none.

    Raises
    ------
    ValueError
        If the points do not make an annotation of the kind.
    """

    id: str
    drawn_on: DrawnOn
    points: tuple[Point, ...]
    created: datetime
    modified: datetime
    author: str = ""
    label: str = ""

    kind: ClassVar[Kind]
    point_counts: ClassVar[range]
    """How many points there may be."""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("an annotation needs an id. Received: none")
        if len(self.points) not in self.point_counts:
            fewest, most = self.point_counts[0], self.point_counts[-1]
            wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            raise ValueError(f"{self.kind} needs {wanted} points. Received: {len(self.points)}")
        wrong = [p for p in self.points if len(p) != self.coordinates.dimensions]
        if wrong or not all(abs(v) <= _FURTHEST for p in self.points for v in p):
            raise ValueError(
                f"points in {self.coordinates} need {self.coordinates.dimensions} numbers within {_FURTHEST:g}. "
                f"Received: {(wrong or self.points)[:3]}"
            )
        if self.created.tzinfo is None or self.modified.tzinfo is None or self.modified < self.created:
            raise ValueError(
                "times need a time zone, and nothing is changed before it is made. "
                f"Received: {self.created}, {self.modified}"
            )
        place = self.drawn_on.place
        if isinstance(place, OnReformat) and self.points:
            furthest = float(place.distances_mm(self.array()).max())
            if furthest > OUT_OF_PLANE_MM:
                raise ValueError(
                    f"points must lie in the plane they are drawn on. Received: {furthest} mm off"
                )
        self._check_shape()

    def _check_shape(self) -> None:
        """Raise a ValueError if the points do not make the shape."""

    @property
    def coordinates(self) -> Coordinates:
        """The frame that the points are given in."""
        return self.drawn_on.place.coordinates

    def array(self) -> NDArray[np.float64]:
        """The points as an array of shape (n, 3) in mm or (n, 2) in pixels."""
        return np.array(self.points, dtype=np.float64).reshape(-1, self.coordinates.dimensions)

    def with_points(self, points: Iterable[Point], now: datetime) -> Self:
        """The same annotation with other points, changed at a time."""
        return replace(self, points=tuple(points), modified=now)

    def _need_distinct(self, first: int, second: int) -> None:
        if math.dist(self.points[first], self.points[second]) < _CLOSEST:
            raise ValueError(
                f"{self.kind} needs a line between two places. Received: {self.points[first]} twice"
            )

    def _need_right_angle(self, one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
        cosine = float(one @ other) / float(np.linalg.norm(one) * np.linalg.norm(other))
        if abs(cosine) > RIGHT_ANGLE_COSINE:
            angle = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
            raise ValueError(f"{self.kind} needs lines at right angles. Received: {angle:.2f} degrees")


def new_id() -> str:
    """A name that no other annotation has: 32 hexadecimal digits (RFC 9562, version 4)."""
    return uuid.uuid4().hex
