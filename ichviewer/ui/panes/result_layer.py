"""Stored results over the picture: outlines of segments, graphics and words of a presentation state, and a legend.

They come from files, perhaps of other programs. Their lines are always broken, in patterns of their own, and the
legend says whose they are, so that nobody takes them for the outlines of the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.contrast import BLACK, VISIBLE, contrast
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_canvas import on_screen
from ichviewer.ui.panes.image_frame import ImageFrame, Placement
from ichviewer.ui.panes.shadowed_text import image_font
from ichviewer.ui.session.result_shapes import PlacedWords, Rgb, SegmentOutline, Stroke

PATTERNS: tuple[tuple[float, ...], ...] = (
    (6.0, 2.5),
    (1.5, 2.5),
    (7.0, 2.5, 1.5, 2.5),
    (7.0, 2.5, 1.5, 2.5, 1.5, 2.5),
    (12.0, 4.0),
)
"""Dashes and gaps in widths of a line, by the place of a segment in its file."""

_COLORS = ("#4de1ff", "#b6f26b", "#ff9ecb", "#ffd166", "#b9a8ff", "#ff8c69", "#7ff0c0")
"""For segments without a color of their own."""
_GRAPHICS = "#9ff0a0"
_LINE_PX, _RIM_PX, _POINT_PX = 1.8, 2.4, 5.0
_RIM = QColor(0, 0, 0, 200)
_PLATE = QColor(0, 0, 0, 190)
_TITLE = QColor("#ffffff")
_GAP_PX, _PAD_PX, _SAMPLE_PX = 8.0, 5.0, 26.0
_WIDEST = 0.34
"""Of the legend, as a part of the image's width."""
_LOWEST = 0.84
"""Where the legend ends at the latest, as a part of the image's height."""
_MOST_LINES = 12


@dataclass(frozen=True, eq=False)
class LegendEntry:
    """A segment in the legend, or words about a result.

    Parameters
    ----------
    text : str
    outline : SegmentOutline or None
        None for words.
    order : int
        Place of the segment in its file: says its pattern.
    """

    text: str
    outline: SegmentOutline | None = None
    order: int = 0


@dataclass(frozen=True, eq=False)
class ResultDrawing:
    """Everything that is drawn.

    Parameters
    ----------
    frame, placement : ImageFrame, Placement
    legend : tuple of LegendEntry
        Its outlines are those that are drawn.
    strokes : tuple of Stroke
        Of a presentation state.
    words : tuple of PlacedWords
    """

    frame: ImageFrame
    placement: Placement
    legend: tuple[LegendEntry, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    words: tuple[PlacedWords, ...] = ()


class ResultLayer(QWidget):
    """Paints a `ResultDrawing`. Mouse and keys pass through it.

    Parameters
    ----------
    read : callable
        Gives what is to be drawn at the moment of painting, None for nothing.
    parent : QWidget, optional
    """

    def __init__(self, read: Callable[[], ResultDrawing | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        self.setAccessibleName(tr("Stored results on the image"))
        self._read = read
        self._drew = False

    def say(self) -> None:
        """Tell a screen reader what is drawn, and paint anew."""
        drawing = self._read()
        said = (
            [] if drawing is None else [*(e.text for e in drawing.legend), *(w.text for w in drawing.words)]
        )
        self.setAccessibleDescription("; ".join(said))
        self.follow()

    def follow(self) -> None:
        """Paint anew where the picture lies now; where nothing is drawn, nothing below is painted with it."""
        if self._drew or self._read() is not None:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it."""
        drawing = self._read()
        self._drew = drawing is not None
        if drawing is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        frame = drawing.frame
        transform = on_screen(frame, drawing.placement, (self.width(), self.height()))
        painter.setClipRect(transform.mapRect(QRectF(0, 0, frame.columns, frame.rows)))
        for entry in drawing.legend:
            if entry.outline is not None:
                color = segment_color(entry.outline.color_rgb, entry.order)
                for line in entry.outline.lines:
                    _stroke(painter, transform, line, _pens(color, entry.order))
        for stroke in drawing.strokes:
            _stroke(painter, transform, stroke, _pens(_readable(stroke.color_rgb, _GRAPHICS), 0))
        painter.setClipping(False)
        painter.setFont(scaled_font(image_font(self.font(), self.width(), self.height()), 0.95))
        for words in drawing.words:
            self._write(painter, transform, words)
        if drawing.legend:
            self._legend(painter, drawing.legend)

    def _write(self, painter: QPainter, transform: QTransform, words: PlacedWords) -> None:
        metrics = QFontMetricsF(painter.font())
        at, color = _upper_left(transform, words), _readable(words.color_rgb, _GRAPHICS)
        if words.leader is not None:
            for pen in _pens(color, 0):
                painter.setPen(pen)
                painter.drawLine(at, _on_screen(transform, words.leader))
        lines = words.text.split("\n")[:_MOST_LINES]
        room = self.width() - 2 * _GAP_PX
        width = min(max(metrics.horizontalAdvance(line) for line in lines) + 2 * _PAD_PX, room)
        plate = QRectF(at.x(), at.y(), width, len(lines) * metrics.height() + _PAD_PX)
        plate.moveLeft(max(_GAP_PX, min(plate.left(), self.width() - width - _GAP_PX)))
        plate.moveTop(max(0.0, min(plate.top(), self.height() - plate.height())))
        _plate(painter, plate)
        painter.setPen(color)
        for number, line in enumerate(lines):
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width - 2 * _PAD_PX + 1)
            top = plate.top() + _PAD_PX / 2 + number * metrics.height()
            painter.drawText(QPointF(plate.left() + _PAD_PX, top + metrics.ascent()), text)

    def _legend(self, painter: QPainter, entries: tuple[LegendEntry, ...]) -> None:
        """At the right edge, between the letter in its middle and the words in the corner below."""
        metrics = QFontMetricsF(painter.font())
        shown = entries[:_MOST_LINES]
        more = len(entries) - len(shown)
        texts = [entry.text for entry in shown] + ([tr("and {rest} more").format(rest=more)] if more else [])
        indents = [_SAMPLE_PX if entry.outline is not None else 0.0 for entry in shown] + [0.0] * bool(more)
        widest = max(metrics.horizontalAdvance(t) + i for t, i in zip(texts, indents, strict=True))
        width = min(widest + 2 * _PAD_PX, self.width() * _WIDEST)
        height = len(texts) * metrics.height() + 2 * _PAD_PX
        top = min(self.height() / 2 + metrics.height() + _GAP_PX, max(0.0, self.height() * _LOWEST - height))
        plate = QRectF(self.width() - width - _GAP_PX, top, width, height)
        _plate(painter, plate)
        for number, (text, indent) in enumerate(zip(texts, indents, strict=True)):
            line_top = plate.top() + _PAD_PX + number * metrics.height()
            left = plate.left() + _PAD_PX
            if number < len(shown) and (outline := shown[number].outline) is not None:
                order = shown[number].order
                middle = line_top + metrics.height() / 2
                for pen in _pens(segment_color(outline.color_rgb, order), order):
                    painter.setPen(pen)
                    painter.drawLine(QPointF(left, middle), QPointF(left + _SAMPLE_PX - 5, middle))
            painter.setPen(_TITLE)
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 2 * _PAD_PX - indent + 1)
            painter.drawText(QPointF(left + indent, line_top + metrics.ascent()), elided)


def segment_color(color_rgb: Rgb | None, order: int) -> QColor:
    """Color of a segment: that of its file as far as it can be seen on black, else one of ours."""
    return _readable(color_rgb, _COLORS[order % len(_COLORS)])


def _readable(color_rgb: Rgb | None, ours: str) -> QColor:
    color = QColor(ours) if color_rgb is None else QColor(*color_rgb)
    while contrast(color.name(), BLACK) < VISIBLE:
        color = QColor(*(part + (255 - part + 7) // 8 for part in (color.red(), color.green(), color.blue())))
    return color


def _pens(color: QColor, order: int) -> tuple[QPen, QPen]:
    pens = QPen(_RIM, _LINE_PX + _RIM_PX), QPen(color, _LINE_PX)
    for pen in pens:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    # The rim stays whole, so that the gaps of a line can be told on bone.
    pens[1].setDashPattern(list(PATTERNS[order % len(PATTERNS)]))
    return pens


def _stroke(painter: QPainter, transform: QTransform, stroke: Stroke, pens: tuple[QPen, QPen]) -> None:
    points = QPolygonF([_on_screen(transform, point) for point in stroke.points])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if stroke.filled:
        fill = QColor(pens[1].color())
        fill.setAlpha(72)
        painter.setBrush(fill)
    for pen in pens:
        painter.setPen(pen)
        if len(stroke.points) == 1:
            at = _on_screen(transform, stroke.points[0])
            for step in (QPointF(_POINT_PX, 0), QPointF(0, _POINT_PX)):
                painter.drawLine(at - step, at + step)
        elif stroke.closed:
            painter.drawPolygon(points)
        else:
            painter.drawPolyline(points)


def _on_screen(transform: QTransform, point: tuple[float, float]) -> QPointF:
    """Whole numbers are the middles of pixels; the transform counts from the corner of the first."""
    return transform.map(QPointF(point[1] + 0.5, point[0] + 0.5))


def _upper_left(transform: QTransform, words: PlacedWords) -> QPointF:
    at = _on_screen(transform, words.at)
    if words.opposite is None:
        return at
    other = _on_screen(transform, words.opposite)
    return QPointF(min(at.x(), other.x()), min(at.y(), other.y()))


def _plate(painter: QPainter, area: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(area, 3, 3)
