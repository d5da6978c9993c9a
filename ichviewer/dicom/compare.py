"""Whether two slices that claim to be the same image are."""

from __future__ import annotations

import numpy as np

from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.source import same_bytes
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import DecodeError, ReadError


class ImageComparison:
    """Compares slices by their pixels; remembers which whole files are alike, so frames need not be compared."""

    def __init__(self) -> None:
        self._same_files: dict[tuple[SliceSource, SliceSource], bool] = {}

    def __call__(self, a: SliceInfo, b: SliceInfo) -> bool:
        """Whether two slices show the same pixels in the same place; False where either cannot be decoded."""
        if (a.rows, a.columns, a.plane) != (b.rows, b.columns, b.plane):
            return False
        try:
            return self._in_same_files(a.source, b.source) or _same_pixels(a, b)
        except (ReadError, DecodeError):
            return False

    def _in_same_files(self, a: SliceSource, b: SliceSource) -> bool:
        if a.frame != b.frame:
            return False
        files = SliceSource(a.path, a.member), SliceSource(b.path, b.member)
        if files not in self._same_files:
            self._same_files[files] = same_bytes(*files)
        return self._same_files[files]


def _same_pixels(a: SliceInfo, b: SliceInfo) -> bool:
    mine, theirs = read_slice(a).image, read_slice(b).image
    return (
        mine.rescale == theirs.rescale
        and mine.rows_read == theirs.rows_read
        and bool(np.array_equal(mine.stored, theirs.stored))
    )
