"""One thread's line to a DICOMweb server: a client of the library, whose errors come out in words."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import requests
from urllib3.exceptions import HTTPError

from ichviewer.network.http_session import AnswerError, Bounds, GuardedSession, StatusError
from ichviewer.network.http_watch import Watch
from ichviewer.network.peers import WebServer
from ichviewer.network.secrets import Secret
from ichviewer.network.web_words import BusyError, in_words
from ichviewer.progress import Cancelled, CancelToken

log = logging.getLogger("ichviewer.network")
# They log addresses, in which patients are named, and `retrying` logs the traceback of every error.
for _name in ("dicomweb_client", "requests", "retrying", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

# What the library and those below it raise on answers that break the rules, besides errors of their own.
_BROKEN_RULES = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    NotImplementedError,
    RecursionError,
)

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Pace:
    """How often and how long a busy server, or a line that broke, is tried again.

    Parameters
    ----------
    tries : int
        Without anything arriving in between.
    first_wait_s, longest_wait_s : float
        The first wait; each is twice the one before. A server that asks for more than the longest is left alone: its
        error says so.
    """

    tries: int = 4
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0

    def __post_init__(self) -> None:
        if self.tries < 1 or not 0 < self.first_wait_s <= self.longest_wait_s:
            raise ValueError(f"at least one try, and waits that grow. Received: {self}")

    def wait_s(self, tries: int, asked_s: float | None) -> float | None:
        """How long to wait after so many tries; None for no more."""
        wait_s = max(self.first_wait_s * 2.0 ** (tries - 1), asked_s or 0.0)
        return wait_s if tries < self.tries and wait_s <= self.longest_wait_s else None


class Line:
    """A client and its connections, for one thread and one kind of answers.

    Parameters
    ----------
    server : WebServer
    secret : Secret or None
    bounds : Bounds
    accept : str
        What is asked for: `http_session.OBJECTS` or `http_session.JSON`.
    cancel : CancelToken
    """

    def __init__(
        self, server: WebServer, secret: Secret | None, bounds: Bounds, accept: str, cancel: CancelToken
    ) -> None:
        from dicomweb_client.web import DICOMwebClient  # noqa: PLC0415 - only who asks for something needs it

        self._server = server
        self._cancel = cancel
        self._stack = ExitStack()
        self._watch = Watch(cancel)
        self.session = GuardedSession(server, secret, self._watch, bounds, accept)
        self.client = DICOMwebClient(
            server.url.rstrip("/"),
            session=self.session,
            qido_url_prefix=server.query_prefix.strip("/") or None,
            wado_url_prefix=server.retrieve_prefix.strip("/") or None,
            stow_url_prefix=server.store_prefix.strip("/") or None,
            # Objects are sent in one piece, whose length is told before: not every server takes chunks.
            chunk_size=bounds.object_bytes,
            permissive_uid=True,
            timeout=(server.timeouts.connect_s, server.timeouts.answer_s),
        )
        # It would wait without looking at a cancel, and not as long as the server asks.
        self.client.set_http_retry_params(retry=False)

    def __enter__(self) -> Self:
        self._stack.enter_context(self._watch)
        self._stack.callback(self.session.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Around requests and the reading of their answers: what goes wrong is a `NetworkError`, or `Cancelled`."""
        try:
            yield
        except (
            requests.RequestException,
            HTTPError,
            StatusError,
            AnswerError,
            OSError,
            *_BROKEN_RULES,
        ) as error:
            if self._cancel.cancelled:
                raise Cancelled from None
            # Not its message, which may name patients in an address.
            log.debug("a request failed: %s", type(error).__name__)
            raise in_words(error, self._server, self._watch) from error
        finally:
            self._watch.rest()


def patiently(action: Callable[[], _Result], pace: Pace, cancel: CancelToken) -> _Result:
    """Do something that a busy server may refuse, again after as long as it asks for.

    Raises
    ------
    BusyError
        If it was busy every time, or asks for a longer wait than is made.
    """
    tries = 1
    while True:
        try:
            return action()
        except BusyError as error:
            wait_s = pace.wait_s(tries, error.retry_after_s)
            if wait_s is None:
                raise
        sleep(wait_s, cancel)
        tries += 1


def sleep(seconds: float, cancel: CancelToken) -> None:
    """Wait, but not longer than until somebody cancels.

    Raises
    ------
    Cancelled
    """
    end_s = time.monotonic() + seconds
    pause = threading.Event()
    while (left_s := end_s - time.monotonic()) > 0:
        cancel.check()
        pause.wait(min(left_s, 0.05))
    cancel.check()
