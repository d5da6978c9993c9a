from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from dicom_factory import write_series, write_zip
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.dicom.source import MemberStream, open_source, same_bytes
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

DATA = bytes(range(256)) * 700

moves = st.lists(
    st.tuples(st.sampled_from(["read", "seek", "skip", "end"]), st.integers(0, 200_000)), max_size=12
)


@given(moves)
def test_a_member_stream_is_like_a_file(steps: list[tuple[str, int]]) -> None:
    ours, theirs = MemberStream(io.BytesIO(DATA)), io.BytesIO(DATA)
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
    assert MemberStream(inner).read(10) == DATA[:10]
    assert inner.tell() < len(DATA)


def test_files_that_are_not_there_say_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"), open_source(SliceSource(tmp_path / "no")):
        pass
    archive = write_zip(tmp_path / "a.zip", write_series(tmp_path / "a", n=1), tmp_path)
    with pytest.raises(ReadError, match=r"a\.zip!gone") as caught, open_source(SliceSource(archive, "gone")):
        pass
    assert "could not be opened" in caught.value.what


def test_comparing_across_archives(tmp_path: Path) -> None:
    first, second = write_series(tmp_path / "a", n=2)
    archive = write_zip(tmp_path / "a.zip", [first], tmp_path / "a")
    assert same_bytes(SliceSource(first), SliceSource(archive, first.name))
    assert not same_bytes(SliceSource(second), SliceSource(archive, first.name))


def test_a_member_with_a_wrong_checksum_is_a_read_error(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x", b"y" * 1000)
    path.write_bytes(path.read_bytes().replace(b"yyyyyyyyyy", b"yyyzyyyyyy", 1))
    plain = tmp_path / "x"
    plain.write_bytes(b"y" * 1000)
    with pytest.raises(ReadError, match="CRC"):
        same_bytes(SliceSource(path, "x"), SliceSource(plain))
