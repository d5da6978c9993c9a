"""Folders for copies that only this user can read, and that do not outlive the program."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
from pathlib import Path

_PREFIX = "ichviewer-"


def private_folder() -> Path:
    """A new folder that only this user can read (mode 0700); what is left of it is deleted at exit."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    atexit.register(delete_folder, folder)
    return folder


def delete_folder(folder: Path) -> None:
    """Delete a folder with all that is in it."""
    # Where another program still holds a copy (Windows), what is left is tried again at exit.
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)
