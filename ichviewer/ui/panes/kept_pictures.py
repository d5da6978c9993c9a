"""Parts of a widget that are drawn once, kept as pictures, and copied whenever what lies below is painted again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap


@dataclass(frozen=True)
class Part:
    """Something that is drawn at a place.

    Parameters
    ----------
    of : object
        What is drawn: equal ones on places of the same size look the same.
    place : QRect
        All that it touches, in px of the widget.
    draw : callable
        Draws it, with a painter that counts from the upper left corner of the widget.
    """

    of: object
    place: QRect
    draw: Callable[[QPainter], None]


class KeptPictures:
    """The pictures of the parts of one widget, by name."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, QPixmap]] = {}

    def paint(self, painter: QPainter, name: str, part: Part) -> None:
        """Paint a part: the picture of that name where it is of the same, drawn anew where it is not."""
        if part.place.isEmpty():
            return
        ratio = painter.device().devicePixelRatioF()
        of = part.of, part.place.size(), ratio
        before, picture = self._kept.get(name, (None, QPixmap()))
        if before != of:
            picture = _drawn(part, ratio)
            self._kept[name] = of, picture
        painter.drawPixmap(part.place.topLeft(), picture)


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
