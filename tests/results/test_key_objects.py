from __future__ import annotations

import highdicom as hd
from analysis_factory import analysis_of, only_series
from dicom_factory import make_enhanced, write, write_series
from pydicom.sr.codedict import codes

from ichviewer.domain.problems import ProblemCode


def references(document) -> list:
    return [item for item in document.ContentSequence if item.ValueType == "IMAGE"]


def test_the_flagged_slices_are_selected_and_no_others(tmp_path, written):
    series = only_series(*write_series(tmp_path / "ct", n=5))
    analysis = analysis_of(series, {1: {"subdural": 0.75}, 3: {"epidural": 0.5}}, {4: ProblemCode.CANCELLED})
    document = written(analysis, "ko", observer="Doe^Jane")["ko"]
    selection = hd.ko.KeyObjectSelectionDocument.from_dataset(document)
    assert selection.content[0].name == codes.DCM.OfInterest
    uids = [item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for item in references(document)]
    assert uids == [series.slices[1].sop_uid, series.slices[3].sop_uid]
    for uid in uids:
        assert selection.resolve_reference(uid) == (series.key.study_uid, series.key.series_uid, uid)
    (text,) = (
        item.TextValue
        for item in document.ContentSequence
        if item.ValueType == "TEXT" and item.ConceptNameCodeSequence[0].CodeValue == "113012"
    )
    assert text.startswith("Research use")
    types = [i.ConceptCodeSequence[0].CodeMeaning for i in document.ContentSequence if i.ValueType == "CODE"]
    assert types == ["Person", "Device"]


def test_where_nothing_was_flagged_there_is_no_selection(tmp_path, written):
    series = only_series(*write_series(tmp_path / "ct", n=2))
    assert written(analysis_of(series), "ko") == {}


def test_flagged_frames_of_one_file_are_named_in_one_reference(tmp_path, written):
    series = only_series(write(tmp_path / "e", make_enhanced(4)))
    document = written(analysis_of(series, {i: {"subdural": 0.75} for i in (1, 3)}), "ko")["ko"]
    (item,) = references(document)
    assert list(item.ReferencedSOPSequence[0].ReferencedFrameNumber) == [2, 4]
    document = written(analysis_of(series, {2: {"subdural": 0.75}}), "ko")["ko"]
    assert references(document)[0].ReferencedSOPSequence[0].ReferencedFrameNumber == 3
