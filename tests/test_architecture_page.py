"""The page that explains the structure names what exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:ichviewer|ui)/[a-z_0-9/]+(?:\.py)?)`", PAGE)))


@pytest.mark.parametrize("name", NAMED)
def test_what_the_page_names_exists(name: str) -> None:
    path = ROOT / name if name.startswith("ichviewer") else ROOT / "ichviewer" / name
    assert path.exists()


def test_the_page_names_modules() -> None:
    assert len(NAMED) > 20


def test_rooms_of_the_window_stand_in_the_order_of_their_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"] == "The rooms of the window")
    drawn = re.search(r"^ +(look --> .*)$", PAGE, re.M)
    assert drawn is not None
    assert drawn[1].split(" --> ") == [layer.rpartition(".")[2] for layer in reversed(layers)]


def test_every_room_of_the_window_is_explained() -> None:
    rooms = {p.parent.name for p in (ROOT / "ichviewer" / "ui").glob("*/__init__.py")}
    assert {name[3:] for name in NAMED if name.startswith("ui/") and not name.endswith(".py")} == rooms
