"""The words on the image are readable over white, black and bone, inverted or not: measured on what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from golden import pixels
from image_builders import SUBDURAL, OneSeries, analysed, make_head, make_series, settle
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.window import Window
from ichviewer.ui.look.contrast import READABLE, VISIBLE, luminances
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.image_pane import ImagePane

GROUNDS = {
    "white": Window(-3000, 10),
    "black": Window(5000, 10),
    "bone": Window(600, 2800),
    "brain": Window(40, 80),
    "middle grey": Window(-500, 3000),
}
INSIDE = 0.27
"""Luminance of a letter's inside: the darkest color of words has 0.30."""


@pytest.fixture
def pane(qtbot: QtBot) -> ImagePane:
    """A head so large that its bone lies under the corners, with words of every tone."""
    problems = tuple(Problem(code, "series") for code in (ProblemCode.GAP, ProblemCode.DECODE_FAILED))
    held = OneSeries(make_series(rows=96, columns=96, spacing=PixelSpacing(1.0, 1.0), problems=problems))
    held.put(2, analysed(SUBDURAL))
    widget = ImagePane(held.store)
    qtbot.addWidget(widget)
    widget.resize(600, 600)
    widget.show_series(held.series)
    widget.show_slice(2, make_head())
    widget.zoom_by(1.6)
    widget.show()
    settle()
    return widget


def luminance(image: QImage) -> NDArray[np.float64]:
    rgb = pixels(image).astype(np.uint32)
    return luminances((rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2])


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and all its neighbors."""
    padded = np.pad(mask, 1)
    rows, columns = mask.shape
    return np.any([padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("ground", GROUNDS)
def test_letters_stand_out_from_what_is_around_them(pane: ImagePane, ground: str, inverted: bool) -> None:
    pane.set_voi(GROUNDS[ground], "Ground")
    pane.set_inverted(inverted)
    settle()
    drawn = luminance(pane.grab().toImage())
    words = pane.layers[-1]
    assert isinstance(words, ImageOverlay)
    alone = QImage(words.size(), QImage.Format.Format_RGB32)
    alone.fill(0)
    words.render(alone, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    for corner in Corner:
        place = words.place(corner)
        # Where the letters are, as the words alone say; how they look, on the image.
        inside = luminance(alone.copy(place)) > INSIDE
        around = grown(grown(inside)) & ~grown(inside)
        seen = drawn[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
        assert inside.sum() > 100
        ratio = (seen[inside].mean() + 0.05) / (seen[around] + 0.05)
        assert np.median(ratio) >= READABLE, corner
        assert np.percentile(ratio, 5) >= VISIBLE, corner


@pytest.mark.parametrize("inverted", [False, True])
def test_letters_of_the_directions_and_the_scale_too(pane: ImagePane, inverted: bool) -> None:
    pane.set_voi(GROUNDS["black" if inverted else "white"], "Ground")
    pane.set_inverted(inverted)
    settle()
    with_words = luminance(pane.grab().toImage())
    pane._overlay.hide()
    without = luminance(pane.grab().toImage())
    assert without.min() > 0.9, "everything is white"
    side = pane.width()
    for name, box in {
        "R": np.s_[side // 2 - 14 : side // 2 + 14, 8:34],
        "L": np.s_[side // 2 - 14 : side // 2 + 14, side - 34 : side - 8],
        "A": np.s_[8:34, side // 2 - 12 : side // 2 + 12],
        "scale": np.s_[side - 32 : side - 10, side - 60 : side - 14],
    }.items():
        part = with_words[box]
        letter, ground = part[(part > 0.6) & (part < 0.95)], part[part < 0.2]
        assert letter.size > 10 and ground.size > 100, name
        assert (np.median(letter) + 0.05) / (np.median(ground) + 0.05) >= READABLE, name


def test_nothing_of_the_ground_is_seen_on_black(pane: ImagePane) -> None:
    pane.set_voi(GROUNDS["black"], "Ground")
    settle()
    drawn = luminance(pane.grab().toImage())
    place = pane._overlay.place(Corner.BOTTOM_LEFT)
    assert drawn[place.top() : place.bottom(), place.right() + 1 : place.right() + 40].max() < 0.01
