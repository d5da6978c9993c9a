"""Whether a path that a person gave leads anywhere."""

from __future__ import annotations

from pathlib import Path


def why_not_there(path: Path) -> str | None:
    """Why a path leads nowhere, as the end of a sentence, empty where nothing is there; None if not so."""
    try:
        path.stat()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return f" that can be opened ({getattr(error, 'strerror', None) or error})"
    return None
