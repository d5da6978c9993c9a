"""Tells whether a lossless JPEG image is exactly what its data holds, from the ends of both.

The last differences of the image are encoded again (ITU-T T.81 annex H) and compared with the last bits of the data.
They can only agree if the decoder came to the end of the data just when it came to the end of the image: had it run
out before, the image would end in made-up values; had it lost its place in damaged data, bits would be left.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.jpeg_stream import JpegStream, Scan

_HUFFMAN_LOSSLESS = 0xC3
# Differences other than zero that must agree. A decoder fills up with zeros, which would agree with zeros anywhere.
_COMPARED = 16
_FIRST_ROWS, _MORE_ROWS = 2, 8
_MODULUS = 1 << 16
# The data is filled up to a whole byte.
_FILLED = re.compile(r"[01]{0,7}")

# T.81 table H.1; Ra is left, Rb above, Rc above and left. In the first column all are Rb.
_PREDICTORS = {
    1: lambda a, b, c: a,
    2: lambda a, b, c: b,
    3: lambda a, b, c: c,
    4: lambda a, b, c: a + b - c,
    5: lambda a, b, c: a + ((b - c) >> 1),
    6: lambda a, b, c: b + ((a - c) >> 1),
    7: lambda a, b, c: (a + b) >> 1,
}


def is_applicable(stream: JpegStream) -> bool:
    """Whether `ends_together` can tell: one component in one piece, as nearly all lossless JPEG is."""
    if stream.process != _HUFFMAN_LOSSLESS or len(stream.components) != 1 or len(stream.scans) != 1:
        return False
    (scan,) = stream.scans
    return len(scan.segments) == 1 and scan.dc_tables[0] is not None and 1 <= scan.start <= len(_PREDICTORS)


def ends_together(codestream: bytes, stream: JpegStream, image: NDArray[np.unsignedinteger]) -> bool:
    """Whether the image ends with the very differences that the data ends with.

    Parameters
    ----------
    codestream : bytes
    stream : JpegStream
        What was read of it; `is_applicable`.
    image : ndarray of uint8 or uint16, shape (rows, columns)
        As decoded from it.
    """
    (scan,) = stream.scans
    start, end = scan.segments[0]
    if end == len(codestream):
        # No marker follows: zeros at the end are taken for padding, never for data that was lost.
        end = max(start, len(codestream.rstrip(b"\0")))
    expected, whole = _last_bits(image, stream, scan)
    if expected is None:
        return False
    # Each byte may be stuffed; half of a stuffed one at the start is too far from the end to matter.
    needed = len(codestream) if whole else 2 * (len(expected) // 8 + 64)
    data = codestream[max(start, end - needed) : end].replace(b"\xff\x00", b"\xff")
    bits = f"{int.from_bytes(data, 'big'):0{8 * len(data)}b}" if data else ""
    at = 0 if whole and bits.startswith(expected) else bits.rfind(expected)
    return at >= 0 and (not whole or at == 0) and _FILLED.fullmatch(bits, at + len(expected)) is not None


def _last_bits(image: NDArray[np.unsignedinteger], stream: JpegStream, scan: Scan) -> tuple[str | None, bool]:
    """The bits that the end of the image is coded with, and whether those are all that there are.

    None where the Huffman table has no code for a difference of the image: it cannot have come from this data.
    """
    rows, wanted = _FIRST_ROWS, _COMPARED
    while True:
        rows = min(rows, stream.rows)
        differences = _differences(image[max(0, stream.rows - rows - 1) :], stream, scan, rows)
        changes = np.flatnonzero(differences)
        if len(changes) >= wanted or rows == stream.rows:
            break
        rows *= _MORE_ROWS
    whole = len(changes) < wanted
    if not whole:
        differences = differences[changes[-wanted] :]
        changes = changes[-wanted:] - changes[-wanted]
    table = scan.dc_tables[0]
    codes = table.codes() if table is not None else {}
    runs = np.diff(np.concatenate([changes, [len(differences)]])) - 1
    parts = [codes.get(0, "") * int(changes[0] if len(changes) else len(differences))]
    for difference, run in zip(differences[changes].tolist(), runs.tolist(), strict=True):
        category = abs(difference).bit_length()
        if category not in codes or (run and 0 not in codes):
            return None, whole
        value = difference if difference > 0 else difference + (1 << category) - 1
        # Category 16 is 32768 only and has no bits of its own (T.81 table H.2).
        extra = f"{value:0{category}b}" if category < 16 else ""
        parts.append(codes[category] + extra + codes.get(0, "") * run)
    return "".join(parts), whole


def _differences(
    lines: NDArray[np.unsignedinteger], stream: JpegStream, scan: Scan, rows: int
) -> NDArray[np.int32]:
    """What the last ``rows`` of the image differ by from their prediction, flat, -32767..32768.

    ``lines`` holds them and the row above, which the first row of an image does not have.
    """
    values = lines.astype(np.int32) >> scan.shift
    predicted = np.empty_like(values[-rows:])
    left, above, corner = values[1:, :-1], values[:-1, 1:], values[:-1, :-1]
    others = predicted[-len(left) :] if len(left) else predicted[:0]
    others[:, 0] = values[:-1, 0]
    others[:, 1:] = _PREDICTORS[scan.start](left, above, corner)
    if rows == len(values):
        predicted[0, 0] = 1 << (stream.precision - scan.shift - 1)
        predicted[0, 1:] = values[0, :-1]
    differences: NDArray[np.int32] = (values[-rows:] - predicted).ravel() % _MODULUS
    differences[differences > _MODULUS // 2] -= _MODULUS
    return differences
