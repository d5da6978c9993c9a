"""Peers that behave as they should not: nodes of pynetdicom with handlers of a test's own, and disturbed lines."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseServer

import pytest
from pynetdicom import AE, AllStoragePresentationContexts, build_context
from pynetdicom.sop_class import Verification
from servers import tool

from ichviewer.network.peers import DicomNode, Timeouts

SHORT = Timeouts(connect_s=1.0, answer_s=1.0, idle_s=1.0)
"""Short enough for a test, long enough for a busy machine to answer a peer that does answer."""


def node_at(port: int, **options) -> DicomNode:
    """A node on the loopback with short timeouts."""
    return DicomNode(
        **{"name": "peer", "ae_title": "PEER", "host": "127.0.0.1", "timeouts": SHORT, **options}, port=port
    )


@contextmanager
def scripted_node(
    handlers: Sequence[tuple] = (),
    *,
    services: Sequence[str] = (),
    storage: bool = False,
    ssl_context=None,
    **settings,
) -> Iterator[int]:
    """A node of pynetdicom called ``PEER`` on a free port, which is the value; it always answers C-ECHO.

    Parameters
    ----------
    handlers : sequence of (event, function)
    services : sequence of str
        SOP classes besides C-ECHO.
    storage : bool
        Whether it takes objects of all classes, and sends them (C-GET).
    settings
        Attributes of the AE, such as ``require_called_aet=True``.
    """
    entity = AE(ae_title="PEER")
    for name, value in settings.items():
        setattr(entity, name, value)
    contexts = [build_context(uid) for uid in (Verification, *services)]
    if storage:
        for context in AllStoragePresentationContexts:
            given = build_context(context.abstract_syntax)
            given.scu_role = given.scp_role = True
            contexts.append(given)
    server = entity.make_server(
        ("127.0.0.1", 0), contexts=contexts, evt_handlers=list(handlers), ssl_context=ssl_context
    )
    # `AE.start_server` would take half a second to stop.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        for association in entity.active_associations:
            association.abort()
        BaseServer.shutdown(server)
        server.server_close()
        thread.join()
        end = time.monotonic() + 10
        while entity.active_associations and time.monotonic() < end:
            time.sleep(0.01)


@contextmanager
def socket_server(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does with each connection what ``script`` says, and nothing else; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            script(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
            threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(5)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)


@contextmanager
def disturbed(port: int, after_bytes: int, how: str, times: int = 1_000_000) -> Iterator[int]:
    """A line to a port of the loopback that fails after so many bytes of the answer; its port.

    Parameters
    ----------
    port : int
        Of the real server.
    after_bytes : int
        Of what the server says on one connection.
    how : str
        ``cut``, ``hang``, ``drip`` (a byte each tenth of a second) or ``garbage``.
    times : int
        How many connections are disturbed; later ones pass.
    """
    left = [times]

    def script(client: socket.socket) -> None:
        left[0] -= 1
        disturb = left[0] >= 0
        with socket.create_connection(("127.0.0.1", port)) as server:
            forward = threading.Thread(target=_copy, args=(client, server), daemon=True)
            forward.start()
            passed = 0
            while data := server.recv(4096):
                room = max(0, after_bytes - passed) if disturb else len(data)
                client.sendall(data[:room])
                passed += len(data)
                if room >= len(data):
                    continue
                if how == "cut":
                    break
                if how == "garbage":
                    client.sendall(b"\xff" * 4096)
                elif how == "drip":
                    for byte in data[room:]:
                        client.sendall(bytes([byte]))
                        time.sleep(0.1)
                while client.recv(4096):
                    pass
                break
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            forward.join(5)

    with socket_server(script) as front:
        yield front


def wait_for_the_end(connection: socket.socket) -> None:
    """Say nothing until the other side goes."""
    with suppress(OSError):
        while connection.recv(4096):
            pass


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    names = (folder / "cert.pem", folder / "key.pem")
    options = (
        "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
        f" -addext subjectAltName=IP:127.0.0.1 -out {names[0]} -keyout {names[1]}"
    )
    subprocess.run(
        [tool("openssl"), "req", "-x509", *options.split()],
        check=True,
        capture_output=True,
    )
    return names


@pytest.fixture(autouse=True)
def no_thread_is_left():
    """Fails a test after which a thread runs that did not run before."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + 5
    while (left := set(threading.enumerate()) - before) and time.monotonic() < end:
        time.sleep(0.01)
    assert {thread.name for thread in left} == set()
