"""What a report says: everything it must, nothing it must not."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_builders import make_series
from report_builders import (
    MODEL,
    NOW,
    POINT,
    QUIET,
    RULE,
    SUBDURAL,
    analysed,
    findings_of,
    missing,
    plain_slice,
    whole_source,
)

from ichviewer.disclaimer import DISCLAIMER
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import Status
from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.ui.report.assembling import NO_PATIENT, report_content
from ichviewer.ui.report.content import (
    Fact,
    KeyImage,
    Paragraph,
    ReportContent,
    Section,
    Table,
)
from ichviewer.ui.report.measurements import Measurement
from ichviewer.ui.report.source import ReportSource, key_slices, slices_words


def made(source: ReportSource, *, patient_data: bool = True) -> ReportContent:
    return report_content(source, patient_data=patient_data, now=NOW)


def section(content: ReportContent, heading: str) -> Section:
    return next(s for s in content.sections if s.heading == heading)


def texts(content: ReportContent, heading: str) -> list[str]:
    return [block.text for block in section(content, heading).blocks if isinstance(block, Paragraph)]


def table(content: ReportContent, heading: str) -> Table:
    return next(block for block in section(content, heading).blocks if isinstance(block, Table))


def images(content: ReportContent) -> list[KeyImage]:
    return [b for s in content.sections for b in s.blocks if isinstance(b, KeyImage)]


def test_it_names_patient_study_series_model_program_and_date() -> None:
    text = made(whole_source()).text()
    for part in (
        "Patient: DOE, JANE",
        "ID: 4711",
        "Born: 1960-02-29",
        "Study: CT head",
        "Date: 2024-02-28 09:41:12",
        "Series: 3 · Head 5 mm",
        "Slices: 10 of 96 x 96 px",
        "Thickness: 5 mm",
        "Position: 0.0 mm to 45.0 mm",
        "Model: ich 1.0",
        "Thresholds: Balanced",
        "Engine: litert",
        DISCLAIMER,
        "2026-03-04 05:06",
    ):
        assert part in text


def test_each_type_has_its_probability_slice_threshold_and_flags() -> None:
    found = table(made(whole_source()), "Findings")
    assert found.columns == ("Type", "Whole series", "Highest slice", "Where", "Threshold", "Slices flagged")
    assert found.rows[0] == ("Any hemorrhage", "0.90", "0.90", "slice 5 (20.0 mm)", "0.5", "1")
    assert found.rows[5] == ("Subdural", "0.83", "0.83", "slice 5 (20.0 mm)", "0.4", "1")
    assert found.rows[1] == ("Epidural", "0.02", "0.02", "slice 2 (5.0 mm)", "0.4", "0")
    assert found.strong == {0, 5}
    assert texts(made(whole_source()), "Findings")[0] == "8 of 10 slices were analyzed; 1 is flagged."


def test_the_answer_for_the_series_is_that_of_the_models_rule() -> None:
    source = whole_source(model=dataclasses.replace(MODEL, series_rule=RULE))
    content = made(source)
    expected = source.judged().whole(RULE)
    assert expected is not None
    assert table(content, "Findings").rows[5][1] == f"{expected[5]:.2f}" != "0.83"
    assert "the model's rule pools" in texts(content, "Findings")[-1]
    assert "Series rule: pooled over the analyzed slices" in content.text()


def test_slices_without_an_answer_have_a_section_of_their_own_with_reasons() -> None:
    content = made(whole_source())
    assert texts(content, "Not analyzed") == [
        "1 of 10 slices not analyzed, 1 failed. Not analyzed does not mean negative."
    ]
    assert table(content, "Not analyzed").rows == (
        ("Not analyzed: no brain inside a skull in this slice", "1", "1"),
        ("Failed: the pixel data could not be decoded", "1", "10"),
    )


def test_what_was_repaired_doubted_or_is_outside_the_model_is_told() -> None:
    content = made(whole_source())
    assert texts(content, "Repaired, doubted, outside what the model knows") == [
        "Uneven slice distances: 3 to 7 mm",
        "The image was compressed with loss; fine detail is altered: ratio 12 (slice 6)",
    ]
    assert any("outside what the model knows" in text for text in texts(content, "Findings"))


def test_nothing_flagged_is_never_called_negative() -> None:
    series = make_series(2)
    content = made(ReportSource(series, findings_of(series, analysed(QUIET), analysed(QUIET)), MODEL))
    assert texts(content, "Findings")[0] == (
        "2 of 2 slices were analyzed; none of them is over a threshold. That does not rule hemorrhage out."
    )
    assert texts(content, "Not analyzed") == ["No slice was left out."]


@pytest.mark.parametrize("code", [c for c in ProblemCode if c is not ProblemCode.CANCELLED])
@pytest.mark.parametrize("status", [Status.NOT_ANALYSED, Status.FAILED])
def test_a_series_without_any_answer_says_so_and_shows_no_number(code: ProblemCode, status: Status) -> None:
    series = make_series(2)
    content = made(
        ReportSource(series, findings_of(series, missing(code, status), missing(code, status)), MODEL)
    )
    found = section(content, "Findings")
    assert not any(isinstance(block, Table) for block in found.blocks)
    assert texts(content, "Findings")[0] == (
        "None of 2 slices was analyzed. That says nothing about hemorrhage."
    )
    words = content.text().lower().replace("does not mean negative", "")
    assert "negative" not in words
    assert "normal" not in words


def test_a_series_that_was_never_analyzed_says_why() -> None:
    series = dataclasses.replace(make_series(3), modality="MR")
    content = made(ReportSource(series, None, None))
    assert table(content, "Not analyzed").rows == (("Not analyzed: not a CT image", "3", "1–3"),)
    assert "There was no model" in content.text()


def test_an_analysis_that_was_stopped_gives_no_answer_for_the_series() -> None:
    series = make_series(2)
    content = made(
        ReportSource(series, findings_of(series, analysed(SUBDURAL), missing(ProblemCode.CANCELLED)), MODEL)
    )
    assert table(content, "Findings").rows[0][1] == "–"
    assert texts(content, "Findings")[0].endswith("1 is flagged. The analysis was cancelled.")
    assert "did not come to all slices" in texts(content, "Findings")[-1]


def test_a_finding_of_other_pixels_is_taken_back() -> None:
    series = make_series(2)
    found = findings_of(series, analysed(SUBDURAL, "then"), analysed(QUIET, "then"))
    content = made(ReportSource(series, found, MODEL, {0: plain_slice("now"), 1: plain_slice("then")}))
    assert "0.83" not in content.text()
    assert images(content)[0].lines[1] == "Failed: the file changed after it was listed"
    assert images(content)[1].lines[1] == "Analyzed: nothing over its threshold"
    assert table(content, "Not analyzed").rows[0][0] == "Failed: the file changed after it was listed"


def test_key_images_show_the_brain_window_and_where_they_lie() -> None:
    content = made(whole_source())
    (image,) = images(content)
    assert image.lines == ("Slice 5 of 10 · 20.0 mm", "Subdural 0.83")
    assert "Brain 40/80 HU (center/width)." in texts(content, "Key images")
    # 68 HU of the lens of blood: (68 - 39.5) / 79 + 0.5 = 0.861 of 255; 32 HU of brain: 0.405.
    assert {int(image.pixels[48, 20]), int(image.pixels[48, 60])} == {219, 103}


def test_color_images_are_shown_in_color_and_without_a_window() -> None:
    rgb = np.full((32, 32, 3), (9, 8, 7), np.uint8)
    series = make_series(1)
    decoded = DecodedSlice(plain_slice().image, rgb=rgb)
    content = made(ReportSource(series, None, None, {0: decoded}))
    assert images(content)[0].pixels.tolist() == rgb.tolist()
    assert texts(content, "Key images") == []


def test_key_images_that_cannot_be_read_are_told() -> None:
    content = made(whole_source(pixels={}, unread=(4, 5)))
    assert texts(content, "Key images") == ["Not shown, because they could not be read: slices 5–6."]


def test_measurements_are_a_table_and_left_out_where_there_are_none() -> None:
    shift = Measurement("Midline shift", 4, ("6.2 mm to the patient's left",))
    area = Measurement("Ellipse", 5, ("Area 12.0 mm²", "Mean 61.5 HU"), "lens\nof blood")
    content = made(whole_source(measurements=(shift, area, Measurement("Key image", None))))
    found = table(content, "Measurements")
    assert found.columns == ("What", "Slice", "Measured", "Words")
    assert found.rows == (
        ("Midline shift", "5 (20.0 mm)", "6.2 mm to the patient's left", ""),
        ("Ellipse", "6 (25.0 mm)", "Area 12.0 mm² · Mean 61.5 HU", "lens of blood"),
        ("Key image", "on no slice", "–", ""),
    )
    assert table(made(whole_source(measurements=(shift,))), "Measurements").columns == (
        "What",
        "Slice",
        "Measured",
    )
    assert "Measurements" not in made(whole_source()).text()
    for build in (
        lambda: Measurement(" ", 1),
        lambda: Measurement("Length", -1),
        lambda: whole_source(measurements=(Measurement("Length", 10),)),
    ):
        with pytest.raises(ValueError, match="Received"):
            build()


def test_what_a_length_in_pixels_or_of_an_estimated_spacing_means_is_told_once() -> None:
    estimated, pixels = "the pixel spacing is an estimate", "no pixel spacing"
    content = made(
        whole_source(
            measurements=(
                Measurement("Length", 0, ("≈ 3.0 mm (estimated)",), remarks=(estimated,)),
                Measurement("Length", 1, ("≈ 4.0 mm (estimated)",), remarks=(estimated,)),
                Measurement("Length", 2, ("5.0 pixels",), remarks=(pixels,)),
            )
        )
    )
    assert texts(content, "Measurements") == ["The pixel spacing is an estimate.", "No pixel spacing."]


def test_a_key_image_says_that_it_was_marked_only_on_the_pixels_that_were() -> None:
    series = make_series(2)
    shown = {0: plain_slice("now"), 1: plain_slice("now")}
    content = made(ReportSource(series, None, None, shown, marked=frozenset({(0, "then"), (1, "now")})))
    assert [image.lines[2:] for image in images(content)] == [(), ("Marked as a key image",)]


SECRETS = ("Zebra", "P-77", "1950-02-15", "2024-01-31", "10:15:00", "ACC-9", "Jane's head", "Visit", "K-Jane")


def test_without_patient_data_no_text_of_the_file_is_left() -> None:
    source = whole_source()
    secret = Problem(ProblemCode.BROKEN_VALUE, "/data/Zebra/5.dcm", "PatientName 'Zebra^Jane'")
    contrast = Problem(ProblemCode.CONTRAST_MEDIUM, "series Jane's head", "Zebra agent")
    series = dataclasses.replace(
        source.series,
        patient=PatientInfo("P-77", "Zebra, Jane", "1950-02-15", "F", 74.0),
        study=StudyInfo("1", "2024-01-31", "10:15:00", "Visit of Jane", "ACC-9"),
        description="Jane's head",
        kernel="K-Jane",
        contrast_agent="Zebra agent",
        modality="Zebra",
        problems=(secret, contrast),
    )
    written = (Measurement("Text", 4, (), "Jane"), Measurement("Length", 4, ("3.0 mm",)))
    source = dataclasses.replace(source, series=series, measurements=written)
    named = made(source).text()
    assert all(word in named for word in SECRETS)
    content = made(source, patient_data=False)
    assert [word for word in (*SECRETS, "Jane", "74") if word in content.text()] == []
    assert content.head == NO_PATIENT
    assert "A header value is malformed" in content.text()
    assert "Contrast medium seems" in content.text()
    assert "Subdural\t0.83" in content.text()
    assert [row[2:] for row in table(content, "Measurements").rows] == [("–", "Words hidden"), ("3.0 mm", "")]


def test_key_slices_are_the_strongest_of_each_type_then_of_any() -> None:
    series = make_series(6)
    epidural, both = (0.7, 0.7, 0.1, 0.1, 0.1, 0.1), (0.95, 0.45, 0.1, 0.1, 0.1, 0.95)
    found = findings_of(
        series,
        analysed(QUIET),
        analysed(SUBDURAL),
        analysed(both),
        analysed(SUBDURAL),
        analysed(epidural),
        missing(),
    )
    # Subdural is likeliest in slice 3, epidural in slice 5; of the others 2 and 4 are alike.
    assert key_slices(found, POINT) == (1, 2, 3, 4)
    assert key_slices(findings_of(series, *[analysed(QUIET)] * 6), POINT) == ()
    assert key_slices(None, POINT) == ()
    assert key_slices(found, None) == ()


def test_no_more_than_four_slices_are_key() -> None:
    series = make_series(9)
    found = findings_of(series, *[analysed((0.6 + i / 100, 0, 0, 0, 0, 0.6 + i / 100)) for i in range(9)])
    assert key_slices(found, POINT) == (5, 6, 7, 8)


@given(st.sets(st.integers(0, 30)))
def test_numbers_of_slices_are_told_in_runs_and_none_is_lost(indices: set[int]) -> None:
    told: set[int] = set()
    for part in slices_words(tuple(sorted(indices))).split(", ") if indices else []:
        first, _, last = part.partition("–")
        told |= set(range(int(first) - 1, int(last or first)))
    assert told == indices


def test_a_source_that_does_not_fit_together_is_refused() -> None:
    series = make_series(2)
    found = findings_of(series, analysed(QUIET), analysed(QUIET))
    for build in (
        lambda: ReportSource(series, findings_of(series, analysed(QUIET)), MODEL),
        lambda: ReportSource(series, found, None),
        lambda: ReportSource(series, found, MODEL, {2: plain_slice()}),
        lambda: ReportSource(make_series(9), None, None, {i: plain_slice() for i in range(5)}),
    ):
        with pytest.raises(ValueError, match="Received"):
            build()


def test_content_that_cannot_be_is_refused() -> None:
    image = KeyImage(np.zeros((4, 8), np.uint8), PixelSpacing(2.0, 1.0), ("Slice 1",))
    assert image.aspect == 1.0  # twice as many columns, each half as wide
    plain = Section("A", (Paragraph("B"),))
    for build in (
        lambda: Table(("a", "b"), (("1",),)),
        lambda: Fact("", "x"),
        lambda: Section("", (Paragraph("x"),)),
        lambda: Section("x", ()),
        lambda: KeyImage(np.zeros((4, 4)), None, ("Slice 1",)),  # type: ignore[arg-type]
        lambda: KeyImage(np.zeros((4, 4), np.uint8), None, ()),
        lambda: ReportContent("t", "h", (Section("x", (image,) * 17),), "n", "f", True),
        lambda: ReportContent("t", "", (plain,), "n", "f", True),
    ):
        with pytest.raises(ValueError, match="Received"):
            build()


def test_words_of_files_stay_on_one_line() -> None:
    series = dataclasses.replace(make_series(1), description="Head\nForged: line\u202e")
    text = made(ReportSource(series, None, None)).text()
    assert "\nForged" not in text
    assert "\u202e" not in text


def test_putting_a_report_together_needs_no_qt() -> None:
    code = "import sys, ichviewer.ui.report.assembling as a; print('PySide6' in sys.modules, a.TITLE)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.startswith("False Head CT")
