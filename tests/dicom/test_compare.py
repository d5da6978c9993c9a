from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dicom_factory import compressed, make_slice, to_bytes, write
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import MPEG4HP41, RLELossless

from ichviewer.dicom import compare
from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.compare import ImageComparison
from ichviewer.domain.series import SliceInfo, SliceSource


def infos(path: Path) -> tuple[SliceInfo, ...]:
    return read_catalog([path]).series[0].slices


def video() -> FileDataset:
    ds = make_slice()
    ds.PixelData = encapsulate([b"\0\0\0\1" * 100])
    ds.file_meta.TransferSyntaxUID = MPEG4HP41
    return ds


def test_what_counts_as_the_same_image(tmp_path: Path) -> None:
    datasets = {
        "a": make_slice(),
        "recompressed": compressed(make_slice(), RLELossless),
        "described otherwise": make_slice(description="copy"),
        "moved": make_slice(z_mm=5.0),
        "other pixels": make_slice(hu=np.zeros((16, 16))),
        "other rescale": make_slice(slope=2.0, stored=make_slice().pixel_array),
        "undecodable": video(),
    }
    found = {name: infos(write(tmp_path / name, ds))[0] for name, ds in datasets.items()}
    cut = write(tmp_path / "cut short", make_slice(), keep_bytes=len(to_bytes(make_slice())) - 40)
    found["cut short"] = infos(cut)[0]
    same = ImageComparison()
    assert {name: same(found["a"], info) for name, info in found.items()} == {
        "a": True,
        "recompressed": True,
        "described otherwise": True,
        "moved": False,
        "other pixels": False,
        "other rescale": False,
        "undecodable": False,
        "cut short": False,
    }


def test_files_with_the_same_bytes_are_compared_once_and_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = np.arange(5 * 64, dtype=np.uint16).reshape(5, 8, 8)
    one, two = (infos(write(tmp_path / name, make_slice(stored=stored))) for name in "ab")
    calls: list[tuple[SliceSource, SliceSource]] = []
    real = compare.same_bytes

    def same_bytes(a: SliceSource, b: SliceSource) -> bool:
        calls.append((a, b))
        return real(a, b)

    monkeypatch.setattr(compare, "same_bytes", same_bytes)
    monkeypatch.setattr(compare, "read_slice", None)
    same = ImageComparison()
    assert all(same(a, b) for a, b in zip(one, two, strict=True))
    assert len(calls) == 1
