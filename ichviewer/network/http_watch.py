"""Ends connections that take too long or that nobody wants any more, whatever they are waiting for.

A socket's own timeout starts anew with each byte that comes, so a peer that sends one a minute holds its caller for
good. Here a thread looks at the time and at the wish to cancel, and shuts the connection down: whatever reads it then
returns.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from ichviewer.progress import CancelToken

_EVERY_S = 0.05


class Watch:
    """Watches the connection of one thread's requests, which come one after the other, until it is left.

    Parameters
    ----------
    cancel : CancelToken
    """

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._deadline: tuple[float, str] | None = None
        self._over = threading.Event()
        self._reason = ""
        self._thread = threading.Thread(target=self._run, name="watch of a connection", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        with self._lock:
            self._let_go()

    @property
    def reason(self) -> str:
        """Why the connection was shut down because of its time, in words; empty if it was not."""
        return self._reason

    def check(self) -> None:
        """Raise `Cancelled` if the work was asked to stop."""
        self._cancel.check()

    def until(self, seconds: float, reason: str) -> None:
        """Shut the connection down after so long, unless this is called again before.

        Parameters
        ----------
        seconds : float
        reason : str
            What did not come in time, in words.
        """
        self._reason = ""
        self._deadline = (time.monotonic() + seconds, reason)

    def rest(self) -> None:
        """Nothing is waited for at the moment."""
        self._deadline = None

    def add(self, connection: socket.socket) -> None:
        """Watch a connection, from before its TLS handshake on, in place of the one before."""
        with self._lock:
            self._let_go()
            # Of its own: the one given is taken over by TLS, and closed by whoever uses it.
            self._socket = connection.dup()

    def _let_go(self) -> None:
        """Close what is held of a connection, which stays open as long as anything of it does. Within the lock."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _run(self) -> None:
        while not self._over.wait(_EVERY_S):
            deadline = self._deadline
            if self._cancel.cancelled:
                self._shut()
            elif deadline is not None and time.monotonic() > deadline[0]:
                self._reason = deadline[1]
                self._shut()

    def _shut(self) -> None:
        with self._lock:
            if self._socket is not None:
                # One that is closed already.
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)


class WatchedAdapter(HTTPAdapter):
    """Makes each connection of a session known to a watch.

    Parameters
    ----------
    watch : Watch
    context : ssl.SSLContext or None
        For connections with TLS.
    """

    def __init__(self, watch: Watch, context: ssl.SSLContext | None = None) -> None:
        self._watch = watch
        self._tls: dict[str, Any] = {}
        if context is not None:
            # urllib3 looks at the name itself, unless told not to.
            self._tls = {"ssl_context": context, "assert_hostname": None if context.check_hostname else False}
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        """Make a pool manager whose connections are watched."""
        manager = PoolManager(connections, maxsize=maxsize, block=block, **kwargs, **self._tls)
        self.poolmanager = _watched(manager, self._watch)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make, or find, the manager of a proxy that the system names; its connections are watched."""
        return _watched(super().proxy_manager_for(proxy, **kwargs, **self._tls), self._watch)


def _watched(manager: PoolManager, watch: Watch) -> PoolManager:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            watch.add(made)
            return made

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            made = super()._new_conn()
            watch.add(made)
            return made

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    manager.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}
    return manager
