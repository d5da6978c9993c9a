from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import ExportError
from ichviewer.results.kinds import KINDS, default_kinds, kinds_named
from ichviewer.results.result_kind import ResultKind

numbers = st.none() | st.integers(-(2**31), 2**31 - 1)


def kind(name: str = "sr", place: int = 1, title: str = "findings") -> ResultKind:
    return ResultKind(name, place, title, lambda source, kind, extras: [])


def test_a_series_of_results_is_numbered_behind_its_images():
    assert kind(place=1).series_number(3) == 90_031
    assert kind(place=1).series_number(None) == 90_001
    assert kind(place=0).series_number(9_000) == 180_000


@given(numbers, st.integers(0, 9))
def test_a_number_is_an_integer_string_whatever_the_images_have(images, place):
    number = kind(place=place).series_number(images)
    assert 90_000 <= number < 2**31
    assert number > (images or 0) or (images or 0) > 2**31 // 10


@given(st.text(st.characters(max_codepoint=126, min_codepoint=33), min_size=1), numbers)
def test_a_description_says_research_use_and_fits(title, images):
    description = kind(title=title).series_description(images)
    assert description.startswith("Research use")
    assert len(description) <= 64
    assert description.isascii()


def test_no_two_kinds_share_a_name_or_a_place():
    assert len({k.name for k in KINDS}) == len({k.place for k in KINDS}) == len(KINDS)


def test_kinds_are_found_by_name_in_the_order_of_the_table():
    assert [k.name for k in kinds_named(["ko", " SR ", "ko"])] == ["sr", "ko"]
    assert {"sr", "ko", "sc"} <= {k.name for k in default_kinds()}
    assert "pdf" not in {k.name for k in default_kinds()}


def test_an_unknown_kind_is_refused_by_its_name():
    with pytest.raises(ExportError, match="rtstruct"):
        kinds_named(["sr", "rtstruct"])


@pytest.mark.parametrize("wrong", [{"place": 10}, {"place": -1}, {"name": "a b"}, {"title": "Blutung ü"}])
def test_an_impossible_kind_cannot_be_made(wrong):
    with pytest.raises(ValueError, match="Received"):
        kind(**wrong)
