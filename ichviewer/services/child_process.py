"""A process that works for the program, and ends with it."""

from __future__ import annotations

import atexit
import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from ichviewer.errors import EngineError
from ichviewer.services.spawn_main import without_main

log = logging.getLogger("ichviewer.services")

STOP_TIMEOUT_S = 1.0

_BELOW_NORMAL_PRIORITY_CLASS = 0x4000  # of the Windows API


class ProcessGoneError(EngineError):
    """The process at the other end of the pipe has ended."""


class ChildProcess:
    """A process started for good, reached through a pipe.

    Parameters
    ----------
    name : str
        What it is called in messages, e.g. ``the analysis process``.
    target : callable
        Runs there; gets the pipe's other end, then ``arguments``.
    arguments : tuple
    with_main : bool
        Whether the program's main module is imported there first, which ``arguments`` of its own classes need. A
        script without ``if __name__ == "__main__":`` would run once more in the process.

    Raises
    ------
    EngineError
        It could not be started.
    """

    def __init__(
        self,
        name: str,
        target: Callable[..., None],
        arguments: tuple[Any, ...] = (),
        *,
        with_main: bool = False,
    ) -> None:
        self._name = name
        if multiprocessing.current_process().daemon:
            raise EngineError(
                f"{name} could not be started",
                found="this is a daemonic process (of a multiprocessing.Pool), which may start none; "
                "a concurrent.futures.ProcessPoolExecutor has others",
            )
        self._lock = threading.Lock()
        # Spawn on every platform: a fork of a process that runs Qt and threads is not safe.
        context = multiprocessing.get_context("spawn")
        self._pipe: Connection
        self._pipe, theirs = context.Pipe()
        # Not a daemon, because daemons may have no children; it ends by itself when the pipe does, and below.
        self._process: Any = context.Process(
            target=target, args=(theirs, *arguments), name=f"ichviewer {name}", daemon=False
        )
        try:
            with _no_interrupt(), nullcontext() if with_main else without_main():
                self._process.start()
        except OSError as error:
            self._process = None
            raise EngineError(f"{name} could not be started", found=str(error)) from error
        finally:
            theirs.close()
        _running.add(self)

    @property
    def pid(self) -> int | None:
        """Process id, None once it was ended."""
        process = self._process
        return None if process is None else process.pid

    def is_running(self) -> bool:
        """Whether it has not ended, by itself or by `end`."""
        with self._lock:
            return self._process is not None and self._process.is_alive()

    def send(self, value: object) -> None:
        """Send something.

        Raises
        ------
        ProcessGoneError
        """
        try:
            self._pipe.send(value)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._died() from error

    def heard(self, seconds: float) -> bool:
        """Whether there is something to receive, or the process has ended, within a time.

        Raises
        ------
        ProcessGoneError
        """
        try:
            return self._pipe.poll(max(0.0, seconds))
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise self._died() from error

    def receive(self) -> object:
        """What was sent next; waits for it.

        Raises
        ------
        ProcessGoneError
        """
        try:
            return self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise self._died() from error

    def _died(self) -> ProcessGoneError:
        """Make sure that it is gone, and say how it went."""
        process, code = self._process, None
        if process is not None:
            process.join(STOP_TIMEOUT_S)
            code = process.exitcode
        self.end()
        log.info("%s ended with exit code %s", self._name, code)
        return ProcessGoneError(f"{self._name} ended unexpectedly", found=_in_words(code))

    def end(self) -> None:
        """End it at once. May be called twice and from any thread."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        _running.discard(self)
        process.terminate()
        process.join(STOP_TIMEOUT_S)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()
        # The pipe stays open: a thread that reads it hears that the other end is gone, and closes it by letting go.


_running: weakref.WeakSet[ChildProcess] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    # Before multiprocessing waits for them, which it would do for ever.
    for child in list(_running):
        child.end()


def _in_words(exit_code: int | None) -> str:
    if exit_code is None:
        return "it does not answer"
    if exit_code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-exit_code).name}"
    return f"exit code {exit_code}"


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """What is started within has Ctrl+C blocked until `settle_in` ignores it: importing takes half a second."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # else started with the process, which unblocks Ctrl+C too early
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def settle_in(niceness: int = 0) -> None:
    """In the process, first thing: leave Ctrl+C to the program, end with it, and give way to what a person looks at.

    Parameters
    ----------
    niceness : int
        How far to give way, 0 for not at all.
    """
    # Ctrl+C reaches the whole group of processes; the program decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Who waits for the pipe hears that it is closed; who hangs in a decoder would stay for ever, and take a core.
    threading.Thread(target=_end_with_parent, name="ichviewer-parent", daemon=True).start()
    if not niceness:
        return
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only here

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(niceness)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
