"""Writes the annotations of what is open to a CSV or a JSON, beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.annotation.measured import Measured
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.errors import IchViewerError
from ichviewer.ui.app.choosing import choose_annotations
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.backend import Reader
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import TaskContext
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements, by_slice, measure_slice
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.surface import same_series


class AnnotationExport(QObject):
    """The commands to export annotations. Nothing of the patient is written but what was typed.

    Parameters
    ----------
    session : Session
    store : AnnotationStore
    measurements : Measurements
        What is not measured yet is measured while it is written.
    place : OutputPlace
    regions : RegionStore
        Measured while they are written, on the pixels that they were painted on.
    """

    def __init__(
        self,
        session: Session,
        store: AnnotationStore,
        measurements: Measurements,
        place: OutputPlace,
        regions: RegionStore,
    ) -> None:
        super().__init__(place)
        self._session = session
        self._store = store
        self._measurements = measurements
        self._place = place
        self._regions = regions

    def ask(self, form: str) -> None:
        """Let the user choose where a ``csv`` or a ``json`` goes."""
        if not self._store.annotations and not self._regions.regions:
            self._place.notice.show_message(tr("Nothing is drawn, so there is nothing to export."), "info")
            return
        proposed = self._place.proposed("measurements", f".{form}")
        self._place.own(choose_annotations(self._place.window, proposed, self.export))

    def export(self, path: Path) -> None:
        """Write to a path: JSON if its suffix says so, else CSV."""
        session = self._session
        annotations = tuple(self._store.annotations.values())
        known = {
            a.id: m
            for a in annotations
            if (m := self._measurements.of(a)) is not None and m.pixel_hash == a.drawn_on.pixel_hash
        }
        missing = [a for a in annotations if a.id not in known]
        jobs = tuple(job for series in session.catalog.series for job in by_slice(series, missing))
        on_planes = tuple(
            (series, self._measurements.volume_of(series), drawn)
            for series in session.catalog.series
            if (drawn := tuple(a for a in missing if _is_on_reformat(a, series)))
        )
        painted = {
            region.id: (region, series)
            for series in session.catalog.series
            for region in self._regions.of_series(series)
        }
        pixels, paths, write = session.cache, tuple(session.paths), session.backend.write_annotations
        reader = session.reader

        def work(context: TaskContext) -> int:
            from ichviewer.services.annotation_export import ExportedAnnotation  # noqa: PLC0415 - on first use
            from ichviewer.services.outputs import Inputs  # noqa: PLC0415 - as above
            from ichviewer.services.region_export import ExportedRegion  # noqa: PLC0415 - as above
            from ichviewer.ui.tools.plane_measuring import by_plane, measure_plane  # noqa: PLC0415 - as above
            from ichviewer.ui.tools.region_jobs import check_and_measure  # noqa: PLC0415 - as above

            measured: dict[str, Measured] = dict(known)
            for job in jobs:
                context.cancel.check()
                for annotation, found in measure_slice(job, pixels):
                    # Numbers are exported of the very pixels that were drawn on, and of no others.
                    if found.pixel_hash == annotation.drawn_on.pixel_hash:
                        measured[annotation.id] = found
            for series, kept, drawn in on_planes:
                volume = kept or _volume(context, series, reader)
                for plane in () if volume is None else by_plane(series, drawn, volume):
                    measured |= {a.id: found for a, found in measure_plane(plane, context.cancel)}
            exported = [ExportedAnnotation(a, measured.get(a.id)) for a in annotations]
            regions = [
                ExportedRegion(region, check_and_measure(context, region, series, pixels)[0])
                for region, series in painted.values()
            ]
            as_json = path.suffix.lower() == ".json"
            csv_path, json_path = (None, path) if as_json else (path, None)
            write(exported, csv_path, json_path, Inputs(paths), regions=regions)
            return len(exported) + len(regions)

        notice = self._place.notice
        task = session.workers.run(
            work,
            on_result=lambda number: self._place.tell_written(
                counted("annotation", "annotations", number), path
            ),
            on_error=lambda error: self._place.tell_failed(tr("The measurements were not written."), error),
            on_progress=lambda done, total, _: notice.show_message(
                tr("Reading slices of the reformats: {done:,} of {total:,}.").format(done=done, total=total),
                "info",
                (tr("Cancel"), task.cancel),
            ),
            on_cancelled=lambda: notice.show_message(
                tr("The measurements were not written: it was cancelled.")
            ),
            lane="export",
        )


def _is_on_reformat(annotation: Annotation, series: Series) -> bool:
    return isinstance(annotation.drawn_on.place, OnReformat) and same_series(annotation, series)


def _volume(context: TaskContext, series: Series, reader: Reader) -> Volume | None:
    """The volume of a series; None where there is none: what was drawn in it is written without numbers then."""
    from ichviewer.ui.session.volumes import read_volume  # noqa: PLC0415 - on first use

    try:
        return read_volume(context, series, reader)
    except IchViewerError:
        return None
