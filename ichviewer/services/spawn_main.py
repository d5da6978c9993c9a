"""Processes that do not import the program's main module: a script that starts one needs no guard around its code.

A process that is spawned imports the main module of its parent under another name, so that it can unpickle what is
defined there (`multiprocessing.spawn.get_preparation_data`). A plain script runs a second time by that, in the
process, and tries to start a process of its own, which ends in an error.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_ORIGIN = ("__spec__", "__file__")
"""What `multiprocessing` finds the main module by."""

_one_at_a_time = threading.RLock()


class _MainWithoutOrigin(ModuleType):
    """The main module, to one thread without the file that it came from; to all others as it is."""

    def __init__(self, main: ModuleType) -> None:
        super().__init__("__main__")
        own = object.__getattribute__(self, "__dict__")
        own["_main"], own["_thread"] = main, threading.get_ident()

    def __getattribute__(self, name: str) -> Any:
        own = object.__getattribute__(self, "__dict__")
        if name in _ORIGIN and threading.get_ident() == own["_thread"]:
            return None
        return getattr(own["_main"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "__dict__")["_main"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(object.__getattribute__(self, "__dict__")["_main"], name)


@contextmanager
def without_main() -> Iterator[None]:
    """Processes that this thread starts within do not import the main module; other threads are not concerned."""
    with _one_at_a_time:
        main = sys.modules["__main__"]
        try:
            sys.modules["__main__"] = _MainWithoutOrigin(main)
            yield
        finally:
            sys.modules["__main__"] = main
