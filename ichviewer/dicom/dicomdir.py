"""Directories of DICOM media (DICOM PS3.3 annex F, PS3.10 section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from ichviewer.dicom.parse import ParsedFile

FileId = tuple[str, ...]
"""Components of a Referenced File ID: folders below the directory, and the file."""


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


def find_root(folder: Path, file_ids: Sequence[FileId]) -> Path:
    """The root of the medium that a directory in ``folder`` belongs to: File IDs start there.

    That is the folder of the DICOMDIR itself. Directories further down (which some scanners write) name their files
    from the same root, so the nearest folder above that leads to any of the files is taken.
    """
    above = folder.parents if folder.is_absolute() else (*folder.parents, *Path.cwd().parents)
    for root in (folder, *above):
        if any(locate(root, file_id) is not None for file_id in file_ids):
            return root
    return folder


def locate(root: Path, file_id: FileId) -> Path | None:
    """The file that a File ID names below the root of the medium; None if it is not there.

    Media are upper case, copies of them often are not, so case is ignored where it must be.
    """
    if any(part in (".", "..") or "/" in part or ":" in part for part in file_id):
        return None
    at = root
    for part in file_id:
        exact = at / part
        if not exact.exists():
            match = _ignoring_case(at, part)
            if match is None:
                return None
            exact = match
        at = exact
    return at if at.is_file() else None


def _ignoring_case(folder: Path, name: str) -> Path | None:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return None
    return next((entry for entry in entries if entry.name.casefold() == name.casefold()), None)


def missing_members(names: Iterable[str], directory: str, file_ids: Sequence[FileId]) -> list[str]:
    """What the directory ``directory`` inside an archive names that the archive does not hold."""
    known = {name.casefold() for name in names}
    folder = PurePosixPath(directory).parent
    for root in (folder, *folder.parents):
        paths = [str(root.joinpath(*file_id)) for file_id in file_ids]
        missing = [path for path in paths if path.casefold() not in known]
        if len(missing) < len(paths):
            return missing
    return [str(folder.joinpath(*file_id)) for file_id in file_ids]
