"""A widget that hands mouse, wheel and touchpad on to `ImageInteraction`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ichviewer.ui.panes.image_interaction import ImageInteraction

if TYPE_CHECKING:
    from ichviewer.ui.panes.pointer import Pointer


class GestureWidget(QWidget):
    """Qt's events, handed on; what they mean is said by ``interaction``."""

    activated = Signal()
    """Somebody works with this widget now: it got the keyboard, or a mouse button went down on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.interaction = ImageInteraction(self)
        self.pointer: Pointer | None = None
        """Gets the left button and the keyboard first."""

    def takes_drags(self) -> bool:
        """Whether there is anything to drag."""
        return True

    def event(self, event: QEvent) -> bool:
        """Pinching a touchpad, and keys that the pointer wants before they are commands of the window."""
        if isinstance(event, QNativeGestureEvent) and self.interaction.gesture(event):
            event.accept()
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and self.pointer is not None
            and self.pointer.wants_key(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard came."""
        self.activated.emit()
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        self.activated.emit()
        if self.takes_drags() and not self._points(event):
            self.interaction.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or follow the cursor."""
        self.interaction.move(event)
        if self.pointer is not None:
            self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self.interaction.release(event)
        if self.pointer is not None:
            self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click, sent in place of the second press."""
        if not (self.takes_drags() and self._points(event)):
            self.interaction.double_click(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that is no command of the window."""
        if self.pointer is None or not self.pointer.key(event):
            super().keyPressEvent(event)

    def _points(self, event: QMouseEvent) -> bool:
        """Whether the pointer takes a press; not while another button drags."""
        return self.pointer is not None and not self.interaction.pressed and self.pointer.press(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turned."""
        self.interaction.wheel(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The cursor has gone."""
        self.interaction.leave()
        super().leaveEvent(event)
