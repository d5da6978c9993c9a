"""The one place where anything that foreign code raises becomes an error of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ichviewer.errors import DecodeError, IchViewerError, ReadError

_log = logging.getLogger("ichviewer.dicom")
_LONGEST = 300
_PANIC_MODULE = "pyo3_runtime"


class DamagedDataError(ValueError):
    """What a check of ours found wrong with data; its text can be shown as it is."""


def in_words(error: BaseException) -> str:
    """An exception on one line, of bounded length."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = " ".join(str(error).split())
    if isinstance(error, DamagedDataError):
        return text[:_LONGEST]
    return f"{type(error).__name__}: {text}"[:_LONGEST] if text else type(error).__name__


@contextmanager
def foreign_code(error: type[ReadError | DecodeError], what: str, where: str) -> Iterator[None]:
    """Turn whatever the body raises into ``error(what, where, ...)``; our own errors pass.

    Broken files make parsers and codecs raise nearly anything (struct.error, zlib.error, KeyError, RecursionError,
    each codec's own class), and no list of it is documented. One bad file must never take the others with it.
    """
    try:
        yield
    except IchViewerError:
        raise
    except BaseException as found:
        # A codec in Rust that panics raises no Exception; whoever interrupts the program means it.
        if not isinstance(found, Exception) and type(found).__module__ != _PANIC_MODULE:
            raise
        _log.info("%s: %s", where, what, exc_info=found)
        raise error(what, where, in_words(found)) from found
