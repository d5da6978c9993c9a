"""De-identify everything under some paths into a folder of its own; begun again, it goes on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.deidentify.file import DeidentifiedFile, deidentify_file
from ichviewer.dicom.deidentify.key import Key
from ichviewer.dicom.deidentify.options import Options
from ichviewer.dicom.deidentify.removal import Removal
from ichviewer.dicom.dicomdir import referenced_files
from ichviewer.dicom.find import HEAD_BYTES, Candidate, FileFinder, Kind, sniff
from ichviewer.dicom.parse import parse_file
from ichviewer.dicom.sort import natural_key
from ichviewer.dicom.source import HeaderStream
from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import ExportError, ReadError
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.atomic_file import write_atomically
from ichviewer.services.deidentify_csv import deidentify_csv, is_findings_csv

_MOST_TABLE_BYTES = 1 << 28
_START_BYTES = 1 << 12
_NO_OBJECTS = (ProblemCode.NOT_DICOM, ProblemCode.DANGLING_DICOMDIR_ENTRY)


@dataclass(frozen=True)
class Written:
    """A file of the result.

    Parameters
    ----------
    path : Path
    source : str
        The file it was made of; it may name the patient.
    removals : tuple of Removal
    notes : tuple of str
        What was taken on trust.
    was_there : bool
        Whether an earlier run had written the very same.
    """

    path: Path
    source: str
    removals: tuple[Removal, ...]
    notes: tuple[str, ...]
    was_there: bool = False


@dataclass(frozen=True)
class Refused:
    """A file that was not exported.

    Parameters
    ----------
    source : str
        It may name the patient.
    why : str
        A sentence that names nobody.
    found : str
        Details, which may hold values of the file.
    """

    source: str
    why: str
    found: str = ""

    def __str__(self) -> str:
        return f"{self.source}: not exported: {self.why}{f' ({self.found})' if self.found else ''}"


@dataclass
class Export:
    """What became of each file; ``ignored`` counts those that are neither DICOM objects nor CSVs of findings."""

    written: list[Written] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: int = 0
    doubles: int = 0


def check_places(paths: Sequence[Path], folder: Path, *private: Path) -> None:
    """Refuse an output folder that lies in what is read, or around it; and secrets that lie in the output folder.

    Parameters
    ----------
    paths : sequence of Path
        What is read.
    folder : Path
        What will be handed to others.
    private : Path
        Files that must not be among it, such as the key.

    Raises
    ------
    ExportError
    """
    real = _real(folder)
    for path in paths:
        opened = _real(path)
        # A DICOMDIR names files beside and below it.
        opened = opened if opened.is_dir() else opened.parent if opened.name.upper() == "DICOMDIR" else opened
        if opened in (real, *real.parents):
            raise ExportError("the output folder lies in what is read", str(folder), str(path))
        if real in opened.parents:
            raise ExportError("what is read lies in the output folder", str(path), str(folder))
    for path in private:
        if real in _real(path).parents:
            raise ExportError("this must not lie in the folder that is handed on", str(path), str(folder))


def export_deidentified(
    paths: Sequence[Path],
    folder: Path,
    options: Options,
    key: Key,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Export:
    """Write every DICOM object and CSV of findings under some paths, de-identified, into a folder.

    Each file is written whole or not at all, under a name made of its new identifiers. Stopped and begun again with
    the same key and options, it writes what is missing. A file that is refused does not stop the rest.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, ZIPs and DICOMDIRs.
    folder : Path
        Made if its parent is there.
    options : Options
    key : Key
    progress : Progress
    cancel : CancelToken, optional
        Checked before each file.

    Returns
    -------
    Export

    Raises
    ------
    ExportError
        If the folder cannot be used or nothing can be written.
    Cancelled
        What was written by then stays, and is whole.
    """
    check_places(paths, folder)
    _make(folder)
    run = _Run(folder, options, key)
    finder = FileFinder(sorted(paths, key=lambda path: natural_key(str(path))))
    try:
        for candidate in finder:
            if cancel is not None:
                cancel.check()
            run.take(candidate, finder)
            progress(finder.handed_out, finder.total, "de-identifying")
    finally:
        finder.close()
    if cancel is not None:
        cancel.check()
    run.write_tables()
    for problem in finder.problems:
        if problem.code in _NO_OBJECTS:
            run.export.ignored += 1
        else:
            run.export.refused.append(Refused(problem.where, problem.text, problem.found))
    return run.export


class _Run:
    """One export: what was written, and what waits for its end."""

    def __init__(self, folder: Path, options: Options, key: Key) -> None:
        self._folder = folder
        self._options = options
        self._key = key
        self._patients: dict[str, str] = {}
        self._tables: list[tuple[str, str]] = []
        self._digests: dict[Path, bytes] = {}
        self.export = Export()

    def take(self, candidate: Candidate, finder: FileFinder) -> None:
        """Export one file, or say why not."""
        where = str(candidate.source)
        try:
            with candidate.open() as stream:
                self._take(candidate, stream, finder, where)
        except (ExportError, ReadError) as error:
            self.export.refused.append(Refused(where, error.what, error.found))

    def _take(self, candidate: Candidate, stream: BinaryIO, finder: FileFinder, where: str) -> None:
        with foreign_code(ReadError, "the file could not be read", where):
            head = stream.read(HEAD_BYTES)
        kind = sniff(head, candidate.size)
        if kind is Kind.ZIP:
            finder.add_archive(candidate)
            return
        stream.seek(0)
        if kind is Kind.OTHER:
            self._take_table(candidate, stream, where)
            return
        try:
            parsed = parse_file(cast(BinaryIO, HeaderStream(stream, where)), where, None)
        except ReadError:
            if kind is not Kind.MAYBE_DICOM:
                raise
            self.export.ignored += 1
            return
        if parsed.is_directory:
            finder.add_references(candidate, referenced_files(parsed))
            self.export.ignored += 1
            return
        stream.seek(0)
        done = deidentify_file(stream, where, self._options, self._key)
        if done.old_study_uid:
            self._patients[done.old_study_uid] = done.patient
        self._write(done, where)

    def _take_table(self, candidate: Candidate, stream: BinaryIO, where: str) -> None:
        with foreign_code(ReadError, "the file could not be read", where):
            start = stream.read(_START_BYTES)
            if not is_findings_csv(start.decode("utf-8", errors="replace")):
                self.export.ignored += 1
                return
            if candidate.size > _MOST_TABLE_BYTES:
                raise ExportError("the CSV is too large", where)
            stream.seek(0)
            self._tables.append((where, stream.read().decode("utf-8")))

    def write_tables(self) -> None:
        """Export the CSVs, now that the patients of all studies are known."""
        for where, text in self._tables:
            try:
                with foreign_code(ReadError, "the CSV is not as it was written", where):
                    data = deidentify_csv(text, self._key, self._patients).encode("utf-8")
                path = self._folder / f"findings_{hashlib.sha256(data).hexdigest()[:16]}.csv"
                was_there = self._put(path, data, where)
            except (ExportError, ReadError) as error:
                self.export.refused.append(Refused(where, error.what, error.found))
                continue
            removal = Removal("patient_id, UIDs, file", "", "replaced", "identifiers of a CSV of findings")
            self.export.written.append(Written(path, where, (removal,), (), was_there))

    def _write(self, done: DeidentifiedFile, where: str) -> None:
        path = self._folder / done.patient / done.study_uid / done.series_uid / f"{done.sop_uid}.dcm"
        digest = hashlib.sha256(done.data).digest()
        if path in self._digests:
            if self._digests[path] != digest:
                raise ExportError("another object of the same UIDs was exported already", where)
            self.export.doubles += 1
            return
        was_there = self._put(path, done.data, where)
        self._digests[path] = digest
        self.export.written.append(Written(path, where, done.removals, done.notes, was_there))

    def _put(self, path: Path, data: bytes, where: str) -> bool:
        """Write a file, or leave the same file of an earlier run; whether it was there.

        Raises
        ------
        ExportError
            If something of somebody else has the name, or a link leads out of the folder.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if _real(path) != _real(self._folder) / path.relative_to(self._folder):
                raise ExportError("a link leads out of the output folder", where)
            if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
                return True
            if path.exists() and not self._is_ours(path):
                raise ExportError("something else has the name of the result", where)
        except OSError as error:
            raise ExportError(
                "the file cannot be written", where, error.strerror or type(error).__name__
            ) from error
        write_atomically(path, data)
        return False

    def _is_ours(self, path: Path) -> bool:
        """Whether a file holds the object by whose new UID it is named, as other options made it."""
        if path.suffix != ".dcm" or not path.is_file():
            return False
        try:
            with path.open("rb") as stream:
                found = parse_file(stream, str(path), ("SOPInstanceUID",)).elements.text("SOPInstanceUID")
        except ReadError:
            return False
        return found == path.stem


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError("the output folder cannot be made", str(folder), reason) from error


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
