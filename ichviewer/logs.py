"""Named loggers: ``ichviewer.<room>``. Everything goes to stderr; nothing is written to disk unless asked."""

from __future__ import annotations

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def setup(verbose: bool = False) -> None:
    """Send the program's log to stderr: warnings, or everything when ``verbose``.

    A windowed build has no stderr (``sys.stderr is None``); the log then goes nowhere.
    """
    root = logging.getLogger("ichviewer")
    root.handlers.clear()
    handler: logging.Handler = (
        logging.NullHandler() if sys.stderr is None else logging.StreamHandler(sys.stderr)
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.WARNING)
    root.propagate = False
    # pydicom warns through its own logger about what our problems already name.
    logging.getLogger("pydicom").setLevel(logging.INFO if verbose else logging.ERROR)
