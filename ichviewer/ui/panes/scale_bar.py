"""The scale bar: a length in mm that is easy to read, with ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPen

_NICE = (1.0, 2.0, 5.0)
_TICK_PX = 9.0
_SMALL_TICK_PX = 5.0


@dataclass(frozen=True)
class ScaleBar:
    """A length on the screen.

    Parameters
    ----------
    length_mm : float
        1, 2 or 5 times a power of ten.
    length_px : float
        The same on the screen.
    parts : int
        In how many equal parts the bar is divided by small ticks.
    """

    length_mm: float
    length_px: float
    parts: int

    @property
    def text(self) -> str:
        """The length in words, e.g. ``50 mm`` or ``0.2 mm``."""
        return f"{self.length_mm:g} mm"


def scale_bar(px_per_mm: float, longest_px: float) -> ScaleBar | None:
    """The longest bar of a length of 1, 2 or 5 times a power of ten mm that fits, None if there is no room."""
    if not (px_per_mm > 0 and longest_px > 0 and math.isfinite(px_per_mm)):
        return None
    room_mm = longest_px / px_per_mm
    power = 10.0 ** math.floor(math.log10(room_mm))
    # The next lower decade is a candidate too: rounding of log10 may land just above.
    lengths = [nice * scale for scale in (power / 10, power) for nice in _NICE if nice * scale <= room_mm]
    if not lengths:
        return None
    length = float(f"{max(lengths):.6g}")
    leading = round(length / 10.0 ** math.floor(math.log10(length) + 1e-9))
    return ScaleBar(length, length * px_per_mm, 5 if leading in {1, 5} else 4)


def paint_scale_bar(painter: QPainter, bar: ScaleBar, left: QPointF, color: QColor, shadow: QColor) -> None:
    """Draw the bar, its line starting at ``left``, ticks upwards, with a soft shadow below the lines."""
    lines = [QLineF(left.x(), left.y(), left.x() + bar.length_px, left.y())]
    for part in range(bar.parts + 1):
        x = left.x() + bar.length_px * part / bar.parts
        tick = _TICK_PX if part in {0, bar.parts} else _SMALL_TICK_PX
        lines.append(QLineF(x, left.y() - tick, x, left.y()))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for pen_color, width in ((shadow, 3.5), (color, 1.4)):
        painter.setPen(QPen(pen_color, width))
        painter.drawLines(lines)
    painter.restore()
