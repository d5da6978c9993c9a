"""A node's worklist as it is now: read beside the window, again only when its file has changed, and never written."""

# ruff: noqa: PLC0415 - the window starts without the network
from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.sources.retrieval import FetchedStudy

if TYPE_CHECKING:
    from ichviewer.network.node.entry import Entry

_LANE = "worklist"
_BUSY_S = 5.0
"""How long it is waited for a node that writes."""

_UNEXPECTED = tr("an unexpected error; a report tells more")

_Stamp = tuple[int, int, int, int]
"""Device, inode, size in bytes and time of change in ns of the file."""
_Look = tuple[_Stamp | None, "tuple[Entry, ...] | None"]


class WorklistControl(QObject):
    """Reads one worklist. Lives on the main thread.

    Parameters
    ----------
    workers : Workers
    parent : QObject or None

    Signals
    -------
    changed()
        `entries`, `complaint` or `path` are others, or `first` was read.
    flagged(int)
        So many studies are flagged that were not when it was looked at before.
    found(FetchedStudy)
        The images of a study are there and can be opened.
    missing(str)
        They are not, and why.
    """

    changed = Signal()
    flagged = Signal(int)
    found = Signal(object)
    missing = Signal(str)

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._looking: Task | None = None
        self._finding: Task | None = None
        self._forget()
        self.path: Path | None = None

    def _forget(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        """The most urgent first."""
        self.read_at: datetime | None = None
        """When `entries` were read, or found to be unchanged; None before."""
        self.complaint = ""
        """Why it could not be read the last time; `entries` are older then."""
        self.new: frozenset[str] = frozenset()
        """UIDs of studies that were flagged since it was first read, and not seen by the reader since."""
        self._flagged: frozenset[str] = frozenset()
        self._stamp: _Stamp | None = None
        self._settled = False

    @property
    def opening(self) -> bool:
        """Whether the images of a study are being looked for."""
        return self._finding is not None

    def use(self, path: Path) -> None:
        """Read another worklist: a file, or the folder of a node."""
        self.drop()
        self._forget()
        self.path = path
        self.changed.emit()
        self.look()

    def look(self) -> None:
        """See whether it has changed, and read it if so."""
        if self._looking is not None or self.path is None:
            return
        path, known = self.path, self._stamp if self._settled else None

        def look(_: TaskContext) -> _Look:
            from ichviewer.network.node.entry import by_urgency
            from ichviewer.network.node.worklist import read_worklist, worklist_file

            stamp = _stamp(worklist_file(path))
            if stamp is not None and stamp == known:
                return stamp, None
            return stamp, tuple(by_urgency(read_worklist(path, wait_s=_BUSY_S)))

        self._looking = self._workers.run(look, on_result=self._take, on_error=self._failed, lane=_LANE)

    def seen(self, study_uid: str | None = None) -> None:
        """The reader has seen a study that was new, or all of them."""
        self.new = frozenset() if study_uid is None else self.new - {study_uid}
        self.changed.emit()

    def find(self, entry: Entry, *, beside: bool) -> None:
        """Look for the images of a study, so that they can be opened."""
        if self._finding is not None or self.path is None:
            return
        path = self.path

        def find(_: TaskContext) -> FetchedStudy:
            from ichviewer.network.node.kept_images import find_images

            kept = find_images(path, entry)
            return FetchedStudy(kept.folder, tr("study from the worklist"), kept.notes, beside)

        self._finding = self._workers.run(
            find, on_result=self._found, on_error=self._not_found, lane=f"{_LANE}-images"
        )
        self.changed.emit()

    def drop(self) -> None:
        """Forget what is under way."""
        for task in (self._looking, self._finding):
            if task is not None:
                task.drop()
        self._looking = self._finding = None

    def _take(self, look: _Look) -> None:
        self._looking = None
        stamp, entries = look
        # What is written right after it was read may bear the same time: only what was the same twice is settled.
        self._settled, self._stamp = stamp == self._stamp, stamp
        first, self.read_at, self.complaint = self.read_at is None, datetime.now().astimezone(), ""
        n_new = 0
        if entries is not None:
            from ichviewer.network.node.entry import Group

            flagged = frozenset(entry.study_uid for entry in entries if entry.group is Group.FLAGGED)
            fresh = frozenset() if first else flagged - self._flagged
            self.new = (self.new | fresh) & flagged
            self.entries, self._flagged, n_new = entries, flagged, len(fresh)
        self.changed.emit()
        if n_new:
            self.flagged.emit(n_new)

    def _failed(self, error: BaseException) -> None:
        self._looking = None
        self._settled, self._stamp = False, None
        words = error_words(error) if isinstance(error, IchViewerError) else _UNEXPECTED
        if words == _UNEXPECTED != self.complaint:
            # It comes again every few seconds, and is reported once.
            self._workers.report_bug(error)
        self.complaint = words
        self.changed.emit()

    def _found(self, study: FetchedStudy) -> None:
        self._finding = None
        self.changed.emit()
        self.found.emit(study)

    def _not_found(self, error: BaseException) -> None:
        self._finding = None
        self.changed.emit()
        if isinstance(error, IchViewerError):
            self.missing.emit(error_words(error))
        else:
            self.missing.emit(_UNEXPECTED)
            self._workers.report_bug(error)


def _stamp(file: Path) -> _Stamp | None:
    try:
        found = file.stat()
    except OSError:
        # Reading it says why, in words.
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
