"""Files of predictions."""

from __future__ import annotations

import numpy as np
import pytest
from fake_runs import fake_synthetic, write_fake_runs

from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.predictions import (
    FINAL_FOLD,
    Predictions,
    read_config,
    read_out_of_fold,
    read_predictions,
    read_synthetic,
)


def test_a_file_of_the_bare_minimum_is_read(tmp_path):
    path = tmp_path / "few.npz"
    np.savez(path, patient=[7, 7], index=[0, 1], logits=np.zeros((2, 6)), labels=np.zeros((2, 6), int))
    found = read_predictions(path)
    assert found.series.tolist() == ["7", "7"]
    assert found.position_mm.tolist() == [0.0, 5.0]
    assert found.fold.tolist() == [FINAL_FOLD] * 2
    assert np.isnan(found.blood_ml).all()
    assert (found.pointing == -1).all()


def test_a_whole_file_is_read_and_parts_are_joined(tmp_path):
    columns = fake_synthetic(["a", "b"], np.random.default_rng(0))
    np.savez(tmp_path / "p.npz", **columns)
    found = read_predictions(tmp_path / "p.npz", fold=2)
    assert found.traits.tolist() == columns["traits"].tolist()
    assert found.blood_ml == pytest.approx(columns["blood_ml"])
    both = Predictions.join([found, found.of(found.series == "a-bleed")])
    assert len(both) == 32 + 8
    assert both.fold.tolist() == [2] * 40


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"logits": np.full((2, 6), np.nan)}, "finite"),
        ({"labels": np.full((2, 6), 3)}, "labels are 0, 1 or 255"),
        ({"logits": np.zeros((2, 5))}, "logits must be of shape"),
        ({"labels": None}, "no labels in it"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path, change, told):
    columns = {
        "patient": [7, 7],
        "index": [0, 1],
        "logits": np.zeros((2, 6)),
        "labels": np.zeros((2, 6), int),
    }
    columns = {k: v for k, v in (columns | change).items() if v is not None}
    np.savez(tmp_path / "p.npz", **columns)
    with pytest.raises(LearningError, match=told):
        read_predictions(tmp_path / "p.npz")


def test_a_file_that_is_none_is_told(tmp_path):
    (tmp_path / "p.npz").write_bytes(b"no archive")
    with pytest.raises(LearningError, match="could not be read"):
        read_predictions(tmp_path / "p.npz")


def test_a_missing_fold_or_a_slice_in_two_folds_is_told(tmp_path):
    runs = write_fake_runs(tmp_path / "runs")
    first, second = (runs / f"fold_{i}" / "out_of_fold.npz" for i in (0, 1))
    second.write_bytes(first.read_bytes())
    with pytest.raises(LearningError, match="two folds"):
        read_out_of_fold(runs)
    second.unlink()
    with pytest.raises(LearningError, match="not been trained"):
        read_out_of_fold(runs)
    with pytest.raises(LearningError, match="no folder of training runs"):
        read_out_of_fold(tmp_path)
    (runs / "config.json").write_text('{"folds": 1}', encoding="utf-8")
    with pytest.raises(LearningError, match="folds = 1"):
        read_out_of_fold(runs)
    (runs / "config.json").write_text("[]", encoding="utf-8")
    with pytest.raises(LearningError, match="no folder of training runs"):
        read_config(runs)


def test_synthetic_predictions_are_found_where_there_are_any(tmp_path):
    assert read_synthetic(write_fake_runs(tmp_path / "without")) == {}
    found = read_synthetic(write_fake_runs(tmp_path / "with", synthetic=True))
    assert set(found) == {"folds", "final"}
    assert set(np.unique(found["folds"].fold)) == {0, 1, 2, 3, 4}
    assert set(found["final"].source) == {"map"}
