"""`ichviewer learn prepare`, `train` and `export` on the command line."""

from __future__ import annotations

import json

import pytest

from ichviewer.__main__ import main


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


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
