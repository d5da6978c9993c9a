"""What was measured, for slices that are not on screen too: their pixels are read beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.annotation.place import OnSlice
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.tools.surface import DrawingSurface, Surface

if TYPE_CHECKING:
    from ichviewer.ui.tools.plane_measuring import PlaneJob

Found = tuple[Annotation, Measured]
Job = tuple[Series, int, tuple[Annotation, ...]]
"""A slice and its annotations."""


class Measurements(QObject):
    """Measures annotations on the pixels that they were drawn on, and keeps the numbers.

    Parameters
    ----------
    workers : Workers
    pixels : callable
        Gives what decodes slices of what is open.
    parent : QObject, optional

    Signals
    -------
    changed()
        More is measured.
    """

    changed = Signal()

    def __init__(self, workers: Workers, pixels: Callable[[], Pixels], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._pixels = pixels
        self._find_volume: Callable[[Series], Volume | None] = lambda _: None
        self._known: dict[str, Found] = {}
        self._task: Task | None = None
        self._wanted: frozenset[str] = frozenset()
        self._on_planes: dict[str, Task] = {}

    def find_volumes(self, find: Callable[[Series], Volume | None]) -> None:
        """Say what gives the volume of a series that is at hand; there are none until then."""
        self._find_volume = find

    def volume_of(self, series: Series) -> Volume | None:
        """The volume of a series, for what was drawn on its reformats; None where it is not at hand."""
        return self._find_volume(series)

    def of(self, annotation: Annotation) -> Measured | None:
        """What was measured of an annotation as it is now, None where it was not yet or cannot be."""
        known = self._known.get(annotation.id)
        return known[1] if known is not None and known[0] == annotation else None

    def on(self, annotation: Annotation, surface: DrawingSurface) -> Measured:
        """Measure an annotation on what is on screen."""
        known = self.of(annotation)
        if known is None or known.pixel_hash != surface.image.pixel_hash:
            known = measure(annotation, surface.image)
            self._known[annotation.id] = annotation, known
        return known

    def once(self, annotation: Annotation, surface: DrawingSurface) -> Measured:
        """Measure an annotation that is still being drawn or moved; nothing is kept."""
        return measure(annotation, surface.image)

    def want(self, series: Series, annotations: Iterable[Annotation]) -> None:
        """Have annotations of a series measured, in place of what was wanted before."""
        missing = tuple(a for a in annotations if a.kind is not Kind.KEY_IMAGE and self.of(a) is None)
        volume = self.volume_of(series)
        planes = () if volume is None else _by_plane(series, missing, volume)
        names = frozenset(f"{a.id} {a.modified} {volume is None}" for a in missing)
        if names == self._wanted:
            return
        self._wanted = names
        if self._task is not None:
            self._task.drop()
            self._task = None
        jobs = by_slice(series, missing)
        if jobs or planes:
            pixels = self._pixels()
            self._task = self._workers.run(
                lambda context: _measure_all(context, jobs, planes, pixels),
                on_item=self._take,
                lane="measure",
            )

    def keep(self, annotations: Mapping[str, Annotation]) -> None:
        """Forget what was measured of all annotations but these; what is being measured is asked for again."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        for name in [name for name in self._on_planes if name.split()[0] not in annotations]:
            self._on_planes.pop(name).drop()
        self._known = {name: found for name, found in self._known.items() if name in annotations}
        self._wanted = frozenset()

    def want_on_plane(self, series: Series, annotation: Annotation) -> None:
        """Have what was drawn on a reformat measured on its own plane, beside what is wanted otherwise."""
        volume, name = self.volume_of(series), f"{annotation.id} {annotation.modified}"
        if name in self._on_planes or volume is None:
            return
        jobs, pixels = _by_plane(series, [annotation], volume), self._pixels()
        if jobs:
            self._on_planes[name] = self._workers.run(
                lambda context: _measure_all(context, (), jobs, pixels),
                on_result=lambda _: self._plane_over(name),
                on_item=self._take,
                lane="measure",
            )

    def _plane_over(self, name: str) -> None:
        self._on_planes.pop(name, None)

    def clear(self) -> None:
        """Forget everything of what was open."""
        for task in (self._task, *self._on_planes.values()):
            if task is not None:
                task.drop()
        self._task, self._on_planes = None, {}
        self._known, self._wanted = {}, frozenset()

    def _take(self, found: tuple[Found, ...]) -> None:
        self._known |= {annotation.id: (annotation, measured) for annotation, measured in found}
        self.changed.emit()


def by_slice(series: Series, annotations: Iterable[Annotation]) -> tuple[Job, ...]:
    """The slices of a series that annotations name, each with its annotations."""
    places = {(info.sop_uid, info.source.frame): i for i, info in enumerate(series.slices) if info.sop_uid}
    found: dict[int, list[Annotation]] = {}
    for annotation in annotations:
        place = annotation.drawn_on.place
        index = places.get((place.sop_uid, place.frame)) if isinstance(place, OnSlice) else None
        if index is not None:
            found.setdefault(index, []).append(annotation)
    return tuple((series, index, tuple(found[index])) for index in sorted(found))


def measure_slice(job: Job, pixels: Pixels) -> tuple[Found, ...]:
    """Measure the annotations of one slice; none where it cannot be decoded, which its picture says."""
    series, index, annotations = job
    try:
        decoded = pixels.get(series.slices[index])
    except IchViewerError:
        return ()
    surface = Surface(series, index, decoded)
    return tuple((annotation, measure(annotation, surface.image)) for annotation in annotations)


def _by_plane(series: Series, annotations: Iterable[Annotation], volume: Volume) -> tuple[PlaneJob, ...]:
    from ichviewer.ui.tools.plane_measuring import by_plane  # noqa: PLC0415 - with the first volume

    return by_plane(series, annotations, volume)


def _measure_all(
    context: TaskContext, jobs: Iterable[Job], planes: Iterable[PlaneJob], pixels: Pixels
) -> None:
    for job in jobs:
        context.item(measure_slice(job, pixels))
    for plane in planes:
        from ichviewer.ui.tools.plane_measuring import measure_plane  # noqa: PLC0415 - loaded with the plane

        context.item(measure_plane(plane, context.cancel))
