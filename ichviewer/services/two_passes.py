"""Pixels for an analysis, which goes through a series twice from its first slice to its last."""

from __future__ import annotations

from collections.abc import Callable

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Series, SliceInfo, SliceSource

FIRST_BYTES = 40 * 1024 * 1024
"""80 slices of 512 x 512: series of thick slices whole, and a good part of others."""
ALONE_BYTES = 92 * 1024 * 1024
"""For who does nothing else: with the rest, series of 200 slices whole."""
_BESIDES_BYTES = 12 * 1024
"""What else is kept of every slice, header and finding."""
REST_BYTES = 12 * 1024 * 1024
"""24 slices: the neighbors that a slice of 0.5 mm needs on either side, and those that are read ahead."""


class TwoPassPixels:
    """Keeps the first slices of a series from one pass to the next, and of the rest the last ones.

    A cache of the last ones alone would hold the end of the series when the second pass begins, and lose it slice by
    slice before it is asked for: all would be decoded twice.

    Parameters
    ----------
    series : Series
    read : function of SliceInfo
        Decodes a slice.
    first_bytes, rest_bytes : int
        Most memory for either.
    """

    def __init__(
        self,
        series: Series,
        read: Callable[[SliceInfo], DecodedSlice],
        first_bytes: int = FIRST_BYTES,
        rest_bytes: int = REST_BYTES,
    ) -> None:
        self._first = PixelCache(first_bytes, read)
        self._rest = PixelCache(rest_bytes, read)
        self._is_first: set[SliceSource] = set()
        needed = 0
        for info in series.slices:
            # Stored values of more than 16 bits are rare; the cache keeps its bound all the same.
            needed += 2 * info.rows * info.columns
            if needed > first_bytes:
                break
            self._is_first.add(info.source)

    def get(self, info: SliceInfo) -> DecodedSlice:
        """The decoded slice; see `PixelCache.get`."""
        return self._of(info).get(info)

    def peek(self, info: SliceInfo) -> DecodedSlice | None:
        """The slice if it is there already; see `PixelCache.peek`."""
        return self._of(info).peek(info)

    def _of(self, info: SliceInfo) -> PixelCache:
        return self._first if info.source in self._is_first else self._rest


def first_bytes_alone(n: int) -> int:
    """Memory for the first of so many slices where all else that is kept of them counts too: see `ALONE_BYTES`."""
    return max(FIRST_BYTES, ALONE_BYTES - n * _BESIDES_BYTES)
