from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dicom_factory import compressed, make_slice, to_bytes, write
from header_reader import read_headers
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import MPEG4HP41, RLELossless

from ichviewer.dicom import compare
from ichviewer.dicom.compare import Doubles, ImageComparison
from ichviewer.dicom.decode import read_slice
from ichviewer.dicom.header import SliceHeader
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import DecodeError


def headers(path: Path) -> tuple[SliceHeader, ...]:
    with path.open("rb") as stream:
        return read_headers(stream, SliceSource(path), path.stat().st_size)


def header(path: Path) -> SliceHeader:
    (one,) = headers(path)
    return one


def names(found: list[SliceHeader | None]) -> list[str | None]:
    return [None if one is None else one.info.source.path.name for one in found]


def video() -> FileDataset:
    ds = make_slice()
    ds.PixelData = encapsulate([b"\0\0\0\1" * 100])
    ds.file_meta.TransferSyntaxUID = MPEG4HP41
    return ds


@pytest.mark.parametrize(
    ("ds", "same"),
    [
        (compressed(make_slice(), RLELossless), True),
        (make_slice(description="copy"), True),
        (make_slice(hu=np.zeros((16, 16))), False),
        (make_slice(slope=2.0, stored=make_slice().pixel_array), False),
        (video(), False),
    ],
)
def test_what_counts_as_the_same_image(tmp_path: Path, ds: FileDataset, same: bool) -> None:
    first = header(write(tmp_path / "a", make_slice()))
    doubles = Doubles(ImageComparison())
    assert doubles.add(first) is None
    assert doubles.add(header(write(tmp_path / "b", ds))) is (first if same else None)


def test_a_cut_file_is_not_the_same_image(tmp_path: Path) -> None:
    whole = to_bytes(make_slice())
    doubles = Doubles(ImageComparison())
    found = [
        doubles.add(header(write(tmp_path / f"{cut}", make_slice(), keep_bytes=len(whole) - cut)))
        for cut in (0, 40, 0)
    ]
    assert names(found) == [None, None, "0"]


def test_each_file_is_read_and_each_slice_decoded_once(tmp_path: Path) -> None:
    # Three images, ten copies of each with another description, and each file twice.
    paths = [
        write(tmp_path / f"{i} {j} {k}", make_slice(hu=np.full((16, 16), i), description=f"{j}"))
        for k in range(2)
        for j in range(10)
        for i in range(3)
    ]
    decoded: list[SliceSource] = []

    def read(info: SliceInfo) -> DecodedSlice:
        decoded.append(info.source)
        return read_slice(info)

    doubles = Doubles(ImageComparison(read))
    found = [doubles.add(header(path)) for path in paths]
    assert names(found) == [None] * 3 + [f"{i} 0 0" for _ in range(19) for i in range(3)]
    assert len(decoded) == len(set(decoded)) == 30


def test_a_slice_that_cannot_be_decoded_is_no_double_unless_its_bytes_are(tmp_path: Path) -> None:
    def dead(info: SliceInfo) -> DecodedSlice:
        raise DecodeError("the decoder died", str(info.source))

    doubles = Doubles(ImageComparison(dead))
    paths = [write(tmp_path / name, make_slice(description=name[0])) for name in ("a", "b", "b2", "c")]
    assert names([doubles.add(header(path)) for path in paths]) == [None, None, "b", None]


def test_nothing_is_read_for_one_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "bytes_digest", None)
    monkeypatch.setattr(compare, "read_slice", None)
    assert Doubles(ImageComparison()).add(header(write(tmp_path / "a", make_slice()))) is None


def test_files_with_the_same_bytes_are_read_once_and_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = np.arange(5 * 64, dtype=np.uint16).reshape(5, 8, 8)
    one, two = (headers(write(tmp_path / name, make_slice(stored=stored))) for name in "ab")
    read: list[SliceSource] = []
    real = compare.bytes_digest

    def bytes_digest(source: SliceSource, most: int) -> tuple[int, bytes | None]:
        read.append(source)
        return real(source, most)

    monkeypatch.setattr(compare, "bytes_digest", bytes_digest)
    monkeypatch.setattr(compare, "read_slice", None)
    comparison = ImageComparison()
    for a, b in zip(one, two, strict=True):
        doubles = Doubles(comparison)
        assert doubles.add(a) is None
        assert doubles.add(b) is a
    assert [source.path.name for source in read] == ["a", "b"]


def test_what_its_file_could_not_hold_is_not_decoded(tmp_path: Path) -> None:
    paths = []
    for name in "ab":
        ds = make_slice(description=name)
        ds.Rows = ds.Columns = 4096
        paths.append(write(tmp_path / name, ds))

    def never(info: SliceInfo) -> DecodedSlice:
        raise AssertionError("decoded")

    doubles = Doubles(ImageComparison(never))
    assert names([doubles.add(header(path)) for path in paths]) == [None, None]
