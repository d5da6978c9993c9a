"""A start of the program hands what it asks for to a window of the same user that is open already.

The window listens on a local socket in a folder that only the user may enter. It greets whoever connects; only then
is a request sent to it, so that a window that hangs gets nothing that it would do when it wakes up. It reads one
line, says that it has taken it, and the start ends. Where anything is otherwise, the start opens a window of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ichviewer.errors import SettingsError
from ichviewer.network.private_folder import make_private
from ichviewer.services.data_folder import default_data_folder
from ichviewer.services.file_lock import HeldError, Mark, alone
from ichviewer.ui.app.start_request import LONGEST_BYTES, StartRequest, parse_request

log = logging.getLogger("ichviewer.ui.app")

GREETING, TAKEN, REFUSED = b"ichviewer 1\n", b"taken\n", b"refused\n"
ANSWER_S = 5.0
"""How long a start waits for a window."""
BUILT_S = 20.0
"""The same for a window that is still being built."""

_CONNECTING_MS = 100
_STEP_MS = 20
"""So long nothing else is heard, a Ctrl+C for one."""
_LONGEST_ANSWER_BYTES = 100
_MOST_AT_ONCE = 16
_SAYING_MS = 5000
_LOCK_S = 2.0
_LOOK_AGAIN_MS = 10_000


@dataclass(frozen=True)
class MeetingPlace:
    """Where windows listen and starts knock.

    Parameters
    ----------
    address : str
        A socket's path; on Windows the name of a pipe.
    lock : Path
        Held while it is found out whether anybody listens, so that of two starts at once one does.
    building : Path
        Is there while the window that listens is still being built.
    """

    address: str
    lock: Path
    building: Path

    def __post_init__(self) -> None:
        if not (self.address and self.lock.is_absolute() and self.building.is_absolute()):
            raise ValueError(f"a place has an address and a lock. Received: {self.address!r}, {self.lock}")


def meeting_place(environment: Mapping[str, str] = os.environ) -> MeetingPlace | None:
    """The place of this user, on this display and with these settings; None where there is no private folder."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    folder = Path(runtime) / "ichviewer" if Path(runtime).is_absolute() else default_data_folder() / "run"
    try:
        make_private(folder)
    except SettingsError as error:
        log.info("starts are not handed over: %s", error.what)
        return None
    # A window on another display, or of other settings, is none that a person at this one means.
    display = environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY", "")
    known_by = (
        socket.gethostname(),
        display,
        environment.get("QT_QPA_PLATFORM", ""),
        environment.get("XDG_CONFIG_HOME", ""),
        str(default_data_folder()),
    )
    name = hashlib.blake2b("\0".join(known_by).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    address = f"ichviewer-{name}" if sys.platform == "win32" else str(folder / name)
    return MeetingPlace(address, folder / f"{name}.lock", folder / f"{name}.building")


class Outcome(Enum):
    """What became of a request."""

    TAKEN = "taken"
    NOBODY = "nobody listens"
    NO_ANSWER = "whoever listens did not take it"


def hand_over(place: MeetingPlace, request: StartRequest, wait_s: float | None = None) -> Outcome:
    """Hand a request to the window that listens, if there is one. Needs no application.

    Parameters
    ----------
    place : MeetingPlace
    request : StartRequest
    wait_s : float, optional
        How long to wait for its greeting, and again for its answer; `ANSWER_S` or `BUILT_S` unless told.
    """
    knocking = QLocalSocket()
    if not _connected(knocking, place):
        return Outcome.NOBODY if _nobody_there(knocking) else Outcome.NO_ANSWER
    return _ask(knocking, place, request, wait_s)


class WindowServer(QObject):
    """Listens for starts in a window's name, unless another window does; then it takes over when that one is gone.

    Parameters
    ----------
    place : MeetingPlace
    parent : QObject, optional

    Signals
    -------
    requested(StartRequest)
        Another start has handed this over, and has ended.
    """

    requested = Signal(object)

    def __init__(self, place: MeetingPlace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._guests: set[QLocalSocket] = set()
        self._mark: Mark | None = None
        self._again = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self.listen)

    @property
    def listening(self) -> bool:
        """Whether starts are handed to this window."""
        return self._server.isListening()

    def listen(self) -> None:
        """Listen, unless somebody else does."""
        self._claim(None, None)

    def listen_or_hand_over(self, request: StartRequest, wait_s: float | None = None) -> bool:
        """Listen; or, where somebody else does, hand a request to it. Whether that has taken it."""
        return self._claim(request, wait_s)

    def close_with(self, window: QObject) -> None:
        """Stop to listen as soon as a window begins to close."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See `close_with`."""
        if event.type() == QEvent.Type.Close:
            self.close()
        return False

    def close(self) -> None:
        """Stop to listen; whoever has not been answered opens a window of its own."""
        self._again.stop()
        self._built()
        for guest in list(self._guests):
            guest.abort()
        if not self.listening:
            return
        try:
            # Nobody may listen at the same place before its file is gone.
            with alone(self._place.lock, _LOCK_S):
                self._server.close()
        except (OSError, HeldError):
            self._server.close()

    def _claim(self, request: StartRequest | None, wait_s: float | None) -> bool:
        knocking = QLocalSocket()
        try:
            with alone(self._place.lock, _LOCK_S):
                if not _connected(knocking, self._place):
                    if _nobody_there(knocking):
                        self._begin()
                    return False
        except OSError as error:
            log.info("nobody listens for further starts: %s", type(error).__name__)
            return False
        except HeldError:
            self._again.start()
            return False
        self._again.start()
        if request is None:
            knocking.abort()
            return False
        return _ask(knocking, self._place, request, wait_s) is Outcome.TAKEN

    def _begin(self) -> None:
        # What is there is of a window that was killed.
        QLocalServer.removeServer(self._place.address)
        if not self._server.listen(self._place.address):
            log.info("nobody listens for further starts: %s", self._server.errorString())
            return
        self._again.stop()
        # Without it, whoever comes next waits less.
        with contextlib.suppress(OSError):
            self._place.building.unlink(missing_ok=True)
            self._mark = Mark(self._place.building)
        # In the first turn of the event loop the window stands.
        QTimer.singleShot(0, self, self._built)

    def _built(self) -> None:
        if self._mark is not None:
            self._mark.remove()

    def _greet(self) -> None:
        while (guest := self._server.nextPendingConnection()) is not None:
            if len(self._guests) >= _MOST_AT_ONCE:
                guest.abort()
                guest.deleteLater()
                continue
            self._guests.add(guest)
            guest.setReadBufferSize(LONGEST_BYTES + 1)
            guest.readyRead.connect(lambda guest=guest: self._hear(guest))
            guest.disconnected.connect(lambda guest=guest: self._gone(guest))
            QTimer.singleShot(_SAYING_MS, guest, guest.abort)
            guest.write(GREETING)
            guest.flush()

    def _hear(self, guest: QLocalSocket) -> None:
        if guest not in self._guests:
            return
        if not guest.canReadLine():
            if guest.bytesAvailable() > LONGEST_BYTES:
                self._answer(guest, REFUSED)
            return
        try:
            request = parse_request(bytes(guest.readLine(LONGEST_BYTES + 1).data()))
        except ValueError as error:
            # Without what it says: it may name a patient's folder.
            log.warning("what was handed over is no request: %s", type(error).__name__)
            self._answer(guest, REFUSED)
            return
        # Who has gone meanwhile has opened a window of its own.
        if self._answer(guest, TAKEN):
            self.requested.emit(request)

    def _answer(self, guest: QLocalSocket, words: bytes) -> bool:
        """Say something and hang up; whether it could be said."""
        self._guests.discard(guest)
        guest.write(words)
        guest.flush()
        # Whoever has gone is found out by that.
        said = guest.state() is QLocalSocket.LocalSocketState.ConnectedState
        guest.disconnectFromServer()
        return said

    def _gone(self, guest: QLocalSocket) -> None:
        self._guests.discard(guest)
        guest.deleteLater()


def _connected(knocking: QLocalSocket, place: MeetingPlace) -> bool:
    knocking.connectToServer(place.address)
    return knocking.waitForConnected(_CONNECTING_MS)


def _nobody_there(knocking: QLocalSocket) -> bool:
    """Whether a connection failed because nobody listens, and not for another reason."""
    return knocking.error() in (
        QLocalSocket.LocalSocketError.ServerNotFoundError,
        QLocalSocket.LocalSocketError.ConnectionRefusedError,
    )


def _ask(knocking: QLocalSocket, place: MeetingPlace, request: StartRequest, wait_s: float | None) -> Outcome:
    """Send a request to whoever has greeted, and wait for its answer."""
    if wait_s is None:
        wait_s = BUILT_S if place.building.exists() else ANSWER_S
    try:
        line = request.line()
    except ValueError:
        return Outcome.NO_ANSWER
    try:
        if _line(knocking, wait_s) != GREETING:
            return Outcome.NO_ANSWER
        knocking.write(line)
        until = time.monotonic() + wait_s
        while knocking.bytesToWrite():
            if not knocking.waitForBytesWritten(_STEP_MS) and _over(knocking, until):
                return Outcome.NO_ANSWER
        return Outcome.TAKEN if _line(knocking, wait_s) == TAKEN else Outcome.NO_ANSWER
    finally:
        knocking.abort()


def _line(knocking: QLocalSocket, wait_s: float) -> bytes:
    """The next line that comes, empty where none comes in time."""
    until = time.monotonic() + wait_s
    while not knocking.canReadLine():
        if knocking.bytesAvailable() > _LONGEST_ANSWER_BYTES:
            return b""
        if not knocking.waitForReadyRead(_STEP_MS) and _over(knocking, until) and not knocking.canReadLine():
            return b""
    return bytes(knocking.readLine(_LONGEST_ANSWER_BYTES + 1).data())


def _over(knocking: QLocalSocket, until_s: float) -> bool:
    """Whether nothing more is to be expected of the other side."""
    gone = knocking.state() is not QLocalSocket.LocalSocketState.ConnectedState
    return gone or time.monotonic() > until_s
