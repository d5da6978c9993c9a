"""The slice strip as a widget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from golden import CompareGolden, pixels
from hypothesis import given
from hypothesis import strategies as st
from image_builders import (
    POINT,
    QUIET,
    SUBDURAL,
    OneSeries,
    analysed,
    drag,
    failed,
    make_series,
    mouse,
    not_analysed,
    settle,
    wheel,
)
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.findings import slice_strip
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.findings.strip_cells import StripGrid, cell_colors, draw_cells, number_font
from ichviewer.ui.findings.strip_layout import strip_columns
from ichviewer.ui.look.theme import DARK, LIGHT, apply_theme, theme
from ichviewer.ui.session.findings_store import FindingsStore

LEFT = Qt.MouseButton.LeftButton


def unplaced(count: int) -> Series:
    """A series whose files do not say where its slices lie."""
    return make_series(count, row_direction=None)


@pytest.fixture
def held(qapp: object) -> OneSeries:
    """The findings of ten slices: 0 not analyzed, 1 failed, 4 and 5 flagged, 8 and 9 pending."""
    one = OneSeries(unplaced(10))
    one.put(0, not_analysed())
    one.put(1, failed())
    for i in (2, 3, 6, 7):
        one.put(i, analysed(QUIET))
    for i in (4, 5):
        one.put(i, analysed(SUBDURAL))
    return one


def strip_of(qtbot: QtBot, held: OneSeries) -> SliceStrip:
    """Another strip of 480 px."""
    widget = SliceStrip(held.store)
    qtbot.addWidget(widget)
    widget.resize(480, 140)
    widget.show_series(held.series)
    return widget


@pytest.fixture
def strip(qtbot: QtBot, held: OneSeries) -> SliceStrip:
    """A strip that shows them."""
    widget = SliceStrip(held.store)
    qtbot.addWidget(widget)
    widget.resize(480, 140)
    widget.show_series(held.series)
    widget.set_current(3)
    widget.show()
    settle()
    return widget


def grid(strip: SliceStrip) -> StripGrid:
    """Rows and columns of a strip with a series."""
    found = strip.grid()
    assert found is not None
    return found


def center(strip: SliceStrip, index: int, label: Hemorrhage = Hemorrhage.ANY) -> tuple[float, float]:
    """The middle of a cell."""
    left, right = grid(strip).layout.span(index)
    place = grid(strip).row(LABELS.index(label))
    return (left + right) / 2, place.center().y()


def requests(strip: SliceStrip) -> list[int]:
    """A list that fills with what the strip asks for."""
    got: list[int] = []
    strip.sliceRequested.connect(got.append)
    return got


@pytest.mark.parametrize("index", range(10))
def test_click_goes_to_the_slice(strip: SliceStrip, index: int) -> None:
    strip.set_current(-1)
    got = requests(strip)
    QTest.mouseClick(strip, LEFT, pos=QPoint(*map(round, center(strip, index))))
    assert got == [index]


def test_drag_asks_once_a_slice(strip: SliceStrip) -> None:
    got = requests(strip)
    start, end = center(strip, 1), center(strip, 4)
    steps = [(start[0] + (end[0] - start[0]) * i / 50, start[1]) for i in range(1, 51)]
    drag(strip, start, *steps)
    assert got == [1, 2, 3, 4]


def test_drag_beyond_the_end_stops_at_the_end(strip: SliceStrip) -> None:
    got = requests(strip)
    drag(strip, center(strip, 8), (2000.0, 50.0))
    assert got == [8, 9]


def test_beside_the_columns_a_click_does_nothing(strip: SliceStrip) -> None:
    got = requests(strip)
    QTest.mouseClick(strip, LEFT, pos=QPoint(8, 40))
    QTest.mouseClick(strip, Qt.MouseButton.RightButton, pos=QPoint(300, 40))
    assert got == []


def test_wheel_and_keys_move(strip: SliceStrip) -> None:
    got = requests(strip)
    wheel(strip, -120)
    strip.set_current(4)
    QTest.keyClick(strip, Qt.Key.Key_Left)
    QTest.keyClick(strip, Qt.Key.Key_Home)
    QTest.keyClick(strip, Qt.Key.Key_End)
    assert got == [4, 3, 0, 9]


@pytest.mark.parametrize(
    ("index", "label", "words"),
    [
        (4, Hemorrhage.SUBDURAL, "slice 5, subdural 0.83, threshold 0.40"),
        (4, Hemorrhage.ANY, "slice 5, any 0.90, threshold 0.50"),
        (0, Hemorrhage.ANY, "slice 1, not analyzed: no brain inside a skull in this slice"),
        (1, Hemorrhage.EPIDURAL, "slice 2, failed: the pixel data could not be decoded"),
        (9, Hemorrhage.EPIDURAL, "slice 10, waiting to be analyzed"),
    ],
)
def test_what_a_cell_says(strip: SliceStrip, index: int, label: Hemorrhage, words: str) -> None:
    assert strip.words_at(*center(strip, index, label)) == words


def test_tooltip(strip: SliceStrip, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, *rest: said.append(text))
    monkeypatch.setattr(QToolTip, "hideText", lambda: said.append("nothing"))
    for place in (QPoint(*map(round, center(strip, 4, Hemorrhage.SUBDURAL))), QPoint(2, 2)):
        QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, place, strip.mapToGlobal(place)))
    assert said == ["slice 5, subdural 0.83, threshold 0.40", "nothing"]


def test_rows(strip: SliceStrip) -> None:
    found = grid(strip)
    for row, label in enumerate(LABELS):
        assert found.row_at(center(strip, 0, label)[1]) == row
    assert found.row_at(0) == -1 == found.row_at(strip.height() - 1)


def color_near(strip: SliceStrip, index: int, label: Hemorrhage) -> str:
    """Color of a cell beside its middle, where the mark of a flag is."""
    x, y = center(strip, index, label)
    return strip.grab().toImage().pixelColor(round(x) - 8, round(y)).name()


def same_color(a: str, b: str) -> bool:
    """Whether two colors are alike but for rounding."""
    return all(abs(x - y) <= 3 for x, y in zip(QColor(a).getRgb(), QColor(b).getRgb(), strict=True))


@pytest.mark.parametrize("name", ["dark", "light"])
def test_colors_say_the_probability(strip: SliceStrip, qapp: QApplication, name: str) -> None:
    apply_theme(qapp, DARK if name == "dark" else LIGHT)
    settle()
    colors = theme()
    assert same_color(color_near(strip, 4, Hemorrhage.SUBDURAL), colors.probability_color(0.83, 0.4))
    assert same_color(color_near(strip, 2, Hemorrhage.SUBDURAL), colors.probability_color(0.06, 0.4))
    # Pending is not a probability of nothing.
    assert color_near(strip, 9, Hemorrhage.SUBDURAL) != colors.probability_color(0.0, 0.4)


@pytest.mark.parametrize("threshold", [0.05, 0.4, 1.0])
@given(p=st.floats(0, 1))
def test_colors_are_those_of_the_theme(threshold: float, p: float) -> None:
    point = OperatingPoint("p", (threshold,) * 6)
    columns = strip_columns({0: analysed((p,) * 6)}, point, np.array([0, 1]))
    found = QColor.fromRgba(int(cell_colors(columns, point, DARK)[3, 0]))
    assert same_color(found.name(), DARK.probability_color(p, threshold))
    assert found.alpha() == 255


def test_a_flag_is_marked_by_more_than_color(strip: SliceStrip) -> None:
    image = strip.grab().toImage()
    x, y = center(strip, 4, Hemorrhage.SUBDURAL)
    dot, ground = (QColor(image.pixel(round(x) + dx, round(y))).lightness() for dx in (0, -8))
    assert abs(dot - ground) > 90
    x, y = center(strip, 4, Hemorrhage.EPIDURAL)
    plain = [QColor(image.pixel(round(x) + dx, round(y))).lightness() for dx in (0, -8)]
    assert plain[0] == plain[1]


def test_not_analysed_is_hatched_and_failed_is_hatched_twice(strip: SliceStrip) -> None:
    strip.set_current(9)
    grey = pixels(strip.grab().toImage()).astype(int)

    def cell(index: int) -> NDArray[np.int_]:
        left, right = grid(strip).layout.span(index)
        place = grid(strip).row(2)
        return grey[round(place.top()) + 1 : round(place.bottom()) - 1, round(left) + 2 : round(right) - 3]

    plain, hatched, crossed = (cell(i) for i in (6, 0, 1))
    assert plain[..., 0].std() < 1
    assert hatched[..., 0].std() > 6
    # The failed one is red.
    assert crossed[..., 0].mean() > crossed[..., 2].mean() + 20


def test_thousands_of_slices_show_the_highest(qtbot: QtBot) -> None:
    held = OneSeries(unplaced(4000))
    widget = strip_of(qtbot, held)
    held.finish([analysed(SUBDURAL if i == 2222 else QUIET) for i in range(4000)])
    widget.show()
    settle()
    got = requests(widget)
    x, y = center(widget, 2222, Hemorrhage.SUBDURAL)
    image = widget.grab().toImage()
    near = {image.pixelColor(round(x) + dx, round(y)).name() for dx in (-1, 0, 1)}
    assert any(same_color(theme().probability_color(0.83, 0.4), color) for color in near)
    # A click on that pixel goes to the flagged slice, not just to a neighbor.
    hit = next(dx for dx in (0, -1, 1) if 2222 in grid(widget).layout.group_at(round(x) + dx))
    mouse(widget, QEvent.Type.MouseButtonPress, (round(x) + hit, y), button=LEFT, buttons=LEFT)
    assert got == [2222]


def test_one_slice(qtbot: QtBot) -> None:
    held = OneSeries(unplaced(1))
    widget = strip_of(qtbot, held)
    held.put(0, analysed())
    widget.set_current(0)
    assert widget.words_at(*center(widget, 0)).startswith("slice 1, any 0.10")
    widget.grab()


def test_empty(qtbot: QtBot) -> None:
    widget = SliceStrip(FindingsStore())
    qtbot.addWidget(widget)
    got = requests(widget)
    widget.grab()
    QTest.mouseClick(widget, LEFT, pos=QPoint(100, 40))
    wheel(widget, 120)
    QTest.keyClick(widget, Qt.Key.Key_Home)
    assert got == [] and widget.words_at(100, 40) == ""
    assert widget.accessibleDescription() == "No series"


def test_without_thresholds_one_can_still_move(qtbot: QtBot) -> None:
    held = OneSeries(unplaced(10), None)
    widget = strip_of(qtbot, held)
    held.put(3, analysed(SUBDURAL))
    got = requests(widget)
    QTest.mouseClick(widget, LEFT, pos=QPoint(*map(round, center(widget, 7))))
    assert got == [7]
    # What cannot be judged is not shown as if it were.
    assert widget.words_at(*center(widget, 3)) == "slice 4, waiting to be analyzed"
    assert not widget.grab().isNull()
    held.judge(POINT)
    assert widget.words_at(*center(widget, 3)) == "slice 4, any 0.90, threshold 0.50"


def test_another_series_has_nothing_of_the_one_before(strip: SliceStrip) -> None:
    strip.show_series(None)
    assert strip.grid() is None
    assert strip.accessibleDescription() == "No series"
    strip.show_series(replace(unplaced(3), key=SeriesKey("1", "another")))
    assert strip.words_at(*center(strip, 2)) == "slice 3, waiting to be analyzed"


def test_other_thresholds_change_the_flags(strip: SliceStrip, held: OneSeries) -> None:
    held.judge(OperatingPoint("strict", (0.95,) * 6))
    assert strip.words_at(*center(strip, 4)) == "slice 5, any 0.90, threshold 0.95"
    assert same_color(color_near(strip, 4, Hemorrhage.ANY), theme().probability_color(0.9, 0.95))


def test_accessible_words(strip: SliceStrip) -> None:
    strip.set_current(4)
    assert strip.accessibleName() == "Slice strip"
    assert strip.accessibleDescription() == (
        "Slice 5 of 10. slice 5, any 0.90, threshold 0.50. over the threshold: any, subdural"
    )


def test_many_findings_are_drawn_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    held = OneSeries(unplaced(200))
    widget = strip_of(qtbot, held)
    widget.show()
    settle()
    drawn: list[int] = []
    monkeypatch.setattr(slice_strip, "draw_cells", lambda *args: (drawn.append(1), draw_cells(*args))[1])
    for i in range(200):
        held.put(i, analysed())
    settle()
    assert len(drawn) == 1
    # Moving on only moves the mark.
    for i in range(200):
        widget.set_current(i)
        settle(1)
    assert len(drawn) == 1


def test_golden_strip(strip: SliceStrip, golden: CompareGolden) -> None:
    # Without names and numbers: from the first column on, the rows only.
    found = grid(strip).layout
    strip.set_current(-1)
    settle()
    bottom = round(grid(strip).row(len(LABELS) - 1).bottom())
    left, right = round(found.left_px), round(found.right_px)
    golden(strip.grab().toImage().copy(left, 0, min(right - left, 300), bottom), "slice-strip")


def test_words_set_large_take_no_more_than_a_third_of_a_low_window(strip: SliceStrip) -> None:
    plain = strip.minimumSizeHint().height()
    font = strip.font()
    large = 21
    font.setPixelSize(large)
    strip.setFont(font)
    strip.set_room(900)
    assert strip.words_font().pixelSize() == large
    strip.set_room(450)
    assert 13 < strip.words_font().pixelSize() < large
    assert strip.minimumSizeHint().height() <= 150
    # Never smaller than words that nobody set.
    strip.set_room(100)
    assert strip.words_font().pixelSize() == 13
    assert strip.minimumSizeHint().height() == plain


@pytest.mark.parametrize("size_px", [13, 21, 26])
def test_the_numbers_below_the_cells_are_not_cut(strip: SliceStrip, size_px: int) -> None:
    font = strip.font()
    font.setPixelSize(size_px)
    strip.setFont(font)
    strip.resize(strip.width(), strip.minimumSizeHint().height())
    below = strip.height() - grid(strip).area.bottom()
    assert below >= QFontMetricsF(number_font(font, bold=True)).height()
