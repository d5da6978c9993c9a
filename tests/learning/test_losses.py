"""The loss."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ichviewer.learning.losses import LABEL_WEIGHTS, weighted_log_loss


def test_any_counts_twice():
    assert pytest.approx((2 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7, 1 / 7)) == LABEL_WEIGHTS


def test_a_loss_worked_by_hand():
    labels = [[1, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
    p = [[0.5, 0.5, 0.25, 0.5, 0.5, 0.5], [0.2, 0.5, 0.5, 0.5, 0.5, 0.5]]
    # First: (2 ln 2 + ln 2 + ln 4 + 3 ln 2) / 7 = 8 ln 2 / 7. Second: (-2 ln 0.8 + 5 ln 2) / 7.
    expected = (8 * math.log(2) / 7 + (-2 * math.log(0.8) + 5 * math.log(2)) / 7) / 2
    assert weighted_log_loss(labels, p) == pytest.approx(expected)


def test_certain_and_wrong_is_bad_but_finite():
    assert 30 < weighted_log_loss([[1] * 6], [[0.0] * 6]) < 40
    assert weighted_log_loss([[1] * 6], [[1.0] * 6]) == pytest.approx(0, abs=1e-9)


@pytest.mark.tensorflow
def test_from_logits_it_is_the_same():
    from ichviewer.learning.losses import weighted_log_loss_from_logits
    from ichviewer.learning.metrics import weighted_log_loss_metric

    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, (50, 6)).astype(np.float32)
    labels = (rng.random((50, 6)) < 0.3).astype(np.float32)
    expected = weighted_log_loss(labels, 1 / (1 + np.exp(-logits.astype(np.float64))))
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
