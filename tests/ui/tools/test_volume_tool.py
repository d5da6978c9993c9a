"""Painting, growing, smoothing and erasing regions in the window: what is drawn, measured, undone and kept."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import drag, mouse, settle
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.tools.region_work import Mode, RegionSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five slices of 64 x 64 pixels of 0.5 mm, 5 mm apart, all of 40 HU but a square of 20 x 20 pixels of 70 HU."""
    hu = np.full((64, 64), 40, dtype=np.int16)
    hu[20:40, 20:40] = 70
    write_series(tmp_path / "study", n=5, hu=hu)
    return tmp_path / "study"


@pytest.fixture
def window(make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    made = make_window.opened(folder)
    settle()
    made.actions_["measure.volume"].trigger()
    return made


def use(window: MainWindow, mode: Mode, **others: object) -> None:
    window.tools.regions.work.use(RegionSettings(mode, **others))  # type: ignore[arg-type]


def screen(window: MainWindow, row: float, column: float) -> tuple[float, float]:
    """Where the center of a pixel is on the screen."""
    image = window.viewing.active.image
    shown, placement = image.shown, image.placement()
    assert shown is not None and placement is not None
    place = (column + 0.5) * shown.frame.column_mm, (row + 0.5) * shown.frame.row_mm
    return placement.to_screen(place, (float(image.width()), float(image.height())))


def click(window: MainWindow, row: float, column: float) -> None:
    drag(window.viewing.active.image, screen(window, row, column))


def stroke(window: MainWindow, *pixels: tuple[float, float]) -> None:
    drag(window.viewing.active.image, *(screen(window, *pixel) for pixel in pixels))


def only(window: MainWindow) -> PaintedRegion:
    (region,) = window.tools.regions.store.regions.values()
    return region


def spacing(window: MainWindow) -> float:
    shown = window.image.shown
    assert shown is not None and shown.info.spacing is not None
    return shown.info.spacing.row_mm


def measured(window: MainWindow, qtbot: QtBot):  # type: ignore[no-untyped-def]
    qtbot.waitUntil(lambda: window.tools.regions.measures.of(only(window)) is not None, timeout=5000)
    return window.tools.regions.measures.of(only(window))


def idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.tools.regions.work.busy, timeout=5000)


def test_a_click_grows_the_connected_pixels_within_the_range(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW)
    click(window, 30, 30)
    region = only(window)
    assert region.n_pixels == 400 and len(region.masks) == 1
    assert region.masks[0].mask()[20:40, 20:40].all()
    assert region.masks[0].pixel_hash == window.image.shown.decoded.pixel_hash  # type: ignore[union-attr]
    # 400 pixels, 5 mm thick.
    numbers = measured(window, qtbot)
    assert numbers.volume.ml == pytest.approx(400 * spacing(window) ** 2 * 5 / 1000)


def test_a_click_outside_the_range_grows_nothing_and_says_the_value(window: MainWindow) -> None:
    use(window, Mode.GROW)
    click(window, 5, 5)
    assert not window.tools.regions.store.regions
    assert "40 HU" in window.notice.text


def test_growing_in_3d_takes_all_slices_and_the_volume_is_right(window: MainWindow, qtbot: QtBot) -> None:
    use(window, Mode.GROW, through_slices=True)
    click(window, 30, 30)
    assert window.tools.regions.work.busy
    idle(window, qtbot)
    region = only(window)
    assert len(region.masks) == 5 and region.n_pixels == 2000
    numbers = measured(window, qtbot)
    ml = 5 * 400 * spacing(window) ** 2 * 5 / 1000
    assert numbers.volume.ml == pytest.approx(ml)
    assert numbers.volume.low_ml < ml <= numbers.volume.high_ml
    assert window.tools.store.history.undoText() == "grow region in 3-D"
