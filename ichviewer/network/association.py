"""An association with a DICOM node: made, watched, and always ended, whatever the node does."""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

from ichviewer.errors import NetworkError
from ichviewer.network.line_guard import LARGEST_PDU_BYTES, LineGuard
from ichviewer.network.peers import DicomNode
from ichviewer.network.tls import client_context
from ichviewer.progress import CancelToken

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.presentation import PresentationContext

_log = logging.getLogger("ichviewer.network")

_LOOK_S = 0.05
_GRACE_S = 1.0
"""After a cancel: how long the polite way (C-CANCEL, release) may take before the line is cut."""
_RELEASE_S = 3.0
_JOIN_S = 10.0
_UNBOUNDED_S = 86_400.0
WATCHER = "ichviewer-network-watch"

# PS3.8 table 9-21: source and reason of an A-ASSOCIATE-RJ, in words.
_REJECTIONS = {
    (1, 1): "it gives no reason",
    (1, 2): "it does not offer this kind of service",
    (1, 3): "it does not know our AE title {own!r}",
    (1, 7): "it is not called {called!r}",
    (2, 1): "it gives no reason",
    (2, 2): "it speaks another version of the protocol",
    (3, 1): "it is busy",
    (3, 2): "it has as many associations as it takes",
}


class Line:
    """An established association.

    Parameters
    ----------
    association : pynetdicom.association.Association
    node : DicomNode
    guard : LineGuard
    cancel : CancelToken
    """

    def __init__(
        self, association: Association, node: DicomNode, guard: LineGuard, cancel: CancelToken
    ) -> None:
        self.association = association
        self.node = node
        self.guard = guard
        self.cancel = cancel

    def no_answer(self, doing: str) -> NoReturn:
        """Say why there was no answer.

        Raises
        ------
        Cancelled
            If that is the reason.
        NetworkError
        """
        self.cancel.check()
        raise NetworkError(doing, str(self.node), _ending(self.guard, self.node), may_retry=True)


@contextmanager
def associated(
    node: DicomNode,
    contexts: Sequence[PresentationContext],
    cancel: CancelToken,
    *,
    negotiation: Sequence[Any] = (),
    handlers: Sequence[Any] = (),
    guard: LineGuard | None = None,
    also_heard: Callable[[], float] | None = None,
) -> Iterator[Line]:
    """An association with a node for the body, released at its end, aborted where the body raises.

    Parameters
    ----------
    node : DicomNode
    contexts : sequence of PresentationContext
        At most 128 (PS3.8 section 9.3.2.2).
    cancel : CancelToken
        When it is set, the body has a second to end by itself; then the line is cut and no answer comes any more.
    negotiation : sequence
        Further items of the request, such as roles.
    handlers : sequence of (event, function)
    guard : LineGuard, optional
        The usual bounds unless told.
    also_heard : function returning float
        When the node was last heard otherwise (`time.monotonic`), which counts as a sign of life too.

    Raises
    ------
    Cancelled
    NetworkError
        Saying which side refuses and why.
    """
    from pynetdicom import AE

    cancel.check()
    prepare_library()
    watch = LineGuard(node.timeouts.idle_s) if guard is None else guard
    tls = None if node.tls is None else (client_context(node.tls), node.host)

    class Entity(AE):
        def _create_socket(self, assoc: Association, *arguments: Any) -> Any:
            made = super()._create_socket(assoc, *arguments)
            watch.prepare(assoc, made)
            return made

    entity = Entity(ae_title=node.own_ae_title)
    entity.connection_timeout = node.timeouts.connect_s
    entity.acse_timeout = node.timeouts.connect_s
    # The watcher bounds the time for an answer: the library's own bound would end a large object on a slow line.
    entity.dimse_timeout = _UNBOUNDED_S
    entity.network_timeout = _UNBOUNDED_S
    done = threading.Event()

    def quiet() -> bool:
        heard = max(watch.last_heard_s, also_heard() if also_heard else 0.0)
        return watch.accepted and time.monotonic() - heard > node.timeouts.answer_s

    watcher = threading.Thread(target=_watch, args=(watch, cancel, done, quiet), name=WATCHER)
    watcher.start()
    line: Line | None = None
    clean = False
    try:
        association = _request(
            node,
            entity,
            contexts=list(contexts),
            ext_neg=list(negotiation),
            tls_args=tls,
            evt_handlers=[*watch.handlers(), *handlers],
        )
        if not association.is_established:
            cancel.check()
            raise _refusal(association, node, watch)
        line = Line(association, node, watch, cancel)
        yield line
        clean = True
    finally:
        if clean and line is not None and not cancel.cancelled:
            _release(line)
        done.set()
        watcher.join()
        if watch.association is not None:
            hang_up(watch, watch.association)


def prepare_library() -> None:
    """Set pynetdicom, for the process: data sets are sent as they lie in their files; no names in logs."""
    from pynetdicom import _config

    _config.STORE_SEND_CHUNKED_DATASET = True
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = False
    _config.LOG_RESPONSE_IDENTIFIERS = False


def _request(node: DicomNode, entity: Any, **options: Any) -> Association:
    try:
        association: Association = entity.associate(
            node.host, node.port, ae_title=node.ae_title, max_pdu=LARGEST_PDU_BYTES, **options
        )
    except OSError as error:
        raise _not_connected(node, error) from error
    return association


def _release(line: Line) -> None:
    """End politely; a node that does not answer to that is left."""
    line.association.acse_timeout = min(_RELEASE_S, line.node.timeouts.connect_s)
    if line.association.is_established:
        line.association.release()


def hang_up(guard: LineGuard, association: Association) -> None:
    """End an association and its threads, whatever state they are in; the peer is told where it still listens."""
    if association.is_established and not association.is_released:
        association.abort(block=False)
        end = time.monotonic() + _GRACE_S / 2
        while association.dul.is_alive() and association.dul.socket and time.monotonic() < end:
            if association.dul.socket.socket is None:
                break
            time.sleep(0.01)
    guard.cut()
    # `kill` waits for ever for a thread that does not end; it cannot hang now that the socket is shut.
    association._kill = True
    association._reactor_checkpoint.set()
    association.is_established = False
    end = time.monotonic() + _JOIN_S
    while association.dul.is_alive() and time.monotonic() < end:
        association.dul.stop_dul()
        time.sleep(0.005)
    association.dul.kill_dul()
    for thread in (association.dul, association):
        if thread.is_alive() and thread is not threading.current_thread():
            thread.join(max(0.1, end - time.monotonic()))
            if thread.is_alive():
                _log.error("a thread of an association did not end")
    raw = None if association.dul.socket is None else association.dul.socket.socket
    if raw is not None:
        with suppress(OSError):
            raw.close()


def _watch(guard: LineGuard, cancel: CancelToken, done: threading.Event, quiet: Callable[[], bool]) -> None:
    """Cut the line after a cancel, or when the peer has been silent for too long."""
    while not done.wait(_LOOK_S):
        if cancel.cancelled:
            # Where there is no association yet, nothing can be said politely.
            if guard.accepted and done.wait(_GRACE_S):
                return
        elif quiet():
            guard.too_quiet = True
        else:
            continue
        while not done.wait(_LOOK_S):
            guard.cut()
        return


def _refusal(association: Association, node: DicomNode, guard: LineGuard) -> NetworkError:
    """Why an association did not come about."""
    where = str(node)
    if association.is_rejected:
        answer: Any = association.acceptor.primitive
        key = (answer.result_source, answer.diagnostic)
        words = _REJECTIONS.get(key, "for a reason that DICOM does not know")
        return NetworkError(
            "the node rejects us",
            where,
            words.format(own=node.own_ae_title, called=node.ae_title),
            # Result 2 is a rejection for now (PS3.8 section 9.3.4).
            may_retry=answer.result == 2,
        )
    if not guard.connected:
        return _not_connected(node, None)
    if guard.accepted and association.rejected_contexts:
        reasons = {context.status for context in association.rejected_contexts}
        return NetworkError(
            "the node accepts none of the services that were asked for", where, "; ".join(sorted(reasons))
        )
    if guard.closed and not guard.too_slow and not guard.garbage:
        hint = "" if node.tls is not None else "; it may expect TLS, or not accept this machine"
        trouble = f" ({guard.trouble})" if guard.trouble else ""
        return NetworkError(
            "the node closed the connection instead of answering",
            where,
            f"no answer{trouble}{hint}",
            may_retry=True,
        )
    return NetworkError(
        "the node did not accept an association", where, _ending(guard, node), may_retry=not guard.garbage
    )


def _ending(guard: LineGuard, node: DicomNode) -> str:
    if guard.too_large:
        return "a message larger than what is taken"
    if guard.garbage:
        return "what answers there does not speak DICOM"
    if guard.peer_abort is not None:
        source = {0: "its user", 2: "its protocol layer"}.get(guard.peer_abort[0], "an unknown source")
        return f"the node aborted the association (by {source}, reason {guard.peer_abort[1]})"
    if guard.too_slow:
        return f"the node took more than {node.timeouts.idle_s:g} s for one message"
    if guard.closed and not guard.too_quiet:
        return "the node closed the connection" + (f" ({guard.trouble})" if guard.trouble else "")
    waited = node.timeouts.answer_s if guard.accepted else node.timeouts.connect_s
    return f"no answer within {waited:g} s"


def _not_connected(node: DicomNode, error: OSError | None) -> NetworkError:
    """Why there is no connection; the library only says that there is none, so it is tried once more."""
    found = error
    if found is None:
        try:
            with socket.create_connection((node.host, node.port), timeout=node.timeouts.connect_s) as raw:
                if node.tls is not None:
                    with client_context(node.tls).wrap_socket(raw, server_hostname=node.host):
                        pass
        except OSError as refused:
            found = refused
    what, words, may_retry = _connection_words(found, node)
    return NetworkError(what, str(node), words, may_retry=may_retry)


def _connection_words(error: OSError | None, node: DicomNode) -> tuple[str, str, bool]:
    what = "no connection to the node"
    if error is None:
        return what, "the first try failed, another did not", True
    if isinstance(error, socket.gaierror):
        return what, f"the name {node.host!r} is not known ({error.strerror})", False
    if isinstance(error, ConnectionRefusedError):
        return what, f"the machine refuses: nothing listens at port {node.port}", True
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the node's certificate is not trusted", error.verify_message, False
    if isinstance(error, ssl.SSLError):
        return "no TLS connection to the node", error.reason or str(error), False
    if isinstance(error, TimeoutError):
        stage = "no answer" if node.tls is None else "no answer, or none in TLS,"
        return what, f"{stage} within {node.timeouts.connect_s:g} s", True
    return what, error.strerror or str(error), True
