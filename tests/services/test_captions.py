"""What stands under a picture that leaves the program."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from synthetic_head import make_series

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding, Status
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import PatientInfo, Series, StudyInfo
from ichviewer.domain.window import VoiLut, Window
from ichviewer.services.captions import (
    CaptionSettings,
    JudgedSeries,
    caption_lines,
    finding_words,
)

POINT = OperatingPoint("high_sensitivity", (0.5,) * 6)
BRAIN = Window(40.0, 80.0, name="Brain")
QUIET = (0.1, 0.0, 0.1, 0.0, 0.0, 0.0)
SUBDURAL = (0.9, 0.02, 0.03, 0.04, 0.05, 0.83)
PIXELS = DecodedSlice(SliceImage(np.zeros((4, 4), np.int16)), pixel_hash="this")


def series_of(n: int = 2) -> Series:
    return dataclasses.replace(
        make_series(n),
        patient=PatientInfo("P-77", "Doe, Jane", "1950-02-15", "F"),
        study=StudyInfo("1.2", "2024-01-31", "10:15:00", "CT of Jane Doe"),
        description="Jane 5 mm",
        number=3,
    )


def analysed(probabilities: tuple[float, ...], pixels: str = "this") -> SliceFinding:
    return SliceFinding(Status.ANALYSED, probabilities, pixel_hash=pixels)


def not_analysed(code: ProblemCode, status: Status = Status.NOT_ANALYSED) -> SliceFinding:
    return SliceFinding(status, reason=Problem(code, "/data/Jane Doe/1.dcm"))


def judged(series: Series, finding: SliceFinding) -> JudgedSeries:
    return JudgedSeries(SeriesFindings(series.key, (finding,) * len(series)), POINT, "ich-lite0 0.4.0")


def lines(
    settings: CaptionSettings, series: Series | None = None, pixels: DecodedSlice = PIXELS
) -> list[str]:
    return list(caption_lines(series or series_of(), 1, pixels, BRAIN, settings, inverted=False))


def test_nothing_of_the_patient_is_told_unless_asked() -> None:
    told = "\n".join(lines(CaptionSettings(judged=judged(series_of(), analysed(SUBDURAL)))))
    for word in ("Doe", "Jane", "P-77", "1950", "2024", "10:15"):
        assert word not in told


def test_the_patient_and_the_study_come_first_where_asked() -> None:
    assert lines(CaptionSettings(patient_data=True))[:2] == [
        "Doe, Jane · ID P-77 · F · born 1950-02-15",
        "2024-01-31 · 10:15:00 · CT of Jane Doe · series 3 · Jane 5 mm",
    ]


def test_the_slice_and_its_window_are_told() -> None:
    told = lines(CaptionSettings())
    assert told[0].startswith("Slice 2 of 2 · position ")
    assert told[1] == "Brain: center 40, width 80 HU"
    assert len(lines(CaptionSettings(window=False))) == 1


def test_inversion_color_and_tables_are_told() -> None:
    series = series_of()
    table = VoiLut(0, 8, np.arange(4, dtype=np.uint16))
    assert caption_lines(series, 0, PIXELS, table, CaptionSettings(), inverted=True)[1] == (
        "Lookup table of the file, inverted"
    )
    color = dataclasses.replace(PIXELS, rgb=np.zeros((4, 4, 3), np.uint8))
    assert caption_lines(series, 0, color, BRAIN, CaptionSettings(), inverted=False)[1] == "Color image"


def test_a_flag_names_the_types_the_model_the_thresholds_and_what_the_program_is_not() -> None:
    series = series_of()
    told = lines(CaptionSettings(judged=judged(series, analysed(SUBDURAL))), series)
    assert told[2:] == [
        "Flagged: subdural 0.83",
        f"ich-lite0 0.4.0 · high sensitivity thresholds · {DISCLAIMER}",
    ]


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (not_analysed(ProblemCode.NO_BRAIN_IN_SLICE), "Not analyzed: no brain inside a skull in this slice"),
        (not_analysed(ProblemCode.NOT_YET_ANALYSED), "Not analyzed yet"),
        (
            not_analysed(ProblemCode.BROKEN_VALUE),
            "Not analyzed: a header value is malformed and was not used",
        ),
        (
            not_analysed(ProblemCode.DECODE_FAILED, Status.FAILED),
            "Failed: the pixel data could not be decoded",
        ),
        (analysed(QUIET), "Analyzed: nothing over its threshold"),
        (analysed((0.6, 0.1, 0.1, 0.1, 0.1, 0.1)), "Flagged: any 0.60"),
        (analysed((0.999, 0.999, 0.1, 0.1, 0.1, 0.1)), "Flagged: epidural >0.99"),
    ],
)
def test_findings_in_words(finding: SliceFinding, words: str) -> None:
    assert finding_words(finding, POINT) == words


@pytest.mark.parametrize("code", ProblemCode)
@pytest.mark.parametrize("status", [Status.NOT_ANALYSED, Status.FAILED])
def test_no_reason_reads_like_a_negative(code: ProblemCode, status: Status) -> None:
    words = finding_words(not_analysed(code, status), POINT).lower()
    assert words.startswith(("not analyzed", "failed"))
    assert words.count("not analyzed") <= 1
    for word in ("negative", "normal", "no hemorrhage", "no blood", "clear", "nothing over"):
        assert word not in words


def test_a_finding_of_other_pixels_is_left_out() -> None:
    series = series_of()
    told = "\n".join(lines(CaptionSettings(judged=judged(series, analysed(SUBDURAL, "others"))), series))
    assert "left out" in told
    assert "0.83" not in told


def test_a_series_outside_the_model_says_so_beside_the_finding() -> None:
    series = dataclasses.replace(series_of(), problems=(Problem(ProblemCode.CONTRAST_MEDIUM, "series"),))
    told = lines(CaptionSettings(judged=judged(series, analysed(QUIET))), series)
    assert told[2] == "Analyzed: nothing over its threshold, outside what the model knows"


def test_findings_of_another_series_are_refused() -> None:
    series = series_of()
    other = JudgedSeries(SeriesFindings(series.key, (analysed(QUIET),)), POINT, "m 1")
    with pytest.raises(ValueError, match=r"Received: .* 1 slices"):
        lines(CaptionSettings(judged=other), series)
    with pytest.raises(ValueError, match="Received: nothing"):
        dataclasses.replace(other, model=" ")


def test_what_was_repaired_or_doubted_is_told_without_where_it_lies() -> None:
    problems = (
        Problem(ProblemCode.LOSSY_COMPRESSION, "/data/Jane Doe/1.dcm", "ratio 12"),
        Problem(ProblemCode.GANTRY_TILT, "series"),
        Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "/data/Jane Doe/1.dcm"),
    )
    told = lines(CaptionSettings(window=False), pixels=dataclasses.replace(PIXELS, problems=problems))
    assert told[1:] == [
        "The pixel data is cut short; missing rows are blank",
        "The image was compressed with loss; fine detail is altered",
    ]


def test_words_of_files_are_printable() -> None:
    patient = PatientInfo("1", "Doe\u202e\n\x1b[2J")
    told = lines(CaptionSettings(patient_data=True), dataclasses.replace(series_of(), patient=patient))
    assert told[0] == r"Doe\u202e\n\u001b[2J · ID 1"
