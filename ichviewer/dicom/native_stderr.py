"""Keeps what native code writes to stderr by itself off a person's terminal, in a process made for decoding."""

from __future__ import annotations

import io
import logging
import os
import sys
import threading

_log = logging.getLogger("ichviewer.dicom.native")

_MOST_LINES = 200
_LONGEST = 300


def send_native_stderr_to_log() -> None:
    """Let native code of this process write its warnings and panics to the log instead of the terminal.

    A codec in Rust that panics prints a backtrace before Python hears of it, and others print warnings; none has a
    switch for it. File descriptor 2 belongs to them from here on, for good and for all threads, which is why this is
    for a process of ours that decodes and nothing else, to be called once at its start. Python's own ``sys.stderr``
    and the log's handlers keep writing where they did. Does nothing where there is no stderr (a windowed build).
    """
    try:
        terminal = os.dup(2)
    except OSError:
        return
    before = sys.stderr
    if before is not None:
        before.flush()
    reading, writing = os.pipe()
    os.dup2(writing, 2)
    os.close(writing)
    sys.stderr = io.TextIOWrapper(
        os.fdopen(terminal, "wb", buffering=0), errors="backslashreplace", write_through=True
    )
    for name in ("ichviewer", ""):
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is before:
                handler.setStream(sys.stderr)
    threading.Thread(target=_relay, args=(reading,), name="native stderr", daemon=True).start()


def _relay(reading: int) -> None:
    """Log what comes, up to a number of lines; the rest is read and dropped, so that nobody waits for room."""
    with os.fdopen(reading, "rb", buffering=0) as source:
        lines = io.BufferedReader(source)
        for number, line in enumerate(lines):
            if number < _MOST_LINES:
                _log.info("%s", line[:_LONGEST].decode(errors="backslashreplace").rstrip())
