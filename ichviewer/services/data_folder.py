"""Where the program stores what it keeps for a person: annotations. Nothing is written here."""

from __future__ import annotations

import tempfile
from pathlib import Path

from platformdirs import user_data_path

from ichviewer.errors import SettingsError


def default_data_folder() -> Path:
    """The system's place for a user's data of this program; it need not exist."""
    return Path(user_data_path("ichviewer", appauthor=False))


def check_data_folder(folder: Path) -> None:
    """Refuse a folder in which nothing could be stored. It need not exist, but then it must be possible to make it.

    Raises
    ------
    SettingsError
        Saying what is wrong with it.
    """
    if not folder.is_absolute() or "\0" in str(folder):
        raise SettingsError("the data folder must be a full path", str(folder))
    try:
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        if not nearest.is_dir():
            raise SettingsError("this is a file, not a folder", str(nearest))
        # Rights tell only half of it: a disk may be read-only or full.
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError("nothing can be stored in this folder", str(folder), reason) from error
