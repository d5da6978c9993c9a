"""The bytes of one compressed frame, gathered from its fragments (DICOM PS3.5 section A.4)."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO

from pydicom.encaps import get_frame

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.parse import ParsedFile
from ichviewer.errors import DecodeError

_ITEM = b"\xfe\xff\x00\xe0"
# Ends a frame in all JPEG families; padding may follow.
_END_MARKER = b"\xff\xd9"
_END_SEARCHED = 16
_CHUNK = 1 << 20
# Each fragment takes three, twice over: a hundred times the fragments of the longest CT.
_MOST_READS = 1_000_000


def read_codestream(parsed: ParsedFile, start: int, frames: int, stream: BinaryIO, frame: int) -> bytes:
    """Read the bytes of one compressed frame.

    Parameters
    ----------
    parsed : ParsedFile
    start : int
        Where the pixel data starts in the stream.
    frames : int
        How many frames the header says there are.
    stream : binary stream
    frame : int
        The one wanted, from 0.

    Raises
    ------
    DecodeError
        When there is none, or the file ends within it.
    """
    root = parsed.elements
    what = f"pixel data in {parsed.syntax.name} could not be read"
    dataset = root.dataset
    offsets, lengths = dataset.get("ExtendedOffsetTable"), dataset.get("ExtendedOffsetTableLengths")
    extended = (offsets, lengths) if offsets and lengths else None
    reader = _ChunkReader(stream)
    with foreign_code(DecodeError, what, root.where):
        stream.seek(start)
        codestream = get_frame(reader, frame, number_of_frames=frames, extended_offsets=extended)
    if reader.gave_up:
        raise DecodeError(what, root.where, f"more than {_MOST_READS // 3:,} fragments")
    # Some codecs fill up what is missing, and some writers leave the end marker out. Only both together, no marker
    # and a fragment that the file does not hold in full, tell a cut frame.
    if not codestream:
        raise DecodeError(what, root.where, "an empty frame")
    if _END_MARKER not in codestream[-_END_SEARCHED:]:
        with foreign_code(DecodeError, what, root.where):
            missing = _missing_bytes(stream, start)
        if missing:
            raise DecodeError(
                what, root.where, f"the file is cut short, at least {missing:,} bytes are missing"
            )
    return codestream


class _ChunkReader:
    """A stream that allocates no more than there is to read, whatever a length field claims, and not without end.

    Parameters
    ----------
    stream : binary stream
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._reads = 0
        self.gave_up = False
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all that are left if negative; none after more reads than a real file takes."""
        self._reads += 1
        if self._reads > _MOST_READS:
            self.gave_up = True
            return b""
        if 0 <= size <= _CHUNK:
            return self._stream.read(size)
        parts: list[bytes] = []
        left = size if size >= 0 else sys.maxsize
        while left > 0 and (part := self._stream.read(min(_CHUNK, left))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)


def _missing_bytes(stream: BinaryIO, start: int) -> int:
    """How many bytes the last fragment of encapsulated pixel data lacks; 0 where it is complete."""
    at = start
    while True:
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            # The data ended with the last fragment; only the closing delimiter may be gone.
            return 0
        tag, length = head[:4], int.from_bytes(head[4:], "little")
        if tag != _ITEM:
            return 0
        at += 8 + length
        stream.seek(at - 1)
        if length and not stream.read(1):
            return at - stream.seek(0, io.SEEK_END)
