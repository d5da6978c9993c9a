"""Locks between programs on one machine; they end with the program that holds them, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_POLL_S = 0.02


def wait_for_lock(handle: int) -> None:
    """Take the lock of an open file, waiting for other programs.

    Raises
    ------
    OSError
        On file systems without locks, as some on a network are.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - only there

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(handle, fcntl.LOCK_EX)


def try_lock(handle: int) -> bool:
    """Take the lock of an open file if nobody holds it, also not this program under another handle.

    Raises
    ------
    OSError
        On file systems without locks.
    """
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - only there

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        # EWOULDBLOCK of flock; EACCES of msvcrt.locking.
        return False
    return True


class HeldError(Exception):
    """Somebody held a lock for longer than was waited for."""


@contextlib.contextmanager
def alone(path: Path, most_s: float | None = None) -> Iterator[None]:
    """Keep other programs, and other threads of this one, out of what is done inside.

    Parameters
    ----------
    path : Path
        The lock's own file; it is made, holds nothing, and stays.
    most_s : float, optional
        How long to wait for others; for ever unless told.

    Raises
    ------
    OSError
        If it cannot be made or locked.
    HeldError
        If somebody held it for longer than ``most_s``.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if most_s is None:
            wait_for_lock(handle)
        else:
            _wait_at_most(handle, most_s)
        yield
    finally:
        os.close(handle)


def _wait_at_most(handle: int, most_s: float) -> None:
    until = time.monotonic() + most_s
    while not try_lock(handle):
        if time.monotonic() > until:
            raise HeldError(f"its lock was held for {most_s:g} s")
        time.sleep(_POLL_S)


class Mark:
    """A file that says: somebody is at work here. While the program lives that made it, nobody else can lock it.

    Parameters
    ----------
    path : Path
        A name that nobody else has.

    Raises
    ------
    OSError
        If it cannot be made or locked.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        if not try_lock(self._handle):
            raise BlockingIOError(f"{path} is locked by somebody else")

    def remove(self) -> None:
        """Take the mark away; again does nothing."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        # Windows removes no open file; elsewhere a mark without a lock would be taken for that of a dead program,
        # which is what it is.
        os.close(handle)
        # On Windows somebody may look at it right now; whoever comes next removes it.
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def is_left_over(path: Path) -> bool:
    """Whether a mark is that of a program that is gone. Must be called where nobody makes marks at the same time.

    Raises
    ------
    OSError
        Other than that the mark is gone, which counts as left over.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        return try_lock(handle)
    finally:
        os.close(handle)
