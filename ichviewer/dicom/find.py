"""Finding files: in folders at any depth, in ZIP archives, named by DICOMDIRs; each once, in natural order."""

from __future__ import annotations

import os
import stat
import zipfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO, Literal

from ichviewer.dicom.boundary import foreign_code, in_words
from ichviewer.dicom.dicomdir import FileId, Folders, leads_out, missing_members
from ichviewer.dicom.sort import NaturalKey, natural_key
from ichviewer.dicom.source import most_inflated, open_source
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

HEAD_BYTES = 256
_MAGIC_OFFSET = 128
_ENCRYPTED = 0x1
# File IDs are shown as they are: as paths, names like ".." and "C:" would act.
_SEPARATOR = os.sep
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
    member : ZipInfo or None
        Its entry there.
    """

    source: SliceSource
    size: int
    archive: zipfile.ZipFile | None = None
    member: zipfile.ZipInfo | None = None

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open it for reading; raises ReadError."""
        return open_source(self.source, self.archive, self.member)


class FileFinder:
    """Hands out every file below some paths once, and takes hints about more while it does.

    Nothing from outside of the paths is handed out, whatever links and directories say: it is reported.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders, in any mix.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._queue: deque[Path | Candidate | zipfile.ZipFile] = deque(paths)
        self._unexplored = len(paths)
        self._opened = {_real(path) for path in paths}
        self._seen: set[object] = set()
        self._folders = Folders()
        self.problems: list[Problem] = []
        self.handed_out = 0
        self._not_found: set[str] = set()

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

    def _is_inside(self, real: Path, *more_roots: Path) -> bool:
        """Whether a path without links lies in what was opened."""
        return any(at in self._opened or at in more_roots for at in (real, *real.parents))

    def _explore(self, path: Path) -> None:
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            self._report(ProblemCode.UNREADABLE_FILE, str(path), in_words(error))
            return
        if not self._is_new(path, status):
            return
        if stat.S_ISDIR(status.st_mode):
            self._explore_folder(path)
        elif stat.S_ISREG(status.st_mode):
            self._queue.appendleft(Candidate(SliceSource(path), status.st_size))
        else:
            self._report(ProblemCode.NOT_DICOM, str(path), "not a regular file")

    def _is_new(self, path: Path, status: os.stat_result) -> bool:
        # Device and inode name a file for good, through links, loops and two ways to the same place. A file with
        # several names of its own (hard links) is as many files as names, which are compared like any copies.
        identity: tuple[object, ...] = (status.st_dev, status.st_ino)
        if not status.st_ino or (status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode)):
            identity = (*identity, _real(path))
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True

    def _explore_folder(self, folder: Path) -> None:
        try:
            with os.scandir(folder) as entries:
                found = [self._look_at(folder, entry) for entry in entries]
        except OSError as error:
            self._report(ProblemCode.UNREADABLE_FILE, str(folder), in_words(error))
            return
        # Put in front of the queue last first, so that files come before folders, in natural order.
        for is_folder, _, name in sorted((entry for entry in found if entry is not None), reverse=True):
            if is_folder:
                self._unexplored += 1
                self._queue.appendleft(folder / name)
            else:
                self._explore(folder / name)

    def _look_at(self, folder: Path, entry: os.DirEntry[str]) -> tuple[bool, NaturalKey, str] | None:
        """Whether it is a folder, and how its name sorts; None for what needs no look: links.

        What a link leads to is found by its own name if it lies in what was opened, and is not read otherwise.
        """
        path = folder / entry.name
        try:
            if not entry.is_symlink():
                return entry.is_dir(follow_symlinks=False), natural_key(entry.name), entry.name
        except OSError:
            # What cannot be told is explored as a file, which says why.
            return False, natural_key(entry.name), entry.name
        real = _real(path)
        if not self._is_inside(real):
            self._report(ProblemCode.OUTSIDE_FOLDER, str(path), f"a link to {real}")
        elif not _exists(real):
            return False, natural_key(entry.name), entry.name
        return None

    def add_archive(self, candidate: Candidate) -> None:
        """Hand out the members of a ZIP next: all of them, those of one name and unreadable ones too."""
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
        # Not is_dir(): it fails on a member without a name.
        members = [info for info in archive.infolist() if info.file_size or not info.filename.endswith("/")]
        if not members:
            self._report(ProblemCode.NOT_DICOM, where, "an archive without files")
        copies: Counter[str] = Counter()
        readable = []
        for info in members:
            source = SliceSource(candidate.source.path, info.filename, copy=copies[info.filename])
            copies[info.filename] += 1
            if not info.filename:
                self._report(ProblemCode.BROKEN_ARCHIVE, where, "a member without a name")
            elif info.flag_bits & _ENCRYPTED:
                self._report(ProblemCode.BROKEN_ARCHIVE, str(source), "the file is encrypted")
            else:
                readable.append((natural_key(info.filename), source.copy, source, info))
        self._queue.appendleft(archive)
        for _, _, source, info in sorted(readable, key=lambda member: member[:2], reverse=True):
            self._queue.appendleft(Candidate(source, most_inflated(info, candidate.size), archive, info))

    def add_references(self, directory: Candidate, file_ids: Sequence[FileId]) -> None:
        """Hand out the files that a DICOMDIR names, unless they were; report those that are not there or outside."""
        source = directory.source
        if directory.archive is not None:
            # Every member is handed out anyway; only what is missing is news.
            for member in missing_members(directory.archive.namelist(), source.member, file_ids):
                self._not_there(directory, f"{source.path}!{member}")
            return
        home = _real(source.path).parent
        root = self._folders.find_root(source.path.parent if not source.path.is_symlink() else home, file_ids)
        named: list[Path] = []
        for file_id in file_ids:
            path = None if leads_out(file_id) else self._folders.locate(root, file_id)
            if path is None:
                missing = _SEPARATOR.join((str(root), *file_id))
                self._not_there(directory, missing, is_outside=leads_out(file_id))
            elif self._is_inside(_real(path), home):
                named.append(path)
            else:
                self._not_there(directory, str(path), is_outside=True, leads_to=str(_real(path)))
        # Each is put in front of the queue, so the last comes first.
        for path in reversed(named):
            self._explore(path)

    def _not_there(
        self, directory: Candidate, where: str, *, is_outside: bool = False, leads_to: str = ""
    ) -> None:
        # Directories of several levels name the same files again.
        if where in self._not_found:
            return
        self._not_found.add(where)
        code = ProblemCode.OUTSIDE_FOLDER if is_outside else ProblemCode.DANGLING_DICOMDIR_ENTRY
        link = f", leads to {leads_to}" if leads_to not in ("", where) else ""
        self._report(code, where, f"named by {directory.source}{link}")


def _real(path: Path) -> Path:
    """Where a path leads, without links and relative parts; itself where no system knows such a path."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path.absolute()


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True
