"""Flagged, not flagged and not analyzed are told apart without hue: by shape, words or luminance."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from color_vision import VISIBLE, over, ratio, seen_contrast, seen_luminance
from golden import pixels
from image_builders import analysed, failed, not_analysed
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ichviewer.domain.findings import SeriesState, SliceFinding
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.ui.findings.flagged_list import FlaggedSlice
from ichviewer.ui.findings.probability_bars import ProbabilityBars, paint_bar
from ichviewer.ui.findings.strip_cells import StripContent, StripGrid, draw_cells
from ichviewer.ui.findings.strip_layout import StripLayout, strip_columns
from ichviewer.ui.findings.study_answer import StudyAnswer
from ichviewer.ui.look.contrast import READABLE, ink_on
from ichviewer.ui.look.fonts import font
from ichviewer.ui.look.icons import icon_image, state_icon
from ichviewer.ui.look.theme import DARK, LIGHT, Theme
from ichviewer.ui.look.words import ABBREVIATIONS

THEMES = {
    "dark": DARK,
    "light": LIGHT,
    "dark, muted": DARK.muted_values(),
    "light, muted": LIGHT.muted_values(),
}
themes = pytest.mark.parametrize("colors", list(THEMES.values()), ids=list(THEMES))
POINT = OperatingPoint("p", (0.4,) * 6)
FLAGGED, NOT_FLAGGED, NOT_ANALYSED, FAILED, WAITING = range(5)


def test_the_simulation_knows_what_the_paper_says() -> None:
    # Each row of the matrix sums to 1: greys stay what they are.
    for grey in ("#000000", "#808080", "#ffffff"):
        assert seen_contrast(grey, grey) == pytest.approx(1)
    assert seen_contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.1)
    # Pure red of linear light 1 is seen as (0.367, 0.280, 0): luminance 0.0781 + 0.2003 = 0.2784.
    assert float(seen_luminance(np.array([255, 0, 0], dtype=np.uint8))) == pytest.approx(0.2784, abs=1e-4)


def strip(
    colors: Theme, findings: dict[int, SliceFinding], count: int, width_px: int
) -> tuple[StripGrid, QImage]:
    grid = StripGrid(StripLayout(count, 120.0, width_px - 130.0), 190)
    columns = strip_columns(findings, POINT, grid.layout.edges(grid.layout.columns(1.0)))
    cells = draw_cells(StripContent(grid, columns, POINT, colors, font()), QSize(width_px, 190), 1.0)
    image = QImage(cells.size(), QImage.Format.Format_RGB888)
    image.fill(QColor(colors.window))
    painter = QPainter(image)
    painter.drawPixmap(0, 0, cells)
    painter.end()
    return grid, image


def cell(grid: StripGrid, image: QImage, index: int) -> NDArray[np.float64]:
    """Luminance inside a cell of the third row as a deuteranope sees it."""
    left, right = grid.layout.span(index)
    place = grid.row(2)
    rows = slice(round(place.top()) + 1, round(place.bottom()) - 1)
    return seen_luminance(pixels(image)[rows, round(left) + 2 : round(right) - 2])


def inner_contrast(luminance: NDArray[np.float64]) -> float:
    return ratio(float(luminance.max()), float(luminance.min()))


def findings(flagged: float) -> dict[int, SliceFinding]:
    return {
        FLAGGED: analysed((flagged,) * 6),
        NOT_FLAGGED: analysed((0.39,) * 6),
        NOT_ANALYSED: not_analysed(),
        FAILED: failed(),
    }


@themes
@pytest.mark.parametrize("p", [0.4, 0.5, 0.7, 0.85, 1.0])
def test_a_flag_in_the_strip_is_a_dot_that_stands_out(qapp: QApplication, colors: Theme, p: float) -> None:
    grid, image = strip(colors, findings(p), 8, 700)
    assert inner_contrast(cell(grid, image, FLAGGED)) >= VISIBLE
    # And what is not flagged has nothing in it.
    assert inner_contrast(cell(grid, image, NOT_FLAGGED)) < 1.02


@themes
@pytest.mark.parametrize("p", [0.4, 0.7, 1.0])
def test_in_narrow_columns_a_flag_is_a_line_that_stands_out(
    qapp: QApplication, colors: Theme, p: float
) -> None:
    shown = {n: analysed((p if n < 100 else 0.39,) * 6) for n in range(200)}
    grid, image = strip(colors, shown, 200, 700)
    place = grid.row(2)
    rows = slice(round(place.top()) + 1, round(place.bottom()))
    middle = [round(grid.layout.span(n)[0]) for n in (50, 150)]
    flagged, plain = (seen_luminance(pixels(image)[rows, x]) for x in middle)
    assert inner_contrast(flagged) >= VISIBLE
    assert inner_contrast(plain) < 1.02


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("index", [NOT_ANALYSED, FAILED])
def test_what_was_not_analyzed_is_hatched_visibly(qapp: QApplication, colors: Theme, index: int) -> None:
    grid, image = strip(colors, findings(0.9), 8, 700)
    assert inner_contrast(cell(grid, image, index)) >= VISIBLE


@themes
def test_what_was_not_analyzed_has_lines_where_a_negative_slice_has_none(
    qapp: QApplication, colors: Theme
) -> None:
    grid, image = strip(colors, findings(0.9), 8, 700)
    spread = {index: float(cell(grid, image, index).std()) for index in range(5)}
    assert spread[NOT_FLAGGED] < 1e-3
    for index in (NOT_ANALYSED, FAILED, WAITING):
        assert spread[index] > 3e-3, index
    # Crossed lines cover more than those in one direction.
    assert spread[FAILED] != pytest.approx(spread[NOT_ANALYSED], rel=0.05)


@themes
@pytest.mark.parametrize("p", [0.05, 0.2, 0.35, 0.45, 0.6, 0.9])
def test_a_bar_ends_visibly_before_or_behind_its_tick(qapp: QApplication, colors: Theme, p: float) -> None:
    image = QImage(420, 40, QImage.Format.Format_RGB888)
    image.fill(QColor(colors.panel))
    painter = QPainter(image)
    paint_bar(painter, colors, QRectF(10, 16, 400, 8), p, 0.4)
    painter.end()
    line = seen_luminance(pixels(image)[20])
    bar, empty = float(line[round(10 + 400 * p) - 6]), float(line[round(10 + 400 * p) + 6])
    assert ratio(bar, empty) >= VISIBLE
    # The tick stands above the track, where nothing else is.
    above = seen_luminance(pixels(image)[14])
    assert inner_contrast(above) >= VISIBLE
    assert abs(int(np.argmax(np.abs(above - above[0]))) - (10 + 400 * 0.4)) <= 3


@themes
def test_a_flagged_answer_stands_in_a_box_that_others_lack(colors: Theme) -> None:
    for p in np.linspace(0.4, 1.0, 31):
        box = colors.probability_color(float(p), 0.4)
        assert seen_contrast(box, colors.panel) >= VISIBLE
        assert seen_contrast(ink_on(box), box) >= VISIBLE


def test_what_was_not_analyzed_says_so_in_words(qtbot: QtBot) -> None:
    bars, answer = ProbabilityBars(), StudyAnswer()
    for widget in (bars, answer):
        qtbot.addWidget(widget)
    bars.set_finding(not_analysed(), POINT)
    assert bars.words.startswith("Not analyzed")
    bars.set_finding(analysed((0.39,) * 6), POINT)
    assert "under its threshold" in bars.words
    assert "at or over" not in bars.words
    bars.set_finding(analysed((0.41,) * 6), POINT)
    assert "at or over its threshold" in bars.words


@themes
def test_the_types_of_a_flagged_slice_are_letters_that_read_on_their_color(colors: Theme) -> None:
    assert len(set(ABBREVIATIONS.values())) == len(LABELS)
    for label in LABELS:
        for ground in (colors.panel, colors.hover, colors.selection):
            for alpha in (52 / 255, 0.22):
                chip = over(colors.label_color(label), alpha, ground)
                assert seen_contrast(colors.text, chip) >= READABLE
    row = FlaggedSlice(3, (Hemorrhage.SUBDURAL,), 0.83)
    assert row.words == "Slice 4: subdural, 0.83"


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])
def test_states_in_the_list_of_studies_have_signs_of_different_shape(
    qapp: QApplication, colors: Theme
) -> None:
    looks = {state: state_icon(state) for state in SeriesState}
    looks_flagged = state_icon(SeriesState.DONE, flagged=True)
    names = [*dict.fromkeys(name for name, _ in looks.values()), looks_flagged[0]]
    signs = {name: pixels_of(name) for name in names}
    for one, other in combinations(names, 2):
        # A fiftieth of a sign of 28 x 28 px is 16 px: more than a stroke's end.
        assert (signs[one] != signs[other]).mean() > 0.02, (one, other)
    for _, color in (*looks.values(), looks_flagged):
        assert seen_contrast(getattr(colors, color), colors.panel) >= VISIBLE


def pixels_of(name: str) -> NDArray[np.bool_]:
    image = icon_image(name, "#000000", 28)
    alpha = image.convertToFormat(QImage.Format.Format_Alpha8)
    rows = np.frombuffer(alpha.constBits(), dtype=np.uint8).reshape(alpha.height(), alpha.bytesPerLine())
    return rows[:, : alpha.width()] > 127


def test_the_smallest_letters_of_a_chip_have_a_height(qapp: QApplication) -> None:
    assert QFontMetricsF(font(9, bold=True)).height() >= 9
