"""ABC/2 that was drawn on a reformat, set beside a painted region, or the reason why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import drag, mouse, settle
from PySide6.QtCore import QEvent
from pytestqt.qtbot import QtBot
from region_builders import paint_selected, rest
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.painted_region import RegionStep
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.tools import region_boxes


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Iterator[MainWindow]:  # noqa: F811
    """Nine slices of 64 x 64 pixels of 0.5 mm, 5 mm apart; rows 20 to 39, columns 24 to 43 of 3 to 5 are painted."""
    write_series(tmp_path / "study", n=9, hu=np.full((64, 64), 40, dtype=np.int16))
    made = make_window.opened(tmp_path / "study")
    made.resize(1700, 900)
    settle()
    paint_selected(made, 3, 4, 5)
    made.actions_["measure.volume"].trigger()
    made.actions_["view.reformats_shown"].trigger()
    rest(qtbot, made)
    yield made


def draw(window: MainWindow, *at: tuple[float, float]) -> Abc2:
    """A and B on the coronal plane, in mm to the right and down from the crosshair, and C of one plane of 5 mm."""
    planes = window.reformats.set.planes
    assert planes is not None
    pane, view = window.reformats.set.panes[Section.CORONAL], planes.view(Section.CORONAL)
    before = set(window.tools.store.annotations)
    window.actions_["measure.abc2"].trigger()
    for right, down in at:
        x, y, z = (
            np.array(planes.crosshair_mm) + right * np.array(view.right) + down * np.array(view.down)
        ).tolist()
        place = pane.screen_of((x, y, z))
        assert place is not None
        mouse(pane, QEvent.Type.MouseMove, (place.x(), place.y()))
        drag(pane, (place.x(), place.y()))
    window.tools.list.abc.done.click()
    window.actions_["measure.volume"].trigger()
    (new,) = set(window.tools.store.annotations) - before
    drawn = window.tools.store.annotations[new]
    assert isinstance(drawn, Abc2) and drawn.steps_done == 3
    return drawn


def told(window: MainWindow) -> str:
    return window.tools.regions.panel.numbers.text()


INSIDE = ((-3.0, 0.0), (3.0, 0.0), (0.0, -2.0), (0.0, 2.0))
OUTSIDE = ((9.0, 0.0), (13.0, 0.0), (11.0, -1.5), (11.0, 1.5))


def test_abc2_on_a_plane_that_cuts_the_region_stands_beside_its_volume(
    qtbot: QtBot, window: MainWindow
) -> None:
    draw(window, *INSIDE)
    qtbot.waitUntil(lambda: "on a reformat" in told(window), timeout=10_000)
    # A 6 mm, B 4 mm, C one plane of 5 mm: 0.06 mL; 20 x 20 pixels of 0.5 mm on 3 slices of 5 mm: 1.5 mL.
    assert "ABC/2 as drawn on a reformat 0.1 mL, 0.04 times the volume" in told(window)
    # It is known when the reformats are left.
    window.reformats.leave()
    settle()
    assert "ABC/2 as drawn on a reformat 0.1 mL" in told(window)


def test_lines_beside_the_region_are_not_its_own(qtbot: QtBot, window: MainWindow) -> None:
    draw(window, *OUTSIDE)
    line = "ABC/2 on a reformat: its lines do not cross this region"
    qtbot.waitUntil(lambda: line in told(window), timeout=10_000)
    draw(window, *INSIDE)
    qtbot.waitUntil(lambda: "as drawn on a reformat 0.1 mL" in told(window), timeout=10_000)
    assert line not in told(window)


def test_without_reformats_it_says_where_they_are_compared(qtbot: QtBot, window: MainWindow) -> None:
    drawn = draw(window, *INSIDE)
    qtbot.waitUntil(lambda: "as drawn on a reformat" in told(window), timeout=10_000)
    window.reformats.leave()
    # A region that is another now was not compared yet.
    region = window.tools.regions.store.regions["r"]
    later = region.named("other", region.modified + timedelta(minutes=1))
    window.tools.regions.store.do(RegionStep(region, later, "name region"))
    qtbot.waitUntil(lambda: "mL (" in told(window), timeout=10_000)
    assert "ABC/2 on a reformat: compared while the reformats are shown" in told(window)
    # Undone it is the one that was compared.
    window.tools.undo()
    qtbot.waitUntil(lambda: "as drawn on a reformat 0.1 mL" in told(window), timeout=10_000)
    window.tools.store.delete(drawn)
    assert "reformat" not in told(window)


def test_other_pixels_are_not_compared(qtbot: QtBot, window: MainWindow) -> None:
    drawn = draw(window, *INSIDE)
    other = replace(drawn, id="other", drawn_on=replace(drawn.drawn_on, pixel_hash="0" * 64))
    window.tools.store.delete(drawn)
    window.tools.store.add(other)
    line = "ABC/2 on a reformat: drawn on other pixels"
    qtbot.waitUntil(lambda: line in told(window), timeout=10_000)


def test_a_region_that_cannot_be_placed_says_why(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(window, *INSIDE)
    monkeypatch.setattr(region_boxes, "MOST_BYTES", 10)
    region = window.tools.regions.store.regions["r"]
    later = region.named("other", region.modified + timedelta(minutes=1))
    window.tools.regions.store.do(RegionStep(region, later, "name region"))
    line = "ABC/2 on a reformat: the region is too large to be outlined here"
    qtbot.waitUntil(lambda: line in told(window), timeout=10_000)
