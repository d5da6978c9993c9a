"""Paints the pages of a report on anything: a PDF, a printer, a picture."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ichviewer.ui.look.pictures import image_of
from ichviewer.ui.look.region_colors import REGION_COLOR, REGION_RIM
from ichviewer.ui.report.layout import Page, PlacedPicture, PlacedRule, PlacedText

_POINTS_AN_INCH = 72.0
_OUTLINE_PT, _RIM_PT = 0.6, 0.7


def paint_page(painter: QPainter, page: Page) -> None:
    """Paint a page; the painter's units are points."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    # A PDF would hold key images as JPEG.
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering, True)
    for item in page.items:
        if isinstance(item, PlacedText):
            painter.setFont(item.style.font)
            painter.setPen(QColor(item.style.color))
            painter.drawText(QPointF(item.x_pt, item.y_pt), item.text)
        elif isinstance(item, PlacedRule):
            painter.setPen(QPen(QColor(item.color), 0.7))
            painter.drawLine(QPointF(item.x_pt, item.y_pt), QPointF(item.x_pt + item.width_pt, item.y_pt))
        else:
            _paint_picture(painter, item)


def page_image(page: Page, dpi: float = 100.0) -> QImage:
    """A page as a picture, white paper included.

    Parameters
    ----------
    page : Page
    dpi : float
        Pixels an inch.
    """
    scale = dpi / _POINTS_AN_INCH
    image = QImage(round(page.width_pt * scale), round(page.height_pt * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    try:
        painter.scale(scale, scale)
        paint_page(painter, page)
    finally:
        painter.end()
    return image


def scale_to_points(painter: QPainter, dpi: float) -> None:
    """Make the painter's units points on a device of a resolution."""
    painter.scale(dpi / _POINTS_AN_INCH, dpi / _POINTS_AN_INCH)


def _paint_picture(painter: QPainter, item: PlacedPicture) -> None:
    box = QRectF(item.x_pt, item.y_pt, item.width_pt, item.height_pt)
    painter.drawImage(box, image_of(item.image.pixels))
    rows, columns = item.image.pixels.shape[:2]
    scale = np.array([item.width_pt / columns, item.height_pt / rows])
    lines = item.image.outline.reshape(-1, 2, 2) * scale + [item.x_pt, item.y_pt]
    drawn = [QLineF(*start, *end) for start, end in lines.tolist()]
    for color, width_pt in (
        ((REGION_RIM, _OUTLINE_PT + _RIM_PT), (REGION_COLOR, _OUTLINE_PT)) if drawn else ()
    ):
        painter.setPen(QPen(color, width_pt, c=Qt.PenCapStyle.SquareCap))
        painter.drawLines(drawn)
