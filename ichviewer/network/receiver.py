"""Our own Storage SCP: takes objects that other nodes send, and objects that C-MOVE was asked for (PS3.4 annex B)."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from socketserver import BaseServer
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ichviewer.errors import IchViewerError, NetworkError, ReadError
from ichviewer.network.arrivals import DuplicateObjectError
from ichviewer.network.association import hang_up, prepare_library
from ichviewer.network.line_guard import LARGEST_OBJECT_BYTES, LARGEST_PDU_BYTES, LineGuard
from ichviewer.network.object_identity import identify
from ichviewer.network.peers import (
    OWN_AE_TITLE,
    ReceiverAddress,
    Timeouts,
    TlsFiles,
    check_ae_title,
    check_host,
)
from ichviewer.network.sop_classes import VERIFICATION, storable_contexts
from ichviewer.network.source import ReceivedObject, Receiver
from ichviewer.network.statuses import (
    CANNOT_UNDERSTAND,
    DUPLICATE,
    NO_MATCH,
    NOT_AUTHORIZED,
    OUT_OF_RESOURCES,
    SUCCESS,
)
from ichviewer.network.tls import server_context

if TYPE_CHECKING:
    from pynetdicom.association import Association

_log = logging.getLogger("ichviewer.network")

_STOPPING_S = 10.0


@dataclass(frozen=True)
class ReceiverSettings:
    """Whom a receiver lets in, and how much it takes.

    Parameters
    ----------
    address : ReceiverAddress
        The loopback unless told.
    ae_title : str
        How peers must call it.
    ae_titles : tuple of str
        Peers that may send; any where empty.
    hosts : tuple of str
        Names, numbers or networks (``192.168.1.0/24``) that may connect; any where empty.
    most_associations : int
        At the same time; further ones are rejected for now.
    largest_object_bytes : int
        A larger one ends its association.
    tls : TlsFiles or None
    timeouts : Timeouts
    """

    address: ReceiverAddress = field(default_factory=ReceiverAddress)
    ae_title: str = OWN_AE_TITLE
    ae_titles: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    most_associations: int = 20
    largest_object_bytes: int = LARGEST_OBJECT_BYTES
    tls: TlsFiles | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __post_init__(self) -> None:
        for title in (self.ae_title, *self.ae_titles):
            check_ae_title(title)
        for host in self.hosts:
            if _network(host) is None:
                check_host(host)
        if not 1 <= self.most_associations <= 1000:
            raise ValueError(
                f"a receiver takes 1 to 1000 associations at once. Received: {self.most_associations}"
            )
        if not 1 << 16 <= self.largest_object_bytes <= 1 << 34:
            raise ValueError(
                f"the largest object has 64 KiB to 16 GiB. Received: {self.largest_object_bytes} bytes"
            )


class StorageReceiver:
    """A Storage SCP that runs until it is closed; also answers C-ECHO.

    Parameters
    ----------
    settings : ReceiverSettings
    into : Receiver
        Called with each object, in the thread of its association; the peer is told that it is stored when it returns.
    is_wanted : function of str, optional
        Whether objects of a study (UID) are taken; all unless told.

    Raises
    ------
    NetworkError
        If it cannot listen there.
    """

    def __init__(
        self, settings: ReceiverSettings, into: Receiver, is_wanted: Callable[[str], bool] | None = None
    ) -> None:
        self._settings = settings
        self._into = into
        self._is_wanted = is_wanted
        self._lock = threading.Lock()
        self._guards: dict[Association, LineGuard] = {}
        self._closed = False
        self.last_heard_s = 0.0
        """When (`time.monotonic`) an object last came."""
        self._hosts = _addresses(settings.hosts)
        self._server = self._listen()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="ichviewer-receiver"
        )
        self._thread.start()

    def __enter__(self) -> StorageReceiver:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop listening and end all associations; objects that did not arrive whole are forgotten."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._server.shutdown()
        self._thread.join(_STOPPING_S)
        end = time.monotonic() + _STOPPING_S
        while time.monotonic() < end:
            with self._lock:
                running = [
                    pair for pair in self._guards.items() if pair[0].is_alive() or pair[0].dul.is_alive()
                ]
            if not running:
                return
            for association, guard in running:
                hang_up(guard, association)
        _log.error("an association of the receiver did not end")

    def _listen(self) -> Any:
        from pynetdicom import AE, build_context, evt

        prepare_library()
        settings = self._settings
        entity = AE(ae_title=settings.ae_title)
        entity.maximum_associations = settings.most_associations
        entity.maximum_pdu_size = LARGEST_PDU_BYTES
        entity.acse_timeout = settings.timeouts.connect_s
        entity.dimse_timeout = settings.timeouts.answer_s
        entity.network_timeout = settings.timeouts.idle_s
        entity.require_called_aet = True
        entity.require_calling_aet = list(settings.ae_titles)
        context = None if settings.tls is None else server_context(settings.tls)
        try:
            return entity.make_server(
                (settings.address.host, settings.address.port),
                contexts=[*storable_contexts(), build_context(VERIFICATION)],
                ssl_context=context,
                evt_handlers=[
                    (evt.EVT_CONN_OPEN, self._opened),
                    (evt.EVT_REQUESTED, self._requested),
                    (evt.EVT_C_STORE, self._store),
                ],
                server_class=_server_class(settings.timeouts.connect_s),
            )
        except OSError as error:
            raise NetworkError(
                "the receiver cannot listen",
                f"{settings.address.host}:{settings.address.port}",
                error.strerror or str(error),
            ) from error

    def _opened(self, event: Any) -> None:
        guard = LineGuard(self._settings.timeouts.idle_s, self._settings.largest_object_bytes)
        for kind, handler in guard.handlers():
            event.assoc.bind(kind, handler)
        # The connection is open by now.
        guard.prepare(event.assoc, event.assoc.dul.socket)
        guard.opened(event)
        with self._lock:
            self._guards = {a: g for a, g in self._guards.items() if a.is_alive() or a.dul.is_alive()}
            self._guards[event.assoc] = guard
            most = 4 * self._settings.most_associations
            crowded = self._closed or len(self._guards) > most
        if crowded or not self._may_connect(event.address[0]):
            guard.cut()

    def _requested(self, event: Any) -> None:
        # Bound after the connection was opened, a guard hears of the request only here.
        self.last_heard_s = time.monotonic()

    def _may_connect(self, address: str) -> bool:
        if self._hosts is None:
            return True
        number = ipaddress.ip_address(address.partition("%")[0])
        return any(number in network for network in self._hosts)

    def _store(self, event: Any) -> int:
        guard = self._guards.get(event.assoc)
        self.last_heard_s = time.monotonic()
        try:
            return store(event, self._into, self._is_wanted)
        finally:
            self.last_heard_s = time.monotonic()
            if guard is not None:
                guard.handled()


def store(event: Any, into: Receiver, is_wanted: Callable[[str], bool] | None) -> int:
    """Hand over the object of a C-STORE request; the status to answer with (PS3.4 B.2.3).

    Parameters
    ----------
    event : pynetdicom.events.Event
    into : Receiver
    is_wanted : function of str, or None
        Whether objects of a study are taken.
    """
    try:
        received = ReceivedObject(
            str(event.request.AffectedSOPClassUID),
            str(event.request.AffectedSOPInstanceUID),
            str(event.context.transfer_syntax),
            event.encoded_dataset(),
        )
        identity = identify(received.data, received.sop_instance_uid)
    except ReadError:
        _log.warning("an object was refused that cannot be read")
        return NO_MATCH
    except (ValueError, AttributeError):
        _log.warning("an object was refused that was announced without what names it")
        return CANNOT_UNDERSTAND
    announced = (received.sop_class_uid, received.sop_instance_uid)
    if (identity.sop_class_uid, identity.sop_uid) != announced:
        _log.warning("an object was refused that is not the one announced")
        return NO_MATCH
    if is_wanted is not None and not is_wanted(identity.study_uid):
        return NOT_AUTHORIZED
    try:
        into(received)
    except DuplicateObjectError:
        return DUPLICATE
    except (IchViewerError, OSError, MemoryError) as error:
        _log.warning("an object could not be stored: %s", type(error).__name__)
        return OUT_OF_RESOURCES
    return SUCCESS


def _server_class(handshake_s: float) -> Any:
    """A server whose TLS handshakes happen in the threads of their connections: no peer can hold up others."""
    from pynetdicom.transport import ThreadedAssociationServer

    class Server(ThreadedAssociationServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def get_request(self) -> tuple[socket.socket, Any]:
            listening: Any = self.socket
            raw, address = listening.accept()
            raw.settimeout(handshake_s)
            if self.ssl_context:
                raw = self.ssl_context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
            return raw, address

        def finish_request(self, request: Any, client_address: Any) -> None:
            if isinstance(request, ssl.SSLSocket):
                try:
                    request.do_handshake()
                except OSError as error:
                    _log.info("a TLS handshake failed: %s", type(error).__name__)
                    self.shutdown_request(request)
                    return
            super().finish_request(request, client_address)

        def shutdown(self) -> None:
            # The library's own also takes the server off a list that only `AE.start_server` puts it on.
            BaseServer.shutdown(self)
            self.server_close()

        def handle_error(self, request: Any, client_address: Any) -> None:
            _log.info("a connection ended before it was an association", exc_info=True)

    return Server


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _addresses(hosts: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network] | None:
    """What hosts are called by number, None where any may connect; a name that is not known lets nobody in."""
    if not hosts:
        return None
    found = []
    for host in hosts:
        network = _network(host)
        if network is not None:
            found.append(network)
            continue
        with suppress(OSError):
            for entry in socket.getaddrinfo(host, None):
                found.append(ipaddress.ip_network(str(entry[4][0]).partition("%")[0]))
    return found
