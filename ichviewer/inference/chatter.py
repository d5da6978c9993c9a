"""Keeps the start-up lines of model runtimes, which have no switch for them, off a person's terminal."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger("ichviewer.inference")

# LiteRT announces its CPU kernels at every start; TensorFlow writes these before its own log level takes effect, its
# converter whenever it quantizes.
CHATTER = (
    b"XNNPACK delegate",
    b"before absl::InitializeLog()",
    b"oneDNN custom operations are on",
    b"This TensorFlow binary is optimized",
    b"To enable the following instructions",
    b"fully_quantize: ",
)

# Two threads that turn stderr round each other would leave it turned.
_one_at_a_time = threading.RLock()


@contextmanager
def without_chatter() -> Iterator[None]:
    """Hold back what native code writes to stderr meanwhile, then pass on all of it but the known chatter.

    Chatter goes to the debug log. Does nothing where there is no stderr (a windowed build). One thread at a time.
    """
    with _one_at_a_time, _held_back():
        yield


@contextmanager
def _held_back() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    try:
        with tempfile.TemporaryFile() as held:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(held.fileno(), 2)
            try:
                yield
            finally:
                if sys.stderr is not None:
                    sys.stderr.flush()
                os.dup2(kept, 2)
                held.seek(0)
                _pass_on(held.read())
    finally:
        os.close(kept)


def _pass_on(text: bytes) -> None:
    for line in text.splitlines(keepends=True):
        if any(known in line for known in CHATTER):
            log.debug("%s", line.decode(errors="replace").strip())
        else:
            os.write(2, line)
