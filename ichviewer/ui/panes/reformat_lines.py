"""The lines of the other planes on a reformat, the edges of slabs, and a line that is being drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.theme import DARK
from ichviewer.ui.panes.image_frame import Point
from ichviewer.ui.panes.reformat_grips import ScreenLine
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.panes.shadowed_text import image_font

SECTION_COLORS = {
    Section.AXIAL: "#ffb454",
    Section.CORONAL: "#5ad1a4",
    Section.SAGITTAL: "#7cb7ff",
}
"""A color for each plane, on the image, which is dark in both themes. Words beside the lines say the same."""
_DRAWN = "#ffffff"
_PLATE = QColor(0, 0, 0, 150)
"""Behind small words. A rim around letters, as other words have it, would be drawn anew with every step."""
_GAP_PX = 9.0
"""What lies under the crosshair is not covered."""
_HANDLE_PX = 4.5
_PAD_PX = 2.0
_NAME_STEPS = 12
"""Places that are tried for a name, from the end of its line halfway to the crosshair."""


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
        self._is_preview = False
        self._names: dict[Section, QRectF] = {}
        self.taken: Callable[[], Iterable[QRectF]] = tuple
        """Gives what the names of the planes must not cover, in px."""

    def set_preview(self, preview: bool) -> None:
        """Say that the picture is coarse, or that of the plane before."""
        if preview != self._is_preview:
            self._is_preview = preview
            self.update(self._preview_place().toAlignedRect())

    @property
    def shown(self) -> PaintedLines:
        """What is painted."""
        return self._shown

    def set_lines(self, lines: PaintedLines) -> None:
        """Paint other lines."""
        if lines != self._shown:
            self._shown = lines
            self.place_names()
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
        for section, place in self._names.items():
            self._paint_name(painter, section, place)
        if self._shown.drawn is not None:
            painter.setPen(QPen(QColor(_DRAWN), 1.6, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(*self._shown.drawn.start), QPointF(*self._shown.drawn.end))
        if self._is_preview:
            self._use_small_font(painter)
            painter.fillRect(self._preview_place(), _PLATE)
            painter.setPen(QColor(DARK.warning))
            painter.drawText(self._preview_place(), Qt.AlignmentFlag.AlignCenter, tr("Preview"))

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

    @property
    def names(self) -> Mapping[Section, QRectF]:
        """Where the names of the planes stand, in px."""
        return self._names

    def place_names(self) -> None:
        """Put the names of the planes beside the ends of their lines, where nothing else stands now."""
        found = self._free_places()
        if found != self._names:
            self._names = found
            self.update()

    def _free_places(self) -> dict[Section, QRectF]:
        metrics = QFontMetricsF(self._small_font())
        inside = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        taken, found = list(self.taken()), dict[Section, QRectF]()
        for section, line in self._shown.lines:
            size = QSizeF(metrics.horizontalAdvance(section.value) + 2 * _PAD_PX, metrics.height())
            found[section] = _free_place(line, self._shown.crosshair, size, inside, taken)
            taken.append(found[section])
        return found

    def _paint_name(self, painter: QPainter, section: Section, place: QRectF) -> None:
        self._use_small_font(painter)
        painter.fillRect(place, _PLATE)
        painter.setPen(QColor(SECTION_COLORS[section]))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, section.value)

    def _small_font(self) -> QFont:
        return scaled_font(image_font(self.font(), self.width(), self.height()), 0.85)

    def _use_small_font(self, painter: QPainter) -> None:
        painter.setFont(self._small_font())

    def _preview_place(self) -> QRectF:
        return QRectF(self.width() / 2 - 45, 44, 90, 22)


def _free_place(
    line: ScreenLine, crosshair: Point, size: QSizeF, inside: QRectF, taken: Iterable[QRectF]
) -> QRectF:
    """Beside the end of a line, or a little nearer to the crosshair where something else stands there."""
    taken = tuple(taken)
    end, center = QPointF(*line.end), QPointF(*crosshair)
    right, down = _HANDLE_PX + 1, _HANDLE_PX
    first = None
    for step in range(_NAME_STEPS):
        at = end + (center - end) * (step / (2 * _NAME_STEPS))
        for x in (at.x() + right, at.x() - right - size.width()):
            for y in (at.y() - down - size.height(), at.y() + down):
                place = QRectF(QPointF(x, y), size)
                place.moveLeft(min(max(x, inside.left()), inside.right() - size.width()))
                place.moveTop(min(max(y, inside.top()), inside.bottom() - size.height()))
                first = first or place
                if not any(place.intersects(other) for other in taken):
                    return place
    return first or QRectF(end, size)
