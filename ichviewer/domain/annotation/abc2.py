"""ABC/2, the bedside estimate of a hematoma's volume.

R. U. Kothari et al., "The ABCs of measuring intracerebral hemorrhage volumes", Stroke 27 (1996) 1304-1305: on the
slice where the hemorrhage is largest, A is its greatest diameter and B the diameter at right angles to A. C is the
number of slices with hemorrhage times their distance. Each slice is compared with the largest: more than 75 % of its
area counts as one slice, 25 to 75 % as half a slice, less than 25 % not at all. The volume is A x B x C / 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.place import Coordinates

WHOLE_ABOVE, HALF_FROM = 0.75, 0.25
"""Shares of the largest area."""


@dataclass(frozen=True)
class AbcSlice:
    """A slice with hemorrhage.

    Parameters
    ----------
    area_share : float
        Its area as a share of that of the slice where the hemorrhage is largest, 0 to 1.
    extent_mm : float or None
        The slice's share of the distance between slices; None where positions are not known.
    """

    area_share: float
    extent_mm: float | None

    def __post_init__(self) -> None:
        if not 0 <= self.area_share <= 1:
            raise ValueError(f"a share of an area lies within 0..1. Received: {self.area_share}")
        if self.extent_mm is not None and not 0 < self.extent_mm < math.inf:
            raise ValueError(f"the extent of a slice must be positive. Received: {self.extent_mm}")

    @property
    def weight(self) -> float:
        """1, 0.5 or 0: as how many slices it counts."""
        if self.area_share > WHOLE_ABOVE:
            return 1.0
        return 0.5 if self.area_share >= HALF_FROM else 0.0


@dataclass(frozen=True)
class Abc2(Annotation):
    """A, B and C, in three steps.

    Parameters
    ----------
    points : tuple of points
        Both ends of A; then, once it is drawn, both ends of B.
    slices : tuple of AbcSlice
        All slices with hemorrhage, the largest with a share of 1; empty until C is told, which comes after B.
    """

    slices: tuple[AbcSlice, ...] = ()

    kind: ClassVar[Kind] = Kind.ABC2
    point_counts: ClassVar[range] = range(2, 5, 2)

    def _check_shape(self) -> None:
        self._need_distinct(0, 1)
        if len(self.points) == 4:
            self._need_distinct(2, 3)
            if self.coordinates is Coordinates.PATIENT_MM:
                at = self.array()
                self._need_right_angle(at[1] - at[0], at[3] - at[2])
        if self.slices and (len(self.points) != 4 or max(s.area_share for s in self.slices) != 1):
            raise ValueError(
                "C comes after B, and the slice of the largest area has a share of 1. "
                f"Received: {len(self.points)} points, {self.slices}"
            )
        if len({s.extent_mm is None for s in self.slices}) > 1:
            raise ValueError(f"the extents of all slices are known or none. Received: {self.slices}")

    @property
    def steps_done(self) -> int:
        """1 with A, 2 with B, 3 with C."""
        return 3 if self.slices else len(self.points) // 2


def slice_count(slices: Iterable[AbcSlice]) -> float:
    """As how many slices they count together."""
    return sum(s.weight for s in slices)


def extent_mm(slices: Iterable[AbcSlice]) -> float | None:
    """C in mm; None where the distances of the slices are not known, or for no slices."""
    extents = [(s.weight, s.extent_mm) for s in slices]
    known = [weight * extent for weight, extent in extents if extent is not None]
    return sum(known) if known and len(known) == len(extents) else None


def volume_ml(a_mm: float, b_mm: float, c_mm: float) -> float:
    """A x B x C / 2 in mL, of lengths in mm."""
    return a_mm * b_mm * c_mm / 2000
