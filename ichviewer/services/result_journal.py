"""The journal of results beside an output: what is in it is not done again, whatever ended the program.

Its first line says what it is, and each further line is one result: a checksum, its key, and the result as JSON. A
line counts if its checksum is right, so that a file that was cut anywhere holds all results before the cut.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ichviewer.errors import ExportError, ReadError
from ichviewer.services.atomic_file import sync_folder
from ichviewer.services.file_lock import try_lock
from ichviewer.services.series_result import SeriesResult

log = logging.getLogger("ichviewer.services")

SUFFIX = ".journal"

_HEADER = b'{"ichviewer": "journal of results", "format": 1}\n'
_NO_KEY = b"-"
_CHECK_BYTES = 16


def journal_path(table: Path) -> Path:
    """Where the journal of a table lies: ``findings.csv.journal`` beside ``findings.csv``."""
    return table.with_name(table.name + SUFFIX)


@dataclass(frozen=True)
class Place:
    """Where the line of a result lies, in bytes."""

    start: int
    length: int


class ResultJournal:
    """A journal, open. Used as a context, and from any thread; no other program can open it meanwhile.

    Only where each result lies is kept in memory.

    Parameters
    ----------
    path : Path
        It is made if it is not there. What is not whole at its end is cut off.

    Raises
    ------
    ExportError
        If it cannot be opened or written, is in use, or is another kind of file, which is left as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0
        """Lines inside the file that do not count."""
        self._lock = threading.Lock()
        self._places: dict[str, Place] = {}
        with contextlib.ExitStack() as stack:
            with self._told():
                # Without a buffer: what could not be written must not be tried again when it is closed.
                self._file = stack.enter_context(io.FileIO(_open(path), "r+b"))
                self._take()
                self._end = self._load()
            stack.pop_all()

    def __enter__(self) -> ResultJournal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many keys have a result."""
        return len(self._places)

    def close(self) -> None:
        """Let go of the file; what was added is on disk already."""
        with self._lock:
            self._file.close()

    def find(self, key: str) -> Place | None:
        """Where the last result of a key lies that holds; None if there is none."""
        with self._lock:
            return self._places.get(key)

    def read(self, place: Place) -> SeriesResult:
        """The result at a place that `find` or `add` gave.

        Raises
        ------
        ReadError
            If it cannot be read any more.
        """
        with self._lock:
            try:
                self._file.seek(place.start)
                line = b"".join(_parts(self._file, place.length))
            except (OSError, ValueError) as error:
                raise self._unreadable(error) from error
        content = _content(line)
        if content is None:
            raise ReadError("the journal changed while it was used", str(self.path))
        try:
            return SeriesResult.from_json(json.loads(content[1]))
        except (ValueError, KeyError, TypeError) as error:
            raise self._unreadable(error) from error

    def add(self, result: SeriesResult) -> Place:
        """Put a result on disk; where it lies.

        Raises
        ------
        ExportError
            If it cannot be written. The journal is as it was before.
        """
        key = result.key.encode("ascii") if result.lasting else _NO_KEY
        text = key + b" " + json.dumps(result.to_json()).encode("ascii")
        line = _checksum(text) + b" " + text + b"\n"
        with self._lock, self._told():
            place = Place(self._end, len(line))
            try:
                self._write(place.start, line)
            except BaseException:
                # A line that is not whole would take the next one with it.
                with contextlib.suppress(OSError):
                    self._file.truncate(place.start)
                raise
            self._end += len(line)
            if result.lasting:
                self._places[result.key] = place
            return place

    def _take(self) -> None:
        try:
            free = try_lock(self._file.fileno())
        except OSError as error:
            log.warning("the journal cannot be locked: %s", error)
            return
        if not free:
            raise ExportError("another run of the program is writing these results", str(self.path))

    def _load(self) -> int:
        """Find all results; where the next one goes."""
        reader = io.BufferedReader(self._file)
        try:
            return self._load_from(reader)
        finally:
            reader.detach()

    def _load_from(self, reader: io.BufferedReader[io.FileIO]) -> int:
        start = reader.readline(len(_HEADER))
        if start != _HEADER:
            if not _HEADER.startswith(start):
                raise ExportError(
                    "this is no journal of results; choose another name for the output", str(self.path)
                )
            self._file.truncate(0)
            self._write(0, _HEADER)
            sync_folder(self.path.parent)
            return len(_HEADER)
        end = len(_HEADER)
        for line in reader:
            if not line.endswith(b"\n"):
                self._file.truncate(end)
                break
            content = _content(line)
            if content is None:
                self.damaged += 1
            elif content[0] != _NO_KEY:
                self._places[content[0].decode("ascii")] = Place(end, len(line))
            end += len(line)
        return end

    def _write(self, start: int, data: bytes) -> None:
        self._file.seek(start)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())

    def _unreadable(self, error: Exception) -> ReadError:
        reason = getattr(error, "strerror", None) or str(error)
        return ReadError("the journal of results cannot be read", str(self.path), reason)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ExportError("the journal of results cannot be written", str(self.path), reason) from error


def _open(path: Path) -> int:
    # Not for appending: what is not whole is written over.
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)


def _parts(file: io.FileIO, length: int) -> Iterator[bytes]:
    while length > 0 and (part := file.read(length)):
        length -= len(part)
        yield part


def _content(line: bytes) -> tuple[bytes, bytes] | None:
    """Key and JSON of a line, None if it is damaged."""
    check, _, text = line.removesuffix(b"\n").partition(b" ")
    key, _, content = text.partition(b" ")
    whole = line.endswith(b"\n") and key.isalnum() | (key == _NO_KEY) and check == _checksum(text)
    return (key, content) if whole else None


def _checksum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=_CHECK_BYTES).hexdigest().encode("ascii")
