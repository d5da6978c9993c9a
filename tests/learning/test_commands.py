"""`ichviewer learn prepare`, `train` and `export` on the command line."""

from __future__ import annotations

import pytest

from ichviewer.__main__ import main


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


def test_export_needs_a_trained_model(tmp_path, capsys):
    assert main(["learn", "export", str(tmp_path), "-o", str(tmp_path / "model")]) == 2
    assert "not been trained yet" in capsys.readouterr().err


def test_train_refuses_a_wrong_recipe(tmp_path, capsys):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("batch = 0")
    assert main(["learn", "train", str(recipe), "-o", str(tmp_path / "runs")]) == 2
    assert "recipe.toml" in capsys.readouterr().err
