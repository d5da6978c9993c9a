"""The registry of further models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from plugins.intracranial_volume import IntracranialVolume

from ichviewer.domain.model_spec import HEMORRHAGE_OUTPUTS, ModelSpec
from ichviewer.services.series_models import added_models, register, registered, registered_models

TESTS = Path(__file__).parents[1]


def test_a_registered_model_is_there_until_the_block_ends():
    with registered(IntracranialVolume()) as model:
        assert added_models() == (model,)
        assert model in registered_models()
    assert added_models() == ()


def test_two_models_of_one_id_are_refused():
    with registered(IntracranialVolume()), pytest.raises(ValueError, match="intracranial again"):
        register(IntracranialVolume())


def test_the_id_of_the_bundled_model_is_refused():
    class Impostor(IntracranialVolume):
        spec = ModelSpec("hemorrhage", "A better one", HEMORRHAGE_OUTPUTS)

    with pytest.raises(ValueError, match="Received: hemorrhage"):
        register(Impostor())


def test_what_cannot_measure_is_refused():
    with pytest.raises(ValueError, match="Received: int"):
        register(3)  # type: ignore[arg-type]


def test_models_of_installed_packages_are_found_and_broken_ones_left_out(tmp_path):
    package = tmp_path / "further-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: further\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(
        "[ichviewer.models]\n"
        "leaving = sys:exit\n"
        "absent = nowhere.at_all:Model\n"
        "icv = plugins.intracranial_volume:IntracranialVolume\n"
        "number = builtins:int\n"
    )
    code = (
        "from ichviewer.services.series_models import registered_models\n"
        "print([model.spec.id for model in registered_models()])"
    )
    path = os.pathsep.join([str(tmp_path), str(TESTS), str(TESTS.parent)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout.strip() == "['intracranial']"
    assert "the model absent cannot be loaded (ModuleNotFoundError)" in done.stderr
    assert "the model leaving cannot be loaded (SystemExit)" in done.stderr
    assert "the model number cannot be loaded (ValueError)" in done.stderr
