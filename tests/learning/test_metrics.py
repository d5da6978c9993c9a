"""Metrics followed while training."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ichviewer.domain.labels import LABELS
from ichviewer.learning.evaluation.reliability import known_weighted_log_loss
from ichviewer.learning.metrics import keras_metrics

pytestmark = pytest.mark.tensorflow

# Epidural: negatives -3, -1, 0.5, 2; positives -2, 1, 3; one unknown at 9.
TRUTH = np.array([0, 1, 0, 0, 1, 0, 1, -1], np.float32)
LOGITS = np.array([-3, -2, -1, 0.5, 1, 2, 3, 9], np.float32)


def six(column, k=1, fill=-1.0):
    table = np.full((len(column), 6), fill, np.float32)
    table[:, k] = column
    return table


def measured(truth, logits, *, batch=3, weights=None, specificity=0.75):
    metrics = keras_metrics(specificity)
    for start in range(0, len(truth), batch):
        part = slice(start, start + batch)
        for metric in metrics:
            weight = None if weights is None else weights[part]
            metric.update_state(truth[part], logits[part], sample_weight=weight)
    return {metric.name: float(metric.result()) for metric in metrics}


@pytest.fixture(scope="module")
def by_hand():
    return measured(six(TRUTH), six(LOGITS))


def test_every_label_has_every_metric(by_hand):
    kinds = ("accuracy", "auc", "average_precision", "sensitivity")
    assert set(by_hand) == {"weighted_log_loss"} | {f"{kind}_{label}" for kind in kinds for label in LABELS}


def test_auc_worked_by_hand(by_hand):
    # The positives lie above 1, 3 and 4 of the 4 negatives.
    assert by_hand["auc_epidural"] == pytest.approx(8 / 12)


def test_average_precision_worked_by_hand(by_hand):
    # Precision at each positive from the top: 1 of 1, 2 of 3, 3 of 6.
    assert by_hand["average_precision_epidural"] == pytest.approx((1 + 2 / 3 + 1 / 2) / 3)


def test_sensitivity_worked_by_hand(by_hand):
    # Three of four negatives right: the threshold lies above 0.5, and 1 and 3 are called.
    assert by_hand["sensitivity_epidural"] == pytest.approx(2 / 3)
    strict = measured(six(TRUTH), six(LOGITS), specificity=0.9)
    assert strict["sensitivity_epidural"] == pytest.approx(1 / 3)


def test_accuracy_worked_by_hand(by_hand):
    # Wrong are -2, 0.5 and 2 of the seven known.
    assert by_hand["accuracy_epidural"] == pytest.approx(4 / 7)


def test_log_loss_of_what_is_known_worked_by_hand(by_hand):
    each = [math.log1p(math.exp(z if y == 0 else -z)) for y, z in zip(TRUTH[:7], LOGITS[:7], strict=True)]
    assert by_hand["weighted_log_loss"] == pytest.approx(sum(each) / 7, rel=1e-5)


def test_what_never_occurred_is_not_a_number(by_hand):
    assert math.isnan(by_hand["auc_any"])
    only_positive = measured(six([1.0, 1.0]), six([0.5, 2.0]))
    assert math.isnan(only_positive["auc_epidural"])
    assert math.isnan(only_positive["sensitivity_epidural"])
    assert only_positive["average_precision_epidural"] == pytest.approx(1)


def test_equal_logits_count_half():
    found = measured(six([0.0, 1.0, 1.0]), six([2.0, 2.0, 3.0]))
    assert found["auc_epidural"] == pytest.approx(0.75)
    assert found["average_precision_epidural"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_logits_beyond_the_range_still_count():
    found = measured(six([0.0, 1.0, 0.0]), six([-1e6, 1e6, -20.0]))
    assert found["auc_epidural"] == pytest.approx(1)
    assert found["sensitivity_epidural"] == pytest.approx(1)


def test_a_weight_of_two_is_a_sample_twice():
    twice = np.repeat(np.arange(8), [2, 1, 2, 1, 1, 1, 1, 1])
    weights = np.array([2, 1, 2, 1, 1, 1, 1, 1], np.float32)
    expected = measured(six(TRUTH[twice]), six(LOGITS[twice]))
    found = measured(six(TRUTH), six(LOGITS), weights=weights)
    assert found == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_they_agree_with_scikit_learn_and_with_the_loss_the_model_is_judged_by():
    from sklearn.metrics import average_precision_score, roc_auc_score

    rng = np.random.default_rng(0)
    truth = (rng.random((400, 6)) < 0.2).astype(np.float32)
    # Steps of 1/16, so that no two different logits share a bin.
    logits = np.round((rng.normal(-2, 1.5, truth.shape) + 2 * truth) * 16).astype(np.float32) / 16
    found = measured(truth, logits, batch=64)
    for k, label in enumerate(LABELS):
        assert found[f"auc_{label}"] == pytest.approx(roc_auc_score(truth[:, k], logits[:, k]), abs=1e-5)
        assert found[f"average_precision_{label}"] == pytest.approx(
            average_precision_score(truth[:, k], logits[:, k]), abs=1e-5
        )
    expected = known_weighted_log_loss(truth, 1 / (1 + np.exp(-logits.astype(np.float64))))
    assert found["weighted_log_loss"] == pytest.approx(expected, rel=1e-5)


def test_resetting_forgets():
    metric = next(m for m in keras_metrics() if m.name == "auc_epidural")
    metric.update_state(six(TRUTH), six(LOGITS))
    metric.reset_state()
    assert math.isnan(float(metric.result()))


def test_keras_takes_them():
    import keras

    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(6)(inputs))
    model.compile("sgd", "mse", metrics=keras_metrics())
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(32, 4)), (rng.random((32, 6)) < 0.5).astype(np.float32)
    logs = model.evaluate(x, y, batch_size=16, verbose=0, return_dict=True)
    assert 0 <= logs["auc_any"] <= 1
    assert logs["weighted_log_loss"] > 0


@pytest.mark.parametrize("specificity", [0, 1, -0.5])
def test_a_specificity_that_cannot_be_is_refused(specificity):
    with pytest.raises(ValueError, match="specificity"):
        keras_metrics(specificity)
