"""Statements about the slice as chips: rows of them at the bottom of the image, each cut to fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ichviewer.ui.look.fonts import italic
from ichviewer.ui.look.theme import Theme
from ichviewer.ui.panes.overlay_text import Chip, tone_color

_PAD_X, _PAD_Y, _GAP = 10, 4, 6
_DOT = 0.62
_ROW, _ROWS = 0.64, 2
"""Part of the width that a row of chips may take; all of it where there would be more rows than this."""
_LEAST_ROOM_PX = 40.0


@dataclass(frozen=True)
class PlacedChip:
    """A chip, its text cut to fit, and where it goes, in px."""

    chip: Chip
    text: str
    place: QRectF


def placed_chips(
    chips: Sequence[Chip], metrics: QFontMetricsF, size: QSize, margin_px: int, words: Sequence[QRect]
) -> tuple[PlacedChip, ...]:
    """Rows of chips, centered, above the letter at the bottom and above words that they would touch.

    Parameters
    ----------
    chips : sequence of Chip
    metrics : QFontMetricsF
        Of their font.
    size : QSize
        Of the image, in px.
    margin_px : int
        What stays free at its edges.
    words : sequence of QRect
        Where words stand at the bottom.
    """
    if not chips:
        return ()
    room = max(_LEAST_ROOM_PX, size.width() - 2 * margin_px)
    rows = _rows(chips, [chip.text for chip in chips], metrics, room, _ROW)
    if len(rows) > 1:
        # What is said about the image must not hide the image.
        short = [chip.short or chip.text for chip in chips]
        rows = _rows(chips, short, metrics, room, _ROW)
        if len(rows) > _ROWS:
            rows = _rows(chips, short, metrics, room, 1.0)
    height = metrics.height() + 2 * _PAD_Y
    widths = [sum(width for _, _, width in row) + _GAP * (len(row) - 1) for row in rows]
    left, right = (size.width() - max(widths)) / 2, (size.width() + max(widths)) / 2
    bottom = size.height() - margin_px - metrics.height() * 1.9
    for place in words:
        if not place.isNull() and place.left() < right and left < place.right():
            bottom = min(bottom, place.top() - float(_GAP))
    placed = []
    y = bottom - len(rows) * (height + _GAP) + _GAP
    for row, total in zip(rows, widths, strict=True):
        x = (size.width() - total) / 2
        for chip, text, width in row:
            placed.append(PlacedChip(chip, text, QRectF(x, y, width, height)))
            x += width + _GAP
        y += height + _GAP
    return tuple(placed)


def paint_chips(painter: QPainter, chips: Sequence[PlacedChip], font: QFont, colors: Theme) -> None:
    """Draw them."""
    dot = QFontMetricsF(font).ascent() * _DOT
    for chip in chips:
        painter.setFont(italic(font) if chip.chip.quiet else font)
        _paint_chip(painter, colors.muted_values() if chip.chip.quiet else colors, chip, dot)


def _rows(
    chips: Sequence[Chip], texts: Sequence[str], metrics: QFontMetricsF, room: float, share: float
) -> list[list[tuple[Chip, str, float]]]:
    """Chips, their texts cut to fit and their widths, in as few rows as a share of the room allows."""
    rows: list[list[tuple[Chip, str, float]]] = [[]]
    used = 0.0
    for chip, words in zip(chips, texts, strict=True):
        extra = 2 * _PAD_X + (metrics.ascent() * _DOT + 6 if chip.has_dot else 0)
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - extra)
        width = metrics.horizontalAdvance(text) + extra
        if rows[-1] and used + width > room * share:
            rows.append([])
            used = 0.0
        rows[-1].append((chip, text, width))
        used += width + _GAP
    return rows


def _paint_chip(painter: QPainter, colors: Theme, placed: PlacedChip, dot: float) -> None:
    chip, place = placed.chip, placed.place
    color = QColor(tone_color(colors, chip.tone) if chip.label is None else colors.label_color(chip.label))
    edge = QColor(color)
    edge.setAlpha(110)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(QColor(14, 16, 19, 205))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), place.height() / 2, place.height() / 2)
    left = place.left() + _PAD_X
    if chip.has_dot:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(left, place.center().y() - dot / 2, dot, dot))
        left += dot + 6
    painter.setPen(QColor(colors.overlay_text) if chip.label is not None else color)
    words = QRectF(left, place.top(), place.right() - left, place.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, placed.text)
