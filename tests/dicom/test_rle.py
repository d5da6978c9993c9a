from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rle.utils import encode_array

from ichviewer.dicom.boundary import DamagedDataError
from ichviewer.dicom.rle import decode_rle

# 0xFE repeats the next byte three times, 0x01 is followed by two literal bytes (DICOM PS3.5 annex G.3).
FIVE_BYTES = bytes([0xFE, 7, 0x01, 8, 9])


def frame(*segments: bytes) -> bytes:
    offsets, at = [], 64
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    return struct.pack("<16L", len(segments), *offsets, *[0] * (15 - len(offsets))) + b"".join(segments)


def test_segments_run_from_the_most_significant_byte() -> None:
    assert decode_rle(frame(FIVE_BYTES), 1, 5, 1, 8).tolist() == [[[7, 7, 7, 8, 9]]]
    high = bytes([0xFC, 1])  # five times 1
    assert decode_rle(frame(high, FIVE_BYTES), 1, 5, 1, 16).tolist() == [[[263, 263, 263, 264, 265]]]


@given(hnp.arrays(np.uint16, (5, 9)) | hnp.arrays(np.uint8, (4, 6)) | hnp.arrays(np.uint32, (3, 3)))
def test_what_was_encoded_comes_back(image: np.ndarray) -> None:
    bits = image.dtype.itemsize * 8
    options = {"rows": image.shape[0], "columns": image.shape[1], "samples_per_pixel": 1}
    options |= {"bits_allocated": bits, "bits_stored": bits, "number_of_frames": 1}
    (encoded,) = encode_array(
        image, pixel_representation=0, photometric_interpretation="MONOCHROME2", **options
    )
    assert np.array_equal(decode_rle(encoded, *image.shape, 1, bits)[0], image)


@pytest.mark.parametrize("padding", [b"\0", b"\x80", b"\x80\0"])
def test_padding_of_a_segment_is_no_pixel(padding: bytes) -> None:
    assert decode_rle(frame(FIVE_BYTES + padding), 1, 5, 1, 8).tolist() == [[[7, 7, 7, 8, 9]]]


@pytest.mark.parametrize(
    ("codestream", "says"),
    [
        (b"\1\0\0\0", "header is cut short: 4 bytes"),
        (frame(FIVE_BYTES, FIVE_BYTES), "has 2 segments, 1 were expected"),
        (frame(FIVE_BYTES[:-3]), "segment 1 holds 3 bytes for 5 pixels"),
        (frame(FIVE_BYTES + b"\xfe\x09"), "segment 1 holds 8 bytes for 5 pixels"),
        (frame(FIVE_BYTES + b"\xfe\x00" * 9), "segment 1 holds 32 bytes for 5 pixels"),
        (frame(b"\xfe\x00" * 999), "segment 1 takes 1,998 bytes for 5 pixels"),
        (frame(b""), "start at bytes .64. of 64"),
        (struct.pack("<16L", 1, 20, *[0] * 14) + FIVE_BYTES, "start at bytes .20. of 69"),
    ],
)
def test_what_does_not_fill_the_image_exactly_is_refused(codestream: bytes, says: str) -> None:
    with pytest.raises(DamagedDataError, match=says):
        decode_rle(codestream, 1, 5, 1, 8)


@given(st.binary(min_size=1, max_size=60))
def test_no_segment_makes_the_decoder_panic(segment: bytes) -> None:
    # Only our own error and that of the decoder, which is an Exception: panics are not.
    with pytest.raises((ValueError, DamagedDataError)):
        decode_rle(frame(segment), 100, 100, 1, 8)
