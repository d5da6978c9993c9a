"""Draws painted regions over the picture: a translucent color, an outline on pixel edges, a name, and the brush."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.domain.mask_edges import mask_edges
from ichviewer.domain.painted_region import SliceMask
from ichviewer.domain.region_cut import PlaneCut
from ichviewer.domain.voxel_region import Mask
from ichviewer.ui.look.fonts import scaled_font
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.region_colors import REGION_COLOR, REGION_RIM
from ichviewer.ui.panes.image_canvas import on_screen
from ichviewer.ui.panes.image_frame import ImageFrame, Placement
from ichviewer.ui.panes.image_frame import Point as Place
from ichviewer.ui.panes.shadowed_text import image_font

_FILL_ALPHA = 72
_WORDS = QColor("#d5f7ff")
_PLATE = QColor(0, 0, 0, 190)
_LINE_PX, _SELECTED_PX, _RIM_PX = 1.4, 2.2, 2.4
_DASHES = [4.0, 3.0]
_GAP_PX, _PAD_PX = 6.0, 4.0
KEPT = 64
"""So many masks are kept as they are painted, unless told."""


@dataclass(frozen=True)
class DrawnRegion:
    """One region on the slice in view.

    Parameters
    ----------
    mask : SliceMask or PlaneCut
        On a slice, or on a reformat, where it is outlined only.
    lines : tuple of str
        What stands beside it.
    selected : bool
        Drawn in whole lines; others are dashed.
    """

    mask: SliceMask | PlaneCut
    lines: tuple[str, ...]
    selected: bool


@dataclass(frozen=True)
class RegionDrawing:
    """Everything that is drawn.

    Parameters
    ----------
    frame, placement : ImageFrame, Placement
    regions : tuple of DrawnRegion
    notes : tuple of str
        Lines about the slice.
    brush : (place, float) or None
        Where the brush is on the picture, and its radius there.
    """

    frame: ImageFrame
    placement: Placement
    regions: tuple[DrawnRegion, ...] = ()
    notes: tuple[str, ...] = ()
    brush: tuple[Place, float] | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to paint."""
        return not (self.regions or self.notes or self.brush)


@dataclass(frozen=True, eq=False)
class _Shape:
    """A mask as it is painted: its pixels in color, the edges between inside and outside, and its bounds."""

    fill: QImage | None
    edges: list[QLineF]
    bounds: QRectF


class RegionLayer(QWidget):
    """Paints a `RegionDrawing`. Mouse and keys pass through it.

    Parameters
    ----------
    read : callable
        Gives what is to be drawn at the moment of painting, None for nothing.
    kept : int
        So many masks are kept as they are painted.
    parent : QWidget, optional
    """

    def __init__(
        self, read: Callable[[], RegionDrawing | None], parent: QWidget | None = None, *, kept: int = KEPT
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        self.setAccessibleName(tr("Painted regions on the image"))
        self._read = read
        self._drew = False
        # Milliseconds each; turning over slices back and forth must not cost them again.
        self._shape = lru_cache(maxsize=kept)(_shape)

    def say(self) -> None:
        """Tell a screen reader what is drawn, and paint anew."""
        drawing = self._read()
        said = [] if drawing is None else [*(" ".join(r.lines) for r in drawing.regions), *drawing.notes]
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
        transform = on_screen(drawing.frame, drawing.placement, (self.width(), self.height()))
        shapes = [(one, self._shape(one.mask)) for one in drawing.regions]
        painter.setTransform(transform)
        for one, shape in shapes:
            if shape.fill is not None:
                painter.drawImage(shape.bounds.topLeft(), shape.fill)
            for pen in _pens(one.selected):
                painter.setPen(pen)
                painter.drawLines(shape.edges)
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_brush(painter, drawing)
        font = scaled_font(image_font(self.font(), self.width(), self.height()), 0.95)
        painter.setFont(font)
        taken: list[QRectF] = []
        for one, shape in sorted(shapes, key=lambda pair: not pair[0].selected):
            place = transform.mapRect(shape.bounds)
            if any(one.lines) and place.intersects(QRectF(self.rect())):
                self._write(painter, place.topRight(), one.lines, taken)
        if drawing.notes:
            self._write(painter, QPointF(self.width() / 2, self.height() * 0.9), drawing.notes, taken)

    def _paint_brush(self, painter: QPainter, drawing: RegionDrawing) -> None:
        if drawing.brush is None:
            return
        at, radius = drawing.brush
        x, y = drawing.placement.to_screen(at, (float(self.width()), float(self.height())))
        radius_px = radius * drawing.placement.px_per_mm
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(REGION_RIM, _LINE_PX + _RIM_PX), QPen(REGION_COLOR, _LINE_PX)):
            painter.setPen(pen)
            painter.drawEllipse(QPointF(x, y), radius_px, radius_px)

    def _write(self, painter: QPainter, at: QPointF, lines: tuple[str, ...], taken: list[QRectF]) -> None:
        """Write lines on a dark plate that neither leaves the image nor covers another."""
        metrics = QFontMetricsF(painter.font())
        room = max(1.0, self.width() - 2 * _GAP_PX)
        width = min(max(metrics.horizontalAdvance(line) for line in lines) + 2 * _PAD_PX, room)
        plate = QRectF(at.x() + _GAP_PX, at.y(), width, len(lines) * metrics.height() + _PAD_PX)
        while any(plate.intersects(other) for other in taken):
            plate.translate(0, metrics.height())
        plate.moveLeft(max(_GAP_PX, min(plate.left(), self.width() - width - _GAP_PX)))
        plate.moveTop(max(0.0, min(plate.top(), self.height() - plate.height())))
        taken.append(plate)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(_WORDS)
        for number, line in enumerate(lines):
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width - 2 * _PAD_PX + 1)
            baseline = plate.top() + _PAD_PX / 2 + number * metrics.height() + metrics.ascent()
            painter.drawText(QPointF(plate.left() + _PAD_PX, baseline), text)


def _pens(selected: bool) -> tuple[QPen, QPen]:
    width = _SELECTED_PX if selected else _LINE_PX
    pens = QPen(REGION_RIM, width + _RIM_PX), QPen(REGION_COLOR, width)
    for pen in pens:
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap if selected else Qt.PenCapStyle.FlatCap)
        if not selected:
            # In multiples of the width: rim and line must break at the same places.
            pen.setDashPattern([part * _LINE_PX / pen.widthF() for part in _DASHES])
    return pens


def _shape(mask: SliceMask | PlaneCut) -> _Shape:
    if isinstance(mask, PlaneCut):
        return _Shape(None, *_outline(mask.inside, mask.row, mask.column))
    whole = mask.mask()
    rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    cut = whole[top : rows[-1] + 1, left : columns[-1] + 1]
    height, width = cut.shape
    color = REGION_COLOR.rgb() & 0xFFFFFF
    colored = np.where(cut, np.uint32(_FILL_ALPHA << 24 | color), np.uint32(0))
    image = QImage(colored.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
    return _Shape(image, *_outline(cut, top, left))


def _outline(cut: Mask, top: int, left: int) -> tuple[list[QLineF], QRectF]:
    height, width = cut.shape
    lines = np.add(mask_edges(cut), (left, top, left, top)).tolist()
    return [QLineF(*line) for line in lines], QRectF(left, top, width, height)
