"""Sends what is in the outbox and due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ichviewer.errors import IchViewerError, NetworkError
from ichviewer.network.outbox import Item, Outbox
from ichviewer.network.source import SendOutcome, SendResult, Source
from ichviewer.progress import CancelToken, Progress

_AT_A_TIME = 50
"""Objects that one claim takes: other programs can help with the rest, and a cancel gives little back."""


@dataclass(frozen=True)
class Sent:
    """What came of sending what was due.

    Parameters
    ----------
    n_stored, n_refused, n_postponed : int
    """

    n_stored: int = 0
    n_refused: int = 0
    n_postponed: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.n_stored + other.n_stored,
            self.n_refused + other.n_refused,
            self.n_postponed + other.n_postponed,
        )


def send_due(
    outbox: Outbox, source_of: Callable[[str], Source], progress: Progress, cancel: CancelToken
) -> Sent:
    """Send everything whose time has come, one destination after the other.

    What one destination does costs the others nothing.

    Parameters
    ----------
    outbox : Outbox
    source_of : callable
        A destination by its name; raises an `IchViewerError` where it is not known any more.
    progress : Progress
    cancel : CancelToken

    Raises
    ------
    Cancelled
        What was not sent waits as before.
    ExportError
        If the outbox itself fails.
    """
    total = Sent()
    for destination in outbox.due():
        while items := outbox.claim(destination, _AT_A_TIME):
            claim = _Claim(outbox, items)
            try:
                cancel.check()
                sent = claim.send(source_of, progress, cancel)
            finally:
                claim.end()
            total += sent
            if not sent.n_stored:
                # A destination that takes nothing now is left alone until the next time.
                break
    return total


class _Claim:
    """Objects of one claim: each is settled once."""

    def __init__(self, outbox: Outbox, items: tuple[Item, ...]) -> None:
        self._outbox = outbox
        self._open = {item.path: item for item in items}
        self._destination = items[0].destination

    def send(self, source_of: Callable[[str], Source], progress: Progress, cancel: CancelToken) -> Sent:
        """Send all of them and note what became of each."""
        done = Sent()
        for item in [item for item in self._open.values() if not self._outbox.is_whole(item)]:
            del self._open[item.path]
            self._outbox.refuse(item, "the copy in the outbox is damaged; put the object in again")
            done += Sent(n_refused=1)
        try:
            source = source_of(self._destination)
        except IchViewerError as error:
            return done + self._refuse_all(str(error))
        try:
            for result in source.send(list(self._open), progress, cancel):
                done += self._settle(result)
        except NetworkError as error:
            return done + (self._postpone_all if error.may_retry else self._refuse_all)(str(error))
        return done + self._postpone_all("the destination did not say what became of it")

    def end(self) -> None:
        """Give back what was not tried."""
        self._outbox.give_back(list(self._open.values()))
        self._open.clear()

    def _settle(self, result: SendResult) -> Sent:
        item = self._open.pop(result.path, None)
        if item is None:
            return Sent()
        if result.stored:
            self._outbox.finish(item)
            return Sent(n_stored=1)
        if result.outcome is SendOutcome.REFUSED:
            self._outbox.refuse(item, result.reason)
            return Sent(n_refused=1)
        self._outbox.postpone(item, result.reason, result.retry_after_s)
        return Sent(n_postponed=1)

    def _refuse_all(self, reason: str) -> Sent:
        number = len(self._open)
        while self._open:
            _, item = self._open.popitem()
            self._outbox.refuse(item, reason)
        return Sent(n_refused=number)

    def _postpone_all(self, reason: str) -> Sent:
        number = len(self._open)
        while self._open:
            _, item = self._open.popitem()
            self._outbox.postpone(item, reason)
        return Sent(n_postponed=number)
