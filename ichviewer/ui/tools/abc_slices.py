"""C of ABC/2: which slices or planes count, and for how much of the distance between them each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from ichviewer.domain.annotation.abc2 import AbcSlice
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.annotation.reformat_plane import SAME_PLANE_DEG, angle_deg
from ichviewer.domain.series import Series
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.ui.look.language import tr

if TYPE_CHECKING:
    from ichviewer.ui.panes.shown_plane import ShownPlane


class Share(Enum):
    """How large the hemorrhage is on a slice, against the slice where it is largest.

    The value stands for the class in the record of the annotation: only the class counts (Kothari et al. 1996).
    """

    LARGEST = 1.0
    WHOLE = 0.9
    HALF = 0.5
    SMALL = 0.1

    @property
    def words(self) -> str:
        """The class in words."""
        return _WORDS[self]


_WORDS = {
    Share.LARGEST: tr("the largest"),
    Share.WHOLE: tr("over 75 % of the largest"),
    Share.HALF: tr("25 to 75 % of the largest"),
    Share.SMALL: tr("under 25 % of the largest"),
}


def slices_of(series: Series, largest: int, shares: Mapping[int, Share]) -> tuple[AbcSlice, ...]:
    """The slices with hemorrhage, in their order.

    Parameters
    ----------
    series : Series
    largest : int
        Index of the slice where A and B were drawn.
    shares : mapping of int to Share
        Of the other slices with hemorrhage, by their indices.
    """
    counted = {index: share for index, share in shares.items() if index != largest}
    counted[largest] = Share.LARGEST
    extents = {index: slice_extent_mm(series, index) for index in sorted(counted)}
    # C is in mm only if all of it is.
    known = None not in extents.values()
    return tuple(AbcSlice(counted[i].value, extent if known else None) for i, extent in extents.items())


PLANES_MM = 5.0
"""Distance of the planes that C is counted on where no slab is shown: that of slices as they are read."""


def planes_of(step_mm: float, shares: Mapping[int, Share]) -> tuple[AbcSlice, ...]:
    """The planes with hemorrhage, in their order.

    Parameters
    ----------
    step_mm : float
        From one plane to the next.
    shares : mapping of int to Share
        Of planes beside the one where A and B were drawn, by how many steps they lie from it.
    """
    counted = {**shares, 0: Share.LARGEST}
    return tuple(AbcSlice(counted[steps].value, step_mm) for steps in sorted(counted))


def plane_step_mm(place: OnReformat, geometry: VolumeGeometry) -> float:
    """How far apart planes are on which C of an ABC/2 on a reformat is counted.

    As thick as the slab that was drawn on, so that every part of the hemorrhage counts once; `PLANES_MM` without
    one. Never less than from one slice, row or column to the next.
    """
    wanted = PLANES_MM if place.slab is None else place.slab.thickness_mm
    return max(wanted, geometry.natural_step_mm(place.normal))


def plane_steps(place: OnReformat, step_mm: float, shown: ShownPlane) -> int | None:
    """Which of these planes is on screen, from the one that was drawn on; None for another direction or slab."""
    if place.slab != shown.slab or angle_deg(place, shown.view) > SAME_PLANE_DEG:
        return None
    return round(float(np.subtract(shown.view.center_mm, place.center_mm) @ np.array(place.normal)) / step_mm)


def slice_extent_mm(series: Series, index: int) -> float | None:
    """How much of the distance between slices belongs to a slice: to the middle between it and either neighbor.

    The first and the last slice reach as far outwards as inwards. None where positions are not known, two slices lie
    at one place, there is one slice only, or slices between them may still come.
    """
    if not series.all_received:
        return None
    positions = series.positions_mm()
    if positions is None or len(positions) < 2:
        return None
    gaps = [
        abs(positions[a] - positions[b])
        for a, b in ((index, index - 1), (index, index + 1))
        if 0 <= b < len(positions)
    ]
    extent = sum(gaps) / len(gaps)
    return extent if extent > 0 and all(gap > 0 for gap in gaps) else None
