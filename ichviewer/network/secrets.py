"""Passwords and tokens, kept by the system's keyring and by nothing else.

Where the system has no keyring they are kept until the program ends, and the person is told. They never go into a
file of ours, a log, an error or a report: a `Secret` shows itself to nobody who does not ask for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ichviewer.progress import CancelToken

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger("ichviewer.network")

T = TypeVar("T")

SERVICE = "ichviewer"
"""Under this name a person finds the entries in the system's own program for keyrings."""

_SYSTEM_KEYRINGS = ("SecretService", "Windows", "kwallet", "libsecret", "macOS")
"""Modules of `keyring.backends` that hand secrets to the system; others write them into files, or nowhere."""

_PATIENCE_S = 120.0
_POLL_S = 0.02


class Secret:
    """A password or token. Its text is given by `reveal` only; printed, logged or pickled it says nothing.

    Parameters
    ----------
    text : str
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        # http.client refuses line ends in headers with an error that quotes the header.
        if not text or not text.isprintable():
            raise ValueError(
                "a password or token has at least one character, all printable. Received: another"
            )
        self._text = text

    def reveal(self) -> str:
        """The text; only what sends it may ask."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        raise TypeError("a secret goes to no other process and into no file")


@dataclass(frozen=True)
class Kept:
    """Where a secret is kept now.

    Parameters
    ----------
    in_keyring : bool
        Whether the system keeps it; otherwise it is forgotten when the program ends.
    text : str
        The same in a sentence, to be shown to the person.
    """

    in_keyring: bool
    text: str


class Keyring(Enum):
    """What the system's keyring did when it was asked."""

    ANSWERED = "answered"
    MISSING = "this system offers none that the program may use"
    REFUSED = "it is locked, or failed"


class Secrets:
    """The program's secrets, by the name of what they are for. May be used from any thread.

    Calls may wait for the person, whom the system asks to unlock the keyring. A keyring that hangs, or a question
    that nobody answers, would hold them for ever; so they wait in vain for a time only.

    Parameters
    ----------
    backend : KeyringBackend, optional
        The system's keyring unless told.
    patience_s : float
        How long `keep`, `find` and `forget` wait.
    """

    def __init__(self, backend: KeyringBackend | None = None, *, patience_s: float = _PATIENCE_S) -> None:
        self._backend = backend
        self._patience_s = patience_s
        self._this_run: dict[str, Secret] = {}
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        """Held while the keyring is asked, which may be long; `_lock` never is."""

    def keep(self, name: str, secret: Secret) -> Kept:
        """Keep a secret, in place of the one that had its name.

        Parameters
        ----------
        name : str
            What it is for, such as the name of a server and of a user. The keyring shows it.
        secret : Secret
        """
        with self._lock:
            self._this_run[name] = secret
        try:
            refused = self._in_time(partial(self._put, name, secret))
        except TimeoutError:
            refused = "the system's keyring does not answer"
        if refused:
            return Kept(False, f"It is kept until the program ends, and then forgotten: {refused}.")
        with self._lock:
            # Unless a newer one has come meanwhile.
            if self._this_run.get(name) is secret:
                del self._this_run[name]
        return Kept(True, "The system's keyring keeps it.")

    def find(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
        """A secret by its name, None where there is none or the keyring does not give it.

        Parameters
        ----------
        name : str
        cancel : CancelToken, optional
            Ends the waiting for the keyring.

        Raises
        ------
        Cancelled
        """
        with self._lock:
            if name in self._this_run:
                return self._this_run[name]
        try:
            return self._in_time(partial(self._ask, name), cancel)[1]
        except TimeoutError:
            log.warning("the keyring does not answer")
            return None

    def ask_keyring(self, name: str) -> tuple[Keyring, Secret | None]:
        """What the keyring says of a name; where it answered, None says that it has nothing usable.

        Waits for the keyring as long as it takes.
        """
        with self._one_at_a_time:
            return self._ask(name)

    def give_keyring(self, name: str, secret: Secret) -> Keyring:
        """Keep a secret in the keyring or nowhere; `Keyring.REFUSED` too where it does not give it back.

        Waits for the keyring as long as it takes.
        """
        with self._one_at_a_time:
            if not self.in_keyring:
                return Keyring.MISSING
            if self._put(name, secret):
                return Keyring.REFUSED
            answered, kept = self._ask(name)
            return answered if kept == secret else Keyring.REFUSED

    @property
    def in_keyring(self) -> bool:
        """Whether the system offers a keyring; asks it for nothing, and so disturbs nobody."""
        return not self._keyring()[1]

    def forget(self, name: str) -> Kept:
        """Forget a secret, in the keyring too.

        Returns
        -------
        Kept
            ``in_keyring`` says that the keyring still has it, because it refused to delete it.
        """
        with self._lock:
            self._this_run.pop(name, None)
        try:
            return self._in_time(partial(self._delete, name))
        except TimeoutError:
            return Kept(True, "The keyring cannot be asked whether it has it: it does not answer.")

    def _in_time(self, ask: Callable[[], T], cancel: CancelToken | None = None) -> T:
        """What asking the keyring comes to; nobody else asks it meanwhile.

        Raises
        ------
        TimeoutError
            If the keyring, or whoever asks it just now, does not come to an end.
        Cancelled
        """
        asked: Future[T] = Future()

        def answer() -> None:
            with self._one_at_a_time:
                # Of who has stopped waiting nothing is begun any more.
                if not asked.set_running_or_notify_cancel():
                    return
                try:
                    asked.set_result(ask())
                except Exception as error:  # noqa: BLE001 - a bug, raised in the thread that asks
                    asked.set_exception(error)

        # A daemon: a keyring that never answers must not keep the program from ending.
        threading.Thread(target=answer, name="keyring", daemon=True).start()
        try:
            return wait_for(asked, self._patience_s, cancel)
        finally:
            asked.cancel()

    def _put(self, name: str, secret: Secret) -> str:
        """Hand a secret to the keyring; why it is not there, or empty."""
        keyring, missing = self._keyring()
        return missing or _refusal("set_password", keyring, name, secret.reveal())

    def _delete(self, name: str) -> Kept:
        keyring, missing = self._keyring()
        if missing or keyring is None:
            return Kept(False, "It is forgotten.")
        try:
            there = keyring.get_password(SERVICE, name) is not None
        except Exception as error:  # noqa: BLE001 - each system's keyring raises errors of its own
            return Kept(True, f"The keyring cannot be asked whether it has it ({type(error).__name__}).")
        if not there:
            return Kept(False, "It is forgotten.")
        refused = _refusal("delete_password", keyring, name)
        if refused:
            return Kept(True, f"The keyring still has it: {refused}.")
        return Kept(False, "It is forgotten, and deleted from the system's keyring.")

    def _ask(self, name: str) -> tuple[Keyring, Secret | None]:
        keyring, missing = self._keyring()
        if missing or keyring is None:
            return Keyring.MISSING, None
        try:
            text = keyring.get_password(SERVICE, name)
        except Exception as error:  # noqa: BLE001 - each system's keyring raises errors of its own
            log.warning("the keyring does not give a secret: %s", type(error).__name__)
            return Keyring.REFUSED, None
        return Keyring.ANSWERED, Secret(text) if text and text.isprintable() else None

    def _keyring(self) -> tuple[KeyringBackend | None, str]:
        """The system's keyring, or why there is none."""
        if self._backend is None:
            import keyring  # noqa: PLC0415 - takes a while, and only those who have secrets need it

            try:
                self._backend = keyring.get_keyring()
            except Exception as error:  # noqa: BLE001 - a setting of the person's may name anything
                return None, f"the system's keyring cannot be used ({type(error).__name__})"
        if not is_system_keyring(self._backend):
            return None, "this system offers no keyring that the program may use"
        return self._backend, ""


def is_system_keyring(backend: KeyringBackend) -> bool:
    """Whether a backend of the library `keyring` hands secrets to the system and not to a file or to nobody."""
    parts = type(backend).__module__.split(".")
    if parts[:2] != ["keyring", "backends"]:
        return False
    if parts[2:] == ["chainer"]:
        try:
            chain = list(getattr(backend, "backends", ()))
        except Exception as error:  # noqa: BLE001 - it asks each anew whether it can be used, and one may have died
            log.warning("the system's keyrings cannot be used: %s", type(error).__name__)
            return False
        return bool(chain) and all(is_system_keyring(each) for each in chain)
    return len(parts) > 2 and parts[2] in _SYSTEM_KEYRINGS


def wait_for(asked: Future[T], patience_s: float, cancel: CancelToken | None = None) -> T:
    """What was asked for in another thread.

    Raises
    ------
    TimeoutError
        If it does not come in time.
    Cancelled
    """
    until = time.monotonic() + patience_s
    while not asked.done():
        if cancel is not None:
            cancel.check()
        if time.monotonic() > until:
            raise TimeoutError
        with suppress(TimeoutError):
            asked.exception(_POLL_S)
    return asked.result()


def _refusal(what: str, keyring: Any, *arguments: str) -> str:
    """Do something with the keyring; why it refused, in words without the secret, or empty."""
    try:
        getattr(keyring, what)(SERVICE, *arguments)
    except Exception as error:  # noqa: BLE001 - each system's keyring raises errors of its own
        # Not its message: a keyring may quote what it was given.
        log.warning("the keyring refuses: %s", type(error).__name__)
        return f"the system's keyring refuses ({type(error).__name__})"
    return ""
