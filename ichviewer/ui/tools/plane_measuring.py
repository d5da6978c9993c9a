"""What was drawn on reformats, measured beside the window: their planes are cut out of the volume again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.image_grid import MeasuredImage
from ichviewer.domain.annotation.measure import measure
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.annotation.reformat_plane import plane_grid, plane_values, view_of
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.progress import CancelToken
from ichviewer.ui.panes.reformat_picture import plane_hu
from ichviewer.ui.tools.plane_surface import plane_trust, shows_hu

# So few that nobody who cancels waits for long.
_ROWS_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class PlaneJob:
    """A plane and slab of a volume, and what was drawn on it."""

    series: Series
    volume: Volume
    place: OnReformat
    annotations: tuple[Annotation, ...]


def by_plane(series: Series, annotations: Iterable[Annotation], volume: Volume) -> tuple[PlaneJob, ...]:
    """The planes that annotations were drawn on in a volume; those of other volumes are left out."""
    found: dict[OnReformat, list[Annotation]] = {}
    for annotation in annotations:
        place = annotation.drawn_on.place
        if isinstance(place, OnReformat) and annotation.drawn_on.pixel_hash == volume.digest:
            found.setdefault(place, []).append(annotation)
    return tuple(PlaneJob(series, volume, place, tuple(some)) for place, some in found.items())


def measure_plane(job: PlaneJob, cancel: CancelToken) -> tuple[tuple[Annotation, Measured], ...]:
    """Measure what was drawn on one plane, on the HU that were shown.

    Raises
    ------
    Cancelled
        If it was asked to stop.
    """
    view = view_of(job.place, job.volume.geometry)
    hu = plane_hu(job.volume, view, job.place.slab, _ROWS_AT_ONCE, cancel)
    image = MeasuredImage(
        job.volume.digest,
        plane_grid(view, plane_trust(job.series)),
        plane_values(hu, are_hu=shows_hu(job.series)),
    )
    return tuple((annotation, measure(annotation, image)) for annotation in job.annotations)
