"""A study fetched with WADO-RS: series side by side, and after a broken line only what is missing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from ichviewer.errors import NetworkError, ReadError
from ichviewer.network.http_session import JSON, OBJECTS
from ichviewer.network.object_identity import identify
from ichviewer.network.query import SeriesAnswer
from ichviewer.network.source import (
    FailedObject,
    OnListed,
    ReceivedObject,
    Receiver,
    Retrieved,
    SeriesListing,
    unheard,
)
from ichviewer.network.web_answers import uid_of
from ichviewer.network.web_line import Line, Pace, patiently, sleep
from ichviewer.network.web_words import BusyError, MissingError
from ichviewer.progress import Cancelled, CancelToken, Progress

SIDE_BY_SIDE = 3
"""Series at one time. Each may hold one object in memory."""

_PAGE = 1000
_MOST_INSTANCES = 1_000_000
_POLL_S = 0.05


@dataclass(frozen=True)
class _Count:
    """News from a thread: objects now known of, and objects settled."""

    known: int = 0
    done: int = 0


class Retrieval:
    """Fetches series of one study.

    Parameters
    ----------
    line : callable
        A line for what is accepted (`http_session.OBJECTS` or `http_session.JSON`).
    where : str
        The server, for messages.
    into : Receiver
    pace : Pace
    on_listed : callable
        See `ichviewer.network.source.Source.retrieve`.
    """

    def __init__(
        self,
        line: Callable[[str, CancelToken], Line],
        where: str,
        into: Receiver,
        pace: Pace,
        on_listed: OnListed = unheard,
    ) -> None:
        self._line = line
        self._where = where
        self._into = into
        self._pace = pace
        self._on_listed = on_listed
        self._stop = CancelToken()
        self._news: queue.SimpleQueue[_Count] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._n_arrived = 0
        self._n_there = 0
        self._failed: list[FailedObject] = []

    def run(self, series: Sequence[SeriesAnswer], progress: Progress, cancel: CancelToken) -> Retrieved:
        """Fetch them all. ``progress`` is called in the caller's thread only.

        Raises
        ------
        NetworkError
            If a series cannot be fetched; the others are. What arrived is with the receiver.
        ExportError
            If the receiver cannot store; nothing more is fetched.
        Cancelled
        """
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="retrieval") as threads:
            work = [threads.submit(self._fetch, one) for one in series]
            try:
                self._report(work, progress, cancel)
            finally:
                # Reached at once, unless somebody cancelled: then the threads end at their next step.
                self._stop.cancel()
                for future in work:
                    future.cancel()
        errors = [error for future in work if not future.cancelled() and (error := future.exception())]
        # One that stopped the others comes before what it did to them.
        if errors:
            raise min(errors, key=lambda e: (isinstance(e, Cancelled), isinstance(e, NetworkError)))
        return Retrieved(self._n_arrived, self._n_there, tuple(self._failed))

    def _report(self, work: list[Future[None]], progress: Progress, cancel: CancelToken) -> None:
        known = done = 0
        while True:
            cancel.check()
            # Asked before the news: what a thread says before it ends is not missed.
            over = all(future.done() for future in work)
            while not self._news.empty():
                news = self._news.get()
                known, done = known + news.known, done + news.done
                progress(done, max(known, done), "fetching the study")
            if over:
                return
            if any(_is_fatal(future) for future in work):
                self._stop.cancel()
            threading.Event().wait(_POLL_S)

    def _fetch(self, series: SeriesAnswer) -> None:
        """Fetch one series, in a thread of its own."""
        uids = self._list(series)
        if not uids:
            with self._lock:
                why = "the server lists a series with nothing in it"
                self._failed.append(FailedObject("", why, series.series_uid))
            return
        self._on_listed(SeriesListing(series.series_uid, series.n_instances, frozenset(uids)))
        missing = [uid for uid in uids if not self._into.has(uid)]
        with self._lock:
            self._n_there += len(uids) - len(missing)
        self._news.put(_Count(len(uids), len(uids) - len(missing)))
        with self._line(OBJECTS, self._stop) as line:
            whole = len(missing) == len(uids)
            tries, failed = 0, dict[str, str]()
            while missing := [uid for uid in missing if uid not in failed and not self._into.has(uid)]:
                try:
                    if whole:
                        # Once: what a whole answer lacks is asked for one by one.
                        whole = False
                        self._fetch_whole(line, series)
                    else:
                        failed |= self._fetch_each(line, series, missing)
                except NetworkError as error:
                    left = sum(not self._into.has(uid) for uid in missing)
                    if not left:
                        break  # what broke off was only the end of the message
                    tries = tries + 1 if left == len(missing) else 1
                    asked_s = error.retry_after_s if isinstance(error, BusyError) else None
                    wait_s = self._pace.wait_s(tries, asked_s) if error.may_retry else None
                    if wait_s is None:
                        raise
                    sleep(wait_s, self._stop)
        with self._lock:
            self._failed += [FailedObject(uid, reason, series.series_uid) for uid, reason in failed.items()]
        self._news.put(_Count(0, len(failed)))

    def _list(self, series: SeriesAnswer) -> list[str]:
        """UIDs of the objects of a series."""
        found: dict[str, None] = {}
        with self._line(JSON, self._stop) as line:
            while len(found) < _MOST_INSTANCES:
                before = len(found)
                page = patiently(partial(self._page, line, series, before), self._pace, self._stop)
                found |= dict.fromkeys(page)
                # A server that knows no offset says the same again.
                if len(found) == before or (len(page) < _PAGE and not line.session.warned):
                    break
        return list(found)

    def _page(self, line: Line, series: SeriesAnswer, offset: int) -> list[str]:
        with line.speaking():
            answers = line.client.search_for_instances(
                series.study_uid, series.series_uid, limit=_PAGE, offset=offset
            )
            uids = [uid_of(answer, "SOPInstanceUID") for answer in answers]
        return [uid for uid in uids if uid is not None]

    def _fetch_whole(self, line: Line, series: SeriesAnswer) -> None:
        """Ask for a series in one message."""
        for data in self._parts(line, _address(line, series)):
            self._store(series, data)

    def _fetch_each(self, line: Line, series: SeriesAnswer, uids: Sequence[str]) -> dict[str, str]:
        """Ask for objects one by one; reasons for those that the server does not give."""
        failed = {}
        address = f"{_address(line, series)}/instances"
        for uid in uids:
            try:
                for data in self._parts(line, f"{address}/{quote(uid, safe='')}"):
                    self._store(series, data)
            except MissingError as error:
                failed[uid] = str(error)
                continue
            if not self._into.has(uid):
                failed[uid] = "the server lists this object but does not send it"
        return failed

    def _parts(self, line: Line, address: str) -> Iterator[bytes]:
        """Parts of a multipart message as they become whole."""
        with line.speaking():
            # Of the library's methods this one leaves the parts as they are: files, byte for byte.
            parts = iter(line.client.iter_bulkdata(address))
        while True:
            with line.speaking():
                part = next(parts, None)
            if part is None:
                return
            yield bytes(part)

    def _store(self, series: SeriesAnswer, data: bytes) -> None:
        self._stop.check()
        try:
            found = identify(data, self._where)
        except ReadError as error:
            raise NetworkError(
                f"the server sent what is no whole object: {error.what}", self._where
            ) from error
        if (found.study_uid, found.series_uid) != (series.study_uid, series.series_uid):
            raise NetworkError(
                "the server sent an object of another study or series than was asked for; it is not used",
                self._where,
            )
        new = not self._into.has(found.sop_uid)
        self._into(ReceivedObject(found.sop_class_uid, found.sop_uid, found.transfer_syntax_uid, data))
        if new:
            with self._lock:
                self._n_arrived += 1
            self._news.put(_Count(0, 1))


def _address(line: Line, series: SeriesAnswer) -> str:
    """Where the objects of a series lie (PS3.18 section 10.4.1.1)."""
    base, prefix = line.client.base_url, line.client.wado_url_prefix
    study, one = (quote(uid, safe="") for uid in (series.study_uid, series.series_uid))
    return f"{base}{f'/{prefix}' if prefix else ''}/studies/{study}/series/{one}"


def _is_fatal(future: Future[None]) -> bool:
    """Whether a series failed in a way that the others would fail too: nothing can be stored, or a bug."""
    if not future.done() or future.cancelled():
        return False
    error = future.exception()
    return error is not None and not isinstance(error, NetworkError)
