"""Write a file so that a full disk or a crash leaves what was there before."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from ichviewer.errors import ExportError


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file by one that holds ``data``, or leave it as it was.

    The data goes to a temporary file in the same folder, is forced to disk, and takes the name in one step. A
    symbolic link is followed; a device or a pipe is written to as it is.

    Parameters
    ----------
    path : Path
    data : bytes

    Raises
    ------
    ExportError
        If it cannot be written; the old file is whole then, and nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    try:
        old = target.stat().st_mode if target.exists() else None
        if old is not None and stat.S_ISDIR(old):
            raise ExportError("this is a folder, not a file", str(path))
        if old is not None and not stat.S_ISREG(old):
            target.write_bytes(data)
            return
        _replace(target, data, old)
    except OSError as error:
        raise ExportError("the file cannot be written", str(path), error.strerror or str(error)) from error


def _replace(target: Path, data: bytes, old_mode: int | None) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only the owner may read; give it the rights of the old file, or usual ones.
        temporary.chmod(stat.S_IMODE(old_mode) if old_mode is not None else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _umask() -> int:
    # The only way to read it is to set it; the program changes it nowhere else.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    # Some network file systems refuse; the file itself is safe by now.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
