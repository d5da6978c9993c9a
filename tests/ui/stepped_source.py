"""A source that sends a study object by object, as a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from pydicom import Dataset, dcmread
from pytestqt.qtbot import QtBot
from scripted_source import ScriptedSource

from ichviewer.errors import NetworkError
from ichviewer.network.source import (
    FailedObject,
    OnListed,
    ReceivedObject,
    Receiver,
    Retrieved,
    SeriesListing,
    unheard,
)
from ichviewer.progress import CancelToken, Progress
from ichviewer.ui.app.main_window import MainWindow


class SteppedSource(ScriptedSource):
    """Sends files in order, each when it is let through.

    Parameters
    ----------
    files : sequence of Path
    """

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__((), files)
        self._turn = threading.Condition()
        self._allowed = 0
        self._cut = False
        self.sending = False
        self.away = False
        self.n_sent = 0
        """Objects that were stored, or were there, of the retrieval that goes on."""
        self.lost: tuple[FailedObject, ...] = ()
        self.lists = False
        """Whether it says what it has of each series before it sends it."""
        self.counts: dict[str, int] = {}
        """Numbers that it tells of series, by their UIDs; with `lists` beside the names, else in their place."""
        self.late: Sequence[Path] = ()
        """Files that it has not listed, and sends after all others."""

    def give(self, n: int) -> None:
        """Let ``n`` more objects through."""
        with self._turn:
            self._allowed += n
            self._turn.notify_all()

    def cut(self) -> None:
        """Break the line before the next object."""
        with self._turn:
            self._cut = True
            self._turn.notify_all()

    def retrieve(
        self,
        study_uid: str,
        series_uid: str | None,
        into: Receiver,
        progress: Progress,
        cancel: CancelToken,
        *,
        on_listed: OnListed = unheard,
    ) -> Retrieved:
        self.retrieved.append(study_uid)
        if self.away:
            raise NetworkError("nobody answers", "PACS")
        with self._turn:
            self._allowed, self._cut, self.n_sent, self.sending = 0, False, 0, True
        try:
            return self._send(into, progress, cancel, on_listed)
        finally:
            self.sending = False

    def _send(
        self, into: Receiver, progress: Progress, cancel: CancelToken, on_listed: OnListed
    ) -> Retrieved:
        arrived = there = 0
        heads = {
            path: dcmread(path, stop_before_pixels=True) for path in dict.fromkeys((*self.files, *self.late))
        }
        for listing in self.listings([heads[path] for path in self.files]):
            on_listed(listing)
        missing = []
        for path, head in heads.items():
            if into.has(str(head.SOPInstanceUID)):
                there += 1
            else:
                missing.append(path)
        progress(there, len(heads), "fetching")
        for path in missing:
            self._wait_turn(cancel)
            head = heads[path]
            syntax = str(head.file_meta.TransferSyntaxUID)
            into(ReceivedObject(str(head.SOPClassUID), str(head.SOPInstanceUID), syntax, path.read_bytes()))
            arrived += 1
            progress(arrived + there, len(heads), "fetching")
            self.n_sent += 1
        return Retrieved(arrived, there, self.lost)

    def listings(self, heads: Sequence[Dataset]) -> list[SeriesListing]:
        """What it says that it has."""
        named: dict[str, set[str]] = {}
        for head in heads:
            named.setdefault(str(head.SeriesInstanceUID), set()).add(str(head.SOPInstanceUID))
        for failed in self.lost:
            if failed.series_uid:
                named.setdefault(failed.series_uid, set()).add(failed.sop_instance_uid)
        return [
            SeriesListing(uid, self.counts.get(uid), frozenset(uids) if self.lists else None)
            for uid, uids in named.items()
        ]

    def _wait_turn(self, cancel: CancelToken) -> None:
        with self._turn:
            while not self._allowed and not self._cut:
                self._turn.wait(0.005)
                cancel.check()
            cancel.check()
            if self._cut:
                raise NetworkError("the line broke", "PACS", may_retry=True)
            self._allowed -= 1


def shown(window: MainWindow) -> int:
    """How many slices of all series are shown."""
    return sum(len(series) for series in window.session.catalog.series)


def wait_for(qtbot: QtBot, said: Callable[[], bool]) -> None:
    qtbot.waitUntil(said, timeout=10_000)
