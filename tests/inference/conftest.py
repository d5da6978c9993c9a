from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ichviewer.inference.model_card import ModelCard, load_model_card

TINY = Path(__file__).parent / "tiny_model"


@pytest.fixture(scope="session")
def tiny_card() -> ModelCard:
    """A whole model of a few kilobytes, made by make_tiny_model.py."""
    return load_model_card(TINY)


@pytest.fixture(scope="session")
def maps_card() -> ModelCard:
    """The same with maps of where blood is."""
    return load_model_card(TINY.with_name("tiny_maps_model"))


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(TINY, tmp_path / "model"))


@pytest.fixture
def edit_card(model_copy: Path) -> Callable[[Callable[[dict[str, Any]], object]], Path]:
    """Change model.json of the copy with a function; returns the folder."""

    def edit(change: Callable[[dict[str, Any]], object]) -> Path:
        path = model_copy / "model.json"
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))
        return model_copy

    return edit
