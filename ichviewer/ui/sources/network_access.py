"""The network as the window reaches it: imported when it is asked for, and nothing speaks to anybody before.

What takes time (files, the keyring, the outbox) is called on threads of `ichviewer.ui.session.workers`.
"""

# ruff: noqa: PLC0415 - the window starts without the network
from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ichviewer.network.cache_key import CacheKey
    from ichviewer.network.outbox import Outbox
    from ichviewer.network.peers import Peer, WebServer
    from ichviewer.network.secrets import Kept, Secret, Secrets
    from ichviewer.network.source import Source
    from ichviewer.network.sources_file import Sources
    from ichviewer.network.study_cache import StudyCache


class NetworkAccess:
    """Sources, secrets, cache and outbox of the person, each in its usual place unless told.

    Parameters
    ----------
    sources_file, cache_folder, outbox_folder : Path, optional
    speak : callable, optional
        Makes a `Source` of a peer; `ichviewer.network.open_source.open_source` unless told.
    secrets : Secrets, optional
        Passwords and tokens; the system's keyring unless told.
    """

    def __init__(
        self,
        *,
        sources_file: Path | None = None,
        cache_folder: Path | None = None,
        outbox_folder: Path | None = None,
        speak: Callable[[Peer], Source] | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        self._sources_file = sources_file
        self._cache_folder = cache_folder
        self._outbox_folder = outbox_folder
        self._speak = speak
        self._secrets = secrets
        self._key: CacheKey | None = None
        self._lock = threading.Lock()

    @property
    def secrets(self) -> Secrets:
        """One for the life of the window: without a keyring, secrets are kept in it until the program ends."""
        from ichviewer.network.secrets import Secrets

        with self._lock:
            if self._secrets is None:
                self._secrets = Secrets()
            return self._secrets

    def load(self) -> Sources:
        """The sources of the person.

        Raises
        ------
        SettingsError
            If the file cannot be used.
        """
        from ichviewer.network.sources_file import load_sources

        return load_sources(self._sources_file)

    def save(self, sources: Sources) -> None:
        """Store the sources.

        Raises
        ------
        ExportError
        """
        from ichviewer.network.sources_file import save_sources

        save_sources(sources, self._sources_file)

    def source(self, peer: Peer) -> Source:
        """What speaks to a peer; nothing is sent yet.

        Raises
        ------
        SettingsError
            If it is a folder.
        """
        from ichviewer.network.open_source import open_source

        return self._speak(peer) if self._speak is not None else open_source(peer, self.secrets)

    def trial(self, peer: Peer, secret: str) -> Source:
        """What speaks to a peer with a password or token that is kept nowhere; with what is kept if it is empty."""
        from ichviewer.network.dicomweb import secret_name
        from ichviewer.network.open_source import open_source
        from ichviewer.network.peers import WebServer
        from ichviewer.network.secrets import Secret, Secrets

        if self._speak is not None or not secret or not isinstance(peer, WebServer):
            return self.source(peer)
        from keyring.backends.null import Keyring

        # No keyring of the system's: what it is given is forgotten with it.
        tried = Secrets(Keyring())  # type: ignore[no-untyped-call]
        tried.keep(secret_name(peer), Secret(secret))
        return open_source(peer, tried)

    def keep_secret(self, server: WebServer, secret: Secret) -> Kept:
        """Keep the password or token of a server; may wait for the person to unlock the keyring."""
        from ichviewer.network.dicomweb import secret_name

        return self.secrets.keep(secret_name(server), secret)

    def cache(self, limit_bytes: int | None = None) -> StudyCache:
        """The cache of fetched studies.

        Raises
        ------
        SettingsError
            If its folder cannot be used.
        """
        from ichviewer.network.study_cache import USUAL_LIMIT_BYTES, StudyCache

        return StudyCache(self._cache_place, limit_bytes=limit_bytes or USUAL_LIMIT_BYTES, key=self.cache_key)

    @property
    def cache_key(self) -> CacheKey:
        """One for the life of the window: what the keyring said is not asked for again."""
        from ichviewer.network.cache_key import CacheKey

        secrets = self.secrets
        with self._lock:
            if self._key is None:
                self._key = CacheKey(secrets)
            return self._key

    def cache_exists(self) -> bool:
        """Whether anything was ever fetched; makes no folder."""
        return self._cache_place.is_dir()

    def copies_exist(self) -> bool:
        """Whether a fetched study lies decrypted: one that is open, or one that a killed program left."""
        from ichviewer.network.open_copies import left_copies

        return left_copies(self._cache_place)

    @property
    def _cache_place(self) -> Path:
        from platformdirs import user_cache_path

        # The place that `StudyCache` says.
        return self._cache_folder or user_cache_path("ichviewer", appauthor=False) / "studies"

    def outbox(self) -> Outbox:
        """The outbox, for the thread that asks; to be closed.

        Raises
        ------
        SettingsError, ReadError
        """
        from ichviewer.network.outbox import Outbox

        return Outbox(self._outbox_folder)

    def outbox_exists(self) -> bool:
        """Whether anything was ever put into the outbox; makes no folder."""
        from ichviewer.network.outbox_file import DATABASE
        from ichviewer.services.data_folder import default_data_folder

        return ((self._outbox_folder or default_data_folder() / "outbox") / DATABASE).exists()
