"""`ichviewer learn report` on the command line."""

from __future__ import annotations

import shutil

from fake_runs import write_fake_runs

from ichviewer.__main__ import main
from ichviewer.bundle import model_dir


def test_the_page_and_the_card_are_written(tmp_path, capsys):
    runs, model = write_fake_runs(tmp_path / "runs", folds=2, patients=8, slices=10), tmp_path / "model"
    model.mkdir()
    shutil.copy(model_dir() / "model.json", model)
    page = tmp_path / "docs" / "report.html"
    assert main(["learn", "report", str(runs), "-o", str(page), "--model", str(model)]) == 2
    assert "learn evaluate" in capsys.readouterr().err
    assert main(["learn", "evaluate", str(runs), "-o", str(model), "--resamples", "5"]) == 0
    assert main(["learn", "report", str(runs), "-o", str(page), "--model", str(model)]) == 0
    told = capsys.readouterr().err
    assert "report written to" in told
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (model / "MODEL_CARD.md").read_text(encoding="utf-8").startswith("# Model card: ich")


def test_without_a_model_there_is_no_card_and_that_is_said(tmp_path, capsys):
    runs = write_fake_runs(tmp_path / "runs", folds=2, patients=8, slices=10)
    assert main(["learn", "evaluate", str(runs), "--resamples", "5"]) == 0
    page, figure = tmp_path / "report.html", tmp_path / "auc.svg"
    arguments = ["learn", "report", str(runs), "-o", str(page), "--figure", str(figure)]
    assert main([*arguments, "--model", str(tmp_path / "none")]) == 0
    assert "8 patients not trained on" in figure.read_text(encoding="utf-8")
    assert "no model card" in capsys.readouterr().err
    assert main(["learn", "report", str(runs), "-o", str(page), "--no-card"]) == 0
