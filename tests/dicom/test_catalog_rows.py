"""The listing mixes, loses and invents nothing: each image found is one row, and what lies beside it changes none."""

from __future__ import annotations

import os
import random
import shutil
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from catalog_rows import names, rows
from dicom_factory import (
    compressed,
    make_enhanced,
    make_slice,
    set_raw,
    to_bytes,
    write,
    write_dicomdir,
    write_series,
    write_zip,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import JPEG2000Lossless

from ichviewer.dicom.catalog import read_catalog
from ichviewer.dicom.decode import read_slice
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.problems import ProblemCode, Severity
from ichviewer.domain.series import Catalog


def codes(catalog: Catalog) -> list[ProblemCode]:
    return [p.code for p in catalog.problems]


def series_codes(catalog: Catalog) -> list[list[ProblemCode]]:
    return [[p.code for p in s.problems] for s in catalog.series]


def shape(catalog: Catalog) -> list[tuple[Any, ...]]:
    """Everything a catalog says of its series."""
    return [
        (
            study.patient,
            study.info,
            s.key,
            [(str(i.source), i.source.frame, i.problems) for i in s.slices],
            s.problems,
        )
        for study in catalog.studies
        for s in study.series
    ]


@pytest.fixture
def mixture(tmp_path: Path) -> Path:
    """Whole, doubled, damaged, cut and several-frame images, in a folder and in an archive."""
    folder = tmp_path / "mixture"
    paths = write_series(folder / "a", n=4)
    shutil.copy(paths[0], folder / "a" / "copy of 0")
    write(
        folder / "a" / "recompressed 1", compressed(make_slice(z_mm=5.0, instance_number=2), JPEG2000Lossless)
    )
    write(
        folder / "a" / "other pixels",
        make_slice(z_mm=10.0, instance_number=3, sop="", rows=16, hu=[[5] * 16] * 16),
    )
    write(folder / "cut", make_slice(), keep_bytes=400)
    without_size = make_slice()
    del without_size.Rows
    write(folder / "no size", without_size)
    write(folder / "frames", make_enhanced(3, series="e"))
    shutil.copy(folder / "frames", folder / "frames again")
    (folder / "notes.txt").write_text("x")
    with zipfile.ZipFile(folder / "z.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(4):
            archive.writestr("same", to_bytes(make_slice(z_mm=5.0 * i, instance_number=i, series="zip")))
    return folder


def test_each_image_found_is_one_row(mixture: Path) -> None:
    found = names(read_catalog([mixture]))
    assert set(found.values()) == {1}
    assert set(found) == {
        *(f"IM000{i}" for i in range(4)),
        *("copy of 0", "recompressed 1", "other pixels", "cut", "no size"),
        *(f"frames#{i}" for i in (1, 2, 3)),
        *(f"frames again#{i}" for i in (1, 2, 3)),
        *("z.zip!same", "z.zip!same (copy 2)", "z.zip!same (copy 3)", "z.zip!same (copy 4)"),
    }


@settings(max_examples=20)
@given(rng=st.randoms(use_true_random=False))
def test_any_order_of_the_paths_gives_the_same_catalog(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random
) -> None:
    folder = tmp_path_factory.getbasetemp() / "order"
    if not folder.exists():
        write_series(folder, n=3)
        write_series(folder, n=3, name="OTHER{}", AcquisitionNumber=2, sop="x")
        write_series(folder, n=2, name="PATIENT{}", patient_name="Roe^Jane", sop="y")
        write_series(folder, n=2, name="SHIFTED{}", pixel_spacing_mm=(0.5004, 0.5004), sop="z")
        write_series(folder, n=2, name="MORE{}", pixel_spacing_mm=(0.5008, 0.5008), sop="zz")
        shutil.copy(folder / "IM0001", folder / "A copy")
        (folder / "junk").write_bytes(b"junk")
    paths = sorted(folder.iterdir())
    first = read_catalog(paths)
    again = read_catalog(rng.sample(paths, len(paths)))
    assert shape(again) == shape(first)
    assert again.problems == first.problems
    assert set(rows(again)) == {str(path) for path in paths if path.name != "junk"}


junk = st.sampled_from(
    ["text", "other series", "other patient", "cut", "empty", "no pixels", "archive", "huge claim"]
)


def write_junk(folder: Path, kind: str, name: str) -> None:
    path = folder / name
    if kind == "text":
        path.write_text("x" * 500)
    elif kind == "empty":
        path.touch()
    elif kind == "archive":
        path.write_bytes(b"PK\x03\x04" + bytes(50))
    elif kind == "cut":
        write(path, make_slice(), keep_bytes=500)
    elif kind == "no pixels":
        ds = make_slice()
        del ds.PixelData
        write(path, ds)
    else:
        ds = make_slice(series=kind, patient_id="P2" if kind == "other patient" else "P1", z_mm=2.5)
        if kind == "huge claim":
            set_raw(ds, "NumberOfFrames", "300000")
        write(path, ds)


@settings(max_examples=25)
@given(st.lists(st.tuples(junk, st.sampled_from(["0", "IM0001x", "z"])), max_size=4))
def test_what_lies_beside_a_series_changes_nothing_for_it(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("junk")
    write_series(folder, n=4)
    (alone,) = shape(read_catalog([folder]))
    for i, (kind, name) in enumerate(kinds):
        write_junk(folder, kind, f"{name}{i}")
    assert alone in shape(read_catalog([folder]))


def test_slices_of_several_patients_under_one_series_are_split_and_warned_of(tmp_path: Path) -> None:
    write_series(tmp_path, n=2, name="a{}", patient_id="P1", patient_name="Doe^John")
    write_series(tmp_path, positions_mm=[10, 15], name="b{}", patient_id="P1", patient_name="Roe^Jane")
    write_series(tmp_path, positions_mm=[20], name="c{}", patient_id="", patient_name="Doe^John")
    write_series(
        tmp_path,
        positions_mm=[25],
        name="d{}",
        patient_id="P1",
        patient_name="Doe^John",
        PatientBirthDate="19991231",
    )
    catalog = read_catalog([tmp_path])
    assert sorted(len(s) for s in catalog.series) == [1, 1, 2, 2]
    # Not even the study holds them together.
    assert len(catalog.studies) == 4
    assert all(s.patient == study.patient for study in catalog.studies for s in study.series)
    assert series_codes(catalog) == [[ProblemCode.SEVERAL_PATIENTS]] * 4
    assert {s.problems[0].found for s in catalog.series} == {
        f"part {i} of 4, of 4 patients" for i in (1, 2, 3, 4)
    }


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Doe^John", "DOE^JOHN"),
        ("Doe^John", "Doe ^ John^^^"),
        ("Doe^John", "Doe^John^^Dr"),
        ("Buc^Jérôme", "BUC^JEROME"),
        ("Wang^XiaoDong=王^小东", "Wang^XiaoDong"),
        ("Müller^Änne", "Mu\u0308ller^A\u0308nne"),
    ],
)
def test_one_patient_however_the_name_is_written(tmp_path: Path, one: str, two: str) -> None:
    write_series(tmp_path, n=2, name="a{}", patient_name=one)
    write_series(tmp_path, positions_mm=[10, 15], name="b{}", patient_name=two)
    catalog = read_catalog([tmp_path])
    assert [len(s) for s in catalog.series] == [4]
    assert series_codes(catalog) == [[]]


def test_a_name_in_another_character_set_is_the_same_patient(tmp_path: Path) -> None:
    for i, (charset, name) in enumerate(
        (
            ("ISO_IR 192", "Jérôme".encode()),
            ("ISO_IR 100", "Jérôme".encode("latin-1")),
            (None, "Jérôme".encode()),
        )
    ):
        ds = make_slice(z_mm=5.0 * i, SpecificCharacterSet=charset)
        set_raw(ds, "PatientName", b"Buc^" + name)
        write(tmp_path / f"{i}", ds)
    assert [len(s) for s in read_catalog([tmp_path]).series] == [3]


def test_the_same_image_of_two_patients_is_no_double(tmp_path: Path) -> None:
    write(tmp_path / "a", make_slice(patient_id="P1"))
    write(tmp_path / "b", make_slice(patient_id="P2"))
    catalog = read_catalog([tmp_path])
    assert [s.patient.id for s in catalog.series] == ["P1", "P2"]
    assert catalog.problems == ()


def test_acquisitions_are_parts_that_say_so(tmp_path: Path) -> None:
    write_series(tmp_path, n=3, name="a{}", AcquisitionNumber=1, sop="a")
    write_series(tmp_path, n=3, name="b{}", AcquisitionNumber=2, sop="b")
    catalog = read_catalog([tmp_path])
    assert [s.positions_mm() for s in catalog.series] == [(0.0, 5.0, 10.0)] * 2
    assert [s.key.part for s in catalog.series] == [0, 1]
    assert [[(p.code, p.found) for p in s.problems] for s in catalog.series] == [
        [(ProblemCode.SEVERAL_ACQUISITIONS, f"part {n} of 2, acquisition {n}")] for n in (1, 2)
    ]


def test_a_copy_with_another_acquisition_number_is_a_double(tmp_path: Path) -> None:
    write_series(tmp_path, n=3, name="a{}", AcquisitionNumber=1)
    write_series(tmp_path, n=3, name="b{}", AcquisitionNumber=2)
    catalog = read_catalog([tmp_path])
    assert [len(s) for s in catalog.series] == [3]
    assert codes(catalog) == [ProblemCode.DUPLICATE_INSTANCE] * 3


def test_parts_keep_their_numbers_while_more_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(tmp_path / "1", n=3, rows=20)
    write_series(tmp_path / "2", n=3, AcquisitionNumber=1, sop="a")
    write_series(tmp_path / "3", n=3, AcquisitionNumber=2, sop="b")
    monkeypatch.setattr("ichviewer.dicom.catalog._PARTIAL_EVERY_S", 0.0)
    monkeypatch.setattr("ichviewer.dicom.catalog._PARTIAL_SHARE", 0)
    seen: dict[int, set[str]] = {}

    def on_partial(catalog: Catalog) -> None:
        for series in catalog.series:
            seen.setdefault(series.key.part, set()).add(series.slices[0].source.path.parent.name)

    read_catalog([tmp_path], on_partial=on_partial)
    assert seen == {0: {"1"}, 1: {"2"}, 2: {"3"}}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"slope": 1e30, "stored": None}, "RescaleSlope 1e+30"),
        ({"pixel_spacing_mm": (0.4, 40)}, "PixelSpacing 0.4 by 40 mm"),
        ({"position_mm": (0, 0, 1e15)}, "ImagePositionPatient 0\\0\\1e+15"),
        ({"thickness_mm": 5000}, "SliceThickness 5000 mm"),
    ],
)
def test_one_slice_with_an_implausible_value_does_not_spoil_the_others(
    tmp_path: Path, options: dict[str, Any], found: str
) -> None:
    write_series(tmp_path, n=5)
    ds = make_slice(instance_number=9, **{"z_mm": 25.0, **options, "slope": 1.0})
    if "slope" in options:
        set_raw(ds, "RescaleSlope", "1e30")
    write(tmp_path / "odd", ds)
    catalog = read_catalog([tmp_path])
    assert names(catalog) == dict.fromkeys([*(f"IM000{i}" for i in range(5)), "odd"], 1)
    doubted = [
        (i.source.path.name, p)
        for s in catalog.series
        for i in s.slices
        for p in i.problems
        if p.code is ProblemCode.IMPLAUSIBLE_VALUE
    ]
    assert [(name, p.where, p.found, p.severity) for name, p in doubted] == [
        ("odd", str(tmp_path / "odd"), found, Severity.ERROR)
    ]
    (others,) = [s for s in catalog.series if len(s) >= 5]
    positions = others.positions_mm()
    assert positions is not None
    assert positions[:5] == (0.0, 5.0, 10.0, 15.0, 20.0)
    assert {p.code for p in others.problems} <= {ProblemCode.SPLIT_SERIES}
    assert refusal(others) is None


def test_a_whole_series_with_an_implausible_value_is_refused(tmp_path: Path) -> None:
    write_series(tmp_path, n=3, pixel_spacing_mm=(0.4, 40))
    (series,) = read_catalog([tmp_path]).series
    problem = refusal(series)
    assert problem is not None
    assert (problem.code, problem.found) == (ProblemCode.IMPLAUSIBLE_VALUE, "PixelSpacing 0.4 by 40 mm")


def test_localizers_and_other_modalities_are_not_judged_as_sections(tmp_path: Path) -> None:
    localizer = ("ORIGINAL", "PRIMARY", "LOCALIZER")
    write(
        tmp_path / "a",
        make_slice(series="a", image_type=localizer, thickness_mm=1500, pixel_spacing_mm=(1, 9)),
    )
    write(
        tmp_path / "b", make_slice(series="b", modality="PT", slope=0.0004, stored=make_slice().pixel_array)
    )
    catalog = read_catalog([tmp_path])
    assert [i.problems for s in catalog.series for i in s.slices] == [(), ()]


def test_what_a_series_says_of_kernel_contrast_and_age(tmp_path: Path) -> None:
    write_series(
        tmp_path,
        n=2,
        ContrastBolusAgent="Iohexol",
        ConvolutionKernel="H30s",
        PatientAge="018M",
        SliceLocation=12.5,
        FrameOfReferenceUID="1.2.3",
        AcquisitionNumber=4,
    )
    (series,) = read_catalog([tmp_path]).series
    assert (series.contrast_agent, series.kernel, series.patient.age_years) == ("Iohexol", "H30s", 1.5)
    info = series.slices[0]
    assert (info.slice_location_mm, info.frame_of_reference_uid, info.acquisition_number) == (
        12.5,
        "1.2.3",
        4,
    )


def test_each_member_of_an_archive_that_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "a", n=4)
    archive = write_zip(tmp_path / "a.zip", paths, tmp_path / "a", compression=zipfile.ZIP_STORED)
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        at = [info.header_offset for info in opened.infolist()]
    directory = [i for i in range(len(data)) if data[i : i + 4] == b"PK\x01\x02"]
    # The first is encrypted, the second compressed in no known way, the third has other bytes than its checksum says.
    for local, central, offset, value in (
        (at[0] + 6, directory[0] + 8, 0, 1),
        (at[1] + 8, directory[1] + 10, 0, 77),
        (at[2] + 200, at[2] + 200, 0, 255),
    ):
        data[local + offset] = data[central + offset] = value
    archive.write_bytes(bytes(data))
    catalog = read_catalog([archive])
    assert names(catalog) == {f"a.zip!IM000{i}": 1 for i in range(4)}
    assert [(Path(p.where).name, p.code) for p in catalog.problems] == [
        ("a.zip!IM0000", ProblemCode.BROKEN_ARCHIVE),
        ("a.zip!IM0001", ProblemCode.UNREADABLE_FILE),
        ("a.zip!IM0002", ProblemCode.UNREADABLE_FILE),
    ]


def test_frames_of_members_of_one_name_are_their_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(2):
            stored = np.full((3, 8, 8), 100 * i, np.int16) + np.arange(3, dtype=np.int16)[:, None, None]
            archive.writestr("same", to_bytes(make_slice(stored=stored, series=f"{i}")))
    values: dict[str, list[int]] = {}
    for series in read_catalog([tmp_path]).series:
        for info in series.slices:
            values.setdefault(str(info.source), []).append(int(read_slice(info).image.stored[0, 0]))
    assert values == {
        f"{tmp_path / 'a.zip'}!same": [0, 1, 2],
        f"{tmp_path / 'a.zip'}!same (copy 2)": [100, 101, 102],
    }


def test_a_file_that_vanishes_while_listing_is_a_row(tmp_path: Path) -> None:
    paths = write_series(tmp_path, n=3)

    def progress(done: int, total: int, what: str) -> None:
        if done == 1:
            paths[1].unlink()
            paths[2].write_bytes(paths[2].read_bytes()[:300])

    catalog = read_catalog([tmp_path], progress=progress)
    assert names(catalog) == {"IM0000": 1, "IM0001": 1, "IM0002": 1}
    assert codes(catalog) == [ProblemCode.UNREADABLE_FILE] * 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_takes_the_place_of_a_file_while_listing_is_a_row(tmp_path: Path) -> None:
    paths = write_series(tmp_path, n=2)

    def progress(done: int, total: int, what: str) -> None:
        if done == 1:
            paths[1].unlink()
            os.mkfifo(paths[1])

    assert names(read_catalog([tmp_path], progress=progress)) == {"IM0000": 1, "IM0001": 1}


def test_the_given_reader_decodes(tmp_path: Path) -> None:
    write(tmp_path / "a", make_slice())
    write(tmp_path / "b", compressed(make_slice(), JPEG2000Lossless))
    asked = []

    def read(info: Any) -> Any:
        asked.append(info.source.path.name)
        return read_slice(info)

    (series,) = read_catalog([tmp_path], read_slice=read).series
    assert len(series) == 1
    assert asked == ["a", "b"]


def test_a_directory_and_its_files_count_once(tmp_path: Path) -> None:
    write_series(tmp_path, n=3, name="I{}")
    write_dicomdir(tmp_path, ["I0", "I1", "I9"])
    assert names(read_catalog([tmp_path])) == {"I0": 1, "I1": 1, "I2": 1, "I9": 1}
