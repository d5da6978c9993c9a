"""Dragging a rectangle over an image, once, and the window that shows what lies in it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.domain.region_window import window_of_values
from ichviewer.domain.window import Window
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.theme import theme
from ichviewer.ui.panes.image_pane import ImagePane


class RegionPick(QWidget):
    """Lies over a pane until a rectangle was dragged, or another button ends it.

    Parameters
    ----------
    pane : ImagePane

    Signals
    -------
    picked(QRectF)
        In px of the pane.
    ended()
        It is over, with a rectangle or without; sent once.
    """

    picked = Signal(object)
    ended = Signal()

    def __init__(self, pane: ImagePane) -> None:
        super().__init__(pane)
        self._from: QPointF | None = None
        self._to = QPointF()
        self._over = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Drag a rectangle over the region"))
        self.setGeometry(pane.rect())
        self.show()
        self.raise_()

    @property
    def rectangle(self) -> QRectF:
        """What was dragged so far, in px; empty before."""
        return QRectF() if self._from is None else QRectF(self._from, self._to).normalized()

    def end(self) -> None:
        """Pick nothing any more."""
        if not self._over:
            self._over = True
            self.hide()
            self.deleteLater()
            self.ended.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin, or give up with another button than the left one."""
        if event.button() != Qt.MouseButton.LeftButton:
            self.end()
            return
        self._from = self._to = event.position()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on."""
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the rectangle."""
        if self._from is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._to = event.position()
        found = self.rectangle
        self.end()
        self.picked.emit(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rectangle."""
        painter = QPainter(self)
        color = QColor(theme().accent)
        painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine))
        color.setAlpha(36)
        painter.setBrush(color)
        if self._from is not None:
            painter.drawRect(self.rectangle)


def window_of_region(pane: ImagePane, rectangle_px: QRectF) -> Window | None:
    """The window around the median HU of a rectangle, as wide as their spread (see `window_of_values`).

    Parameters
    ----------
    pane : ImagePane
    rectangle_px : QRectF
        In px of the pane.

    Returns
    -------
    Window or None
        None where there is no grey picture, or too few of its pixels with a value lie inside.
    """
    shown, frame, placement = pane.shown, pane.frame, pane.placement()
    if shown is None or frame is None or placement is None or shown.in_color:
        return None
    size = (float(pane.width()), float(pane.height()))
    corners = (rectangle_px.topLeft(), rectangle_px.bottomRight())
    at = [placement.to_picture((corner.x(), corner.y()), size) for corner in corners]
    left, right = sorted(x / frame.column_mm for x, _ in at)
    top, bottom = sorted(y / frame.row_mm for _, y in at)
    # Pixels whose center lies inside; the picture may be turned, but only by right angles.
    rows = slice(max(0, math.ceil(top - 0.5)), max(0, math.floor(bottom - 0.5) + 1))
    columns = slice(max(0, math.ceil(left - 0.5)), max(0, math.floor(right - 0.5) + 1))
    image = shown.decoded.image
    return window_of_values(image.hu()[rows, columns][~image.missing()[rows, columns]])
