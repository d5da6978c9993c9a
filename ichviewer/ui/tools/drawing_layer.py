"""Draws the annotations of the slice in view over its picture: lines, handles, labels, and what is being drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_frame import Placement
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.tools.figure import Figure
from ichviewer.ui.tools.surface import Places

_LINE = QColor("#ffe14d")
_WORDS = QColor("#fff6c8")
_RIM = QColor(0, 0, 0, 200)
"""Darkens both sides of a line, so that it reads on bone and on air."""
_PLATE = QColor(0, 0, 0, 190)
_LINE_PX, _SELECTED_PX, _RIM_PX = 1.5, 2.4, 2.4
_HANDLE_PX, _SELECTED_HANDLE_PX = 3.0, 4.5
_CROSS_PX = 6.0
_ARROW_PX = 13.0
_GAP_PX, _PAD_PX = 10.0, 5.0
_NOTES_TOP = 0.16
"""Where notes stand, as a part of the height: below the letter and between the words in the corners."""


@dataclass(frozen=True)
class DrawnAnnotation:
    """One annotation as it is drawn.

    Parameters
    ----------
    id : str
    figure : Figure
    label : tuple of str
        Its lines.
    selected : bool
    """

    id: str
    figure: Figure
    label: tuple[str, ...] = ()
    selected: bool = False


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn over a picture.

    Parameters
    ----------
    placement : Placement
    annotations : tuple of DrawnAnnotation
    sketch : tuple of lines
        What is being drawn, while clicks are missing.
    clicks : tuple of places
        Where it was clicked.
    notes : tuple of str
        Lines about the slice and the tool.
    """

    placement: Placement
    annotations: tuple[DrawnAnnotation, ...] = ()
    sketch: tuple[Places, ...] = ()
    clicks: Places = ()
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to paint."""
        return not (self.annotations or self.sketch or self.clicks or self.notes)


class DrawingLayer(QWidget):
    """Paints a `Drawing`. Mouse and keys pass through it.

    Parameters
    ----------
    read : callable
        Gives what is to be drawn at the moment of painting, None for nothing: so nothing is ever painted beside other
        pixels than those on screen.
    parent : QWidget, optional
    """

    def __init__(self, read: Callable[[], Drawing | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        self.setAccessibleName(tr("Measurements on the image"))
        self._read = read
        self._drew = False

    def say(self) -> None:
        """Tell a screen reader what is drawn, and paint anew."""
        drawing = self._read()
        drawn = () if drawing is None else drawing.annotations
        notes = () if drawing is None else drawing.notes
        said = [line for one in drawn for line in one.label] + list(notes)
        self.setAccessibleDescription("; ".join(said))
        # Where nothing is drawn, nothing below is painted with it.
        if self._drew or not (drawing is None or drawing.empty):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it."""
        drawing = self._read()
        self._drew = drawing is not None and not drawing.empty
        if drawing is None or drawing.empty:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen = _Pen(painter, drawing.placement, (float(self.width()), float(self.height())))
        for one in drawing.annotations:
            pen.draw(one)
        pen.sketch(drawing.sketch, drawing.clicks)
        font = scaled_font(self.font(), 0.95)
        labels = _Labels(painter, font, QRectF(self.rect()))
        for one in sorted(drawing.annotations, key=lambda a: not a.selected):
            if one.label and one.figure.label_at is not None:
                labels.beside(pen.at(one.figure.label_at), one.label, one.selected)
        labels.notes(drawing.notes)


class _Pen:
    """Draws lines in places on the picture."""

    def __init__(self, painter: QPainter, placement: Placement, size_px: Place) -> None:
        self._painter = painter
        self._placement = placement
        self._size_px = size_px

    def at(self, place: Place) -> QPointF:
        return QPointF(*self._placement.to_screen(place, self._size_px))

    def draw(self, one: DrawnAnnotation) -> None:
        drawn, selected = one.figure, one.selected
        width = _SELECTED_PX if selected else _LINE_PX
        for line in drawn.dashed:
            self._line(line, width, dashed=True)
        for line in drawn.lines:
            self._line(line, width)
        for place in drawn.crosses:
            self._cross(self.at(place), width)
        if drawn.tip is not None:
            self._arrow_head(self.at(drawn.tip[0]), self.at(drawn.tip[1]), width)
        for place in drawn.handles:
            self._handle(self.at(place), selected)
        for place, letter in drawn.letters:
            self._letter(self.at(place), letter)

    def sketch(self, lines: Sequence[Places], clicks: Places) -> None:
        for line in lines:
            self._line(line, _LINE_PX)
        if len(clicks) <= 4:
            for place in clicks:
                self._handle(self.at(place), True)

    def _line(self, line: Places, width: float, *, dashed: bool = False) -> None:
        polyline = QPolygonF([self.at(place) for place in line])
        for pen in _pens(width):
            if dashed:
                # In multiples of the width: rim and line must break at the same places.
                pen.setDashPattern([part / pen.widthF() for part in (9.0, 6.0)])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._painter.setPen(pen)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawPolyline(polyline)

    def _cross(self, at: QPointF, width: float) -> None:
        for pen in _pens(width):
            self._painter.setPen(pen)
            for dx, dy in ((_CROSS_PX, 0.0), (0.0, _CROSS_PX)):
                self._painter.drawLine(at - QPointF(dx, dy), at + QPointF(dx, dy))

    def _arrow_head(self, tip: QPointF, tail: QPointF, width: float) -> None:
        angle = math.atan2(tail.y() - tip.y(), tail.x() - tip.x())
        ends = [
            tip + QPointF(_ARROW_PX * math.cos(angle + turn), _ARROW_PX * math.sin(angle + turn))
            for turn in (0.45, -0.45)
        ]
        for pen in _pens(width):
            self._painter.setPen(pen)
            for end in ends:
                self._painter.drawLine(tip, end)

    def _handle(self, at: QPointF, selected: bool) -> None:
        """A dot; of what is selected a filled square, so that it is told by shape and not by color."""
        self._painter.setPen(QPen(_RIM, 1.2))
        self._painter.setBrush(QColor("#ffffff") if selected else _LINE)
        if selected:
            side = _SELECTED_HANDLE_PX
            self._painter.drawRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side))
        else:
            self._painter.drawEllipse(at, _HANDLE_PX, _HANDLE_PX)

    def _letter(self, at: QPointF, letter: str) -> None:
        metrics = QFontMetricsF(self._painter.font())
        size = max(metrics.height(), metrics.horizontalAdvance(letter) + 6)
        place = QRectF(at.x() - size - 7, at.y() - size / 2, size, size)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(_PLATE)
        self._painter.drawRoundedRect(place, 3, 3)
        self._painter.setPen(_WORDS)
        self._painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)


def _pens(width: float) -> tuple[QPen, QPen]:
    pens = QPen(_RIM, width + _RIM_PX), QPen(_LINE, width)
    for pen in pens:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pens


class _Labels:
    """Writes labels on dark plates that neither leave the image nor cover each other."""

    def __init__(self, painter: QPainter, font: QFont, room: QRectF) -> None:
        painter.setFont(font)
        self._painter = painter
        self._metrics = QFontMetricsF(font)
        self._room = room
        self._taken: list[QRectF] = []

    def beside(self, at: QPointF, lines: Sequence[str], selected: bool) -> None:
        size = self._size(lines)
        plate = QRectF(QPointF(at.x() + _GAP_PX, at.y() - size.height() / 2), size.size())
        if plate.right() > self._room.right():
            plate.moveRight(at.x() - _GAP_PX)
        self._write(self._apart(self._inside(plate)), lines, selected)

    def notes(self, lines: Sequence[str]) -> None:
        if lines:
            size = self._size(lines)
            left = self._room.center().x() - size.width() / 2
            plate = QRectF(QPointF(left, self._room.height() * _NOTES_TOP), size.size())
            self._write(self._inside(plate), lines, False)

    def _apart(self, plate: QRectF) -> QRectF:
        """The plate below those in its way, or above them where there is no room below."""
        below, above = QRectF(plate), QRectF(plate)
        for other in sorted(self._taken, key=QRectF.top):
            if below.intersects(other):
                below.moveTop(other.bottom() + 2)
        if below.bottom() <= self._room.bottom():
            return below
        for other in sorted(self._taken, key=QRectF.bottom, reverse=True):
            if above.intersects(other):
                above.moveBottom(other.top() - 2)
        return self._inside(above)

    def _size(self, lines: Sequence[str]) -> QRectF:
        most = self._room.width() - 4 * _PAD_PX
        width = min(max(self._metrics.horizontalAdvance(line) for line in lines), most)
        return QRectF(0, 0, width + 2 * _PAD_PX, len(lines) * self._metrics.height() + 4)

    def _inside(self, plate: QRectF) -> QRectF:
        moved = QRectF(plate)
        moved.moveLeft(max(self._room.left(), min(plate.left(), self._room.right() - plate.width())))
        moved.moveTop(max(self._room.top(), min(plate.top(), self._room.bottom() - plate.height())))
        return moved

    def _write(self, plate: QRectF, lines: Sequence[str], selected: bool) -> None:
        self._taken.append(plate)
        self._painter.setPen(QPen(_WORDS, 1.2) if selected else Qt.PenStyle.NoPen)
        self._painter.setBrush(_PLATE)
        self._painter.drawRoundedRect(plate, 3, 3)
        self._painter.setPen(_WORDS)
        room = plate.width() - 2 * _PAD_PX
        for number, line in enumerate(lines):
            text = self._metrics.elidedText(line, Qt.TextElideMode.ElideRight, room + 1)
            baseline = plate.top() + 2 + number * self._metrics.height() + self._metrics.ascent()
            self._painter.drawText(QPointF(plate.left() + _PAD_PX, baseline), text)
