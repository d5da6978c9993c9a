"""The sequence head at analysis time."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ichviewer.domain.aggregation import smooth_logits
from ichviewer.errors import ModelError
from ichviewer.inference.sequence_head import FILE_NAME, SIGMA_MM, SequenceHead, load_sequence_head, nodes_mm

ZEROS = np.zeros(6, np.float32)


def head(seed=0, mix=0.5):
    """A head with two random convolutions."""
    rng = np.random.default_rng(seed)
    shapes = [(3, 7, 4), (3, 4, 6)]
    return SequenceHead(
        np.full(6, -2, np.float32),
        np.full(6, 2, np.float32),
        np.full(6, mix, np.float32),
        tuple(rng.normal(0, 0.7, shape).astype(np.float32) for shape in shapes),
        tuple(rng.normal(0, 0.3, shape[2]).astype(np.float32) for shape in shapes),
    )


def quiet(mix):
    """A head that only smooths."""
    kernel = np.zeros((3, 7, 6), np.float32)
    return SequenceHead(ZEROS, ZEROS + 1, ZEROS + np.float32(mix), (kernel,), (ZEROS,))


series = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float64, (n, 6), elements=st.floats(-12, 12)),
        hnp.arrays(np.float64, n, elements=st.floats(-300, 300)),
    )
)


@given(hnp.arrays(np.float64, (1, 6), elements=st.floats(-50, 50)), st.floats(-1e5, 1e5))
def test_a_single_slice_keeps_its_logits_exactly(logits, position):
    np.testing.assert_array_equal(head().apply(logits, [position]), logits)


@given(hnp.arrays(np.float64, (5, 6), elements=st.floats(-20, 20)), st.floats(12.5, 1e4))
def test_slices_too_far_apart_keep_their_logits_exactly(logits, spacing):
    np.testing.assert_array_equal(head().apply(logits, spacing * np.arange(5)), logits)


def test_slices_at_one_place_are_no_neighbors_of_each_other():
    logits = np.random.default_rng(0).normal(size=(3, 6))
    np.testing.assert_array_equal(head().apply(logits, [7.0, 7.0, 7.0]), logits)


def test_neighbors_are_heard():
    logits = np.random.default_rng(0).normal(-2, 2, (20, 6))
    changed = head().apply(logits, 5.0 * np.arange(20))
    assert (np.abs(changed - logits) > 1e-3).any(axis=0).all()
    # A blood-like slice at 50 mm is felt next to it, and not three times as far as the head reaches.
    other = logits.copy()
    other[10] += 5
    effect = np.abs(head().apply(other, 5.0 * np.arange(20)) - changed).max(axis=1)
    assert effect[9] > 1e-3
    assert not effect[:4].any()


@given(series, st.randoms(use_true_random=False))
def test_order_and_origin_make_no_difference(one, random):
    logits, positions = one
    positions = np.round(positions, 3)
    shuffled = list(range(len(logits)))
    random.shuffle(shuffled)
    expected = head().apply(logits, positions)
    found = head().apply(logits[shuffled], positions[shuffled])
    np.testing.assert_allclose(found, expected[shuffled], atol=1e-4)


@given(series)
def test_nothing_moves_further_than_allowed(one):
    logits, positions = one
    change = head(mix=0).apply(logits, positions) - logits
    assert np.abs(change).max() <= 3 + 1e-6


@given(series)
def test_slices_that_were_not_analysed_have_no_say_and_stay_unknown(one):
    logits, positions = one
    expected = head().apply(logits, positions)
    more = np.concatenate([logits, np.full((2, 6), np.nan)])
    found = head().apply(more, np.append(positions, [0.0, positions[0]]))
    np.testing.assert_array_equal(found[:-2], expected)
    assert np.isnan(found[-2:]).all()


def test_a_full_share_of_the_smoothing_is_the_smoothing():
    logits = np.random.default_rng(1).normal(size=(9, 6))
    positions = np.array([0, 5, 9, 14, 20, 22, 27, 30, 35.0])
    expected = smooth_logits(logits, positions, SIGMA_MM)
    np.testing.assert_allclose(quiet(1).apply(logits, positions), expected, atol=1e-5)
    np.testing.assert_array_equal(quiet(0).apply(logits, positions), logits)


def test_a_neighbor_that_draws_away_fades_out():
    logits = np.array([[0.0] * 6, [10.0] * 6])
    moved = [quiet(1).apply(logits, [0, distance])[0, 0] for distance in (5, 8, 11, 12.4, 12.5)]
    assert moved == sorted(moved, reverse=True)
    weight = np.exp(-0.5 * (5 / SIGMA_MM) ** 2)
    assert moved[0] == pytest.approx(10 * weight / (1 + weight), rel=1e-5)
    assert moved[3] < 0.1
    assert moved[4] == 0


def test_no_slice_at_all():
    assert head().apply(np.empty((0, 6)), np.empty(0)).shape == (0, 6)


def test_nodes_cover_the_slices():
    assert nodes_mm(np.array([0.0, 12.0])).tolist() == [0, 5, 10, 15]
    assert nodes_mm(np.array([3.0])).tolist() == [3]
    assert nodes_mm(np.array([0.0, 10.0]), 2.0).tolist() == [-2, 3, 8, 13]


@pytest.mark.parametrize(
    "change",
    [
        {"mix": np.zeros(5, np.float32)},
        {"scale": ZEROS},
        {"center": np.full(6, np.nan, np.float32)},
        {"kernels": ()},
        {"kernels": (np.zeros((2, 7, 6), np.float32),), "biases": (ZEROS,)},
        {"kernels": (np.zeros((3, 6, 6), np.float32),), "biases": (ZEROS,)},
        {"kernels": (np.zeros((3, 7, 5), np.float32),), "biases": (np.zeros(5, np.float32),)},
        {"biases": (ZEROS, ZEROS)},
    ],
)
def test_a_head_that_cannot_be_is_refused(change):
    with pytest.raises(ValueError, match=r"Received|finite"):
        dataclasses.replace(head(), **change)


@pytest.mark.parametrize(
    ("logits", "positions"),
    [(np.zeros((3, 5)), np.zeros(3)), (np.zeros((3, 6)), np.zeros(2)), (np.zeros((1, 6)), [np.nan])],
)
def test_wrong_input_is_refused(logits, positions):
    with pytest.raises(ValueError, match="Received"):
        head().apply(logits, positions)


def test_it_is_saved_and_read(tmp_path: Path):
    path = tmp_path / FILE_NAME
    head(3).save(path)
    logits, positions = np.random.default_rng(2).normal(size=(8, 6)), 4.0 * np.arange(8)
    np.testing.assert_array_equal(
        SequenceHead.load(path).apply(logits, positions), head(3).apply(logits, positions)
    )


def test_a_model_says_whether_it_has_one(tmp_path: Path):
    card = SimpleNamespace(folder=tmp_path, path=tmp_path / "model.json", raw={"files": {}})
    assert load_sequence_head(card) is None
    path = tmp_path / FILE_NAME
    head().save(path)
    card.raw = {"files": {FILE_NAME: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}}
    loaded = load_sequence_head(card)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.mix, head().mix)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match="not the one"):
        load_sequence_head(card)
    card.raw = {"files": {FILE_NAME: {}}}
    with pytest.raises(ModelError, match="is missing"):
        load_sequence_head(card)


def test_a_file_that_holds_no_head_is_refused(tmp_path: Path):
    path = tmp_path / FILE_NAME
    for content in (b"", b"nothing"):
        path.write_bytes(content)
        with pytest.raises(ModelError, match="cannot be read"):
            SequenceHead.load(path)
    head().save(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match="cannot be read"):
        SequenceHead.load(path)
    np.savez(path, center=ZEROS)
    with pytest.raises(ModelError, match="cannot be read"):
        SequenceHead.load(path)
