from __future__ import annotations

import dataclasses

import highdicom as hd
import pytest
from analysis_factory import HALF, analysis_of, only_series
from dicom_factory import make_enhanced, make_slice, write, write_series
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.sr.codedict import codes

from ichviewer.domain.identity import series_identity
from ichviewer.domain.labels import LABELS
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.model_spec import ModelSpec, Output, Scope, Unit
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import ExportError
from ichviewer.results.codes import FINDINGS, PRIVATE
from ichviewer.results.extras import Extras
from ichviewer.results.kinds import kinds_named
from ichviewer.results.write_results import make_results

FLAGGED = {1: {"subdural": 0.75}, 3: {"epidural": 0.5, "subdural": 0.625}}


def read_back(dataset) -> hd.sr.Comprehensive3DSR:
    return hd.sr.Comprehensive3DSR.from_dataset(dataset)


def groups(document) -> dict[str, object]:
    """Measurement groups by tracking identifier, in order."""
    found = document.content.get_image_measurement_groups()
    return {group.tracking_identifier: group for group in found}


def numbers(group) -> dict[str, float]:
    return {m.name.meaning: m.value for m in group.get_measurements()}


def texts(group) -> dict[str, str]:
    return {
        item.name.meaning: item.value
        for item in group[0].ContentSequence
        if item.ValueType == "TEXT" and item.RelationshipType == "CONTAINS"
    }


def evaluations(group) -> dict[str, str]:
    found = {e.name.meaning: e.value.value for e in group.get_qualitative_evaluations()}
    assert found.pop("Algorithm Family") == "123110"  # highdicom counts it among them
    return found


@pytest.fixture
def series(tmp_path):
    return only_series(*write_series(tmp_path / "ct", n=5))


def test_each_flagged_slice_and_type_has_a_group_with_its_numbers_and_its_image(series, written):
    analysis = analysis_of(series, FLAGGED)
    found = groups(read_back(written(analysis, "sr")["sr"]))
    assert list(found) == [
        "Series",
        "Slice 2, any",
        "Slice 2, subdural",
        "Slice 4, any",
        "Slice 4, epidural",
        "Slice 4, subdural",
    ]
    for name, index, code, probability in (
        ("Slice 2, any", 1, ("1386000", "SCT"), 0.75),
        ("Slice 2, subdural", 1, ("35486000", "SCT"), 0.75),
        ("Slice 4, epidural", 3, ("82999001", "SCT"), 0.5),
        ("Slice 4, subdural", 3, ("35486000", "SCT"), 0.625),
    ):
        group = found[name]
        assert (group.finding_type.value, group.finding_type.scheme_designator) == code
        assert numbers(group) == {"Probability": probability, "Threshold Value": 0.5}
        assert evaluations(group) == {"Operating point": "balanced"}
        (image,) = group.source_images
        assert image.referenced_sop_instance_uid == series.slices[index].sop_uid
        assert image.referenced_frame_numbers is None
        assert texts(group) == {
            "Hash of the pixels the values were computed from": analysis.findings.slices[index].pixel_hash
        }


def test_the_series_has_one_group_with_counts_and_the_whole_algorithm(series, written):
    analysis = analysis_of(series, FLAGGED, {0: ProblemCode.NO_BRAIN_IN_SLICE})
    group = groups(read_back(written(analysis, "sr")["sr"]))["Series"]
    found = numbers(group)
    assert [found[f"Slices {what}"] for what in ("in the series", "analyzed", "not analyzed", "flagged")] == [
        5,
        4,
        1,
        2,
    ]
    assert found["Probability of intracranial hemorrhage in the series"] == 0.75
    assert found["Probability of subdural hemorrhage in the series"] == 0.75
    assert found["Probability of epidural hemorrhage in the series"] == 0.5
    assert found["Probability of subarachnoid hemorrhage in the series"] == 0.125
    assert evaluations(group)["State of the analysis"] == "DONE"
    algorithm = {
        (item.name.meaning, item.value)
        for item in group[0].ContentSequence
        if item.name.meaning.startswith("Algorithm") and item.ValueType == "TEXT"
    }
    assert ("Algorithm Name", "tiny") in algorithm
    assert ("Algorithm Version", analysis.card.version) in algorithm
    assert ("Algorithm Parameters", f"model_sha256={analysis.card.litert_sha256}") in algorithm
    assert ("Algorithm Parameters", "threshold_any=0.5") in algorithm
    assert "medical device" in texts(group)["Comment"]


def test_what_was_not_analyzed_stands_there_with_its_reason_and_its_slices(series, written):
    without = {
        0: ProblemCode.NO_BRAIN_IN_SLICE,
        2: ProblemCode.DECODE_FAILED,
        4: ProblemCode.NO_BRAIN_IN_SLICE,
    }
    document = read_back(written(analysis_of(series, FLAGGED, without), "sr")["sr"])
    found = groups(document)
    names = ["Not analyzed: not_analysed, no_brain_in_slice", "Not analyzed: failed, decode_failed"]
    assert list(found)[-2:] == names
    assert [numbers(found[name])["Slices not analyzed"] for name in names] == [2, 1]
    reason = "Reason why slices were not analyzed"
    assert [evaluations(found[name])[reason] for name in names] == ["NO_BRAIN_IN_SLICE", "DECODE_FAILED"]
    assert [[i.referenced_sop_instance_uid for i in found[name].source_images] for name in names] == [
        [series.slices[0].sop_uid, series.slices[4].sop_uid],
        [series.slices[2].sop_uid],
    ]
    assert all(found[name].finding_type is None for name in names)
    assert evaluations(found["Series"])["State of the analysis"] == "PARTLY"
    assert document.CompletionFlag == "COMPLETE"


def test_a_cancelled_analysis_is_a_partial_document_without_an_answer_for_the_series(series, written):
    without = dict.fromkeys((3, 4), ProblemCode.CANCELLED)
    document = read_back(written(analysis_of(series, {1: FLAGGED[1]}, without), "sr")["sr"])
    group = groups(document)["Series"]
    assert document.CompletionFlag == "PARTIAL"
    assert not [name for name in numbers(group) if name.startswith("Probability")]
    assert evaluations(group)["State of the analysis"] == "CANCELLED"
    assert "Not analyzed: not_analysed, cancelled" in groups(document)


def test_a_series_without_any_result_says_so_and_says_nothing_else(series, written):
    without = dict.fromkeys(range(5), ProblemCode.NOT_A_HEAD)
    objects = written(analysis_of(series, without=without))
    assert "ko" not in objects
    found = groups(read_back(objects["sr"]))
    assert list(found) == ["Series", "Not analyzed: not_analysed, not_a_head"]
    assert not [name for name in numbers(found["Series"]) if name.startswith("Probability")]
    assert evaluations(found["Series"])["State of the analysis"] == "REFUSED"


@settings(max_examples=15)
@given(st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_no_object_ever_says_negative_or_names_a_slice_that_was_not_analyzed_as_a_finding(
    tmp_path_factory, flagged, missing
):
    series = _same_series(tmp_path_factory)
    analysis = analysis_of(
        series, {i: {"subdural": 0.9} for i in flagged}, dict.fromkeys(missing, ProblemCode.ENGINE_FAILED)
    )
    (document,) = (item.dataset for item in make_results(analysis, kinds_named(["sr"])))
    words = str(document).lower()
    assert "negative" not in words
    assert "without findings" not in words
    uids = {series.slices[i].sop_uid for i in missing}
    for group in groups(read_back(document)).values():
        if group.finding_type is not None:
            assert not uids & {image.referenced_sop_instance_uid for image in group.source_images}


_SERIES: list = []


def _same_series(tmp_path_factory):
    if not _SERIES:
        _SERIES.append(only_series(*write_series(tmp_path_factory.mktemp("ct"), n=5)))
    return _SERIES[0]


def test_the_device_observes_and_a_person_when_there_is_one(series, written):
    analysis = analysis_of(series)
    alone = read_back(written(analysis, "sr")["sr"])
    assert [c.observer_type for c in alone.content.get_observer_contexts()] == [codes.DCM.Device]
    (device,) = alone.content.get_observer_contexts()
    assert device.observer_identifying_attributes.manufacturer_name == "ichviewer"
    both = read_back(written(analysis, "sr", observer="Doe^Jane")["sr"])
    person, _device = both.content.get_observer_contexts()
    assert str(person.observer_identifying_attributes.name) == "Doe^Jane"
    assert both.SOPInstanceUID != alone.SOPInstanceUID


def test_frames_of_a_multi_frame_file_are_named(tmp_path, written):
    series = only_series(write(tmp_path / "e", make_enhanced(4)))
    analysis = analysis_of(
        series, {2: {"subdural": 0.75}}, dict.fromkeys((0, 3), ProblemCode.NO_BRAIN_IN_SLICE)
    )
    found = groups(read_back(written(analysis, "sr")["sr"]))
    (image,) = found["Slice 3, subdural"].source_images
    assert image.referenced_sop_instance_uid == series.slices[2].sop_uid
    assert image.referenced_frame_numbers == [3]
    (image,) = found["Not analyzed: not_analysed, no_brain_in_slice"].source_images
    assert image.referenced_frame_numbers == [1, 4]


def test_all_images_are_evidence_once(series, tmp_path, written):
    document = written(analysis_of(series), "sr")["sr"]
    (study,) = document.CurrentRequestedProcedureEvidenceSequence
    (of_series,) = study.ReferencedSeriesSequence
    assert study.StudyInstanceUID == series.key.study_uid
    assert of_series.SeriesInstanceUID == series.key.series_uid
    assert [i.ReferencedSOPInstanceUID for i in of_series.ReferencedSOPSequence] == [
        i.sop_uid for i in series.slices
    ]


def test_the_private_scheme_is_identified_and_every_type_has_its_own_code(series, written):
    assert len({(c.scheme, c.value) for c in FINDINGS.values()}) == len(LABELS)
    document = written(analysis_of(series), "sr")["sr"]
    (scheme,) = document.CodingSchemeIdentificationSequence
    assert scheme.CodingSchemeDesignator == PRIVATE


def test_further_models_stand_under_their_own_names_with_what_they_did_not_measure(series, written):
    spec = ModelSpec(
        "volume",
        "volumetry 1.0",
        (
            Output("blood", "Volume of blood", "VOL", Scope.SERIES, Unit.ML, 1),
            Output("shift", "Midline shift", "MLS", Scope.SERIES, Unit.MM, 1),
        ),
    )
    result = ModelResult(
        series.key, series_identity(series), spec, (12.5, NotMeasured("no midline found")), ("",) * 5
    )
    group = groups(read_back(written(analysis_of(series, further=[result]), "sr")["sr"]))[
        "Further model volume"
    ]
    (measured,) = group.get_measurements()
    assert (measured.name.meaning, measured.value, measured.unit.value) == ("Volume of blood", 12.5, "mL")
    assert texts(group) == {"Not measured": "Midline shift: no midline found"}


def test_an_operating_point_of_any_name_has_a_code(series, written):
    for name in ("höchste Empfindlichkeit \\ 1", "x" * 200, "*"):
        point = OperatingPoint(name, HALF.thresholds)
        document = written(analysis_of(series, FLAGGED, point=point), "sr")["sr"]
        assert evaluations(groups(read_back(document))["Series"])["Operating point"]


def test_a_model_of_any_name_is_named_in_ascii(series, written):
    analysis = analysis_of(series)
    card = dataclasses.replace(analysis.card, name="Modell-ü\n" * 40, version="")
    document = written(dataclasses.replace(analysis, card=card), "sr")["sr"]
    assert "unnamed" in str(document)
    assert str(document).isascii()


def test_two_thousand_slices_make_one_report(tmp_path, written):
    series = only_series(*write_series(tmp_path / "ct", n=1))
    many = dataclasses.replace(
        series,
        slices=tuple(
            dataclasses.replace(series.slices[0], sop_uid=f"{series.slices[0].sop_uid[:40]}.{i}")
            for i in range(2000)
        ),
    )
    analysis = analysis_of(many, {i: {"subdural": 0.9} for i in range(0, 2000, 4)}, decode=False)
    document = written(analysis, "sr")["sr"]
    # One of the series, and for each of 500 flagged slices "any" and "subdural".
    assert len(document.ContentSequence[-1].ContentSequence) == 1 + 2 * 500


def test_a_localizer_has_no_report(tmp_path):
    series = only_series(write(tmp_path / "IM0", make_slice(image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))))
    with pytest.raises(ExportError, match="localizer"):
        make_results(
            analysis_of(series, without={0: ProblemCode.LOCALIZER}), kinds_named(["sr"]), extras=Extras()
        )
