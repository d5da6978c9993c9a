"""A keyring in memory that `ichviewer.network.secrets` takes for the system's; the system's own is never touched."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """A keyring of the system, as far as `Secrets` can tell: it bears the name of one.

    ``error`` is raised by every call; while ``answers`` is not set, calls wait.
    """

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.error_of_writing: Exception | None = None
        self.answers = threading.Event()
        self.answers.set()
        self.n_asked = 0

    def _answer(self) -> None:
        self.n_asked += 1
        assert self.answers.wait(60)
        if self.error is not None:
            raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        if self.error_of_writing is not None:
            raise self.error_of_writing
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


MemoryKeyring.__module__ = "keyring.backends.SecretService"
