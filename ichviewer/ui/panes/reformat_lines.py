"""The lines of the other planes on a reformat, the edges of slabs, and a line that is being drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.panes.image_frame import Point
from ichviewer.ui.panes.image_overlay import paint_shadowed
from ichviewer.ui.panes.reformat_grips import ScreenLine
from ichviewer.ui.panes.reformat_state import Section

SECTION_COLORS = {
    Section.AXIAL: "#ffb454",
    Section.CORONAL: "#5ad1a4",
    Section.SAGITTAL: "#7cb7ff",
}
"""A color for each plane, on the image, which is dark in both themes. Words beside the lines say the same."""
_DRAWN = "#ffffff"
_GAP_PX = 9.0
"""What lies under the crosshair is not covered."""
_HANDLE_PX = 4.5


@dataclass(frozen=True)
class PaintedLines:
    """What is painted; positions in px.

    Parameters
    ----------
    crosshair : point
    lines : tuple of (Section, ScreenLine)
    edges : tuple of (Section, ScreenLine)
        Where slabs end.
    drawn : ScreenLine or None
        A line that a person draws.
    """

    crosshair: Point = (0.0, 0.0)
    lines: tuple[tuple[Section, ScreenLine], ...] = ()
    edges: tuple[tuple[Section, ScreenLine], ...] = ()
    drawn: ScreenLine | None = None


class ReformatLines(QWidget):
    """Paints lines. Mouse and keys pass through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        self._shown = PaintedLines()

    @property
    def shown(self) -> PaintedLines:
        """What is painted."""
        return self._shown

    def set_lines(self, lines: PaintedLines) -> None:
        """Paint other lines."""
        if lines != self._shown:
            self._shown = lines
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for section, line in self._shown.edges:
            color = QColor(SECTION_COLORS[section])
            color.setAlpha(130)
            painter.setPen(QPen(color, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(*line.start), QPointF(*line.end))
        for section, line in self._shown.lines:
            self._paint_line(painter, section, line)
        if self._shown.drawn is not None:
            painter.setPen(QPen(QColor(_DRAWN), 1.6, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(*self._shown.drawn.start), QPointF(*self._shown.drawn.end))

    def _paint_line(self, painter: QPainter, section: Section, line: ScreenLine) -> None:
        color = QColor(SECTION_COLORS[section])
        center = QPointF(*self._shown.crosshair)
        painter.setPen(QPen(color, 1.2))
        for end in (line.start, line.end):
            way = QPointF(*end) - center
            length = (way.x() ** 2 + way.y() ** 2) ** 0.5
            if length <= _GAP_PX:
                continue
            painter.setPen(QPen(color, 1.2))
            painter.drawLine(center + way * (_GAP_PX / length), QPointF(*end))
            painter.setBrush(color)
            painter.drawEllipse(QPointF(*end), _HANDLE_PX, _HANDLE_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._name(painter, section, QPointF(*line.end), color)

    def _name(self, painter: QPainter, section: Section, at: QPointF, color: QColor) -> None:
        font: QFont = scaled_font(self.font(), 0.85)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(section.value)
        inside = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        x = min(max(at.x() + _HANDLE_PX + 3, inside.left()), inside.right() - width)
        y = min(max(at.y() - _HANDLE_PX - 2, inside.top() + metrics.ascent()), inside.bottom())
        paint_shadowed(painter, QPointF(x, y), section.value, color)
