"""A widget that hands mouse, wheel and touchpad on to `ImageInteraction`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ichviewer.ui.panes.image_interaction import ImageInteraction


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

    def takes_drags(self) -> bool:
        """Whether there is anything to drag."""
        return True

    def event(self, event: QEvent) -> bool:
        """Pinching a touchpad."""
        if isinstance(event, QNativeGestureEvent) and self.interaction.gesture(event):
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
        if self.takes_drags():
            self.interaction.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or follow the cursor."""
        self.interaction.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self.interaction.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click, sent in place of the second press."""
        self.interaction.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turned."""
        self.interaction.wheel(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The cursor has gone."""
        self.interaction.leave()
        super().leaveEvent(event)
