"""What a command writes, and what it must never write onto: everything that was read, found or listed."""

from __future__ import annotations

import os
import stat
import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ichviewer.bundle import model_dir, resources_dir
from ichviewer.domain.series import Catalog
from ichviewer.errors import ExportError, IchViewerError
from ichviewer.inference.model_card import CARD_NAME, ModelCard
from ichviewer.services.atomic_file import Content, is_stream, write_all_atomically
from ichviewer.services.windows import user_windows_file

_DIRECTORY_NAME = "DICOMDIR"
_PREAMBLE_BYTES = 128
_SQLITE = b"SQLite format 3\0"

FileId = tuple[int, int]
"""Device and inode: what names a file for good, through links, ``..`` and names of other case."""


@dataclass(frozen=True)
class Inputs:
    """What a command reads; nothing of it is ever written to.

    Parameters
    ----------
    opened : tuple of Path
        Files and folders that were opened; of a folder every file at any depth counts.
    read : tuple of Path
        Further single files: those of the model, and all that a catalog names.
    """

    opened: tuple[Path, ...] = ()
    read: tuple[Path, ...] = ()

    def with_model(self, card: ModelCard) -> Inputs:
        """These and the files of a model."""
        names = card.raw.get("files", {})
        beside = [card.folder / str(name) for name in names] if isinstance(names, Mapping) else []
        files = (card.folder / CARD_NAME, card.keras_file, card.litert_file, *beside)
        return replace(self, read=(*self.read, *files))

    def with_catalog(self, catalog: Catalog) -> Inputs:
        """These and every file that a catalog names: images, archives, duplicates, and what could not be read."""
        sources = {info.source.path for series in catalog.series for info in series.slices}
        problems = [*catalog.problems]
        for series in catalog.series:
            problems += series.problems
            problems += [p for info in series.slices for p in info.problems]
        named = {path for where in {problem.where for problem in problems} for path in _named(where)}
        return replace(self, read=(*self.read, *sorted(sources | named)))

    def check(self, *outputs: Path, ours: Collection[Path] = ()) -> None:
        """Refuse outputs that would write onto an input or onto each other, or that could not be written.

        What can be known before any work is known here: a missing or protected folder, a name that is too long.

        Parameters
        ----------
        outputs : Path
            All files that one command writes.
        ours : collection of Path
            Those that are there already and are known to be earlier outputs of the same command: DICOM files may be
            replaced among them.

        Raises
        ------
        ExportError
        """
        written = [path for path in outputs if not is_stream(path)]
        for path in written:
            _check_writable(path)
        for i, path in enumerate(written):
            for other in written[:i]:
                if _same_place(path, other):
                    raise ExportError("two outputs cannot go to one file", str(path), str(other))
        existing = {identity: path for path in outputs if (identity := _identity(path)) is not None}
        if not existing:
            return
        for identity, source in self._files():
            if identity in existing:
                raise ExportError(
                    "this is one of the files that were read or found; choose another name",
                    str(existing[identity]),
                    source,
                )
        for path in written:
            kind = "" if path in ours else _never_written(path)
            if kind:
                raise ExportError(f"this is {kind}; choose another name", str(path))

    def _files(self) -> Iterator[tuple[FileId | None, str]]:
        for path in (*self.read, user_windows_file()):
            yield _identity(path), str(path)
        seen: set[FileId] = set()
        for path in (*self.opened, *_own_folders()):
            # A DICOMDIR names files beside and below it.
            yield from _walk(str(path.parent if path.name.upper() == _DIRECTORY_NAME else path), seen)


def write_outputs(
    files: Sequence[tuple[Path | None, Content]], inputs: Inputs, *, ours: Collection[Path] = ()
) -> None:
    """Check once more, then write all files or none (see `write_all_atomically`).

    Parameters
    ----------
    files : sequence of (Path or None, bytes or iterable of bytes)
        None for the path of what is not wanted.
    inputs : Inputs
    ours : collection of Path
        See `Inputs.check`.

    Raises
    ------
    ExportError
        What was there before is untouched.
    """
    wanted = [(path, data) for path, data in files if path is not None]
    inputs.check(*(path for path, _ in wanted), ours=ours)
    write_all_atomically(wanted)


def _own_folders() -> list[Path]:
    """The program's own model and resources, as far as they are there."""
    found = []
    for folder in (model_dir, resources_dir):
        try:
            found.append(folder())
        except IchViewerError:
            continue  # a broken installation is told by what needs the folder
    return found


def _walk(path: str, seen: set[FileId]) -> Iterator[tuple[FileId, str]]:
    """Every file at or below a path, links followed, each folder once. Of texts: a study has thousands of files."""
    waiting = [path]
    while waiting:
        here = waiting.pop()
        try:
            status = os.stat(here)  # noqa: PTH116 - a Path for each costs more than the question
            identity = (status.st_dev, status.st_ino)
            if not stat.S_ISDIR(status.st_mode):
                yield identity, here
            elif identity not in seen:
                seen.add(identity)
                waiting += [os.path.join(here, name) for name in os.listdir(here)]  # noqa: PTH118, PTH208
        except (OSError, ValueError):
            continue  # what cannot be listed cannot have been read


def _named(where: str) -> Iterator[Path]:
    """Paths that a problem may mean: the text itself, and the archive of ``archive!member``."""
    parts = where.split("!")
    return (Path("!".join(parts[:end])) for end in range(1, len(parts) + 1) if parts[0])


def _identity(path: Path) -> FileId | None:
    """What names a file for good, None if there is none that can be told."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _same_place(path: Path, other: Path) -> bool:
    """Whether two outputs mean one file, existing or not; names of other case count as the same."""
    found = _identity(path)
    if found is not None and found == _identity(other):
        return True
    a, b = Path(os.path.realpath(path)), Path(os.path.realpath(other))
    if _plain(a.name) != _plain(b.name):
        return False
    folder = _identity(a.parent)
    return a.parent == b.parent or (folder is not None and folder == _identity(b.parent))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _never_written(path: Path) -> str:
    """What a file is that we never write as an output, so that it is somebody's; empty for anything else.

    An image has the prefix of DICOM (PS3.10 7.1); annotations are kept in SQLite (sqlite.org/fileformat.html, 1.3).
    """
    try:
        with path.open("rb") as file:
            start = file.read(_PREAMBLE_BYTES + 4)
    except OSError:
        return ""  # nothing there, or nothing that may be read
    if start[_PREAMBLE_BYTES:] == b"DICM":
        return "a DICOM file"
    return "a database, such as the one that keeps annotations" if start.startswith(_SQLITE) else ""


def _check_writable(path: Path) -> None:
    """Refuse a path that could not be written, by trying what writing will do: a temporary file beside it."""
    try:
        target = Path(os.path.realpath(path))
        try:
            status = target.stat()
        except FileNotFoundError:
            status = None
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise ExportError("this is a folder, not a file", str(path))
        if status is not None and not os.access(target, os.W_OK):
            raise ExportError("the file is protected against writing", str(path))
        handle, name = tempfile.mkstemp(prefix=".ichviewer-", suffix=".part", dir=target.parent)
        os.close(handle)
        Path(name).unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError("the file cannot be written", str(path), reason) from error
