"""Painted regions that are hidden: on all images of the window, said there, and never changed unseen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import drag, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from region_builders import paint_selected
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.tools.region_layer import RegionLayer
from ichviewer.ui.tools.region_settings import Mode, RegionSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine slices of 64 x 64 pixels of 0.5 mm, 5 mm apart."""
    write_series(tmp_path / "study", n=9, hu=np.full((64, 64), 60, dtype=np.int16))
    return tmp_path / "study"


@pytest.fixture
def window(make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    """With a region on slices 4 and 5, of which 5 is in view."""
    made = make_window.opened(folder)
    settle()
    paint_selected(made, 4, 5)
    made.viewing.go_to(5)
    settle()
    return made


def said(image: ImagePane) -> str:
    """What is drawn on an image, as a screen reader is told."""
    (layer,) = image.findChildren(RegionLayer)
    return layer.accessibleDescription()


def hide(window: MainWindow) -> None:
    window.actions_["view.painted_regions"].trigger()


def test_a_key_hides_them_and_the_image_says_so(qtbot: QtBot, window: MainWindow) -> None:
    action = window.actions_["view.painted_regions"]
    assert action.isEnabled() and action.isChecked()
    assert said(window.image).startswith("Region 1")
    before = window.image.grab().toImage()
    qtbot.keyClick(window.image, Qt.Key.Key_U)
    assert not action.isChecked()
    assert said(window.image) == "1 painted region hidden"
    assert window.image.grab().toImage() != before
    window.viewing.go_to(0)
    settle()
    # Nothing is painted there, so nothing is hidden.
    assert said(window.image) == ""
    window.viewing.go_to(5)
    settle()
    qtbot.keyClick(window.image, Qt.Key.Key_U)
    assert action.isChecked() and said(window.image).startswith("Region 1")


def test_it_is_possible_only_where_something_is_painted(window: MainWindow) -> None:
    window.tools.regions.delete()
    assert not window.actions_["view.painted_regions"].isEnabled()
    window.actions_["measure.undo"].trigger()
    assert window.actions_["view.painted_regions"].isEnabled()


def test_all_panes_and_reformats_hide_them(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["layout.panes_1x2"].trigger()
    series = window.viewing.series
    assert series is not None
    second = window.grid.frames[1].image
    window.panes.show_series(window.viewing.panes[1], series)
    qtbot.waitUntil(lambda: said(second).startswith("Region 1"))
    hide(window)
    assert said(window.image) == "1 painted region hidden"
    assert said(second) == "1 painted region hidden"
    window.actions_["layout.panes_1x1"].trigger()
    window.actions_["view.reformats_shown"].trigger()
    planes = window.reformats.set

    def at_rest() -> bool:
        return planes.planes is not None and all(p.shown and p.resting for p in planes.panes.values())

    qtbot.waitUntil(at_rest, timeout=30_000)
    coronal = planes.panes[Section.CORONAL]
    qtbot.waitUntil(lambda: "hidden" in said(coronal), timeout=10_000)
    assert said(coronal) == "1 painted region hidden"
    hide(window)
    assert said(coronal).startswith("Region 1")


def test_what_is_hidden_is_neither_painted_nor_smoothed_nor_deleted(window: MainWindow) -> None:
    regions = window.tools.regions
    window.actions_["measure.volume"].trigger()
    hide(window)
    before = regions.store.regions["r"]
    center = window.image.rect().center()
    for mode in Mode:
        regions.work.use(RegionSettings(mode))
        drag(window.image, (center.x(), center.y()), (center.x() + 20, center.y()))
        assert "are hidden" in window.notice.text
        window.notice.clear()
    regions.smooth()
    assert "are hidden" in window.notice.text
    assert not window.actions_["measure.delete"].isEnabled()
    window.tools.delete()
    regions.delete()
    assert regions.store.regions == {"r": before} and regions.store.hidden
    panel = regions.panel
    assert not any(
        button.isEnabled() for button in (*panel.modes.values(), panel.smooth, panel.list.delete_button)
    )
    assert panel.hidden.isVisible()
    panel.show_button.click()
    assert not regions.store.hidden and not panel.hidden.isVisible()
    drag(window.image, (center.x(), center.y()), (center.x() + 20, center.y()))
    assert regions.store.regions["r"] != before or len(regions.store.regions) > 1


def test_what_changes_a_region_shows_it(window: MainWindow) -> None:
    store = window.tools.regions.store
    hide(window)
    window.actions_["measure.undo"].trigger()
    assert not store.regions and not store.hidden
    window.actions_["measure.redo"].trigger()
    hide(window)
    window.tools.regions.work.rename(store.regions["r"], "left")
    assert not store.hidden


def test_choosing_the_volume_tool_shows_them(window: MainWindow) -> None:
    hide(window)
    window.actions_["measure.volume"].trigger()
    assert not window.tools.regions.store.hidden


def test_they_are_not_hidden_in_the_middle_of_a_stroke(window: MainWindow) -> None:
    window.actions_["measure.volume"].trigger()
    window.tools.regions.work.use(RegionSettings(Mode.PAINT))
    center = window.image.rect().center()
    QTest.mousePress(window.image, Qt.MouseButton.LeftButton, pos=center)
    hide(window)
    assert not window.tools.regions.store.hidden and window.tools.regions.work.painting
    QTest.mouseRelease(window.image, Qt.MouseButton.LeftButton, pos=center)
    hide(window)
    assert window.tools.regions.store.hidden


def test_another_study_does_not_hide_its_regions(
    make_window: MakeWindow,  # noqa: F811
    window: MainWindow,
    folder: Path,
) -> None:
    hide(window)
    window.open_paths([folder])
    make_window.wait(window)
    assert not window.tools.regions.store.hidden
