from __future__ import annotations

import pytest

from ichviewer.domain.input_scope import OUTSIDE_MODEL, banner_line, outside_model
from ichviewer.domain.problems import Problem, ProblemCode, Severity


@pytest.mark.parametrize("code", sorted(OUTSIDE_MODEL))
def test_every_kind_has_a_line_that_says_what_was_found(code):
    line = banner_line(Problem(code, "series 2", "142 HU"))
    assert "{" not in line
    assert line[0].isupper()
    assert code is ProblemCode.REPAIRED_12_BIT or code is ProblemCode.RESCALE_MISSING or "142 HU" in line


def test_a_line_without_a_finding_says_what_kind_of_problem_it_is():
    problem = Problem(ProblemCode.GAP, "series 2")
    assert problem.text in banner_line(problem)


def test_a_line_can_be_said_in_other_words_with_what_was_found_in_them():
    german = {
        "Noise: {found} (more than the model was trained on)": "Rauschen: {found}",
        "high {x}": "hoch {x}",
    }
    line = banner_line(Problem(ProblemCode.HIGH_NOISE, "series", "high {x}"), lambda text: german[text])
    assert line == "Rauschen: hoch {x}"


def test_other_problems_have_no_line():
    with pytest.raises(ValueError, match="not_dicom"):
        banner_line(Problem(ProblemCode.NOT_DICOM, "a.txt"))


@pytest.mark.parametrize(
    "code", [ProblemCode.LOSSY_COMPRESSION, ProblemCode.SCALE_ESTIMATED, ProblemCode.GANTRY_TILT]
)
def test_what_training_data_share_places_nothing_outside(code):
    assert outside_model([Problem(code, "a")]) == ()


def test_each_kind_counts_once_in_the_given_order():
    noise, first, second = (
        Problem(ProblemCode.HIGH_NOISE, "series", "11 HU"),
        Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "3.dcm", "20 of 512 rows"),
        Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "7.dcm", "30 of 512 rows"),
    )
    split = Problem(ProblemCode.SPLIT_SERIES, "series")
    assert outside_model([split, first, noise, second]) == (first, noise)


def test_nothing_that_is_only_a_remark_mutes_a_probability():
    assert all(Problem(code, "").severity is not Severity.INFO for code in OUTSIDE_MODEL)
