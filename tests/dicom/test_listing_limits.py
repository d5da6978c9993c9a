"""Listing takes time and memory by what files hold, never by what they claim.

Each case is listed in a process of its own, whose processor time and peak memory are measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_factory import compressed, make_enhanced, make_slice, set_raw, to_bytes, write, write_dicomdir
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import JPEG2000Lossless

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")

# Measured: 5 s and 230 MB at most on a quiet machine of 2026; the processor may be slower or shared.
_MOST_SECONDS = 15
_MOST_MB = 350

_LIST = """
import json, sys, time
from collections import Counter
from pathlib import Path
from ichviewer.dicom.catalog import read_catalog
catalog = read_catalog([Path(sys.argv[1])], on_partial=lambda catalog: None)
print(json.dumps({
    "seconds": time.process_time(),
    # Of this process alone: what `getrusage` tells counts the parent's memory at the fork as well.
    "mb": int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024,
    "slices": sum(len(series) for series in catalog.series),
    "series": len(catalog.series),
    "problems": Counter(problem.code.value for problem in catalog.problems),
}))
"""


def listed(path: Path) -> dict[str, Any]:
    """What listing a path gave; fails where it took too long or too much memory."""
    done = subprocess.run(
        [sys.executable, "-c", _LIST, str(path)], capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["seconds"] < _MOST_SECONDS
    assert found["mb"] < _MOST_MB
    return found


def with_length(ds: Any, length: int) -> bytes:
    """The file of a data set whose pixels, its last element, claim to be longer than they are."""
    data = bytearray(to_bytes(ds))
    at = len(data) - len(ds.PixelData) - 4
    data[at : at + 4] = length.to_bytes(4, "little")
    return bytes(data)


def split_at_data_set(element: bytes, **options: Any) -> tuple[bytes, bytes]:
    """A file's bytes up to its data set and one more element in explicit little endian, and those behind it."""
    data = to_bytes(make_slice(**options))
    at = data.index(b"\x08\x00\x05\x00CS" if "SpecificCharacterSet" not in options else b"\x08\x00\x08\x00CS")
    return data[:at] + element, data[at:]


@pytest.mark.parametrize("claimed", ["300000", "4000000000"])
@pytest.mark.parametrize("pixels", [16, 1])
def test_small_files_that_claim_many_frames(tmp_path: Path, claimed: str, pixels: int) -> None:
    ds = make_slice(rows=pixels, columns=pixels)
    set_raw(ds, "NumberOfFrames", claimed)
    (tmp_path / "a").write_bytes(with_length(ds, 0xFFFFFFF0))
    set_raw(ds, "SOPInstanceUID", "1.2.3")
    write(tmp_path / "b", compressed(ds, JPEG2000Lossless))
    assert 2 <= listed(tmp_path)["slices"] < 300


def test_as_many_frames_as_are_listed_and_more(tmp_path: Path) -> None:
    for name, frames in (("a", 60_000), ("b", 600_000)):
        ds = make_slice(rows=1, columns=1, series=name, NumberOfFrames=frames)
        ds.BitsAllocated = ds.BitsStored = 1
        ds.HighBit, ds.PixelData = 0, bytes(frames // 8)
        write(tmp_path / name, ds)
    found = listed(tmp_path)
    assert (found["slices"], found["problems"]) == (60_000, {"unreadable_file": 1})


def test_files_without_geometry_under_one_uid(tmp_path: Path) -> None:
    for i in range(400):
        ds = make_slice(orientation=None, instance_number=None, hu=np.full((64, 64), i))
        write(tmp_path / f"{i}", ds)
    assert listed(tmp_path)["slices"] == 400


def test_files_of_65535_rows_under_one_uid(tmp_path: Path) -> None:
    for i in range(400):
        ds = make_slice(sop="one", description=f"{i}")
        ds.Rows = 65535
        write(tmp_path / f"{i}", ds)
    assert listed(tmp_path)["slices"] == 400


def test_a_thousand_parts(tmp_path: Path) -> None:
    for i in range(1000):
        mm = 0.3 * 1.0015**i
        write(tmp_path / f"{i}", make_slice(z_mm=i, instance_number=i, pixel_spacing_mm=(mm, mm)))
    assert listed(tmp_path)["series"] == 1000


def test_a_thousand_acquisitions_at_one_place(tmp_path: Path) -> None:
    for i in range(1000):
        write(tmp_path / f"{i}", make_slice(instance_number=i, AcquisitionNumber=i))
    assert listed(tmp_path)["series"] == 1000


def test_directories_that_name_files_which_are_not_there(tmp_path: Path) -> None:
    write_dicomdir(tmp_path / "a" / "b" / "c", [f"A{i % 7}/I{i}" for i in range(20_000)])
    assert listed(tmp_path)["problems"] == {"dangling_dicomdir_entry": 20_000}


def test_a_directory_of_a_folder_of_many_files(tmp_path: Path) -> None:
    for i in range(5000):
        (tmp_path / f"I{i}").touch()
    write_dicomdir(tmp_path, [f"i{i}" for i in range(5000)])
    assert listed(tmp_path)["problems"] == {"not_dicom": 5000}


def zip_bomb(path: Path, start: bytes, zeros_mb: int) -> None:
    """A ZIP with one member: ``start``, and zeros compressed a thousand times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body += (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * zeros_mb
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.dcm", body)
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    size = (len(start) + (zeros_mb << 20)).to_bytes(4, "little")
    for method_at, size_at in ((8, 22), (central + 10, central + 24)):
        data[method_at], data[size_at : size_at + 4] = zipfile.ZIP_DEFLATED, size
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("element", [b"\x09\x00\x10\x10UN", b"\x08\x00\x05\x00UN", b"\x10\x00\x10\x00UT"])
def test_archives_that_decompress_to_gigabytes_of_header(tmp_path: Path, element: bytes) -> None:
    start, _ = split_at_data_set(element + b"\0\0" + (3 << 30).to_bytes(4, "little"))
    zip_bomb(tmp_path / "a.zip", start, zeros_mb=3072)
    found = listed(tmp_path / "a.zip")
    assert (found["slices"], found["problems"]) == (0, {"unreadable_file": 1})


def test_archives_that_decompress_to_gigabytes_of_pixels(tmp_path: Path) -> None:
    data = with_length(make_slice(), 0xFFFFFFF0)
    zip_bomb(tmp_path / "a.zip", data, zeros_mb=3072)
    assert listed(tmp_path / "a.zip")["slices"] == 1


def test_an_archive_of_65535_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i in range(65_535):
            archive.writestr(f"f{i}", b"x")
    assert listed(tmp_path / "a.zip")["problems"] == {"not_dicom": 65_535}


def test_members_with_names_of_thousands_of_numbers(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i in range(200):
            archive.writestr("1a" * 30_000 + f"{i}", to_bytes(make_slice(z_mm=i, instance_number=i)))
    assert listed(tmp_path / "a.zip")["slices"] == 200


@pytest.mark.parametrize("element", [b"\x09\x00\x10\x10OB", b"\x09\x00\x10\x10UN", b"\x10\x00\x10\x00UT"])
@pytest.mark.parametrize("is_undefined", [False, True])
def test_files_with_gigabytes_of_header(tmp_path: Path, element: bytes, is_undefined: bool) -> None:
    length = 0xFFFFFFFF if is_undefined else 3 << 30
    start, rest = split_at_data_set(element + b"\0\0" + length.to_bytes(4, "little"))
    with (tmp_path / "a").open("wb") as stream:
        stream.write(start)
        stream.seek(len(start) + (3 << 30))
        stream.write(b"\xfe\xff\xdd\xe0\0\0\0\0" if is_undefined else b"")
        stream.write(rest)
    found = listed(tmp_path)
    assert found["slices"] + found["problems"].get("unreadable_file", 0) == 1


@pytest.mark.parametrize(
    "keyword",
    [
        "SpecificCharacterSet",
        "ImageType",
        "PatientName",
        "PatientAge",
        "PixelSpacing",
        "WindowCenter",
        "Rows",
    ],
)
def test_values_of_fifty_megabytes(tmp_path: Path, keyword: str) -> None:
    tag, value = Tag(keyword), b"1\\" * 25_000_000
    element = tag.group.to_bytes(2, "little") + tag.element.to_bytes(2, "little") + b"UT\0\0"
    start, rest = split_at_data_set(element + len(value).to_bytes(4, "little"), **{keyword: None})
    (tmp_path / "a").write_bytes(start + value + rest)
    found = listed(tmp_path)
    assert found["slices"] + found["problems"].get("unreadable_file", 0) == 1


@pytest.mark.parametrize("is_undefined", [False, True])
@pytest.mark.parametrize("tag", [b"\x28\x00\x10\x30", b"\x27\x00\x10\x30"])
def test_sequences_of_millions_of_items(tmp_path: Path, is_undefined: bool, tag: bytes) -> None:
    items = b"\xfe\xff\x00\xe0\0\0\0\0" * 2_000_000
    length = 0xFFFFFFFF if is_undefined else len(items)
    start, rest = split_at_data_set(tag + b"SQ\0\0" + length.to_bytes(4, "little") + items)
    (tmp_path / "a").write_bytes(start + (b"\xfe\xff\xdd\xe0\0\0\0\0" if is_undefined else b"") + rest)
    found = listed(tmp_path)
    assert found["slices"] + found["problems"].get("unreadable_file", 0) == 1


def test_functional_groups_of_more_frames_than_there_are(tmp_path: Path) -> None:
    ds = make_enhanced(3)
    ds.PerFrameFunctionalGroupsSequence = Sequence([ds.PerFrameFunctionalGroupsSequence[0]] * 20_000)
    write(tmp_path / "a", ds)
    assert listed(tmp_path)["slices"] == 3


def test_thousands_of_malformed_values(tmp_path: Path) -> None:
    path = write_dicomdir(tmp_path, ["I"])
    ds = make_slice(windows=())
    set_raw(ds, "WindowCenter", "\\".join(f"x{i}" for i in range(2000)))
    write(tmp_path / "I", ds)
    assert listed(path)["slices"] == 1


def test_the_work_of_partial_catalogs_is_a_tenth_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ichviewer.dicom import catalog

    now = [0.0]
    spent = {"reading": 0.0, "partial": 0.0}
    monkeypatch.setattr(catalog.time, "monotonic", lambda: now[0])

    def spend(what: str, seconds: float) -> None:
        now[0] += seconds
        spent[what] += seconds

    class Builder(catalog.CatalogBuilder):
        def catalog(self, more_problems: Any = ()) -> Any:
            # Each partial catalog takes as long as a hundred files.
            spend("partial", 1.0)
            return super().catalog(more_problems)

    monkeypatch.setattr(catalog, "CatalogBuilder", Builder)
    for i in range(100):
        (tmp_path / f"{i}").mkdir()
        write(tmp_path / f"{i}" / "a", make_slice(z_mm=i, instance_number=i))
    catalog.read_catalog([tmp_path], progress=lambda *_: spend("reading", 1.0), on_partial=lambda c: None)
    assert spent["reading"] == 100
    assert spent["partial"] <= 15
