from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from dicom_factory import write_series, write_zip
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.dicom import source
from ichviewer.dicom.source import HeaderStream, MemberStream, bytes_digest, open_source
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

DATA = bytes(range(256)) * 700

moves = st.lists(
    st.tuples(st.sampled_from(["read", "seek", "skip", "end"]), st.integers(0, 200_000)), max_size=12
)


@given(moves)
def test_a_member_stream_is_like_a_file(steps: list[tuple[str, int]]) -> None:
    ours, theirs = MemberStream(io.BytesIO(DATA), len(DATA)), io.BytesIO(DATA)
    for step, n in steps:
        for stream in (ours, theirs):
            if step == "seek":
                stream.seek(n)
            elif step == "skip":
                stream.seek(n, io.SEEK_CUR)
            elif step == "end":
                stream.seek(-min(n, 1000), io.SEEK_END)
        if step == "read":
            assert ours.read(n) == theirs.read(n)
        assert ours.tell() == theirs.tell()
    assert ours.read() == theirs.read()


def test_only_what_is_asked_for_is_decompressed() -> None:
    inner = io.BytesIO(DATA)
    assert MemberStream(inner, len(DATA)).read(10) == DATA[:10]
    assert inner.tell() < len(DATA)


def test_files_that_are_not_there_say_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"), open_source(SliceSource(tmp_path / "no")):
        pass
    archive = write_zip(tmp_path / "a.zip", write_series(tmp_path / "a", n=1), tmp_path)
    with (
        pytest.raises(ReadError, match=r"a\.zip!gone: .* not there"),
        open_source(SliceSource(archive, "gone")),
    ):
        pass


def test_comparing_across_archives(tmp_path: Path) -> None:
    first, second = write_series(tmp_path / "a", n=2)
    archive = write_zip(tmp_path / "a.zip", [first], tmp_path / "a")
    member = bytes_digest(SliceSource(archive, first.name), 1 << 20)
    assert member == bytes_digest(SliceSource(first), 1 << 20)
    assert member[0] == first.stat().st_size
    assert member != bytes_digest(SliceSource(second), 1 << 20)
    assert bytes_digest(SliceSource(first), 100) == (0, None)


def test_a_member_with_a_wrong_checksum_is_a_read_error(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x", b"y" * 1000)
    path.write_bytes(path.read_bytes().replace(b"yyyyyyyyyy", b"yyyzyyyyyy", 1))
    with pytest.raises(ReadError, match="CRC"):
        bytes_digest(SliceSource(path, "x"), 1 << 20)


def test_only_the_start_of_a_member_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "KEPT_BYTES", 1000)
    stream = MemberStream(io.BytesIO(DATA), len(DATA))
    for at, n in ((0, 5000), (100_000, 10), (999, 2), (50, 100), (len(DATA) - 5, 50), (5000, 5000), (0, 10)):
        stream.seek(at)
        assert stream.read(n) == DATA[at : at + n]
    assert len(stream._kept) == 1000


def test_the_end_of_a_member_is_known_without_reading_it() -> None:
    inner = io.BytesIO(DATA)
    assert MemberStream(inner, len(DATA)).seek(-10, io.SEEK_END) == len(DATA) - 10
    assert inner.tell() == 0
    assert MemberStream(inner).seek(0, io.SEEK_END) == len(DATA)


def test_what_decompresses_to_too_much_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(40 << 20))
        archive.writestr("images", random.Random(1).randbytes(1 << 20) * 20 + b"end")
    with open_source(SliceSource(path, "bomb")) as stream:
        assert stream.read(256) == bytes(256)
        stream.seek(30 << 20)
        with pytest.raises(ReadError, match=r"bomb: .* 41,943,040 bytes, more than 200 times"):
            stream.read(1)
    with open_source(SliceSource(path, "images")) as stream:
        stream.seek(-3, io.SEEK_END)
        assert stream.read() == b"end"


def test_a_member_that_is_shorter_than_it_claims_is_a_read_error(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", DATA)
    data = path.read_bytes()
    real, claimed = (n.to_bytes(4, "little") for n in (len(DATA), len(DATA) + 100))
    path.write_bytes(data.replace(real, claimed))
    number, digest = bytes_digest(SliceSource(path, "x"), 1 << 20)
    assert number == len(DATA)
    assert digest is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_took_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="not a regular file"), open_source(SliceSource(tmp_path / "pipe")):
        pass
    with pytest.raises(ReadError, match="not a regular file"), open_source(SliceSource(tmp_path)):
        pass


def test_a_header_reads_so_much_and_no_more() -> None:
    stream = HeaderStream(io.BytesIO(bytes(10)), "a file")
    assert stream.read(4) == bytes(4)
    assert stream.tell() == 4
    stream.seek(8)
    assert stream.read() == bytes(2)
    with pytest.raises(ReadError, match="too many elements"):
        for _ in range(1_000_000):
            stream.read(8)
