"""`ichviewer learn calibrate` on the command line."""

from __future__ import annotations

import json
import shutil

import pytest
from fake_runs import write_fake_runs

from ichviewer.__main__ import main
from ichviewer.bundle import model_dir
from ichviewer.inference.model_card import load_model_card


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(model_dir() / "model.json", folder)
    return folder


def test_what_is_fitted_goes_into_the_metadata_and_the_rest_stays(model, tmp_path, capsys):
    runs = write_fake_runs(tmp_path / "runs", folds=2, patients=8, slices=10)
    before = json.loads((model / "model.json").read_text())
    assert main(["learn", "calibrate", str(runs), "-o", str(model), "--no-golden"]) == 0
    printed, told = capsys.readouterr()
    assert "temperature" in printed
    assert "platt" in printed
    assert "smoothing of" in told
    after = json.loads((model / "model.json").read_text())
    changed = {name for name in after if after[name] != before.get(name)}
    fitted = {"calibration", "operating_points", "smoothing", "series_rule"}
    assert {"calibration", "operating_points"} <= changed <= fitted
    assert "maximum, calibrated" in printed
    assert ("for a series: maximum" in told) == (after["series_rule"] is None)
    assert load_model_card(model).calibration.slope == tuple(after["calibration"]["slope"])


def test_a_folder_without_a_model_is_told(tmp_path, capsys):
    runs = write_fake_runs(tmp_path / "runs", folds=2, patients=8, slices=10)
    (tmp_path / "empty").mkdir()
    assert main(["learn", "calibrate", str(runs), "-o", str(tmp_path / "empty")]) == 2
    assert "model.json" in capsys.readouterr().err
