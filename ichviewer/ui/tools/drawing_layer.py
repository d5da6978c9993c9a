"""Draws the annotations of the slice in view over its picture: lines, handles, labels, and what is being drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_frame import Placement
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.panes.kept_pictures import Part
from ichviewer.ui.panes.shadowed_text import image_font
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
_REACH_PX = math.ceil(_ARROW_PX + _SELECTED_PX + _RIM_PX) + 1.0
"""How far lines, handles and the heads of arrows reach from their places."""
_FAR_PX = 1e6
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

    Each annotation and each label is a part with a place of its own: where one changes, its place alone is painted
    again, and so little of the picture below.

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
        self._seen: list[tuple[object, QRect]] = []
        """What is on screen, or will be with the next paint, and where."""
        self._following = BeforePaint(lambda: self._have_painted(self._parts()), self)

    def say(self) -> None:
        """Tell a screen reader what is drawn, and paint what has changed."""
        drawing = self._read()
        drawn = () if drawing is None else drawing.annotations
        notes = () if drawing is None else drawing.notes
        said = [line for one in drawn for line in one.label] + list(notes)
        self.setAccessibleDescription("; ".join(said))
        self.follow()

    def follow(self) -> None:
        """Paint what has changed, once before the next paint."""
        self._following.ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all parts that lie in the region to repaint."""
        parts = self._parts()
        # Where it changed without a word, the rest of it is not in this region.
        self._have_painted(parts)
        touched = [part for part in parts if event.region().intersects(part.place)]
        if touched:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for part in touched:
                part.draw(painter)

    def _have_painted(self, parts: Sequence[Part]) -> None:
        before, self._seen = self._seen, [(part.of, part.place) for part in parts]
        for old, new in zip_longest(before, self._seen):
            if old != new:
                for one in filter(None, (old, new)):
                    self.update(one[1])

    def _parts(self) -> list[Part]:
        """All that is drawn, the lowest first."""
        drawing = self._read()
        if drawing is None or drawing.empty:
            return []
        pen = _Pen(self.font(), drawing.placement, (float(self.width()), float(self.height())))
        parts = [pen.annotation(one) for one in drawing.annotations]
        if drawing.sketch or drawing.clicks:
            parts.append(pen.sketch(drawing.sketch, drawing.clicks))
        font = scaled_font(image_font(self.font(), self.width(), self.height()), 0.95)
        labels = _Labels(font, QRectF(self.rect()))
        for one in sorted(drawing.annotations, key=lambda a: not a.selected):
            if one.label and one.figure.label_at is not None:
                parts.append(labels.beside(pen.at(one.figure.label_at), one.label, one.selected))
        if drawing.notes:
            parts.append(labels.notes(drawing.notes))
        return [replace(part, place=part.place.intersected(self.rect())) for part in parts]


def _around(places: Iterable[QPointF]) -> QRect:
    """All that lines and marks through these places touch."""
    at = [place.toTuple() for place in places]
    if not at:
        return QRect()
    left, right = (min(max(end(x for x, _ in at), -_FAR_PX), _FAR_PX) for end in (min, max))
    top, bottom = (min(max(end(y for _, y in at), -_FAR_PX), _FAR_PX) for end in (min, max))
    box = QRectF(QPointF(left, top), QPointF(right, bottom))
    return box.adjusted(-_REACH_PX, -_REACH_PX, _REACH_PX, _REACH_PX).toAlignedRect()


class _Pen:
    """Draws lines in places on the picture."""

    def __init__(self, font: QFont, placement: Placement, size_px: Place) -> None:
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._placement = placement
        self._size_px = size_px

    def at(self, place: Place) -> QPointF:
        return QPointF(*self._placement.to_screen(place, self._size_px))

    def annotation(self, one: DrawnAnnotation) -> Part:
        drawn, selected = one.figure, one.selected
        places = [*chain(*drawn.lines, *drawn.dashed), *drawn.crosses, *(drawn.tip or ()), *drawn.handles]
        around = _around(map(self.at, places))
        for place, letter in drawn.letters:
            around = around.united(self._letter_box(self.at(place), letter).toAlignedRect())

        def draw(painter: QPainter) -> None:
            width = _SELECTED_PX if selected else _LINE_PX
            for line in drawn.dashed:
                self._line(painter, line, width, dashed=True)
            for line in drawn.lines:
                self._line(painter, line, width)
            for place in drawn.crosses:
                self._cross(painter, self.at(place), width)
            if drawn.tip is not None:
                self._arrow_head(painter, self.at(drawn.tip[0]), self.at(drawn.tip[1]), width)
            for place in drawn.handles:
                self._handle(painter, self.at(place), selected)
            for place, letter in drawn.letters:
                self._letter(painter, self.at(place), letter)

        return Part((drawn, selected, self._placement, self._size_px), around, draw)

    def sketch(self, lines: tuple[Places, ...], clicks: Places) -> Part:
        def draw(painter: QPainter) -> None:
            for line in lines:
                self._line(painter, line, _LINE_PX)
            if len(clicks) <= 4:
                for place in clicks:
                    self._handle(painter, self.at(place), True)

        around = _around(map(self.at, (*chain(*lines), *clicks)))
        return Part((lines, clicks, self._placement, self._size_px), around, draw)

    def _line(self, painter: QPainter, line: Places, width: float, *, dashed: bool = False) -> None:
        polyline = QPolygonF([self.at(place) for place in line])
        for pen in _pens(width):
            if dashed:
                # In multiples of the width: rim and line must break at the same places.
                pen.setDashPattern([part / pen.widthF() for part in (9.0, 6.0)])
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(polyline)

    def _cross(self, painter: QPainter, at: QPointF, width: float) -> None:
        for pen in _pens(width):
            painter.setPen(pen)
            for dx, dy in ((_CROSS_PX, 0.0), (0.0, _CROSS_PX)):
                painter.drawLine(at - QPointF(dx, dy), at + QPointF(dx, dy))

    def _arrow_head(self, painter: QPainter, tip: QPointF, tail: QPointF, width: float) -> None:
        angle = math.atan2(tail.y() - tip.y(), tail.x() - tip.x())
        ends = [
            tip + QPointF(_ARROW_PX * math.cos(angle + turn), _ARROW_PX * math.sin(angle + turn))
            for turn in (0.45, -0.45)
        ]
        for pen in _pens(width):
            painter.setPen(pen)
            for end in ends:
                painter.drawLine(tip, end)

    def _handle(self, painter: QPainter, at: QPointF, selected: bool) -> None:
        """A dot; of what is selected a filled square, so that it is told by shape and not by color."""
        painter.setPen(QPen(_RIM, 1.2))
        painter.setBrush(QColor("#ffffff") if selected else _LINE)
        if selected:
            side = _SELECTED_HANDLE_PX
            painter.drawRect(QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side))
        else:
            painter.drawEllipse(at, _HANDLE_PX, _HANDLE_PX)

    def _letter_box(self, at: QPointF, letter: str) -> QRectF:
        size = max(self._metrics.height(), self._metrics.horizontalAdvance(letter) + 6)
        return QRectF(at.x() - size - 7, at.y() - size / 2, size, size)

    def _letter(self, painter: QPainter, at: QPointF, letter: str) -> None:
        place = self._letter_box(at, letter)
        painter.setFont(self._font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(_WORDS)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)


def _pens(width: float) -> tuple[QPen, QPen]:
    pens = QPen(_RIM, width + _RIM_PX), QPen(_LINE, width)
    for pen in pens:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pens


class _Labels:
    """Writes labels on dark plates that neither leave the image nor cover each other."""

    def __init__(self, font: QFont, room: QRectF) -> None:
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._room = room
        self._taken: list[QRectF] = []

    def beside(self, at: QPointF, lines: tuple[str, ...], selected: bool) -> Part:
        size = self._size(lines)
        plate = QRectF(QPointF(at.x() + _GAP_PX, at.y() - size.height() / 2), size.size())
        if plate.right() > self._room.right():
            plate.moveRight(at.x() - _GAP_PX)
        return self._written(self._apart(self._inside(plate)), lines, selected)

    def notes(self, lines: tuple[str, ...]) -> Part:
        size = self._size(lines)
        left = self._room.center().x() - size.width() / 2
        plate = QRectF(QPointF(left, self._room.height() * _NOTES_TOP), size.size())
        return self._written(self._inside(plate), lines, False)

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

    def _written(self, plate: QRectF, lines: tuple[str, ...], selected: bool) -> Part:
        self._taken.append(plate)

        def draw(painter: QPainter) -> None:
            painter.setFont(self._font)
            painter.setPen(QPen(_WORDS, 1.2) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(_PLATE)
            painter.drawRoundedRect(plate, 3, 3)
            painter.setPen(_WORDS)
            room = plate.width() - 2 * _PAD_PX
            for number, line in enumerate(lines):
                text = self._metrics.elidedText(line, Qt.TextElideMode.ElideRight, room + 1)
                baseline = plate.top() + 2 + number * self._metrics.height() + self._metrics.ascent()
                painter.drawText(QPointF(plate.left() + _PAD_PX, baseline), text)

        return Part((lines, selected, plate, self._font), plate.toAlignedRect().adjusted(-2, -2, 2, 2), draw)
