"""The losses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.reliability import known_weighted_log_loss
from ichviewer.learning.losses import KINDS, LABEL_WEIGHTS, label_loss, region_loss


def test_any_counts_twice():
    assert pytest.approx((2 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7)) == LABEL_WEIGHTS


def test_a_loss_worked_by_hand():
    labels = [[1, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
    p = [[0.5, 0.5, 0.25, 0.5, 0.5, 0.5], [0.2, 0.5, 0.5, 0.5, 0.5, 0.5]]
    # First: (2 ln 2 + ln 2 + ln 4 + 3 ln 2) / 7 = 8 ln 2 / 7. Second: (-2 ln 0.8 + 5 ln 2) / 7.
    expected = (8 * math.log(2) / 7 + (-2 * math.log(0.8) + 5 * math.log(2)) / 7) / 2
    assert known_weighted_log_loss(labels, p) == pytest.approx(expected)


def test_certain_and_wrong_is_bad_but_finite():
    assert 30 < known_weighted_log_loss([[1] * 6], [[0.0] * 6]) < 40
    assert known_weighted_log_loss([[1] * 6], [[1.0] * 6]) == pytest.approx(0, abs=1e-9)


@pytest.mark.tensorflow
def test_from_logits_it_is_the_same():
    from ichviewer.learning.losses import weighted_log_loss_from_logits
    from ichviewer.learning.metrics import weighted_log_loss_metric

    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, (50, 6)).astype(np.float32)
    labels = (rng.random((50, 6)) < 0.3).astype(np.float32)
    expected = known_weighted_log_loss(labels, 1 / (1 + np.exp(-logits.astype(np.float64))))
    each = np.asarray(weighted_log_loss_from_logits(labels, logits))
    assert each.shape == (50,)
    assert each.mean() == pytest.approx(expected, rel=1e-5)
    metric = weighted_log_loss_metric()
    metric.update_state(labels[:30], logits[:30])
    metric.update_state(labels[30:], logits[30:])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-5)


@pytest.mark.tensorflow
def test_label_smoothing_worked_by_hand():
    from ichviewer.learning.losses import weighted_log_loss_from_logits

    # With smoothing 0.2 a truth of 1 becomes 0.9: loss of logit 2 is ln(1 + e^2) - 2 * 0.9.
    loss = np.asarray(
        weighted_log_loss_from_logits(np.ones((1, 6), np.float32), np.full((1, 6), 2.0, np.float32), 0.2)
    )
    assert loss[0] == pytest.approx(math.log(1 + math.exp(2)) - 1.8, rel=1e-5)


def test_a_loss_that_does_not_exist_names_those_that_do():
    with pytest.raises(LearningError, match="log, focal, asymmetric"):
        label_loss("hinge")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("label_smoothing", 1.0),
        ("gamma", -1.0),
        ("alpha", 1.0),
        ("gamma_positive", -0.1),
        ("gamma_negative", 0.5),
        ("clip", 1.0),
    ],
)
def test_a_number_out_of_range_is_named(name, value):
    with pytest.raises(LearningError, match=name):
        label_loss("asymmetric", **{name: value})


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_label_adds_nothing_and_the_others_keep_their_weight(kind):
    loss = label_loss(kind, label_smoothing=0.1)
    logits = np.array([[1.0, -2.0, 0.5, 3.0, -1.0, 0.0]], np.float32)
    labels = np.array([[1, 0, 1, 0, 0, 1]], np.float32)
    whole = np.asarray(loss(labels, logits))[0]
    parts = []
    for k in range(6):
        only = np.full((1, 6), -1, np.float32)
        only[0, k] = labels[0, k]
        parts.append(np.asarray(loss(only, logits))[0])
    assert sum(parts) == pytest.approx(whole, rel=1e-5)
    assert min(parts) > 0
    assert np.asarray(loss(np.full((1, 6), -1.0), logits))[0] == 0


@pytest.mark.tensorflow
def test_the_focal_loss_worked_by_hand():
    # p = 0.8: positive 0.25 * 0.2^2 * -ln 0.8, negative 0.75 * 0.8^2 * -ln 0.2.
    logits = np.full((2, 6), math.log(4), np.float32)
    labels = np.array([[1] * 6, [0] * 6])
    found = np.asarray(label_loss("focal", gamma=2, alpha=0.25)(labels, logits))
    assert found == pytest.approx([-0.01 * math.log(0.8), -0.48 * math.log(0.2)], rel=1e-5)


@pytest.mark.tensorflow
def test_the_asymmetric_loss_worked_by_hand():
    # p = 0.8 lowered by 0.05 is 0.75: negative 0.75^3 * -ln 0.25; positive 0.2 * -ln 0.8; p = 0.04 counts nothing.
    logits = np.array([[math.log(4)] * 6, [math.log(4)] * 6, [math.log(0.04 / 0.96)] * 6], np.float32)
    labels = np.array([[1] * 6, [0] * 6, [0] * 6])
    loss = label_loss("asymmetric", gamma_positive=1, gamma_negative=3, clip=0.05)
    expected = [-0.2 * math.log(0.8), -(0.75**3) * math.log(0.25), 0]
    assert np.asarray(loss(labels, logits)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "loss",
    [
        label_loss("focal", gamma=0),
        label_loss("asymmetric", gamma_positive=0, gamma_negative=0, clip=0),
    ],
)
def test_without_powers_they_are_the_log_loss(loss):
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 4, (40, 6)).astype(np.float32)
    labels = (rng.random((40, 6)) < 0.3).astype(np.float32)
    assert np.asarray(loss(labels, logits)) == pytest.approx(
        np.asarray(label_loss("log")(labels, logits)), rel=1e-5
    )


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_value_and_slope_stay_finite_at_the_ends(kind):
    import keras
    import tensorflow as tf

    assert keras.backend.backend() == "tensorflow"
    logits = tf.constant(np.repeat([[-1e4], [-50.0], [0.0], [50.0], [1e4]], 6, axis=1), tf.float32)
    for truth in (0.0, 1.0, -1.0):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = label_loss(kind)(tf.fill((5, 6), truth), logits)
        assert np.isfinite(value).all()
        assert np.isfinite(tape.gradient(value, logits)).all()


def regions(rng, *, known=True):
    truth = np.zeros((1, 8, 8, 5), np.float32)
    truth[0, 2:4, 3:5, 1] = [[1, 0.5], [0.75, 0.25]]
    if not known:
        truth[:] = -1
    return truth, rng.normal(-2, 1, (1, 8, 8, 5)).astype(np.float32)


@pytest.mark.tensorflow
def test_the_loss_of_regions_worked_by_hand():
    # One type has one full cell of four; all logits are 0: entropy ln 2, p = 1/2 everywhere.
    truth = np.zeros((1, 2, 2, 5), np.float32)
    truth[0, 0, 0, 3] = 1
    # Dice 2 * (1/2) / (4 * 1/4 + 1) = 1/2, for one type of five.
    expected = math.log(2) + 0.5 * 0.5 / 5
    assert np.asarray(region_loss(truth, np.zeros((1, 2, 2, 5)))) == pytest.approx([expected])
    # Logits -2 there and elsewhere: cells weigh 5, 1, 1, 1.
    low, high = math.log(1 + math.exp(-2)), math.log(1 + math.exp(2))
    p = 1 / (1 + math.exp(2))
    entropy = (4 * low + (5 * high + 3 * low) / 8) / 5
    expected = entropy + 0.5 * (1 - 2 * p / (4 * p * p + 1)) / 5
    assert np.asarray(region_loss(truth, np.full((1, 2, 2, 5), -2.0))) == pytest.approx([expected])


@pytest.mark.tensorflow
def test_samples_without_masks_add_nothing_and_have_no_slope():
    import tensorflow as tf

    rng = np.random.default_rng(2)
    known, logits = regions(rng)
    unknown, others = regions(rng, known=False)
    both = tf.constant(np.concatenate([logits, others]))
    with tf.GradientTape() as tape:
        tape.watch(both)
        value = region_loss(np.concatenate([known, unknown]), both)
    slope = np.asarray(tape.gradient(value, both))
    assert np.asarray(value)[0] == pytest.approx(np.asarray(region_loss(known, logits))[0], rel=1e-6)
    assert np.asarray(value)[1] == 0
    assert np.abs(slope[0]).max() > 0
    assert not slope[1].any()


@pytest.mark.tensorflow
def test_one_type_may_be_unknown():
    truth, logits = regions(np.random.default_rng(3))
    truth[..., 4] = -1
    changed = logits.copy()
    changed[..., 4] += 7
    assert np.asarray(region_loss(truth, logits)) == pytest.approx(np.asarray(region_loss(truth, changed)))


@pytest.mark.tensorflow
def test_the_truth_is_the_best_map_and_a_small_bleed_missed_costs_much():
    rng = np.random.default_rng(4)
    truth, _ = regions(rng)
    share = np.clip(truth, 1e-6, 1 - 1e-6)
    right = np.log(share / (1 - share)).astype(np.float32)
    best = float(np.asarray(region_loss(truth, right))[0])
    for _ in range(10):
        other = right + rng.normal(0, 0.3, right.shape).astype(np.float32)
        assert float(np.asarray(region_loss(truth, other))[0]) > best
    # One cell of 1024 that the map does not show.
    truth = np.zeros((2, 32, 32, 5), np.float32)
    truth[1, 9, 9, 2] = 1
    value = np.asarray(region_loss(truth, np.full((2, 32, 32, 5), -6.0, np.float32)))
    assert value[1] > 20 * value[0]


@pytest.mark.tensorflow
def test_the_loss_of_regions_stays_finite_at_the_ends():
    import tensorflow as tf

    truth, _ = regions(np.random.default_rng(5))
    for level in (-1e4, 1e4):
        logits = tf.fill(truth.shape, level)
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = region_loss(truth, logits)
        assert np.isfinite(value).all()
        assert np.isfinite(tape.gradient(value, logits)).all()
