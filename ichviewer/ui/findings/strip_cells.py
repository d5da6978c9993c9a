"""Draws the cells of the slice strip: colors, flags, hatching, names and numbers.

Colors are computed for all columns at once and copied as a picture: a series of a thousand thin slices is drawn anew
with every finding that comes in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap

from ichviewer.domain.labels import LABELS, N_LABELS
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.ui.findings.strip_layout import CellState, StripColumns, StripLayout, tick_step
from ichviewer.ui.look.contrast import wants_black
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import words_of
from ichviewer.ui.look.theme import Theme
from ichviewer.ui.look.words import sentence

PAD_PX = 10
_AXIS_PX, _NUMBER_GAP_PX = 20, 4
DOT_PX = 7.0
TOP_PX = 8
_ROW_GAP_PX = 2
_DOT_CELL_PX = 6.0
"""Cells at least this wide show their flag as a dot, narrower ones as a line along their foot."""
_SEPARATE_CELL_PX = 5.0
_HATCH_PX = 6.0
_HATCH_LINE_PX = 1.6
"""So wide that the lines stand out from what is between them by a contrast of 3 to 1 in both themes."""
_RAMP_STEPS = 128


@dataclass(frozen=True)
class StripGrid:
    """Where rows and columns of the strip are, in px of the widget.

    Parameters
    ----------
    layout : StripLayout
        The columns.
    height_px : int
        Height of the whole widget.
    axis_px : int
        Height of the numbers below the cells.
    """

    layout: StripLayout
    height_px: int
    axis_px: int = _AXIS_PX

    @property
    def row_px(self) -> float:
        """Distance from row to row."""
        return max(4.0, (self.height_px - TOP_PX - self.axis_px) / N_LABELS)

    def row(self, row: int) -> QRectF:
        """The cells of a row, from the first to the last column."""
        top, bottom = (round(TOP_PX + i * self.row_px) for i in (row, row + 1))
        left, right = self.layout.left_px, self.layout.right_px
        return QRectF(left, top, right - left, bottom - top - _ROW_GAP_PX)

    @property
    def area(self) -> QRectF:
        """All cells."""
        return self.row(0).united(self.row(N_LABELS - 1))

    def row_at(self, y_px: float) -> int:
        """The row at a height, -1 beside the rows."""
        row = int((y_px - TOP_PX) // self.row_px) if y_px >= TOP_PX else -1
        return row if row < N_LABELS else -1

    def column_px(self, columns: int, ratio: float) -> NDArray[np.float64]:
        """Left ends of the columns and the right end of the last one, on whole device pixels."""
        layout = self.layout
        ends = np.linspace(layout.left_px, layout.right_px, columns + 1)
        return np.round(ends * ratio) / ratio


def cell_font(font: QFont) -> QFont:
    """The font of the strip's names."""
    return scaled_font(font, 0.92)


def number_font(font: QFont, *, bold: bool = False) -> QFont:
    """The font of the slice numbers."""
    return scaled_font(font, 0.81, bold=bold)


def axis_px(font: QFont) -> int:
    """How high the numbers below the cells are, with the widget's font."""
    return max(_AXIS_PX, math.ceil(QFontMetricsF(number_font(font, bold=True)).height()) + _NUMBER_GAP_PX)


@dataclass(frozen=True, eq=False)
class StripContent:
    """What the strip shows, and how.

    Parameters
    ----------
    grid : StripGrid
    columns : StripColumns
    point : OperatingPoint
    colors : Theme
    font : QFont
        The widget's font.
    """

    grid: StripGrid
    columns: StripColumns
    point: OperatingPoint
    colors: Theme
    font: QFont


def draw_cells(content: StripContent, size: QSize, ratio: float) -> QPixmap:
    """Everything of the strip but the mark of the current slice, as a picture for a screen of ``ratio``."""
    cells = QPixmap(size * ratio)
    cells.setDevicePixelRatio(ratio)
    cells.fill(Qt.GlobalColor.transparent)
    painter = QPainter(cells)
    ends = content.grid.column_px(len(content.columns.states), ratio)
    _paint_names(painter, content)
    _paint_ground(painter, content)
    _paint_values(painter, content, ends, ratio)
    _paint_hatching(painter, content, ends)
    _paint_numbers(painter, content, size.width())
    painter.end()
    return cells


def cell_colors(data: StripColumns, point: OperatingPoint, colors: Theme) -> NDArray[np.uint32]:
    """Color of every cell as 0xAARRGGBB, shape (6, columns); transparent where nothing was analysed."""
    result = np.zeros((N_LABELS, len(data.states)), dtype=np.uint32)
    known = data.states == CellState.ANALYSED
    for row, threshold in enumerate(point.thresholds):
        p, flagged = data.probabilities[known, row], data.flagged[known, row]
        low, high = _ramps(colors, threshold)
        room = max(1.0 - threshold, 1e-9)
        part = np.where(flagged, (p - threshold) / room, p / threshold)
        step = np.clip(np.round(part * (_RAMP_STEPS - 1)), 0, _RAMP_STEPS - 1).astype(np.intp)
        result[row, known] = np.where(flagged, high[step], low[step])
    return result


@lru_cache(maxsize=64)
def _ramps(colors: Theme, threshold: float) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The theme's colors below a threshold and from it on."""
    part = np.linspace(0, 1, _RAMP_STEPS)
    below = np.minimum(part * threshold, np.nextafter(threshold, 0))
    above = threshold + part * (1 - threshold)
    return colors.probability_colors(below, threshold), colors.probability_colors(above, threshold)


def _paint_names(painter: QPainter, content: StripContent) -> None:
    grid, colors = content.grid, content.colors
    painter.setFont(cell_font(content.font))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for row, label in enumerate(LABELS):
        place = grid.row(row)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.label_color(label)))
        painter.drawEllipse(QRectF(PAD_PX, place.center().y() - DOT_PX / 2, DOT_PX, DOT_PX))
        painter.setPen(QColor(colors.text))
        words = QRectF(PAD_PX + DOT_PX + 6, place.top(), place.left(), place.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, sentence(words_of(label)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_ground(painter: QPainter, content: StripContent) -> None:
    grid, colors = content.grid, content.colors
    # What is pending is an empty slot with a thin line through it: neither a value nor a warning.
    line = QColor(colors.muted)
    line.setAlpha(90)
    for row in range(N_LABELS):
        slot = grid.row(row)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.window))
        painter.drawRect(slot.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.fillRect(QRectF(slot.left(), round(slot.center().y()), slot.width(), 1), line)


def _paint_values(painter: QPainter, content: StripContent, ends: NDArray[np.float64], ratio: float) -> None:
    grid = content.grid
    widths = np.round(np.diff(ends) * ratio).astype(np.intp)
    cells = cell_colors(content.columns, content.point, content.colors)
    lines = np.repeat(cells, widths, axis=1)
    separate = (ends[-1] - ends[0]) / len(widths) >= _SEPARATE_CELL_PX
    if separate:
        last = np.cumsum(widths) - 1
        edges = (last[:, None] - np.arange(max(1, round(ratio)))).ravel()
        ground = np.uint32(QColor(content.colors.window).rgba())
        lines[:, edges] = np.where(lines[:, edges] != 0, ground, lines[:, edges])
    # Qt wants its own copy of every line to be contiguous.
    picture = np.ascontiguousarray(lines)
    image = QImage(picture.data, picture.shape[1], N_LABELS, picture.strides[0], QImage.Format.Format_ARGB32)
    for row in range(N_LABELS):
        place = grid.row(row)
        painter.drawImage(
            QRectF(ends[0], place.top(), ends[-1] - ends[0], place.height()),
            image,
            QRectF(0, row, picture.shape[1], 1),
        )
    _paint_flags(painter, content, cells, ends)


def _paint_flags(
    painter: QPainter, content: StripContent, cells: NDArray[np.uint32], ends: NDArray[np.float64]
) -> None:
    grid, data = content.grid, content.columns
    # Dark on light and light on dark: the mark must not depend on telling hues apart.
    dots: dict[bool, list[QPointF]] = {True: [], False: []}
    lines: dict[bool, list[QLineF]] = {True: [], False: []}
    step = float(ends[-1] - ends[0]) / len(data.states)
    for row in range(N_LABELS):
        place = grid.row(row)
        light = wants_black(cells[row])
        for column in np.nonzero(data.flagged[:, row])[0]:
            left, right = float(ends[column]), float(ends[column + 1])
            if step >= _DOT_CELL_PX:
                dots[bool(light[column])].append(QPointF((left + right - 1) / 2, place.center().y()))
            else:
                y = place.bottom() - 2
                lines[bool(light[column])].append(QLineF(left, y, right, y))
    side = min(6.0, step - 2, grid.row(0).height() - 2)
    for on_light in (True, False):
        color = QColor(0, 0, 0, 215) if on_light else QColor(255, 255, 255, 235)
        painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        if lines[on_light]:
            painter.drawLines(lines[on_light])
        if dots[on_light]:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(color, side, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoints(dots[on_light])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_hatching(painter: QPainter, content: StripContent, ends: NDArray[np.float64]) -> None:
    area, data, colors = content.grid.area, content.columns, content.colors
    for state, name, both in (
        (CellState.NOT_ANALYSED, colors.muted, False),
        (CellState.FAILED, colors.danger, True),
    ):
        rects = _marked(data.states == state, ends, area)
        if rects:
            clip = QPainterPath()
            for rect in rects:
                clip.addRect(rect)
            painter.save()
            painter.setClipPath(clip)
            painter.fillRect(area, QColor(colors.window))
            _hatch(painter, area, QColor(name), both=both)
            painter.restore()
    # A failed slice that shares a column with analysed ones must not vanish.
    below = QRectF(area.left(), area.bottom() + 1, area.width(), 3)
    for rect in _marked(data.failed, ends, below):
        painter.fillRect(rect, QColor(colors.danger))


def _marked(marks: NDArray[np.bool_], ends: NDArray[np.float64], area: QRectF) -> list[QRectF]:
    """The parts of an area that lie in marked columns, a rectangle a run of columns."""
    padded = np.concatenate([[False], marks, [False]])
    change = np.nonzero(padded[1:] != padded[:-1])[0]
    runs = zip(ends[change[::2]], ends[change[1::2]], strict=True)
    return [QRectF(float(left), area.top(), float(right - left), area.height()) for left, right in runs]


def _hatch(painter: QPainter, area: QRectF, color: QColor, *, both: bool) -> None:
    """Diagonal lines over an area, in both directions where it must be told from the plain kind."""
    ground, line = QColor(color), QColor(color)
    ground.setAlpha(34)
    line.setAlpha(235)
    painter.fillRect(area, ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(line, _HATCH_LINE_PX))
    height = area.height()
    lines = []
    for x in np.arange(area.left() - height, area.right(), _HATCH_PX):
        lines.append(QLineF(float(x), area.bottom(), float(x) + height, area.top()))
        if both:
            lines.append(QLineF(float(x), area.top(), float(x) + height, area.bottom()))
    painter.drawLines(lines)


def _paint_numbers(painter: QPainter, content: StripContent, width_px: int) -> None:
    grid, layout = content.grid, content.grid.layout
    numbers = number_font(content.font)
    metrics = QFontMetricsF(numbers)
    painter.setFont(numbers)
    painter.setPen(QColor(content.colors.muted))
    baseline = grid.area.bottom() + _NUMBER_GAP_PX + metrics.ascent()
    label_px = metrics.horizontalAdvance("0" * len(str(layout.count))) + 14
    step = tick_step(layout.count, layout.cell_px, label_px)
    end = float("-inf")
    for n in sorted({1, *range(step, layout.count + 1, step)}):
        left, right = layout.span(n - 1)
        width = metrics.horizontalAdvance(str(n))
        x = min((left + right - width) / 2, width_px - width - 2)
        if x > end + 4:
            painter.drawText(QPointF(x, baseline), str(n))
            end = x + width
