"""A running node: a receiver, a watched folder, workers and a sender, each in threads of its own."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Self

from ichviewer import __version__
from ichviewer.bundle import model_dir
from ichviewer.errors import IchViewerError, SettingsError, system_refusal
from ichviewer.inference.model_card import load_model_card
from ichviewer.network.node.cluster import Cluster
from ichviewer.network.node.inbox import INBOX, Inbox
from ichviewer.network.node.metrics import Figures, MetricsServer
from ichviewer.network.node.settings import MEGABYTE, NodeSettings
from ichviewer.network.node.study_analysis import HeadCtAnalyzer, StudyAnalyzer
from ichviewer.network.node.study_job import StudyJob
from ichviewer.network.node.watch import WatchedFolder
from ichviewer.network.node.worklist import Worklist
from ichviewer.network.open_source import open_source
from ichviewer.network.outbox import Outbox
from ichviewer.network.outbox_counts import count_outbox
from ichviewer.network.outbox_sender import send_due
from ichviewer.network.private_folder import make_private
from ichviewer.network.receiver import StorageReceiver
from ichviewer.network.secrets import Secret, Secrets
from ichviewer.network.source import Source
from ichviewer.progress import Cancelled, CancelToken, silent
from ichviewer.services.file_lock import try_lock

log = logging.getLogger("ichviewer.network")

RESULTS = "results"
OUTBOX = "outbox"
_LOCK = "node.lock"
_TURN_S = 0.5
_AFTER_ERROR_S = 5.0
_TIDYING_S = 600.0
_DAY_S = 86_400.0
_ENDING_S = 30.0


class GivenSecrets(Secrets):
    """Passwords and tokens that the node's settings named; no keyring is asked.

    Parameters
    ----------
    given : mapping of str to Secret
    """

    def __init__(self, given: dict[str, Secret]) -> None:
        super().__init__()
        self._given = given

    def find(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
        """A secret by its name, None where the settings name none."""
        return self._given.get(name)


class Node:
    """A node that takes studies and analyzes them until it is closed.

    Parameters
    ----------
    settings : NodeSettings
    make_analyzer : function of NodeSettings, optional
        What analyzes; called once for each worker. `HeadCtAnalyzer` unless told.

    Raises
    ------
    SettingsError
        If another node uses the folder, or it cannot be used.
    ReadError, ModelError, NetworkError
        If the worklist or the model cannot be read, or the receiver cannot listen.
    """

    def __init__(
        self, settings: NodeSettings, make_analyzer: Callable[[NodeSettings], StudyAnalyzer] | None = None
    ) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._cancel = CancelToken()
        self.bug: BaseException | None = None
        """What ended a thread of the node that should not have ended."""
        self._threads: list[threading.Thread] = []
        self._secrets = GivenSecrets(dict(settings.secrets))
        self._card = load_model_card(settings.analysis.model or model_dir())
        folder = settings.data_folder
        make_private(folder)
        self._left = ExitStack()
        with ExitStack() as stack:
            stack.callback(os.close, _hold(folder / _LOCK))
            self.worklist = stack.enter_context(Worklist(folder))
            if self.worklist.set_aside is not None:
                log.error("the worklist was damaged and is now %s", self.worklist.set_aside.name)
            self._inbox = Inbox(
                folder / INBOX,
                self.worklist,
                keep_free_bytes=settings.storage.keep_free_mb * MEGABYTE,
                most_waiting=settings.analysis.most_waiting,
                most_objects=settings.analysis.most_objects,
            )
            self._inbox.mend()
            self._job = StudyJob(
                self.worklist,
                self._inbox,
                folder / RESULTS,
                send_to=settings.results.send_to,
                tries=settings.analysis.tries,
            )
            if make_analyzer is None:
                # One for all workers; it ends after them.
                cluster = stack.enter_context(Cluster(settings)) if settings.analysis.scheduler else None
                make_analyzer = partial(HeadCtAnalyzer, cluster=cluster)
            analyzers = [make_analyzer(settings) for _ in range(settings.analysis.workers)]
            for analyzer in analyzers:
                stack.callback(analyzer.close)
            stack.callback(self._end_threads)
            stack.callback(self.stop)
            for number, analyzer in enumerate(analyzers):
                self._start(f"worker {number + 1}", lambda a=analyzer: self._analyze(a))  # type: ignore[misc]
            self._start("clock", self._queue)
            self._start("sender", self._send)
            if settings.watch.folder is not None:
                self._start("watch", self._watch)
            self._metrics = None
            if settings.metrics.port:
                self._metrics = MetricsServer(settings.metrics.port, self.figures)
                stack.callback(self._metrics.close)
            # Last: whoever is answered finds a node that works.
            self._receiver = StorageReceiver(settings.receiver, self._inbox)
            stack.callback(self._receiver.close)
            self._left = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def port(self) -> int:
        """Where the receiver listens."""
        return self._receiver.port

    def stop(self) -> None:
        """Ask the node to end; may be called from a handler of signals."""
        self._stopping.set()
        self._cancel.cancel()

    def close(self) -> None:
        """End everything: what is under way waits, as it is on disk, for the next start. May be called twice."""
        self.stop()
        self._left.close()

    def figures(self) -> Figures:
        """Numbers about the node as it is now."""
        return Figures(
            self.worklist.tally(),
            count_outbox(self._settings.data_folder / OUTBOX),
            self._inbox.n_taken,
            self._inbox.n_refused,
            self._card.name,
            str(self._card.version),
            __version__,
        )

    # Threads

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._guarded, args=(work,), name=f"ichviewer-node {name}")
        self._threads.append(thread)
        thread.start()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Cancelled:
            pass
        except BaseException as error:
            # A node of which a part has ended must not look alive; whoever runs it starts it again.
            log.exception("a part of the node ended")
            self.bug = error
            self.stop()

    def _end_threads(self) -> None:
        end = time.monotonic() + _ENDING_S
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _turns(self, turn: Callable[[], bool], pause_s: float = _TURN_S) -> None:
        """Do something again and again, at once where there is more to do; what the system refuses is tried later."""
        while not self._stopping.is_set():
            wait_s = pause_s
            try:
                if turn():
                    continue
            except (IchViewerError, OSError) as error:
                log.warning("%s", error if isinstance(error, IchViewerError) else system_refusal(error))
                wait_s = max(pause_s, _AFTER_ERROR_S)
            self._stopping.wait(wait_s)

    def _analyze(self, analyzer: StudyAnalyzer) -> None:
        self._turns(lambda: self._job.analyze_next(analyzer, self._cancel))

    def _queue(self) -> None:
        tidied_s = time.monotonic()

        def turn() -> bool:
            nonlocal tidied_s
            self.worklist.queue_quiet(self._settings.analysis.quiet_s, self._inbox.count)
            if time.monotonic() - tidied_s > _TIDYING_S:
                tidied_s = time.monotonic()
                for study_uid in self.worklist.finished_before(
                    time.time() - self._settings.storage.keep_days * _DAY_S
                ):
                    self._inbox.forget(study_uid)
            return False

        self._turns(turn)

    def _send(self) -> None:
        tidied_s = -math.inf

        def turn() -> bool:
            nonlocal tidied_s
            # An outbox belongs to one thread; one that failed is opened anew.
            with Outbox(self._settings.data_folder / OUTBOX) as outbox:
                while not self._stopping.is_set():
                    self._job.hand_over(outbox)
                    send_due(outbox, self._destination, silent, self._cancel)
                    self._job.note_deliveries(outbox)
                    kept_s = self._settings.storage.keep_sent_days * _DAY_S
                    if time.monotonic() - tidied_s > _TIDYING_S and not self._job.forget_sent(
                        outbox, time.time() - kept_s
                    ):
                        tidied_s = time.monotonic()
                    self._stopping.wait(_TURN_S)
            return False

        self._turns(turn)

    def _watch(self) -> None:
        folder = self._settings.watch.folder
        assert folder is not None
        watched = WatchedFolder(
            folder, self._inbox, self.worklist, self._settings.receiver.largest_object_bytes
        )

        def turn() -> bool:
            watched.look(self._stopping.is_set)
            return False

        self._turns(turn, self._settings.watch.every_s)

    def _destination(self, name: str) -> Source:
        for peer in self._settings.peers:
            if peer.name == name:
                return open_source(peer, self._secrets)
        raise SettingsError(
            "results cannot be sent: the node's settings name no such destination", found=name
        )


def retry(settings: NodeSettings) -> tuple[int, int]:
    """Let what failed and what was refused be tried again.

    Must be called while no node runs on the same folder.

    Returns
    -------
    tuple of (int, int)
        Studies to be analyzed again, and objects to be sent again.

    Raises
    ------
    SettingsError
        If a node runs there.
    """
    folder = settings.data_folder
    make_private(folder)
    with ExitStack() as stack:
        stack.callback(os.close, _hold(folder / _LOCK))
        worklist = stack.enter_context(Worklist(folder))
        outbox = stack.enter_context(Outbox(folder / OUTBOX))
        return worklist.retry(), outbox.retry()


def _hold(path: Path) -> int:
    """Take the lock of a node's folder for as long as the program lives."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if try_lock(handle):
            return handle
        raise SettingsError("another node uses this folder", str(path.parent))
    except BaseException:
        os.close(handle)
        raise
