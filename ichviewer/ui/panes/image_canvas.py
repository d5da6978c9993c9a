"""The picture itself: an 8-bit image, grey or in color, at a place on the screen.

It knows nothing of windows, series or mice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsView, QVBoxLayout, QWidget

from ichviewer.ui.look.pictures import image_of
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.orientation import UPRIGHT


class ImageCanvas(QWidget):
    """Shows a picture where a `Placement` says; what is seen follows from the two alone.

    pyqtgraph holds it; its mouse handling, menus and automatic ranges are all off. What a picture changes is painted
    anew and no more, and nothing below it is painted: on a large screen each of both takes as long as the picture.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self._item = _Pixels()
        self._view = _View(self._item, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._picture: NDArray[np.uint8] | None = None
        self._orientation = UPRIGHT

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The picture on show, uint8, shape (rows, columns) or (rows, columns, 3)."""
        return self._picture

    def set_background(self, color: str) -> None:
        """Set the color around the picture."""
        self._view.setBackgroundBrush(QColor(color))

    def set_picture(self, picture: NDArray[np.uint8]) -> None:
        """Show a picture; it must not be written to afterwards.

        Parameters
        ----------
        picture : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
            Grey levels, or red, green and blue.
        """
        self._picture = picture
        self._turn()

    def clear(self) -> None:
        """Show nothing but the background."""
        self._picture = None
        with self._view.repainted():
            self._item.setVisible(False)

    def place(self, frame: ImageFrame, placement: Placement) -> None:
        """Put the picture where the placement says, in px of this widget."""
        whole = on_screen(frame, placement, (self.width(), self.height())).mapRect(
            QRectF(0, 0, frame.columns, frame.rows)
        )
        columns, rows = frame.columns, frame.rows
        if placement.orientation.swaps_sides:
            columns, rows = rows, columns
        across, down = whole.width() / columns, whole.height() / rows
        if placement.orientation != self._orientation:
            self._orientation = placement.orientation
            self._turn()
        to_screen = QTransform(across, 0, 0, down, whole.left(), whole.top())
        if to_screen != self._item.transform():
            with self._view.repainted():
                self._item.setTransform(to_screen)

    def _turn(self) -> None:
        """Turn the pixels themselves: Qt paints pictures that lie on their side ten times as slowly."""
        if self._picture is None:
            return
        picture = self._picture[:, ::-1] if self._orientation.mirrored else self._picture
        with self._view.repainted():
            self._item.show_pixels(np.rot90(picture, -self._orientation.quarter_turns))


class _Pixels(pg.ImageItem):  # type: ignore[misc]
    """pyqtgraph's picture, which paints values as they are: no levels, no table, no copy but the screen's."""

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self.setVisible(False)
        self._as_is = QImage()
        self._enlarged = QImage()
        self._argb: NDArray[np.uint32] = np.empty((0, 0), np.uint32)

    def show_pixels(self, picture: NDArray[np.uint8]) -> None:
        """Show uint8, shape (rows, columns) or (rows, columns, 3)."""
        self._as_is, self._enlarged = image_of(picture), QImage()
        self.setImage(picture, autoLevels=False, levels=None, lut=None)
        self.setVisible(True)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Paint the picture at its place; bilinear, because a slice on a large screen must not look like tiles."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(self.boundingRect(), self._as_painted(painter))

    def covered(self) -> QRect:
        """What it covers without a doubt, in px of the view."""
        return self.touched().adjusted(1, 1, -1, -1)

    def touched(self) -> QRect:
        """All that it may cover, in px of the view."""
        return self.sceneBoundingRect().toAlignedRect() if self.isVisible() else QRect()

    def _as_painted(self, painter: QPainter) -> QImage:
        """The picture; where it is enlarged, in the format of the screen.

        Qt enlarges that one to the same levels in two thirds of the time, but makes it smaller less exactly.
        """
        scale = painter.deviceTransform()
        if min(scale.m11(), scale.m22()) < 1:
            return self._as_is
        if self._enlarged.isNull():
            self._enlarged = self._in_screen_format()
        return self._enlarged

    def _in_screen_format(self) -> QImage:
        if self.image.ndim != 2:
            return self._as_is.convertToFormat(QImage.Format.Format_RGB32)
        # Into the same memory each time: getting a megabyte from the system takes longer than filling it.
        rows, columns = self.image.shape
        if self._argb.shape != (rows, columns):
            self._argb = np.empty((rows, columns), np.uint32)
        np.multiply(self.image, np.uint32(0x010101), out=self._argb)
        self._argb |= np.uint32(0xFF000000)
        return QImage(self._argb.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)


class _View(pg.GraphicsView):  # type: ignore[misc]
    """pyqtgraph's view, in px of the screen, which lays no ground where the picture will be.

    The picture is in no scene: a scene has the window painted by itself, later and for every view anew, so that words
    came on screen before the picture that they belong to. Here all that a slice changes is painted at once.
    """

    def __init__(self, item: _Pixels, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self._item = item
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setInteractive(False)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, True)

    @contextmanager
    def repainted(self) -> Iterator[None]:
        """Have painted what the picture covers before and after something."""
        self.viewport().update(self._item.touched())
        yield
        self.viewport().update(self._item.touched())

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Fill what the picture does not cover, and paint it."""
        around = QRegion(QRectF(rect).toAlignedRect()).subtracted(QRegion(self._item.covered()))
        if not around.isEmpty():
            painter.save()
            painter.setClipRegion(around)
            painter.fillRect(rect, self.backgroundBrush())
            painter.restore()
        if self._item.isVisible():
            painter.save()
            painter.setTransform(self._item.transform(), True)
            self._item.paint(painter)
            painter.restore()


def on_screen(frame: ImageFrame, placement: Placement, size_px: Point) -> QTransform:
    """From pixels of a picture, counted from the outer corner of the first one, to px of a screen of a size."""
    x, y = placement.to_screen((0.0, 0.0), size_px)
    right, down = (placement.orientation.to_screen(axis) for axis in ((1.0, 0.0), (0.0, 1.0)))
    across, along = placement.px_per_mm * frame.column_mm, placement.px_per_mm * frame.row_mm
    return QTransform(across * right[0], across * right[1], along * down[0], along * down[1], x, y)
