"""Painted regions on the reformats: outlines where the plane cuts their voxels, and none of other pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import write_series
from image_builders import settle
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot
from region_builders import paint, rest
from window_builders import MakeWindow, make_window  # noqa: F401 - a fixture

from ichviewer.domain.painted_region import RegionStep, SliceMask
from ichviewer.domain.region_cut import PlaneCut
from ichviewer.ui.app.main_window import MainWindow
from ichviewer.ui.look.region_colors import REGION_COLOR
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.tools import region_boxes
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing, RegionLayer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine slices of 64 x 64 pixels of 0.5 mm, 5 mm apart."""
    write_series(tmp_path / "study", n=9, hu=np.full((64, 64), 40, dtype=np.int16))
    return tmp_path / "study"


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> MainWindow:  # noqa: F811
    made = make_window.opened(folder)
    made.resize(1300, 800)
    settle()
    return made


def reformats(qtbot: QtBot, window: MainWindow) -> None:
    if not window.reformats.shown:
        window.actions_["view.reformats_shown"].trigger()
    rest(qtbot, window)


def pane(window: MainWindow, section: Section) -> ReformatPane:
    return window.reformats.set.panes[section]


def layer(window: MainWindow, section: Section) -> RegionLayer:
    (found,) = pane(window, section).findChildren(RegionLayer)
    return found


def drawing(window: MainWindow, section: Section) -> RegionDrawing | None:
    return layer(window, section)._read()


def outlined(qtbot: QtBot, window: MainWindow, section: Section) -> tuple[DrawnRegion, ...]:
    qtbot.waitUntil(lambda: bool((d := drawing(window, section)) and (d.regions or d.notes)), timeout=10_000)
    found = drawing(window, section)
    assert found is not None
    return found.regions


def bounds_mm(window: MainWindow, section: Section, cut: PlaneCut | SliceMask) -> list[list[float]]:
    """Patient coordinates of the outer corners of what is outlined, lowest and highest."""
    assert isinstance(cut, PlaneCut) and window.reformats.set.planes is not None
    view = window.reformats.set.planes.view(section)
    rows, columns = cut.inside.shape
    a = view.mm_at(cut.row - 0.5, cut.column - 0.5)
    b = view.mm_at(cut.row + rows - 0.5, cut.column + columns - 0.5)
    return [np.minimum(a, b).tolist(), np.maximum(a, b).tolist()]


def test_a_region_is_outlined_on_every_plane_that_cuts_it(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, 3, 4, 5, name="left")
    reformats(qtbot, window)
    series = window.viewing.series
    assert series is not None and series.slices[3].plane is not None and series.slices[5].plane is not None
    x, y, low_z = series.slices[3].plane.position_mm
    high_z = series.slices[5].plane.position_mm[2]
    # From the outer edges of the first to those of the last pixel, and half a slice beyond the outer slices.
    low = [x + 23.5 * 0.5, y + 19.5 * 0.5, min(low_z, high_z) - 2.5]
    high = [x + 43.5 * 0.5, y + 39.5 * 0.5, max(low_z, high_z) + 2.5]
    for section, across in ((Section.AXIAL, 2), (Section.CORONAL, 1), (Section.SAGITTAL, 0)):
        (region,) = outlined(qtbot, window, section)
        assert region.lines[0] == "left"
        found_low, found_high = bounds_mm(window, section, region.mask)
        for axis in {0, 1, 2} - {across}:
            # Within a pixel of the reformat.
            assert found_low[axis] == pytest.approx(low[axis], abs=0.5)
            assert found_high[axis] == pytest.approx(high[axis], abs=0.5)
        assert "left" in layer(window, section).accessibleDescription()


def test_the_outline_is_seen_in_the_color_of_regions(qtbot: QtBot, window: MainWindow) -> None:
    region = paint(window, 3, 4, 5)
    window.tools.regions.store.select(region.id)
    reformats(qtbot, window)
    (drawn,) = outlined(qtbot, window, Section.CORONAL)
    assert drawn.selected
    shown = pane(window, Section.CORONAL)
    image: QImage = shown.grab().toImage()
    low, high = bounds_mm(window, Section.CORONAL, drawn.mask)
    # The middle of the left and of the upper side; the crosshair runs elsewhere.
    for x, z in ((low[0], low[2] + 3), (high[0], low[2] + 3)):
        place = shown.screen_of((x, shown.planes.crosshair_mm[1], z))  # type: ignore[union-attr]
        assert place is not None
        near = [
            image.pixelColor(round(place.x()) + dx, round(place.y()) + dy)
            for dx in (-2, -1, 0, 1, 2)
            for dy in (-1, 0, 1)
        ]
        assert any(_is_region_color(color) for color in near)


def _is_region_color(color: QColor) -> bool:
    away = (
        abs(color.red() - REGION_COLOR.red()),
        abs(color.green() - REGION_COLOR.green()),
        abs(color.blue() - REGION_COLOR.blue()),
    )
    return max(away) < 40


def test_a_plane_beside_the_region_shows_none(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, 3, 4, 5)
    reformats(qtbot, window)
    assert outlined(qtbot, window, Section.CORONAL)
    window.reformats.set.panes[Section.CORONAL].sliceStepRequested.emit(14)
    rest(qtbot, window)
    found = drawing(window, Section.CORONAL)
    assert found is not None and found.regions == ()
    assert outlined(qtbot, window, Section.SAGITTAL)


def test_while_another_plane_is_on_its_way_nothing_is_outlined(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, 3, 4, 5)
    reformats(qtbot, window)
    assert outlined(qtbot, window, Section.CORONAL)
    window.reformats.set.panes[Section.CORONAL].sliceStepRequested.emit(1)
    # The picture of the new plane is still being computed.
    assert drawing(window, Section.CORONAL) is None
    rest(qtbot, window)
    assert outlined(qtbot, window, Section.CORONAL)


def test_a_region_of_which_one_slice_has_other_pixels_is_counted_and_not_outlined(
    qtbot: QtBot, window: MainWindow
) -> None:
    region = paint(window, 3, 4, 5)
    changed = replace(region.masks[1], pixel_hash="f" * 32)
    other = replace(region, masks=(region.masks[0], changed, region.masks[2]))
    window.tools.regions.store.do(RegionStep(region, other))
    reformats(qtbot, window)
    for section in Section:
        assert outlined(qtbot, window, section) == ()
        found = drawing(window, section)
        assert found is not None and found.notes == ("1 painted on other pixels",)


def test_a_region_that_reaches_slices_that_are_not_open_is_not_taken_for_whole(
    qtbot: QtBot, window: MainWindow
) -> None:
    region = paint(window, 3, 4)
    elsewhere = replace(region.masks[0], sop_uid="9.9")
    other = replace(region, masks=(*region.masks, elsewhere))
    window.tools.regions.store.do(RegionStep(region, other))
    reformats(qtbot, window)
    assert outlined(qtbot, window, Section.CORONAL) == ()
    found = drawing(window, Section.CORONAL)
    assert found is not None and found.notes == ("1 partly on slices that are not open",)


def test_undoing_and_deleting_are_followed(qtbot: QtBot, window: MainWindow) -> None:
    region = paint(window, 3, 4, 5)
    reformats(qtbot, window)
    assert outlined(qtbot, window, Section.SAGITTAL)
    window.tools.regions.store.do(RegionStep(region, None))
    found = drawing(window, Section.SAGITTAL)
    assert found is not None and found.regions == ()
    window.tools.store.history.undo()
    assert outlined(qtbot, window, Section.SAGITTAL)


def test_what_takes_too_much_memory_is_told(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 3 slices of 20 x 20 voxels are 1,200 bytes.
    monkeypatch.setattr(region_boxes, "MOST_BYTES", 2000)
    paint(window, 3, 4, 5, region_id="a")
    paint(window, 3, 4, 5, region_id="b")
    reformats(qtbot, window)
    qtbot.waitUntil(lambda: bool((d := drawing(window, Section.CORONAL)) and d.notes), timeout=10_000)
    found = drawing(window, Section.CORONAL)
    assert found is not None and found.notes == ("1 too large to be outlined here",)
    assert len(found.regions) == 1


def test_after_leaving_and_closing_nothing_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    paint(window, 3, 4, 5, name="left")
    reformats(qtbot, window)
    assert outlined(qtbot, window, Section.CORONAL)
    window.reformats.leave()
    settle()
    assert drawing(window, Section.CORONAL) is None
    reformats(qtbot, window)
    assert outlined(qtbot, window, Section.CORONAL)
    window.actions_["file.close_study"].trigger()
    settle()
    assert drawing(window, Section.CORONAL) is None
    assert layer(window, Section.CORONAL).accessibleDescription() == ""
