from __future__ import annotations

import io
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pydicom
import pytest
from dicom_factory import compressed, make_slice, to_bytes
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.inflate import InflatedStream, deflated_start
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import ReadError

CONTENT = np.random.default_rng(0).integers(0, 256, 200_000).astype(np.uint8).tobytes()
MEGABYTE = bytes(1 << 20)
PIXEL_DATA = b"\xe0\x7f\x10\x00OW\x00\x00"


def deflated(content: bytes, megabytes: int = 0) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return b"".join(
        [packer.compress(content), *(packer.compress(MEGABYTE) for _ in range(megabytes)), packer.flush()]
    )


def stream_of(packed: bytes, most: int = 1 << 20, origin: int = 0) -> InflatedStream:
    return InflatedStream(io.BytesIO(b"meta" + packed), 4, "a file", most, origin)


def test_reading_and_moving() -> None:
    stream = stream_of(deflated(CONTENT))
    assert stream.read(10) == CONTENT[:10]
    assert stream.seek(150_000) == 150_000
    assert stream.read(3) == CONTENT[150_000:150_003]
    assert stream.seek(-100_003, io.SEEK_CUR) == 50_000
    assert stream.read(70_000) == CONTENT[50_000:120_000]
    assert stream.tell() == 120_000
    assert stream.read() == CONTENT[120_000:]
    assert (stream.read(1), stream.is_cut) == (b"", False)
    stream.seek(10**9)
    assert stream.read(1) == b""
    with pytest.raises(io.UnsupportedOperation):
        stream.seek(0, io.SEEK_END)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 3000)), max_size=30))
def test_any_moves_and_reads_give_the_very_bytes(moves: list[tuple[int, int]]) -> None:
    content = CONTENT[:4096]
    stream, plain = stream_of(deflated(content)), io.BytesIO(content)
    for place, size in moves:
        assert stream.seek(place) == plain.seek(place)
        assert stream.read(size) == plain.read(size)
        assert stream.tell() == plain.tell()


class Counting(io.BytesIO):
    """Counts the bytes that are read."""

    n_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.n_read += len(found)
        return found


def test_going_back_a_little_after_each_part_inflates_nothing_twice() -> None:
    packed = deflated(CONTENT)
    file = Counting(packed)
    stream = InflatedStream(file, 0, "a file", 1 << 20)
    found = stream.read(8192)
    while part := stream.read(8192):
        stream.seek(-7, io.SEEK_CUR)
        found += part
        assert stream.read(7) == found[-7:]
    assert found == CONTENT
    assert file.n_read == len(packed)


def test_positions_count_from_the_origin() -> None:
    stream = stream_of(deflated(CONTENT), origin=1000)
    assert stream.read(4) == CONTENT[1000:1004]
    assert stream.tell() == 4
    assert stream.seek(2) == 2
    assert stream.read(4) == CONTENT[1002:1006]


def test_a_cut_part_is_read_as_far_as_it_goes() -> None:
    stream = stream_of(deflated(CONTENT)[:100_000])
    found = stream.read()
    assert 90_000 < len(found) < 110_000
    assert found == CONTENT[: len(found)]
    assert stream.is_cut


def test_damage_is_an_error() -> None:
    with pytest.raises(zlib.error):
        stream_of(b"\xff" * 100).read(1)


def test_no_more_than_allowed_is_inflated() -> None:
    stream = stream_of(deflated(CONTENT), most=100_000)
    stream.read(100_000)
    with pytest.raises(ReadError, match=r"too large\. Found: more than 100,000 bytes"):
        stream.read(1)


def test_only_a_deflated_file_is_taken_for_one() -> None:
    data = to_bytes(compressed(make_slice(), DeflatedExplicitVRLittleEndian))
    start = deflated_start(io.BytesIO(data))
    assert start is not None
    assert zlib.decompress(data[start:], -zlib.MAX_WBITS).startswith(b"\x08\x00\x05\x00CS")
    assert deflated_start(io.BytesIO(to_bytes(make_slice()))) is None
    named = make_slice(PatientComments=DeflatedExplicitVRLittleEndian)
    assert deflated_start(io.BytesIO(to_bytes(named))) is None
    assert ExplicitVRLittleEndian in DeflatedExplicitVRLittleEndian


def bomb(path: Path, before: bytes, megabytes: int) -> Path:
    """A deflated file of a few kilobytes whose header is followed by ``before`` and megabytes of zeros."""
    data = to_bytes(compressed(make_slice(), DeflatedExplicitVRLittleEndian))
    start = deflated_start(io.BytesIO(data)) or 0
    inner = zlib.decompress(data[start:], -zlib.MAX_WBITS)
    path.write_bytes(data[:start] + deflated(inner[: inner.index(PIXEL_DATA)] + before, megabytes))
    return path


@pytest.mark.parametrize(
    "before",
    [
        b"\x28\x00\x06\x30OW\x00\x00\xf0\xff\xff\xff",  # an element that is wanted
        b"\x09\x00\x10\x00UN\x00\x00\xf0\xff\xff\xff",  # one that is skipped
        b"\x09\x00\x10\x00OB\x00\x00\xff\xff\xff\xff",  # one without a length
    ],
)
def test_a_header_that_inflates_without_end_is_given_up(tmp_path: Path, before: bytes) -> None:
    path = bomb(tmp_path / "bomb", before, 100)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    catalog = read_catalog([path])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000
    (problem,) = catalog.problems
    assert problem.code is ProblemCode.UNREADABLE_FILE
    assert "too large" in problem.found or "inside an element" in problem.found


def test_of_endless_pixels_only_the_frame_is_inflated(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb", PIXEL_DATA + b"\xf0\xff\xff\xff", 80)
    tracemalloc.start()
    (info,) = read_catalog([path]).series[0].slices
    assert (read_slice(info).image.stored == 0).all()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_frame_too_far_inside_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ichviewer.dicom.parse.MOST_PIXEL_BYTES", 50 << 20)
    path = bomb(tmp_path / "bomb", PIXEL_DATA + b"\xf0\xff\xff\xff", 80)
    with pytest.raises(ReadError, match="more than 52,428,800 bytes"):
        read_slice(SliceInfo(SliceSource(path, frame=200_000), pydicom.dcmread(path).SOPInstanceUID, 16, 16))
