from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pydicom
import pytest
from pydicom import uid

from ichviewer.bundle import resources_dir
from ichviewer.inference.model_card import load_model_card
from ichviewer.services import self_test
from ichviewer.services.golden import read_golden
from ichviewer.services.self_test import SYNTAXES, State, run_self_test


@pytest.fixture
def model(tmp_path, golden_template, monkeypatch) -> Path:
    """A model with golden probabilities in place of the bundled one; TensorFlow counts as not installed."""
    folder = Path(shutil.copytree(golden_template, tmp_path / "model"))
    monkeypatch.setattr(self_test, "model_dir", lambda: folder)
    monkeypatch.setattr(self_test, "keras_installed", lambda: False)
    return folder


@pytest.fixture
def analysed(golden_template, monkeypatch) -> None:
    """The demo studies count as analysed already, for tests that are about something else."""
    recorded = read_golden(load_model_card(golden_template))
    monkeypatch.setattr(self_test, "demo_probabilities", lambda card, engine: recorded)


def checks() -> dict[str, self_test.Check]:
    return {check.name: check for check in run_self_test()}


def test_all_holds(model):
    found = checks()
    assert [c for c in found.values() if c.state is State.FAILED] == []
    assert found["demo studies, litert engine"].state is State.PASSED
    assert found["demo studies, keras engine"].state is State.SKIPPED
    assert "agreement with them is the parity check" in found["engine parity"].detail
    assert re.fullmatch(
        r"\d+\.\d ms a slice on \d+ CPUs?; ich\.tflite, 0\.0 MB, float32",
        found["speed, litert engine"].detail,
    )
    assert [name for name in found if name.startswith("decoder ")] == [f"decoder {s}" for s in SYNTAXES]


def test_every_syntax_has_a_frame_of_that_syntax():
    for syntax in SYNTAXES:
        ds = pydicom.dcmread(resources_dir() / "self_test" / f"{syntax}.dcm", stop_before_pixels=True)
        assert ds.file_meta.TransferSyntaxUID == getattr(uid, syntax)


def test_a_changed_model_file_fails(model):
    with (model / "ich.tflite").open("ab") as file:
        file.write(b"x")
    found = checks()
    assert found["model"].state is State.FAILED
    assert found["demo studies, litert engine"].state is State.FAILED


def test_other_probabilities_fail(model, analysed):
    path = model / "golden.json"
    record = json.loads(path.read_text())
    known = next(p for p in record["slices"].values() if p is not None)
    known[0] += 0.1
    path.write_text(json.dumps(record))
    check = checks()["demo studies, litert engine"]
    assert check.state is State.FAILED
    assert "0.0001 allowed" in check.detail


def test_no_model_fails(model):
    (model / "model.json").unlink()
    assert checks()["model"].state is State.FAILED


def test_a_missing_or_wrong_decoder_fails(model, analysed, monkeypatch, tmp_path):
    root = Path(shutil.copytree(resources_dir(), tmp_path / "resources"))
    (root / "self_test" / "RLELossless.dcm").unlink()
    shutil.copy(root / "self_test" / "JPEGBaseline8Bit.dcm", root / "self_test" / "HTJ2K.dcm")
    monkeypatch.setattr(self_test, "resources_dir", lambda: root)
    found = checks()
    assert found["decoder RLELossless"].state is State.FAILED
    assert found["decoder HTJ2K"].state is State.FAILED
    assert found["decoder JPEG2000"].state is State.PASSED


def test_a_persons_broken_windows_are_a_note_not_a_failure(model, analysed):
    path = self_test.user_windows_file()
    path.parent.mkdir(parents=True)
    path.write_text("[[window]]\n")
    check = checks()["your own windows"]
    assert check.state is State.NOTE
    assert "'name' is missing" in check.detail
