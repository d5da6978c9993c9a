"""Write the results of an analyzed series as DICOM files: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ichviewer.dicom.parse import parse_file
from ichviewer.dicom.source import open_source
from ichviewer.domain.eligibility import refusal
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SliceSource
from ichviewer.errors import ExportError, ReadError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.extras import Extras
from ichviewer.results.finish import file_bytes
from ichviewer.results.result_kind import ResultKind
from ichviewer.results.source import Source
from ichviewer.services.outputs import Inputs, write_outputs

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_NO_HEAD_CT = frozenset({ProblemCode.NOT_CT, ProblemCode.LOCALIZER, ProblemCode.SECONDARY_CAPTURE})
_SHOWN_DIGITS = 12


@dataclass(frozen=True, eq=False)
class ResultObject:
    """One object, finished.

    Parameters
    ----------
    kind : str
        Name of its kind.
    file_name : str
        The same every time for the same object; tells nothing of the patient.
    dataset : pydicom Dataset
    """

    kind: str
    file_name: str
    dataset: Dataset

    @property
    def sop_uid(self) -> str:
        """SOP Instance UID."""
        return str(self.dataset.SOPInstanceUID)


def is_worth_results(series: Series) -> bool:
    """Whether a series is a CT of a patient's sections, about which a result says something.

    Localizers, captured screens and other modalities get no objects: nobody would look for results there. A CT that
    was not analyzed for another reason gets objects that say so.
    """
    reason = refusal(series)
    return reason is None or reason.code not in _NO_HEAD_CT


def make_results(
    analysis: SeriesAnalysis,
    kinds: Iterable[ResultKind],
    *,
    extras: Extras | None = None,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> tuple[ResultObject, ...]:
    """Make the objects of an analyzed series, in memory.

    Parameters
    ----------
    analysis : SeriesAnalysis
    kinds : iterable of ResultKind
        See `ichviewer.results.kinds`.
    extras : Extras, optional
    progress : Progress
        Told after every kind.
    cancel : CancelToken, optional
        Checked before every kind.

    Returns
    -------
    tuple of ResultObject
        In the order of the kinds; a kind that has nothing to say makes none.

    Raises
    ------
    ExportError
        If an image cannot be referenced, or the series is no CT of sections.
    ReadError, FileChangedError
        If the images cannot be read any more or are others now.
    Cancelled
    """
    if not is_worth_results(analysis.series):
        reason = refusal(analysis.series)
        assert reason is not None
        raise ExportError("there are no results of this series", reason.where, reason.text)
    wanted = tuple(kinds)
    source = Source.of(analysis)
    made: list[ResultObject] = []
    for number, kind in enumerate(wanted):
        if cancel is not None:
            cancel.check()
        datasets = kind.build(source, kind, extras or Extras())
        for place, dataset in enumerate(datasets):
            more = f"_{place + 1}" if place else ""
            name = f"{kind.name}_{source.digest[:_SHOWN_DIGITS]}{more}.dcm"
            made.append(ResultObject(kind.name, name, dataset))
        progress(number + 1, len(wanted), "making DICOM objects")
    return tuple(made)


def write_results(
    analysis: SeriesAnalysis,
    destination: Path,
    kinds: Iterable[ResultKind],
    *,
    inputs: Inputs | None = None,
    extras: Extras | None = None,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> tuple[Path, ...]:
    """Make the objects of an analyzed series and write them into a folder: all of them or none.

    Written again, an object takes the place of its earlier file, and only of that: never of an image, nor of anything
    that was opened.

    Parameters
    ----------
    analysis : SeriesAnalysis
    destination : Path
        The folder; made if its parent is there.
    kinds : iterable of ResultKind
    inputs : Inputs, optional
        What was read beside the images of the series.
    extras, progress, cancel
        See `make_results`.

    Returns
    -------
    tuple of Path

    Raises
    ------
    ExportError
        See `make_results`; or if a file cannot be written, or is one that was read. What was there is untouched.
    ReadError, FileChangedError, Cancelled
        See `make_results`.
    """
    objects = make_results(analysis, kinds, extras=extras, progress=progress, cancel=cancel)
    files = [(destination / item.file_name, file_bytes(item.dataset)) for item in objects]
    if cancel is not None:
        cancel.check()
    make_folder(destination)
    images = sorted({info.source.path for info in analysis.series.slices})
    read = Inputs(read=tuple(images)) if inputs is None else Inputs(inputs.opened, (*inputs.read, *images))
    write_outputs(files, read.with_model(analysis.card), ours=_earlier(destination, objects))
    return tuple(path for path, _ in files)


def make_folder(destination: Path) -> None:
    """Make the folder that results go to, unless it is there.

    Raises
    ------
    ExportError
        If it cannot be made, or a file has its name.
    """
    try:
        destination.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError("the folder for DICOM objects cannot be made", str(destination), reason) from error


def _earlier(destination: Path, objects: Sequence[ResultObject]) -> tuple[Path, ...]:
    """The files that hold these very objects from before."""
    return tuple(
        path
        for item in objects
        if (path := destination / item.file_name).is_file() and _sop_uid(path) == item.sop_uid
    )


def _sop_uid(path: Path) -> str:
    source = SliceSource(path)
    try:
        with open_source(source) as stream:
            return parse_file(stream, str(source), ("SOPInstanceUID",)).elements.text("SOPInstanceUID")
    except ReadError:
        return ""
