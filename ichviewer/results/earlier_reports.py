"""Earlier reports of ours on the same series, which a report names as its predecessors (DICOM PS3.3 C.17.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.uid import Comprehensive3DSRStorage

from ichviewer.dicom.parse import parse_file
from ichviewer.dicom.references import read_references
from ichviewer.dicom.source import open_source
from ichviewer.dicom.values import Elements
from ichviewer.domain.series import Catalog, Series, SliceSource
from ichviewer.domain.stored_object import StoredKind
from ichviewer.errors import ReadError
from ichviewer.results.equipment import EQUIPMENT
from ichviewer.results.local_time import date_text, time_text
from ichviewer.results.reading.result_file import ResultFile, open_result
from ichviewer.results.uids import is_uid

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from ichviewer.results.source import Source

MOST_LOOKED_AT = 64
"""Files that are looked at for a series; what comes behind is taken for none."""


@dataclass(frozen=True)
class EarlierReport:
    """What another document needs of a report in order to name it.

    Parameters
    ----------
    sop_class_uid, sop_uid, series_uid, study_uid : str
    """

    sop_class_uid: str
    sop_uid: str
    series_uid: str
    study_uid: str

    def __post_init__(self) -> None:
        uids = (self.sop_class_uid, self.sop_uid, self.series_uid, self.study_uid)
        if not all(map(is_uid, uids)):
            raise ValueError(f"a report is named by its UIDs. Received: {uids}")

    def dataset(self) -> Dataset:
        """For highdicom."""
        from pydicom.dataset import Dataset  # noqa: PLC0415 - as everywhere here

        found = Dataset()
        found.SOPClassUID, found.SOPInstanceUID = self.sop_class_uid, self.sop_uid
        found.SeriesInstanceUID, found.StudyInstanceUID = self.series_uid, self.study_uid
        return found


def reports_of_studies(catalog: Catalog, folder: Path | None = None) -> dict[str, tuple[SliceSource, ...]]:
    """Files that say they are reports of ours, by the UID of their study.

    Parameters
    ----------
    catalog : Catalog
        What was opened.
    folder : Path, optional
        Where results go: what lies there from before comes first (see `reports_in`).
    """
    found: dict[str, list[SliceSource]] = {}
    if folder is not None:
        found = {uid: list(sources) for uid, sources in reports_in(folder).items()}
    for stored in catalog.stored:
        if stored.kind is StoredKind.REPORT and stored.manufacturer == EQUIPMENT.manufacturer:
            found.setdefault(stored.study.uid, []).append(stored.source)
    return {uid: tuple(sources) for uid, sources in found.items()}


def reports_in(folder: Path) -> dict[str, tuple[SliceSource, ...]]:
    """Files of a folder that have names of reports of ours, by the UID of their study.

    None where the folder cannot be read; a file that cannot be read is left out. The folder may hold the results of
    thousands of studies.
    """
    found: dict[str, list[SliceSource]] = {}
    try:
        sources = [SliceSource(path) for path in sorted(folder.glob("sr_*.dcm"))]
    except OSError:
        return {}  # whoever writes into it is told why
    for source in sources:
        try:
            with open_source(source) as stream:
                header = parse_file(stream, str(source), ("StudyInstanceUID",)).elements
        except ReadError:
            continue  # as in `_reports`
        found.setdefault(header.text("StudyInstanceUID"), []).append(source)
    return {uid: tuple(of_study) for uid, of_study in found.items()}


def predecessors(
    source: Source, sop_uid: str, candidates: Iterable[SliceSource]
) -> tuple[EarlierReport, ...]:
    """The reports that a report replaces or builds on.

    Only those of this program on the same patient, study and series are, which rest on no other images than this one
    and were not made after its analysis. Where one was named by another of them already, only the other is named. A
    report that is there already names what it named before.

    Parameters
    ----------
    source : Source
    sop_uid : str
        Of the report that is being made.
    candidates : iterable of SliceSource
        Files that may be such reports; the first `MOST_LOOKED_AT` count. What cannot be read is none.

    Returns
    -------
    tuple of EarlierReport
        In the order of their UIDs.
    """
    found: dict[str, tuple[EarlierReport, tuple[EarlierReport, ...]]] = {}
    for file in _reports(list(dict.fromkeys(candidates))[:MOST_LOOKED_AT], source):
        own = EarlierReport(
            Comprehensive3DSRStorage,
            file.root.text("SOPInstanceUID"),
            file.root.text("SeriesInstanceUID"),
            file.study.uid,
        )
        found.setdefault(own.sop_uid, (own, tuple(_named(file.root))))
    if sop_uid in found:
        return found[sop_uid][1]
    leading = _leading_to(sop_uid, {uid: named for uid, (_, named) in found.items()})
    left = {uid: pair for uid, pair in found.items() if uid not in leading}
    named = {one.sop_uid for _, before in left.values() for one in before}
    return tuple(left[uid][0] for uid in sorted(left) if uid not in named)


def _reports(candidates: Sequence[SliceSource], source: Source) -> Iterator[ResultFile]:
    for candidate in candidates:
        try:
            file = open_result(candidate, (StoredKind.REPORT,), "structured report")
            file.check_patient(source.series)
        except ReadError:
            continue  # a report that cannot be read is not known to be ours
        if _is_ours(file) and _is_of(file, source.series) and not _is_later(file, source):
            yield file


def _is_ours(file: ResultFile) -> bool:
    root = file.root
    made_by = root.text("Manufacturer"), root.text("ManufacturerModelName")
    uids = (root.text("SOPInstanceUID"), root.text("SeriesInstanceUID"))
    return (
        made_by == (EQUIPMENT.manufacturer, EQUIPMENT.model_name)
        and root.text("SOPClassUID") == Comprehensive3DSRStorage
        and all(map(is_uid, uids))
    )


def _is_of(file: ResultFile, series: Series) -> bool:
    """Whether it is about images of this series and no others.

    What one series UID holds may be several series here, so the images count beside the UID.
    """
    images = {info.sop_uid for info in series.slices}
    about = read_references(file.root)
    return (
        file.study.uid == series.key.study_uid
        and bool(about)
        and all(one.series_uid == series.key.series_uid and one.sop_uid in images for one in about)
    )


def _is_later(file: ResultFile, source: Source) -> bool:
    made = file.root.text("ContentDate") + file.root.text("ContentTime")
    return made > date_text(source.when) + time_text(source.when)


def _named(root: Elements) -> Iterator[EarlierReport]:
    for study in root.items("PredecessorDocumentsSequence"):
        for series in study.items("ReferencedSeriesSequence"):
            for item in series.items("ReferencedSOPSequence"):
                uids = (
                    item.text("ReferencedSOPClassUID"),
                    item.text("ReferencedSOPInstanceUID"),
                    series.text("SeriesInstanceUID"),
                    study.text("StudyInstanceUID"),
                )
                if all(map(is_uid, uids)):
                    yield EarlierReport(*uids)


def _leading_to(sop_uid: str, before: Mapping[str, Sequence[EarlierReport]]) -> set[str]:
    """Those whose predecessors, or the predecessors of these, are the one report."""
    leading = {sop_uid}
    while True:
        more = {uid for uid, named in before.items() if any(one.sop_uid in leading for one in named)}
        if more <= leading:
            return leading
        leading |= more
