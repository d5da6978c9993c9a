"""The key sheet's lines about the mouse, as a mouse map says (`ichviewer.ui.panes.image_interaction`)."""

from __future__ import annotations

from ichviewer.ui.app.commands import Entry, MouseHelp, Sheet, SheetGroup
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.mouse_map import ACTIONS, DoubleClick, Drag, MouseMap, Wheel

_SLICE = Sheet(SheetGroup.SLICES, tr("one slice"), 10)
_ZOOM = Sheet(SheetGroup.IMAGE, tr("zoom"), 30)
_GESTURES = {
    "left": tr("Left drag"),
    "middle": tr("Middle drag"),
    "right": tr("Right drag"),
    "shift_left": tr("Shift+left drag"),
    "wheel": tr("Wheel"),
    "control_wheel": tr("Ctrl+wheel"),
    "double_click": tr("Double click"),
}
_MEANINGS: dict[Drag | Wheel | DoubleClick, Sheet] = {
    Drag.WINDOW: Sheet(SheetGroup.IMAGE, tr("window: across for width, up and down for center"), 10),
    Drag.PAN: Sheet(SheetGroup.IMAGE, tr("move the image"), 20),
    Drag.ZOOM: _ZOOM,
    Drag.SLICES: _SLICE,
    Wheel.SLICES: _SLICE,
    Wheel.ZOOM: _ZOOM,
    DoubleClick.RESET: Sheet(SheetGroup.IMAGE, tr("reset"), 40),
    DoubleClick.ENLARGE: Sheet(SheetGroup.IMAGE, tr("this image alone, and everything again"), 45),
}


def mouse_help(mouse: MouseMap) -> list[Entry]:
    """A line for every gesture that does something."""
    of_strip = MouseHelp(
        tr("Click or drag in the strip"), Sheet(SheetGroup.SLICES, tr("go to that slice"), 70)
    )
    lines = [
        MouseHelp(_GESTURES[name], _MEANINGS[action])
        for name in ACTIONS
        # Of the meanings only those that do nothing have no line.
        if (action := getattr(mouse, name)) in _MEANINGS
    ]
    return [of_strip, *lines]
