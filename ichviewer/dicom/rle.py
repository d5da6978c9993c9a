"""RLE Lossless (DICOM PS3.5 annex G), decoded segment by segment so that the length of each can be checked."""

from __future__ import annotations

import struct
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.boundary import DamagedDataError

_HEADER = struct.Struct("<16L")
_MOST_SEGMENTS = 15
# Segments have an even length, and some writers pad by more.
_MOST_PADDING = 16
# The worst that can be written: every byte as a run of its own.
_MOST_BYTES_A_PIXEL = 2


def decode_rle(
    codestream: bytes, rows: int, columns: int, samples: int, bits: int
) -> NDArray[np.unsignedinteger]:
    """Decode one frame.

    Parameters
    ----------
    codestream : bytes
    rows, columns, samples : int
    bits : int
        Allocated for a sample: 8, 16 or 32.

    Returns
    -------
    ndarray of uint8, uint16 or uint32, shape (samples, rows, columns)

    Raises
    ------
    DamagedDataError
        When there are too few or too many segments, or one does not hold exactly one byte for every pixel.
    """
    size, pixels = bits // 8, rows * columns
    planes = [
        _decode_segment(segment, pixels, number)
        for number, segment in enumerate(_segments(codestream, samples * size), 1)
    ]
    frame = np.empty((samples, pixels), dtype=f"u{size}")
    for sample in range(samples):
        values = frame[sample]
        # From the most significant byte to the least.
        most, *others = planes[sample * size : (sample + 1) * size]
        values[:] = most
        for plane in others:
            values <<= 8
            values |= plane
    return frame.reshape(samples, rows, columns)


def _segments(codestream: bytes, expected: int) -> list[bytes]:
    """The segments of a frame, by its header (section G.5)."""
    if len(codestream) < _HEADER.size:
        raise DamagedDataError(f"the RLE header is cut short: {len(codestream)} bytes")
    count, *offsets = _HEADER.unpack(codestream[: _HEADER.size])
    if count != expected or count > _MOST_SEGMENTS:
        raise DamagedDataError(f"the RLE frame has {count} segments, {expected} were expected")
    bounds = [*offsets[:count], len(codestream)]
    if bounds[0] < _HEADER.size or any(a >= b for a, b in pairwise(bounds)):
        raise DamagedDataError(f"the RLE segments start at bytes {bounds[:-1]} of {len(codestream)}")
    return [codestream[a:b] for a, b in pairwise(bounds)]


def _decode_segment(segment: bytes, pixels: int, number: int) -> NDArray[np.uint8]:
    from rle.rle import decode_segment  # noqa: PLC0415 - the codecs are only loaded when one is needed

    if len(segment) > _MOST_BYTES_A_PIXEL * pixels + _MOST_PADDING:
        raise DamagedDataError(f"RLE segment {number} takes {len(segment):,} bytes for {pixels:,} pixels")
    plane = decode_segment(segment)
    surplus = plane[pixels:]
    if len(plane) < pixels or len(surplus) > _MOST_PADDING or any(surplus):
        raise DamagedDataError(f"RLE segment {number} holds {len(plane):,} bytes for {pixels:,} pixels")
    return np.frombuffer(plane, np.uint8, pixels)
