"""What the mouse does over an image: a value, and the defaults of viewers that readers may come from. No Qt.

Sources of the presets:

- OHIF: ``modes/longitudinal/src/initToolGroups.js`` (Primary, Auxiliary, Secondary, Wheel) and
  ``extensions/cornerstone/src/initDoubleClick.ts`` (``toggleOneUp``).
- Weasis: ``weasis-core/.../ui/editor/image/MouseActions.java`` (the right button is the context menu) and the page
  "Keyboard and Mouse Shortcuts" of its manual (a double click toggles the full screen).
- Horos: ``DefaultsOsiriX.m`` (``DEFAULTLEFTTOOL``, ``DEFAULTRIGHTTOOL``) and ``getTool:`` and ``scrollWheel:`` of
  ``DCMView.m`` (other buttons translate, Shift zooms; a double click finds the point in the other series).

Where one of them gives a gesture no meaning of its own, it keeps ours: Ctrl and wheel zooms, and with Shift the left
button pans, which touchpads need.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntFlag, StrEnum


class Drag(StrEnum):
    """What a drag with a button held does."""

    NOTHING = "nothing"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SLICES = "slices"


class Wheel(StrEnum):
    """What the wheel does."""

    NOTHING = "nothing"
    SLICES = "slices"
    ZOOM = "zoom"


class DoubleClick(StrEnum):
    """What a double click with the left button does."""

    NOTHING = "nothing"
    RESET = "reset"
    ENLARGE = "enlarge"
    """The image under the mouse alone, and all images again."""


class Buttons(IntFlag):
    """Mouse buttons, numbered as in ``Qt::MouseButton``."""

    LEFT = 1
    RIGHT = 2
    MIDDLE = 4


class Modifiers(IntFlag):
    """Keys held, numbered as in ``Qt::KeyboardModifier``; others change nothing."""

    SHIFT = 0x02000000
    CONTROL = 0x04000000


@dataclass(frozen=True)
class MouseMap:
    """What buttons and wheel do over an image.

    Parameters
    ----------
    left, middle, right : Drag
        With the button held.
    shift_left : Drag
        With the left button and Shift held.
    wheel, control_wheel : Wheel
        Without and with Ctrl (on a Mac: Command) held.
    double_click : DoubleClick
    """

    left: Drag = Drag.WINDOW
    middle: Drag = Drag.PAN
    right: Drag = Drag.ZOOM
    shift_left: Drag = Drag.PAN
    wheel: Wheel = Wheel.SLICES
    control_wheel: Wheel = Wheel.ZOOM
    double_click: DoubleClick = DoubleClick.RESET

    def __post_init__(self) -> None:
        for field in fields(self):
            wanted = ACTIONS[field.name]
            if not isinstance(getattr(self, field.name), wanted):
                raise ValueError(
                    f"{field.name} must be a {wanted.__name__}. Received: {getattr(self, field.name)!r}"
                )

    def action_for(self, buttons: int, modifiers: int = 0) -> Drag:
        """What a drag does.

        Parameters
        ----------
        buttons : int
            The button that began it (`Buttons`, or the value of a ``Qt.MouseButton``).
        modifiers : int
            Keys held when it began (`Modifiers`, or the value of ``Qt.KeyboardModifiers``).

        Returns
        -------
        Drag
            ``NOTHING`` for several buttons at once and for those that a mouse seldom has.
        """
        if buttons == Buttons.LEFT and modifiers & Modifiers.SHIFT:
            return self.shift_left
        drags = {Buttons.LEFT: self.left, Buttons.MIDDLE: self.middle, Buttons.RIGHT: self.right}
        return next((drag for button, drag in drags.items() if buttons == button), Drag.NOTHING)

    def wheel_for(self, modifiers: int = 0) -> Wheel:
        """What the wheel does while keys are held (`Modifiers`, or the value of ``Qt.KeyboardModifiers``)."""
        return self.control_wheel if modifiers & Modifiers.CONTROL else self.wheel


ACTIONS: dict[str, type[Drag] | type[Wheel] | type[DoubleClick]] = {
    "left": Drag,
    "middle": Drag,
    "right": Drag,
    "shift_left": Drag,
    "wheel": Wheel,
    "control_wheel": Wheel,
    "double_click": DoubleClick,
}
"""Fields of a `MouseMap`, each with what it can do."""

MOUSE_PRESETS: dict[str, MouseMap] = {
    "ichviewer": MouseMap(),
    "OHIF": MouseMap(double_click=DoubleClick.ENLARGE),
    "Weasis": MouseMap(right=Drag.NOTHING, double_click=DoubleClick.ENLARGE),
    "Horos": MouseMap(shift_left=Drag.ZOOM, double_click=DoubleClick.NOTHING),
}
"""Maps by the name of the program whose readers know them; our own first."""


def preset_name(mouse: MouseMap) -> str:
    """Name of the preset that a map equals, empty if it is a person's own."""
    return next((name for name, preset in MOUSE_PRESETS.items() if preset == mouse), "")
