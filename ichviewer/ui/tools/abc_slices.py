"""C of ABC/2: which slices count, and for how much of the distance between slices each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from ichviewer.domain.annotation.abc2 import AbcSlice
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr


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
