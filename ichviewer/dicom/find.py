"""Finding files: in folders at any depth, in ZIP archives, named by DICOMDIRs; each once, in natural order."""

from __future__ import annotations

import os
import stat
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO, Literal

from ichviewer.dicom.boundary import foreign_code, in_words
from ichviewer.dicom.dicomdir import FileId, find_root, locate, missing_members
from ichviewer.dicom.sort import natural_key
from ichviewer.dicom.source import open_source
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

HEAD_BYTES = 256
_MAGIC_OFFSET = 128
_ENCRYPTED = 0x1
# Explicit VRs that the first elements of a data set may have.
_FIRST_VRS = (b"AE", b"CS", b"DA", b"IS", b"LO", b"OB", b"SH", b"TM", b"UI", b"UL", b"US")


class Kind(Enum):
    """What a file seems to be by its first bytes."""

    DICOM = auto()
    MAYBE_DICOM = auto()
    ZIP = auto()
    OTHER = auto()


def sniff(head: bytes, size: int) -> Kind:
    """Tell what a file is by its first `HEAD_BYTES` bytes.

    MAYBE_DICOM is a data set without preamble: it starts with an element of group 2 or 8 of a plausible form.
    """
    if head[_MAGIC_OFFSET : _MAGIC_OFFSET + 4] == b"DICM":
        return Kind.DICOM
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return Kind.ZIP
    if len(head) < 8:
        return Kind.OTHER
    orders: tuple[Literal["little", "big"], ...] = ("little", "big")
    for order in orders:
        group = int.from_bytes(head[:2], order)
        element = int.from_bytes(head[2:4], order)
        if group not in (0x0002, 0x0008) or element > 0x2000:
            continue
        length = int.from_bytes(head[4:8], order)
        if head[4:6] in _FIRST_VRS or (order == "little" and length % 2 == 0 and length < min(size, 1 << 16)):
            return Kind.MAYBE_DICOM
    return Kind.OTHER


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or a link to one; what cannot be told is explored as a file, which says why."""
    try:
        return entry.is_dir()
    except OSError:
        return False


@dataclass(frozen=True, eq=False)
class Candidate:
    """A file that may be DICOM.

    Parameters
    ----------
    source : SliceSource
    size : int
        In bytes, uncompressed.
    archive : ZipFile or None
        The open archive it lies in.
    """

    source: SliceSource
    size: int
    archive: zipfile.ZipFile | None = None

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open it for reading; raises ReadError."""
        return open_source(self.source, self.archive)


class FileFinder:
    """Hands out every file below some paths once, and takes hints about more while it does.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders, in any mix.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._queue: deque[Path | Candidate | zipfile.ZipFile] = deque(paths)
        self._unexplored = len(paths)
        self._seen: set[object] = set()
        self.problems: list[Problem] = []
        self.handed_out = 0
        self._dangling: set[str] = set()

    @property
    def total(self) -> int:
        """How many files there are in all; 0 while folders are still unexplored."""
        return 0 if self._unexplored else self.handed_out + len(self._queue)

    def __iter__(self) -> Iterator[Candidate]:
        while self._queue:
            item = self._queue.popleft()
            if isinstance(item, Path):
                self._unexplored -= 1
                self._explore(item)
            elif isinstance(item, zipfile.ZipFile):
                item.close()
            else:
                self.handed_out += 1
                yield item

    def close(self) -> None:
        """Close archives that were not reached."""
        for item in self._queue:
            if isinstance(item, zipfile.ZipFile):
                item.close()
        self._queue.clear()

    def _report(self, code: ProblemCode, where: str, found: str) -> None:
        self.problems.append(Problem(code, where, found))

    def _explore(self, path: Path) -> None:
        try:
            status = path.stat()
        except OSError as error:
            self._report(ProblemCode.UNREADABLE_FILE, str(path), in_words(error))
            return
        # Device and inode name a file for good, through links, loops and two ways to the same place.
        identity = (status.st_dev, status.st_ino) if status.st_ino else path.resolve()
        if identity in self._seen:
            return
        self._seen.add(identity)
        if stat.S_ISDIR(status.st_mode):
            self._explore_folder(path)
        elif stat.S_ISREG(status.st_mode):
            self._queue.appendleft(Candidate(SliceSource(path), status.st_size))
        else:
            self._report(ProblemCode.NOT_DICOM, str(path), "not a regular file")

    def _explore_folder(self, folder: Path) -> None:
        try:
            with os.scandir(folder) as entries:
                found = [(_is_folder(entry), natural_key(entry.name), entry.name) for entry in entries]
        except OSError as error:
            self._report(ProblemCode.UNREADABLE_FILE, str(folder), in_words(error))
            return
        # Put in front of the queue last first, so that files come before folders, in natural order.
        for is_folder, _, name in sorted(found, reverse=True):
            if is_folder:
                self._unexplored += 1
                self._queue.appendleft(folder / name)
            else:
                self._explore(folder / name)

    def add_archive(self, candidate: Candidate) -> None:
        """Hand out the members of a ZIP next."""
        where = str(candidate.source)
        if candidate.source.member:
            self._report(ProblemCode.BROKEN_ARCHIVE, where, "an archive inside an archive is not opened")
            return
        try:
            with foreign_code(ReadError, "the archive could not be read", where):
                archive = zipfile.ZipFile(candidate.source.path)
        except ReadError as error:
            self._report(ProblemCode.BROKEN_ARCHIVE, where, error.found)
            return
        # A damaged directory may hold members without a name.
        members = [info for info in archive.infolist() if info.filename and not info.is_dir()]
        encrypted = [info for info in members if info.flag_bits & _ENCRYPTED]
        if encrypted:
            found = f"{len(encrypted)} of {len(members)} files are encrypted"
            self._report(ProblemCode.BROKEN_ARCHIVE, where, found)
        if not members:
            self._report(ProblemCode.NOT_DICOM, where, "an archive without files")
        readable = {info.filename: info for info in members if not info.flag_bits & _ENCRYPTED}
        self._queue.appendleft(archive)
        for name in sorted(readable, key=natural_key, reverse=True):
            source = SliceSource(candidate.source.path, name)
            self._queue.appendleft(Candidate(source, readable[name].file_size, archive))

    def add_references(self, directory: Candidate, file_ids: Sequence[FileId]) -> None:
        """Hand out the files that a DICOMDIR names, unless they were; report those that are not there."""
        source = directory.source
        if directory.archive is not None:
            # Every member is handed out anyway; only what is missing is news.
            for member in missing_members(directory.archive.namelist(), source.member, file_ids):
                self._dangle(directory, str(SliceSource(source.path, member)))
            return
        root = find_root(source.path.parent, file_ids)
        located = [locate(root, file_id) for file_id in file_ids]
        for file_id, path in zip(file_ids, located, strict=True):
            if path is None:
                self._dangle(directory, str(root.joinpath(*file_id)))
        # Each is put in front of the queue, so the last comes first.
        for path in reversed(located):
            if path is not None:
                self._explore(path)

    def _dangle(self, directory: Candidate, missing: str) -> None:
        # Directories of several levels name the same files again.
        if missing not in self._dangling:
            self._dangling.add(missing)
            self._report(ProblemCode.DANGLING_DICOMDIR_ENTRY, missing, f"named by {directory.source}")
