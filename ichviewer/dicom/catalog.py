"""The story of reading: find files, read headers, group, split and sort them into a catalog."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.compare import ImageComparison, ReadSlice
from ichviewer.dicom.dicomdir import referenced_files
from ichviewer.dicom.find import HEAD_BYTES, Candidate, FileFinder, Kind, sniff
from ichviewer.dicom.group import Part, SeriesParts, SeriesUids, uids_of
from ichviewer.dicom.header import HEADER_TAGS, PatientKey, SliceHeader, read_slice_headers
from ichviewer.dicom.parse import ParsedFile, parse_file
from ichviewer.dicom.sort import NaturalKey, natural_key, sort_slices
from ichviewer.dicom.source import HeaderStream
from ichviewer.dicom.stored import STORED_TAGS, parsed_kind, read_stored_object
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, Series, SeriesKey, Study
from ichviewer.domain.stored_object import StoredKind, StoredObject
from ichviewer.errors import ReadError
from ichviewer.progress import CancelToken, Progress, silent

_log = logging.getLogger("ichviewer.dicom")
_PARTIAL_EVERY_S = 0.5
_PARTIAL_SHARE = 9


def read_catalog(
    paths: Sequence[Path],
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
    on_partial: Callable[[Catalog], None] | None = None,
    read_slice: ReadSlice | None = None,
) -> Catalog:
    """List every image below some paths: headers only, nothing is written.

    Pixels are read only of files that share a SOPInstanceUID, and decoded only where their bytes differ. The catalog
    does not depend on the order of the paths.

    Parameters
    ----------
    paths : sequence of Path
        Folders, files, ZIP archives, DICOMDIRs, in any mix; what is reached twice counts once.
    progress : Progress
        Told after every file.
    cancel : CancelToken, optional
        Checked before every file.
    on_partial : callable, optional
        Gets the catalog so far: when the first slice was found, then at most twice a second and for no more than a
        tenth of the time. Called from here.
    read_slice : callable, optional
        Decodes a slice, `ichviewer.dicom.decode.read_slice` unless told: damaged pixels may end the process they are
        decoded in.

    Returns
    -------
    Catalog
        With a problem for everything that could not be listed, and for every double of a slice that is: each image
        found is a slice, an error or a double.

    Raises
    ------
    Cancelled
    """
    builder = CatalogBuilder(read_slice)
    finder = FileFinder(sorted(paths, key=lambda path: natural_key(str(path))))
    next_partial = float("-inf")
    try:
        for candidate in finder:
            if cancel is not None:
                cancel.check()
            builder.add(_read_candidate(candidate, finder, builder))
            progress(finder.handed_out, finder.total, "reading headers")
            now = time.monotonic()
            if on_partial is not None and builder.has_news and now >= next_partial:
                on_partial(builder.catalog(finder.problems))
                # Each partial catalog is put together anew, which takes longer the more there is.
                took = time.monotonic() - now
                next_partial = now + took + max(_PARTIAL_EVERY_S, _PARTIAL_SHARE * took)
    finally:
        finder.close()
    return builder.catalog(finder.problems)


def _read_candidate(
    candidate: Candidate, finder: FileFinder, builder: CatalogBuilder
) -> tuple[SliceHeader, ...]:
    """Headers of one file; what it is instead of an image is told to the finder or the builder."""
    where = str(candidate.source)
    kind = Kind.DICOM
    try:
        with candidate.open() as stream:
            with foreign_code(ReadError, "the file could not be read", where):
                head = stream.read(HEAD_BYTES)
            kind = sniff(head, candidate.size)
            if kind is Kind.ZIP:
                finder.add_archive(candidate)
                return ()
            if kind is Kind.OTHER:
                builder.report(ProblemCode.NOT_DICOM, where, "" if head else "an empty file")
                return ()
            stream.seek(0)
            parsed = parse_file(cast(BinaryIO, HeaderStream(stream, where)), where, HEADER_TAGS)
            if parsed.is_directory:
                _read_directory(candidate, parsed, finder, builder)
                return ()
            stored = parsed_kind(parsed)
            if stored is not None:
                _read_stored(candidate, stream, stored, builder)
            if parsed.pixels is not None:
                return read_slice_headers(parsed, candidate.source, candidate.size)
    except ReadError as error:
        if kind is Kind.MAYBE_DICOM:
            builder.report(ProblemCode.NOT_DICOM, where, "")
        else:
            builder.report(
                ProblemCode.UNREADABLE_FILE,
                where,
                f"{error.what}: {error.found}" if error.found else error.what,
            )
        return ()
    if parsed.is_image:
        builder.report(
            ProblemCode.UNREADABLE_FILE, where, "the header describes an image, but the file holds none"
        )
    else:
        builder.report(ProblemCode.NO_PIXEL_DATA, where, parsed.elements.text("Modality"))
    return ()


def _read_stored(candidate: Candidate, stream: BinaryIO, kind: StoredKind, builder: CatalogBuilder) -> None:
    """Note a result; where only what it refers to is malformed, an image in it is listed all the same."""
    where = str(candidate.source)
    try:
        stream.seek(0)
        # What results refer to takes elements that images would be searched for in vain.
        parsed = parse_file(cast(BinaryIO, HeaderStream(stream, where)), where, STORED_TAGS)
        builder.add_stored(read_stored_object(parsed, kind, candidate.source))
    except ReadError as error:
        builder.report(ProblemCode.BROKEN_VALUE, where, f"{kind.text}: {error.found or error.what}")


def _read_directory(
    candidate: Candidate, parsed: ParsedFile, finder: FileFinder, builder: CatalogBuilder
) -> None:
    """Hand what a DICOMDIR names to the finder; say so where that is nothing or the directory is damaged."""
    files = referenced_files(parsed)
    finder.add_references(candidate, files)
    for problem in parsed.elements.problems:
        builder.report(problem.code, problem.where, problem.found)
    if not files:
        builder.report(ProblemCode.NO_PIXEL_DATA, str(candidate.source), "a DICOMDIR that names no files")


class CatalogBuilder:
    """Grows a catalog slice by slice; only series that changed are put in order again.

    Parameters
    ----------
    read_slice : callable, optional
        See `read_catalog`.
    """

    def __init__(self, read_slice: ReadSlice | None = None) -> None:
        self._series: dict[SeriesUids, SeriesParts] = {}
        self._changed: set[SeriesUids] = set()
        self._built: dict[SeriesUids, list[tuple[Part, Series]]] = {}
        self._comparison = ImageComparison(read_slice)
        self._problems: list[Problem] = []
        self._stored: list[StoredObject] = []
        self.has_news = False

    def report(self, code: ProblemCode, where: str, found: str) -> None:
        """Note a problem of a file that is part of no series."""
        self._problems.append(Problem(code, where, found))

    def add_stored(self, stored: StoredObject) -> None:
        """Take in a result that lies beside the images."""
        self._stored.append(stored)

    def add(self, headers: Iterable[SliceHeader]) -> None:
        """Take in the slices of one file."""
        for header in headers:
            uids = uids_of(header)
            if uids not in self._series:
                self._series[uids] = SeriesParts(self._comparison, _series_name(header))
            double = self._series[uids].add(header)
            if double is not None:
                self._problems.append(double)
            self._changed.add(uids)
            self.has_news = True

    def catalog(self, more_problems: Iterable[Problem] = ()) -> Catalog:
        """The catalog of all that was taken in so far."""
        self.has_news = False
        for uids in self._changed:
            known = {part.contents: series for part, series in self._built.get(uids, ())}
            self._built[uids] = []
            for part in self._series[uids].parts:
                same = known.get(part.contents)
                self._built[uids].append((part, same or build_series(SeriesKey(*uids, part.number), part)))
        self._changed.clear()
        studies: dict[tuple[PatientKey, str], list[Series]] = {}
        for uids in self._series:
            for part, series in self._built[uids]:
                # Without a UID, or with a UID that two patients share, the patient keeps studies apart.
                studies.setdefault((part.patient_key, series.study.uid), []).append(series)
        ordered = sorted((_build_study(found) for found in studies.values()), key=_study_order)
        return Catalog(tuple(ordered), (*more_problems, *self._problems), tuple(self._stored))


def build_series(key: SeriesKey, part: Part) -> Series:
    """Put the slices of one part in order and describe them."""
    first = part.headers[0]
    tilted_gantry = first.modality == "CT"
    result = sort_slices([h.info for h in part.headers], _series_name(first), tilted_gantry=tilted_gantry)
    return Series(
        key=key,
        patient=first.patient,
        study=first.study,
        modality=first.modality,
        slices=result.slices,
        sort_basis=result.basis,
        description=first.description,
        number=first.number,
        sop_class_uid=first.sop_class_uid,
        image_type=first.image_type,
        contrast_agent=next((h.contrast_agent for h in part.headers if h.contrast_agent), ""),
        kernel=first.kernel,
        problems=(*part.problems, *result.problems),
    )


def _series_name(header: SliceHeader) -> str:
    """A series in words for problems."""
    parts = ["series"]
    if header.number is not None:
        parts.append(str(header.number))
    if header.description:
        parts.append(f'"{header.description}"')
    if len(parts) == 1:
        parts.append(header.series_uid or "without UID")
    return " ".join(parts)


def _build_study(series: list[Series]) -> Study:
    ordered = sorted(series, key=_series_order)
    return Study(ordered[0].study, ordered[0].patient, tuple(ordered))


def _series_order(series: Series) -> tuple[bool, int, NaturalKey, int]:
    number = series.number
    return number is None, number or 0, natural_key(series.key.series_uid), series.key.part


def _study_order(study: Study) -> tuple[NaturalKey, NaturalKey, str, str, NaturalKey]:
    patient, info = study.patient, study.info
    return natural_key(patient.name), natural_key(patient.id), info.date, info.time, natural_key(info.uid)
