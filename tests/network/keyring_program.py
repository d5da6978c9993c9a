"""A program with secrets and a cache, as the window has them, that does what its standard input says, line by line.

A process of its own, since the library `keyring` chooses a keyring once for the life of a process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ichviewer.network.cache_key import CacheKey
from ichviewer.network.secrets import Secret, Secrets
from ichviewer.network.source import ReceivedObject
from ichviewer.network.study_cache import StudyCache


class Program:
    """Answers of one start of the program; each is what JSON can hold."""

    def __init__(self, cache: Path, patience_s: float) -> None:
        self._secrets = Secrets(patience_s=patience_s)
        self._key = CacheKey(self._secrets, patience_s=patience_s)
        self._cache = StudyCache(cache, key=self._key)

    def keep(self, name: str, text: str) -> list[object]:
        kept = self._secrets.keep(name, Secret(text))
        return [kept.in_keyring, kept.text]

    def find(self, name: str) -> str | None:
        found = self._secrets.find(name)
        return None if found is None else found.reveal()

    def forget(self, name: str) -> bool:
        return self._secrets.forget(name).in_keyring

    def state(self) -> str:
        return self._cache.state.name

    def fetch(self, study: str, *numbers: int) -> str:
        with self._cache.open("pacs", study) as opened:
            for number in numbers:
                data = b"\0" * 128 + b"DICM" + b"patient's data %d" % number
                opened(
                    ReceivedObject("1.2.840.10008.5.1.4.1.1.2", f"1.2.{number}", "1.2.840.10008.1.2.1", data)
                )
            return opened.key_state.name

    def read(self, study: str) -> list[object]:
        """State of the key; how many objects are whole, and how many need a key that is not there."""
        with self._cache.open("pacs", study) as opened:
            n_whole = sum(b"patient's data" in path.read_bytes() for path in opened.paths())
            return [opened.key_state.name, n_whole, opened.n_unreadable]


def main() -> None:
    program = Program(Path(sys.argv[1]), float(sys.argv[2]))
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(getattr(program, what)(*arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
