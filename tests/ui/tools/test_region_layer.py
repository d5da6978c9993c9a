"""How painted regions look: a translucent color, an outline that tells them without color, a name."""

from __future__ import annotations

import numpy as np
from golden import CompareGolden, pixels
from image_builders import make_head, make_series, settle
from pytestqt.qtbot import QtBot
from region_factory import mask_of

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.painted_region import SliceMask
from ichviewer.ui.panes.image_frame import ImageFrame, fitted
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing, RegionLayer

SIDE = 384
FRAME = ImageFrame(96, 96, PixelSpacing(1, 1))


def disc(row: float, column: float, radius: float) -> SliceMask:
    r, c = np.mgrid[0:96, 0:96]
    mask = (r - row) ** 2 + (c - column) ** 2 <= radius**2
    mask[round(row), round(column)] = False
    return mask_of("1.2", mask)


def shown(
    qtbot: QtBot, *regions: DrawnRegion, brush: tuple[tuple[float, float], float] | None = None
) -> ImagePane:
    pane = ImagePane()
    qtbot.addWidget(pane)
    pane.resize(SIDE, SIDE)
    pane.show_series(make_series(rows=96, columns=96))
    pane.show_slice(2, make_head())
    placement = fitted(FRAME, (float(SIDE), float(SIDE)))
    pane.add_layer(RegionLayer(lambda: RegionDrawing(FRAME, placement, regions, (), brush)))
    pane.show()
    settle()
    pane._overlay.hide()
    return pane


def without_words(region: DrawnRegion) -> DrawnRegion:
    return DrawnRegion(region.mask, ("",), region.selected)


SELECTED = DrawnRegion(disc(40, 24, 14), ("Region 1", "1.2 mL"), True)
OTHER = DrawnRegion(disc(60, 66, 10), ("Region 2",), False)


def test_regions_look_as_they_did(qtbot: QtBot, golden: CompareGolden) -> None:
    pane = shown(qtbot, without_words(SELECTED), without_words(OTHER), brush=((40.0, 80.0), 6.0))
    golden(pane.grab().toImage(), "painted-regions")


def test_the_outline_stands_on_the_edges_of_the_pixels(qtbot: QtBot) -> None:
    mask = np.zeros((96, 96), dtype=bool)
    mask[40:50, 20:30] = True
    pane = shown(qtbot, DrawnRegion(mask_of("1.2", mask), ("",), True))
    drawn = pixels(pane.grab().toImage())
    # 4 px of the screen a pixel: the left edge of column 20 lies at x = 80, in the middle of rows at y = 180.
    bright = drawn[180, 70:90].astype(int)
    bluish = bright[:, 2] - bright[:, 0]
    assert abs(int(np.argmax(bluish)) + 70 - 80) <= 1


def test_the_selected_region_is_told_by_its_line_and_not_by_color(qtbot: QtBot) -> None:
    """A dashed line leaves gaps, a whole one does not."""

    def bright_share(selected: bool) -> float:
        mask = np.zeros((96, 96), dtype=bool)
        mask[20:80, 20:80] = True
        pane = shown(qtbot, DrawnRegion(mask_of("1.2", mask), ("",), selected))
        grey = pixels(pane.grab().toImage()).max(axis=2)
        # Along the upper edge, at y = 80.
        return float((grey[79:82, 100:300].max(axis=0) > 200).mean())

    assert bright_share(True) > 0.95 and 0.3 < bright_share(False) < 0.8


def test_a_screen_reader_is_told(qtbot: QtBot) -> None:
    pane = shown(qtbot, SELECTED, OTHER)
    layer = pane.findChild(RegionLayer)
    assert layer is not None
    layer.say()
    assert layer.accessibleDescription() == "Region 1 1.2 mL; Region 2"
