"""The model card."""

from __future__ import annotations

import pytest
from fake_runs import write_fake_runs

from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.evaluate import evaluate_runs
from ichviewer.learning.evaluation.card import model_card
from ichviewer.learning.operating_rules import OPERATING_POINT_RULES

METADATA = {
    "name": "ich-lite0",
    "version": "0.1.0",
    "labels": ["any", "epidural"],
    "preprocessing": PreprocessSettings(224, 1.0).to_json(),
    "smoothing": {"sigma_mm": 2.5},
    "operating_point_rules": OPERATING_POINT_RULES,
    "training_data": [
        {
            "name": "CT-ICH v1.0",
            "licence": "CC BY 4.0",
            "citation": "Somebody, 2020",
            "slices": 100,
            "patients": 9,
        },
        {"name": "weights", "licence": "Apache-2.0", "citation": ""},
    ],
    "trained": {
        "date": "2026-01-02",
        "keras": "3.15.1",
        "minutes": 12.5,
        "machine": "a machine",
        "command": "train",
    },
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = write_fake_runs(tmp_path_factory.mktemp("runs") / "first", synthetic=True)
    return evaluate_runs(folder, resamples=10)


def row(auc=0.875, sensitivity=0.5):
    point = {
        "sensitivity": sensitivity,
        "sensitivity_ci95": [0.4, 0.6],
        "specificity": 0.95,
        "specificity_ci95": [0.93, 0.97],
        "ppv": 0.25,
    }
    return {
        "positives": 12,
        "auc": auc,
        "auc_ci95": None if auc is None else [0.8, 0.9],
        "brier_uncalibrated": 0.2,
        "brier": 0.1,
        "ece_uncalibrated": 0.09,
        "ece": 0.012,
        "operating_points": {"balanced": point, "high_sensitivity": point | {"ppv": None}},
    }


def older_figures(**rows):
    """Figures as the first release of the program wrote them."""
    return {
        "data": {"name": "made up", "slices": 100, "patients": 9},
        "protocol": "As it was done.",
        "folds": 5,
        "bootstraps": 1000,
        "slice": {"any": row(), "epidural": row()} | rows,
        "study": {"any": {"positives": 4, "auc": 0.875, "auc_ci95": [0.8, 0.9]}},
        "weighted_log_loss": {"model": 0.15, "model_uncalibrated": 0.2, "prevalence_only": 0.19},
        "fold_auc_any": [0.8, None],
    }


def test_the_card_tells_what_it_must():
    card = model_card(METADATA, older_figures())
    for needed in (
        "# Model card: ich-lite0 0.1.0",
        "HU from -20 to 100",
        "CT-ICH v1.0 (CC BY 4.0); 100 slices of 9 patients. Somebody, 2020",
        "- weights (Apache-2.0).\n",
        "0.875 (0.800 to 0.900)",
        "0.500 (0.400 to 0.600)",
        "| 0.2000 | 0.1000 |",
        "AUC of any by fold: 0.800, -.",
        "External test: none yet",
        "no clinical claim",
        "consensus of two radiologists",
        OPERATING_POINT_RULES["balanced"],
    ):
        assert needed in card


def test_the_parts_of_mitchell_and_claim_are_there(whole):
    card = model_card(METADATA, whole)
    for part in (
        "Model details",
        "Intended use",
        "Out of scope",
        "Factors",
        "Training data",
        "Reference standard",
        "How it was measured",
        "Results over slices",
        "Results over studies",
        "Results on held-back synthetic sets",
        "Results by data set",
        "External test",
        "Operating points",
        "Known failures and limits",
        "Ethical considerations",
        "Where CLAIM's questions are answered",
    ):
        assert f"\n## {part}" in card
    assert "calcified pineal" in card
    assert "## Where the blood is" in card
    assert "Synthetic share: 25% of what the network saw" in card


def test_every_auc_of_the_figures_is_in_the_card_with_its_interval(whole):
    card = model_card(METADATA, whole)
    for figures in whole["slice"].values():
        low, high = figures["auc_ci95"]
        assert f"{figures['auc']:.3f} ({low:.3f} to {high:.3f})" in card


def test_it_says_how_a_study_is_answered_and_what_that_gains(whole):
    assert "Ways to answer for a study" not in model_card(METADATA, older_figures())
    assert "The answer for a study: highest probability over the slices." in model_card(
        METADATA, older_figures()
    )
    card = model_card(METADATA, whole)
    assert f"Chosen: {whole['study_answer']}." in card
    for figures in (*whole["series_answers"]["ways"].values(), whole["series_answers"]["gain_of_pooled"]):
        low, high = figures["weighted_log_loss_ci95"]
        assert f"{figures['weighted_log_loss']:.3f} ({low:.3f} to {high:.3f})" in card


def test_labels_that_are_no_better_than_chance_or_never_flagged_are_named():
    assert "better than chance" not in model_card(METADATA, older_figures())
    weak = row(sensitivity=0.1) | {"auc_ci95": [0.45, 0.8], "patients": 7}
    card = model_card(METADATA, older_figures(epidural=weak))
    assert "Not shown to be better than chance over slices: epidural." in card
    assert "even where it is: epidural." in card
    assert "epidural (7 patients; AUC 0.875 (0.450 to 0.800))" in card


def test_an_external_test_is_told_where_there_is_one(whole):
    external = {name: whole[name] for name in ("slice", "study", "mean", "weighted_log_loss")}
    external |= {"slices": 50, "patients": 5, "sources": ["elsewhere"]}
    card = model_card(METADATA, whole | {"external_test": external})
    assert "none yet" not in card
    assert "50 slices of 5 patients (elsewhere)" in card


@pytest.mark.parametrize("mirrored", [False, True])
def test_it_says_whether_the_mirror_image_is_looked_at(whole, mirrored):
    recipe = whole["recipe"] | {"mirrored": mirrored}
    assert ("mirror image" in model_card(METADATA, whole | {"recipe": recipe})) == mirrored
