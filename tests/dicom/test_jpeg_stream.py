from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jpeg_writer import segment, write_lossless
from PIL import Image

from ichviewer.dicom.boundary import DamagedDataError
from ichviewer.dicom.jpeg_stream import Component, HuffmanTable, read_jpeg_stream

PLANE = np.arange(12, dtype=np.uint16).reshape(1, 3, 4)
RGB = np.random.default_rng(0).integers(0, 256, (40, 24, 3)).astype(np.uint8)


def test_headers_of_a_lossless_image() -> None:
    codestream = write_lossless(PLANE, precision=12, rows_an_interval=2)
    stream = read_jpeg_stream(codestream)
    assert (stream.process, stream.precision, stream.rows, stream.columns) == (0xC3, 12, 3, 4)
    assert stream.is_lossless and not stream.is_jpeg_ls
    (scan,) = stream.scans
    assert (scan.components, scan.start, scan.end, scan.shift, scan.interval) == ((1,), 1, 0, 0, 8)
    assert len(scan.segments) == 2 and scan.in_order
    assert codestream[scan.segments[0][1] :][:2] == b"\xff\xd0"
    assert codestream[scan.segments[1][1] :] == b"\xff\xd9"
    assert stream.missing_part() == ""


def test_headers_of_color_with_subsampling() -> None:
    stream = read_jpeg_stream(bytes(imagecodecs.jpeg8_encode(RGB, subsampling="420")))
    assert stream.components == (Component(1, 2, 2), Component(2, 1, 1), Component(3, 1, 1))
    assert stream.scans[0].components == (1, 2, 3)


def test_headers_of_jpeg_ls() -> None:
    stream = read_jpeg_stream(bytes(imagecodecs.jpegls_encode(PLANE[0])))
    assert stream.is_jpeg_ls
    assert (stream.rows, stream.columns, stream.scans) == (3, 4, ())


def test_a_stuffed_byte_and_fill_bytes_are_no_markers() -> None:
    plain = write_lossless(PLANE, ended=False)
    stream = read_jpeg_stream(plain + b"\xff\x00\x12\xff\xff\xff\xd9")
    start, end = stream.scans[0].segments[0]
    assert (plain + b"\xff\x00\x12")[start:] == (plain + b"\xff\x00\x12\xff\xff\xff\xd9")[start:end]


def test_a_progressive_image_must_come_down_to_its_last_bit() -> None:
    with io.BytesIO() as buffer:
        Image.fromarray(RGB).save(buffer, "JPEG", progressive=True, quality=90)
        whole = buffer.getvalue()
    stream = read_jpeg_stream(whole)
    assert len(stream.scans) > 3
    assert stream.missing_part() == ""
    before_last = stream.scans[-2].segments[-1][1]
    assert "are not complete" in read_jpeg_stream(whole[:before_last] + b"\xff\xd9").missing_part()


def test_codes_of_a_table_are_those_of_the_standard() -> None:
    # T.81 table K.3, luminance DC: two bits for 0, three for 1 to 5, then one more each.
    table = HuffmanTable(bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, *[0] * 7]), bytes(range(12)))
    codes = table.codes()
    assert [codes[i] for i in (0, 1, 5, 6, 11)] == ["00", "010", "110", "1110", "111111110"]


@pytest.mark.parametrize(
    ("codestream", "says"),
    [
        (b"", "starts with FFD8"),
        (b"\xff\x4f\xff\x51", "not FF4F"),
        (b"\xff\xd8\xff\xd9", "no frame header"),
        (b"\xff\xd8\x00\x00", "damaged at byte 2"),
        (b"\xff\xd8\xff\xc3\x00\x20", "FFC3 is cut short"),
        (b"\xff\xd8" + segment(0xC3, b"\x0c\0\x03\0\x04\x00"), "cut short"),
        (b"\xff\xd8" + segment(0xC3, b"\x0c\0\x00\0\x04\x01\x01\x11\x00") + b"\xff\xd9", "4 x 0 px"),
        (b"\xff\xd8" + segment(0xC3, b"\x0c\0\x03\0\x04\x01\x01\x11\x00") + b"\xff\xd9", "no scan"),
        (b"\xff\xd8" + segment(0xC3, b"\x0c\0\x03\0\x04\x01\x01\x11\x00") * 2, "two frame headers"),
        (b"\xff\xd8" + segment(0xDA, b"\x01\x01\x00\x01\x00\x00"), "scan header is damaged"),
    ],
)
def test_damaged_headers_are_named(codestream: bytes, says: str) -> None:
    with pytest.raises(DamagedDataError, match=says):
        read_jpeg_stream(codestream)


@given(st.binary(max_size=200), st.integers(0, 100))
def test_anything_is_read_or_refused(noise: bytes, at: int) -> None:
    codestream = write_lossless(PLANE)
    try:
        stream = read_jpeg_stream(codestream[:at] + noise)
    except DamagedDataError:
        return
    for scan in stream.scans:
        assert all(0 <= a <= b <= at + len(noise) for a, b in scan.segments)
    stream.missing_part()
