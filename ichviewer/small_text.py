"""Reading metadata and settings without trusting that they are what their name says."""

from __future__ import annotations

import stat
from pathlib import Path


def read_small_text(path: Path, largest_bytes: int) -> str:
    """Text of a file in UTF-8 that is known to be small.

    Parameters
    ----------
    path : Path
    largest_bytes : int

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no regular file (a pipe would never end), is too large, or is not UTF-8.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a regular file")
    with path.open("rb") as file:
        data = file.read(largest_bytes + 1)
    if len(data) > largest_bytes:
        raise ValueError(f"it is larger than {largest_bytes} bytes")
    return data.decode("utf-8")
