"""`ichviewer learn prepare`, `train`, `evaluate` and `export` on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ichviewer.__main__ import main
from ichviewer.learning.report import read_json


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture
def runs(tmp_path):
    """Finished folds of a run, made up."""
    folder = tmp_path / "runs"
    folder.mkdir()
    (folder / "config.json").write_text('{"folds": 2, "cache": "none", "sampling": {"painted": 0.0}}')
    rng = np.random.default_rng(0)
    for fold in range(2):
        labels = np.zeros((40, 6), np.int64)
        labels[::4] = 1
        (folder / f"fold_{fold}").mkdir()
        np.savez(
            folder / f"fold_{fold}" / "out_of_fold.npz",
            patient=np.repeat(np.arange(4), 10) * 2 + fold,
            index=np.tile(np.arange(10), 4),
            logits=(2 * labels - 1 + rng.normal(0, 1, labels.shape)).astype(np.float32),
            labels=labels,
        )
    return folder


def test_evaluate_prints_every_label_and_saves_the_figures(runs, tmp_path, capsys):
    saved = tmp_path / "metrics.json"
    assert main(["learn", "evaluate", str(runs), "--save", str(saved)]) == 0
    out, err = capsys.readouterr()
    for label in ("any", "epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural"):
        assert label in out
    assert "80 slices of 8 patients, 2 folds" in out
    assert str(saved) in err
    assert read_json(saved)["slice"]["any"]["positives"] == 20


def test_bundled_figures_are_printed_without_any_data(runs, tmp_path, capsys, monkeypatch):
    assert main(["learn", "evaluate", str(runs), "--save", str(tmp_path / "metrics.json")]) == 0
    expected = capsys.readouterr().out
    monkeypatch.setattr("ichviewer.cli.learn.evaluate.model_dir", lambda: tmp_path)
    assert main(["learn", "evaluate", "--bundled"]) == 0
    assert capsys.readouterr().out == expected


def test_runs_that_are_not_there_are_told_in_one_line(tmp_path, capsys):
    assert main(["learn", "evaluate", str(tmp_path)]) == 2
    assert "no folder of training runs" in capsys.readouterr().err


def test_prepare_reports_what_it_made(made_up_ct_ich, tmp_path, capsys):
    cache = tmp_path / "cache"
    assert main(["learn", "prepare", str(made_up_ct_ich), "-o", str(cache), "--painted", "0"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "6 patients, 60 slices and 0 painted pictures" in err
    assert "no unreadable files" in err
    assert len(json.loads((cache / "manifest.json").read_text())["files"]) == 6


def test_prepare_refuses_another_folder(tmp_path, capsys):
    assert main(["learn", "prepare", str(tmp_path), "-o", str(tmp_path / "cache")]) == 2
    assert "not the CT-ICH data set" in capsys.readouterr().err


def test_export_needs_a_trained_model(tmp_path, capsys):
    assert main(["learn", "export", str(tmp_path), "-o", str(tmp_path / "model")]) == 2
    assert "not been trained yet" in capsys.readouterr().err


def test_train_refuses_a_wrong_recipe(tmp_path, capsys):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("batch = 0")
    assert main(["learn", "train", str(recipe), "-o", str(tmp_path / "runs")]) == 2
    assert "recipe.toml" in capsys.readouterr().err
