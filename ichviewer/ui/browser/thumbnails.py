"""Small pictures of series: the middle slice through the brain window, made on a thread of their own."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.window import Voi, Window, render_grey
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.pictures import image_of
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice

SIDE_PX = 56
_RENDERED_PX = 2 * SIDE_PX  # sharp on a screen of twice the density

BRAIN = Window(40.0, 80.0, name="brain")

_MAX_WAITING = 200


def thumbnail(series: Series, decoded: DecodedSlice, index: int) -> QImage:
    """A picture of at most 112 x 112 px in the true aspect ratio; safe on any thread."""
    rgb = decoded.rgb
    picture = rgb if rgb is not None else render_grey(decoded.image, _window(series, decoded, index))
    rows, columns = picture.shape[:2]
    spacing = series.slices[index].spacing
    height = rows * (spacing.row_mm / spacing.column_mm if spacing else 1.0)
    scale = _RENDERED_PX / max(height, columns)
    size = QSize(max(1, round(columns * scale)), max(1, round(height * scale)))
    return image_of(picture).scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _window(series: Series, decoded: DecodedSlice, index: int) -> Voi:
    """The brain window for CT slices, the file's own or the whole range for anything else."""
    plane = series.slices[index].plane
    if series.modality == "CT" and (plane is None or plane.is_axial):
        return BRAIN
    own = series.slices[index].vois
    if own:
        return own[0]
    low, high = decoded.image.hu_range() or (0.0, 1.0)
    return Window((low + high) / 2, max(1.0, high - low))


class Thumbnails(QObject):
    """Makes the thumbnails that are asked for, the last one asked for first: that is what is on screen.

    Signals
    -------
    ready(SeriesKey, QPixmap)
    """

    ready = Signal(object, object)

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._pixels: Pixels | None = None
        self._asked: set[tuple[SeriesKey, int]] = set()
        self._waiting: list[Series] = []
        self._task: Task | None = None
        self._making: SeriesKey | None = None

    def open(self, pixels: Pixels) -> None:
        """Start over with another study's pixels."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._asked.clear()
        self._waiting.clear()
        self._pixels = pixels

    def close(self, keys: Container[SeriesKey]) -> None:
        """Make none of these series any more."""
        if self._task is not None and self._making in keys:
            self._task.drop()
            self._task = None
        self._asked = {(key, slices) for key, slices in self._asked if key not in keys}
        self._waiting = [series for series in self._waiting if series.key not in keys]
        self._next()

    def want(self, series: Series) -> None:
        """Ask for the thumbnail of a series; asking again while it has as many slices costs nothing."""
        ask = (series.key, len(series))
        if ask in self._asked:
            return
        self._asked.add(ask)
        self._waiting.append(series)
        if len(self._waiting) > _MAX_WAITING:
            # Scrolled past long ago; it is asked for again when it is painted again.
            old = self._waiting.pop(0)
            self._asked.discard((old.key, len(old)))
        self._next()

    def _next(self) -> None:
        pixels = self._pixels
        if self._task is not None or pixels is None or not self._waiting:
            return
        series = self._waiting.pop()
        self._making = series.key
        self._task = self._workers.run(
            lambda _: _make(series, pixels, _),
            on_result=self._made,
            on_error=self._not_made,
            lane="thumbnails",
        )

    def _made(self, made: tuple[SeriesKey, QImage]) -> None:
        self._task = None
        self.ready.emit(made[0], QPixmap.fromImage(made[1]))
        self._next()

    def _not_made(self, error: BaseException) -> None:
        # A slice that cannot be decoded has no thumbnail; the image pane says why when it is opened.
        self._task = None
        if not isinstance(error, IchViewerError):
            self._workers.report_bug(error)
        self._next()


def _make(series: Series, pixels: Pixels, _: TaskContext) -> tuple[SeriesKey, QImage]:
    middle = len(series) // 2
    return series.key, thumbnail(series, pixels.get(series.slices[middle]), middle)
