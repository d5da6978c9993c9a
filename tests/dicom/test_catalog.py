from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from dicom_factory import (
    compressed,
    make_enhanced,
    make_rsna,
    make_slice,
    write,
    write_dicomdir,
    write_series,
    write_zip,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import JPEG2000Lossless

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.problems import ProblemCode, Severity
from ichviewer.domain.series import Catalog, SeriesKey, SortBasis
from ichviewer.progress import Cancelled, CancelToken

LOCALIZER = ("ORIGINAL", "PRIMARY", "LOCALIZER")


def codes(catalog: Catalog) -> list[ProblemCode]:
    return [p.code for p in catalog.problems]


def sizes(catalog: Catalog) -> list[int]:
    return [len(s) for s in catalog.series]


def test_a_folder_of_slices_becomes_a_series_in_order_of_position(tmp_path: Path) -> None:
    zs = [20.0, 0.0, 10.0, 5.0, 15.0]
    write_series(tmp_path, positions_mm=zs, instance_numbers=[3, 9, 1, 4, 7])
    catalog = read_catalog([tmp_path])
    (series,) = catalog.series
    assert series.positions_mm() == (0.0, 5.0, 10.0, 15.0, 20.0)
    assert series.sort_basis is SortBasis.POSITION
    assert series.problems == ()
    assert (series.modality, series.description, series.number) == ("CT", "Head 5.0", 1)
    assert series.patient.name == "Doe, John"
    assert catalog.problems == ()


def test_nothing_is_written(tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=3, syntax=JPEG2000Lossless)
    write_dicomdir(tmp_path / "a", ["IM0000"])
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in tmp_path.rglob("*")}
    read_catalog([tmp_path])
    assert {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in tmp_path.rglob("*")} == before


def test_patients_studies_and_series_are_kept_apart_and_in_order(tmp_path: Path) -> None:
    for patient, study, series, number in (
        ("P2", "s1", "a", 2),
        ("P1", "s2", "b", 10),
        ("P1", "s2", "c", 9),
        ("P1", "s3", "d", 1),
    ):
        write_series(
            tmp_path / series,
            n=2,
            patient_id=patient,
            patient_name=f"Name{patient}",
            study=study,
            series=series,
            series_number=number,
            StudyDate="20240105" if study == "s3" else "20240131",
        )
    catalog = read_catalog([tmp_path])
    shape = [
        (study.patient.id, study.info.date, [s.number for s in study.series]) for study in catalog.studies
    ]
    assert shape == [("P1", "2024-01-05", [1]), ("P1", "2024-01-31", [9, 10]), ("P2", "2024-01-31", [2])]


def test_a_localizer_in_the_series_is_split_off(tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=4)
    write(tmp_path / "scout", make_slice(rows=32, orientation=(1, 0, 0, 0, 0, -1), image_type=LOCALIZER))
    catalog = read_catalog([tmp_path])
    assert sizes(catalog) == [1, 4]
    assert [s.key.part for s in catalog.series] == [0, 1]
    assert [s.problems[0].found for s in catalog.series] == [
        "part 1 of 2, 16 x 32 px",
        "part 2 of 2, 16 x 16 px",
    ]


def test_rsna_files_are_normal_input(tmp_path: Path) -> None:
    for i in range(3):
        write(tmp_path / f"ID_{i}.dcm", make_rsna(f"ID_{i:09x}", z_mm=5.0 * i))
    catalog = read_catalog([tmp_path])
    assert sizes(catalog) == [1, 1, 1]
    assert len(catalog.studies) == 1
    assert catalog.series[0].key == SeriesKey("ID_ce8ec31f46", "ID_000000000ee", 0)
    assert [p for s in catalog.series for p in (*s.problems, *s.slices[0].problems)] == []


def test_files_that_are_no_images_are_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty").touch()
    report = make_slice(sop_class="1.2.840.10008.5.1.4.1.1.88.11", modality="SR")
    cut = make_slice()
    for keyword in ("PixelData", "Rows", "Columns"):
        del report[keyword]
    del cut.PixelData
    write(tmp_path / "report", report)
    write(tmp_path / "scan", cut)
    catalog = read_catalog([tmp_path])
    assert {Path(p.where).name: (p.code, p.found) for p in catalog.problems} == {
        "notes.txt": (ProblemCode.NOT_DICOM, ""),
        "empty": (ProblemCode.NOT_DICOM, "an empty file"),
        "report": (ProblemCode.NO_PIXEL_DATA, "SR"),
        "scan": (ProblemCode.UNREADABLE_FILE, "the header describes an image, but the file holds none"),
    }
    assert [p.severity for p in catalog.problems if p.code is ProblemCode.NOT_DICOM] == [Severity.INFO] * 2


@pytest.mark.parametrize("kept", [200, 400, 700])
def test_a_file_cut_within_its_header_is_named(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path / "a", make_slice(), keep_bytes=kept)
    assert codes(read_catalog([path])) == [ProblemCode.UNREADABLE_FILE]


def test_a_damaged_member_of_an_archive_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "a", make_slice())
    archive = write_zip(tmp_path / "a.zip", [file], tmp_path, compression=zipfile.ZIP_STORED)
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"Doe^John", b"Doe^Jane"))
    (problem,) = read_catalog([archive]).problems
    assert problem.code is ProblemCode.UNREADABLE_FILE
    assert "CRC" in problem.found
    assert problem.where == f"{archive}!a"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_series(tmp_path, n=2)
    real = os.open

    def refuse(path: Path, *args: Any, **options: Any) -> int:
        if Path(path).name == "IM0000":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", refuse)
    catalog = read_catalog([tmp_path])
    (problem,) = catalog.problems
    assert problem.code is ProblemCode.UNREADABLE_FILE
    assert problem.found == "the file could not be opened: Permission denied"
    assert sizes(catalog) == [1]


def test_a_huge_file_that_is_not_dicom_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    started = time.monotonic()
    assert codes(read_catalog([path])) == [ProblemCode.NOT_DICOM]
    assert time.monotonic() - started < 5


def test_pixels_are_not_read_for_the_listing(tmp_path: Path) -> None:
    path = write(tmp_path / "a", make_slice())
    data = path.read_bytes()
    # The value's length stands before the 512 bytes of pixels; a terabyte of them is only claimed to be there.
    at = len(data) - 512 - 4
    path.write_bytes(data[:at] + (0xFFFFFFF0).to_bytes(4, "little") + data[at + 4 :])
    with path.open("r+b") as stream:
        stream.truncate(1 << 40)
    started = time.monotonic()
    assert sizes(read_catalog([path])) == [1]
    assert time.monotonic() - started < 5


def test_several_inputs_at_once_count_every_file_once(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    files = write_series(folder, n=3)
    write_dicomdir(folder, [f.name for f in files])
    other = write_series(tmp_path / "g", n=2, series="other", series_number=2)
    archive = write_zip(tmp_path / "g.zip", other, tmp_path / "g")
    catalog = read_catalog([files[1], folder, archive, folder / "DICOMDIR"])
    assert sizes(catalog) == [3, 2]
    assert catalog.problems == ()
    assert [p for s in catalog.series for p in s.problems] == []


def test_a_copy_of_the_folder_adds_no_slices(tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=3)
    for path in sorted((tmp_path / "a").iterdir()):
        write(tmp_path / "b" / path.name, compressed(make_slice(), JPEG2000Lossless))
        (tmp_path / "b" / path.name).write_bytes(path.read_bytes())
    (series,) = read_catalog([tmp_path]).series
    assert len(series) == 3
    assert [p.code for p in series.problems] == [ProblemCode.DUPLICATE_INSTANCE] * 3


def test_a_recompressed_copy_is_the_same_image(tmp_path: Path) -> None:
    write(tmp_path / "a", make_slice())
    write(tmp_path / "b", compressed(make_slice(), JPEG2000Lossless))
    (series,) = read_catalog([tmp_path]).series
    assert len(series) == 1
    assert [p.code for p in series.problems] == [ProblemCode.DUPLICATE_INSTANCE]


def test_enhanced_frames_are_slices(tmp_path: Path) -> None:
    write(tmp_path / "a", make_enhanced(4, spacing_mm=2.5))
    (series,) = read_catalog([tmp_path]).series
    assert series.positions_mm() == (0.0, 2.5, 5.0, 7.5)
    assert [s.source.frame for s in series.slices] == [0, 1, 2, 3]


def test_where_two_patients_share_uids_they_are_kept_apart(tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=2, patient_id="P1")
    write_series(tmp_path / "b", positions_mm=[50.0, 55.0], patient_id="P2")
    catalog = read_catalog([tmp_path])
    assert [(study.patient.id, [len(s) for s in study.series]) for study in catalog.studies] == [
        ("P1", [2]),
        ("P2", [2]),
    ]
    assert len({s.key for s in catalog.series}) == 2


@settings(max_examples=15)
@given(st.randoms())
def test_the_result_does_not_depend_on_the_order_of_the_inputs(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("x")
    paths = write_series(folder, n=5) + write_series(folder / "o", n=3, series="o", orientation=None)
    rng.shuffle(paths)
    catalog = read_catalog(paths)
    shape = [[s.source.path.name for s in series.slices] for series in catalog.series]
    assert sorted(shape) == [["IM0000", "IM0001", "IM0002"], [f"IM000{i}" for i in range(5)]]


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    write_series(tmp_path / "a", n=3)
    (tmp_path / "x.txt").touch()
    calls: list[tuple[int, int]] = []
    read_catalog([tmp_path], progress=lambda done, total, what: calls.append((done, total)))
    # The total is unknown until all folders were looked into.
    assert calls == [(1, 0), (2, 4), (3, 4), (4, 4)]


def test_cancelling_stops_at_the_next_file(tmp_path: Path) -> None:
    write_series(tmp_path, n=5)
    token = CancelToken()
    seen: list[int] = []

    def progress(done: int, total: int, what: str) -> None:
        seen.append(done)
        if done == 2:
            token.cancel()

    with pytest.raises(Cancelled):
        read_catalog([tmp_path], progress=progress, cancel=token)
    assert seen == [1, 2]


def test_the_first_partial_catalog_comes_with_the_first_slice_then_at_most_twice_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0 not an image").write_text("x")
    write_series(tmp_path, n=12)
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def progress(done: int, total: int, what: str) -> None:
        now[0] += 0.2

    partial: list[tuple[float, int]] = []
    whole = read_catalog(
        [tmp_path],
        progress=progress,
        on_partial=lambda c: partial.append((round(now[0], 1), len(c.series[0]))),
    )
    # File 2, the first slice, at 0.4 s; then every third file, 0.6 s later.
    assert partial == [(0.4, 1), (1.0, 4), (1.6, 7), (2.2, 10)]
    assert len(whole.series[0]) == 12


def test_partial_catalogs_share_what_did_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_series(tmp_path / "a", n=1)
    write_series(tmp_path / "b", n=2, series="other")
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def progress(done: int, total: int, what: str) -> None:
        now[0] += 1.0

    seen: list[Catalog] = []
    read_catalog([tmp_path], progress=progress, on_partial=seen.append)
    assert [sorted(sizes(c)) for c in seen] == [[1], [1, 1], [1, 2]]
    first = seen[0].series[0]
    assert all(first in c.series for c in seen)


def test_importing_and_listing_loads_no_codecs(tmp_path: Path) -> None:
    write_series(tmp_path, n=2)
    code = (
        "import sys; from pathlib import Path; from ichviewer.dicom.catalog import read_catalog; "
        f"assert len(read_catalog([Path({str(tmp_path)!r})]).series) == 1; "
        "print([m for m in ('imagecodecs', 'ichviewer.dicom.codecs', 'tensorflow', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
