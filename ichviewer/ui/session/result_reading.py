"""Reads a stored result, checks whose it is, and lays it on the series of its study; not on the main thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series, SeriesKey, SliceInfo, Study
from ichviewer.domain.stored_object import StoredKind, StoredObject
from ichviewer.errors import ReadError
from ichviewer.progress import CancelToken
from ichviewer.ui.look.language import tr

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice
    from ichviewer.results.reading.document import Document
    from ichviewer.results.reading.report_tree import Report
    from ichviewer.results.reading.result_file import ResultFile
    from ichviewer.results.reading.segmentation import SegmentationOnSeries
    from ichviewer.ui.session.result_shapes import SliceGraphics

ReadSlice = Callable[[SliceInfo], "DecodedSlice"]

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class StoredEntry:
    """A result in the list of what is open.

    Parameters
    ----------
    study : Study
        That it lies beside; its series carry the number of their place.
    stored : StoredObject
    """

    study: Study
    stored: StoredObject

    @property
    def anchor(self) -> SeriesKey:
        """The first series of its study: what tells copies of a study apart."""
        return self.study.series[0].key


@dataclass(frozen=True, eq=False)
class ReadResult:
    """A result that was read. One of the fields is filled, by its kind.

    Parameters
    ----------
    entry : StoredEntry
    masks : mapping of SeriesKey to SegmentationOnSeries
        Of a segmentation: on the series that it lies on.
    graphics : mapping of SeriesKey to mapping of int to SliceGraphics
        Of a presentation state: by the index of the slice.
    marked : mapping of SeriesKey to tuple of int
        Of a key object selection: the slices that it marks.
    report : Report or None
    document : Document or None
    problems : tuple of Problem
        What was malformed or is not shown.
    title : str
        More words about it than the list has.
    """

    entry: StoredEntry
    masks: Mapping[SeriesKey, SegmentationOnSeries] = field(default_factory=dict)
    graphics: Mapping[SeriesKey, Mapping[int, SliceGraphics]] = field(default_factory=dict)
    marked: Mapping[SeriesKey, tuple[int, ...]] = field(default_factory=dict)
    report: Report | None = None
    document: Document | None = None
    problems: tuple[Problem, ...] = ()
    title: str = ""

    @property
    def series(self) -> tuple[SeriesKey, ...]:
        """What it can be shown on, in the order of the study."""
        return tuple(self.masks or self.graphics or self.marked)


def read_result(
    entry: StoredEntry, read_slice: ReadSlice | None = None, cancel: CancelToken | None = None
) -> ReadResult:
    """Read a result.

    Parameters
    ----------
    entry : StoredEntry
    read_slice : callable, optional
        Decodes compressed frames, in a process that may die.
    cancel : CancelToken, optional

    Raises
    ------
    ReadError
        When it cannot be read, is of a kind that is not shown, is of another patient or study, is not the object that
        was listed, or lies on no series of its study.
    Cancelled
    """
    kind, where = entry.stored.kind, str(entry.stored.source)
    if kind not in _READERS:
        raise ReadError(tr("results of this kind are not shown"), where, kind.text)
    if cancel is not None:
        cancel.check()
    return _READERS[kind](entry, read_slice, cancel or CancelToken())


_Read = Callable[[StoredEntry, ReadSlice | None, CancelToken], ReadResult]


def _segmentation(entry: StoredEntry, read_slice: ReadSlice | None, cancel: CancelToken) -> ReadResult:
    from ichviewer.results.reading.segmentation import (  # noqa: PLC0415 - pydicom, when it is needed
        read_segmentation,
    )

    found = read_segmentation(entry.stored.source, read_slice)
    _check(entry, found.file)
    laid = _on_series(entry, found.on, cancel)
    # Segments that lie on no slice of one series may lie on those of another.
    problems = next(iter(laid.values())).problems if len(laid) == 1 else found.problems
    return ReadResult(entry, masks=laid, problems=problems, title=found.kind.value)


def _presentation(entry: StoredEntry, _: ReadSlice | None, cancel: CancelToken) -> ReadResult:
    from ichviewer.results.reading.presentation import (  # noqa: PLC0415 - as above
        read_presentation_state,
    )
    from ichviewer.ui.session.result_shapes import slice_graphics  # noqa: PLC0415 - as above

    found = read_presentation_state(entry.stored.source)
    _check(entry, found.file)
    laid = _on_series(entry, found.on, cancel)
    drawn = {key: {i: slice_graphics(one) for i, one in slices.items()} for key, slices in laid.items()}
    return ReadResult(entry, graphics=drawn, problems=found.problems, title=found.description)


def _key_objects(entry: StoredEntry, _: ReadSlice | None, cancel: CancelToken) -> ReadResult:
    from ichviewer.results.reading.key_objects import read_key_objects  # noqa: PLC0415 - as above

    found = read_key_objects(entry.stored.source)
    _check(entry, found.file)
    marked = {key: slices for key, slices in _on_series(entry, found.slices_of, cancel).items() if slices}
    if not marked:
        raise ReadError(tr("the selection marks no slice of this study"), found.file.where)
    return ReadResult(
        entry,
        marked=marked,
        problems=found.problems,
        title="" if found.title is None else found.title.text,
    )


def _report(entry: StoredEntry, _: ReadSlice | None, __: CancelToken) -> ReadResult:
    from ichviewer.results.reading.report_tree import read_report  # noqa: PLC0415 - as above

    found = read_report(entry.stored.source)
    _check(entry, found.file)
    return ReadResult(entry, report=found, problems=found.problems)


def _document(entry: StoredEntry, _: ReadSlice | None, __: CancelToken) -> ReadResult:
    from ichviewer.results.reading.document import read_document  # noqa: PLC0415 - as above

    found = read_document(entry.stored.source)
    _check(entry, found.file)
    return ReadResult(entry, document=found, problems=found.file.problems, title=found.title)


_READERS: dict[StoredKind, _Read] = {
    StoredKind.SEGMENTATION: _segmentation,
    StoredKind.PRESENTATION: _presentation,
    StoredKind.KEY_OBJECTS: _key_objects,
    StoredKind.REPORT: _report,
    StoredKind.DOCUMENT: _document,
}


def _check(entry: StoredEntry, file: ResultFile) -> None:
    """The file may have been replaced since it was listed."""
    from ichviewer.services.stored_results import is_same_patient  # noqa: PLC0415 - as above

    if not is_same_patient(file.patient, entry.study.patient):
        raise ReadError(tr("this result is of another patient and is not shown here"), file.where)
    if file.study.uid != entry.study.info.uid:
        raise ReadError(tr("this result is of another study and is not shown here"), file.where)
    if file.root.text("SOPInstanceUID") != entry.stored.sop_uid:
        raise ReadError(tr("another object lies in this file now; open the study again"), file.where)


def _on_series(entry: StoredEntry, lay: Callable[[Series], _T], cancel: CancelToken) -> dict[SeriesKey, _T]:
    """Lay a result on every series of images that it fits.

    Raises
    ------
    ReadError
        If it fits none, with the reason of the series that it is about.
    """
    laid: dict[SeriesKey, _T] = {}
    refused: ReadError | None = None
    for series in _images(entry):
        cancel.check()
        try:
            laid[series.key] = lay(series)
        except ReadError as error:
            refused = refused or error
    if not laid:
        where = str(entry.stored.source)
        raise refused or ReadError(tr("its study has no images that it could be shown on"), where)
    # In the order of the study again.
    return {series.key: laid[series.key] for series in entry.study.series if series.key in laid}


def _images(entry: StoredEntry) -> Sequence[Series]:
    """The series of images of the study, those that the result refers to first."""
    from ichviewer.services.stored_results import StoredResults, is_result  # noqa: PLC0415 - as above

    alone = StoredResults(entry.study, (entry.stored,))
    images: Iterable[Series] = (series for series in entry.study.series if not is_result(series))
    return sorted(images, key=lambda series: not alone.about(series))
