"""Twins, hard negatives, strata: on a handful of slices whose figures can be counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.cases import hardest
from ichviewer.learning.evaluation.crossfit import Answers
from ichviewer.learning.evaluation.predictions import Predictions
from ichviewer.learning.evaluation.strata import (
    by_age,
    by_hu,
    by_place,
    by_study_volume,
    by_thickness,
    by_volume,
)
from ichviewer.learning.evaluation.synthetic import NO_TRAIT, hard_negatives, twins


def predictions(**changes):
    """A bleed of three slices (the outer two with blood in the brain), its twin, and a head with a calcification."""
    n = 7
    series = np.array(["h-bleed"] * 3 + ["h-clean"] * 3 + ["c-clean"])
    labels = np.zeros((n, 6), np.uint8)
    labels[[0, 2], 0] = labels[[0, 2], 2] = 1
    blood_ml = np.zeros((n, 6))
    blood_ml[0, [0, 2]], blood_ml[2, [0, 2]] = 0.5, 3.0
    blood_hu = np.full((n, 6), np.nan)
    blood_hu[0, [0, 2]], blood_hu[2, [0, 2]] = 35.0, 60.0
    place = np.full((n, 5), "", "<U32")
    place[0, 1], place[2, 1] = "posterior fossa", "cerebrum"
    columns = {
        "series": series,
        "patient": np.array(["h"] * 6 + ["c"]),
        "source": np.full(n, "painted"),
        "fold": np.zeros(n, np.int64),
        "index": np.array([0, 1, 2, 0, 1, 2, 0]),
        "position_mm": np.array([0, 5, 10, 0, 5, 10, 0], float),
        "slice_mm": np.array([5.0] * 6 + [2.0]),
        "logits": np.zeros((n, 6)),
        "labels": labels,
        "has_brain": np.ones(n, bool),
        "blood_ml": blood_ml,
        "blood_hu": blood_hu,
        "traits": np.array([""] * 6 + ["calcified pineal"]),
        "twin": np.full(n, ""),
        "place": place,
        "age_years": np.array([70.0] * 6 + [np.nan]),
        "pointing": np.full((n, 6), -1),
    }
    return Predictions(**(columns | changes))


def answers(p_any, threshold=0.5):
    p = np.zeros((7, 6))
    p[:, 0] = p[:, 2] = p_any
    return Answers(p, p, {"balanced": p >= threshold})


BOOT = Bootstrap.over(predictions().patient, 50, seed=0)
SAID = answers([0.9, 0.1, 0.4, 0.2, 0.6, 0.4, 0.7])


@pytest.mark.parametrize("twin", ["", "h-clean"])
def test_twins_worked_by_hand(twin):
    made = predictions(twin=np.array([twin] * 3 + ["h-bleed" if twin else ""] * 3 + [""]))
    row = twins(made, SAID, BOOT)
    # Of the three slices of the twin, one is flagged; so the one series is.
    assert (row["pairs"], row["slices"]) == (1, 3)
    assert row["false_positives"]["balanced"] == pytest.approx(1 / 3)
    assert row["series_flagged"]["balanced"] == 1.0
    # Slice 0 ranks above its twin (0.9 over 0.2); slice 2 ties with its own (0.4).
    assert row["slice_pairs"] == 2
    assert row["bleed_ranks_above"] == 0.75


def test_no_pairs_are_no_error():
    assert twins(predictions().of(np.arange(3)), SAID.of(np.arange(3)), BOOT) == {"pairs": 0}


def test_hard_negatives_count_only_series_without_blood():
    calcified, plain = hard_negatives(predictions(), SAID, BOOT)
    assert (calcified["trait"], calcified["slices"]) == ("calcified pineal", 1)
    assert calcified["false_positives"]["balanced"] == 1.0
    assert (plain["trait"], plain["series"], plain["slices"]) == (NO_TRAIT, 1, 3)
    assert plain["false_positives"]["balanced"] == pytest.approx(1 / 3)


def test_bins_of_volume_worked_by_hand():
    rows = by_volume(predictions(), SAID, BOOT)
    small, large = rows["intraparenchymal"]
    assert (small["low"], small["high"], small["slices"]) == (0.25, 1.0, 1)
    assert small["sensitivity_balanced"] == 1.0
    assert small["auc"] == 1.0
    # 0.4 lies above 0.1 and 0.2, ties with 0.4, below 0.6 and 0.7: 2.5 of 5 negatives.
    assert (large["low"], large["sensitivity_balanced"], large["auc"]) == (1.0, 0.0, 0.5)
    assert "epidural" not in rows
    assert len(rows["any"]) == 2


def test_bins_of_brightness_and_thickness_and_series():
    dark, bright = by_hu(predictions(), SAID, BOOT)["intraparenchymal"]
    assert (dark["low"], dark["high"], bright["high"]) == (30.0, 42.0, None)
    thin, thick = by_thickness(predictions(), SAID, BOOT)
    assert (thin["slices"], thin["positives"], thin["auc"]) == (1, 0, None)
    assert thin["specificity_balanced"] == 0.0
    assert (thick["slices"], thick["sensitivity_balanced"], thick["specificity_balanced"]) == (6, 0.5, 0.75)
    (whole,) = by_study_volume(predictions(), SAID, BOOT)
    assert (whole["low"], whole["series"], whole["sensitivity_balanced"]) == (1.0, 1, 1.0)


def test_bins_of_age():
    ages = np.array([1.5, 1.5, 1.5, 30.0, 30.0, np.nan, np.nan])
    infant, adult = by_age(predictions(age_years=ages), SAID, BOOT)
    assert (infant["low"], infant["high"], infant["slices"], infant["positives"]) == (0.0, 2.0, 3, 2)
    assert infant["sensitivity_balanced"] == 0.5 and infant["specificity_balanced"] == 1.0
    assert (adult["low"], adult["high"], adult["slices"], adult["specificity_balanced"]) == (
        18.0,
        40.0,
        2,
        0.5,
    )


def test_real_slices_whose_blood_nobody_drew_are_in_no_bin():
    nothing = np.full((7, 6), np.nan)
    real = predictions(blood_ml=nothing, blood_hu=nothing, slice_mm=np.full(7, np.nan))
    assert by_volume(real, SAID, BOOT) == by_hu(real, SAID, BOOT) == {}
    assert by_thickness(real, SAID, BOOT) == by_study_volume(real, SAID, BOOT) == []


def test_places_and_ages_worked_by_hand():
    cerebrum_last = by_place(predictions(), SAID, BOOT)
    assert [(r["place"], r["slices"]) for r in cerebrum_last] == [("posterior fossa", 1), ("cerebrum", 1)]
    # 0.9 lies above all five slices without blood; 0.4 above two, and ties with one.
    assert [r["auc"] for r in cerebrum_last] == [1.0, 0.5]
    assert [r["sensitivity_balanced"] for r in cerebrum_last] == [1.0, 0.0]
    (old,) = by_age(predictions(), SAID, BOOT)
    assert (old["low"], old["high"], old["slices"], old["patients"], old["positives"]) == (
        65.0,
        None,
        6,
        1,
        2,
    )
    # Pairs of 0.9 and 0.4 with 0.1, 0.2, 0.6, 0.4: 4 + 2.5 of 8.
    assert old["auc"] == pytest.approx(6.5 / 8)
    assert old["specificity_balanced"] == 0.75


def test_the_hardest_slices_are_the_worst_first_and_not_all_of_one_patient():
    found = hardest(predictions(), SAID, count=4)
    assert [(c["series"], c["index"]) for c in found["false_positives"]] == [
        ("c-clean", 0),
        ("h-clean", 1),
        ("h-clean", 2),
    ]
    assert [(c["series"], c["index"]) for c in found["false_negatives"]] == [("h-bleed", 2), ("h-bleed", 0)]
    assert found["false_negatives"][0]["labels"] == ["any", "intraparenchymal"]


def test_unknown_labels_are_neither_hit_nor_miss():
    labels = predictions().labels.copy()
    labels[6, 0] = 255
    made = replace(predictions(), labels=labels)
    assert [r["trait"] for r in hard_negatives(made, SAID, BOOT)] == [NO_TRAIT]
    assert ("c-clean", 0) not in [(c["series"], c["index"]) for c in hardest(made, SAID)["false_positives"]]
