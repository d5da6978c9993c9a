from __future__ import annotations

import struct

import imagecodecs
import numpy as np
import pytest

from ichviewer.dicom.boundary import DamagedDataError
from ichviewer.dicom.jpeg2000 import complete_jpeg_2000

NOISE = np.random.default_rng(1).integers(0, 4096, (40, 30)).astype(np.uint16)
WHOLE = bytes(imagecodecs.jpeg2k_encode(NOISE, codecformat="j2k", resolutions=3, bitspersample=12)).rstrip(
    b"\0"
)
TILE_PART = WHOLE.index(b"\xff\x90\x00\x0a")


def with_length(codestream: bytes, length: int) -> bytes:
    return codestream[: TILE_PART + 6] + struct.pack(">L", length) + codestream[TILE_PART + 10 :]


def made(*parts: tuple[int, int, int], tiles: int = 2) -> bytes:
    """A codestream of tile-parts (tile, how many bytes of data, how many parts the tile is said to have)."""
    size = struct.pack(">HHLLLLLLLLH", 41, 0, 30 * tiles, 40, 0, 0, 30, 40, 0, 0, 1) + b"\x0b\1\1"
    out = b"\xff\x4f\xff\x51" + size + b"\xff\x52\x00\x04ab"
    for tile, data, count in parts:
        out += b"\xff\x90" + struct.pack(">HHLBB", 10, tile, 14 + data, 0, count) + b"\xff\x93" + b"x" * data
    return out


def test_a_whole_codestream_stays_as_it_is() -> None:
    assert complete_jpeg_2000(WHOLE, 40, 30, 1) == WHOLE


@pytest.mark.parametrize("behind", [b"\0", b"\0\0\0", b"\xff\xd9\xff", b"\0\xff\xd9\0"])
def test_padding_goes_and_the_end_marker_is_put_back(behind: bytes) -> None:
    assert complete_jpeg_2000(WHOLE[:-2] + behind, 40, 30, 1) == WHOLE


def test_a_jp2_file_is_read_too() -> None:
    jp2 = bytes(imagecodecs.jpeg2k_encode(NOISE, codecformat="jp2", bitspersample=12))
    assert complete_jpeg_2000(jp2, 40, 30, 1).startswith(b"\0\0\0\x0cjP")


@pytest.mark.parametrize("missing", [1, 2, 100])
def test_a_tile_part_cut_short_is_refused(missing: int) -> None:
    left = len(WHOLE) - 2 - missing
    for ending in (b"", b"\xff\xd9"):
        with pytest.raises(DamagedDataError, match="a tile-part takes"):
            complete_jpeg_2000(WHOLE[:left] + ending, 40, 30, 1)


def test_the_last_tile_part_may_leave_its_length_open() -> None:
    open_ended = with_length(WHOLE, 0)
    assert complete_jpeg_2000(open_ended, 40, 30, 1) == open_ended


def test_every_tile_and_every_part_must_be_there() -> None:
    whole = made((0, 5, 2), (1, 7, 1), (0, 3, 0))
    assert complete_jpeg_2000(whole, 40, 60, 1) == whole + b"\xff\xd9"
    with pytest.raises(DamagedDataError, match="holds 1 of 2 tiles"):
        complete_jpeg_2000(made((0, 5, 1)), 40, 60, 1)
    with pytest.raises(DamagedDataError, match="1 tiles of the JPEG 2000 codestream lack tile-parts"):
        complete_jpeg_2000(made((0, 5, 2), (1, 7, 1)), 40, 60, 1)


@pytest.mark.parametrize("size", [(41, 30, 1), (40, 31, 1), (40, 30, 3)])
def test_another_size_is_refused(size: tuple[int, int, int]) -> None:
    with pytest.raises(DamagedDataError, match="holds 30 x 40 px of 1 samples, the header says"):
        complete_jpeg_2000(WHOLE, *size)


@pytest.mark.parametrize(
    ("codestream", "says"),
    [
        (b"", "no header"),
        (WHOLE[:30], "no header"),
        (WHOLE[: TILE_PART - 4], "header is damaged"),
        (WHOLE[:45] + b"\0\0" + WHOLE[47:], "header is damaged at byte 45"),
        (WHOLE[:22] + bytes(8) + WHOLE[30:], "tiles without size"),
        (with_length(WHOLE, 3), "a tile-part takes 3 bytes"),
    ],
)
def test_damaged_headers_are_named(codestream: bytes, says: str) -> None:
    with pytest.raises(DamagedDataError, match=says):
        complete_jpeg_2000(codestream, 40, 30, 1)
