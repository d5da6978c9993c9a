"""Fetching studies into the cache beside the window, and keeping them there as long as they are open."""

# ruff: noqa: PLC0415 - the window starts without the network
from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.errors import IchViewerError, NetworkError
from ichviewer.progress import Cancelled
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.arrival import Arrival, Stage
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.sources.network_access import NetworkAccess

if TYPE_CHECKING:
    from ichviewer.network.cache_key import KeyState
    from ichviewer.network.cached_study import CachedStudy
    from ichviewer.network.peers import Peer
    from ichviewer.network.series_watch import SeriesWatch
    from ichviewer.network.study_cache import Cleared

log = logging.getLogger("ichviewer.ui.sources")

_LANE, _CACHE_LANE = "retrieve", "cache"


@dataclass(frozen=True)
class FetchedStudy:
    """A study that lies in the cache, or where a node keeps it, and can be opened.

    Parameters
    ----------
    folder : Path
        Its files, nothing else among them; all were checked, but while it arrives.
    title : str
        What it is called in the window: where it comes from.
    notes : tuple of str
        Sentences to be shown with it; empty if all of it came.
    beside : bool
        Whether it is to be opened beside what is open.
    """

    folder: Path
    title: str
    notes: tuple[str, ...] = ()
    beside: bool = False
    arrival: Arrival | None = None
    """How far it is, where it arrives."""
    not_sent: Mapping[str, str] = field(default_factory=dict)
    """What the source lists and did not send, as `ichviewer.ui.session.arrival.Received` has it."""


@dataclass(frozen=True)
class CacheSize:
    """How much the cache holds.

    Parameters
    ----------
    n_studies, n_bytes, limit_bytes : int
    state : KeyState
        Whether studies are encrypted.
    n_plain : int
        Studies of which anything is not encrypted.
    n_unreadable : int
        Studies of which anything needs a key that the keyring did not give.
    """

    n_studies: int
    n_bytes: int
    limit_bytes: int
    state: KeyState
    n_plain: int = 0
    n_unreadable: int = 0


class Retrieval(QObject):
    """Fetches one study at a time. Lives on the main thread.

    Signals
    -------
    changed()
        `running` or `words` are others.
    progressed(int, int)
        Objects done, and in all (0: not known yet).
    arriving(FetchedStudy)
        The first object stands: the study can be opened while the rest arrives.
    fetched(FetchedStudy)
        All of it has come, or what of it is kept from before is shown.
    failed(str)
        Why a study did not come. What arrived of it is kept, and is not fetched again.
    cancelled()
    ended()
        After any of these three.
    cacheSized(CacheSize)
    cacheCleared(Cleared)
    cacheFailed(str)
    """

    changed = Signal()
    progressed = Signal(int, int)
    arriving = Signal(object)
    fetched = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    ended = Signal()
    cacheSized = Signal(object)
    cacheCleared = Signal(object)
    cacheFailed = Signal(str)

    def __init__(self, workers: Workers, network: NetworkAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers, self._network = workers, network
        self._task: Task | None = None
        self._from = ""
        self._done = (0, 0)
        # Filled by the worker: what was opened must be closed even if nobody waits for it any more.
        self._held: list[CachedStudy] = []
        # Closed, but maybe not put away yet.
        self._leaving: list[CachedStudy] = []
        self._lock = threading.Lock()
        self._fetching: CachedStudy | None = None
        self._arrival: Arrival | None = None
        self.limit_bytes: int | None = None
        """How much is kept; the usual amount unless told."""

    @property
    def running(self) -> bool:
        """Whether a study is being fetched."""
        return self._task is not None

    @property
    def done(self) -> tuple[int, int]:
        """Objects done, and in all (0: not known yet)."""
        done, total = self._done
        # Of progress that comes fast not all is told.
        stands = 0 if self._arrival is None else self._arrival.received().n_received
        return (max(done, min(stands, total)), total) if total else self._done

    @property
    def words(self) -> str:
        """How far it is; empty while nothing is fetched."""
        if self._task is None:
            return ""
        done, total = self.done
        count = (
            tr("{done:,} of {total:,} objects").format(done=done, total=total)
            if total
            else tr("{done:,} objects").format(done=done)
            if done
            else tr("a study")
        )
        return tr("Fetching {count} from {value}").format(count=count, value=self._from)

    def fetch(self, peer: Peer, study_uid: str, *, beside: bool = False) -> bool:
        """Fetch what the cache lacks of a study; whether that was begun, which it is not while another one runs."""
        if self._task is not None:
            return False
        self._from, self._done = peer.name, (0, 0)
        self._task = self._workers.run(
            lambda context: self._fetch(context, peer, study_uid, beside),
            on_item=self._first_stands,
            on_result=self._over,
            on_error=self._over,
            on_cancelled=lambda: self._over(None),
            on_progress=self._progress,
            lane=_LANE,
        )
        self.changed.emit()
        return True

    def cancel(self) -> None:
        """Stop; what arrived is kept."""
        if self._task is not None:
            self._task.cancel()

    def release(self, still_open: Collection[Path]) -> None:
        """Let the cache remove studies that are not open in the window any more.

        Parameters
        ----------
        still_open : collection of Path
            What is open.
        """
        with self._lock:
            # What is being fetched is still written to, and may stand nowhere in the window yet.
            kept = [s for s in self._held if s is self._fetching or s.objects_folder in still_open]
            gone = [study for study in self._held if study not in kept]
            self._held = kept
            self._leaving += gone
        for study in gone:
            study.let_go()
        if gone:
            # Removing decrypted copies takes a moment.
            self._workers.run(lambda _: self._put_away(), lane=_CACHE_LANE)
        if self._task is not None and self._arrival is not None and self._arrival.folder not in still_open:
            # Nobody sees it any more; what arrived is kept.
            self._task.cancel()

    def ask_size(self) -> None:
        """Say how much the cache holds."""

        def size(_: TaskContext) -> CacheSize:
            from ichviewer.network.study_cache import USUAL_LIMIT_BYTES

            limit = self.limit_bytes or USUAL_LIMIT_BYTES
            if not self._network.cache_exists():
                return CacheSize(0, 0, limit, self._network.cache_key.state)
            cache = self._network.cache(self.limit_bytes)
            studies = cache.studies()
            return CacheSize(
                len(studies),
                sum(study.n_bytes for study in studies),
                limit,
                cache.state,
                sum(study.n_plain > 0 for study in studies),
                sum(study.n_unreadable > 0 for study in studies),
            )

        self._workers.run(size, on_result=self.cacheSized.emit, on_error=self._cache_failed, lane=_CACHE_LANE)

    def start(self) -> None:
        """Remove what a killed program left decrypted."""

        def tidy(_: TaskContext) -> None:
            if self._network.copies_exist():
                # Done by whoever uses the cache.
                self._network.cache(self.limit_bytes)

        self._workers.run(tidy, on_error=self._cache_failed, lane=_CACHE_LANE)

    def clear_cache(self) -> None:
        """Remove all fetched studies that are not open."""

        def clear(_: TaskContext) -> Cleared:
            return self._network.cache(self.limit_bytes).clear()

        self._workers.run(
            clear, on_result=self.cacheCleared.emit, on_error=self._cache_failed, lane=_CACHE_LANE
        )

    def close(self, *, ended: bool, clear: bool) -> None:
        """Let go of all studies when the window closes, after its workers were stopped.

        Parameters
        ----------
        ended : bool
            Whether all threads ended. What one still writes is left alone; it is let go of with the process.
        clear : bool
            Whether the cache is cleared then.
        """
        if ended:
            with self._lock:
                self._leaving += self._held
                self._held = []
            self._put_away()
        if clear and self._network.cache_exists():
            try:
                self._network.cache(self.limit_bytes).clear()
            except IchViewerError as error:
                # There is no window any more to say it in; the next start does not depend on it.
                log.warning("the cache could not be cleared: %s", type(error).__name__)

    def _put_away(self) -> None:
        while True:
            with self._lock:
                if not self._leaving:
                    return
                study = self._leaving.pop()
            study.close()

    def _fetch(self, context: TaskContext, peer: Peer, study_uid: str, beside: bool) -> FetchedStudy:
        from ichviewer.network.fetch_study import fetch_study

        source = self._network.source(peer)
        title = tr("study from {name}").format(name=peer.name)
        first = threading.Lock()
        opened: list[CachedStudy] = []
        watches: list[SeriesWatch] = []

        def stands() -> None:
            # From any thread; of those to come, progress tells.
            if opened and watches and first.acquire(blocking=False):
                study, watch = opened[0], watches[0]
                arrival = Arrival(
                    study.objects_folder,
                    lambda: study.checked,
                    more_folders=lambda: study.more_folders,
                    whole=lambda: watch.whole,
                )
                # A source that is to stop hears of it by itself, not from whoever stores.
                with contextlib.suppress(Cancelled):
                    context.item(FetchedStudy(arrival.folder, title, (), beside, arrival))

        study = self._network.cache(self.limit_bytes).open(peer.name, study_uid, stands, context.cancel)
        with self._lock:
            self._held.append(study)
            self._fetching = study
        opened.append(study)
        outcome = fetch_study(source, study, context.progress, context.cancel, watches.append)
        if not study.paths(context.progress, context.cancel):
            raise NetworkError(tr("no object of the study came"), peer.name)
        context.cancel.check()
        return FetchedStudy(study.objects_folder, title, outcome.notes, beside, not_sent=outcome.not_sent)

    def _first_stands(self, study: FetchedStudy) -> None:
        self._arrival = study.arrival
        self._tell_arrival()
        self.arriving.emit(study)

    def _tell_arrival(self) -> None:
        if self._arrival is not None and self._done[1]:
            self._arrival.expect(self._done[1])

    def _progress(self, done: int, total: int, _: str) -> None:
        self._done = done, total
        self._tell_arrival()
        self.progressed.emit(done, total)

    def _over(self, outcome: FetchedStudy | BaseException | None) -> None:
        arrival, self._arrival, self._task = self._arrival, None, None
        with self._lock:
            self._fetching = None
        try:
            if isinstance(outcome, FetchedStudy):
                if arrival is not None:
                    arrival.end(Stage.WHOLE, outcome.not_sent)
                # Whoever opens it does so before anything is released.
                self.fetched.emit(outcome)
            elif arrival is not None:
                arrival.end(Stage.BROKEN)
        finally:
            self.changed.emit()
        if outcome is None:
            self.cancelled.emit()
        elif isinstance(outcome, IchViewerError):
            self.failed.emit(error_words(outcome))
        elif isinstance(outcome, BaseException):
            self.failed.emit(tr("An unexpected error; a report tells more."))
            self._workers.report_bug(outcome)
        self.ended.emit()

    def _cache_failed(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self.cacheFailed.emit(error_words(error))
        else:
            self._workers.report_bug(error)
