"""A process that works for the program: one request at a time, each answered or given up, none mixed up."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ichviewer.errors import EngineError
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.child_process import ChildProcess, ProcessGoneError
from ichviewer.services.pixel_feed import PixelFeed, ReadSlice
from ichviewer.services.worker_protocol import (
    LAST,
    Exchange,
    Kind,
    Message,
    Order,
    Request,
    Wish,
    new_request,
)
from ichviewer.services.worker_serve import Staff, serve

log = logging.getLogger("ichviewer.services")

START_TIMEOUT_S = 120.0
SETTLE_TIMEOUT_S = 0.5
"""How long a request that nobody waits for any more may take to stop before its process is replaced."""

_POLL_S = 0.1


def never_paused() -> bool:
    """The answer of whoever does not pause."""
    return False


@dataclass(frozen=True)
class _Listener:
    """Who hears the answers to a request, and what it wants meanwhile."""

    on_item: Callable[[Any], None] | None
    progress: Progress
    cancel: CancelToken
    paused: Callable[[], bool]
    timeout_s: float | None


class WorkerProcess:
    """Runs jobs in a process of its own.

    The process is started at once, without waiting for it. It ends with `close` and with the program, however that
    ends. If it ends by itself, the request under way fails; the next one has another process.

    Parameters
    ----------
    name : str
        What it is called in messages, e.g. ``the analysis process``.
    open_staff : callable
        Runs there, gets ``arguments``, and returns the jobs; must be importable by name.
    arguments : tuple
    niceness : int
        How far it gives way to others.
    with_main : bool
        See `ichviewer.services.child_process.ChildProcess`.
    read_slice : callable, optional
        Gives it decoded slices: ``open_staff`` gets the two arguments of
        `ichviewer.services.pixel_feed.FedPixels` behind its others. Called on a thread of its own.

    Raises
    ------
    EngineError
        It could not be started.
    """

    def __init__(
        self,
        name: str,
        open_staff: Callable[..., Staff],
        arguments: tuple[Any, ...] = (),
        *,
        niceness: int = 0,
        with_main: bool = False,
        read_slice: ReadSlice | None = None,
    ) -> None:
        self._name = name
        self._with_main = with_main
        self._read_slice = read_slice
        self._target = (open_staff, niceness, *arguments)
        self._one_request = threading.Lock()
        self._closed = threading.Event()
        self._is_ready = False
        self.about: Any = None
        self._child = self._start()

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        return self._child.pid

    def wait_ready(self, cancel: CancelToken | None = None) -> Any:
        """Wait until it has started; what it says of itself.

        Raises
        ------
        IchViewerError
            What opening it raised there, or that it did not start.
        Cancelled
        """
        with self._one_request:
            self._ready_child(cancel or CancelToken())
            return self.about

    def run(
        self,
        job: str,
        argument: object,
        *,
        subject: str,
        on_item: Callable[[Any], None] | None = None,
        progress: Progress = silent,
        cancel: CancelToken | None = None,
        paused: Callable[[], bool] = never_paused,
        timeout_s: float | None = None,
    ) -> Any:
        """Have a job done; from any thread, one after the other.

        Whatever ends this call, an exception of a callback included, no word about this request is left over for the
        next one.

        Parameters
        ----------
        job : str
        argument : object
        subject : str
            The identity of what it is about; the answers must carry it.
        on_item, progress : callable
            Called from this thread.
        cancel : CancelToken, optional
        paused : callable
            While it gives True, the work is held between two steps.
        timeout_s : float, optional
            The longest silence; a process that says nothing for longer is ended.

        Returns
        -------
        object
            What the job returned.

        Raises
        ------
        Cancelled
            It was asked to stop, or the process was closed.
        EngineError
            The process ended, fell silent, or answered what it was not asked.
        IchViewerError
            What the job raised.
        """
        token = cancel or CancelToken()
        with self._one_request:
            child = self._ready_child(token)
            exchange = Exchange(new_request(subject, job, argument))
            try:
                child.send(exchange.request)
                return self._listen(child, exchange, _Listener(on_item, progress, token, paused, timeout_s))
            except ProcessGoneError:
                self._check_open()
                raise
            finally:
                self._settle(child, exchange)

    def close(self) -> None:
        """End the process at once: it holds nothing worth saving. May be called twice and from any thread."""
        self._closed.set()
        self._child.end()

    def _start(self) -> ChildProcess:
        self._is_ready = False
        if self._read_slice is None:
            return ChildProcess(self._name, serve, self._target, with_main=self._with_main)
        # Each process has a pipe of its own: what one that died had asked for is not answered to the next.
        feed = PixelFeed(self._read_slice)
        try:
            return ChildProcess(
                self._name, serve, (*self._target, *feed.for_process), with_main=self._with_main
            )
        finally:
            feed.start()

    def _ready_child(self, cancel: CancelToken) -> ChildProcess:
        self._check_open()
        if not self._child.is_running():
            self._child.end()
            self._child = self._start()
            self._check_open()
        child = self._child
        if not self._is_ready:
            try:
                self._hear_ready(child, cancel)
            except ProcessGoneError:
                self._check_open()
                raise
        return child

    def _check_open(self) -> None:
        """Whoever closes it ends the process; what its users then see is not a failure."""
        if self._closed.is_set():
            self._child.end()
            raise Cancelled

    def _hear_ready(self, child: ChildProcess, cancel: CancelToken) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while not child.heard(_POLL_S):
            if cancel.cancelled or self._closed.is_set():
                raise Cancelled
            if time.monotonic() > until:
                child.end()
                raise EngineError(f"{self._name} did not start within {START_TIMEOUT_S:.0f} s")
        message = child.receive()
        if not isinstance(message, Message) or message.kind is not Kind.READY:
            child.end()
            if isinstance(message, Message) and isinstance(message.value, BaseException):
                raise message.value
            raise EngineError(f"{self._name} did not start", found=type(message).__name__)
        self.about, self._is_ready = message.value, True

    def _listen(self, child: ChildProcess, exchange: Exchange, listener: _Listener) -> Any:
        told, heard = Wish.GO_ON, time.monotonic()
        while True:
            wanted = Wish.PAUSE if listener.paused() else Wish.GO_ON
            if listener.cancel.cancelled or self._closed.is_set():
                raise Cancelled
            if wanted is not told:
                child.send(Order(exchange.request.number, wanted))
                told = wanted
            if not child.heard(_POLL_S):
                limit = listener.timeout_s
                if limit is not None and told is Wish.GO_ON and time.monotonic() - heard > limit:
                    child.end()
                    raise EngineError(f"{self._name} did not answer within {limit:g} s")
                continue
            heard = time.monotonic()
            message = exchange.accept(child.receive())
            if message is None:
                continue
            if message.kind is Kind.RESULT:
                return message.value
            if message.kind is Kind.CANCELLED:
                raise Cancelled
            if message.kind is Kind.FAILURE:
                assert isinstance(message.value, BaseException)
                raise message.value
            if message.kind is Kind.PROGRESS:
                listener.progress(*message.value)  # type: ignore[misc]
            elif listener.on_item is not None:
                listener.on_item(message.value)

    def _settle(self, child: ChildProcess, exchange: Exchange) -> None:
        """Leave nothing of a request behind: hear it out, or end the process."""
        if exchange.over or child.pid is None:
            return
        try:
            child.send(Order(exchange.request.number, Wish.CANCEL))
            if _hear_out(child, exchange.request):
                return
        except ProcessGoneError:
            return
        child.end()


def _hear_out(child: ChildProcess, request: Request) -> bool:
    """Whether the last word about a request came in time; everything before it is thrown away."""
    until = time.monotonic() + SETTLE_TIMEOUT_S
    while child.heard(until - time.monotonic()):
        message = child.receive()
        if not isinstance(message, Message) or message.number > request.number:
            return False
        if message.number == request.number and message.kind in LAST:
            return True
    return False
