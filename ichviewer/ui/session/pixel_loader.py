"""Brings decoded slices to the panes, ahead of the reader, without ever decoding on the main thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.series import Series, SliceInfo
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.pixel_queues import PixelQueues, QueueId
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice

LOOK_AHEAD = 8
"""Slices loaded on either side of the one in view; a wheel turned fast moves three or four a frame."""


class PixelLoader(QObject):
    """Loads what the panes ask for, each through a queue of its own.

    Signals
    -------
    loaded(SliceInfo, DecodedSlice)
        A slice that any pane asked for is ready.
    failed(SliceInfo, IchViewerError)
        It could not be read or decoded.
    """

    # The slice itself, not its place: while a study is read, slices move to other places of their series.
    loaded = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._pixels: Pixels | None = None
        self._failures: dict[SliceInfo, IchViewerError] = {}
        self._closed: WeakSet[SliceInfo] = WeakSet()
        self._queues: PixelQueues[SliceInfo] = PixelQueues()
        self._task: Task | None = None

    def queue(self) -> PixelQueue:
        """A queue for another pane."""
        return PixelQueue(self, self._queues.open())

    def open(self, pixels: Pixels) -> None:
        """Start over with another study's pixels; queues stay, and nobody wants anything any more."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._queues.clear()
        self._failures.clear()
        self._pixels = pixels

    def close(self, slices: Iterable[SliceInfo]) -> None:
        """Load nothing of these any more, and tell of none that is being loaded."""
        gone = set(slices)
        self._closed.update(gone)
        self._queues.drop(gone)
        for info in gone:
            self._failures.pop(info, None)

    def ready(self, info: SliceInfo) -> DecodedSlice | None:
        """A slice that can be shown at once, or None."""
        return None if self._pixels is None else self._pixels.peek(info)

    def failure(self, info: SliceInfo) -> IchViewerError | None:
        """Why a slice cannot be shown, None if that is not known of it."""
        return self._failures.get(info)

    def _ask(self, queue: QueueId, series: Series, order: list[int]) -> None:
        wanted = [
            series.slices[i]
            for i in order
            if 0 <= i < len(series)
            and self.ready(series.slices[i]) is None
            and series.slices[i] not in self._failures
        ]
        self._queues.want(queue, wanted)
        if wanted and (self._task is None or self._task.over):
            self._start()

    def _start(self) -> None:
        pixels = self._pixels
        if pixels is None:
            return
        # A task that was dropped takes nothing of what is wanted of the next study.
        round_ = self._queues.round
        self._task = self._workers.run(
            lambda context: self._load(context, pixels, round_),
            on_item=self._arrived,
            on_result=lambda _: self._drained(),
            lane="pixels",
        )

    def _load(self, context: TaskContext, pixels: Pixels, round_: int) -> None:
        # On the worker's thread: takes what is wanted most at that moment.
        while (info := self._queues.take(round_)) is not None:
            try:
                outcome: DecodedSlice | IchViewerError = pixels.get(info)
            except IchViewerError as error:
                outcome = error
            context.item((info, outcome))

    def _drained(self) -> None:
        # What was asked for between the worker's last look and now.
        if not self._queues.empty:
            self._start()

    def _arrived(self, item: tuple[SliceInfo, DecodedSlice | IchViewerError]) -> None:
        info, outcome = item
        if info in self._closed:
            return
        if isinstance(outcome, IchViewerError):
            self._failures[info] = outcome
            self.failed.emit(info, outcome)
            return
        self.loaded.emit(info, outcome)


class PixelQueue:
    """What one pane asks for (see `PixelLoader.queue`)."""

    def __init__(self, loader: PixelLoader, queue: QueueId) -> None:
        self._loader = loader
        self._queue = queue

    def ask(self, series: Series, index: int, direction: int = 1) -> None:
        """Want a slice, and those around it after it, the ones ahead first; in place of what was wanted before.

        Parameters
        ----------
        series : Series
        index : int
            Index of the slice.
        direction : int
            Where the reader is going: 1 up, -1 down the stack.
        """
        order = [index]
        for distance in range(1, LOOK_AHEAD + 1):
            order += [index + direction * distance, index - direction * distance]
        self._loader._ask(self._queue, series, order)

    def activate(self) -> None:
        """Somebody works with this pane: serve it first."""
        self._loader._queues.activate(self._queue)

    def close(self) -> None:
        """Want nothing any more: the pane is closed."""
        self._loader._queues.close(self._queue)
