"""One study of the cache while it is open: what is there, what arrives, and whether it is what was stored."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from ichviewer.errors import ExportError
from ichviewer.network.private_folder import write_private
from ichviewer.network.source import ReceivedObject
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.file_lock import Mark

OBJECTS = "objects"
OPENED = "opened"
_PART = "part"
_COMPLETE = "complete.json"
_ABOUT = "study.json"
_SUFFIX = ".dcm"
_BLOCK_BYTES = 1024**2


class CachedStudy:
    """A study of `StudyCache` that is open; a `Receiver` for what is fetched. May be used from any thread.

    An object counts as there only when its checksum was compared since the study was opened. A damaged one is
    removed, counted in `n_damaged`, and therefore fetched again by whoever asks `has`.

    Parameters
    ----------
    folder : Path
        The study's own.
    study_uid : str
    mark : Mark
        Keeps others from removing the study.
    make_room : callable
        Asked before so many bytes are stored.
    on_object : callable
        Told after each object that stands whole and checked, on the thread that stored or checked it.
    """

    def __init__(
        self,
        folder: Path,
        study_uid: str,
        mark: Mark,
        make_room: Callable[[int], None],
        on_object: Callable[[], None] = lambda: None,
    ) -> None:
        self.study_uid = study_uid
        self._on_object = on_object
        self._folder = folder
        self._mark = mark
        self._make_room = make_room
        self._lock = threading.Lock()
        self._checked: dict[str, Path] = {}
        self._damaged: set[str] = set()
        # As the folder is now: what other programs add from here on is fetched once more, which does no harm.
        self._listed = _files(folder)
        self._touch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def objects_folder(self) -> Path:
        """Where its files lie, nothing else among them. What is opened from here was not checked: use `paths`."""
        return self._folder / OBJECTS

    @property
    def n_damaged(self) -> int:
        """How many files were found since the opening not to be what was stored; the person must be told."""
        return len(self._damaged)

    @property
    def checked(self) -> tuple[Path, ...]:
        """Files of the objects that arrived, or were found whole, since it was opened; reads nothing."""
        with self._lock:
            return tuple(self._checked.values())

    def close(self) -> None:
        """Let the study be removed when room is needed; again does nothing."""
        self._touch()
        self._mark.remove()

    def has(self, sop_instance_uid: str) -> bool:
        """Whether an object is there, whole."""
        return self.path_of(sop_instance_uid) is not None

    def path_of(self, sop_instance_uid: str) -> Path | None:
        """The file of an object, None where there is none or a damaged one."""
        key = _key(sop_instance_uid)
        with self._lock:
            found = self._checked.get(key)
            listed = self._listed.pop(key, ()) if found is None else ()
        return found or self._check(key, listed)

    def paths(self, progress: Progress = silent, cancel: CancelToken | None = None) -> tuple[Path, ...]:
        """Files of all objects that are there, whole.

        Raises
        ------
        Cancelled
        """
        files = self._files()
        found = []
        for done, (key, names) in enumerate(sorted(files.items())):
            if cancel is not None:
                cancel.check()
            progress(done, len(files), "checking the cached study")
            with self._lock:
                path = self._checked.get(key)
            # Another program may have put another one in its place.
            path = path if path in names else self._check(key, names)
            if path is not None:
                found.append(path)
        return tuple(found)

    def __call__(self, received: ReceivedObject) -> None:
        """Store an object, in place of another of its UID.

        Raises
        ------
        ExportError
            If there is no room, or the system refuses.
        """
        key = _key(received.sop_instance_uid)
        path = self.objects_folder / f"{key}-{_checksum(received.data)}{_SUFFIX}"
        try:
            self._make_room(len(received.data))
            write_private(path, received.data, by_way_of=self._folder / _PART / secrets.token_hex(16))
            with self._lock:
                before = self._checked.get(key)
                self._checked[key] = path
                others = (*self._listed.pop(key, ()), *((before,) if before else ()))
            for other in others:
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:
            raise ExportError(
                "what arrives cannot be stored", str(self._folder), error.strerror or str(error)
            ) from error
        self._on_object()

    def mark_complete(self) -> None:
        """Say that the source has no more than is here now.

        Raises
        ------
        ExportError
            If the system refuses.
        """
        try:
            keys = json.dumps(sorted(self._files())).encode()
            write_private(
                self._folder / _COMPLETE, keys, by_way_of=self._folder / _PART / secrets.token_hex(16)
            )
        except OSError as error:
            raise ExportError(
                "the study cannot be cached", str(self._folder), error.strerror or str(error)
            ) from error

    @property
    def complete(self) -> bool:
        """Whether all of it is there that the source had when `mark_complete` was called; checks no checksums."""
        return self.is_complete(self._folder)

    @staticmethod
    def is_complete(folder: Path) -> bool:
        """The same of a study that is not open."""
        try:
            wanted = json.loads((folder / _COMPLETE).read_bytes())
        except (OSError, ValueError):
            return False
        return (
            isinstance(wanted, list) and bool(wanted) and {str(key) for key in wanted} <= set(_files(folder))
        )

    def _files(self) -> dict[str, tuple[Path, ...]]:
        return _files(self._folder)

    def _check(self, key: str, names: tuple[Path, ...]) -> Path | None:
        """The newest whole file of an object; damaged ones are removed."""
        for path in names:
            if _checksum_of(path) == path.stem.partition("-")[2]:
                with self._lock:
                    self._checked[key] = path
                    self._damaged.discard(key)
                self._on_object()
                return path
            # Something else was stored under this name than is there now. Only this file goes, so that an object is
            # fetched again and nothing else.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            with self._lock:
                self._damaged.add(key)
        return None

    def _touch(self) -> None:
        now_s = time.time()
        with contextlib.suppress(OSError):
            os.utime(self._folder / _ABOUT, (now_s, now_s))


def _files(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Files of a study by the keys of their objects; the newest first where an object was stored twice."""
    found: dict[str, list[tuple[float, Path]]] = {}
    with contextlib.suppress(FileNotFoundError), os.scandir(folder / OBJECTS) as entries:
        for entry in entries:
            key, dash, _ = entry.name.partition("-")
            if dash and entry.name.endswith(_SUFFIX):
                with contextlib.suppress(FileNotFoundError):
                    found.setdefault(key, []).append((entry.stat().st_mtime, Path(entry.path)))
    return {key: tuple(path for _, path in sorted(files, reverse=True)) for key, files in found.items()}


def _key(sop_instance_uid: str) -> str:
    """A name for a file that any UID has, whatever its characters."""
    return hashlib.blake2b(sop_instance_uid.encode(), digest_size=16).hexdigest()


def _checksum(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _checksum_of(path: Path) -> str:
    """Checksum of a file, empty where it cannot be read."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
