"""Words that read on any ground, bone and inverted air too: each letter has a dark rim.

The rim is made of the drawn letters by growing their coverage, pixel by pixel. Stroking their outlines looks the same
and takes ten times as long, which was the longest time that the window stood still while a study was opened.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from ichviewer.ui.look.fonts import BASE_PX, scaled_font

_RIM = ((2.2, 70), (1.2, 190))
"""Radius in px and opacity, 0 to 255, of what lies around letters, the lowest first."""


_PLAIN_SIDE_PX = 1000
_LARGEST = 1.5
"""Words grow with an image of more than a thousand px, up to this factor, as on any large reading screen."""
_PART = 0.042
"""Words that were set large are at most this part of an image's shorter side, but never smaller than unset ones."""


def image_font(base: QFont, width: int, height: int) -> QFont:
    """The font of words on an image of a size in px: larger on a very large one, smaller where they would hide it."""
    side = min(width, height)
    factor = min(max(side / _PLAIN_SIDE_PX, 1.0), _LARGEST)
    if base.pixelSize() > 0:
        factor = min(factor, max(BASE_PX, side * _PART) / base.pixelSize())
    return scaled_font(base, factor)


@dataclass(frozen=True)
class Word:
    """A text on one line, and where it begins on its baseline, in px."""

    baseline: QPointF
    text: str
    font: QFont
    color: QColor

    def draw(self, painter: QPainter, color: QColor) -> None:
        """Draw the letters alone."""
        painter.setFont(self.font)
        painter.setPen(color)
        painter.drawText(self.baseline, self.text)

    def ink(self) -> QRectF:
        """What its letters cover, in px; parts that stand out of their boxes too."""
        return QFontMetricsF(self.font).boundingRect(self.text).translated(self.baseline)


def paint_words(painter: QPainter, words: Sequence[Word]) -> None:
    """Draw words that stand close together, their rims below all of their letters."""
    inked = [word for word in words if not word.ink().isEmpty()]
    if not inked:
        return
    reach = math.ceil(_RIM[0][0]) + 1
    around = inked[0].ink()
    for word in inked[1:]:
        around = around.united(word.ink())
    # Nobody sees a rim beside the picture; a text may be far longer than what is drawn on is wide.
    seen = painter.worldTransform().inverted()[0].mapRect(QRectF(painter.viewport()))
    ratio = painter.device().devicePixelRatioF()
    place = around.adjusted(-reach, -reach, reach, reach).intersected(seen)
    # In whole pixels of the device, or rim and letters would lie half a pixel apart.
    to_device = painter.deviceTransform()
    pixels = to_device.mapRect(place).toAlignedRect()
    if not pixels.isEmpty():
        corner = to_device.inverted()[0].map(QPointF(pixels.topLeft()))
        painter.drawImage(corner, _rim(inked, corner, pixels.size(), ratio))
    for word in inked:
        word.draw(painter, word.color)


def _rim(words: Sequence[Word], corner: QPointF, size: QSize, ratio: float) -> QImage:
    """What lies around the letters, black of some opacity: of a size in pixels of the device, from a place in px."""
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(-corner)
    for word in words:
        word.draw(painter, QColor(0, 0, 0))
    painter.end()
    argb = np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    argb[:] = _opacity((argb >> 24).astype(np.uint8), ratio).astype(np.uint32) << 24
    return image


def _opacity(cover: NDArray[np.uint8], ratio: float) -> NDArray[np.uint8]:
    """Of the rims of letters that cover pixels by 0 to 255: uint8 of the same shape."""
    through = np.full(cover.shape, 255.0, np.float32)
    for radius, opacity in _RIM:
        through *= 1 - grown(cover, radius * ratio).astype(np.float32) * np.float32(opacity / 255**2)
    return (255.5 - through).astype(np.uint8)


def grown(cover: NDArray[np.uint8], radius: float) -> NDArray[np.uint8]:
    """The coverage of letters that are thicker by a radius on all sides.

    Parameters
    ----------
    cover : ndarray of uint8, shape (height, width)
        How far each pixel is covered, 0 to 255.
    radius : float
        In pixels.

    Returns
    -------
    ndarray of uint8, shape (height, width)
    """
    reach = math.ceil(radius)
    height, width = cover.shape
    padded = np.pad(cover, reach)
    result = cover.copy()
    for weight, shifts in _disc(radius):
        part = padded if weight == 255 else ((padded.astype(np.uint16) * weight) >> 8).astype(np.uint8)
        for y, x in shifts:
            np.maximum(result, part[reach + y :][:height, reach + x :][:, :width], out=result)
    return result


@cache
def _disc(radius: float) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    """How far a pixel that grows covers its neighbors, 1 to 255, and which, in rows and columns."""
    reach = range(-math.ceil(radius), math.ceil(radius) + 1)
    found: dict[int, list[tuple[int, int]]] = {}
    for y in reach:
        for x in reach:
            # From the edge of the one to the far edge of the other.
            weight = round(255 * min(1.0, max(0.0, radius + 1 - math.hypot(y, x))))
            if weight > 0 and (y, x) != (0, 0):
                found.setdefault(weight, []).append((y, x))
    return tuple((weight, tuple(shifts)) for weight, shifts in found.items())
