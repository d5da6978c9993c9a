"""The picture itself: an 8-bit image, grey or in color, at a place on the screen.

It knows nothing of windows, series or mice.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point


class ImageCanvas(QWidget):
    """Shows a picture where a `Placement` says.

    pyqtgraph draws it; its mouse handling, menus and automatic ranges are all off, so what is seen follows from
    the picture and its placement alone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = pg.ImageItem(axisOrder="row-major")
        self._item.setVisible(False)
        self._view = pg.GraphicsView(self, background=None)
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setInteractive(False)
        # Bilinear: a slice shown at its real size on a large screen must not look like tiles.
        self._view.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        self._view.addItem(self._item)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._picture: NDArray[np.uint8] | None = None

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
        # Neither levels nor a table: the values go to the screen as they are.
        self._item.setImage(picture, autoLevels=False, levels=None, lut=None)
        self._item.setVisible(True)

    def clear(self) -> None:
        """Show nothing but the background."""
        self._picture = None
        self._item.setVisible(False)

    def place(self, frame: ImageFrame, placement: Placement) -> None:
        """Put the picture where the placement says, in px of this widget."""
        self._item.setTransform(on_screen(frame, placement, (self.width(), self.height())))


def on_screen(frame: ImageFrame, placement: Placement, size_px: Point) -> QTransform:
    """From pixels of a picture, counted from the outer corner of the first one, to px of a screen of a size."""
    x, y = placement.to_screen((0.0, 0.0), size_px)
    right, down = (placement.orientation.to_screen(axis) for axis in ((1.0, 0.0), (0.0, 1.0)))
    across, along = placement.px_per_mm * frame.column_mm, placement.px_per_mm * frame.row_mm
    return QTransform(across * right[0], across * right[1], along * down[0], along * down[1], x, y)
