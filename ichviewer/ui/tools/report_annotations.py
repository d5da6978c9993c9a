"""The annotations of a series as a report lists them, measured on the pixels that they were drawn on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.measured import Measured, Note
from ichviewer.domain.annotation.place import OnReformat
from ichviewer.domain.series import Series
from ichviewer.progress import CancelToken
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.report.measurements import Measurement
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.tools.annotation_list import rows
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements, by_slice, measure_slice
from ichviewer.ui.tools.value_words import KIND_WORDS, measured_lines, plane_name, slab_words

_NOT_MEASURED = marked("Not measured: its pixels are not at hand")
_OF_UNITS = (Note.NO_SPACING, Note.ESTIMATED_SPACING)


@dataclass(frozen=True, eq=False)
class ReportAnnotations:
    """The annotations of one series at one moment; `measured` may then be called on another thread.

    Parameters
    ----------
    series : Series
    places : tuple of (Annotation, int or None)
        Each with the index of its slice, in the order of the list beside the image.
    known : mapping of str to Measured
        By id: what was measured of those that lie on no slice that could be read again.
    """

    series: Series
    places: tuple[tuple[Annotation, int | None], ...]
    known: Mapping[str, Measured]

    @classmethod
    def of(cls, series: Series, store: AnnotationStore, measurements: Measurements) -> ReportAnnotations:
        """What is drawn on a series now."""
        places = tuple((row.annotation, row.index) for row in rows(series, store, measurements))
        known = {}
        for annotation, index in places:
            measured = measurements.of(annotation) if index is None else None
            # As everywhere: a number goes with the very pixels that were drawn on.
            if measured is not None and measured.pixel_hash == annotation.drawn_on.pixel_hash:
                known[annotation.id] = measured
        return cls(series, places, known)

    @property
    def key_images(self) -> frozenset[tuple[int, str]]:
        """Slices that are marked as key images, each with the hash of the pixels that were marked."""
        return frozenset(
            (index, annotation.drawn_on.pixel_hash)
            for annotation, index in self.places
            if annotation.kind is Kind.KEY_IMAGE and index is not None
        )

    def measured(self, pixels: Pixels, cancel: CancelToken) -> tuple[Measurement, ...]:
        """Measure them all on the pixels that their files hold now.

        Parameters
        ----------
        pixels : Pixels
            Decodes slices. What lies on a slice that fails is listed as not measured.
        cancel : CancelToken

        Raises
        ------
        Cancelled
        """
        found = dict(self.known)
        for job in by_slice(self.series, [a for a, index in self.places if index is not None]):
            cancel.check()
            found |= {annotation.id: measured for annotation, measured in measure_slice(job, pixels)}
        return tuple(_printed(a, index, found.get(a.id)) for a, index in self.places)


def _printed(annotation: Annotation, index: int | None, measured: Measured | None) -> Measurement:
    what = words_of(KIND_WORDS[annotation.kind])
    place = annotation.drawn_on.place
    # No slice names it, and its HU are those of that slab only.
    where: tuple[str, ...] = ()
    if isinstance(place, OnReformat):
        where = (
            tr("{plane_name} reformat, {slab_words}").format(
                plane_name=plane_name(place), slab_words=slab_words(place.slab)
            ),
        )
    if measured is None:
        return Measurement(what, index, (*where, words_of(_NOT_MEASURED)), annotation.label)
    # Words have a column of their own, which a report without patient data hides.
    values = (*where, *measured_lines(measured))
    remarks = tuple(words_of(note.text) for note in measured.notes if note in _OF_UNITS)
    return Measurement(what, index, values, annotation.label, remarks)
