from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pydicom
import pytest
from analysis_factory import WHEN, analysis_of, only_series
from dicom_factory import uid_of, write_series

from ichviewer.dicom.catalog import read_catalog
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import SliceSource
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.earlier_reports import MOST_LOOKED_AT, reports_in, reports_of_studies
from ichviewer.results.extras import Extras
from ichviewer.results.kinds import kinds_named
from ichviewer.results.write_results import write_results

FLAGGED = {1: {"subdural": 0.75}}


@pytest.fixture
def series(tmp_path):
    return only_series(*write_series(tmp_path / "ct", n=3))


@pytest.fixture
def at(series) -> Callable[[float], SeriesAnalysis]:
    """The analysis with one threshold for all types, each an hour after the one of a lower threshold."""

    def analysis(threshold: float) -> SeriesAnalysis:
        point = OperatingPoint(f"at {threshold:g}", (threshold,) * 6)
        return analysis_of(series, FLAGGED, point=point, when=WHEN + timedelta(hours=threshold * 100))

    return analysis


@pytest.fixture
def report(tmp_path) -> Callable[..., Path]:
    """Writes the report of an analysis into one folder, whose reports it may build on."""
    folder = tmp_path / "out"

    def write(analysis: SeriesAnalysis, observer: str = "") -> Path:
        study = analysis.series.key.study_uid
        extras = Extras(observer=observer, earlier=reports_in(folder).get(study, ()))
        (path,) = write_results(analysis, folder, kinds_named(["sr"]), extras=extras)
        return path

    return write


def uid(path: Path) -> str:
    return str(pydicom.dcmread(path).SOPInstanceUID)


def named(path: Path) -> list[str]:
    """The UIDs of the predecessors of a report."""
    dataset = pydicom.dcmread(path)
    return [
        str(item.ReferencedSOPInstanceUID)
        for study in dataset.get("PredecessorDocumentsSequence", ())
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    ]


def test_a_report_made_with_other_settings_names_the_earlier_one_by_all_its_uids(at, report):
    first, second = report(at(0.5)), report(at(0.6))
    assert named(first) == []
    before, after = pydicom.dcmread(first), pydicom.dcmread(second)
    assert after.SOPInstanceUID != before.SOPInstanceUID
    (study,) = after.PredecessorDocumentsSequence
    (of_series,) = study.ReferencedSeriesSequence
    (item,) = of_series.ReferencedSOPSequence
    assert study.StudyInstanceUID == before.StudyInstanceUID
    assert of_series.SeriesInstanceUID == before.SeriesInstanceUID
    assert (item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID) == (
        before.SOPClassUID,
        before.SOPInstanceUID,
    )


def test_made_again_beside_its_predecessor_and_itself_it_is_the_same_to_the_last_byte(at, report):
    report(at(0.5))
    second = report(at(0.6))
    bytes_before = second.read_bytes()
    assert report(at(0.6)) == second
    assert second.read_bytes() == bytes_before


def test_of_a_chain_only_the_last_is_named_and_the_first_made_again_names_none(at, report):
    paths = [report(at(threshold)) for threshold in (0.5, 0.6, 0.7)]
    assert [named(path) for path in paths] == [[], [uid(paths[0])], [uid(paths[1])]]
    for threshold, path in zip((0.5, 0.6, 0.7), paths, strict=True):
        contents = path.read_bytes()
        assert report(at(threshold)).read_bytes() == contents


def test_a_report_that_was_lost_does_not_name_those_that_rest_on_it(at, report):
    first = report(at(0.5))
    own = uid(first)
    second = report(at(0.6))
    first.unlink()
    # Later than the second, so that only what the second says keeps it from being named.
    again = report(dataclasses.replace(at(0.5), analyzed_at=WHEN + timedelta(days=9)))
    assert uid(again) == own
    assert named(again) == []
    assert named(second) == [own]


def test_predecessors_are_no_part_of_the_uid(at, report, tmp_path):
    alone = write_results(at(0.6), tmp_path / "alone", kinds_named(["sr"]))
    report(at(0.5))
    assert uid(report(at(0.6))) == uid(alone[0])


def test_a_report_under_a_readers_name_names_the_one_without(at, report, tmp_path):
    first = report(at(0.5))
    kept = first.rename(first.with_name("sr_kept.dcm"))
    assert named(report(at(0.5), "Doe^Jane")) == [uid(kept)]


def test_a_report_on_fewer_images_is_named_and_one_on_more_is_not(series, at, report, tmp_path):
    some = only_series(*[info.source.path for info in series.slices[:2]])
    point = OperatingPoint("at 0.5", (0.5,) * 6)
    first = report(analysis_of(some, FLAGGED, point=point))
    whole = report(at(0.6))
    assert named(whole) == [uid(first)]
    first.unlink()
    later = analysis_of(
        some, FLAGGED, point=OperatingPoint("at 0.7", (0.7,) * 6), when=WHEN + timedelta(days=9)
    )
    assert named(report(later)) == []


def change(dataset: pydicom.Dataset, what: str) -> None:
    evidence = dataset.CurrentRequestedProcedureEvidenceSequence[0]
    images = evidence.ReferencedSeriesSequence[0]
    match what:
        case "patient":
            dataset.PatientID = "P2"
        case "birth date":
            dataset.PatientBirthDate = "19500216"
        case "study":
            dataset.StudyInstanceUID = evidence.StudyInstanceUID = uid_of("another study")
        case "series":
            images.SeriesInstanceUID = uid_of("another series")
        case "an image more":
            images.ReferencedSOPSequence[0].ReferencedSOPInstanceUID = uid_of("another image")
        case "no images":
            del dataset.CurrentRequestedProcedureEvidenceSequence
        case "maker":
            dataset.Manufacturer = "another"
        case "model":
            dataset.ManufacturerModelName = "another"
        case "class":
            dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = pydicom.uid.EnhancedSRStorage
        case "later":
            dataset.ContentDate = "20991231"
        case "no uid":
            dataset.SOPInstanceUID = ""


@pytest.mark.parametrize(
    "what",
    [
        *(
            "patient",
            "birth date",
            "study",
            "series",
            "an image more",
            "no images",
            "maker",
            "model",
            "class",
        ),
        *("later", "no uid"),
    ],
)
def test_a_report_of_another_is_never_named(at, report, what):
    first = report(at(0.5))
    dataset = pydicom.dcmread(first)
    change(dataset, what)
    dataset.save_as(first)
    assert named(report(at(0.6))) == []


def test_what_cannot_be_read_is_none_and_stops_nothing(at, report):
    first = report(at(0.5))
    folder = first.parent
    (folder / "sr_cut.dcm").write_bytes(first.read_bytes()[:700])
    (folder / "sr_text.dcm").write_text("no DICOM")
    (folder / "sr_folder.dcm").mkdir()
    (folder / "sr_gone.dcm").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "sr_pipe.dcm")
    assert named(report(at(0.6))) == [uid(first)]
    assert reports_in(folder / "nowhere") == {}


def test_a_ring_of_reports_ends(at, report):
    first, second = report(at(0.5)), report(at(0.6))
    dataset = pydicom.dcmread(first)
    dataset.PredecessorDocumentsSequence = pydicom.dcmread(second).PredecessorDocumentsSequence
    item = dataset.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    item.ReferencedSOPInstanceUID = uid(second)
    dataset.save_as(first)
    # Each names the other: none of them is the last.
    assert named(report(at(0.7))) == []


def test_in_a_folder_of_many_studies_the_reports_of_this_one_are_found(at, report):
    first = report(at(0.5))
    dataset = pydicom.dcmread(first)
    # More of others than are looked at for a series, with names before the one's.
    for number in range(MOST_LOOKED_AT + 1):
        dataset.StudyInstanceUID = uid_of("study", number)
        dataset.save_as(first.with_name(f"sr_0{number:03}.dcm"))
    assert named(report(at(0.6))) == [uid(first)]


def test_reports_of_a_folder_come_before_those_of_a_catalog(series, at, report):
    path = report(at(0.5))
    folder = series.slices[0].source.path.parent
    shutil.copy(path, folder / "report.dcm")
    found = reports_of_studies(read_catalog([folder]), path.parent)
    assert found == {series.key.study_uid: (SliceSource(path), SliceSource(folder / "report.dcm"))}


def test_reports_of_a_catalog_stand_below_their_study(series, at, report, tmp_path):
    folder = series.slices[0].source.path.parent
    shutil.copy(report(at(0.5)), folder / "report.dcm")
    found = reports_of_studies(read_catalog([folder]))
    assert found == {series.key.study_uid: (SliceSource(folder / "report.dcm"),)}
