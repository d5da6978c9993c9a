"""UIDs of results: new to the study, and the same again for the same images, model and settings."""

from __future__ import annotations

import re
import uuid

_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
MOST_CHARACTERS = 64

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://ichviewer.invalid/results")
"""Keeps our hashes apart from those of others over the same words."""


def uid_of(*words: str) -> str:
    r"""A UID that depends on some words and on nothing else.

    Its root is 2.25, under which a UUID is a UID without registration (DICOM PS3.5 B.2; ITU-T X.667). The UUID is a
    name-based one (RFC 9562 section 5.5).

    Parameters
    ----------
    words : str
        What the object is; no two objects share all of them. Lengths are hashed with them, so that ``("ab", "c")``
        and ``("a", "bc")`` differ.

    Returns
    -------
    str
        At most 44 characters.
    """
    text = "".join(f"{len(word)}:{word}" for word in words)
    # A name of a file may hold what is no valid Unicode.
    name = text.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return f"2.25.{uuid.uuid5(_NAMESPACE, name).int}"


def is_uid(text: str) -> bool:
    """Whether a text can stand where DICOM wants a UID (PS3.5 section 9.1), leading zeros of others' UIDs allowed."""
    return len(text) <= MOST_CHARACTERS and _UID.fullmatch(text) is not None
