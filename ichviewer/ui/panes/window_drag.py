"""How a mouse drag changes the window: right is wider, up is brighter.

The speed is proportional to the width, so a narrow brain window moves finely and a bone window fast. The result
depends on where the drag began and where the mouse is now, so coming back undoes it exactly.
"""

from __future__ import annotations

import math

from ichviewer.domain.window import Voi, VoiFunction, Window

DRAG_PX = 300.0
"""A drag of so many px changes the width by the factor e, and the center by the width."""

WIDEST_HU = 40_000.0
FARTHEST_HU = 40_000.0


def window_of(voi: Voi) -> Window:
    """The voi as a center and a width: itself, or for a lookup table the range that its entries cover."""
    if isinstance(voi, Window):
        return voi
    count = voi.entries.size
    return Window(center_hu=voi.first_hu + count / 2, width_hu=float(max(count, 2)))


def dragged(start: Window, dx_px: float, dy_px: float) -> Window:
    """The window after a drag.

    Parameters
    ----------
    start : Window
        What was on when the button went down.
    dx_px, dy_px : float
        Way of the mouse since then, to the right and down, in px.

    Returns
    -------
    Window
        With the same function and no name; center and width in whole HU unless the window is very narrow.
    """
    step = _step_hu(start.width_hu)
    width = start.width_hu * math.exp(max(-20.0, min(20.0, dx_px / DRAG_PX)))
    center = start.center_hu + start.width_hu * dy_px / DRAG_PX
    least = 1.0 if start.function is VoiFunction.LINEAR else step
    if dx_px == 0:
        width = start.width_hu
    else:
        width = min(max(round(width / step) * step, least), max(WIDEST_HU, start.width_hu))
    center = start.center_hu if dy_px == 0 else round(center / step) * step
    far = max(FARTHEST_HU, abs(start.center_hu))
    return Window(min(max(center, -far), far), width, start.function)


def _step_hu(width_hu: float) -> float:
    """What center and width are rounded to: 1 HU, finer where the window itself spans only a few HU."""
    return 1.0 if width_hu >= 10 else 10.0 ** (math.floor(math.log10(width_hu)) - 2)
