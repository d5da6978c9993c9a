"""A lens under the cursor: the pixels of the slice, larger than the pane shows them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.language import tr
from ichviewer.ui.look.pictures import image_of
from ichviewer.ui.look.theme import theme
from ichviewer.ui.panes.image_canvas import on_screen
from ichviewer.ui.panes.image_pane import ImagePane

RADIUS_PX = 95.0
FACTORS = (2, 3, 4)
"""How much larger than in the pane."""


class Magnifier(QWidget):
    """Follows the cursor over a pane; mouse and keys pass through it.

    It draws the slice's own pixels and not a picture of the screen, and nothing that is written on them.

    Parameters
    ----------
    pane : ImagePane
    factor : int
        One of `FACTORS`.
    """

    def __init__(self, pane: ImagePane, factor: int) -> None:
        super().__init__(pane)
        if factor not in FACTORS:
            raise ValueError(f"a magnifier enlarges {FACTORS} times. Received: {factor}")
        self._pane, self._factor = pane, factor
        self._at: QPointF | None = None
        self._drawn_of: NDArray[np.uint8] | None = None
        self._image = QImage()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAccessibleName(tr("Magnifier"))
        side = int(2 * RADIUS_PX) + 4
        self.resize(side, side)
        pane.interaction.hovered.connect(self._follow)
        pane.drawn.connect(self._redraw)
        self.hide()

    @property
    def factor(self) -> int:
        """How much larger than in the pane."""
        return self._factor

    @property
    def at(self) -> QPointF | None:
        """The place of the pane that stands at its center, None while it shows nothing."""
        return self._at if self.isVisible() else None

    def picture_px(self, lens_px: QPointF) -> tuple[int, int] | None:
        """Row and column of the pixel at a place of the lens, None beside the picture."""
        if self._at is None:
            return None
        way = (lens_px - QRectF(self.rect()).center()) / self._factor
        return self._pane.pixel_at(self._at + way)

    def _follow(self, place: QPointF | None) -> None:
        inside = place is not None and self._pane.pixel_at(place) is not None
        self._at = place if inside else None
        self.setVisible(inside)
        if place is not None and inside:
            half = self.width() / 2
            self.move(round(place.x() - half), round(place.y() - half))
            self.raise_()
            self.update()

    def _redraw(self) -> None:
        if self._pane.picture is None:
            # Nothing of a slice stays that is not on screen any more.
            self._at, self._drawn_of, self._image = None, None, QImage()
            self.hide()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part of the slice under the cursor."""
        picture, frame, placement = self._pane.picture, self._pane.frame, self._pane.placement()
        if picture is None or frame is None or placement is None or self._at is None:
            return
        size = (float(self._pane.width()), float(self._pane.height()))
        # The point under the cursor stands at the center of the lens.
        center = placement.to_picture((self._at.x(), self._at.y()), size)
        larger = replace(placement, center_mm=center, px_per_mm=placement.px_per_mm * self._factor)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        path = QPainterPath()
        path.addEllipse(box)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(theme().image_background))
        painter.setTransform(on_screen(frame, larger, (float(self.width()), float(self.height()))), True)
        painter.drawImage(0, 0, self._as_image(picture))
        painter.resetTransform()
        painter.setClipping(False)
        painter.setPen(QPen(QColor(theme().accent), 2))
        painter.drawEllipse(box)

    def _as_image(self, picture: NDArray[np.uint8]) -> QImage:
        if picture is not self._drawn_of:
            self._drawn_of, self._image = picture, image_of(picture)
        return self._image
