from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_factory import make_slice, write
from synthetic_head import SPACING_MM, head_hu

TINY = Path(__file__).parents[1] / "inference" / "tiny_model"

WriteHead = Callable[..., Path]


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep each test in a folder of its own, away from a person's settings."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def tiny() -> Path:
    """Folder of a whole model of a few kilobytes."""
    return TINY


@pytest.fixture
def write_head(tmp_path: Path) -> WriteHead:
    """Writes a head CT of axial slices 5 mm apart, one file each, the first file at the top."""

    def write_files(name: str = "head", n: int = 4, start_hu: int = 30, **more: object) -> Path:
        folder = tmp_path / name
        for i in range(n):
            hu = head_hu(start_hu + 5 * i)
            spacing = (SPACING_MM, SPACING_MM)
            ds = make_slice(
                hu=hu,
                **{"z_mm": 5.0 * (n - 1 - i), "instance_number": i + 1, "pixel_spacing_mm": spacing} | more,
            )
            write(folder / f"IM{i}", ds)
        return folder

    return write_files


@pytest.fixture
def head(write_head: WriteHead) -> Path:
    """Folder of a head CT of four slices."""
    return write_head()
