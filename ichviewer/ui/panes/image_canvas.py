"""The picture itself: an 8-bit image, grey or in color, at a place on the screen.

It knows nothing of windows, series or mice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.orientation import UPRIGHT

if TYPE_CHECKING:
    from ichviewer.ui.panes.pixel_view import PixelView


class ImageCanvas(QWidget):
    """Shows a picture where a `Placement` says; what is seen follows from the two alone.

    pyqtgraph holds it, and is loaded with the first one. What a picture changes is painted anew and no more, and
    nothing below it is painted: on a large screen each of both takes as long as the picture.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self._view: PixelView | None = None
        self._background = QColor(Qt.GlobalColor.black)
        self._picture: NDArray[np.uint8] | None = None
        self._orientation = UPRIGHT

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The picture on show, uint8, shape (rows, columns) or (rows, columns, 3)."""
        return self._picture

    def prepare(self) -> PixelView:
        """Be ready for a picture; without this the first one makes it so."""
        if self._view is None:
            # It loads pyqtgraph, which takes as long as most of the window.
            from ichviewer.ui.panes.pixel_view import PixelView  # noqa: PLC0415 - not before the window is seen

            self._view = PixelView(self)
            self._view.setBackgroundBrush(self._background)
            layout = QVBoxLayout(self)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(self._view)
            # By itself a layout does both with a later event.
            layout.activate()
            self._view.show()
        return self._view

    def set_background(self, color: str) -> None:
        """Set the color around the picture."""
        self._background = QColor(color)
        if self._view is not None:
            self._view.setBackgroundBrush(self._background)
        else:
            self.update()

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
        if self._view is not None:
            with self._view.repainted():
                self._view.pixels.setVisible(False)

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
        to_screen, view = QTransform(across, 0, 0, down, whole.left(), whole.top()), self.prepare()
        if to_screen != view.pixels.transform():
            with view.repainted():
                view.pixels.setTransform(to_screen)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background until there is a view, which then paints everything."""
        if self._view is None:
            QPainter(self).fillRect(event.rect(), self._background)

    def _turn(self) -> None:
        """Turn the pixels themselves: Qt paints pictures that lie on their side ten times as slowly."""
        if self._picture is None:
            return
        picture = self._picture[:, ::-1] if self._orientation.mirrored else self._picture
        view = self.prepare()
        with view.repainted():
            view.pixels.show_pixels(np.rot90(picture, -self._orientation.quarter_turns))


def on_screen(frame: ImageFrame, placement: Placement, size_px: Point) -> QTransform:
    """From pixels of a picture, counted from the outer corner of the first one, to px of a screen of a size."""
    x, y = placement.to_screen((0.0, 0.0), size_px)
    right, down = (placement.orientation.to_screen(axis) for axis in ((1.0, 0.0), (0.0, 1.0)))
    across, along = placement.px_per_mm * frame.column_mm, placement.px_per_mm * frame.row_mm
    return QTransform(across * right[0], across * right[1], along * down[0], along * down[1], x, y)
