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


def test_heads_come_from_one_place_only(tmp_path, capsys):
    store = ["learn", "synthesise", "-o", str(tmp_path / "store")]
    assert main([*store, "--maps", str(tmp_path), "--onto", str(tmp_path)]) == 2
    assert "give one of them" in capsys.readouterr().err
    assert main([*store, "--map", "3"]) == 2
    assert "--maps" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give one of them"),
        (["--maps", ".", "--lesions", "."], "--patient and --lesions need --onto"),
        (["--maps", ".", "--patient", "a"], "--patient and --lesions need --onto"),
        (["--onto", ".", "--lesions", ".", "--patient", "a"], "--patient cannot be used with --lesions"),
        (["--onto", ".", "--size-px", "512"], "--size-px and --mm-per-px need --maps"),
        (["--onto", ".", "--mm-per-px", "0.5"], "--size-px and --mm-per-px need --maps"),
        (["--maps", ".", "--map", "2", "--size-px", "5"], "--size-px"),
        (["--maps", ".", "--map", "2", "--workers", "0"], "--workers"),
        (["--maps", ".", "--map", "2", "--first-seed", "-1"], "--first-seed"),
        (["--maps", ".", "--map", "2", "--number", "0"], "--number"),
    ],
)
def test_no_option_of_synthesise_is_ignored(arguments, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["learn", "synthesise", "-o", "store", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def test_maps_that_are_not_there_are_told_before_anything_is_made(tmp_path, capsys):
    store = ["learn", "synthesise", "-o", str(tmp_path / "store"), "--maps", str(tmp_path)]
    (tmp_path / "training_seg_19.nii.gz").touch()
    assert main(store) == 2  # held back, and none but it is there
    assert "no label maps" in capsys.readouterr().err
    assert main([*store, "--map", "2"]) == 2
    assert "training_seg_02" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()
