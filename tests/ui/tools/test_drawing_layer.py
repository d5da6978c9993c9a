"""How annotations look on the picture, and what their labels say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from golden import CompareGolden, pixels
from image_builders import make_head, make_series, settle
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from ichviewer.domain.annotation.base import Kind
from ichviewer.domain.annotation.image_grid import ImageGrid, MeasuredImage, SpacingTrust
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.geometry import PixelSpacing
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, fitted
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.tools.drawing_layer import Drawing, DrawingLayer, DrawnAnnotation
from ichviewer.ui.tools.figure import figure
from ichviewer.ui.tools.surface import Surface
from ichviewer.ui.tools.value_words import label_lines

SIDE = 384
FRAME = ImageFrame(96, 96, PixelSpacing(1, 1))


def fit() -> Placement:
    return fitted(FRAME, (float(SIDE), float(SIDE)))


def test_measurements_look_as_they_did(qtbot: QtBot, golden: CompareGolden) -> None:
    pane = ImagePane()
    qtbot.addWidget(pane)
    pane.resize(SIDE, SIDE)
    pane.show_series(make_series(rows=96, columns=96))
    pane.show_slice(2, make_head())
    drawn = tuple(
        DrawnAnnotation(str(i), figure(kind, at), (), kind is Kind.BIDIRECTIONAL)
        for i, (kind, at) in enumerate(
            (
                (Kind.LENGTH, ((20.0, 20.0), (40.0, 12.0))),
                (Kind.RECTANGLE, ((12.0, 40.0), (26.0, 40.0), (26.0, 52.0), (12.0, 52.0))),
                (Kind.ELLIPSE, ((66.0, 40.0), (78.0, 40.0), (66.0, 46.0))),
                (Kind.FREEHAND, ((60.0, 60.0), (70.0, 58.0), (74.0, 68.0), (62.0, 72.0))),
                (Kind.ANGLE, ((20.0, 64.0), (30.0, 78.0), (44.0, 74.0))),
                (Kind.BIDIRECTIONAL, ((32.0, 58.0), (48.0, 58.0), (40.0, 54.0), (40.0, 64.0))),
                (Kind.MIDLINE_SHIFT, ((48.0, 6.0), (48.0, 90.0), (53.0, 46.0))),
                (Kind.ARROW, ((62.0, 20.0), (80.0, 10.0))),
                (Kind.PROBE, ((34.0, 34.0),)),
            )
        )
    )
    layer = DrawingLayer(lambda: Drawing(fit(), drawn))
    pane.add_layer(layer)
    pane.show()
    settle()
    pane._overlay.hide()
    golden(pane.grab().toImage(), "measurements")


@pytest.mark.parametrize("ground", ["#ffffff", "#000000", "#8a8a8a"])
def test_lines_and_labels_read_on_any_ground(qtbot: QtBot, ground: str) -> None:
    one = DrawnAnnotation("1", figure(Kind.LENGTH, ((20.0, 48.0), (50.0, 48.0))), ("30.0 mm",))
    layer = DrawingLayer(lambda: Drawing(fit(), (one,)))
    qtbot.addWidget(layer)
    layer.resize(SIDE, SIDE)
    canvas = QPixmap(SIDE, SIDE)
    canvas.fill(ground)
    layer.render(canvas)
    drawn = pixels(canvas.toImage()).astype(int).sum(axis=2)
    # Across the line, 4 px a mm: its color, and the rim beside it.
    across = drawn[180:204, 140]
    assert across.max() - across.min() > 300
    label = drawn[180:204, 210:270]
    assert label.max() - label.min() > 400


def test_what_is_selected_differs_in_shape_and_not_only_in_color(qtbot: QtBot) -> None:
    shown = []
    for selected in (False, True):
        one = DrawnAnnotation("1", figure(Kind.LENGTH, ((20.0, 48.0), (50.0, 48.0))), (), selected)
        layer = DrawingLayer(lambda one=one: Drawing(fit(), (one,)))  # type: ignore[misc]
        qtbot.addWidget(layer)
        layer.resize(SIDE, SIDE)
        picture = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
        picture.fill(0)
        layer.render(picture)
        shown.append((pixels(picture).max(axis=2) > 60)[170:214, 60:100])
    assert np.count_nonzero(shown[0] != shown[1]) > 30


def test_labels_neither_leave_the_image_nor_cover_each_other(qtbot: QtBot) -> None:
    same = figure(Kind.PROBE, ((94.0, 94.0),))
    two = tuple(DrawnAnnotation(str(i), same, ("40 HU",)) for i in range(2))
    one = two[:1]
    heights = []
    for drawn in (one, two):
        layer = DrawingLayer(lambda drawn=drawn: Drawing(fit(), drawn))  # type: ignore[misc]
        qtbot.addWidget(layer)
        layer.resize(SIDE, SIDE)
        picture = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
        picture.fill("#ffffff")
        layer.render(picture)
        rows = np.nonzero((pixels(picture).max(axis=2) < 120).sum(axis=1) > 20)[0]
        heights.append(rows.size)
    # Twice the height, less the rim of the cross in it.
    assert heights[0] > 8 and heights[1] >= 1.8 * heights[0]


def test_values_say_their_unit_and_how_well_it_is_known() -> None:
    series = make_series(rows=96, columns=96)
    surface = Surface(series, 2, replace(make_head(), pixel_hash="a"))
    length = surface.make(Kind.LENGTH, ((10.0, 10.0), (40.0, 50.0)))
    grid = surface.grid
    assert label_lines(length, measure(length, surface.image)) == ("50.0 mm",)
    doubtful = MeasuredImage("a", replace(grid, trust=SpacingTrust.ESTIMATED))
    assert label_lines(length, measure(length, doubtful)) == ("≈ 50.0 mm (estimated)",)
    plain = Surface(make_series(rows=96, columns=96, spacing=None), 2, replace(make_head(), pixel_hash="a"))
    assert plain.grid.coordinates is ImageGrid().coordinates
    in_pixels = plain.make(Kind.LENGTH, ((10.0, 10.0), (40.0, 50.0)))
    assert label_lines(in_pixels, measure(in_pixels, plain.image)) == ("50.0 pixels",)
    assert plain.places(in_pixels) == ((10.0, 10.0), (40.0, 50.0))


def test_an_annotation_of_other_pixels_or_another_series_is_not_of_these() -> None:
    series = make_series(rows=96, columns=96)
    surface = Surface(series, 2, replace(make_head(), pixel_hash="a"))
    drawn = surface.make(Kind.PROBE, ((10.0, 10.0),))
    assert surface.is_of_pixels(drawn) and surface.is_of_slice(drawn)
    others = Surface(series, 2, replace(make_head(), pixel_hash="b"))
    assert others.is_of_slice(drawn) and not others.is_of_pixels(drawn)
    elsewhere = replace(series, key=replace(series.key, series_uid="9"))
    copied = Surface(elsewhere, 2, replace(make_head(), pixel_hash="a"))
    assert copied.is_of_slice(drawn) and not copied.is_of_pixels(drawn)
    assert not Surface(series, 3, replace(make_head(), pixel_hash="a")).is_of_slice(drawn)
