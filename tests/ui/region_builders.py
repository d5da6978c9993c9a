"""Windows with painted regions, and reformats that are drawn in full."""

from __future__ import annotations

import numpy as np
from image_builders import settle
from pytestqt.qtbot import QtBot
from region_factory import NOON

from ichviewer.domain.painted_region import PaintedRegion, RegionStep, masks_of
from ichviewer.ui.app.main_window import MainWindow


def paint(window: MainWindow, *indices: int, region_id: str = "r", name: str = "") -> PaintedRegion:
    """A region of rows 20 to 39 and columns 24 to 43 of some slices of 64 x 64 pixels, not selected."""
    series = window.viewing.series
    assert series is not None
    mask = np.zeros((64, 64), dtype=bool)
    mask[20:40, 24:44] = True
    hashes = [window.session.cache.get(series.slices[i]).pixel_hash for i in indices]
    masks = masks_of(series, indices, [mask] * len(indices), hashes)
    ordered = tuple(sorted(masks, key=lambda one: one.place))
    region = PaintedRegion(region_id, series.key.in_file, ordered, NOON, NOON, name)
    window.tools.regions.store.do(RegionStep(None, region, "paint region"))
    return region


def paint_selected(window: MainWindow, *indices: int) -> PaintedRegion:
    """The same, selected."""
    region = paint(window, *indices)
    window.tools.regions.store.select(region.id)
    return region


def rest(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until all planes are there in full."""
    planes = window.reformats.set
    settle()
    qtbot.waitUntil(
        lambda: (
            planes.planes is not None
            and all(p.shown is not None and p.shown.in_full and p.resting for p in planes.panes.values())
        ),
        timeout=30_000,
    )
    settle()
