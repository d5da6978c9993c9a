"""Work that is done once before the window is painted again, however often it was asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class BeforePaint(QObject):
    """Calls something once all events that are there have been taken in.

    It is a posted event and no timer: Qt paints behind the posted events and before the timers, so that what a timer
    changes is painted after all the rest has been, a second time.

    Parameters
    ----------
    call : callable
    parent : QObject
    """

    _due = Signal()

    def __init__(self, call: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._asked = False
        self._due.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> None:
        """Have it called."""
        if not self._asked:
            self._asked = True
            self._due.emit()

    def drop(self) -> None:
        """It is not needed any more: it was done meanwhile."""
        self._asked = False

    def _run(self) -> None:
        if self._asked:
            self._asked = False
            self._call()
