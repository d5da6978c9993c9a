"""The widgets of pyqtgraph that hold a picture; loaded with the first one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from ichviewer.ui.look.pictures import image_of


class Pixels(pg.ImageItem):  # type: ignore[misc]
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


class PixelView(pg.GraphicsView):  # type: ignore[misc]
    """pyqtgraph's view, in px of the screen, which lays no ground where the picture will be.

    Its mouse handling, menus and automatic ranges are all off. The picture, ``pixels``, is in no scene: a scene has
    the window painted by itself, later and for every view anew, so that words came on screen before the picture that
    they belong to. Here all that a slice changes is painted at once.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self.pixels = Pixels()
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
        self.viewport().update(self.pixels.touched())
        yield
        self.viewport().update(self.pixels.touched())

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Fill what the picture does not cover, and paint it."""
        around = QRegion(QRectF(rect).toAlignedRect()).subtracted(QRegion(self.pixels.covered()))
        if not around.isEmpty():
            painter.save()
            painter.setClipRegion(around)
            painter.fillRect(rect, self.backgroundBrush())
            painter.restore()
        if self.pixels.isVisible():
            painter.save()
            painter.setTransform(self.pixels.transform(), True)
            self.pixels.paint(painter)
            painter.restore()
