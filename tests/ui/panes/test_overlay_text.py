"""The words on the image."""

from __future__ import annotations

import numpy as np
import pytest
from image_builders import (
    POINT,
    QUIET,
    SUBDURAL,
    analysed,
    failed,
    make_decoded,
    make_series,
    not_analysed,
)

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.geometry import Plane, Vector
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import PatientInfo, StudyInfo
from ichviewer.domain.window import VoiFunction, VoiLut, Window
from ichviewer.ui.look.words import number, reason_text
from ichviewer.ui.panes import overlay_text as words
from ichviewer.ui.panes.overlay_text import EdgeLetters, Tone


@pytest.mark.parametrize(
    ("born", "then", "age"),
    [
        ("1960-02-29", "2024-02-28", 63),
        ("1960-02-29", "2024-02-29", 64),
        ("2024-01-01", "2023-12-31", None),
        ("", "2024-01-01", None),
        ("1960-13-01", "2024-01-01", None),
        ("1700-01-01", "2024-01-01", None),
    ],
)
def test_age(born: str, then: str, age: int | None) -> None:
    assert words.age_years(born, then) == age


def test_patient_lines() -> None:
    series = make_series()
    said = [line.text for line in words.patient_lines(series.patient, series.study)]
    assert said == ["DOE, JANE", "ID 4711", "1960-02-29 · 63 y · F"]


def test_a_missing_patient_is_said() -> None:
    lines = words.patient_lines(PatientInfo(), StudyInfo("1"))
    assert [line.text for line in lines] == ["No patient name", "No patient ID"]
    assert all(line.tone is Tone.MUTED for line in lines)


def test_series_lines() -> None:
    said = [line.text for line in words.series_lines(make_series())]
    assert said == ["CT head", "2024-02-28 09:41", "Series 3: Head 5 mm"]


def test_slice_lines_count_from_one() -> None:
    said = [line.text for line in words.slice_lines(make_series(5), 2, 1.5)]
    assert said == ["Slice 3 / 5", "Position 10.0 mm", "Thickness 5 mm", "Zoom 150 %"]


def test_no_position_without_geometry() -> None:
    said = [line.text for line in words.slice_lines(make_series(row_direction=None), 0, 1)]
    assert not any("Position" in text for text in said)


def test_window_lines() -> None:
    said = [line.text for line in words.window_lines(Window(40, 80), "Brain", inverted=False)]
    assert said == ["Brain", "C 40  W 80"]
    said = [
        line.text
        for line in words.window_lines(Window(-5.5, 80, VoiFunction.LINEAR_EXACT), "", inverted=True)
    ]
    assert said == ["C −5.5  W 80", "linear exact", "Inverted"]
    lut = VoiLut(0, 8, np.arange(10, dtype=np.uint16))
    assert [line.text for line in words.window_lines(lut, "", inverted=False)] == ["Lookup table of the file"]


def test_cursor_lines_say_value_and_place() -> None:
    series, decoded = make_series(), make_decoded()
    # HU = row + 2 * column - 20; x = -16 + 4, y = -16 + 3, z = 5 * 2.
    said = [line.text for line in words.cursor_lines(series.slices[2], decoded, (3, 4), "HU")]
    assert said == ["−9 HU", "Row 3  Column 4", "x −12.0  y −13.0  z 10.0 mm"]


def test_cursor_on_padding_has_no_value() -> None:
    decoded = make_decoded(padding=1004)
    first, *_ = words.cursor_lines(make_series().slices[0], decoded, (0, 0), "HU")
    assert (first.text, first.tone) == ("No image here", Tone.MUTED)


def test_cursor_without_geometry_has_no_place() -> None:
    series = make_series(row_direction=None)
    said = [line.text for line in words.cursor_lines(series.slices[0], make_decoded(), (1, 1), "HU")]
    assert len(said) == 2


@pytest.mark.parametrize(
    ("row", "column", "letters"),
    [
        ((1, 0, 0), (0, 1, 0), EdgeLetters(top="A", bottom="P", left="R", right="L")),
        ((-1, 0, 0), (0, 1, 0), EdgeLetters(top="A", bottom="P", left="L", right="R")),
        ((1, 0, 0), (0, -1, 0), EdgeLetters(top="P", bottom="A", left="R", right="L")),
        ((0, 1, 0), (0, 0, -1), EdgeLetters(top="H", bottom="F", left="A", right="P")),
        # A gantry tilted by 20 degrees: sin 20 = 0.342 is worth a second letter.
        ((1, 0, 0), (0, 0.9397, -0.3420), EdgeLetters(top="AH", bottom="PF", left="R", right="L")),
    ],
)
def test_letters_at_the_edges(row: Vector, column: Vector, letters: EdgeLetters) -> None:
    assert words.edge_letters(Plane((0, 0, 0), row, column)) == letters


def test_no_letters_without_geometry() -> None:
    assert words.edge_letters(None) == EdgeLetters()
    assert EdgeLetters().words == ""


def test_letters_in_words() -> None:
    assert EdgeLetters("AH", "PF", "R", "L").words == (
        "top anterior head, right left, bottom posterior feet, left right"
    )


def test_badges_name_each_kind_once_and_the_worst_first() -> None:
    problems = [
        Problem(ProblemCode.GANTRY_TILT, "series"),
        Problem(ProblemCode.REPAIRED_12_BIT, "a"),
        Problem(ProblemCode.REPAIRED_12_BIT, "b"),
        Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "a"),
    ]
    lines = words.badge_lines(problems)
    assert [line.tone for line in lines] == [Tone.DANGER, Tone.WARNING]
    assert lines[0].text.startswith("The pixel data is cut short")


def test_many_badges_are_counted() -> None:
    codes = [
        ProblemCode.REPAIRED_12_BIT,
        ProblemCode.RESCALE_MISSING,
        ProblemCode.BROKEN_VALUE,
        ProblemCode.GAP,
        ProblemCode.UNEVEN_SPACING,
        ProblemCode.GEOMETRY_MISSING,
    ]
    lines = words.badge_lines(Problem(code, "x") for code in codes)
    assert len(lines) == words.MOST_BADGES
    assert lines[-1].text == "and 3 more"


def test_chip_of_a_flagged_slice_names_types_not_any() -> None:
    (chip,) = words.finding_chips(analysed(SUBDURAL), POINT)
    assert (chip.text, chip.label) == ("Subdural 0.83", "subdural")


def test_chip_names_any_where_no_type_is_flagged() -> None:
    (chip,) = words.finding_chips(analysed((0.6, 0.1, 0.1, 0.1, 0.1, 0.1)), POINT)
    assert chip.text == "Any 0.60"


def test_without_thresholds_nothing_is_said_to_be_under_them():
    for finding in (analysed(SUBDURAL), analysed(QUIET)):
        (chip,) = words.finding_chips(finding, None)
        assert chip.text == "Not judged: no model is ready"
        assert chip.label is None


def test_chip_of_a_quiet_slice_is_muted() -> None:
    (chip,) = words.finding_chips(analysed(QUIET), POINT)
    assert chip.tone is Tone.MUTED
    assert "nothing over its threshold" in chip.text


def test_not_analysed_is_never_silent_or_negative() -> None:
    (chip,) = words.finding_chips(not_analysed(), POINT)
    assert chip.text == "Not analyzed: no brain inside a skull in this slice"
    (chip,) = words.finding_chips(failed(), POINT)
    assert (chip.text, chip.tone) == ("Failed: the pixel data could not be decoded", Tone.DANGER)
    odd = SliceFinding(Status.NOT_ANALYSED, reason=Problem(ProblemCode.GAP, "x"))
    assert reason_text(odd) == "Not analyzed: slices seem to be missing"
    with pytest.raises(ValueError, match="no reason"):
        reason_text(analysed())


@pytest.mark.parametrize(
    ("p", "shown"),
    [(0.0, "0.00"), (0.0004, "<0.01"), (0.005, "0.01"), (0.83, "0.83"), (0.996, ">0.99"), (1.0, "1.00")],
)
def test_probabilities_never_round_to_certainty(p: float, shown: str) -> None:
    assert two_digits(p) == shown


@pytest.mark.parametrize(
    ("x", "shown"), [(-0.04, "0"), (40.0, "40"), (-1000, "−1000"), (0.25, "0.2"), (12.75, "12.8")]
)
def test_numbers(x: float, shown: str) -> None:
    assert number(x) == shown
