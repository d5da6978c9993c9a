from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from analysis_factory import analysis_of, only_series
from dicom_factory import write_series
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.dicom.decode import read_slice
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.errors import DecodeError
from ichviewer.results.page_words import body, headline, ranges


@pytest.fixture
def series(tmp_path):
    return only_series(*write_series(tmp_path / "ct", n=5, rows=64, columns=64))


def test_the_page_is_a_grey_picture_of_this_study_without_words_of_the_patient(series, written):
    page = written(analysis_of(series, {1: {"subdural": 0.75}}), "sc")["sc"]
    assert (page.Modality, page.PhotometricInterpretation, page.Columns) == ("OT", "MONOCHROME2", 1024)
    assert page.BurnedInAnnotation == "NO"
    assert page.StudyInstanceUID == series.key.study_uid
    assert page.SeriesInstanceUID != series.key.series_uid
    assert page.ContentQualification == "RESEARCH"
    assert page.pixel_array.shape == (page.Rows, 1024)
    assert page.pixel_array.max() > 200


def test_pictures_are_drawn_of_flagged_slices_from_the_pixels_that_were_analyzed(series, written):
    flagged = analysis_of(series, {1: {"subdural": 0.75}})
    with_pictures = written(flagged, "sc")["sc"]
    words = written(flagged, "sc", read_slice=None)["sc"]
    assert with_pictures.Rows > words.Rows
    assert with_pictures.SOPInstanceUID != words.SOPInstanceUID
    other = written(flagged, "sc", read_slice=lambda info: read_slice(series.slices[0]))["sc"]

    def fails(info):
        raise DecodeError("gone", str(info.source))

    gone = written(flagged, "sc", read_slice=fails)["sc"]
    bright = [int((p.pixel_array[words.Rows : words.Rows + 333, :341] > 0).sum()) for p in (other, gone)]
    assert bright == [0, 0]  # nothing but words where the picture would be
    assert (with_pictures.pixel_array[words.Rows : words.Rows + 333, :341] > 0).any()


def test_the_words_name_types_slices_thresholds_and_the_model(series):
    analysis = analysis_of(series, {1: {"subdural": 0.75}, 2: {"subdural": 0.875}, 4: {"subdural": 0.625}})
    text = "\n".join((*headline(analysis), *body(analysis)))
    assert "subdural: at most 0.88 (slice 3, threshold 0.5), FLAGGED in slices 2-3, 5" in text
    assert "epidural: at most 0.12 (slice 1, threshold 0.5), below the threshold" in text
    assert "5 analyzed, 0 not analyzed" in text
    assert "RESEARCH USE ONLY" in text
    assert analysis.model_sha256[:16] in text
    assert "negative" not in text.lower()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (ProblemCode.CANCELLED, "was cancelled"),
        (ProblemCode.NOT_A_HEAD, "NOT ANALYZED"),
        (ProblemCode.ENGINE_FAILED, "NOT ANALYZED: the analysis failed"),
    ],
)
def test_what_has_no_result_says_so_at_the_top_and_names_no_type(series, code, words):
    analysis = analysis_of(series, without=dict.fromkeys(range(5), code))
    assert words in headline(analysis)[-1]
    text = "\n".join(body(analysis))
    assert "0 analyzed, 5 not analyzed" in text
    assert "5 x " in text
    assert "threshold" not in text


def test_a_series_outside_the_model_says_why(series):
    thick = Problem(ProblemCode.UNUSUAL_THICKNESS, "series", "9 mm")
    analysis = analysis_of(dataclasses.replace(series, problems=(thick,)))
    assert any("9 mm" in line for line in body(analysis))


def test_ranges_of_numbers_are_short():
    assert ranges([3]) == "3"
    assert ranges([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    assert ranges([]) == ""


@given(st.sets(st.integers(1, 3000)))
def test_ranges_of_any_numbers_fit_a_line(numbers):
    assert len(ranges(sorted(numbers))) < 160


def test_a_page_is_the_same_every_time(series, written):
    analysis = analysis_of(series, {1: {"subdural": 0.75}})
    one, two = (written(analysis, "sc")["sc"] for _ in range(2))
    np.testing.assert_array_equal(one.pixel_array, two.pixel_array)
    assert one == two
