"""From mouse, wheel and touchpad to what a reader means by them. Keys are commands of the window.

=====================  ==================================================================================
left drag              window: right is wider, up is brighter; the active tool gets it first (`Pointer`)
middle drag            pan (Shift and left drag too, for touchpads)
right drag             zoom about where it began: up is larger
wheel                  slices
Ctrl and wheel, pinch  zoom about the cursor
double click           reset
=====================  ==================================================================================
"""

from __future__ import annotations

import math
from enum import Enum

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent

CLICK_PX = 3.0
"""A press that moves less than this is a click and changes nothing."""

WHEEL_NOTCH = 120
"""angleDelta of one notch of a mouse wheel, in eighths of a degree; touchpads send many small ones."""

ZOOM_PER_NOTCH = 1.15
"""How much larger the picture becomes with a notch of the wheel, or the command to zoom."""
ZOOM_DRAG_PX = 200.0
"""A zoom drag of so many px makes the picture larger by the factor e."""

PAGE_SLICES = 5
"""Slices that the commands for several slices move."""


class Drag(Enum):
    """What a drag does."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"


class ImageInteraction(QObject):
    """Understands the events of one widget and says what they mean. It changes nothing itself."""

    windowDragStarted = Signal()
    windowDragged = Signal(float, float)  # px to the right and down since the press
    panned = Signal(float, float)  # px to the right and down since the last one
    zoomed = Signal(float, QPointF)  # factor, and the point that stays
    slicesStepped = Signal(int)
    hovered = Signal(object)  # QPointF in px, None when the cursor has left
    resetRequested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drag: Drag | None = None
        self._button = Qt.MouseButton.NoButton
        self._pressed = QPointF()
        self._last = QPointF()
        self._moved = False
        self._wheel = 0

    @property
    def drag(self) -> Drag | None:
        """The drag under way, None if there is none or it has not left the click distance."""
        return self._drag if self._moved else None

    @property
    def pressed(self) -> bool:
        """Whether a button is down, moved or not."""
        return self._drag is not None

    def press(self, event: QMouseEvent) -> None:
        """A button went down; the first one decides until it is up again."""
        if self._drag is not None:
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        drags = {
            Qt.MouseButton.LeftButton: Drag.PAN if shift else Drag.WINDOW,
            Qt.MouseButton.MiddleButton: Drag.PAN,
            Qt.MouseButton.RightButton: Drag.ZOOM,
        }
        self._drag = drags.get(event.button())
        self._button = event.button()
        self._pressed = self._last = event.position()
        self._moved = False

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button."""
        here = event.position()
        self.hovered.emit(here)
        if self._drag is None:
            return
        way = here - self._pressed
        if not self._moved:
            if math.hypot(way.x(), way.y()) < CLICK_PX:
                return
            self._moved = True
            if self._drag is Drag.WINDOW:
                self.windowDragStarted.emit()
        step = here - self._last
        self._last = here
        if self._drag is Drag.WINDOW:
            self.windowDragged.emit(way.x(), way.y())
        elif self._drag is Drag.PAN:
            self.panned.emit(step.x(), step.y())
        else:
            self.zoomed.emit(math.exp(-step.y() / ZOOM_DRAG_PX), self._pressed)

    def release(self, event: QMouseEvent) -> None:
        """A button came up."""
        if event.button() == self._button:
            self.cancel()

    def cancel(self) -> None:
        """Forget the drag under way."""
        self._drag = None
        self._moved = False
        self._button = Qt.MouseButton.NoButton

    def double_click(self, event: QMouseEvent) -> None:
        """A double click with the left button resets; Qt sends it in place of the second press."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.resetRequested.emit()

    def leave(self) -> None:
        """The cursor left the widget."""
        self.hovered.emit(None)

    def wheel(self, event: QWheelEvent) -> None:
        """The wheel turned: whole notches step slices, what is left is kept for the next event."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(ZOOM_PER_NOTCH ** (turn / WHEEL_NOTCH), event.position())
            return
        if turn * self._wheel < 0:
            self._wheel = 0
        self._wheel += turn
        steps = int(self._wheel / WHEEL_NOTCH)
        if steps:
            self._wheel -= steps * WHEEL_NOTCH
            self.slicesStepped.emit(-steps)

    def gesture(self, event: QNativeGestureEvent) -> bool:
        """Two fingers moved on a touchpad; whether it means something here."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        # The value is how much larger, e.g. 0.02; a violent pinch must not turn the picture inside out.
        self.zoomed.emit(max(0.2, 1.0 + event.value()), event.position())
        return True
