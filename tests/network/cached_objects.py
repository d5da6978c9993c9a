"""Objects, caches with keyrings in memory, and what lies in their folders; for the tests of the cache."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from memory_keyring import MemoryKeyring

from ichviewer.network.cache_key import NAME, CacheKey
from ichviewer.network.secrets import Secrets
from ichviewer.network.source import ReceivedObject
from ichviewer.network.study_cache import StudyCache

MIB = 1024**2
KEPT = {("ichviewer", NAME): "ab" * 32}
"""What a keyring keeps that has a key."""


def received(number: int, n_bytes: int = 1000, fill: bytes = b"\1") -> ReceivedObject:
    """An object whose bytes are found wherever they lie."""
    text = b"patient's data " + fill
    data = b"\0" * 128 + b"DICM" + text * (n_bytes // len(text) + 1)
    return ReceivedObject("1.2.840.10008.5.1.4.1.1.2", f"1.2.{number}", "1.2.840.10008.1.2.1", data[:n_bytes])


class Machine:
    """A person's account: a cache on disk, memory that the next start finds again, and a keyring.

    Parameters
    ----------
    folder : Path
    in_memory : bool
        Whether decrypted copies go into memory, which they do on Linux only.
    """

    def __init__(self, folder: Path, *, in_memory: bool = True) -> None:
        self.cache_folder = folder / "cache"
        self.memory = folder / "run" / "copies" if in_memory and sys.platform == "linux" else None
        self.keyring = MemoryKeyring()

    def program(self, *, patience_s: float = 5.0, **options: object) -> StudyCache:
        """The cache as a program that was just started has it."""
        key = CacheKey(Secrets(self.keyring), patience_s=patience_s)
        return StudyCache(self.cache_folder, key=key, memory=self.memory, **options)  # type: ignore[arg-type]

    def before_encryption(self) -> StudyCache:
        """The cache as a version has it that knows of no key."""
        return StudyCache(self.cache_folder)

    def files(self) -> Iterator[Path]:
        """All files of the account."""
        for place in (self.cache_folder, *((self.memory,) if self.memory else ())):
            yield from (path for path in place.rglob("*") if path.is_file())

    def readable(self) -> list[Path]:
        """Files from which anybody who has the disk reads what is in an image."""
        return [path for path in self.files() if b"patient's data" in path.read_bytes()]

    def sealed(self) -> list[Path]:
        """Encrypted files."""
        return sorted(path for path in self.files() if path.suffix == ".sealed")
