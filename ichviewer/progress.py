"""Progress and cancelling of slow work, without Qt."""

from __future__ import annotations

import threading
from typing import Protocol


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised inside slow work when it was asked to stop."""


class Progress(Protocol):
    """Called by slow work with how far it is."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report ``done`` of ``total`` steps (total 0: not known yet); ``what`` is the step in words."""


class CancelToken:
    """Asks slow work to stop; may be set from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the work was asked to stop."""
        if self._event.is_set():
            raise Cancelled


def silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""
