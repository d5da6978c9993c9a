"""Colors: what is shown in color, and its luminance."""

from __future__ import annotations

import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from dicom_factory import compressed, make_slice, write
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless, RLELossless

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.color import ColorFrame
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.errors import DecodeError

PRIMARIES = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)
# 0.299, 0.587 and 0.114 of 255: 76.2, 149.7, 29.1.
LUMINANCE = [[76, 150], [29, 255]]


def decode(tmp_path: Path, ds: FileDataset) -> DecodedSlice:
    return read_slice(read_catalog([write(tmp_path / "a.dcm", ds)]).series[0].slices[0])


def colors(decoded: DecodedSlice) -> NDArray[np.uint8]:
    assert decoded.rgb is not None
    assert decoded.rgb.dtype == np.uint8
    assert not decoded.rgb.flags.writeable
    return decoded.rgb


def encoded(
    syntax: str, frame: bytes, photometric: str, pixels: NDArray[np.uint8] = PRIMARIES
) -> FileDataset:
    ds = make_slice(stored=pixels)
    ds.PhotometricInterpretation = photometric
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = syntax
    return ds


def test_a_grey_image_has_no_colors(tmp_path: Path) -> None:
    assert decode(tmp_path, make_slice()).rgb is None


def test_rgb(tmp_path: Path) -> None:
    decoded = decode(tmp_path, make_slice(stored=PRIMARIES))
    assert np.array_equal(colors(decoded), PRIMARIES)
    assert decoded.image.stored.tolist() == LUMINANCE


def test_rgb_by_plane(tmp_path: Path) -> None:
    ds = make_slice(stored=PRIMARIES)
    ds.PlanarConfiguration = 1
    ds.PixelData = np.moveaxis(PRIMARIES, -1, 0).tobytes()
    assert np.array_equal(colors(decode(tmp_path, ds)), PRIMARIES)


def test_rgb_in_rle(tmp_path: Path) -> None:
    assert np.array_equal(
        colors(decode(tmp_path, compressed(make_slice(stored=PRIMARIES), RLELossless))), PRIMARIES
    )


def test_16_bit_colors_are_scaled(tmp_path: Path) -> None:
    ds = make_slice(stored=PRIMARIES)
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit = 15
    ds.PixelData = (PRIMARIES.astype("<u2") * 257).tobytes()
    assert np.array_equal(colors(decode(tmp_path, ds)), PRIMARIES)


def test_ybr_full(tmp_path: Path) -> None:
    # DICOM PS3.3 C.7.6.3.1.2: pure red is Y 76.2, Cb 84.97, Cr 255.5; grey has Cb and Cr 128.
    ybr = np.array([[[76, 85, 255], [100, 128, 128]]], np.uint8)
    ds = make_slice(stored=ybr, PhotometricInterpretation="YBR_FULL")
    rgb = colors(decode(tmp_path, ds))
    assert np.abs(rgb.astype(int) - [[[255, 0, 0], [100, 100, 100]]]).max() <= 2


@pytest.mark.parametrize("subsampling", ["444", "422"])
def test_ybr_in_jpeg(tmp_path: Path, subsampling: str) -> None:
    pixels = np.repeat(np.repeat(PRIMARIES, 16, 0), 16, 1)
    photometric = "YBR_FULL" if subsampling == "444" else "YBR_FULL_422"
    frame = bytes(imagecodecs.jpeg8_encode(pixels, level=95, subsampling=subsampling))
    rgb = colors(decode(tmp_path, encoded(JPEGBaseline8Bit, frame, photometric, pixels)))
    assert np.abs(rgb.astype(int) - pixels)[4:12, 4:12].max() <= 4
    cut = encoded(JPEGBaseline8Bit, frame[:-20] + b"\xff\xd9", photometric, pixels)
    with pytest.raises(DecodeError, match="ends before the image is complete"):
        decode(tmp_path, cut)


def test_rgb_in_jpeg_2000_and_jpeg_ls(tmp_path: Path) -> None:
    pixels = np.repeat(np.repeat(PRIMARIES, 8, 0), 8, 1)
    j2k = bytes(imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", resolutions=1, mct=False))
    assert np.array_equal(colors(decode(tmp_path, encoded(JPEG2000Lossless, j2k, "RGB", pixels))), pixels)
    jls = bytes(imagecodecs.jpegls_encode(pixels))
    assert np.array_equal(colors(decode(tmp_path, encoded(JPEGLSLossless, jls, "RGB", pixels))), pixels)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette(tmp_path: Path, bits: int) -> None:
    ds = make_slice(stored=np.array([[0, 1], [2, 3]], np.uint8))
    ds.PhotometricInterpretation = "PALETTE COLOR"
    for color, levels in (("Red", (0, 255, 0, 255)), ("Green", (0, 0, 128, 255)), ("Blue", (0, 0, 0, 255))):
        data = bytes(levels) if bits == 8 else struct.pack("<4H", *(level * 257 for level in levels))
        setattr(ds, f"{color}PaletteColorLookupTableDescriptor", [4, 0, bits])
        setattr(ds, f"{color}PaletteColorLookupTableData", data)
    decoded = decode(tmp_path, ds)
    assert colors(decoded).tolist() == [[[0, 0, 0], [255, 0, 0]], [[0, 128, 0], [255, 255, 255]]]
    # 0.299 * 255 = 76.2, 0.587 * 128 = 75.1
    assert decoded.image.stored.tolist() == [[0, 76], [75, 255]]


def test_a_palette_whose_tables_are_too_short_is_an_error(tmp_path: Path) -> None:
    ds = make_slice(stored=np.array([[0, 1]], np.uint8))
    ds.PhotometricInterpretation = "PALETTE COLOR"
    for color in ("Red", "Green", "Blue"):
        setattr(ds, f"{color}PaletteColorLookupTableDescriptor", [65535, 0, 16])
        setattr(ds, f"{color}PaletteColorLookupTableData", bytes(4))
    with pytest.raises(DecodeError, match="palette could not be applied"):
        decode(tmp_path, ds)


def test_colors_count_as_memory(tmp_path: Path) -> None:
    decoded = decode(tmp_path, make_slice(stored=PRIMARIES))
    # Four pixels of one and of three bytes.
    assert decoded.nbytes == 16


def test_colors_and_luminance_have_one_size() -> None:
    with pytest.raises(ValueError, match="differ in size"):
        ColorFrame(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 3), np.uint8))
