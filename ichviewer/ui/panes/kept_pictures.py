"""Parts of a widget that are drawn once, kept as pictures, and copied whenever what lies below is painted again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

_KEPT_PX = 1 << 21
"""So many pixels of pictures are kept: the words of a hundred slices on a large screen."""


@dataclass(frozen=True)
class Part:
    """Something that is drawn at a place.

    Parameters
    ----------
    of : object
        What is drawn: equal ones on places of the same size look the same. Hashable where its picture is kept.
    place : QRect
        All that it touches, in px of the widget.
    draw : callable
        Draws it, with a painter that counts from the upper left corner of the widget.
    """

    of: object
    place: QRect
    draw: Callable[[QPainter], None]


class KeptPictures:
    """The pictures of the parts of one widget; those that were not painted for the longest time go first."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, QPixmap] = {}
        self._px = 0

    def paint(self, painter: QPainter, part: Part) -> None:
        """Paint a part: its picture where it was drawn before, and where it was not it is drawn now."""
        if part.place.isEmpty():
            return
        ratio = painter.device().devicePixelRatioF()
        of = part.of, part.place.size().toTuple(), ratio
        picture = self._kept.pop(of, None)
        if picture is None:
            picture = _drawn(part, ratio)
            self._px += _px(picture)
        self._kept[of] = picture
        painter.drawPixmap(part.place.topLeft(), picture)
        while self._px > _KEPT_PX and len(self._kept) > 1:
            self._px -= _px(self._kept.pop(next(iter(self._kept))))


def _px(picture: QPixmap) -> int:
    return picture.width() * picture.height()


def _drawn(part: Part, ratio: float) -> QPixmap:
    picture = QPixmap(part.place.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, True)
    painter.translate(-part.place.topLeft())
    part.draw(painter)
    painter.end()
    return picture
