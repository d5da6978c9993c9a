from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import pydicom
import pytest

import ichviewer
from ichviewer.errors import ArgumentError, ExportError, ReadError


@pytest.fixture
def findings(head: Path, tiny: Path) -> ichviewer.Findings:
    return ichviewer.annotate(head, tiny)


def test_the_csv_and_its_json_are_those_of_the_command(findings: ichviewer.Findings) -> None:
    table, sidecar = ichviewer.write_csv(findings, "f.csv")
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["status"] for row in rows] == ["analysed"] * 4
    said = json.loads(sidecar.read_text(encoding="utf-8"))
    assert said["csv_sha256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert said["time"] == findings.analyzed_at.isoformat(timespec="seconds")
    assert (said["model"]["name"], said["operating_point"]) == ("tiny", findings.point.name)


def test_nothing_that_was_opened_or_found_is_written_onto(head: Path, tiny: Path) -> None:
    note = head / "note.csv"
    note.write_text("somebody's", encoding="utf-8")
    catalog = ichviewer.open_study(head)
    for subject in (head, catalog):
        findings = ichviewer.annotate(subject, tiny)
        for path in (note, head / "IM0"):
            before = path.read_bytes()
            with pytest.raises(ExportError, match="read or found"):
                ichviewer.write_csv(findings, path)
            assert path.read_bytes() == before


def test_what_came_into_an_opened_folder_later_is_not_written_onto_either(head: Path, tiny: Path) -> None:
    findings = ichviewer.annotate(head, tiny)
    late = head / "late.csv"
    late.write_text("somebody's", encoding="utf-8")
    with pytest.raises(ExportError, match="read or found"):
        ichviewer.write_csv(findings, late)
    assert late.read_text(encoding="utf-8") == "somebody's"


def test_objects_are_written_for_the_series_and_the_same_again(
    findings: ichviewer.Findings, head: Path
) -> None:
    paths = ichviewer.write_results(findings, "results")
    (series,) = findings.series
    assert paths
    for path in paths:
        assert pydicom.dcmread(path).StudyInstanceUID == series.key.study_uid
    before = {path: path.read_bytes() for path in paths}
    assert ichviewer.write_results(findings, Path("results")) == paths
    assert {path: path.read_bytes() for path in paths} == before


def test_a_report_names_the_one_of_other_settings_in_its_folder(
    findings: ichviewer.Findings, head: Path, tiny: Path
) -> None:
    (first,) = ichviewer.write_results(findings, "results", "sr")
    other = ichviewer.annotate(head, tiny, operating_point="high_sensitivity")
    (second,) = ichviewer.write_results(other, "results", "sr")
    (study,) = pydicom.dcmread(second).PredecessorDocumentsSequence
    (series,) = study.ReferencedSeriesSequence
    (named,) = series.ReferencedSOPSequence
    assert named.ReferencedSOPInstanceUID == pydicom.dcmread(first).SOPInstanceUID


@pytest.mark.parametrize("objects", ["sr", ["sr"], ("SR",), {"sr"}, iter(["sr"])])
def test_objects_can_be_chosen(findings: ichviewer.Findings, objects: object) -> None:
    (path,) = ichviewer.write_results(findings, "results", objects)  # type: ignore[arg-type]
    assert path.name.startswith("sr_")


def test_wrong_arguments_are_named(findings: ichviewer.Findings) -> None:
    with pytest.raises(ArgumentError, match=r"write_csv\(findings\)"):
        ichviewer.write_csv(findings.to_dataframe, "f.csv")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"write_csv\(path\)"):
        ichviewer.write_csv(findings, None)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"write_results\(folder\)"):
        ichviewer.write_results(findings, 1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"write_results\(objects\)"):
        ichviewer.write_results(findings, "r", [1])  # type: ignore[list-item]
    with pytest.raises(ArgumentError, match="window only"):
        ichviewer.write_results(findings, "r", ["pdf"])
    with pytest.raises(ExportError, match="no kind"):
        ichviewer.write_results(findings, "r", ["no such"])
    with pytest.raises(ExportError):
        ichviewer.write_csv(findings, "no/such/folder/f.csv")
    assert list(Path().iterdir()) == []


def test_objects_of_images_that_vanished_are_an_error(findings: ichviewer.Findings, head: Path) -> None:
    shutil.rmtree(head)
    with pytest.raises(ReadError):
        ichviewer.write_results(findings, "results")
    assert list(Path("results").iterdir()) == []


def test_writing_objects_can_be_cancelled(findings: ichviewer.Findings) -> None:
    token = ichviewer.CancelToken()
    with pytest.raises(ichviewer.Cancelled):
        ichviewer.write_results(findings, "results", cancel=token, progress=lambda *_: token.cancel())
    assert list(Path("results").iterdir()) == []
