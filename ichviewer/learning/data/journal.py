"""What has been prepared already, so that a run that was stopped goes on, and what could not be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from ichviewer.learning.data.source import LeftOut
from ichviewer.learning.data.store import Store
from ichviewer.services.atomic_file import write_atomically

JOURNAL_NAME = "prepared.jsonl"
UNREADABLE_NAME = "unreadable.jsonl"


class Journal:
    """The two lists beside a store: series that are done, and files that were left out.

    A series is done once its line is whole; its volumes are in the store before. Files are listed as soon as they are
    known, one JSON object a line with ``file``, ``reason``, ``error`` and ``series``.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._path = store.folder / JOURNAL_NAME
        self._unreadable = store.folder / UNREADABLE_NAME
        self._done: dict[str, tuple[LeftOut, ...]] = {}
        for line in _whole_lines(self._path):
            entry = json.loads(line)
            if all(volume in store for volume in entry["volumes"]):
                self._done[entry["series"]] = tuple(LeftOut(*item) for item in entry["left_out"])

    def __contains__(self, series: object) -> bool:
        return series in self._done

    def left_out(self) -> tuple[LeftOut, ...]:
        """What was left out of the series that are done."""
        return tuple(item for items in self._done.values() for item in items)

    def begin(self, ruled_out: Iterable[LeftOut]) -> None:
        """Write the list of files anew: those ruled out before reading, and those of series that are done."""
        lines = [_line(item, "") for item in ruled_out]
        lines += [_line(item, series) for series, items in self._done.items() for item in items]
        write_atomically(self._unreadable, "".join(lines).encode())

    def add(self, series: str, volumes: Sequence[str], left_out: tuple[LeftOut, ...]) -> None:
        """Note that a series is done; its volumes, told by their names, must be in the store by now."""
        with self._unreadable.open("a", encoding="utf-8") as file:
            file.writelines(_line(item, series) for item in left_out)
        entry = {
            "series": series,
            "volumes": list(volumes),
            "left_out": [[item.file, item.reason, item.is_error] for item in left_out],
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        self._done[series] = left_out

    def add_failure(self, series: str, failed: LeftOut) -> None:
        """List a series that failed as a whole; it is not done, so that another run tries it again."""
        with self._unreadable.open("a", encoding="utf-8") as file:
            file.write(_line(failed, series))


def _line(item: LeftOut, series: str) -> str:
    entry = {"file": item.file, "reason": item.reason, "error": item.is_error, "series": series}
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _whole_lines(path: Path) -> list[bytes]:
    """Lines of a file, without a last one that was cut off; the file is cut there too."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    return whole.splitlines()
