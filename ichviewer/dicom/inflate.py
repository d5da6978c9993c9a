"""Deflated data sets (DICOM PS3.5 section A.5), inflated no further than needed and within bounds.

A deflated file of a few kilobytes can inflate to gigabytes; nothing here ever holds more than what was asked for.
"""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from ichviewer.errors import ReadError

MOST_HEADER_BYTES = 1 << 25
"""Most bytes that the elements before the pixels may take once inflated; a hundred times the largest header seen."""
MOST_PIXEL_BYTES = 1 << 30
"""How far into a deflated file pixels are read: a thousand frames of 512 x 512."""

_CHUNK = 1 << 16
_KEPT = 1 << 10
"""So much of what was read last is kept: pydicom goes back by some bytes after each part of an element."""
_PREAMBLE = 132
_META_GROUP = b"\x02\x00"
_SYNTAX_TAG = b"\x02\x00\x10\x00"
_DEFLATED = b"1.2.840.10008.1.2.1.99"
# Meta information is a few hundred bytes.
_META_SEARCHED = 1 << 14
_LONG_VRS = (b"OB", b"OW", b"OF", b"SQ", b"UN", b"UT")


def deflated_start(stream: BinaryIO) -> int | None:
    """Where the deflated part of a file starts, None where it is not deflated; the stream is left at its start."""
    head = stream.read(_META_SEARCHED)
    stream.seek(0)
    if _DEFLATED not in head or head[128:_PREAMBLE] != b"DICM":
        return None
    at, deflated = _PREAMBLE, False
    while head[at : at + 2] == _META_GROUP:
        is_long = head[at + 4 : at + 6] in _LONG_VRS
        first = at + (12 if is_long else 8)
        length = int.from_bytes(head[at + 8 : first] if is_long else head[at + 6 : first], "little")
        if head[at : at + 4] == _SYNTAX_TAG:
            deflated = head[first : first + length].strip(b" \0") == _DEFLATED
        at = first + length
    return at if deflated else None


class InflatedStream(io.RawIOBase):
    """The inflated part of a file, for reading mostly forwards; of what was read, only the last bytes are kept.

    Parameters
    ----------
    stream : binary stream
        The file.
    start : int
        Where its deflated part starts.
    where : str
        The file's name for messages.
    most : int
        Bytes that may be inflated.
    origin : int
        The position that counts as 0.
    """

    def __init__(self, stream: BinaryIO, start: int, where: str, most: int, origin: int = 0) -> None:
        super().__init__()
        self._stream, self._start, self._where, self._most = stream, start, where, most
        self._origin = self._wanted = origin
        self._rewind()

    def _rewind(self) -> None:
        self._stream.seek(self._start)
        self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        self._position = 0
        self._last = b""
        self._at_end = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes, though not from the end."""
        return True

    def tell(self) -> int:
        """Position in bytes."""
        return self._wanted - self._origin

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is inflated for it.

        Raises
        ------
        UnsupportedOperation
            From the end, which is not known.
        """
        if whence == io.SEEK_END:
            raise io.UnsupportedOperation("the end of inflated data is not known")
        base = self._origin if whence == io.SEEK_SET else self._wanted
        self._wanted = max(self._origin, base + offset)
        return self.tell()

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, fewer only at the end of the data.

        Raises
        ------
        ReadError
            When that lies further in than may be inflated.
        zlib.error
            When the data is damaged.
        """
        back = self._position - self._wanted
        if back > len(self._last):
            self._rewind()
            back = 0
        while self._position < self._wanted:
            if not self._inflate(min(_CHUNK, self._wanted - self._position)):
                return b""
        left = self._most if size < 0 else size
        # From what is kept, where the position wanted lies in it.
        parts = [self._last[len(self._last) - back :][:left]] if back > 0 else []
        left -= sum(map(len, parts))
        while left > 0:
            part = self._inflate(min(_CHUNK, left))
            if not part:
                break
            parts.append(part)
            left -= len(part)
        found = b"".join(parts)
        self._wanted += len(found)
        return found

    @property
    def is_cut(self) -> bool:
        """Whether the file ended before its deflated part did, as far as it was read."""
        return self._at_end and not self._decompressor.eof

    def _inflate(self, size: int) -> bytes:
        """The next bytes, empty at the end."""
        if self._position >= self._most:
            raise ReadError(
                "the deflated data set is too large", self._where, f"more than {self._most:,} bytes"
            )
        while not self._decompressor.eof:
            packed = self._decompressor.unconsumed_tail or self._stream.read(_CHUNK)
            data = self._decompressor.decompress(packed, size)
            self._position += len(data)
            self._last = data[-_KEPT:] if len(data) >= _KEPT else (self._last + data)[-_KEPT:]
            self._at_end = not packed
            if data or not packed:
                return data
        return b""
