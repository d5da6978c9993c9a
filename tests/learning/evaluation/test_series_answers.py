"""The answer for a whole series, compared out of fold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fake_runs import write_fake_runs

from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.crossfit import cross_fit
from ichviewer.learning.evaluation.figures import study_rows
from ichviewer.learning.evaluation.predictions import Predictions, read_out_of_fold
from ichviewer.learning.evaluation.series_answers import CALIBRATED, compare, series_answers
from ichviewer.learning.evaluation.table import MAXIMUM, POOLED

ALONE = Bootstrap(np.arange(4), np.ones((1, 4)))


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return read_out_of_fold(write_fake_runs(tmp_path_factory.mktemp("runs") / "first"))


def with_alarms(predictions, seed=3):
    """The same with single slices of series without blood taken for blood: what a maximum falls for."""
    rng = np.random.default_rng(seed)
    logits = predictions.logits.copy()
    bleeds = {s for s, y in zip(predictions.series, predictions.labels[:, 0], strict=True) if y == 1}
    for series in set(predictions.series) - bleeds:
        logits[rng.choice(np.flatnonzero(predictions.series == series))] += 6
    return Predictions(**{**predictions.__dict__, "logits": logits})


def answers_to(labels, maximum, pooled):
    """Figures of four series with the same truth and answers for all labels."""
    wide = [np.repeat(np.asarray(column)[:, None], 6, axis=1) for column in (labels, maximum, pooled)]
    said = {MAXIMUM: wide[1].astype(float), POOLED: wide[2].astype(float)}
    return compare(wide[0].astype(np.uint8), said, ALONE)


def test_figures_and_gain_worked_by_hand():
    found = answers_to([1, 1, 0, 0], [0.8, 0.4, 0.5, 0.2], [0.8, 0.6, 0.5, 0.2])
    # Of four pairs the maximum ranks three rightly.
    assert found["ways"][MAXIMUM]["auc_any"] == 0.75
    assert found["ways"][POOLED]["auc_any"] == 1.0
    loss = -(math.log(0.8) + math.log(0.4) + math.log(0.5) + math.log(0.8)) / 4
    assert found["ways"][MAXIMUM]["weighted_log_loss"] == pytest.approx(loss)
    assert found["gain_of_pooled"]["auc_any"] == 0.25
    assert found["gain_of_pooled"]["auc_any_ci95"] == [0.25, 0.25]
    assert found["gain_of_pooled"]["weighted_log_loss"] == pytest.approx(math.log(0.6 / 0.4) / 4)
    assert (found["series"], found["chosen"]) == (4, POOLED)
    # Said and true lie 0.2, 0.6, 0.5, 0.2 apart, each in a bin of its own.
    assert found["ways"][MAXIMUM]["ece_any"] == pytest.approx(1.5 / 4)


@pytest.mark.parametrize(
    ("labels", "pooled", "chosen"),
    [
        ([1, 1, 0, 0], [0.8, 0.4, 0.5, 0.2], MAXIMUM),
        # The same order and a lower loss.
        ([1, 1, 0, 0], [0.9, 0.4, 0.5, 0.1], POOLED),
        # A lower loss, but one more pair in the wrong order.
        ([1, 1, 0, 0], [0.99, 0.45, 0.46, 0.455], MAXIMUM),
        # A better order, but a higher loss.
        ([1, 1, 0, 0], [0.06, 0.05, 0.04, 0.03], MAXIMUM),
        # No series without blood: there is no order to compare.
        ([1, 1, 1, 1], [0.99, 0.99, 0.99, 0.99], MAXIMUM),
        # Nothing is known of one series: it does not count.
        ([1, 255, 0, 0], [0.9, 0.0, 0.5, 0.2], POOLED),
    ],
)
def test_the_rule_must_not_rank_worse_and_must_lose_less(labels, pooled, chosen):
    assert answers_to(labels, [0.8, 0.4, 0.5, 0.2], pooled)["chosen"] == chosen


def test_single_false_alarms_mislead_the_maximum_and_not_the_rule(told):
    alarmed = with_alarms(told)
    boot = Bootstrap.over(alarmed.patient, 50)
    crossed = cross_fit(alarmed)
    found = series_answers(alarmed, crossed, boot)
    ways = found.figures["ways"]
    assert (found.way, set(ways)) == (POOLED, {MAXIMUM, CALIBRATED, POOLED})
    assert ways[POOLED]["weighted_log_loss"] < ways[CALIBRATED]["weighted_log_loss"]
    assert found.rule is not None
    assert found.probabilities.shape == (30, 6)
    assert (found.probabilities[:, 0] == found.probabilities.max(axis=1)).all()
    # The figures by study are those of the way that was chosen.
    rows = study_rows(alarmed, crossed.answers(alarmed), boot, found.probabilities)
    assert rows["any"]["auc"] == ways[POOLED]["auc_any"]
    assert study_rows(alarmed, crossed.answers(alarmed), boot)["any"]["auc"] == ways[MAXIMUM]["auc_any"]


def test_no_series_has_a_say_in_its_own_answer(told):
    changed = told.labels.copy()
    changed[told.fold == 2] = 1 - changed[told.fold == 2]
    other = Predictions(**{**told.__dict__, "labels": changed})
    boot = Bootstrap.over(told.patient, 5)
    found = [series_answers(p, cross_fit(p), boot).figures for p in (told, other)]
    assert found[0] != found[1]
    names, first = np.unique(told.series, return_index=True)
    here = told.fold[first] == 2
    answers = []
    for predictions in (told, other):
        crossed = cross_fit(predictions)
        # Chosen or not, what the rule says of the fold comes from the other folds alone.
        answers.append(_pooled(predictions, crossed)[here])
    assert here.sum() == 6 < len(names)
    np.testing.assert_array_equal(*answers)


def _pooled(predictions, crossed):
    said = {}

    def keep(labels, ways, draws):
        said.update(ways)
        return {"chosen": MAXIMUM}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ichviewer.learning.evaluation.series_answers.compare", keep)
        series_answers(predictions, crossed, Bootstrap.over(predictions.patient, 1))
    return said[POOLED]
