from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_head import make_series

from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.labels import LABELS
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, PatientInfo, SliceSource, Study
from ichviewer.errors import ExportError
from ichviewer.services.export import csv_text, defuse, sidecar_path, write_csv, write_sidecar

POINT = OperatingPoint("p", (0.5, 0.5, 0.5, 0.5, 0.5, 0.9))
HEADER = (
    "patient_id,study_uid,series_uid,sop_uid,file,slice_index,instance_number,position_mm,status,"
    "any,epidural,intraparenchymal,intraventricular,subarachnoid,subdural,flagged,note"
)


def catalog_of(*series, problems=()) -> Catalog:
    return Catalog((Study(series[0].study, series[0].patient, series),), tuple(problems))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def example():
    """Three slices: one analysed, one not, one failed; and two files that are no images."""
    gap = Problem(ProblemCode.GAP, "series")
    series = make_series(3, positions_mm=[-12.5, -0.0001, 7.0], problems=(gap,))
    repaired = Problem(ProblemCode.REPAIRED_12_BIT, "/scan/0.dcm")
    findings = SeriesFindings(
        series.key,
        (
            SliceFinding(Status.ANALYSED, (0.75, 0.1, 0.5, 1 / 3, 0.0, 0.69), None, (repaired,)),
            SliceFinding(Status.NOT_ANALYSED, None, Problem(ProblemCode.NO_BRAIN_IN_SLICE, "/scan/1.dcm")),
            SliceFinding(Status.FAILED, None, Problem(ProblemCode.DECODE_FAILED, "/scan/2.dcm"), (gap,)),
        ),
    )
    problems = (
        Problem(ProblemCode.UNREADABLE_FILE, "/scan/broken.dcm", "cut short"),
        Problem(ProblemCode.NOT_DICOM, "/scan/readme.txt"),
        Problem(ProblemCode.DANGLING_DICOMDIR_ENTRY, "/scan/A/B"),
    )
    return catalog_of(series, problems=problems), {series.key: findings}


def test_columns_and_rows(example):
    text, n = csv_text(*example, POINT)
    assert text.splitlines() == [
        HEADER,
        "P1,1.2,1.2.3,1.2.0,/scan/0.dcm,1,1,-12.500,analysed,"
        "0.750000,0.100000,0.500000,0.333333,0.000000,0.690000,any;intraparenchymal,repaired_12_bit;gap",
        "P1,1.2,1.2.3,1.2.1,/scan/1.dcm,2,2,0.000,not_analysed,,,,,,,,no_brain_in_slice;gap",
        "P1,1.2,1.2.3,1.2.2,/scan/2.dcm,3,3,7.000,failed,,,,,,,,decode_failed;gap",
        ",,,,/scan/broken.dcm,,,,failed,,,,,,,,unreadable_file",
        ",,,,/scan/A/B,,,,failed,,,,,,,,dangling_dicomdir_entry",
    ]
    assert n == 5


def test_series_without_findings_are_not_analysed_never_negative():
    waiting, mr = make_series(2), make_series(1, modality="MR", positions_mm=None)
    mr = dataclasses.replace(mr, key=dataclasses.replace(mr.key, part=1))
    rows = rows_of(csv_text(catalog_of(waiting, mr), {}, POINT)[0])
    assert [r["status"] for r in rows] == ["not_analysed"] * 3
    assert [r["note"] for r in rows] == ["not_yet_analysed", "not_yet_analysed", "not_ct"]
    assert {r["any"] for r in rows} == {""}
    assert rows[2]["position_mm"] == ""


def test_frames_of_one_file_are_told_apart():
    series = make_series(3)
    infos = tuple(
        dataclasses.replace(info, source=SliceSource(Path("/scan/e.dcm"), frame=2 - i))
        for i, info in enumerate(series.slices)
    )
    rows = rows_of(csv_text(catalog_of(dataclasses.replace(series, slices=infos)), {}, POINT)[0])
    assert [r["file"] for r in rows] == ["/scan/e.dcm#3", "/scan/e.dcm#2", "/scan/e.dcm#1"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("A\r\nB", "A  B"),
        ("-12.5", "-12.5"),
        ("+49", "+49"),
        ("-1e5", "'-1e5"),
        ("1.2.840", "1.2.840"),
        ("", ""),
        ("Doe", "Doe"),
    ],
)
def test_formulas_are_defused(text, safe):
    assert defuse(text) == safe


@given(
    st.text(max_size=30), st.text(min_size=1, max_size=30).filter(lambda t: "\0" not in t and "/" not in t)
)
def test_any_text_keeps_to_its_cell_and_starts_no_formula(patient_id, name):
    series = make_series(1)
    info = dataclasses.replace(series.slices[0], source=SliceSource(Path("/") / name))
    series = dataclasses.replace(series, patient=PatientInfo(patient_id), slices=(info,))
    text = csv_text(catalog_of(series), {}, POINT)[0]
    assert len(text.splitlines()) == 2
    (row,) = rows_of(text)
    for cell, told in ((row["patient_id"], patient_id), (row["file"], str(info.source.path))):
        assert not cell.lstrip().startswith(("=", "@"))
        if told.isprintable() and not told.startswith(("=", "+", "-", "@", " ", "\u3000")):
            assert cell == told or cell == "'" + told


def test_written_file_is_utf8_and_survives_file_names_that_are_not(tmp_path, tiny_card):
    series = make_series(1)
    info = dataclasses.replace(series.slices[0], source=SliceSource(Path("/scan/Sch\u00e4del\udcff.dcm")))
    series = dataclasses.replace(series, slices=(info,))
    path = tmp_path / "f.csv"
    assert write_csv(path, catalog_of(series), {}, tiny_card) == 1
    assert "Sch\u00e4del\\udcff.dcm" in path.read_text(encoding="utf-8")


def test_an_input_is_never_overwritten(tmp_path, tiny_card):
    source = tmp_path / "0.dcm"
    source.write_bytes(b"pixels")
    series = make_series(1)
    info = dataclasses.replace(series.slices[0], source=SliceSource(source))
    catalog = catalog_of(dataclasses.replace(series, slices=(info,)))
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    for path in (source, link):
        with pytest.raises(ExportError, match="one of the files that were read"):
            write_csv(path, catalog, {}, tiny_card)
        with pytest.raises(ExportError, match="one of the files that were read"):
            write_sidecar(path, catalog, {}, tiny_card, engine="litert")
    assert source.read_bytes() == b"pixels"


def test_sidecar_says_how_it_came_about(example, tmp_path, tiny_card):
    catalog, findings = example
    path = sidecar_path(tmp_path / "f.csv")
    assert path.name == "f.csv.json"
    write_sidecar(
        path,
        catalog,
        findings,
        tiny_card,
        engine="litert",
        point=POINT,
        seconds=1.23456,
        csv_path=tmp_path / "f.csv",
        now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["app"]["name"] == "ichviewer"
    assert data["model"] == {
        "name": "tiny",
        "version": "1.0",
        "keras_sha256": tiny_card.keras_sha256,
        "litert_sha256": tiny_card.litert_sha256,
    }
    assert (data["engine"], data["csv"], data["seconds"]) == ("litert", "f.csv", 1.235)
    assert data["time"] == "2026-01-02T03:04:05+00:00"
    assert data["operating_point"] == "p"
    assert data["thresholds"] == dict(zip([label.value for label in LABELS], POINT.thresholds, strict=True))
    (series,) = data["series"]
    assert (series["slices"], series["analysed"], series["flagged_slices"]) == (3, 1, [1])
    assert series["strongest"]["any"] == {"probability": 0.75, "slice_index": 1}
    assert [p["code"] for p in series["slice_problems"]] == [
        *("repaired_12_bit", "no_brain_in_slice", "decode_failed", "gap"),
    ]
    assert [p["code"] for p in data["problems"]] == [
        "unreadable_file",
        "not_dicom",
        "dangling_dicomdir_entry",
    ]


def test_the_models_own_thresholds_unless_told(example, tmp_path, tiny_card):
    catalog, findings = example
    path = tmp_path / "f.csv"
    write_csv(path, catalog, findings, tiny_card)
    assert rows_of(path.read_text())[0]["flagged"] == "any;intraparenchymal;subdural"
    write_csv(path, catalog, findings, tiny_card, point=POINT)
    assert rows_of(path.read_text())[0]["flagged"] == "any;intraparenchymal"
