"""Directories of DICOM media (DICOM PS3.3 annex F, PS3.10 section 8)."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from ichviewer.dicom.parse import ParsedFile

FileId = tuple[str, ...]
"""Components of a Referenced File ID: folders below the directory, and the file."""

# A File ID has 8 components at most (PS3.10 section 8.2); directories in archives may lie a little deeper.
_MOST_LEVELS = 32


def referenced_files(parsed: ParsedFile) -> tuple[FileId, ...]:
    """Every file that the records of a DICOMDIR name, in order, each once."""
    found: dict[FileId, None] = {}
    for record in parsed.elements.items("DirectoryRecordSequence"):
        parts = record.texts("ReferencedFileID")
        # One writer puts the whole path into one component.
        parts = tuple(part for text in parts for part in text.replace("/", "\\").split("\\") if part)
        if parts:
            found[parts] = None
    return tuple(found)


def leads_out(file_id: FileId) -> bool:
    """Whether a File ID names something outside of its medium: above its root, or on a drive of its own."""
    depth = 0
    for part in file_id:
        if ":" in part:
            return True
        depth += -1 if part == ".." else part != "."
        if depth < 0:
            return True
    return False


class Folders:
    """Looks up files below folders. Each folder is listed once, however many files are asked for."""

    def __init__(self) -> None:
        self._listed: dict[Path, dict[str, str]] = {}

    def find_root(self, folder: Path, file_ids: Sequence[FileId]) -> Path:
        """The root of the medium that a directory in ``folder`` belongs to: File IDs start there.

        That is the folder of the DICOMDIR itself. Directories further down (which some scanners write) name their
        files from the same root, so the nearest folder above that leads to any of the files is taken.
        """
        above = folder.parents if folder.is_absolute() else (*folder.parents, *Path.cwd().parents)
        for root in (folder, *above):
            if any(self.locate(root, file_id) is not None for file_id in file_ids):
                return root
        return folder

    def locate(self, root: Path, file_id: FileId) -> Path | None:
        """The file that a File ID names below the root of the medium; None if it is not there.

        Media are upper case, copies of them often are not, so case is ignored where it must be.
        """
        at = root
        for part in file_id:
            entries = self._entries(at)
            name = entries.get(part, entries.get(part.casefold()))
            if name is None:
                return None
            at = at / name
        try:
            return None if stat.S_ISDIR(at.stat().st_mode) else at
        except OSError:
            return None

    def _entries(self, folder: Path) -> dict[str, str]:
        """Names in a folder by themselves and, where no name is the same, by their casefolded form."""
        if folder not in self._listed:
            try:
                names = sorted(entry.name for entry in folder.iterdir())
            except OSError:
                names = []
            entries = {name.casefold(): name for name in reversed(names)}
            self._listed[folder] = {**entries, **{name: name for name in names}}
        return self._listed[folder]


def missing_members(names: Iterable[str], directory: str, file_ids: Sequence[FileId]) -> list[str]:
    """What the directory ``directory`` inside an archive names that the archive does not hold."""
    known = {name.casefold() for name in names}
    folder = PurePosixPath(directory).parent
    ids = ["/".join(file_id) for file_id in file_ids]
    for root in (folder, *folder.parents[:_MOST_LEVELS]):
        start = "" if root == PurePosixPath() else f"{root}/"
        missing = [start + file_id for file_id in ids if (start + file_id).casefold() not in known]
        if len(missing) < len(ids):
            return missing
    start = "" if folder == PurePosixPath() else f"{folder}/"
    return [start + file_id for file_id in ids]
