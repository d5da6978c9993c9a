from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from dicom_factory import write_series, write_zip
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.dicom.source import MemberStream, bytes_digest, open_source
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
