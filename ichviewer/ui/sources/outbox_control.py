"""The outbox while the window is open: what is in it, and sending what is due, beside the window.

What waits in it was asked for by the person, in this run of the program or in one before; it is sent without asking
again, and the window says so. An empty outbox makes no traffic, no file and no timer.
"""

# ruff: noqa: PLC0415 - the window starts without the network
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted, error_words
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.sources.network_access import NetworkAccess

if TYPE_CHECKING:
    from ichviewer.network.outbox import Item, Outbox
    from ichviewer.network.outbox_sender import Sent

_LANE, _SENDING_LANE = "outbox", "outbox-sending"
_SOONEST_S, _LATEST_S = 1.0, 60.0
"""When to look again while something waits: other programs use the outbox, too."""

_Items = tuple["Item", ...]


class OutboxControl(QObject):
    """Puts objects into the outbox, sends them, and says what became of them. Lives on the main thread.

    Each step opens an `Outbox` of its own on a worker's thread.

    Parameters
    ----------
    workers : Workers
    network : NetworkAccess
    parent : QObject or None

    Signals
    -------
    changed()
        `items` or `sending` are others.
    told(str, str)
        Something the person should know: words and ``info``, ``done``, ``warning`` or ``error``.
    """

    changed = Signal()
    told = Signal(str, str)

    def __init__(self, workers: Workers, network: NetworkAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers, self._network = workers, network
        self._items: _Items = ()
        self._task: Task | None = None
        self._complaint = ""
        # Written by a worker, told on the main thread.
        self._set_aside: Path | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._send)

    @property
    def items(self) -> _Items:
        """Everything in it as it was last seen, the oldest first."""
        return self._items

    @property
    def sending(self) -> bool:
        """Whether this window is sending."""
        return self._task is not None

    @property
    def words(self) -> str:
        """What waits or was refused, for the status bar; empty if nothing is."""
        states = [item.state.value for item in self._items]
        open_, refused = states.count("waiting") + states.count("sending"), states.count("refused")
        failing = any(item.state.value == "waiting" and item.last_error for item in self._items)
        parts = (
            [tr("{open:,} to send{more}").format(open=open_, more=tr(" (failing)") if failing else "")]
            if open_
            else []
        )
        parts += [tr("{refused:,} refused").format(refused=refused)] if refused else []
        return tr("Outbox: {parts}").format(parts=", ".join(parts)) if parts else ""

    @property
    def failing(self) -> bool:
        """Whether something was refused, or could not be sent so far."""
        return any(item.last_error for item in self._items)

    def start(self) -> None:
        """Look once whether something waits from an earlier run; sending goes on then, and that is said."""

        def look(_: TaskContext) -> _Items:
            if not self._network.outbox_exists():
                return ()
            return self._listed(lambda box: None)

        def seen(items: _Items) -> None:
            self._take(items)
            waiting = sum(item.state.value == "waiting" for item in items)
            if waiting:
                self.told.emit(
                    tr("{objects} in the outbox from before; sending goes on.").format(
                        objects=counted("object", "objects", waiting)
                    ),
                    "info",
                )
                self._send()

        self._run(look, seen)

    def add(
        self,
        files: Sequence[Path],
        destination: str,
        *,
        on_added: Callable[[], object] | None = None,
        on_failed: Callable[[IchViewerError], object] | None = None,
    ) -> None:
        """Put copies of DICOM files into the outbox and send them.

        Parameters
        ----------
        files : sequence of Path
            They may be deleted once ``on_added`` or ``on_failed`` is called.
        destination : str
            Name of a source.
        on_added : callable, optional
            Called when all of them are stored in the outbox, durably.
        on_failed : callable, optional
            Gets why one could not be stored; those before it are in the outbox. It is told unless this is given.
        """
        wanted = tuple(files)

        def put(box: Outbox) -> None:
            for file in wanted:
                box.add(file, [destination])

        def done(items: _Items) -> None:
            self._take(items)
            if on_added is not None:
                on_added()
            self._send()

        def failed(error: BaseException) -> None:
            if on_failed is not None and isinstance(error, IchViewerError):
                on_failed(error)
            else:
                self._failed(error)
            # What stood before the one that failed is in it.
            self.look()

        self._workers.run(lambda _: self._listed(put), on_result=done, on_error=failed, lane=_LANE)

    def ask_destinations(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """Give the names of all sources that can be sent to, later and on the main thread."""

        def read(_: TaskContext) -> tuple[str, ...]:
            from ichviewer.network.peers import FolderSource

            return tuple(p.name for p in self._network.load().peers if not isinstance(p, FolderSource))

        self._workers.run(read, on_result=then, on_error=self._failed, lane=_LANE)

    def look(self) -> None:
        """See what is in it now; other programs use it, too."""

        def look(_: TaskContext) -> _Items:
            return self._listed(lambda box: None) if self._network.outbox_exists() else ()

        self._run(look, self._take)

    def retry(self, ids: Sequence[int] | None = None) -> None:
        """Send now what was refused or waits for its time: all of it, or these."""

        def again(box: Outbox) -> None:
            box.retry(ids)

        self._run(lambda _: self._listed(again), self._take_and_send)

    def remove(self, ids: Sequence[int]) -> None:
        """Forget items, whether or not they were sent; never one that is being sent."""

        def forget(box: Outbox) -> None:
            box.forget(ids)

        self._run(lambda _: self._listed(forget), self._take)

    def cancel(self) -> None:
        """Stop sending; what was not sent waits until `retry` or the next look."""
        if self._task is not None:
            self._task.cancel()

    def _run(self, job: Callable[[TaskContext], _Items], then: Callable[[_Items], None]) -> None:
        self._workers.run(job, on_result=then, on_error=self._failed, lane=_LANE)

    def _listed(self, do: Callable[[Outbox], None]) -> _Items:
        """Do something with the outbox and list it, on a worker's thread."""
        with self._network.outbox() as box:
            do(box)
            self._set_aside = self._set_aside or box.set_aside
            return box.items()

    def _take(self, items: _Items) -> None:
        self._items = items
        self._complaint = ""
        self._schedule()
        self.changed.emit()
        aside, self._set_aside = self._set_aside, None
        if aside is not None:
            self.told.emit(
                tr(
                    "The outbox was damaged. What was in it now lies at {aside}; nothing of it will be sent."
                ).format(aside=aside),
                "error",
            )

    def _take_and_send(self, items: _Items) -> None:
        self._take(items)
        self._send()

    def _schedule(self) -> None:
        times = [item.next_try_s for item in self._items if item.state.value == "waiting"]
        others = any(item.state.value == "sending" for item in self._items)
        if self._task is not None or not (times or others):
            self._timer.stop()
            return
        wait_s = min(times, default=float("inf")) - time.time()
        self._timer.start(round(1000 * min(max(wait_s, _SOONEST_S), _LATEST_S)))

    def _send(self) -> None:
        if self._task is not None or not any(i.state.value in ("waiting", "sending") for i in self._items):
            return
        self._timer.stop()

        def send(context: TaskContext) -> tuple[Sent, _Items]:
            from ichviewer.network.outbox_sender import send_due

            with self._network.outbox() as box:
                self._set_aside = self._set_aside or box.set_aside
                known = self._network.load()
                sent = send_due(
                    box, lambda name: self._network.source(known[name]), context.progress, context.cancel
                )
                return sent, box.items()

        self._task = self._workers.run(
            send,
            on_result=self._sent,
            on_error=self._not_sent,
            on_cancelled=self._stopped,
            lane=_SENDING_LANE,
        )
        self.changed.emit()

    def _sent(self, outcome: tuple[Sent, _Items]) -> None:
        sent, items = outcome
        self._task = None
        self._take(items)
        if sent.n_refused:
            self.told.emit(
                tr("{objects} could not be sent: the outbox says why.").format(
                    objects=counted("object", "objects", sent.n_refused)
                ),
                "warning",
            )
        elif sent.n_stored:
            self.told.emit(
                tr("Sent: {objects}.").format(objects=counted("object", "objects", sent.n_stored)), "done"
            )

    def _not_sent(self, error: BaseException) -> None:
        self._task = None
        self._failed(error)
        self._schedule_late()

    def _stopped(self) -> None:
        self._task = None
        self.look()

    def _schedule_late(self) -> None:
        if any(item.state.value == "waiting" for item in self._items):
            self._timer.start(round(1000 * _LATEST_S))
        self.changed.emit()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self._workers.report_bug(error)
            return
        # A timer that meets the same trouble every minute says it once.
        if error_words(error) != self._complaint:
            self._complaint = error_words(error)
            self.told.emit(tr("The outbox cannot be used. {error}").format(error=error_words(error)), "error")
