"""Bounds on what one connection may do: size of a message, time for a PDU; and a record of how it ended.

pynetdicom reads a PDU of any length for as long as it takes, and keeps a message of any size in memory. A peer that
sends garbage, drips, or never ends would stop a thread for good or fill the memory.
"""

# ruff: noqa: PLC0415 - pynetdicom is loaded only when something is asked for over the network
from __future__ import annotations

import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pynetdicom.association import Association

LARGEST_PDU_BYTES = 1 << 17
"""Of what we send and take in one PDU; what peers are told, and what longer ones are refused for."""
LARGEST_OBJECT_BYTES = 1 << 30
_SLICE_S = 0.2
_PDU_OVERHEAD_BYTES = 1 << 16


class LineGuard:
    """Watches one association of pynetdicom from its connection on.

    Parameters
    ----------
    idle_s : float
        How long one PDU may take to arrive, and to be taken by the peer.
    largest_object_bytes : int
        Of all messages that have arrived but were not handled yet.

    Attributes
    ----------
    connected : bool
        Whether there was a connection.
    accepted : bool
        Whether the peer accepted the association.
    peer_abort : tuple of int or None
        Source and reason of an A-ABORT of the peer (PS3.8 section 9.3.8).
    closed : bool
        The peer closed the connection, or it broke.
    garbage : bool
        The peer sent what is no PDU.
    too_large, too_slow, too_quiet : bool
        Which bound was crossed: bytes of an object, time for one PDU, time without a PDU.
    trouble : str
        What the system said of the connection.
    last_heard_s : float
        When (`time.monotonic`) a PDU last came or was taken.
    """

    def __init__(self, idle_s: float, largest_object_bytes: int = LARGEST_OBJECT_BYTES) -> None:
        self._idle_s = idle_s
        self._largest = largest_object_bytes
        self._over = False
        self._arriving = 0
        self._waiting: deque[int] = deque()
        self._ended = False
        self.association: Association | None = None
        self.connected = False
        self.accepted = False
        self.peer_abort: tuple[int, int] | None = None
        self.closed = False
        self.garbage = False
        self.too_large = False
        self.too_slow = False
        self.too_quiet = False
        self.trouble = ""
        self.last_heard_s = time.monotonic()

    def handlers(self) -> list[Any]:
        """What pynetdicom is to call."""
        from pynetdicom import evt

        return [
            (evt.EVT_CONN_OPEN, self.opened),
            (evt.EVT_PDU_RECV, self._pdu_came),
            (evt.EVT_PDU_SENT, self._pdu_left),
            (evt.EVT_DIMSE_RECV, self._message_came),
            (evt.EVT_FSM_TRANSITION, self._moved),
        ]

    def handled(self) -> None:
        """A stored object was taken care of: its bytes count no more."""
        with suppress(IndexError):
            self._waiting.popleft()

    def cut(self) -> None:
        """End the connection at once, from any thread; whoever waits for it stops waiting."""
        self._over = True
        line = None if self.association is None else self.association.dul.socket
        raw = None if line is None else line.socket
        if raw is not None:
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
        if self.association is not None:
            # What the library takes for no answer: the one who waits for a message goes on.
            self.association.dimse.msg_queue.put((None, None))

    def prepare(self, association: Association, line: Any) -> None:
        """Put bounds on an association before its socket is used (``line`` is pynetdicom's `AssociationSocket`)."""
        self.association = association
        line.recv = self._bounded(line)
        line.send = self._told(line)
        line._shutdown_socket = lambda: _close(line.socket)
        machine: Any = association.dul.state_machine
        machine.do_action = self._steady(association)

    def opened(self, event: Any) -> None:
        """The connection is there; called by the library."""
        self.connected = True
        self.last_heard_s = time.monotonic()
        raw = event.assoc.dul.socket.socket
        # What sends and receives is one thread; only it is told to stop waiting.
        raw.settimeout(self._idle_s)
        # Messages are short: waiting to fill packets costs 40 ms for each.
        with suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _steady(self, association: Association) -> Callable[[str], None]:
        """A `do_action` of the state machine that ends the line where pynetdicom's would kill its thread."""
        from pynetdicom.fsm import InvalidEventError

        original = association.dul.state_machine.do_action

        def act(event: str) -> None:
            try:
                original(event)
            except InvalidEventError:
                # Such as a message of ours that was under way when the peer's end came.
                association.dul.kill_dul()
                self.cut()

        return act

    def _bounded(self, line: Any) -> Callable[[int], bytearray]:
        """A `recv` that knows its bounds, in place of that of pynetdicom's `AssociationSocket`."""

        def receive(n_bytes: int) -> bytearray:
            if n_bytes > LARGEST_PDU_BYTES + _PDU_OVERHEAD_BYTES:
                self.garbage = True
                raise OSError(f"a PDU of {n_bytes} bytes")
            raw = line.socket
            buffer = bytearray()
            end = time.monotonic() + self._idle_s
            try:
                while len(buffer) < n_bytes:
                    if self._over:
                        raise OSError("the connection was given up")
                    raw.settimeout(_SLICE_S)
                    try:
                        part = raw.recv(n_bytes - len(buffer))
                    except TimeoutError:
                        part = None
                    except OSError as error:
                        self.trouble = str(error)
                        raise
                    if part == b"":
                        return buffer
                    if part:
                        buffer += part
                    if len(buffer) < n_bytes and time.monotonic() > end:
                        self.too_slow = True
                        raise TimeoutError(f"{len(buffer)} of {n_bytes} bytes in {self._idle_s} s")
                return buffer
            finally:
                with suppress(OSError):
                    raw.settimeout(self._idle_s)

        return receive

    def _told(self, line: Any) -> Callable[[bytes], None]:
        """A `send` that notes why it failed, in place of that of pynetdicom's `AssociationSocket`."""

        def send(data: bytes) -> None:
            try:
                line.socket.sendall(data)
            except TimeoutError:
                self.too_slow = True
                line.event_queue.put("Evt17")
            except (OSError, AttributeError) as error:
                # Without a socket, the line was closed a moment ago.
                self.trouble = self.trouble or (str(error) if isinstance(error, OSError) else "")
                line.event_queue.put("Evt17")

        return send

    def _pdu_came(self, event: Any) -> None:
        from pynetdicom.pdu import A_ABORT_RQ, P_DATA_TF

        self.last_heard_s = time.monotonic()
        if isinstance(event.pdu, A_ABORT_RQ):
            self.peer_abort = (event.pdu.source or 0, event.pdu.reason_diagnostic or 0)
        elif isinstance(event.pdu, P_DATA_TF):
            self._arriving += event.pdu.pdu_length
            if self._arriving + sum(self._waiting) > self._largest and not self._over:
                self.too_large = True
                self._over = True
                event.assoc.abort()

    def _pdu_left(self, event: Any) -> None:
        self.last_heard_s = time.monotonic()

    def _message_came(self, event: Any) -> None:
        if type(event.message).__name__ == "C_STORE_RQ":
            self._waiting.append(self._arriving)
        self._arriving = 0

    def _moved(self, event: Any) -> None:
        """Note what the state machine of PS3.8 section 9.2 went through, up to the end of the association."""
        name = event.fsm_event
        if name == "Evt3":
            self.accepted = True
        if self._ended or name not in ("Evt15", "Evt16", "Evt17", "Evt19"):
            return
        self._ended = True
        if name == "Evt17":
            self.closed = True
        elif name == "Evt19":
            self.garbage = True


def _close(raw: socket.socket | None) -> None:
    """Close a socket; pynetdicom's own leaves one open that the peer has closed already."""
    if raw is not None:
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            raw.close()
