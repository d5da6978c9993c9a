"""Builds volumes of the open study's series beside the window and keeps them until it is closed.

Slices are read from the files once more, past the pixels that are kept: a file that was replaced since it was listed
is refused by the reader, and one that changes while the volume is built is found by its size and time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.volume import Volume, build_volume
from ichviewer.domain.volume_source import NoVolume, volume_geometry
from ichviewer.errors import FileChangedError, IchViewerError, system_refusal
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words, no_volume_words
from ichviewer.ui.session.backend import Reader
from ichviewer.ui.session.free_memory import free_memory_bytes
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Task, TaskContext

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice

_LANE = "volume"
# int16 voxels, and the float32 copy that they become where HU have fractions.
_MOST_BYTES_A_VOXEL = 6
_SHARE = 0.5

Stamps = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class VolumeMemory:
    """What a volume takes at most, and what is free.

    Parameters
    ----------
    needed_bytes : int
    free_bytes : int or None
        None where the system does not say.
    """

    needed_bytes: int
    free_bytes: int | None

    def __post_init__(self) -> None:
        if self.needed_bytes < 1 or (self.free_bytes is not None and self.free_bytes < 0):
            raise ValueError(
                f"a volume takes memory. Received: {self.needed_bytes} bytes of {self.free_bytes}"
            )

    @property
    def fits(self) -> bool:
        """Whether it takes at most half of the free memory."""
        return self.free_bytes is None or self.needed_bytes <= self.free_bytes * _SHARE

    @property
    def words(self) -> str:
        """E.g. ``at most 63 MB of 5,120 MB free memory``."""
        needed = tr("at most {megabytes}").format(megabytes=_megabytes(self.needed_bytes))
        return (
            needed
            if self.free_bytes is None
            else tr("{needed} of {megabytes} free memory").format(
                needed=needed, megabytes=_megabytes(self.free_bytes)
            )
        )


def volume_memory(series: Series, free_bytes: int | None) -> VolumeMemory:
    """Memory for the volume of a series, by its headers."""
    first = series.slices[0]
    return VolumeMemory(len(series) * first.rows * first.columns * _MOST_BYTES_A_VOXEL, free_bytes)


def volume_refusal(series: Series, memory: VolumeMemory) -> str:
    """Why no volume is built of a series, in words; empty where one is. Looks at headers only."""
    geometry = volume_geometry(series)
    if isinstance(geometry, NoVolume):
        return no_volume_words(geometry)
    if not memory.fits:
        return tr("the volume needs too much memory: {words}, and at most half of that is taken").format(
            words=memory.words
        )
    return ""


class Volumes(QObject):
    """Builds one volume at a time.

    Parameters
    ----------
    session : Session
    free_bytes : callable
        How much memory is free.
    parent : QObject, optional

    Signals
    -------
    began(SeriesKey, str)
        A volume is being built; what it will take, in words.
    progressed(SeriesKey, int, int)
        Slices read, slices in all.
    built(SeriesKey, Volume)
        It is there.
    refused(SeriesKey, str)
        There will be none, and why.
    cancelled(SeriesKey)
        Building it was stopped.
    """

    began = Signal(object, str)
    progressed = Signal(object, int, int)
    built = Signal(object, object)
    refused = Signal(object, str)
    cancelled = Signal(object)

    def __init__(
        self,
        session: Session,
        free_bytes: Callable[[], int | None] = free_memory_bytes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._free_bytes = free_bytes
        self._kept: dict[SeriesKey, tuple[Volume, Stamps]] = {}
        self._task: Task | None = None
        self._asked: SeriesKey | None = None
        session.opening.connect(lambda _: self.clear())
        session.closed.connect(self.clear)
        for gone in (session.studiesClosed, session.studyGrows):
            gone.connect(lambda gone: self.close({series.key for series in gone}))

    @property
    def building(self) -> bool:
        """Whether one is being built."""
        return self._task is not None and not self._task.over

    def ask(self, series: Series) -> None:
        """Have the volume of a series; it comes with `built` or is refused. In place of what was asked for before."""
        self._stop()
        key = self._asked = series.key
        kept = self._kept.get(key)
        if kept is not None and kept[0].series_identity == series_identity(series):
            volume, stamps = kept
            self._task = self._session.workers.run(
                lambda _: _checked(series, volume, stamps),
                on_result=lambda _: self.built.emit(key, volume),
                on_error=lambda error: self._failed(key, error),
                lane=_LANE,
            )
            return
        # Room for the new one, before it is asked what is free.
        self._kept.pop(key, None)
        memory = volume_memory(series, self._free_bytes())
        refusal = volume_refusal(series, memory)
        if refusal:
            self.refused.emit(key, refusal)
            return
        self.began.emit(key, memory.words)
        reader = self._session.reader
        self._task = self._session.workers.run(
            lambda context: _built(context, series, reader),
            on_result=lambda found: self._built(key, found),
            on_error=lambda error: self._failed(key, error),
            on_progress=lambda done, total, _: self.progressed.emit(key, done, total),
            on_cancelled=lambda: self.cancelled.emit(key),
            lane=_LANE,
        )

    def kept(self, series: Series) -> Volume | None:
        """The volume of a series if it is there already."""
        found = self._kept.get(series.key)
        return found[0] if found is not None and found[0].series_identity == series_identity(series) else None

    def cancel(self) -> None:
        """Stop building; `cancelled` tells when it has."""
        if self._task is not None:
            self._task.cancel()

    def clear(self) -> None:
        """Drop all volumes, and what is being built."""
        self._stop()
        self._kept.clear()

    def close(self, keys: Collection[SeriesKey]) -> None:
        """Drop the volumes of some series, and what is being built of them."""
        if self._asked in keys:
            self._stop()
        for key in keys:
            self._kept.pop(key, None)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _built(self, key: SeriesKey, found: tuple[Volume | NoVolume, Stamps]) -> None:
        volume, stamps = found
        if isinstance(volume, NoVolume):
            self.refused.emit(key, no_volume_words(volume))
            return
        self._kept[key] = volume, stamps
        self.built.emit(key, volume)

    def _failed(self, key: SeriesKey, error: BaseException) -> None:
        self._kept.pop(key, None)
        words = error_words(error) if isinstance(error, IchViewerError) else system_refusal(error)
        if words is None:
            self._session.workers.report_bug(error)
            words = tr("an unexpected error: {name}").format(name=type(error).__name__)
        self.refused.emit(key, words)


def read_volume(
    context: TaskContext,
    series: Series,
    reader: Reader,
    free_bytes: Callable[[], int | None] = free_memory_bytes,
) -> Volume | None:
    """The volume of a series for something that is written now; from a worker's thread.

    None where there is none, as where it needs too much memory. Slices that cannot be read are missing in it.

    Raises
    ------
    IchViewerError
        If no slice can be read, or a file has changed.
    Cancelled
        If it was asked to stop.
    """
    if volume_refusal(series, volume_memory(series, free_bytes())):
        return None
    found, _ = _built(context, series, reader)
    return None if isinstance(found, NoVolume) else found


def _built(context: TaskContext, series: Series, reader: Reader) -> tuple[Volume | NoVolume, Stamps]:
    """On the worker's thread: the volume of all slices that can be read, and what its files were."""
    before = _stamps(series)
    failures: list[IchViewerError] = []

    def decoded() -> Iterator[tuple[int, DecodedSlice]]:
        for index, info in enumerate(series.slices):
            context.cancel.check()
            context.progress(index, len(series), "slices")
            try:
                one = reader.read_slice(info)
            except FileChangedError:
                raise
            except IchViewerError as error:
                failures.append(error)
                continue
            if one.image.shape != (info.rows, info.columns):
                found = tr("{} x {} px instead of {} x {}").format(*one.image.shape, info.rows, info.columns)
                failures.append(IchViewerError(tr("the image has another size"), str(info.source), found))
                continue
            yield index, one
        context.progress(len(series), len(series), "slices")

    volume = build_volume(series, decoded())
    if len(failures) == len(series):
        raise failures[0]
    _check_files(series, before)
    return volume, before


def _checked(series: Series, volume: Volume, stamps: Stamps) -> Volume:
    _check_files(series, stamps)
    return volume


def _check_files(series: Series, before: Stamps) -> None:
    """Refuse files that are not what they were."""
    for info, old, new in zip(series.slices, before, _stamps(series), strict=True):
        if old != new:
            raise FileChangedError(tr("the file has changed; open it again"), str(info.source))


def _stamps(series: Series) -> Stamps:
    """Size and time of every slice's file, (-1, -1) where it is gone."""
    found: dict[str, tuple[int, int]] = {}
    for info in series.slices:
        path = info.source.path
        if str(path) not in found:
            try:
                status = path.stat()
            except OSError:
                found[str(path)] = -1, -1
            else:
                found[str(path)] = status.st_size, status.st_mtime_ns
    return tuple(found[str(info.source.path)] for info in series.slices)


def _megabytes(count: int) -> str:
    return f"{max(1, round(count / 1e6)):,} MB"
