"""A lossless JPEG encoder of a few lines (ITU-T T.81 annex H, predictor 1), for what other encoders do not write."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

# Categories 0..16 with codes of five bits each: plain, and enough (T.81 table H.2).
_CODE_BITS = 5


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _code(difference: int) -> str:
    difference = (difference + (1 << 15) - 1) % (1 << 16) - (1 << 15) + 1
    category = abs(difference).bit_length()
    value = difference if difference > 0 else difference + (1 << category) - 1
    return f"{category:0{_CODE_BITS}b}" + (f"{value:0{category}b}" if 0 < category < 16 else "")


def _entropy_coded(rows: NDArray[np.integer], precision: int) -> bytes:
    bits = []
    for y, row in enumerate(rows.astype(int).tolist()):
        before = 1 << (precision - 1) if y == 0 else int(rows[y - 1, 0])
        for value in row:
            bits.append(_code(value - before))
            before = value
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


def write_lossless(
    planes: NDArray[np.integer], precision: int = 12, rows_an_interval: int = 0, ended: bool = True
) -> bytes:
    """A lossless JPEG image, one scan for each component.

    Parameters
    ----------
    planes : ndarray of int, shape (components, rows, columns)
    rows_an_interval : int
        Rows between restart markers; 0 for none.
    ended : bool
        Whether the end marker is written.
    """
    count, rows, columns = planes.shape
    frame = struct.pack(">BHHB", precision, rows, columns, count)
    frame += b"".join(bytes([i + 1, 0x11, 0]) for i in range(count))
    counts = [0] * 16
    counts[_CODE_BITS - 1] = 17
    out = [b"\xff\xd8", segment(0xC3, frame), segment(0xC4, bytes([0, *counts, *range(17)]))]
    if rows_an_interval:
        out.append(segment(0xDD, struct.pack(">H", rows_an_interval * columns)))
    for i, plane in enumerate(planes):
        out.append(segment(0xDA, bytes([1, i + 1, 0, 1, 0, 0])))
        step = rows_an_interval or rows
        for number, top in enumerate(range(0, rows, step)):
            if number:
                out.append(bytes([0xFF, 0xD0 + (number - 1) % 8]))
            out.append(_entropy_coded(plane[top : top + step], precision))
    return b"".join(out) + (b"\xff\xd9" if ended else b"")
