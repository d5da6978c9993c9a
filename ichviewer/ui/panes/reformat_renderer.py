"""Computes the picture of one reformat beside the window: coarse while it changes, in full when it rests."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.slab import Slab
from ichviewer.domain.volume import Volume
from ichviewer.domain.window import Voi
from ichviewer.ui.panes.reformat_picture import (
    PlanePixels,
    band_rows,
    coarser,
    picture,
    plane_hu,
    preview_coarseness,
)
from ichviewer.ui.session.workers import Task, TaskContext, Workers

REST_MS = 120
"""So long after the last change the picture is computed in full."""

# Before anything was measured: as slow as a thick slab.
_SLOW_S = 3e-6

_lanes = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Wanted:
    """A picture that is wanted: of what, and through which window."""

    volume: Volume
    view: PlaneView
    slab: Slab | None
    voi: Voi
    inverted: bool

    def same_pixels(self, other: Wanted) -> bool:
        """Whether the same HU are wanted, be it through another window."""
        mine, its = (self.volume, self.view, self.slab), (other.volume, other.view, other.slab)
        return mine[0] is its[0] and mine[1:] == its[1:]


@dataclass(frozen=True, eq=False)
class Rendered:
    """A finished picture.

    Parameters
    ----------
    wanted : Wanted
    pixels : PlanePixels
    rgb : ndarray of uint8, shape (rows, columns, 3)
    """

    wanted: Wanted
    pixels: PlanePixels
    rgb: NDArray[np.uint8]


class ReformatRenderer(QObject):
    """The last picture that was asked for, as soon as it can be had. Each has a thread of its own.

    Signals
    -------
    rendered(Rendered)
    """

    rendered = Signal(object)

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._lane = f"reformat-{next(_lanes)}"
        self._wanted: Wanted | None = None
        self._last: Rendered | None = None
        self._task: Task | None = None
        self._in_full = False
        self._pace_s = _SLOW_S
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._refine)

    @property
    def resting(self) -> bool:
        """Whether the last picture that was asked for is there in full."""
        last = self._last
        return self._wanted is None or (
            last is not None and last.wanted is self._wanted and last.pixels.coarseness == 1
        )

    def ask(self, wanted: Wanted) -> None:
        """Want a picture, in place of what was wanted before."""
        if self._task is not None and self._in_full:
            # It may take seconds. A coarse picture is soon there; stopping those would leave the reader without any.
            self._task.cancel()
        self._wanted = wanted
        self._rest.stop()
        if self._task is None:
            self._start(full=False)

    def clear(self) -> None:
        """Want nothing, and keep nothing of what was computed."""
        self._rest.stop()
        if self._task is not None:
            self._task.drop()
        self._wanted, self._last, self._task = None, None, None

    def _refine(self) -> None:
        if self._task is None:
            self._start(full=True)

    def _start(self, *, full: bool) -> None:
        wanted, last, pace_s = self._wanted, self._last, self._pace_s
        if wanted is None:
            return
        self._in_full = full
        kept = last.pixels if last is not None and last.wanted.same_pixels(wanted) else None
        if full and kept is not None and kept.coarseness > 1:
            kept = None
        self._task = self._workers.run(
            lambda context: _render(context, wanted, kept, pace_s, full=full),
            on_result=self._done,
            on_error=self._failed,
            on_cancelled=self._over,
            lane=self._lane,
        )

    def _done(self, rendered: Rendered) -> None:
        pixels = rendered.pixels
        if self._last is None or self._last.pixels is not pixels:
            self._pace_s = pixels.seconds / pixels.hu.size
        self._last = rendered
        self.rendered.emit(rendered)
        self._over()

    def _failed(self, error: BaseException) -> None:
        self._wanted = None
        self._over()
        self._workers.report_bug(error)

    def _over(self) -> None:
        self._task = None
        if self._wanted is None:
            return
        if self._last is None or self._last.wanted is not self._wanted:
            self._start(full=False)
        elif self._last.pixels.coarseness > 1:
            self._rest.start()


def _render(
    context: TaskContext, wanted: Wanted, kept: PlanePixels | None, pace_s: float, *, full: bool
) -> Rendered:
    """On the worker's thread."""
    pixels = kept
    if pixels is None:
        coarseness = 1 if full else preview_coarseness(wanted.view, pace_s)
        view = coarser(wanted.view, coarseness)
        began = time.perf_counter()
        rows = band_rows(view, pace_s) if full else view.rows
        hu = plane_hu(wanted.volume, view, wanted.slab, rows, context.cancel)
        pixels = PlanePixels(wanted.view, wanted.slab, coarseness, hu, time.perf_counter() - began)
    return Rendered(wanted, pixels, picture(pixels, wanted.voi, inverted=wanted.inverted))
