"""Work that waits until a window has been seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

LONGEST_MS = 500
"""After this it is done even if nothing was painted: a window may be shown minimized, or behind another one."""


class AfterFirstPaint(QObject):
    """Calls some things, one in a turn of the event loop, once a window has been painted for the first time.

    A window that is not on screen when the event loop turns is not waited for.

    Parameters
    ----------
    window : QWidget
    calls : sequence of callable
    """

    def __init__(self, window: QWidget, calls: Sequence[Callable[[], object]]) -> None:
        super().__init__(window)
        self._window = window
        self._left = list(calls)
        self._begun = False
        window.installEventFilter(self)
        QTimer.singleShot(0, self, self._look)

    def add(self, call: Callable[[], object]) -> None:
        """Call something more, after the others."""
        self._left.append(call)

    def drop(self) -> None:
        """Call nothing any more: the window closes."""
        self._left.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin with the next turn: in this one the picture goes to the screen."""
        if event.type() is QEvent.Type.Paint:
            self._begin()
        return False

    def _look(self) -> None:
        if self._window.isVisible():
            QTimer.singleShot(LONGEST_MS, self, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._next)

    def _next(self) -> None:
        if self._left:
            call = self._left.pop(0)
            QTimer.singleShot(0, self, self._next)
            call()
