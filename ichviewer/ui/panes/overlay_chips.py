"""Statements about the slice as chips: one below the other at the edge of the image, so that they hide none of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ichviewer.ui.look.fonts import italic
from ichviewer.ui.look.theme import Theme
from ichviewer.ui.panes.overlay_text import Chip, tone_color

_PAD_X, _PAD_Y, _GAP = 8, 2, 4
_DOT, _DOT_GAP = 0.62, 6
_NAME_PART = 0.45
"""Part of the column that names of types may take; they are shortened where one needs more."""
_MOST_LINES = 3
_LEAST_HEIGHTS = 5
"""A chip is at least so many times as wide as its words are high, if they need it: a short name always has room."""


@dataclass(frozen=True)
class PlacedChip:
    """A chip, its text in lines that fit, and where it goes, in px."""

    chip: Chip
    text: str
    place: QRectF


def placed_chips(
    chips: Sequence[Chip], metrics: QFontMetricsF, column: QRectF, letters: Sequence[QRectF] = ()
) -> tuple[PlacedChip, ...]:
    """Chips below one another, ending at the right edge of a column.

    Where the column is too low for that, findings say no numbers and share rows; where it is too low for that too,
    the last chip says how many more there are. There is always one.

    Parameters
    ----------
    chips : sequence of Chip
    metrics : QFontMetricsF
        Of their font.
    column : QRectF
        Where they may stand, in px of the image.
    letters : sequence of QRectF
        The letters at the edges of the image: a row beside one stands left of it.
    """
    if not chips:
        return ()
    wide = column.width() * _NAME_PART
    named = [chip for chip in chips if chip.label is not None]
    in_full = all(_width(chip, chip.text, metrics) <= wide for chip in named)
    rows = []
    for chip in chips:
        fits = in_full if chip.label is not None else _width(chip, chip.text, metrics) <= column.width()
        rows.append([(chip, chip.text if fits else chip.short or chip.text)])
    placed = _placed(rows, metrics, column, letters, _MOST_LINES)
    if placed[-1].place.bottom() > column.bottom():
        rows = _in_rows([(chip, chip.name or chip.short or chip.text) for chip in chips], metrics, column)
        placed = _placed(rows, metrics, column, letters, 1)
    while len(rows) > 1 and placed[-1].place.bottom() > column.bottom():
        rows = rows[:-1]
        chip, text = rows[-1][-1]
        left_out = len(chips) - sum(len(row) for row in rows)
        marked = [*rows[-1][:-1], (chip, f"{text} +{left_out}")]
        placed = _placed([*rows[:-1], marked], metrics, column, letters, 1)
    return placed


def _width(chip: Chip, text: str, metrics: QFontMetricsF) -> float:
    """What a chip needs for a text on one line, in px."""
    dot = metrics.ascent() * _DOT + _DOT_GAP if chip.has_dot else 0
    return metrics.horizontalAdvance(text) + 2 * _PAD_X + dot


def _in_rows(
    said: Sequence[tuple[Chip, str]], metrics: QFontMetricsF, column: QRectF
) -> list[list[tuple[Chip, str]]]:
    """As many chips a row as the column is wide."""
    rows: list[list[tuple[Chip, str]]] = [[]]
    used = 0.0
    for chip, text in said:
        width = _width(chip, text, metrics)
        if rows[-1] and used + width > column.width():
            rows.append([])
            used = 0.0
        rows[-1].append((chip, text))
        used += width + _GAP
    return rows


def _placed(
    rows: Sequence[Sequence[tuple[Chip, str]]],
    metrics: QFontMetricsF,
    column: QRectF,
    letters: Sequence[QRectF],
    most_lines: int,
) -> tuple[PlacedChip, ...]:
    placed = []
    top = column.top()
    for row in rows:
        height = metrics.height() + 2 * _PAD_Y
        room = max(metrics.height() * _LEAST_HEIGHTS, column.width())
        row_placed: list[tuple[Chip, str, float]] = []
        for chip, text in row:
            extra = _width(chip, "", metrics)
            lines = _in_lines(text, metrics, room - extra, most_lines)
            height = max(height, len(lines) * metrics.height() + 2 * _PAD_Y)
            width = max(metrics.horizontalAdvance(line) for line in lines) + extra
            row_placed.append((chip, "\n".join(lines), width))
        right = column.right()
        for letter in letters:
            if letter.top() < top + height and top < letter.bottom() and letter.right() > column.center().x():
                right = min(right, letter.left() - _GAP)
        x = right - sum(width for _, _, width in row_placed) - _GAP * (len(row_placed) - 1)
        for chip, text, width in row_placed:
            placed.append(PlacedChip(chip, text, QRectF(x, top, width, height)))
            x += width + _GAP
        top += height + _GAP
    return tuple(placed)


def _in_lines(text: str, metrics: QFontMetricsF, room: float, most: int) -> list[str]:
    """A text broken between words; what the last line has no room for is cut, which it shows."""
    lines: list[str] = []
    words = text.split(" ")
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and metrics.horizontalAdvance(" ".join(words[: taken + 1])) <= room:
            taken += 1
        lines.append(" ".join(words[:taken]))
        words = words[taken:]
    if words:
        lines.append(" ".join(words))
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines]


def paint_chips(painter: QPainter, chips: Sequence[PlacedChip], font: QFont, colors: Theme) -> None:
    """Draw them."""
    metrics = QFontMetricsF(font)
    for chip in chips:
        painter.setFont(italic(font) if chip.chip.quiet else font)
        _paint_chip(painter, colors.muted_values() if chip.chip.quiet else colors, chip, metrics)


def _paint_chip(painter: QPainter, colors: Theme, placed: PlacedChip, metrics: QFontMetricsF) -> None:
    chip, place = placed.chip, placed.place
    color = QColor(tone_color(colors, chip.tone) if chip.label is None else colors.label_color(chip.label))
    edge = QColor(color)
    edge.setAlpha(110)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(QColor(14, 16, 19, 205))
    round_px = metrics.height() / 2 + _PAD_Y
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), round_px, round_px)
    left = place.left() + _PAD_X
    if chip.has_dot:
        dot = metrics.ascent() * _DOT
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QRectF(left, place.top() + _PAD_Y + (metrics.height() - dot) / 2, dot, dot))
        left += dot + _DOT_GAP
    painter.setPen(QColor(colors.overlay_text) if chip.label is not None else color)
    # Italics reach a little beyond their width.
    words = QRectF(left, place.top(), place.right() - left, place.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, placed.text)
