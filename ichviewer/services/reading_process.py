"""Reads headers and decodes slices in a process of its own, for a window that must not stall.

Parsing DICOM is pure Python and holds the interpreter lock; a window in the same process waits for it many times a
frame. Besides, a decoder that crashes on a damaged file ends this process only, and the next slice starts another.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, PatientInfo, Series, SeriesKey, SliceInfo, Study, StudyInfo
from ichviewer.errors import DecodeError, EngineError, IchViewerError
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.child_process import ChildProcess, settle_in

_POLL_S = 0.2
_PROGRESS_INTERVAL_S = 0.05

_Outline = list[tuple[StudyInfo, PatientInfo, list[SeriesKey]]]
"""A catalog without its series, which travel one by one and only when they have changed."""


class ReadingProcess:
    """`ichviewer.services.open_study.open_study` and `ichviewer.dicom.decode.read_slice`, somewhere else.

    The process is started at once and without waiting for it, so that it gets ready while the window is built.
    """

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._listing = threading.Lock()
        self._decoding = threading.Lock()
        self._closed = threading.Event()
        self._child: ChildProcess | None = self._start()

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        return None if self._child is None else self._child.pid

    def open_study(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress = silent,
        cancel: CancelToken | None = None,
        on_partial: Callable[[Catalog], None] | None = None,
    ) -> Catalog:
        """Read the headers of everything under some paths; see `ichviewer.services.open_study.open_study`.

        Raises
        ------
        NothingReadableError, Cancelled
            As there.
        EngineError
            The process ended before it was done.
        """
        with self._listing:
            child = self._ready()
            pipe = child.pipes[0]
            try:
                # What a reading that was cancelled still had to say.
                while pipe.poll():
                    pipe.recv()
                pipe.send(list(paths))
                return self._gather(pipe, progress, cancel or CancelToken(), on_partial)
            except (EOFError, OSError) as error:
                raise child.died() from error

    def read_slice(self, info: SliceInfo) -> DecodedSlice:
        """Decode a slice; see `ichviewer.dicom.decode.read_slice`.

        Raises
        ------
        ReadError, DecodeError
            As there; a DecodeError too if the decoder crashed.
        """
        with self._decoding:
            child = self._ready()
            pipe = child.pipes[1]
            try:
                pipe.send(info)
                answer = pipe.recv()
            except (EOFError, OSError) as error:
                how = child.died()
                if self._closed.is_set():
                    raise Cancelled from error
                raise DecodeError("the decoder crashed", str(info.source), how.found) from error
        if isinstance(answer, IchViewerError):
            raise answer
        decoded: DecodedSlice = answer
        # A pickled array is writable again.
        decoded.image.stored.setflags(write=False)
        return decoded

    def close(self) -> None:
        """End the process at once. May be called twice and from any thread."""
        self._closed.set()
        child = self._child
        if child is not None:
            child.end()

    def _start(self) -> ChildProcess:
        return ChildProcess("the reading process", _serve, pipes=2)

    def _ready(self) -> ChildProcess:
        with self._starting:
            if self._closed.is_set():
                raise Cancelled
            if self._child is None or self._child.pid is None:
                self._child = self._start()
            return self._child

    def _gather(
        self,
        pipe: Connection,
        progress: Progress,
        cancel: CancelToken,
        on_partial: Callable[[Catalog], None] | None,
    ) -> Catalog:
        series: dict[SeriesKey, Series] = {}
        while True:
            if cancel.cancelled or self._closed.is_set():
                pipe.send("cancel")
                _await_end(pipe)
                raise Cancelled
            if not pipe.poll(_POLL_S):
                continue
            kind, value = pipe.recv()
            if kind == "series":
                series[value.key] = value
            elif kind == "progress":
                progress(*value)
            elif kind == "partial":
                if on_partial is not None:
                    on_partial(_catalog(value, series))
            elif kind == "catalog":
                return _catalog(value, series)
            else:
                raise value


def _await_end(pipe: Connection) -> None:
    """Let the other side finish, so that its last words are not taken for an answer to the next question."""
    while pipe.recv()[0] not in ("catalog", "error"):
        pass


def _catalog(value: tuple[_Outline, tuple[Problem, ...]], series: dict[SeriesKey, Series]) -> Catalog:
    outline, problems = value
    return Catalog(
        tuple(Study(info, patient, tuple(series[key] for key in keys)) for info, patient, keys in outline),
        problems,
    )


# In the process


def _serve(listing: Connection, decoding: Connection) -> None:
    settle_in()
    threading.Thread(target=_serve_slices, args=(decoding,), daemon=True).start()
    # The window is not there yet: a good time for what takes long to load.
    from ichviewer.services.open_study import open_study  # noqa: PLC0415

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            paths = listing.recv()
            if paths == "cancel":
                continue  # too late: that reading is done
            _list(listing, paths, open_study)


def _serve_slices(pipe: Connection) -> None:
    from ichviewer.dicom.decode import read_slice  # noqa: PLC0415

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            info = pipe.recv()
            try:
                answer: object = read_slice(info)
            except IchViewerError as error:
                answer = error
            pipe.send(answer)


def _list(pipe: Connection, paths: list[Path], open_study: Callable[..., Catalog]) -> None:
    teller = _Teller(pipe)
    try:
        catalog = open_study(paths, progress=teller.progress, cancel=teller.cancel, on_partial=teller.partial)
    except Cancelled:
        pipe.send(("error", EngineError("cancelled")))
    except IchViewerError as error:
        pipe.send(("error", error))
    else:
        teller.tell("catalog", catalog)


class _Teller:
    """Sends what was found so far, each series once unless it has changed."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sent: dict[SeriesKey, Any] = {}
        self._last_progress = 0.0
        self.cancel = CancelToken()

    def progress(self, done: int, total: int, what: str) -> None:
        if self._pipe.poll():
            self._pipe.recv()
            self.cancel.cancel()
        now = time.monotonic()
        if done == total or now - self._last_progress >= _PROGRESS_INTERVAL_S:
            self._last_progress = now
            self._pipe.send(("progress", (done, total, what)))

    def partial(self, catalog: Catalog) -> None:
        self.tell("partial", catalog)

    def tell(self, kind: str, catalog: Catalog) -> None:
        for series in catalog.series:
            state = (len(series), series.problems)
            if self._sent.get(series.key) != state:
                self._sent[series.key] = state
                self._pipe.send(("series", series))
        outline = [(s.info, s.patient, [series.key for series in s.series]) for s in catalog.studies]
        self._pipe.send((kind, (outline, catalog.problems)))
