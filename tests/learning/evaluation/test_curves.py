"""Curves with bands."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.curves import GRID, precision_recall, roc

Y, P = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
BOOT = Bootstrap(np.arange(4), np.ones((3, 4)))


def at(curve, x):
    return curve["y"][GRID.tolist().index(x)]


def test_roc_worked_by_hand():
    # Half the positives come before the first negative; the second positive before the second negative.
    curve = roc(Y, P, BOOT)
    assert at(curve, 0.0) == 0.5
    assert at(curve, 0.4) == 0.5
    assert at(curve, 0.5) == 1.0
    assert at(curve, 1.0) == 1.0


def test_precision_at_a_recall_worked_by_hand():
    curve = precision_recall(Y, P, BOOT)
    assert at(curve, 0.4) == 1.0
    assert at(curve, 0.6) == pytest.approx(2 / 3)
    assert at(curve, 1.0) == pytest.approx(2 / 3)


def test_bands_hold_the_curve_and_draws_without_a_class_are_left_out():
    rng = np.random.default_rng(0)
    y = rng.random(60) < 0.3
    p = y + rng.normal(0, 1, 60)
    boot = Bootstrap.over(np.arange(60) // 12, 200, seed=1)
    for curve in (roc(y, p, boot), precision_recall(y, p, boot)):
        low, line, high = (np.array(curve[name]) for name in ("low", "y", "high"))
        assert (low <= high).all()
        assert ((low <= line + 0.05) & (line <= high + 0.05)).mean() > 0.9
    assert roc([0, 0], [0.1, 0.2], Bootstrap(np.arange(2), np.ones((1, 2)))) == {}
