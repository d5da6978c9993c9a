"""The person's sources, ready to be spoken to."""

from __future__ import annotations

from ichviewer.errors import SettingsError
from ichviewer.network.dicomweb import WebSource
from ichviewer.network.peers import Peer, WebServer
from ichviewer.network.secrets import Secrets
from ichviewer.network.source import Source
from ichviewer.network.sources_file import Sources, load_sources


class KnownSources:
    """Sources by their names.

    Parameters
    ----------
    sources : Sources, optional
        Those of the person's file unless told.
    secrets : Secrets, optional
        The system's keyring unless told.
    """

    def __init__(self, sources: Sources | None = None, secrets: Secrets | None = None) -> None:
        self._sources = sources
        self._secrets = secrets or Secrets()

    def by_name(self, name: str) -> Source:
        """A source.

        Raises
        ------
        SettingsError
            If there is none of that name, or nothing is sent to it and fetched from it over the network.
        """
        if self._sources is None:
            self._sources = load_sources()
        return source_of(self._sources[name], self._secrets)


def source_of(peer: Peer, secrets: Secrets) -> Source:
    """What speaks to a peer, in the peer's protocol.

    Raises
    ------
    SettingsError
        For a folder, which is opened and not spoken to.
    """
    if isinstance(peer, WebServer):
        return WebSource(peer, secrets)
    raise SettingsError("this source is a folder: open it, or write files into it", str(peer))
