"""Which stored results are shown: segmentations, one presentation state, one selection of key objects."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.stored_object import StoredObject
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.result_reading import ReadResult
from ichviewer.ui.session.result_shapes import SegmentOutline, SliceGraphics, segment_outlines
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.results.reading.segmentation import SegmentationOnSeries

LANE = "results"
"""The thread that reads them."""

_KEPT = 96
"""Slices whose outlines are kept."""

Segments = tuple[SegmentOutline, ...]
_Place = tuple[int, SeriesKey, int]


@dataclass(eq=False)
class _Shown:
    result: ReadResult
    hidden: set[int] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class SegmentsOnSlice:
    """What a segmentation has on a slice.

    Parameters
    ----------
    stored : StoredObject
    segments : tuple of SegmentOutline
        Without those that are hidden.
    state : str
        Why there are none yet, or none at all, in words; empty where they are all there.
    failed : bool
        Whether they cannot be read.
    """

    stored: StoredObject
    segments: Segments = ()
    state: str = ""
    failed: bool = False


class ShownResults(QObject):
    """On the main thread; masks are read beside it, and what is closed meanwhile never arrives.

    Parameters
    ----------
    workers : Workers

    Signals
    -------
    changed()
        Something else is shown, or has been read.
    """

    changed = Signal()

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._segmentations: list[_Shown] = []
        self._presentation: ReadResult | None = None
        self._marked: ReadResult | None = None
        self._known: OrderedDict[_Place, Segments | str] = OrderedDict()
        self._reading: dict[_Place, Task] = {}
        self.visible = True
        """Whether segmentations and presentations are drawn."""

    # What is shown

    @property
    def results(self) -> tuple[ReadResult, ...]:
        """Everything that is shown."""
        single = (self._presentation, self._marked)
        return (*(one.result for one in self._segmentations), *(one for one in single if one is not None))

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self._segmentations) or self._presentation is not None

    def shows(self, stored: StoredObject) -> bool:
        """Whether a result is shown."""
        return any(result.entry.stored is stored for result in self.results)

    def show(self, result: ReadResult) -> None:
        """Show a result; a presentation state or a selection takes the place of the one before."""
        if self.shows(result.entry.stored):
            return
        if result.masks:
            self._segmentations.append(_Shown(result))
        elif result.graphics:
            self._presentation = result
        elif result.marked:
            self._marked = result
        else:
            raise ValueError(
                f"only what lies on slices is shown on them. Received: {result.entry.stored.kind}"
            )
        self.visible |= not result.marked
        self.changed.emit()

    def hide(self, stored: StoredObject) -> None:
        """Show a result no more."""
        self._remove(lambda result: result.entry.stored is stored)

    def toggle(self) -> None:
        """Draw what is shown, or not."""
        self.visible = not self.visible
        self.changed.emit()

    def show_all_slices(self) -> None:
        """Show the slices that are not key objects, too."""
        if self._marked is not None:
            self._marked = None
            self.changed.emit()

    def close_series(self, keys: Container[SeriesKey]) -> None:
        """Studies are closed: nothing of their results is kept or arrives."""
        self._remove(lambda result: result.entry.anchor in keys)

    def clear(self) -> None:
        """Nothing is open any more."""
        self._remove(lambda _: True)
        self.visible = True

    # Segments

    def segments(self, stored: StoredObject) -> tuple[tuple[int, str, bool], ...]:
        """Number, name and whether it is outlined, of each segment of a segmentation that is shown."""
        one = self._shown(stored)
        if one is None:
            return ()
        segments = next(iter(one.result.masks.values())).segmentation.segments
        return tuple((s.number, s.name, s.number not in one.hidden) for s in segments)

    def toggle_segment(self, stored: StoredObject, number: int) -> None:
        """Outline a segment, or not."""
        one = self._shown(stored)
        if one is not None:
            one.hidden ^= {number}
            self.changed.emit()

    # On a slice

    def segments_on(self, series: Series, index: int) -> tuple[SegmentsOnSlice, ...]:
        """What the segmentations have on a slice; what was not read yet is asked for."""
        if not self.visible:
            return ()
        found = []
        for one in self._segmentations:
            laid = one.result.masks.get(series.key)
            if laid is not None and laid.series is series and index in laid.placement.by_slice:
                found.append(self._on_slice(one, laid, (id(one), series.key, index)))
        return tuple(found)

    def graphics_on(self, series: Series, index: int) -> SliceGraphics | None:
        """What the presentation state says of a slice."""
        if not self.visible or self._presentation is None:
            return None
        return self._presentation.graphics.get(series.key, {}).get(index)

    @property
    def presentation(self) -> ReadResult | None:
        """The presentation state that is shown."""
        return self._presentation

    def marked(self, key: SeriesKey | None) -> tuple[int, ...]:
        """The key objects among the slices of a series; none where no selection is about it."""
        return () if self._marked is None or key is None else self._marked.marked.get(key, ())

    # Parts

    def _shown(self, stored: StoredObject) -> _Shown | None:
        return next((one for one in self._segmentations if one.result.entry.stored is stored), None)

    def _on_slice(self, one: _Shown, laid: SegmentationOnSeries, place: _Place) -> SegmentsOnSlice:
        stored, known = one.result.entry.stored, self._known.get(place)
        if known is None:
            self._ask(laid, place)
            return SegmentsOnSlice(stored, state=tr("reading"))
        self._known.move_to_end(place)
        if isinstance(known, str):
            return SegmentsOnSlice(stored, state=known, failed=True)
        return SegmentsOnSlice(stored, tuple(s for s in known if s.number not in one.hidden))

    def _ask(self, laid: SegmentationOnSeries, place: _Place) -> None:
        if place in self._reading:
            return

        def work(context: TaskContext) -> Segments:
            context.cancel.check()
            return segment_outlines(laid.masks(place[2]), context.cancel)

        self._reading[place] = self._workers.run(
            work,
            on_result=lambda segments: self._keep(place, segments),
            on_error=lambda error: self._not_read(place, error),
            lane=LANE,
        )

    def _not_read(self, place: _Place, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self._workers.report_bug(error)
        self._keep(
            place, error_words(error) if isinstance(error, IchViewerError) else tr("an unexpected error")
        )

    def _keep(self, place: _Place, found: Segments | str) -> None:
        self._reading.pop(place, None)
        self._known[place] = found
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.changed.emit()

    def _remove(self, gone: Callable[[ReadResult], bool]) -> None:
        before = self.results
        for one in [one for one in self._segmentations if gone(one.result)]:
            self._segmentations.remove(one)
            for place in [place for place in self._reading if place[0] == id(one)]:
                self._reading.pop(place).drop()
            for place in [place for place in self._known if place[0] == id(one)]:
                del self._known[place]
        if self._presentation is not None and gone(self._presentation):
            self._presentation = None
        if self._marked is not None and gone(self._marked):
            self._marked = None
        if self.results != before:
            self.changed.emit()
