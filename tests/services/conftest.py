from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.services.golden import write_golden

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"


@pytest.fixture(scope="session")
def tiny_card() -> ModelCard:
    """A whole model of a few kilobytes."""
    return load_model_card(TINY)


@pytest.fixture(scope="session")
def golden_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with the demo studies' probabilities on record; not to be changed."""
    folder = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("golden") / "model"))
    card = load_model_card(folder)
    write_golden(card, kind="litert")
    return folder


@pytest.fixture(autouse=True)
def no_settings_of_a_person(monkeypatch, tmp_path: Path) -> None:
    """Keep the tests away from the settings of whoever runs them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
