"""Imports pydicom without `requests`, which it would use for its test data only.

That takes a fifth of the time that importing pydicom takes, and 5 MB in each process.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from types import ModuleType

_UNNEEDED = "requests"


class _Missing:
    """Tells one thread that there is no such module; other threads are not concerned."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """See `importlib.abc.MetaPathFinder.find_spec`; None leaves it to the next finder."""
        if name == _UNNEEDED and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"pydicom is imported without {name}", name=name)


def import_pydicom() -> None:
    """Import pydicom, unless it has been; it downloads its test data with `urllib` then."""
    finder = _Missing()
    # New lists: another thread that imports something goes through the finders of the old one meanwhile.
    sys.meta_path = [finder, *sys.meta_path]
    try:
        import pydicom  # noqa: F401, PLC0415 - its import is all that is wanted
    finally:
        sys.meta_path = [other for other in sys.meta_path if other is not finder]
