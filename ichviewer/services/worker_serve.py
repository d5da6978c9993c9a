"""The other side of `ichviewer.services.worker_process`: what runs in the process."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection

from ichviewer import logs
from ichviewer.errors import EngineError, IchViewerError, WorkerBugError
from ichviewer.progress import Cancelled, CancelToken
from ichviewer.services.child_process import settle_in
from ichviewer.services.worker_protocol import Kind, Message, Order, Request, Wish

log = logging.getLogger("ichviewer.services")

_PROGRESS_INTERVAL_S = 0.05


class Asker:
    """What a job may use while it runs: to tell parts of its result, and to hear what is wanted."""

    def __init__(self, pipe: Connection, request: Request) -> None:
        self._pipe = pipe
        self._request = request
        self._last_progress = 0.0
        self.cancel = CancelToken()

    def item(self, value: object) -> None:
        """Tell a part of the result."""
        self._send(Kind.ITEM, value)

    def progress(self, done: int, total: int, what: str) -> None:
        """Tell how far it is (see `ichviewer.progress.Progress`), and do what was ordered meanwhile.

        Reports too close in time are left out. Stays here while the request is paused.
        """
        self._follow()
        now = time.monotonic()
        if done == total or now - self._last_progress >= _PROGRESS_INTERVAL_S:
            self._last_progress = now
            self._send(Kind.PROGRESS, (done, total, what))

    def _follow(self) -> None:
        held = False
        while held or self._pipe.poll():
            order = self._pipe.recv()
            if not isinstance(order, Order) or order.number != self._request.number:
                continue  # about a request that is over
            held = order.wish is Wish.PAUSE
            if order.wish is Wish.CANCEL:
                self.cancel.cancel()

    def _send(self, kind: Kind, value: object) -> None:
        self._pipe.send(Message(self._request.number, self._request.subject, kind, value))

    def end(self, kind: Kind, value: object) -> None:
        """Say the last word."""
        self._send(kind, value)


Job = Callable[[object, Asker], object]


@dataclass(frozen=True)
class Staff:
    """What a process can do.

    Parameters
    ----------
    jobs : mapping of str to Job
    about : object
        What it says of itself when it is ready.
    close : callable
        Called at the end.
    """

    jobs: Mapping[str, Job]
    about: object = None
    close: Callable[[], None] = lambda: None


def serve(pipe: Connection, open_staff: Callable[..., Staff], niceness: int, *arguments: object) -> None:
    """Do what is asked until nobody is left to ask. The target of a `WorkerProcess`.

    Parameters
    ----------
    pipe : Connection
    open_staff : callable
        Gets ``arguments``; an error of ours that it raises is told in place of READY, and the process ends.
    niceness : int
    """
    settle_in(niceness)
    logs.setup()
    try:
        staff = open_staff(*arguments)
    except IchViewerError as error:
        pipe.send(Message(0, "", Kind.FAILURE, error))
        return
    try:
        pipe.send(Message(0, "", Kind.READY, staff.about))
        while True:
            request = pipe.recv()
            if isinstance(request, Request):
                _answer(pipe, staff, request)
            # An order came too late: the request it was about is over.
    except (EOFError, BrokenPipeError, ConnectionResetError):
        log.debug("nobody is left to ask")
    finally:
        staff.close()


def _answer(pipe: Connection, staff: Staff, request: Request) -> None:
    asker = Asker(pipe, request)
    try:
        value = staff.jobs[request.job](request.argument, asker)
    except Cancelled:
        asker.end(Kind.CANCELLED, None)
    except IchViewerError as error:
        asker.end(Kind.FAILURE, error)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except MemoryError:
        asker.end(Kind.FAILURE, EngineError("there is not enough memory for this"))
    except Exception as error:  # noqa: BLE001 - the boundary of a process: a bug is told where a person can see it
        asker.end(Kind.FAILURE, WorkerBugError(f"{type(error).__name__}: {error}", traceback.format_exc()))
    else:
        asker.end(Kind.RESULT, value)
