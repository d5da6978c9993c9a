"""Frames that were cut or lost data: never a wrong pixel that is not marked, in any transfer syntax."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from dicom_factory import compressed, make_slice, to_bytes
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, get_frame

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import DecodeError, ReadError
from ichviewer.services.self_test import SYNTAXES

SIZE = 96
PLACES = 20
NATIVE = ("ImplicitVRLittleEndian", "ExplicitVRLittleEndian", "ExplicitVRBigEndian")
DEFLATED = "DeflatedExplicitVRLittleEndian"
COMPRESSED = [name for name in SYNTAXES if name not in (*NATIVE, DEFLATED)]
END_MARKER = b"\xff\xd9"


def head(bits: int) -> NDArray[np.unsignedinteger]:
    """A noisy disk in constant air: in both a decoder that makes things up could go unnoticed."""
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    noise = np.random.default_rng(3).normal(0, 5, (SIZE, SIZE))
    stored = np.where(np.hypot(x, y) < 0.4 * SIZE, 1064 + noise, 24)
    return (stored.astype(np.uint16) >> 4).astype(np.uint8) if bits == 8 else stored.astype(np.uint16)


def encoded(name: str) -> FileDataset:
    bits = 8 if name == "JPEGBaseline8Bit" else 12
    stored = head(bits)
    ds = make_slice(stored=stored, bits_stored=bits)
    if name == "JPEGBaseline8Bit":
        return with_frame(ds, bytes(imagecodecs.jpeg8_encode(stored, level=95)), name)
    if name == "JPEGLossless":
        return with_frame(ds, bytes(imagecodecs.ljpeg_encode(stored, bitspersample=12)), name)
    return compressed(ds, getattr(uid, name))


def with_frame(ds: FileDataset, frame: bytes, name: str) -> FileDataset:
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = getattr(uid, name)
    return ds


def frame_of(ds: FileDataset, name: str) -> bytes:
    frame = bytes(get_frame(ds.PixelData, 0))
    return frame if name == "RLELossless" else frame.rstrip(b"\0")


def places(length: int) -> Iterator[int]:
    """Fifteen places all over, and five near the end, where least is missing."""
    yield from (length * (2 * i + 1) // 30 for i in range(PLACES - 5))
    yield from (length - n for n in (1, 2, 3, 5, 9))


def state(path: Path, data: bytes, whole: NDArray[np.float32]) -> str:
    """What a file comes to: failed, marked as cut with the rows read all right, whole, or wrong in silence."""
    path.write_bytes(data)
    series = read_catalog([path]).series
    if not series:
        return "failed"
    try:
        decoded = read_slice(series[0].slices[0])
    except (DecodeError, ReadError) as error:
        assert error.where == str(path)
        return "failed"
    hu = decoded.image.hu()
    if any(p.code is ProblemCode.TRUNCATED_PIXEL_DATA for p in decoded.problems):
        rows = decoded.image.rows_read
        return "marked" if rows is not None and np.array_equal(hu[:rows], whole[:rows]) else "WRONG"
    return "whole" if np.array_equal(hu, whole) else "WRONG"


def whole_hu(path: Path, ds: FileDataset) -> NDArray[np.float32]:
    path.write_bytes(to_bytes(ds))
    decoded = read_slice(read_catalog([path]).series[0].slices[0])
    assert decoded.problems == ()
    return decoded.image.hu()


@pytest.mark.parametrize("name", COMPRESSED)
def test_a_file_cut_within_a_compressed_frame_fails(tmp_path: Path, name: str) -> None:
    ds = encoded(name)
    whole, data, frame = whole_hu(tmp_path / "a", ds), to_bytes(ds), frame_of(ds, name)
    start = data.rindex(frame)
    states = [state(tmp_path / "a", data[: start + at], whole) for at in places(len(frame) - len(END_MARKER))]
    assert states == ["failed"] * PLACES


@pytest.mark.parametrize("name", COMPRESSED)
@pytest.mark.parametrize("ending", [b"", END_MARKER], ids=["open", "ended"])
def test_a_frame_cut_and_wrapped_anew_fails(tmp_path: Path, name: str, ending: bytes) -> None:
    ds = encoded(name)
    whole, frame = whole_hu(tmp_path / "a", ds), frame_of(ds, name)
    has_end = frame.endswith(END_MARKER)
    content = len(frame) - len(END_MARKER) * has_end
    # In RLE, the zero that makes a length even would stand for a last byte that was cut off.
    step = 2 if name == "RLELossless" else 1
    for at in (place // step * step for place in places(content)):
        cut = with_frame(ds, frame[:at] + ending, name)
        found = state(tmp_path / "a", to_bytes(cut), whole)
        # The last byte may be padding.
        assert found == "failed" or (found == "whole" and content - at == 1), (at, content)


@pytest.mark.parametrize("name", ["JPEGLossless", "JPEGLosslessSV1", "RLELossless"])
def test_a_frame_with_a_hole_fails(tmp_path: Path, name: str) -> None:
    ds = encoded(name)
    whole, frame = whole_hu(tmp_path / "a", ds), frame_of(ds, name)
    first, last = len(frame) // 4, len(frame) - 80
    for i in range(PLACES):
        at = first + (last - first) * i // PLACES
        lacking = with_frame(ds, frame[:at] + frame[at + 60 :], name)
        assert state(tmp_path / "a", to_bytes(lacking), whole) == "failed", at


@pytest.mark.parametrize("name", ["JPEGLossless", "JPEGLosslessSV1"])
def test_a_lossless_frame_overwritten_with_zeros_fails(tmp_path: Path, name: str) -> None:
    ds = encoded(name)
    whole, frame = whole_hu(tmp_path / "a", ds), frame_of(ds, name)
    first, last = len(frame) // 4, len(frame) - 80
    for i in range(PLACES):
        at = first + (last - first) * i // PLACES
        lacking = with_frame(ds, frame[:at] + bytes(60) + frame[at + 60 :], name)
        assert state(tmp_path / "a", to_bytes(lacking), whole) == "failed", at


@pytest.mark.parametrize("name", NATIVE)
def test_uncompressed_pixels_cut_anywhere_are_marked(tmp_path: Path, name: str) -> None:
    ds = encoded(name)
    whole, pixels, data = whole_hu(tmp_path / "a", ds), ds.PixelData, to_bytes(ds)
    start = data.rindex(pixels)
    for at in places(len(pixels)):
        expected = "failed" if at < 2 * SIZE else "marked"
        assert state(tmp_path / "a", data[: start + at], whole) == expected
        ds.PixelData = pixels[: at // 2 * 2]
        assert state(tmp_path / "a", to_bytes(ds), whole) == expected


def test_a_deflated_file_cut_anywhere_fails_or_is_marked(tmp_path: Path) -> None:
    ds = encoded(DEFLATED)
    whole, data = whole_hu(tmp_path / "a", ds), to_bytes(ds)
    states = [state(tmp_path / "a", data[:at], whole) for at in places(len(data))]
    # The last bytes only say that this is the end.
    assert set(states[:15]) == {"failed", "marked"}
    assert "WRONG" not in states


def test_a_damaged_deflated_file_fails(tmp_path: Path) -> None:
    ds = encoded(DEFLATED)
    whole, data = whole_hu(tmp_path / "a", ds), to_bytes(ds)
    # A stored block whose length does not agree with its complement (RFC 1951 section 3.2.4).
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    flushed = packer.compress(bytes(range(256))) + packer.flush(zlib.Z_FULL_FLUSH)
    damaged = data[: len(data) // 2] + flushed + b"\x01\x05\x00\x00\x00"
    assert state(tmp_path / "a", damaged, whole) in ("failed", "marked")


@pytest.mark.parametrize("name", [n for n in COMPRESSED if n != "RLELossless"])
def test_what_writers_do_to_whole_frames_is_read(tmp_path: Path, name: str) -> None:
    ds = encoded(name)
    whole, frame = whole_hu(tmp_path / "a", ds), frame_of(ds, name)
    assert frame.endswith(END_MARKER)
    for written in (
        frame[:-2],  # no end marker
        frame[:-2] + b"\0",  # none, and padded
        frame + b"\0" * 9,  # padded more than needed
        frame + b"\xff",  # padded with fill bytes
    ):
        # Without the marker, a zero that is data cannot be told from one in the place of data that was lost.
        doubtful = END_MARKER not in written and frame[:-2].endswith(b"\0")
        found = state(tmp_path / "a", to_bytes(with_frame(ds, written, name)), whole)
        assert found == ("failed" if doubtful else "whole")
    ds.PixelData = encapsulate([frame], fragments_per_frame=5)
    assert state(tmp_path / "a", to_bytes(ds), whole) == "whole"
