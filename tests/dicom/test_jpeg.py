from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from jpeg_writer import write_lossless
from numpy.typing import NDArray

from ichviewer.dicom.boundary import DamagedDataError
from ichviewer.dicom.jpeg import check_jpeg, decode_jpeg
from ichviewer.dicom.jpeg_lossless import ends_together, is_applicable
from ichviewer.dicom.jpeg_stream import read_jpeg_stream

NOISE = np.random.default_rng(1).integers(0, 4096, (24, 40)).astype(np.uint16)
ENDS_EARLY = "ends before the image is complete"

images = hnp.arrays(
    np.uint16,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=20),
    elements=st.integers(0, 4095),
)
# What scanners write: much of it one and the same value.
flat_images = images.map(lambda image: np.where(image < 3500, np.uint16(24), image))


def decode(codestream: bytes, image: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    return decode_jpeg(codestream, *image.shape[:2], 1)[0]


@pytest.mark.parametrize("predictor", range(1, 8))
@given(image=images | flat_images)
@settings(max_examples=30, deadline=None)
def test_every_predictor_is_read_back_and_its_end_is_recognized(
    predictor: int, image: NDArray[np.uint16]
) -> None:
    codestream = bytes(imagecodecs.jpeg8_encode(image, lossless=True, predictor=predictor, bitspersample=12))
    stream = read_jpeg_stream(codestream)
    assert is_applicable(stream)
    assert ends_together(codestream, stream, image)
    assert np.array_equal(decode(codestream, image), image)


@given(image=hnp.arrays(np.uint16, (6, 7), elements=st.integers(0, 65535)))
@settings(max_examples=50, deadline=None)
def test_16_bit_differences_wrap_around(image: NDArray[np.uint16]) -> None:
    codestream = write_lossless(image[None], precision=16)
    assert ends_together(codestream, read_jpeg_stream(codestream), image)
    assert np.array_equal(decode(codestream, image), image)


def test_the_largest_difference_has_no_bits_of_its_own() -> None:
    # From 0 to 32768: category 16.
    image = np.array([[0, 32768, 0, 32768]], np.uint16)
    assert np.array_equal(decode(write_lossless(image[None], precision=16), image), image)


@given(image=images | flat_images, data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_lossless_image_cut_anywhere_is_refused_or_right(
    image: NDArray[np.uint16], data: st.DataObject
) -> None:
    codestream = write_lossless(image[None], ended=False)
    start = read_jpeg_stream(codestream).scans[0].segments[0][0]
    at = data.draw(st.integers(start, len(codestream) - 1))
    try:
        found = decode(codestream[:at] + data.draw(st.sampled_from([b"", b"\xff\xd9"])), image)
    except DamagedDataError:
        return
    # A last byte of ones only may be all filling.
    assert np.array_equal(found, image)


def test_what_follows_the_image_is_noticed() -> None:
    codestream = write_lossless(NOISE[None])
    with pytest.raises(DamagedDataError, match="goes on after the image"):
        decode(codestream[:-2] + b"\x12\x34\x56" + codestream[-2:], NOISE)


@pytest.mark.parametrize("rows_an_interval", [1, 5, 24])
@pytest.mark.parametrize("ended", [True, False])
def test_restart_markers(rows_an_interval: int, ended: bool) -> None:
    codestream = write_lossless(NOISE[None], rows_an_interval=rows_an_interval, ended=ended)
    assert np.array_equal(decode(codestream, NOISE), NOISE)


def test_a_restart_marker_behind_the_last_interval_is_no_harm() -> None:
    codestream = write_lossless(NOISE[None], rows_an_interval=12)
    assert np.array_equal(decode(codestream[:-2] + b"\xff\xd1\xff\xd9", NOISE), NOISE)


def test_every_restart_interval_is_looked_at() -> None:
    codestream = write_lossless(NOISE[None], rows_an_interval=4)
    for first, last in read_jpeg_stream(codestream).scans[0].segments:
        with pytest.raises(DamagedDataError, match=ENDS_EARLY):
            decode(codestream[: last - 4] + codestream[last:], NOISE)
        with pytest.raises(DamagedDataError, match=r"\d of 6 restart intervals"):
            decode(codestream[: first - 2] + codestream[last:], NOISE)


def test_a_component_without_data_is_missed() -> None:
    planes = np.stack([NOISE, NOISE // 2, NOISE // 3])
    whole = write_lossless(planes)
    check_jpeg(whole, 24, 40, 3)
    stream = read_jpeg_stream(whole)
    with pytest.raises(DamagedDataError, match="1 of 3 components have no data"):
        check_jpeg(whole[: stream.scans[1].segments[0][1]] + b"\xff\xd9", 24, 40, 3)
    second = stream.scans[1].segments[0]
    with pytest.raises(DamagedDataError, match=ENDS_EARLY):
        check_jpeg(whole[: second[1] - 9] + whole[second[1] :], 24, 40, 3)


@pytest.mark.parametrize("mode", ["baseline", "subsampled", "extended", "jpeg-ls"])
def test_other_processes_cut_short(mode: str) -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (48, 40, 3)).astype(np.uint8)
    if mode in ("baseline", "subsampled"):
        ratio = "420" if mode == "subsampled" else "444"
        codestream, samples = bytes(imagecodecs.jpeg8_encode(rgb, level=90, subsampling=ratio)), 3
    elif mode == "extended":
        codestream, samples = bytes(imagecodecs.jpeg8_encode(NOISE, level=100, bitspersample=12)), 1
    else:
        codestream, samples = bytes(imagecodecs.jpegls_encode(NOISE)), 1
    rows, columns = (48, 40) if samples == 3 else NOISE.shape
    decode_jpeg(codestream, rows, columns, samples)
    for cut in (3, 10, len(codestream) // 3):
        with pytest.raises((DamagedDataError, imagecodecs.JpeglsError)):
            decode_jpeg(codestream[: -2 - cut] + b"\xff\xd9", rows, columns, samples)


@pytest.mark.parametrize(
    ("rows", "columns", "samples"), [(25, 40, 1), (24, 41, 1), (24, 40, 3), (60000, 60000, 1)]
)
def test_another_size_is_refused_before_anything_is_decoded(rows: int, columns: int, samples: int) -> None:
    for codestream in (write_lossless(NOISE[None]), bytes(imagecodecs.jpegls_encode(NOISE))):
        with pytest.raises(DamagedDataError, match=r"40 x 24 px of 1 samples, the header says"):
            decode_jpeg(codestream, rows, columns, samples)
