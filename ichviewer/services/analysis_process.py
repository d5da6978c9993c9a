"""Analyses series in a process of its own, decoding included.

A window that shares its interpreter with the analysis stalls: between two paints the analysis holds the
interpreter lock for tens of milliseconds (measured: 50 to 100 ms gaps with LiteRT, whose model itself releases the
lock; the search for the head and the preprocessing do not). A process of its own leaves the window alone, and a
crash in a decoder or an engine ends that process only.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.series import Series
from ichviewer.errors import EngineError, ModelError
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.child_process import ChildProcess, settle_in

if TYPE_CHECKING:
    # What analyses is loaded in the process only, not in the window that starts it.
    from ichviewer.inference.engine import Engine
    from ichviewer.inference.model_card import ModelCard

START_TIMEOUT_S = 120.0
_POLL_S = 0.2
_PROGRESS_INTERVAL_S = 0.05
_CACHE_BYTES = 128 * 1024 * 1024
"""The analysis looks at every slice a few times, its neighbors included, and then never again."""

_NICE = 5


def _never() -> bool:
    return False


class AnalysisProcess:
    """Runs `ichviewer.services.annotate.annotate_series` somewhere else.

    The process ends with `close` and with the program, however that ends. If it ends by itself, the series under way
    fails, and the next one starts another process.

    Parameters
    ----------
    card : ModelCard
    kind : str
        ``auto``, ``litert`` or ``keras``, as for `ichviewer.inference.engine.open_engine`.
    cancel : CancelToken, optional
        Gives up waiting for the engine.

    Raises
    ------
    ModelError, EngineError
        What opening the engine raised there, or the process could not be started.
    Cancelled
    """

    def __init__(self, card: ModelCard, kind: str = "auto", *, cancel: CancelToken | None = None) -> None:
        self._card = card
        self._kind = kind
        self._closed = threading.Event()
        self.name = ""
        self._child = self._start(cancel or CancelToken())

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        return self._child.pid

    def annotate(
        self,
        series: Series,
        *,
        on_finding: Callable[[int, SliceFinding], None] | None = None,
        progress: Progress = silent,
        cancel: CancelToken | None = None,
        paused: Callable[[], bool] = _never,
    ) -> SeriesFindings:
        """Analyse a series; see `ichviewer.services.annotate.annotate_series`.

        Parameters
        ----------
        series : Series
        on_finding, progress, cancel
            As there; called from this thread.
        paused : callable
            While it gives True, the analysis is held between two slices.

        Raises
        ------
        Cancelled
            It was asked to stop; what was found until then has been told.
        EngineError
            The process ended before it was done.
        """
        token = cancel or CancelToken()
        if self._child.pid is None and not self._closed.is_set():
            self._child = self._start(token)
        child = self._child
        try:
            child.pipes[0].send(("annotate", series))
            return self._listen(child.pipes[0], on_finding, progress, token, paused)
        except (EOFError, OSError) as error:
            raise self._how(child) from error

    def close(self) -> None:
        """End the process at once: it holds nothing worth saving. May be called twice and from any thread."""
        self._closed.set()
        self._child.end()

    def _listen(
        self,
        pipe: Connection,
        on_finding: Callable[[int, SliceFinding], None] | None,
        progress: Progress,
        cancel: CancelToken,
        paused: Callable[[], bool],
    ) -> SeriesFindings:
        told = "go"
        while True:
            wanted = "cancel" if cancel.cancelled else "pause" if paused() else "go"
            if wanted != told:
                pipe.send(wanted)
                told = wanted
            if self._closed.is_set():
                raise Cancelled
            if not pipe.poll(_POLL_S):
                continue
            kind, value = pipe.recv()
            if kind == "done":
                if told == "cancel":
                    raise Cancelled
                findings: SeriesFindings = value
                return findings
            if kind == "error":
                raise value
            if told == "cancel":
                continue
            if kind == "finding" and on_finding is not None:
                on_finding(*value)
            elif kind == "progress":
                progress(*value)

    def _start(self, cancel: CancelToken) -> ChildProcess:
        child = ChildProcess("the analysis process", _serve, (self._card, self._kind))
        try:
            kind, value = self._first_answer(child, cancel)
        except (EOFError, OSError) as error:
            raise self._how(child) from error
        if kind == "error":
            child.end()
            raise value
        self.name = value
        return child

    def _first_answer(self, child: ChildProcess, cancel: CancelToken) -> tuple[str, Any]:
        pipe = child.pipes[0]
        until = time.monotonic() + START_TIMEOUT_S
        while not pipe.poll(_POLL_S):
            if cancel.cancelled or self._closed.is_set():
                child.end()
                raise Cancelled
            if time.monotonic() > until:
                child.end()
                raise EngineError(f"the model did not start within {START_TIMEOUT_S:.0f} s")
        answer: tuple[str, Any] = pipe.recv()
        return answer

    def _how(self, child: ChildProcess) -> EngineError | Cancelled:
        """Why a pipe broke: it was closed, or the process died."""
        if self._closed.is_set():
            child.end()
            return Cancelled()
        return child.died()


class _Orders:
    """In the process: what the window wants, read between two steps."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._last_progress = 0.0
        self.cancel = CancelToken()

    def finding(self, index: int, finding: SliceFinding) -> None:
        self._pipe.send(("finding", (index, finding)))

    def progress(self, done: int, total: int, what: str) -> None:
        self._follow()
        now = time.monotonic()
        if done == total or now - self._last_progress >= _PROGRESS_INTERVAL_S:
            self._last_progress = now
            self._pipe.send(("progress", (done, total, what)))

    def _follow(self) -> None:
        """Do what was ordered; stay here while paused."""
        held = False
        while held or self._pipe.poll():
            order = self._pipe.recv()
            held = order == "pause"
            if order == "cancel":
                self.cancel.cancel()


def _serve(pipe: Connection, card: ModelCard, kind: str) -> None:
    """What the process does: open the engine, then analyse until nobody is left to listen."""
    settle_in(_NICE)
    from ichviewer.inference.engine import open_engine  # noqa: PLC0415

    try:
        engine = open_engine(card, kind)
    except (EngineError, ModelError) as error:
        pipe.send(("error", error))
        return
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(("ready", engine.name))
        while True:
            order = pipe.recv()
            if isinstance(order, tuple):
                pipe.send(_analyse(pipe, order[1], engine, card))
            # Anything else came too late: the series it was about is done.
    engine.close()


def _analyse(pipe: Connection, series: Series, engine: Engine, card: ModelCard) -> tuple[str, object]:
    from ichviewer.dicom.pixel_cache import PixelCache  # noqa: PLC0415
    from ichviewer.services.annotate import annotate_series  # noqa: PLC0415

    orders = _Orders(pipe)
    pixels = PixelCache(_CACHE_BYTES)
    findings = annotate_series(
        series,
        pixels,
        engine,
        card,
        on_finding=orders.finding,
        progress=orders.progress,
        cancel=orders.cancel,
    )
    return "done", findings
