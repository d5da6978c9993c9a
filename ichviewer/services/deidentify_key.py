"""The key of de-identification: read from a file that only the user may read, or made once in the data folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from pathlib import Path

from ichviewer.dicom.deidentify.key import KEY_BYTES, Key
from ichviewer.errors import SettingsError
from ichviewer.services.atomic_file import sync_folder
from ichviewer.services.data_folder import default_data_folder

KEY_NAME = "deidentification.key"
_LONGEST = 1024


def default_key_path() -> Path:
    """Where the key lies unless told."""
    return default_data_folder() / KEY_NAME


def load_key(path: Path | None = None) -> tuple[Key, Path]:
    """The key of a file, or the one of the data folder, which is made where there is none.

    Parameters
    ----------
    path : Path, optional
        A file of 64 hexadecimal digits that only the user may read; it has to be there.

    Returns
    -------
    Key
    Path
        Where it lies.

    Raises
    ------
    SettingsError
        If it cannot be read, is no key, or may be read by others. Nothing of its content is told.
    """
    if path is not None:
        return _read(path), path
    path = default_key_path()
    if not path.exists():
        _make(path)
    return _read(path), path


def _read(path: Path) -> Key:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise SettingsError("the key is no plain file", str(path))
            if sys.platform != "win32" and (status.st_mode & 0o077 or status.st_uid != os.geteuid()):
                raise SettingsError(
                    "others may read this key, or own it; make it yours alone (chmod 600)",
                    str(path),
                    f"mode {stat.S_IMODE(status.st_mode):o}",
                )
            data = file.read(_LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError("the key cannot be read", str(path), reason) from error
    try:
        return Key(bytes.fromhex(data.decode("ascii").strip()))
    except ValueError:
        # Not the text of the error, which quotes the key.
        raise SettingsError(f"a key is {2 * KEY_BYTES} hexadecimal digits", str(path)) from None


def _make(path: Path) -> None:
    """Make a key; one that another program makes at the same time is as good."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(KEY_BYTES).encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            with contextlib.suppress(FileExistsError):
                _name_if_free(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise SettingsError("no key can be made", str(path), error.strerror or str(error)) from error


def _name_if_free(temporary: Path, path: Path) -> None:
    """Give a file its name unless that is taken; a link refuses what a renaming would replace."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        if path.exists():
            raise FileExistsError(str(path)) from None
        temporary.rename(path)
