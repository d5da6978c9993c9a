"""The picture on the screen: where it lies, exact at its real size, and no more painted than what changed."""

from __future__ import annotations

import numpy as np
import pytest
from golden import pixels
from image_builders import settle
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QGraphicsView, QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.ui.panes.image_canvas import ImageCanvas
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, actual_size, fitted, panned, zoomed
from ichviewer.ui.panes.orientation import Orientation

GROUND = (16, 32, 48)
TURNS = [Orientation(mirrored, turns) for mirrored in (False, True) for turns in range(4)]
NOISE = np.random.default_rng(0).integers(0, 256, (60, 80), np.uint8)
COLORS = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
FRAME = ImageFrame(60, 80, PixelSpacing(0.45, 0.45))


class PaintSpy(QObject):
    """Notes what a widget is asked to paint."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted: list[QRegion] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.painted.append(QRegion(event.region()))
        return False


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    """A canvas of 201 x 160 px with a ground of its own."""
    widget = ImageCanvas()
    qtbot.addWidget(widget)
    widget.resize(201, 160)
    widget.set_background("#102030")
    widget.show()
    settle()
    return widget


def drawn(canvas: ImageCanvas) -> NDArray[np.uint8]:
    settle()
    return pixels(canvas.grab().toImage())


def size_of(canvas: ImageCanvas) -> tuple[float, float]:
    return float(canvas.width()), float(canvas.height())


def turned(picture: NDArray[np.uint8], orientation: Orientation) -> NDArray[np.uint8]:
    """Mirrored, then rotated clockwise."""
    return np.rot90(picture[:, ::-1] if orientation.mirrored else picture, -orientation.quarter_turns)


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("picture", [NOISE, COLORS], ids=["grey", "color"])
@pytest.mark.parametrize("size", [(200, 160), (201, 160), (200, 161), (333, 255)])
def test_values_are_exact_at_the_real_size_however_it_is_turned(
    canvas: ImageCanvas, size: tuple[int, int], picture: NDArray[np.uint8], orientation: Orientation
) -> None:
    canvas.resize(*size)
    canvas.set_picture(picture)
    canvas.place(FRAME, actual_size(fitted(FRAME, size, orientation), FRAME))
    seen = drawn(canvas)
    wanted = turned(picture, orientation)
    wanted = wanted if wanted.ndim == 3 else np.repeat(wanted[:, :, None], 3, axis=2)
    covered = (seen != GROUND).any(axis=2)
    top, left = np.flatnonzero(covered.any(axis=1))[0], np.flatnonzero(covered.any(axis=0))[0]
    rows, columns = wanted.shape[:2]
    assert (seen[top : top + rows, left : left + columns] == wanted).all()
    seen[top : top + rows, left : left + columns] = GROUND
    assert (seen == GROUND).all()
    # In the middle, to the next whole pixel.
    assert abs(top - (size[1] - rows) / 2) <= 0.5 and abs(left - (size[0] - columns) / 2) <= 0.5


def between(
    picture: NDArray[np.uint8], placement: Placement, size: tuple[float, float]
) -> NDArray[np.float64]:
    """What bilinear interpolation gives at the middle of every pixel of the screen; NaN beside the picture."""
    found = np.full((int(size[1]), int(size[0])), np.nan)
    for y in range(found.shape[0]):
        for x in range(found.shape[1]):
            at_mm = placement.to_picture((x + 0.5, y + 0.5), size)
            column, row = at_mm[0] / FRAME.column_mm, at_mm[1] / FRAME.row_mm
            if 0 < row < FRAME.rows and 0 < column < FRAME.columns:
                r, c = np.clip(row - 0.5, 0, FRAME.rows - 1), np.clip(column - 0.5, 0, FRAME.columns - 1)
                r0, c0 = int(min(r, FRAME.rows - 2)), int(min(c, FRAME.columns - 2))
                part = picture[r0 : r0 + 2, c0 : c0 + 2].astype(float)
                found[y, x] = np.array([1 - (r - r0), r - r0]) @ part @ np.array([1 - (c - c0), c - c0])
    return found


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("how", ["fitted", "panned", "enlarged", "smaller"])
def test_between_pixels_it_is_interpolated(canvas: ImageCanvas, how: str, orientation: Orientation) -> None:
    size = size_of(canvas)
    whole = fitted(FRAME, size, orientation)
    placement = {
        "fitted": whole,
        "panned": panned(whole, FRAME, (13.3, -7.7)),
        "enlarged": zoomed(whole, FRAME, 5.0, (40.0, 60.0), size),
        "smaller": zoomed(whole, FRAME, 0.35, (100.0, 80.0), size),
    }[how]
    # Smooth enough that a step of a sixteenth of a pixel, to which Qt rounds, is less than a level or two.
    rows, columns = np.mgrid[:60, :80]
    smooth = (128 + 60 * np.sin(rows / 7) + 60 * np.cos(columns / 9)).astype(np.uint8)
    canvas.set_picture(smooth)
    canvas.place(FRAME, placement)
    wanted = between(smooth, placement, size)
    inside = ~np.isnan(wanted)
    assert inside.sum() > 300
    assert np.abs(drawn(canvas)[..., 0] - wanted)[inside].max() <= 2.5


def test_another_picture_paints_its_own_place_once(canvas: ImageCanvas) -> None:
    canvas.set_picture(NOISE)
    canvas.place(FRAME, actual_size(fitted(FRAME, size_of(canvas)), FRAME))
    settle()
    spy = PaintSpy(canvas.findChild(QGraphicsView).viewport())
    canvas.set_picture(255 - NOISE)
    settle()
    (region,) = spy.painted
    assert QRect(55, 45, 90, 70).contains(region.boundingRect())
    canvas.place(FRAME, actual_size(fitted(FRAME, size_of(canvas)), FRAME))
    settle()
    assert len(spy.painted) == 1, "it lies where it lay"


@pytest.mark.parametrize("orientation", [Orientation(), Orientation(True, 1)])
def test_nothing_stays_where_a_picture_was(canvas: ImageCanvas, orientation: Orientation) -> None:
    size = size_of(canvas)
    canvas.set_picture(NOISE)
    canvas.place(FRAME, fitted(FRAME, size, orientation))
    settle()
    spy = PaintSpy(canvas.findChild(QGraphicsView).viewport())
    canvas.place(FRAME, zoomed(fitted(FRAME, size), FRAME, 0.3, (100.0, 80.0), size))
    settle()
    canvas.clear()
    settle()
    assert canvas.picture is None
    assert (drawn(canvas) == GROUND).all()
    smaller, gone = (region.boundingRect() for region in spy.painted[:2])
    assert smaller.contains(gone) and smaller.height() > 100


def test_another_ground_is_seen_at_once(canvas: ImageCanvas) -> None:
    canvas.set_background("#ff0000")
    assert (drawn(canvas) == (255, 0, 0)).all()
