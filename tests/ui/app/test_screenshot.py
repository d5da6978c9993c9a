from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import fake_backend
import numpy as np
import pytest
from dicom_factory import make_slice, write, write_series
from fake_backend import MAPS, Script, card, scripted_backend
from golden import pixels
from PySide6.QtGui import QColor, QImage

from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.region_map import RegionMap
from ichviewer.domain.series import Series
from ichviewer.errors import EngineError, ExportError, ModelError, NothingReadableError
from ichviewer.inference.regions import RegionSettings
from ichviewer.progress import Cancelled
from ichviewer.ui.app.screenshot import take_screenshot
from ichviewer.ui.look.theme import DARK, LIGHT

BACKEND = "ichviewer.ui.session.backend.default_backend"


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BACKEND, lambda: scripted_backend(Script(flagged=[3])))
    assert fake_backend.HIGH[0] > 0.5


@pytest.mark.parametrize(("name", "colors"), [("dark", DARK), ("light", LIGHT)])
def test_shows_the_most_suspicious_slice_of_a_whole_window(tmp_path: Path, name: str, colors: object) -> None:
    write_series(tmp_path / "ct", n=5, rows=64, columns=64)
    out = tmp_path / "win.png"
    assert take_screenshot([tmp_path / "ct"], out, (1280, 720), name) == ()
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1280, 720)
    seen = {image.pixelColor(x, y).name() for x in range(0, 1280, 2) for y in range(0, 720, 2)}
    assert colors.panel in seen  # type: ignore[attr-defined]
    # The flagged column of the strip: only there where the analysis was done.
    assert QColor(colors.probability_color(0.91, 0.5)).name() in seen  # type: ignore[attr-defined]


@pytest.mark.parametrize("maps", [MAPS, None])
def test_shows_the_regions_if_the_model_gives_maps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maps: RegionSettings | None
) -> None:
    regions = RegionMap.of(np.full((2, 2, 5), 0.9), (24.0, 24.0), (16.0, 16.0))
    backend = scripted_backend(
        Script(flagged=[3], regions=regions), load_card=lambda folder: card(folder, maps)
    )
    monkeypatch.setattr(BACKEND, lambda: backend)
    write_series(tmp_path / "ct", n=5, rows=64, columns=64)
    out = tmp_path / "win.png"
    assert take_screenshot([tmp_path / "ct"], out, (1280, 720)) == ()
    # The upper half of the image: the dots and numbers in the colors of the types lie elsewhere.
    drawn = pixels(QImage(str(out))).astype(int)[100:330, 320:920]
    seen = [
        kind
        for kind in TYPES
        if (np.abs(drawn - QColor(DARK.label_color(kind)).getRgb()[:3]).max(axis=2) < 30).sum() > 100
    ]
    assert seen == ([Hemorrhage.INTRAPARENCHYMAL] if maps is not None else [])


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NothingReadableError):
        take_screenshot([tmp_path], tmp_path / "win.png")
    assert not (tmp_path / "win.png").exists()


def test_unwritable_is_an_error(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", n=1)
    with pytest.raises(ExportError):
        take_screenshot([tmp_path / "ct"], tmp_path / "no" / "win.png")


def test_an_image_is_no_place_for_a_picture(tmp_path: Path) -> None:
    (source, *_) = write_series(tmp_path / "ct", n=2)
    before = source.read_bytes()
    with pytest.raises(ExportError, match="one of the files that were read"):
        take_screenshot([tmp_path / "ct"], source)
    assert source.read_bytes() == before


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write_series(tmp_path / "ct", n=2)
    out = tmp_path / "win.png"
    out.write_bytes(b"old picture")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if call == "fsync" else Path, call, full)
    with pytest.raises(ExportError, match="No space left"):
        take_screenshot([tmp_path / "ct"], out)
    assert out.read_bytes() == b"old picture"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ct", "win.png"]


def test_a_killed_analysis_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Script):
        def annotate(self, series: Series, **_: Any) -> SeriesFindings:
            raise EngineError("the analysis process ended unexpectedly", found="signal SIGKILL")

    monkeypatch.setattr(BACKEND, lambda: scripted_backend(Killed()))
    write_series(tmp_path / "ct", n=3)
    (failure,) = take_screenshot([tmp_path / "ct"], tmp_path / "win.png")
    assert "SIGKILL" in failure
    assert "and 2 more" in failure
    assert (tmp_path / "win.png").is_file()


def test_a_cancelled_analysis_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Script):
        def annotate(self, series: Series, **_: Any) -> SeriesFindings:
            raise Cancelled

    monkeypatch.setattr(BACKEND, lambda: scripted_backend(Stopped()))
    write_series(tmp_path / "ct", n=3)
    (failure,) = take_screenshot([tmp_path / "ct"], tmp_path / "win.png")
    assert "and 2 more" in failure


def test_no_model_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_model(_: Path) -> None:
        raise ModelError("there is no model here", "/somewhere")

    monkeypatch.setattr(BACKEND, lambda: scripted_backend(load_card=no_model))
    write_series(tmp_path / "ct", n=1)
    failures = take_screenshot([tmp_path / "ct"], tmp_path / "win.png")
    assert "/somewhere: there is no model here" in failures


def test_a_file_that_cannot_be_read_is_no_success(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", n=2)
    write(tmp_path / "ct" / "broken", make_slice(z_mm=90.0), keep_bytes=300)
    (failure,) = take_screenshot([tmp_path / "ct"], tmp_path / "win.png")
    assert str(tmp_path / "ct" / "broken") in failure
