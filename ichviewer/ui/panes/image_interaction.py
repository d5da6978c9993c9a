"""From mouse, wheel and touchpad to what a reader means by them. Keys are commands of the window.

A `MouseMap` says what buttons and wheel do; the active tool gets the left button first (`Pointer`). Pinching a
touchpad always zooms about the cursor.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent

from ichviewer.ui.session.mouse_map import DoubleClick, Drag, MouseMap, Wheel

CLICK_PX = 3.0
"""A press that moves less than this is a click and changes nothing."""

WHEEL_NOTCH = 120
"""angleDelta of one notch of a mouse wheel, in eighths of a degree; touchpads send many small ones."""

ZOOM_PER_NOTCH = 1.15
"""How much larger the picture becomes with a notch of the wheel, or the command to zoom."""
ZOOM_DRAG_PX = 200.0
"""A zoom drag of so many px makes the picture larger by the factor e."""

SLICE_DRAG_PX = 12.0
"""A drag through the slices moves one slice for so many px downwards."""

PAGE_SLICES = 5
"""Slices that the commands for several slices move."""


class ImageInteraction(QObject):
    """Understands the events of one widget and says what they mean. It changes nothing itself."""

    windowDragStarted = Signal()
    windowDragged = Signal(float, float)  # px to the right and down since the press
    panned = Signal(float, float)  # px to the right and down since the last one
    zoomed = Signal(float, QPointF)  # factor, and the point that stays
    slicesStepped = Signal(int)
    hovered = Signal(object)  # QPointF in px, None when the cursor has left
    resetRequested = Signal()
    enlargeRequested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mouse = MouseMap()
        self._drag: Drag | None = None
        self._button = Qt.MouseButton.NoButton
        self._pressed = QPointF()
        self._last = QPointF()
        self._moved = False
        self._dragged_slices = 0
        self._wheel = 0

    def set_mouse(self, mouse: MouseMap) -> None:
        """Let buttons and wheel do what a map says, from the next press on."""
        self._mouse = mouse

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
        drag = self._mouse.action_for(event.button().value, event.modifiers().value)
        if drag is Drag.NOTHING:
            return
        self._drag = drag
        self._button = event.button()
        self._pressed = self._last = event.position()
        self._moved = False
        self._dragged_slices = 0

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
        elif self._drag is Drag.SLICES:
            self._drag_slices(way.y())
        else:
            self.zoomed.emit(math.exp(-step.y() / ZOOM_DRAG_PX), self._pressed)

    def _drag_slices(self, way_px: float) -> None:
        slices = int(way_px / SLICE_DRAG_PX)
        if slices != self._dragged_slices:
            self.slicesStepped.emit(slices - self._dragged_slices)
            self._dragged_slices = slices

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
        """A double click with the left button; Qt sends it in place of the second press."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._mouse.double_click is DoubleClick.RESET:
            self.resetRequested.emit()
        elif self._mouse.double_click is DoubleClick.ENLARGE:
            self.enlargeRequested.emit()

    def leave(self) -> None:
        """The cursor left the widget."""
        self.hovered.emit(None)

    def wheel(self, event: QWheelEvent) -> None:
        """The wheel turned: whole notches step slices, what is left is kept for the next event."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        wheel = self._mouse.wheel_for(event.modifiers().value)
        if wheel is Wheel.NOTHING:
            return
        if wheel is Wheel.ZOOM:
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
