"""Named loggers: ``ichviewer.<room>``. Everything goes to stderr; nothing is written to disk unless asked."""

from __future__ import annotations

import logging
import sys
import warnings
from typing import Any

from ichviewer.printable import printable

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_LIBRARIES = logging.getLogger("ichviewer.libraries")


def setup(verbose: bool = False) -> None:
    """Send the program's log to stderr: warnings, or everything when ``verbose``.

    What libraries log or warn of goes the same way, and nowhere unless ``verbose``: our problems say it in our words.
    A windowed build has no stderr (``sys.stderr is None``); the log then goes nowhere.
    """
    own, everything = logging.getLogger("ichviewer"), logging.getLogger()
    handler: logging.Handler = (
        logging.NullHandler() if sys.stderr is None else logging.StreamHandler(sys.stderr)
    )
    handler.setFormatter(_SafeFormatter(_FORMAT))
    own.handlers.clear()
    own.addHandler(handler)
    own.setLevel(logging.DEBUG if verbose else logging.WARNING)
    own.propagate = False
    # Without any handler, Python prints warnings of libraries on stderr as they are.
    for old in [h for h in everything.handlers if isinstance(h, _ForLibraries)]:
        everything.removeHandler(old)
    everything.addHandler(_ForLibraries(handler if verbose else None))
    logging.getLogger("pydicom").setLevel(logging.INFO if verbose else logging.ERROR)
    warnings.showwarning = _log_warning


class _SafeFormatter(logging.Formatter):
    """A line a message, whatever names from files it holds; only tracebacks have more."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return printable(super().formatException(ei), keep="\n")


class _ForLibraries(logging.Handler):
    """Where records of libraries end: in the program's handler, or nowhere."""

    def __init__(self, target: logging.Handler | None) -> None:
        super().__init__()
        self._target = target

    def emit(self, record: logging.LogRecord) -> None:
        if self._target is not None:
            self._target.handle(record)


def _log_warning(*arguments: Any, **_: Any) -> None:
    message, category, filename, lineno = arguments[:4]
    _LIBRARIES.debug("%s: %s (%s:%d)", category.__name__, message, filename, lineno)
