"""The picture itself: an 8-bit image, grey or in color, at a place on the screen.

It knows nothing of windows, series or mice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion, QTransform
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.pictures import image_of
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.orientation import UPRIGHT


class ImageCanvas(QWidget):
    """Shows a picture where a `Placement` says; what is seen follows from the two alone.

    It covers all of itself, so that nothing below it is painted, and what a picture changes is painted anew and no
    more: on a large screen each of both takes as long as the picture.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, True)
        self._background = QColor("black")
        self._picture: NDArray[np.uint8] | None = None
        self._orientation = UPRIGHT
        self._turned = QImage()
        self._enlarged = QImage()
        self._transform = QTransform()

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The picture on show, uint8, shape (rows, columns) or (rows, columns, 3)."""
        return self._picture

    def set_background(self, color: str) -> None:
        """Set the color around the picture."""
        self._background = QColor(color)
        self.update()

    def set_picture(self, picture: NDArray[np.uint8]) -> None:
        """Show a picture; it must not be written to afterwards.

        Parameters
        ----------
        picture : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
            Grey levels, or red, green and blue.
        """
        before = self._touched()
        self._picture = picture
        self._turn()
        self.update(before.united(self._touched()))

    def clear(self) -> None:
        """Show nothing but the background."""
        before = self._touched()
        self._picture = None
        self._turn()
        self.update(before)

    def place(self, frame: ImageFrame, placement: Placement) -> None:
        """Put the picture where the placement says, in px of this widget."""
        whole = on_screen(frame, placement, (self.width(), self.height())).mapRect(
            QRectF(0, 0, frame.columns, frame.rows)
        )
        columns, rows = frame.columns, frame.rows
        if placement.orientation.swaps_sides:
            columns, rows = rows, columns
        across, down = whole.width() / columns, whole.height() / rows
        transform = QTransform(across, 0, 0, down, whole.left(), whole.top())
        if (transform, placement.orientation) != (self._transform, self._orientation):
            before = self._touched()
            turned = placement.orientation != self._orientation
            self._transform, self._orientation = transform, placement.orientation
            if turned:
                self._turn()
            self.update(before.united(self._touched()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and the background where it does not cover it."""
        painter = QPainter(self)
        covered = QRect() if self._turned.isNull() else self._touched().adjusted(1, 1, -1, -1)
        around = event.region().subtracted(QRegion(covered))
        if not around.isEmpty():
            painter.setClipRegion(around)
            painter.fillRect(event.rect(), self._background)
            painter.setClipping(False)
        if not self._turned.isNull():
            # Bilinear: a slice shown at its real size on a large screen must not look like tiles.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.setTransform(self._transform, True)
            painter.drawImage(QRectF(self._turned.rect()), self._as_painted())

    def _turn(self) -> None:
        """Turn the pixels themselves: Qt paints pictures that lie on their side ten times as slowly."""
        self._enlarged = QImage()
        if self._picture is None:
            self._turned = QImage()
            return
        picture = self._picture[:, ::-1] if self._orientation.mirrored else self._picture
        self._turned = image_of(np.rot90(picture, -self._orientation.quarter_turns))

    def _as_painted(self) -> QImage:
        """The picture; where it is enlarged, in the format of the screen.

        Qt enlarges that one to the same levels in two thirds of the time, but makes it smaller less exactly.
        """
        if min(self._transform.m11(), self._transform.m22()) * self.devicePixelRatioF() < 1:
            return self._turned
        if self._enlarged.isNull():
            self._enlarged = self._turned.convertToFormat(QImage.Format.Format_RGB32)
        return self._enlarged

    def _touched(self) -> QRect:
        """Where the picture may be painted, in px."""
        return self._transform.mapRect(QRectF(self._turned.rect())).toAlignedRect()


def on_screen(frame: ImageFrame, placement: Placement, size_px: Point) -> QTransform:
    """From pixels of a picture, counted from the outer corner of the first one, to px of a screen of a size."""
    x, y = placement.to_screen((0.0, 0.0), size_px)
    right, down = (placement.orientation.to_screen(axis) for axis in ((1.0, 0.0), (0.0, 1.0)))
    across, along = placement.px_per_mm * frame.column_mm, placement.px_per_mm * frame.row_mm
    return QTransform(across * right[0], across * right[1], along * down[0], along * down[1], x, y)
