"""Whether two slices that claim to be the same image are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.header import SliceHeader
from ichviewer.dicom.source import bytes_digest
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import IchViewerError, ReadError

ReadSlice = Callable[[SliceInfo], DecodedSlice]

# What is larger than any CT image, or than its file could hold, is compared by its bytes alone.
_MOST_PIXELS = 1 << 24
_MOST_PIXELS_PER_BYTE = 200
# Larger files, and what comes when so much has been read, are compared by their pixels alone.
_MOST_BYTES = 1 << 28
_MOST_BYTES_IN_ALL = 1 << 32


class ImageComparison:
    """Names images by their bytes and by their pixels; each file is read, each slice decoded once at most.

    Parameters
    ----------
    read : callable, optional
        Decodes a slice, `ichviewer.dicom.decode.read_slice` unless told; raises ReadError, DecodeError or another
        error of ours for one that cannot be decoded.
    """

    def __init__(self, read: ReadSlice | None = None) -> None:
        self._read = read or read_slice
        self._digests: dict[SliceSource, bytes | None] = {}
        self._left = _MOST_BYTES_IN_ALL

    def bytes_of(self, source: SliceSource) -> bytes | None:
        """What names the bytes of a file; None where it cannot be read, or is too large to be worth it."""
        file = replace(source, frame=0)
        if file not in self._digests:
            try:
                size, digest = bytes_digest(file, min(_MOST_BYTES, self._left))
            except ReadError:
                size, digest = 0, None
            self._left -= size
            self._digests[file] = digest
        return self._digests[file]

    def pixels_of(self, info: SliceInfo) -> str | None:
        """What names the HU of a slice; None where it cannot be decoded, or is too large to be worth it."""
        pixels = info.rows * info.columns
        try:
            if pixels > min(_MOST_PIXELS, _MOST_PIXELS_PER_BYTE * info.source.path.stat().st_size):
                return None
            return self._read(info).pixel_hash or None
        except (IchViewerError, OSError):
            return None


class Doubles:
    """Slices that came under one SOPInstanceUID, of one patient, in one place and of one size.

    Parameters
    ----------
    comparison : ImageComparison
    """

    def __init__(self, comparison: ImageComparison) -> None:
        self._comparison = comparison
        self._first: SliceHeader | None = None
        self._started = False
        self._by_bytes: dict[bytes, SliceHeader] = {}
        self._not_decoded: list[SliceHeader] = []
        self._by_pixels: dict[str, SliceHeader] = {}

    def add(self, header: SliceHeader) -> SliceHeader | None:
        """Take a slice in; the first that shows the same pixels, None if this is the first.

        Nothing is read before there is a second one, and nothing is decoded unless the bytes of files differ.
        """
        if self._first is None:
            self._first = header
            return None
        if not self._started:
            self._started = True
            self._same_bytes(self._first)
        known = self._same_bytes(header)
        if known is not None:
            return known
        for one in self._not_decoded:
            known = self._same_pixels(one)
        self._not_decoded.clear()
        return known

    def _same_bytes(self, header: SliceHeader) -> SliceHeader | None:
        digest = self._comparison.bytes_of(header.info.source)
        if digest is not None:
            known = self._by_bytes.setdefault(digest, header)
            if known is not header:
                return known
        self._not_decoded.append(header)
        return None

    def _same_pixels(self, header: SliceHeader) -> SliceHeader | None:
        name = self._comparison.pixels_of(header.info)
        known = header if name is None else self._by_pixels.setdefault(name, header)
        if known is header:
            return None
        digest = self._comparison.bytes_of(header.info.source)
        if digest is not None:
            self._by_bytes[digest] = known
        return known
