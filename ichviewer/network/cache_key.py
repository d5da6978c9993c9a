"""The key of the cache of studies: random, in the system's keyring and nowhere else.

Where the keyring is missing, locked, refuses or does not answer in time, there is no key, and `KeyState` says why.
A new key is made only where the keyring answers that it has none: a locked one may hold the key of what is in the
cache.
"""

from __future__ import annotations

import secrets as random
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ichviewer.network.cache_cipher import KEY_BYTES, CacheCipher
from ichviewer.network.secrets import Keyring, Secret, Secrets, wait_for
from ichviewer.progress import CancelToken
from ichviewer.services.file_lock import alone

NAME = "key of fetched studies"
"""How the keyring calls it."""

_PATIENCE_S = 30.0


class KeyState(Enum):
    """Whether studies in the cache are encrypted, in a sentence."""

    ENCRYPTED = "Encrypted with a key in the system's keyring."
    NO_KEYRING = "Not encrypted: the system has no keyring."
    REFUSED = "Not encrypted: the system's keyring is locked, or does not keep a key."
    LATE = "Not encrypted: the system's keyring does not answer."


@dataclass(frozen=True)
class Key:
    """What the keyring came to.

    Parameters
    ----------
    state : KeyState
    cipher : CacheCipher or None
        Of `KeyState.ENCRYPTED`.
    """

    state: KeyState
    cipher: CacheCipher | None = None

    def __post_init__(self) -> None:
        if (self.cipher is not None) is not (self.state is KeyState.ENCRYPTED):
            raise ValueError(f"there is a cipher exactly where there is a key. Received: {self.state}")


NO_KEY = Key(KeyState.NO_KEYRING)


class CacheKey:
    """Asks the keyring for the key when a study is opened. May be used from any thread.

    Parameters
    ----------
    secrets : Secrets
    patience_s : float
        How long a study waits for the keyring, which may be waiting for a person. Whoever comes later does not wait
        again for the same answer.
    """

    def __init__(self, secrets: Secrets, *, patience_s: float = _PATIENCE_S) -> None:
        self._secrets = secrets
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._asked: Future[Key] | None = None
        self._known: Key | None = None

    @property
    def known(self) -> Key | None:
        """What the keyring said last; None while it was not asked. Asks nobody."""
        with self._lock:
            asked = self._asked
            if asked is not None:
                return asked.result() if _has_answered(asked) else Key(KeyState.LATE)
            return self._known

    @property
    def state(self) -> KeyState:
        """Whether studies are encrypted, as far as can be told without asking the keyring for a secret."""
        known = self.known
        if known is not None:
            return known.state
        return KeyState.ENCRYPTED if self._secrets.in_keyring else KeyState.NO_KEYRING

    def ask(self, lock: Path, cancel: CancelToken | None = None) -> Key:
        """The key; made if the keyring has none. Waits for the keyring, which may ask the person to unlock it.

        Parameters
        ----------
        lock : Path
            File of a lock: two programs that begin at one time make one key.
        cancel : CancelToken, optional

        Raises
        ------
        Cancelled
        """
        with self._lock:
            if self._asked is None and self._known is not None and self._known.cipher is not None:
                return self._known
            patience_s = 0.0
            if self._asked is None:
                patience_s, self._asked = self._patience_s, Future()
                # A daemon: a keyring that never answers must not keep the program from ending.
                threading.Thread(
                    target=self._answer, args=(self._asked, lock), name="keyring", daemon=True
                ).start()
            asked = self._asked
        try:
            key = wait_for(asked, patience_s, cancel)
        except TimeoutError:
            return Key(KeyState.LATE)
        with self._lock:
            if self._asked is asked:
                # What it refused once it may give the next time.
                self._asked = None
                self._known = key
        return key

    def _answer(self, asked: Future[Key], lock: Path) -> None:
        try:
            asked.set_result(self._find_or_make(lock))
        except Exception as error:  # noqa: BLE001 - a bug, raised in the thread that asks
            asked.set_exception(error)

    def _find_or_make(self, lock: Path) -> Key:
        answered, key = self._find()
        if answered is not Keyring.ANSWERED or key is not None:
            return key or _without(answered)
        try:
            with alone(lock):
                answered, key = self._find()
                if answered is not Keyring.ANSWERED or key is not None:
                    return key or _without(answered)
                made = random.token_bytes(KEY_BYTES)
                answered = self._secrets.give_keyring(NAME, Secret(made.hex()))
        except OSError:
            return Key(KeyState.REFUSED)
        return _with(made) if answered is Keyring.ANSWERED else _without(answered)

    def _find(self) -> tuple[Keyring, Key | None]:
        answered, secret = self._secrets.ask_keyring(NAME)
        # What is no key (somebody edited the entry) opens nothing, and gives way to one.
        with suppress(ValueError):
            if secret is not None:
                return answered, _with(bytes.fromhex(secret.reveal()))
        return answered, None


def _with(key: bytes) -> Key:
    return Key(KeyState.ENCRYPTED, CacheCipher(key))


def _without(answered: Keyring) -> Key:
    return NO_KEY if answered is Keyring.MISSING else Key(KeyState.REFUSED)


def _has_answered(asked: Future[Key]) -> bool:
    return asked.done() and asked.exception() is None
