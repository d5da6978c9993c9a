"""Small files that claim to be large: limits come before memory, and nothing hangs."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from dicom_factory import compressed, make_slice, to_bytes, write
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, get_frame

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import DecodedSlice, read_slice
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import DecodeError, IchViewerError
from ichviewer.services.self_test import SYNTAXES

TINY = (np.arange(256, dtype=np.uint16) * 3).reshape(16, 16)
MOST_MEMORY = 30_000_000
FRAME_HEADERS = {
    "JPEGBaseline8Bit": 0xC0,
    "JPEGExtended12Bit": 0xC1,
    "JPEGLossless": 0xC3,
    "JPEGLosslessSV1": 0xC3,
}


def encoded(name: str, stored: NDArray[np.unsignedinteger] = TINY) -> FileDataset:
    if name == "JPEGBaseline8Bit":
        stored = (stored >> 4).astype(np.uint8)
    ds = make_slice(stored=stored, bits_stored=8 if stored.dtype == np.uint8 else 12)
    if name in ("JPEGBaseline8Bit", "JPEGLossless"):
        encode = imagecodecs.jpeg8_encode if stored.dtype == np.uint8 else imagecodecs.ljpeg_encode
        return with_frame(ds, bytes(encode(stored)), name)
    return compressed(ds, getattr(uid, name))


def with_frame(ds: FileDataset, frame: bytes, name: str) -> FileDataset:
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = getattr(uid, name)
    return ds


def within_bounds(path: Path) -> DecodedSlice | Problem | IchViewerError:
    """What becomes of the first slice of a file, or why there is none; fails where it takes much memory."""
    read_slice_of(write(path.with_name("warm"), make_slice()))
    tracemalloc.start()
    try:
        found = read_slice_of(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
    return found


def read_slice_of(path: Path) -> DecodedSlice | Problem | IchViewerError:
    catalog = read_catalog([path])
    if not catalog.series:
        (problem,) = catalog.problems
        return problem
    try:
        return read_slice(catalog.series[0].slices[0])
    except IchViewerError as error:
        return error


@pytest.mark.parametrize("name", SYNTAXES)
@pytest.mark.parametrize("size", [65535, 5000])
def test_a_header_of_many_rows_takes_no_memory(tmp_path: Path, name: str, size: int) -> None:
    ds = encoded(name)
    ds.Rows = ds.Columns = size
    found = within_bounds(write(tmp_path / "a", ds))
    assert isinstance(found, DecodeError)
    assert found.where == str(tmp_path / "a")
    assert f"{size} x {size} px" in found.found or f"0 of {size} rows" in found.found


@pytest.mark.parametrize("name", FRAME_HEADERS)
def test_a_codestream_that_agrees_takes_none_either(tmp_path: Path, name: str) -> None:
    ds = encoded(name)
    frame = bytearray(get_frame(ds.PixelData, 0))
    at = frame.index(bytes([0xFF, FRAME_HEADERS[name]]))
    frame[at + 5 : at + 9] = struct.pack(">HH", 5000, 5000)
    ds.Rows = ds.Columns = 5000
    found = within_bounds(write(tmp_path / "a", with_frame(ds, bytes(frame), name)))
    assert isinstance(found, DecodeError)
    assert "too small for its image" in found.what


def test_an_empty_image_of_usual_size_may_be_a_few_bytes(tmp_path: Path) -> None:
    blank = np.zeros((2048, 2048), np.uint16)
    frame = bytes(imagecodecs.jpegls_encode(blank))
    assert len(frame) < blank.size / 2000
    found = read_slice_of(
        write(tmp_path / "a", with_frame(make_slice(stored=blank), frame, "JPEGLSLossless"))
    )
    assert isinstance(found, DecodedSlice)
    assert np.array_equal(found.image.stored, blank)


@pytest.mark.parametrize("name", ["ExplicitVRLittleEndian", "JPEGLosslessSV1", "RLELossless"])
@pytest.mark.parametrize("frames", [300_000, 2**31 - 1])
def test_absurd_numbers_of_frames(tmp_path: Path, name: str, frames: int) -> None:
    ds = encoded(name)
    ds.NumberOfFrames = frames
    path = write(tmp_path / "a", ds)
    assert isinstance(within_bounds(path), DecodedSlice)
    with pytest.raises(DecodeError):
        read_slice(SliceInfo(SliceSource(path, frame=frames - 1), ds.SOPInstanceUID, 16, 16))


def test_a_run_length_that_never_ends(tmp_path: Path) -> None:
    segment = b"\x81\x00" * 500_000
    frame = struct.pack("<16L", 2, 64, 64 + len(segment), *[0] * 13) + 2 * segment
    found = within_bounds(write(tmp_path / "a", with_frame(encoded("RLELossless"), frame, "RLELossless")))
    assert isinstance(found, DecodeError)
    assert "1,000,000 bytes for 256 pixels" in found.found


def test_fragments_without_end(tmp_path: Path) -> None:
    data = to_bytes(encoded("JPEGLosslessSV1"))
    at = data.index(b"\xfe\xff\x00\xe0", data.index(b"\xe0\x7f\x10\x00"))
    (tmp_path / "a").write_bytes(data[:at] + b"\xfe\xff\x00\xe0\0\0\0\0" * 1_000_000)
    found = read_slice_of(tmp_path / "a")
    assert isinstance(found, DecodeError)
    assert "more than 333,333 fragments" in found.found


@pytest.mark.parametrize("depth", [500, 100_000])
@pytest.mark.parametrize("tag", [b"\x08\x00\x40\x11", b"\x00\x52\x29\x92"], ids=["skipped", "wanted"])
def test_sequences_nested_without_end(tmp_path: Path, depth: int, tag: bytes) -> None:
    data = to_bytes(make_slice())
    at = data.index(b"\xe0\x7f\x10\x00")
    undefined = b"\xff\xff\xff\xff"
    nested = (tag + b"SQ\0\0" + undefined + b"\xfe\xff\x00\xe0" + undefined) * depth
    (tmp_path / "a").write_bytes(data[:at] + nested + data[at:])
    found = within_bounds(tmp_path / "a")
    assert isinstance(found, Problem)
    assert found.code is ProblemCode.UNREADABLE_FILE


@pytest.mark.parametrize("samples", [2, 65535])
def test_samples_that_no_image_has(tmp_path: Path, samples: int) -> None:
    ds = make_slice()
    ds.SamplesPerPixel = samples
    found = within_bounds(write(tmp_path / "a", ds))
    assert isinstance(found, DecodeError)
    assert f"{samples} samples" in found.found


def test_a_color_image_larger_than_any_screen_is_refused(tmp_path: Path) -> None:
    ds = make_slice(stored=np.zeros((2, 2, 3), np.uint8))
    ds.Rows, ds.Columns = 4000, 3000
    found = within_bounds(write(tmp_path / "a", ds))
    assert isinstance(found, DecodeError)
    assert "3000 x 4000 px, 3 samples" in found.found


@pytest.mark.parametrize("name", ["ExtendedOffsetTable", "BasicOffsetTable"])
def test_offset_tables_that_point_anywhere(tmp_path: Path, name: str) -> None:
    ds = encoded("JPEGLosslessSV1")
    data = to_bytes(ds)
    if name == "ExtendedOffsetTable":
        ds.ExtendedOffsetTable = struct.pack("<Q", 0)
        ds.ExtendedOffsetTableLengths = struct.pack("<Q", 1 << 40)
        data = to_bytes(ds)
    else:
        at = data.index(b"\xfe\xff\x00\xe0", data.index(b"\xe0\x7f\x10\x00"))
        data = data[: at + 4] + struct.pack("<L", 0xFFFFFFF0) + data[at + 8 :]
    (tmp_path / "a").write_bytes(data)
    found = within_bounds(tmp_path / "a")
    # A length too long reads on behind the frame, where its own end marker has ended it.
    assert isinstance(found, DecodeError) or np.array_equal(found.image.stored, TINY)


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"RescaleSlope": "50"}, [ProblemCode.IMPLAUSIBLE_VALUE]),
        ({"RescaleSlope": "1e30", "modality": "MR"}, []),
        ({"RescaleSlope": "1e30", "image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")}, []),
        ({}, []),
    ],
)
def test_hu_that_no_scanner_gives_are_a_problem_of_the_slice(
    tmp_path: Path, options: dict[str, object], codes: list[ProblemCode]
) -> None:
    (info,) = read_catalog([write(tmp_path / "a", make_slice(**options))]).series[0].slices
    found = [
        p for p in (*info.problems, *read_slice(info).problems) if p.code is ProblemCode.IMPLAUSIBLE_VALUE
    ]
    assert [p.code for p in found] == codes
    assert all(p.where == str(tmp_path / "a") and "of the pixels are above" in p.found for p in found)
