"""Words with a dark rim: what it covers, and that it is there at every place and density of pixels."""

from __future__ import annotations

import numpy as np
import pytest
from golden import pixels
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from ichviewer.ui.look.fonts import font
from ichviewer.ui.panes.shadowed_text import Word, grown, paint_words

LIGHT = QColor("#e8ebee")


def drawn(words: list[Word], ground: str = "#ffffff", ratio: float = 1.0) -> QImage:
    image = QImage(round(120 * ratio), round(40 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    paint_words(painter, words)
    painter.end()
    return image


def word(x: float, text: str = "Brain", face: QFont | None = None) -> Word:
    return Word(QPointF(x, 28), text, face or font(18, bold=True), LIGHT)


@pytest.mark.parametrize("ground", ["#ffffff", "#000000", "#808080"])
def test_words_read_on_any_ground(qapp: object, ground: str) -> None:
    grey = pixels(drawn([word(10)], ground))[..., 1]
    assert int(grey.max()) - int(grey.min()) > 100


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_rim_reaches_two_px_around_the_letters_whatever_the_pixels(qapp: object, ratio: float) -> None:
    box = QFontMetricsF(font(18, bold=True)).tightBoundingRect("H").translated(QPointF(40, 28))
    dark = pixels(drawn([word(40, "H")], ratio=ratio)).max(axis=2) < 235
    rows, columns = np.flatnonzero(dark.any(axis=1)) / ratio, np.flatnonzero(dark.any(axis=0)) / ratio
    assert columns.min() == pytest.approx(box.left() - 2.2, abs=1.0)
    assert columns.max() + 1 / ratio == pytest.approx(box.right() + 2.2, abs=1.0)
    assert rows.min() == pytest.approx(box.top() - 2.2, abs=1.0)
    assert rows.max() + 1 / ratio == pytest.approx(box.bottom() + 2.2, abs=1.0)


def test_the_rim_is_darker_near_the_letters_and_lies_below_all_of_them(qapp: object) -> None:
    alone = pixels(drawn([word(10, "I")])).min(axis=2)
    middle = alone[22]
    inside = int(np.flatnonzero(middle > 200)[np.flatnonzero(middle > 200) > 10][0])
    # From the letter to the left: near its edge about 190 and 70 of 255 of black, then 70 of 255, then white.
    assert middle[inside - 2] < 100 < middle[inside - 3] < 255
    assert middle[inside - 6] == 255
    both = pixels(drawn([word(10, "I"), word(16, "I")])).min(axis=2)
    assert both[22, inside] == alone[22, inside]


def test_words_beside_the_picture_and_words_without_letters_draw_nothing(qapp: object) -> None:
    for nothing in ([], [word(10, "")], [word(10, "   ")], [word(500)], [word(-500)]):
        assert (pixels(drawn(nothing)) == 255).all()


def test_a_text_far_longer_than_the_picture_costs_no_more_than_the_picture(qapp: object) -> None:
    long = drawn([word(10, "W" * 50_000)])
    short = drawn([word(10, "W" * 30)])
    assert (pixels(long) == pixels(short)).all()


def test_words_stand_where_the_painter_is_moved_to(qapp: object) -> None:
    still = pixels(drawn([word(30)]))
    image = QImage(120, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.translate(200, 0)
    paint_words(painter, [word(30 - 200)])
    painter.end()
    assert (pixels(image) == still).all()
    assert QRectF(0, 0, 120, 40).intersects(word(30).ink())


def test_a_pixel_grows_to_a_disc() -> None:
    point = np.zeros((7, 7), np.uint8)
    point[3, 3] = 255
    # By 1.2: neighbors at 1 px whole, at the square root of 2 by 0.786 (200 of 255), at 2 px by 0.2 (51 of 255).
    expected = np.zeros((7, 7), np.uint8)
    expected[1, 3] = expected[5, 3] = expected[3, 1] = expected[3, 5] = (255 * 51) >> 8
    expected[2:5, 2:5] = (255 * 200) >> 8
    expected[3, 2:5] = expected[2:5, 3] = 255
    assert (grown(point, 1.2) == expected).all()


def test_what_lies_at_the_edge_grows_inwards_only() -> None:
    edge = np.zeros((3, 4), np.uint8)
    edge[:, 0] = 255
    assert (grown(edge, 1.0)[:, 1] == 255).all()
    assert (grown(edge, 1.0)[:, 2:] == 0).all()
