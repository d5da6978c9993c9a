"""Folders for patients' data that the program keeps for itself: for one user's eyes only."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from ichviewer.errors import SettingsError
from ichviewer.services.atomic_file import sync_folder


def make_private(folder: Path) -> None:
    """Make a folder that only the user may enter, or make sure that the one there is such a one.

    On Windows a user's own folders have that already, and rights of POSIX mean nothing.

    Raises
    ------
    SettingsError
        If it cannot be made, is somebody else's, or is a link, which could lead anywhere.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise SettingsError(
                "patients' data is kept in a folder, and this is a link or a file", str(folder)
            )
        if sys.platform != "win32":
            if status.st_uid != os.geteuid():
                raise SettingsError(
                    "this folder belongs to somebody else; nothing is kept in it", str(folder)
                )
            if stat.S_IMODE(status.st_mode) != 0o700:
                folder.chmod(0o700)
    except OSError as error:
        raise SettingsError("the folder cannot be used", str(folder), error.strerror or str(error)) from error


def write_private(
    path: Path, data: bytes | Iterable[bytes], *, by_way_of: Path, durable: bool = False
) -> None:
    """Write a file that only the user may read; under its name it is there whole or not at all.

    That holds if the program is killed. After a power cut it holds only where ``durable``; otherwise the file may be
    there with other content, and who reads it checks.

    Parameters
    ----------
    path : Path
    data : bytes or iterable of bytes
        Pieces are written as they come; where the iterable raises, nothing is there under the name.
    by_way_of : Path
        Where it is written first, in the same file system; a name that nobody else has.
    durable : bool
        Whether to wait until it is on disk.

    Raises
    ------
    OSError
        Nothing is left behind then.
    """
    try:
        handle = os.open(by_way_of, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        by_way_of.replace(path)
        if durable:
            sync_folder(path.parent)
    except BaseException:
        by_way_of.unlink(missing_ok=True)
        raise
