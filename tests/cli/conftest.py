from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Keep each test in a folder of its own, away from a person's settings, and leave the logs as they were."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    log = logging.getLogger("ichviewer")
    before = log.handlers[:], log.level, log.propagate
    yield
    log.handlers[:], log.propagate = before[0], before[2]
    log.setLevel(before[1])


@pytest.fixture
def tiny() -> Path:
    """Folder of a whole model of a few kilobytes."""
    return TINY
