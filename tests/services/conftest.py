from __future__ import annotations

from pathlib import Path

import pytest

from ichviewer.inference.model_card import ModelCard, load_model_card

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"


@pytest.fixture(scope="session")
def tiny_card() -> ModelCard:
    """A whole model of a few kilobytes."""
    return load_model_card(TINY)


@pytest.fixture(autouse=True)
def no_settings_of_a_person(monkeypatch, tmp_path: Path) -> None:
    """Keep the tests away from the settings of whoever runs them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
