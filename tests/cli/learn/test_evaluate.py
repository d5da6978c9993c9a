"""`ichviewer learn evaluate` on the command line."""

from __future__ import annotations

import shutil

import pytest
from fake_runs import write_fake_runs

from ichviewer.__main__ import main
from ichviewer.learning.report import read_json


@pytest.fixture
def runs(tmp_path):
    return write_fake_runs(tmp_path / "runs", folds=2, patients=8, slices=10)


def test_it_prints_every_label_and_writes_the_figures(runs, tmp_path, capsys):
    out = tmp_path / "model"
    assert main(["learn", "evaluate", str(runs), "-o", str(out), "--resamples", "20"]) == 0
    printed, told = capsys.readouterr()
    for label in ("any", "epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural"):
        assert label in printed
    assert "80 slices of 8 patients, 2 folds" in printed
    assert str(out / "metrics.json") in told
    assert read_json(out / "metrics.json") == read_json(runs / "metrics.json")
    assert read_json(out / "metrics.json")["bootstraps"] == 20


def test_a_line_of_the_ablation_table_is_written_beside_the_runs(runs, tmp_path, capsys):
    shutil.rmtree(runs / "fold_1")
    args = ["learn", "evaluate", str(runs), "--resamples", "5", "--partial", "--ablation", "one", "one fold"]
    assert main(args) == 0
    assert "Only 1 of 2 folds" in capsys.readouterr().out
    assert read_json(tmp_path / "ablation" / "one.json")["what"] == "one fold"


def test_bundled_figures_are_printed_without_any_data(runs, tmp_path, capsys, monkeypatch):
    assert main(["learn", "evaluate", str(runs), "--resamples", "20"]) == 0
    expected = capsys.readouterr().out
    monkeypatch.setattr("ichviewer.cli.learn.evaluate.model_dir", lambda: runs)
    assert main(["learn", "evaluate", "--bundled"]) == 0
    assert capsys.readouterr().out == expected


def test_the_figures_that_ship_can_be_printed(capsys):
    assert main(["learn", "evaluate", "--bundled"]) == 0
    assert "No clinical claim is made." in capsys.readouterr().out


def test_runs_that_are_not_there_are_told_in_one_line(tmp_path, capsys):
    assert main(["learn", "evaluate", str(tmp_path)]) == 2
    assert "no folder of training runs" in capsys.readouterr().err
