"""The stored results of what is open: listed once everything is read, and opened one by one."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.domain.stored_object import StoredKind
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.result_reading import ReadResult, StoredEntry, read_result
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.shown_results import LANE
from ichviewer.ui.session.workers import Task, TaskContext


class StoredList(QObject):
    """On the main thread; lists and reads beside it, and nothing of what was closed arrives.

    Captured screens are left out: they are images, and listed as series.

    Parameters
    ----------
    session : Session

    Signals
    -------
    changed()
        Other results are listed, or one is being read.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._entries: tuple[StoredEntry, ...] = ()
        self._listing: Task | None = None
        self._reading: dict[StoredEntry, Task] = {}
        session.catalogChanged.connect(self._catalog_changed)
        session.studiesClosed.connect(self._studies_closed)
        # They are listed again when the study is whole.
        session.studyGrows.connect(self._studies_closed)
        for gone in (session.opening, session.closed, session.readFailed):
            gone.connect(lambda *_: self._forget())

    @property
    def entries(self) -> tuple[StoredEntry, ...]:
        """All of them, study by study, in the order of their series numbers."""
        return self._entries

    def reads(self, entry: StoredEntry) -> bool:
        """Whether a result is being read."""
        return entry in self._reading

    def read(
        self,
        entry: StoredEntry,
        then: Callable[[ReadResult], None],
        failed: Callable[[IchViewerError], None],
    ) -> None:
        """Read a result; asked again while it is being read, stop.

        Parameters
        ----------
        entry : StoredEntry
        then, failed : callable
            One of them is called, unless it was stopped or its study closed meanwhile.
        """
        if entry in self._reading:
            self._reading.pop(entry).drop()
            self.changed.emit()
            return
        if entry not in self._entries:
            return
        decode = self._session.reader.read_slice

        def work(context: TaskContext) -> ReadResult:
            return read_result(entry, decode, context.cancel)

        def done(result: ReadResult) -> None:
            self._over(entry)
            then(result)

        def not_read(error: BaseException) -> None:
            self._over(entry)
            if not isinstance(error, IchViewerError):
                self._session.workers.report_bug(error)
                return
            failed(error)

        self._reading[entry] = self._session.workers.run(work, on_result=done, on_error=not_read, lane=LANE)
        self.changed.emit()

    # Parts

    def _over(self, entry: StoredEntry) -> None:
        self._reading.pop(entry, None)
        self.changed.emit()

    def _catalog_changed(self, _: Catalog, complete: bool) -> None:
        if not complete:
            return
        if self._listing is not None:
            self._listing.drop()
        catalogs = [place.catalog for place in self._session.places.all]
        if not any(catalog.stored for catalog in catalogs):
            self._listing = None
            self._set(())
            return
        known = {(entry.anchor, id(entry.stored)): entry for entry in self._entries}
        self._listing = self._session.workers.run(
            lambda _: _listed(catalogs, known), on_result=self._set, lane=LANE
        )

    def _studies_closed(self, closed: Sequence[Series]) -> None:
        keys = {series.key for series in closed}
        self._close(keys)
        if self._listing is not None and not self._listing.over:
            # What it lists may be of a study that is not open any more.
            self._catalog_changed(self._session.catalog, True)

    def _forget(self) -> None:
        if self._listing is not None:
            self._listing.drop()
            self._listing = None
        for task in self._reading.values():
            task.drop()
        self._reading.clear()
        self._set(())

    def _close(self, keys: Container[SeriesKey]) -> None:
        for entry in [entry for entry in self._reading if entry.anchor in keys]:
            self._reading.pop(entry).drop()
        self._set(tuple(entry for entry in self._entries if entry.anchor not in keys))

    def _set(self, entries: tuple[StoredEntry, ...]) -> None:
        if entries != self._entries:
            self._entries = entries
            self.changed.emit()


def _listed(
    catalogs: Sequence[Catalog], known: dict[tuple[SeriesKey, int], StoredEntry]
) -> tuple[StoredEntry, ...]:
    from ichviewer.services.stored_results import stored_results  # noqa: PLC0415 - pydicom, when it is needed

    found = []
    for catalog in catalogs:
        for results in stored_results(catalog):
            for stored in results.objects:
                if stored.kind is not StoredKind.CAPTURE:
                    found.append(_entry(StoredEntry(results.study, stored), known))
    return tuple(found)


def _entry(entry: StoredEntry, known: dict[tuple[SeriesKey, int], StoredEntry]) -> StoredEntry:
    # One that was listed already stays the same object: it may be shown, or on its way.
    return known.get((entry.anchor, id(entry.stored)), entry)
