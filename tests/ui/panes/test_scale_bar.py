"""The scale bar's length."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from ichviewer.ui.panes.scale_bar import paint_scale_bar, scale_bar


@pytest.mark.parametrize(
    ("px_per_mm", "longest_px", "length_mm"),
    [
        (2.0, 120, 50),
        (2.0, 99, 20),
        (2.0, 100, 50),
        (1.0, 1, 1),
        (10.0, 1, 0.1),
        (0.5, 120, 200),
        (3.0, 29, 5),
    ],
)
def test_nice_lengths(px_per_mm: float, longest_px: float, length_mm: float) -> None:
    bar = scale_bar(px_per_mm, longest_px)
    assert bar is not None
    assert bar.length_mm == length_mm
    assert bar.length_px == pytest.approx(length_mm * px_per_mm)


@given(st.floats(1e-3, 1e3), st.floats(1, 5000))
def test_fits_and_uses_the_room(px_per_mm: float, longest_px: float) -> None:
    bar = scale_bar(px_per_mm, longest_px)
    assert bar is not None
    assert bar.length_px <= longest_px * (1 + 1e-9)
    # The next nice step is at most 2.5 times longer.
    assert bar.length_px * 2.5 >= longest_px * (1 - 1e-6)
    leading = bar.length_mm / 10.0 ** math.floor(math.log10(bar.length_mm) + 1e-9)
    assert any(math.isclose(leading, nice, rel_tol=1e-6) for nice in (1, 2, 5))


@pytest.mark.parametrize(("px_per_mm", "longest_px"), [(0, 100), (1, 0), (math.inf, 10), (-1, 10)])
def test_no_bar_without_room_or_scale(px_per_mm: float, longest_px: float) -> None:
    assert scale_bar(px_per_mm, longest_px) is None


def test_words() -> None:
    bar = scale_bar(2.0, 120)
    assert bar is not None and bar.text == "50 mm"


def test_the_line_is_as_long_as_it_says(qapp: object) -> None:
    bar = scale_bar(2.0, 120)
    assert bar is not None
    image = QImage(160, 30, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_scale_bar(painter, bar, QPointF(20, 20), QColor("#ffffff"), QColor(0, 0, 0, 0))
    painter.end()
    lit = [x for x in range(160) if image.pixelColor(x, 20).lightness() > 100]
    assert abs((lit[-1] - lit[0]) - 100) <= 2
