from __future__ import annotations

from pathlib import Path

import fake_backend
import pytest
from dicom_factory import write_series
from fake_backend import Script, scripted_backend
from PySide6.QtGui import QColor, QImage

from ichviewer.errors import ExportError, NothingReadableError
from ichviewer.ui import main_window
from ichviewer.ui.screenshot import take_screenshot
from ichviewer.ui.theme import DARK, LIGHT


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "default_backend", lambda: scripted_backend(Script(flagged=[3])))
    assert fake_backend.HIGH[0] > 0.5


@pytest.mark.parametrize(("name", "colors"), [("dark", DARK), ("light", LIGHT)])
def test_shows_the_most_suspicious_slice_of_a_whole_window(tmp_path: Path, name: str, colors: object) -> None:
    write_series(tmp_path / "ct", n=5, rows=64, columns=64)
    out = tmp_path / "win.png"
    take_screenshot([tmp_path / "ct"], out, (1280, 720), name)
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1280, 720)
    seen = {image.pixelColor(x, y).name() for x in range(0, 1280, 2) for y in range(0, 720, 2)}
    assert colors.panel in seen  # type: ignore[attr-defined]
    # The flagged column of the strip: only there where the analysis was done.
    assert QColor(colors.probability_color(0.91, 0.5)).name() in seen  # type: ignore[attr-defined]


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NothingReadableError):
        take_screenshot([tmp_path], tmp_path / "win.png")
    assert not (tmp_path / "win.png").exists()


def test_unwritable_is_an_error(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", n=1)
    with pytest.raises(ExportError):
        take_screenshot([tmp_path / "ct"], tmp_path / "no" / "win.png")
