"""The figures in words."""

from __future__ import annotations

import pytest

from ichviewer.errors import LearningError
from ichviewer.learning.export import OPERATING_POINT_RULES
from ichviewer.learning.report import figure_rows, model_card, read_json, study_rows, summary


def figures(auc=0.875):
    point = {
        "sensitivity": 0.5,
        "sensitivity_ci95": [0.4, 0.6],
        "specificity": 0.95,
        "specificity_ci95": [0.93, 0.97],
        "ppv": 0.25,
    }
    row = {
        "positives": 12,
        "auc": auc,
        "auc_ci95": None if auc is None else [0.8, 0.9],
        "brier_uncalibrated": 0.2,
        "brier": 0.1,
        "ece_uncalibrated": 0.09,
        "ece": 0.012,
        "operating_points": {"balanced": point, "high_sensitivity": point | {"ppv": None}},
    }
    return {
        "data": {"name": "made up", "slices": 100, "patients": 9},
        "protocol": "As it was done.",
        "folds": 5,
        "bootstraps": 1000,
        "slice": {"any": row, "epidural": row},
        "study": {"any": {"positives": 4, "auc": auc, "auc_ci95": row["auc_ci95"]}},
        "weighted_log_loss": {"model": 0.15, "model_uncalibrated": 0.2, "prevalence_only": 0.19},
        "fold_auc_any": [0.8, None],
        "painted": {"share_of_batches": 0.4, "pictures": 3237},
    }


METADATA = {
    "name": "ich-lite0",
    "version": "0.1.0",
    "labels": ["any", "epidural"],
    "preprocessing": {
        "window_center_hu": 40.0,
        "window_width_hu": 120.0,
        "mm_per_px": 1.0,
        "size_px": 224,
        "slice_offsets_mm": [-5.0, 0.0, 5.0],
    },
    "smoothing": {"sigma_mm": 2.5},
    "operating_point_rules": OPERATING_POINT_RULES,
    "training_data": [
        {"name": "scans", "licence": "CC BY 4.0", "citation": "Somebody, 2020", "slices": 100, "patients": 9},
        {"name": "weights", "licence": "Apache-2.0", "citation": "Somebody else"},
    ],
    "trained": {
        "date": "2026-01-02",
        "keras": "3.15.1",
        "minutes": 12.5,
        "machine": "a machine",
        "command": "train",
    },
}


def test_rows_hold_the_figures_with_their_intervals():
    rows = figure_rows(figures())
    assert rows[1] == ("any", "12", "0.875 (0.800 to 0.900)", "0.50 / 0.95", "0.50 / 0.95", "0.012")
    assert study_rows(figures())[1] == ("any", "4", "0.875 (0.800 to 0.900)")


def test_a_figure_that_does_not_exist_is_a_dash():
    assert figure_rows(figures(auc=None))[1][2] == "-"
    assert "0.800, -" in summary(figures())


def test_the_card_tells_what_it_must():
    card = model_card(METADATA, figures())
    for needed in (
        "# Model card: ich-lite0 0.1.0",
        "HU from -20 to 100",
        "scans (CC BY 4.0); 100 slices of 9 patients. Somebody, 2020",
        "weights (Apache-2.0). Somebody else",
        "40% of what the network saw",
        "(3237 pictures)",
        "0.875 (0.800 to 0.900)",
        "0.500 (0.400 to 0.600)",
        "0.2000 / 0.1000",
        "External test: none yet",
        "no clinical claim",
        "## Out of scope",
        OPERATING_POINT_RULES["balanced"],
    ):
        assert needed in card


def test_a_model_trained_on_nothing_painted_says_so():
    metrics = figures()
    del metrics["painted"]
    assert "Painted lesions: none." in model_card(METADATA, metrics)


def test_labels_that_are_no_better_than_chance_or_never_flagged_are_named():
    assert "better than chance" not in model_card(METADATA, figures())
    metrics = figures()
    metrics["slice"]["epidural"] = metrics["slice"]["any"] | {"auc_ci95": [0.45, 0.8]}
    point = metrics["slice"]["any"]["operating_points"]["balanced"] | {"sensitivity": 0.1}
    metrics["slice"]["epidural"]["operating_points"] = {"balanced": point, "high_sensitivity": point}
    card = model_card(METADATA, metrics)
    assert "Not shown to be better than chance over slices: epidural." in card
    assert "even where it is: epidural." in card


def test_a_further_round_is_told_with_what_came_before():
    assert "trained in rounds" not in model_card(METADATA, figures())
    metrics = figures() | {"before_last_round": {"auc_any": 0.851, "weighted_log_loss": 0.16}}
    assert "AUC of any 0.851, weighted log loss 0.1600" in model_card(METADATA, metrics)


@pytest.mark.parametrize("text", ["[1]", "no json"])
def test_what_is_no_json_object_is_told(tmp_path, text):
    path = tmp_path / "metrics.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LearningError, match=r"metrics\.json"):
        read_json(path)
