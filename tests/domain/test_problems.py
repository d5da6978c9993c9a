"""Every problem has its words, its weight and a stable name for the CSV."""

import re

import pytest

from ichviewer.domain.problems import Problem, ProblemCode, Severity


@pytest.mark.parametrize("code", ProblemCode)
def test_every_code_has_a_text_and_a_severity(code):
    problem = Problem(code, "a.dcm")
    assert re.fullmatch(r"[A-Za-z0-9].*[^.\s]", problem.text)
    assert problem.severity in Severity


def test_texts_tell_problems_apart():
    texts = [Problem(code, "").text for code in ProblemCode]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("code", ProblemCode)
def test_a_code_is_one_word_that_needs_no_quoting_in_a_csv(code):
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", code.value)
    assert code.value == code.name.lower()


def test_a_problem_in_words():
    assert str(Problem(ProblemCode.GAP, "slice 5", "10 mm")) == "slice 5: slices seem to be missing (10 mm)"
    assert str(Problem(ProblemCode.GAP, "slice 5")) == "slice 5: slices seem to be missing"


def test_what_lost_data_is_an_error_and_what_was_repaired_a_warning():
    assert Problem(ProblemCode.TRUNCATED_PIXEL_DATA, "").severity is Severity.ERROR
    assert Problem(ProblemCode.DECODE_FAILED, "").severity is Severity.ERROR
    assert Problem(ProblemCode.DANGLING_DICOMDIR_ENTRY, "").severity is Severity.ERROR
    assert Problem(ProblemCode.REPAIRED_12_BIT, "").severity is Severity.WARNING
    assert Problem(ProblemCode.RESCALE_MISSING, "").severity is Severity.WARNING


def test_problems_sort_and_compare_as_values():
    first, second = Problem(ProblemCode.GAP, "a"), Problem(ProblemCode.GAP, "b")
    assert sorted([second, first]) == [first, second]
    assert len({first, Problem(ProblemCode.GAP, "a")}) == 1
