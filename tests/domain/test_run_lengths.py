"""Masks come back from their run lengths as they were, and nothing else passes for run lengths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from region_factory import masks

from ichviewer.domain.run_lengths import as_text, count_inside, decode, encode, from_text, lengths_of


def test_a_mask_by_hand():
    mask = np.array([[0, 0, 1, 1], [1, 0, 0, 1]], dtype=bool)
    runs = encode(mask)
    assert as_text(runs) == "2 3 2 1"
    assert count_inside(runs) == 4


def test_a_mask_that_begins_inside_begins_with_an_empty_run():
    assert as_text(encode(np.array([[1, 1, 0]], dtype=bool))) == "0 2 1"


@given(masks())
def test_decoding_gives_back_what_was_encoded(mask):
    runs = encode(mask)
    assert np.array_equal(decode(runs, mask.shape), mask)
    assert count_inside(runs) == np.count_nonzero(mask)
    assert from_text(as_text(runs)) == runs


@given(masks(), masks())
def test_different_masks_have_different_runs(one, other):
    same = one.shape == other.shape and np.array_equal(one, other)
    assert ((one.shape, encode(one)) == (other.shape, encode(other))) == same


@given(st.binary(max_size=40), st.tuples(st.integers(1, 6), st.integers(1, 6)))
def test_any_bytes_are_run_lengths_of_one_mask_or_refused(data, shape):
    try:
        mask = decode(data, shape)
    except ValueError:
        return
    assert encode(mask) == data


@given(st.text(max_size=30))
def test_any_text_is_run_lengths_or_refused(text):
    try:
        runs = from_text(text)
    except ValueError:
        return
    assert len(runs) == 4 * len(text.split(" "))


@pytest.mark.parametrize("text", ["", " ", "1  2", "-1 2", "1.5", "4294967296", "٣ 4", "1e3"])
def test_texts_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match="Received"):
        from_text(text)


def test_empty_runs_between_others_are_refused():
    with pytest.raises(ValueError, match="only the first"):
        lengths_of(np.array([1, 0, 3], dtype="<u4").tobytes())


def test_runs_that_add_up_to_another_size_are_refused_before_memory_is_taken():
    with pytest.raises(ValueError, match="add up"):
        decode(np.array([4294967295, 4294967295], dtype="<u4").tobytes(), (2, 2))
