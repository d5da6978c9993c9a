"""What may take the left button of a pane from the window drag: tools that draw on the picture."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QKeyEvent, QMouseEvent


class Pointer(Protocol):
    """Gets the events of one pane before `ImageInteraction` does; what it takes does nothing else."""

    def press(self, event: QMouseEvent) -> bool:
        """A button went down, or a double click came in place of the second press; whether it is taken."""

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button."""

    def release(self, event: QMouseEvent) -> None:
        """A button came up."""

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether `key` will take it, though it may be a command of the window."""

    def key(self, event: QKeyEvent) -> bool:
        """A key went down; whether it is taken."""
