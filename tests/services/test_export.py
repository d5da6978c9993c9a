from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_head import make_series

from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.labels import LABELS
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, PatientInfo, SliceSource, Study, StudyInfo
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.services.export import Tally, csv_text, finding_rows, tally
from ichviewer.services.outputs import Inputs
from ichviewer.services.write_findings import Report, json_bytes, sidecar_path, write_report

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
            SliceFinding(Status.ANALYSED, (0.75, 0.1, 0.5, 1 / 3, 0.0, 0.69), None, (repaired,), "ab" * 16),
            SliceFinding(Status.NOT_ANALYSED, None, Problem(ProblemCode.NO_BRAIN_IN_SLICE, "/scan/1.dcm")),
            SliceFinding(Status.FAILED, None, Problem(ProblemCode.DECODE_FAILED, "/scan/2.dcm"), (gap,)),
        ),
    )
    problems = (
        Problem(ProblemCode.UNREADABLE_FILE, "/scan/broken.dcm", "cut short"),
        Problem(ProblemCode.NOT_DICOM, "/scan/readme.txt"),
        Problem(ProblemCode.DANGLING_DICOMDIR_ENTRY, "/scan/A/B"),
        Problem(ProblemCode.DUPLICATE_INSTANCE, "/scan/copy.dcm", "same as /scan/0.dcm"),
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
        ",,,,/scan/copy.dcm,,,,not_analysed,,,,,,,,duplicate_instance",
    ]
    assert n == 6


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


def test_written_file_is_utf8_and_survives_file_names_that_are_not(tmp_path, tiny_card):
    series = make_series(1)
    info = dataclasses.replace(series.slices[0], source=SliceSource(Path("/scan/Sch\u00e4del\udcff.dcm")))
    series = dataclasses.replace(series, slices=(info,))
    path = tmp_path / "f.csv"
    assert write_report(Report(catalog_of(series), {}, tiny_card, "litert"), path, None, Inputs()) == 1
    assert "Sch\u00e4del\\udcff.dcm" in path.read_text(encoding="utf-8")


def test_sidecar_says_how_it_came_about(example, tmp_path, tiny_card):
    csv_path = tmp_path / "f.csv"
    path = sidecar_path(csv_path)
    assert path.name == "f.csv.json"
    report = Report(*example, tiny_card, "litert", POINT, 1.23456)
    write_report(report, csv_path, path, Inputs(), now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
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
    assert data["csv_sha256"] == hashlib.sha256(csv_path.read_bytes()).hexdigest()
    assert data["tally"] == {"found": 6, "analysed": 1, "not_analysed": 2, "failed": 3}
    assert data["decoders"]["pydicom"] == pydicom.__version__
    (series,) = data["series"]
    assert series["pixels"] == [{"slice_index": 1, "sop_uid": "1.2.0", "pixel_hash": "ab" * 16}]
    assert (series["slices"], series["analysed"], series["flagged_slices"]) == (3, 1, [1])
    assert series["strongest"]["any"] == {"probability": 0.75, "slice_index": 1}
    assert [p["code"] for p in series["slice_problems"]] == [
        *("repaired_12_bit", "no_brain_in_slice", "decode_failed", "gap"),
    ]
    assert [p["code"] for p in data["problems"]] == [
        "unreadable_file",
        "not_dicom",
        "dangling_dicomdir_entry",
        "duplicate_instance",
    ]


def test_sidecar_says_how_the_series_is_answered(example, tmp_path, tiny_card):
    catalog, findings = example
    eight = tuple(SliceFinding(Status.ANALYSED, (0.8, *(0.2,) * 5)) for _ in range(8))
    longer = make_series(8)
    # Log odds of 0.8 and 0.2 are log 4 and -log 4; half of them are those of 2/3 and 1/3.
    rule = SeriesRule((0.25, 0.25, 0.0), (0.0,) * 6)
    path = tmp_path / "f.json"

    def written(catalog, findings, rule):
        card = dataclasses.replace(tiny_card, series_rule=rule)
        write_report(Report(catalog, findings, card, "litert"), None, path, Inputs())
        return json.loads(path.read_text(encoding="utf-8"))

    data = written(catalog, findings, None)
    assert (data["series_answer"], data["series_rule"]) == ("highest slice", None)
    assert (
        data["series"][0]["whole_series"]["any"]
        == 0.75
        == data["series"][0]["strongest"]["any"]["probability"]
    )
    assert written(catalog, {}, rule)["series"][0]["whole_series"] is None
    data = written(catalog_of(longer), {longer.key: SeriesFindings(longer.key, eight)}, rule)
    assert data["series_answer"] == "pooled over the analyzed slices"
    assert data["series_rule"] == {"weights": [0.25, 0.25, 0.0], "intercept": [0.0] * 6}
    assert data["series"][0]["whole_series"]["any"] == pytest.approx(2 / 3, abs=1e-6)
    assert data["series"][0]["whole_series"]["subdural"] == pytest.approx(1 / 3, abs=1e-6)
    assert data["series"][0]["strongest"]["any"]["probability"] == 0.8


def test_the_models_own_thresholds_unless_told(example, tmp_path, tiny_card):
    path = tmp_path / "f.csv"
    write_report(Report(*example, tiny_card, "litert"), path, None, Inputs())
    assert rows_of(path.read_text())[0]["flagged"] == "any;intraparenchymal;subdural"
    write_report(Report(*example, tiny_card, "litert", POINT), path, None, Inputs())
    assert rows_of(path.read_text())[0]["flagged"] == "any;intraparenchymal"


@given(
    lengths=st.lists(st.integers(1, 5), max_size=3),
    analysed=st.sets(st.integers(0, 2)),
    codes=st.lists(st.sampled_from(ProblemCode), max_size=6),
)
def test_everything_found_is_accounted_for_and_has_a_row(lengths, analysed, codes):
    series = [
        dataclasses.replace(s, key=dataclasses.replace(s.key, part=i))
        for i, s in enumerate(map(make_series, lengths))
    ]
    catalog = Catalog(
        (Study(StudyInfo("1"), PatientInfo(), tuple(series)),), tuple(Problem(code, "f") for code in codes)
    )
    yes = SliceFinding(Status.ANALYSED, (0.1,) * 6)
    findings = {s.key: SeriesFindings(s.key, (yes,) * len(s)) for i, s in enumerate(series) if i in analysed}
    text, n = csv_text(catalog, findings, POINT)
    counted = Counter(row["status"] for row in rows_of(text))
    told = tally(catalog, findings)
    assert told.found == n
    assert (told.analysed, told.not_analysed, told.failed) == tuple(counted[s] for s in Status)


def test_a_tally_that_does_not_add_up_cannot_be():
    with pytest.raises(ValueError, match="accounted for"):
        Tally(3, 1, 1, 0)


# What Python makes of file names that are not Unicode: low surrogates.
ODD = st.characters(categories=["Cf", "Cc", "Zl", "Zp"]) | st.characters(
    min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"]
)


@given(st.text(), st.text(ODD))
def test_json_is_valid_and_safe_on_a_terminal(text, odd):
    data = json_bytes({"a": text, odd: [odd + text]})
    assert json.loads(data) == {"a": text, odd: [odd + text]}
    unsafe = ("Cc", "Cf", "Cs", "Zl", "Zp")
    left = {c for c in data.decode("utf-8") if unicodedata.category(c) in unsafe}
    assert left <= set("\n\u200c\u200d")


# Further models

VOLUME = Output("volume", "Hematoma volume", "Vol", Scope.SERIES, Unit.ML, 1)
SHIFT = Output("shift", "Midline shift", "MLS", Scope.SLICE, Unit.MM, 1)
HEMATOMA = ModelSpec("hematoma", "Hematoma 2.1", (VOLUME, SHIFT))
TOO_FEW = NotMeasured("too few slices")


def measured(example, *values):
    """The example's findings with what a further model says of its series."""
    catalog, findings = example
    (series,) = catalog.series
    identity = series_identity(series)
    result = ModelResult(series.key, identity, HEMATOMA, values, ("ab" * 16, "", ""))
    return catalog, {
        series.key: dataclasses.replace(findings[series.key], series=identity, further=(result,))
    }


def test_what_is_said_of_the_series_follows_in_every_row_of_it(example):
    before = csv_text(*example, POINT)[0].splitlines()
    after = csv_text(*measured(example, 12.25, TOO_FEW), POINT)[0].splitlines()
    # 12.25 to one digit is 12.2: half to even.
    assert after == [
        f"{before[0]},hematoma.volume_ml",
        *(f"{line},12.2" for line in before[1:4]),
        *(f"{line}," for line in before[4:]),
    ]


def test_what_was_not_measured_is_an_empty_cell_and_a_code_never_a_zero(example):
    rows = rows_of(csv_text(*measured(example, TOO_FEW, TOO_FEW), POINT)[0])
    assert {row["hematoma.volume_ml"] for row in rows} == {""}
    assert [row["note"] for row in rows[:4]] == [
        "repaired_12_bit;gap;not_measured",
        "no_brain_in_slice;gap;not_measured",
        "decode_failed;gap;not_measured",
        "unreadable_file",
    ]


def test_a_measured_zero_is_a_zero(example):
    rows = rows_of(csv_text(*measured(example, 0.0, TOO_FEW), POINT)[0])
    assert [row["hematoma.volume_ml"] for row in rows[:3]] == ["0.0"] * 3
    assert not any("not_measured" in row["note"] for row in rows)


def test_two_models_of_one_id_are_never_in_one_column(example):
    catalog, findings = measured(example, 1.0, TOO_FEW)
    other = make_series(1, positions_mm=[0.0])
    other = dataclasses.replace(other, key=dataclasses.replace(other.key, part=1))
    spec = dataclasses.replace(HEMATOMA, name="Hematoma 3.0")
    result = ModelResult.none(other.key, series_identity(other), spec, TOO_FEW, 1)
    no = SliceFinding(Status.NOT_ANALYSED, None, Problem(ProblemCode.NOT_A_HEAD, "0.dcm"))
    findings[other.key] = SeriesFindings(other.key, (no,), series_identity(other), (result,))
    with pytest.raises(ValueError, match="own id"):
        csv_text(catalog_of(*catalog.series, other), findings, POINT)


def test_the_sidecar_names_further_models_and_the_pixels_of_what_they_say_of_slices(
    example, tmp_path, tiny_card
):
    path = tmp_path / "f.csv.json"
    values = measured(example, TOO_FEW, (3.14, TOO_FEW, TOO_FEW))
    write_report(Report(*values, tiny_card, "litert", POINT), tmp_path / "f.csv", path, Inputs())
    data = json.loads(path.read_text(encoding="utf-8"))
    assert [(m["id"], m["name"]) for m in data["further_models"]] == [("hematoma", "Hematoma 2.1")]
    none = {"value": None, "reason": "not measured: too few slices"}
    assert data["series"][0]["further"] == [
        {
            "model": "hematoma",
            "series": {"volume": none},
            "slices": {
                "shift": [
                    {"slice_index": 1, "pixel_hash": "ab" * 16, "value": 3.1, "reason": None},
                    {"slice_index": 2, "pixel_hash": "", **none},
                    {"slice_index": 3, "pixel_hash": "", **none},
                ]
            },
        }
    ]
    assert data["model"]["name"] == "tiny"


def test_without_further_models_the_sidecar_names_none(example, tmp_path, tiny_card):
    path = tmp_path / "f.csv.json"
    write_report(Report(*example, tiny_card, "litert", POINT), tmp_path / "f.csv", path, Inputs())
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["further_models"] == []
    assert data["series"][0]["further"] == []


def test_values_of_rows_are_not_rounded_and_what_is_missing_is_none(example):
    rows = list(finding_rows(*example, POINT))
    assert [list(row) for row in rows] == [HEADER.split(",")] * 6
    first, second, third, broken = rows[:4]
    assert (first["intraventricular"], first["position_mm"], first["slice_index"]) == (1 / 3, -12.5, 1)
    assert (first["flagged"], second["flagged"], third["flagged"]) == ("any;intraparenchymal", None, None)
    assert (second["any"], second["status"], second["position_mm"]) == (None, "not_analysed", -0.0001)
    assert (broken["patient_id"], broken["slice_index"], broken["status"]) == (None, None, "failed")


def test_a_slice_without_a_flag_has_an_empty_one_that_is_not_none(example):
    catalog, findings = example
    high = OperatingPoint("high", (1.0,) * 6)
    flags = [row["flagged"] for row in finding_rows(catalog, findings, high)][:3]
    assert flags == ["", None, None]
