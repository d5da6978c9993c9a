"""The person's sources while the window is open: read, changed and tested beside the window."""

# ruff: noqa: PLC0415 - the window starts without the network
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.errors import IchViewerError, SettingsError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.sources.network_access import NetworkAccess

if TYPE_CHECKING:
    from ichviewer.network.peers import Peer

_LANE, _TEST_LANE = "sources", "sources-test"

_Peers = tuple["Peer", ...]


class SourcesControl(QObject):
    """Reads and changes ``sources.toml``, and asks a source for a sign of life. Lives on the main thread.

    Signals
    -------
    changed()
        `peers` are others.
    said(str)
        What became of a password or token.
    failed(str)
        Why the sources cannot be read or stored.
    """

    changed = Signal()
    said = Signal(str)
    failed = Signal(str)

    def __init__(self, workers: Workers, network: NetworkAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers, self._network = workers, network
        self._peers: _Peers = ()

    @property
    def peers(self) -> _Peers:
        """The sources as they were last read, in their order."""
        return self._peers

    def load(self) -> None:
        """Read them; the command line changes them, too."""
        self._run(lambda _: (self._network.load().peers, ""))

    def put(self, peer: Peer, replaces: str = "", secret: str = "") -> None:
        """Store a source.

        Parameters
        ----------
        peer : Peer
        replaces : str
            Name of the one in whose place it comes; empty for a new one.
        secret : str
            Password or token of a server; empty keeps what is kept.
        """
        self._run(lambda _: self._put(peer, replaces, secret))

    def remove(self, name: str) -> None:
        """Forget a source, and its password or token."""
        self._run(lambda _: self._remove(name))

    def test(
        self,
        peer: Peer,
        secret: str,
        *,
        on_answer: Callable[[str], None],
        on_refusal: Callable[[str], None],
        on_cancelled: Callable[[], None],
    ) -> Task:
        """Ask a source for a sign of life, which need not be stored.

        Parameters
        ----------
        peer : Peer
        secret : str
            Password or token to try; empty for what is kept.
        on_answer, on_refusal : callable
            Get what it said, or which side refuses and why.
        on_cancelled : callable
        """

        def ask(context: TaskContext) -> str:
            return self._network.trial(peer, secret).check(context.cancel)

        def failed(error: BaseException) -> None:
            if isinstance(error, IchViewerError):
                on_refusal(error_words(error))
            else:
                on_refusal(tr("An unexpected error; a report tells more."))
                self._workers.report_bug(error)

        return self._workers.run(
            ask, on_result=on_answer, on_error=failed, on_cancelled=on_cancelled, lane=_TEST_LANE
        )

    def _put(self, peer: Peer, replaces: str, secret: str) -> tuple[_Peers, str]:
        from ichviewer.network.peers import WebAuthorization, WebServer
        from ichviewer.network.secrets import Secret

        before = list(self._network.load().peers)
        place = next(
            (n for n, known in enumerate(before) if known.name.casefold() == replaces.casefold()), len(before)
        )
        old = before[place] if place < len(before) else None
        after = self._stored((*before[:place], peer, *before[place + 1 :]))
        said = "" if old is None else self._forget(old, after)
        if isinstance(peer, WebServer) and peer.authorization is not WebAuthorization.NONE and secret:
            said = self._network.keep_secret(peer, Secret(secret)).text
        return after, said

    def _remove(self, name: str) -> tuple[_Peers, str]:
        known = self._network.load()
        gone = known[name]
        after = self._stored(tuple(peer for peer in known.peers if peer != gone))
        return after, self._forget(gone, after)

    def _forget(self, gone: Peer, left: _Peers) -> str:
        """Forget the secret of a server that is not there any more, unless another one logs in with it."""
        from ichviewer.network.dicomweb import unused_secret

        name = unused_secret(gone, left)
        if name is None:
            return ""
        return tr("Its password or token: {text}").format(text=self._network.secrets.forget(name).text)

    def _stored(self, peers: _Peers) -> _Peers:
        from ichviewer.network.sources_file import Sources

        try:
            sources = Sources(peers)
        except ValueError as error:
            raise SettingsError(tr("the source was not stored"), found=str(error)) from error
        self._network.save(sources)
        return sources.peers

    def _run(self, job: Callable[[TaskContext], tuple[_Peers, str]]) -> None:
        self._workers.run(job, on_result=self._take, on_error=self._not_done, lane=_LANE)

    def _take(self, outcome: tuple[_Peers, str]) -> None:
        self._peers, said = outcome
        self.changed.emit()
        if said:
            self.said.emit(said)

    def _not_done(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self.failed.emit(error_words(error))
        else:
            self._workers.report_bug(error)
