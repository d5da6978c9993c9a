"""Searching the studies of a source beside the window."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.sources.network_access import NetworkAccess

if TYPE_CHECKING:
    from ichviewer.network.peers import Peer
    from ichviewer.network.query import StudyQuery

_LANE = "search"


class StudySearch(QObject):
    """One search at a time. Lives on the main thread.

    Signals
    -------
    found(StudyAnswer)
        As the answers arrive, in the order of the source.
    ended(str)
        The search is over; why it broke off, empty if it did not.
    cancelled()
    """

    found = Signal(object)
    ended = Signal(str)
    cancelled = Signal()

    def __init__(self, workers: Workers, network: NetworkAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers, self._network = workers, network
        self._task: Task | None = None

    @property
    def running(self) -> bool:
        """Whether a search is going on."""
        return self._task is not None

    def search(self, peer: Peer, query: StudyQuery) -> None:
        """Ask a source; a search that is going on is dropped."""
        self.drop()

        def ask(context: TaskContext) -> None:
            answers = self._network.source(peer).find_studies(query, context.cancel)
            with contextlib.ExitStack() as stack:
                if isinstance(answers, Generator):
                    # Closed at once when it is cancelled: no connection is left behind.
                    stack.callback(answers.close)
                for answer in answers:
                    context.item(answer)

        self._task = self._workers.run(
            ask,
            on_item=self.found.emit,
            on_result=lambda _: self._over(""),
            on_error=self._failed,
            on_cancelled=self._stopped,
            lane=_LANE,
        )

    def cancel(self) -> None:
        """Stop; what arrived stays."""
        if self._task is not None:
            self._task.cancel()

    def drop(self) -> None:
        """Stop, and say nothing any more."""
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _over(self, why: str) -> None:
        self._task = None
        self.ended.emit(why)

    def _stopped(self) -> None:
        self._task = None
        self.cancelled.emit()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self._over(error_words(error))
        else:
            self._over(tr("an unexpected error; a report tells more"))
            self._workers.report_bug(error)
