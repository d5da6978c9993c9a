"""Reaches a Dask scheduler, which may be away, frozen, or none at all, and says so in words."""

from __future__ import annotations

import logging
import queue
import socket
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ichviewer.services.batch_pools import PoolError

_MOST_HANGING = 5
"""A scheduler that stays frozen must not cost a thread with every try; they end when it goes on or is killed."""

_Answer = TypeVar("_Answer")
_hanging: list[threading.Thread] = []
_loops: list[Any] = []
_loops_lock = threading.Lock()


def distributed_package() -> Any:
    """Dask's package for work on several machines.

    Raises
    ------
    PoolError
        If it is not installed.
    """
    try:
        found = import_module("distributed")
    except ImportError as error:
        raise PoolError(
            "a Dask scheduler needs Dask; install it with: pip install 'ichviewer[cluster]'", found=str(error)
        ) from error
    # What goes wrong is told by our own errors; Dask writes a traceback for every connection that is lost.
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return found


def connect(address: str, longest_s: float) -> Any:
    """A client of a scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.1:8786``.
    longest_s : float
        How long it may take.

    Raises
    ------
    PoolError
        If the scheduler does not answer, or Dask is not installed.
    """
    distributed = distributed_package()
    given_up = threading.Event()
    if sum(thread.is_alive() for thread in _hanging) >= _MOST_HANGING:
        raise PoolError("the Dask scheduler does not answer", address, "silence")

    def work() -> Any:
        _check_listening(address, longest_s)
        client = distributed.Client(address, timeout=longest_s, set_as_default=False, loop=_loop())
        if given_up.is_set():
            client.close(timeout=longest_s)
        return client

    try:
        # Dask waits without end for one that takes the connection and says nothing.
        client = in_time(work, longest_s + 2.0)
    except TimeoutError:
        given_up.set()
        raise PoolError("the Dask scheduler does not answer", address, "silence") from None
    if isinstance(client, OSError):
        reason = client.strerror or str(client)
        raise PoolError("the Dask scheduler does not answer", address, reason) from client
    if isinstance(client, Exception):
        # Of somebody who speaks otherwise, or has no certificate for it, Dask says all kinds of things.
        what = "there is no Dask scheduler that could be spoken to"
        raise PoolError(what, address, f"{type(client).__name__}: {client}") from client
    return client


def in_time(ask: Callable[[], _Answer], longest_s: float) -> _Answer | Exception:
    """An answer, or the error in its place, of what may never come back.

    Raises
    ------
    TimeoutError
        If there is neither in time.
    """
    answers: queue.SimpleQueue[_Answer | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # noqa: BLE001 - goes to who waits for it
            answers.put(error)

    thread = threading.Thread(target=work, name="dask-question", daemon=True)
    thread.start()
    try:
        return answers.get(timeout=longest_s)
    except queue.Empty:
        _hanging[:] = [*(other for other in _hanging if other.is_alive()), thread]
        raise TimeoutError from None


def _check_listening(address: str, longest_s: float) -> None:
    """Raise an OSError at once where nobody listens; Dask goes on trying until its time is over."""
    parts = urlsplit(address)
    if parts.hostname and parts.port:
        socket.create_connection((parts.hostname, parts.port), timeout=longest_s).close()


def _loop() -> Any:
    """One loop for all clients: Dask leaves one behind, with its thread, for each client that could not connect."""
    with _loops_lock:
        if not _loops:
            ready: queue.SimpleQueue[Any] = queue.SimpleQueue()

            def work() -> None:
                loop = import_module("tornado.ioloop").IOLoop()
                ready.put(loop)
                loop.start()

            threading.Thread(target=work, name="dask-loop", daemon=True).start()
            _loops.append(ready.get())
        return _loops[0]
