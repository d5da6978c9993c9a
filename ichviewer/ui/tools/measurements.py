"""What was measured, for slices that are not on screen too: their pixels are read beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.annotation.place import OnSlice
from ichviewer.domain.series import Series
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.tools.surface import Surface

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
        self._known: dict[str, Found] = {}
        self._task: Task | None = None
        self._wanted: frozenset[str] = frozenset()

    def of(self, annotation: Annotation) -> Measured | None:
        """What was measured of an annotation as it is now, None where it was not yet or cannot be."""
        known = self._known.get(annotation.id)
        return known[1] if known is not None and known[0] == annotation else None

    def on(self, annotation: Annotation, surface: Surface) -> Measured:
        """Measure an annotation on the slice on screen."""
        known = self.of(annotation)
        if known is None or known.pixel_hash != surface.image.pixel_hash:
            known = measure(annotation, surface.image)
            self._known[annotation.id] = annotation, known
        return known

    def once(self, annotation: Annotation, surface: Surface) -> Measured:
        """Measure an annotation that is still being drawn or moved; nothing is kept."""
        return measure(annotation, surface.image)

    def want(self, series: Series, annotations: Iterable[Annotation]) -> None:
        """Have annotations of a series measured, in place of what was wanted before."""
        missing = tuple(a for a in annotations if a.kind is not Kind.KEY_IMAGE and self.of(a) is None)
        names = frozenset(f"{a.id} {a.modified}" for a in missing)
        if names == self._wanted:
            return
        self._wanted = names
        if self._task is not None:
            self._task.drop()
            self._task = None
        jobs = by_slice(series, missing)
        if jobs:
            pixels = self._pixels()
            self._task = self._workers.run(
                lambda context: _measure_all(context, jobs, pixels), on_item=self._take, lane="measure"
            )

    def keep(self, annotations: Mapping[str, Annotation]) -> None:
        """Forget what was measured of all annotations but these; what is being measured is asked for again."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._known = {name: found for name, found in self._known.items() if name in annotations}
        self._wanted = frozenset()

    def clear(self) -> None:
        """Forget everything of what was open."""
        if self._task is not None:
            self._task.drop()
            self._task = None
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


def _measure_all(context: TaskContext, jobs: Iterable[Job], pixels: Pixels) -> None:
    for job in jobs:
        context.item(measure_slice(job, pixels))
