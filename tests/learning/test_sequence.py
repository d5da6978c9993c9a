"""Training of the sequence head."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.learning import sequence
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.sequence import SequenceRecipe, SeriesLogits, train_sequence

QUICK = SequenceRecipe(steps=3, batch=4, filters=4)


def made_up(rng, slices=14, spacing=5.0):
    """A series in which blood runs over some slices, and noisy logits that hardly tell it from the rest."""
    labels = np.zeros((slices, 6), int)
    if rng.random() < 0.7:
        start = int(rng.integers(0, slices - 5))
        labels[start : start + 5] = 1
    logits = -2 + 2.0 * labels + rng.normal(0, 1.5, labels.shape)
    return SeriesLogits(logits, spacing * np.arange(slices), labels)


def loss_of(series, apply=None):
    from ichviewer.learning.evaluation.reliability import known_weighted_log_loss
    from ichviewer.learning.fit import fit_platt

    logits = [s.logits if apply is None else apply(s.logits, s.positions_mm) for s in series]
    labels = np.concatenate([s.labels for s in series])
    z = np.concatenate(logits)
    return known_weighted_log_loss(labels, fit_platt(z, labels).probabilities(z))


@pytest.mark.tensorflow
def test_it_learns_that_neighbors_agree_and_leaves_single_slices_alone():
    rng = np.random.default_rng(0)
    series = [made_up(rng) for _ in range(40)]
    unseen = [made_up(rng) for _ in range(40)]
    head = train_sequence(series, 1, SequenceRecipe(steps=60, batch=16, filters=8, learning_rate=0.01))
    assert loss_of(unseen, head.apply) < 0.93 * loss_of(unseen)
    one = rng.normal(size=(1, 6))
    np.testing.assert_array_equal(head.apply(one, [3.0]), one)


@pytest.mark.tensorflow
def test_the_network_that_is_trained_is_the_one_that_is_applied():
    rng = np.random.default_rng(3)
    series = [
        SeriesLogits(
            rng.normal(-2, 2, (n, 6)),
            np.cumsum(rng.choice([0, 1.0, 2.5, 5, 7, 9, 14, 40], n)),
            np.zeros((n, 6), int),
        )
        for n in (1, 2, 9, 20)
    ]
    standard = np.full(6, -2.0), np.full(6, 2.0)
    model = sequence._model(20, 80, SequenceRecipe(filters=5), standard)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    head = sequence._head(model, *standard)

    class FromTheStart:
        def uniform(self, *_):
            return 0.0

    inputs, truth = sequence._batch(series, 20, 80, FromTheStart())
    out = np.asarray(model(inputs, training=False))
    for i, one in enumerate(series):
        n = len(one.logits)
        np.testing.assert_allclose(out[i, :n], head.apply(one.logits, one.positions_mm), atol=1e-4)
        assert not truth[i, :n].any()
        assert (truth[i, n:] == -1).all()


@pytest.mark.tensorflow
def test_one_seed_gives_one_head_and_another_another():
    rng = np.random.default_rng(1)
    series = [made_up(rng) for _ in range(6)]
    first, again, other = (train_sequence(series, seed, QUICK) for seed in (4, 4, 5))
    for a, b in zip(first.kernels, again.kernels, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert not np.allclose(first.kernels[0], other.kernels[0])


@pytest.mark.tensorflow
def test_before_the_first_step_it_changes_nothing():
    standard = np.full(6, -2.0), np.full(6, 2.0)
    head = sequence._head(sequence._model(9, 12, SequenceRecipe(), standard), *standard)
    logits = np.random.default_rng(0).normal(size=(9, 6))
    np.testing.assert_array_equal(head.apply(logits, 5.0 * np.arange(9)), logits)


def test_variations_keep_slices_and_their_truth_together():
    rng = np.random.default_rng(2)
    n = 12
    labels = np.tile(np.arange(n)[:, None], (1, 6))
    logits = np.tile(1000.0 * np.arange(n)[:, None], (1, 6))
    one = SeriesLogits(logits, 5.0 * np.arange(n), labels)
    sizes, turned = set(), 0
    for _ in range(300):
        varied = sequence._varied(one, np.ones(6), SequenceRecipe(), rng)
        sizes.add(len(varied.logits))
        which = varied.labels[:, 0]
        np.testing.assert_array_equal(np.round(varied.logits[:, 0] / 1000), which)
        np.testing.assert_array_equal(np.abs(varied.positions_mm), 5.0 * which)
        turned += bool((varied.positions_mm < 0).any())
    assert {1, n} <= sizes
    assert 90 < turned < 210


def test_unknown_labels_teach_nothing():
    labels = np.zeros((2, 6), int)
    labels[1] = UNKNOWN
    one = SeriesLogits(np.zeros((2, 6)), np.array([0.0, 5.0]), labels)
    _, truth = sequence._batch([one], 3, 4, np.random.default_rng(0))
    assert truth[0, :, 0].tolist() == [0, -1, -1]


def test_single_slices_alone_cannot_be_trained_on():
    one = SeriesLogits(np.zeros((1, 6)), np.zeros(1), np.zeros((1, 6), int))
    with pytest.raises(LearningError, match="two slices or more"):
        train_sequence([one], 0)


@pytest.mark.parametrize(
    "change",
    [{"filters": 0}, {"width": 4}, {"learning_rate": 0}, {"dropout": 1}, {"cut": 1.5}, {"layers": -1}],
)
def test_a_recipe_that_cannot_be_is_refused(change):
    with pytest.raises(ValueError, match="Received"):
        SequenceRecipe(**change)


@pytest.mark.parametrize(
    ("logits", "positions"),
    [
        (np.zeros((2, 5)), np.zeros(2)),
        (np.zeros((2, 6)), np.zeros(3)),
        (np.full((2, 6), np.nan), np.zeros(2)),
    ],
)
def test_a_series_that_cannot_be_is_refused(logits, positions):
    with pytest.raises(ValueError, match=r"Received|finite"):
        SeriesLogits(logits, positions, np.zeros((2, 6), int))
