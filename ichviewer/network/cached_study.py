"""One study of the cache while it is open: what is there, what arrives, and whether it is what was stored.

What is stored is written first, encrypted where there is a key, and then, for those who read files by their paths,
the copy that anybody can read who may (`ichviewer.network.open_copies`). So nothing is lost with the copies, and a
program that is killed leaves nothing to mend. Without a key there are no copies: the files lie where they are stored.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ichviewer.errors import ExportError, ReadError
from ichviewer.network.cache_cipher import CacheCipher, sealed_size
from ichviewer.network.cache_key import NO_KEY, Key, KeyState
from ichviewer.network.open_copies import OpenCopies
from ichviewer.network.private_folder import write_private
from ichviewer.network.source import ReceivedObject
from ichviewer.network.stored_files import (
    OBJECTS,
    PART,
    StoredFile,
    blocks_of,
    checked,
    files_of,
    is_whole,
    object_key,
    object_name,
    plain_path,
    sealed_path,
)
from ichviewer.progress import CancelToken, Progress, silent
from ichviewer.services.file_lock import Mark

log = logging.getLogger("ichviewer.network")

ABOUT = "study.json"
_COMPLETE = "complete.json"


class CachedStudy:
    """A study of `StudyCache` that is open; a `Receiver` for what is fetched. May be used from any thread.

    An object counts as there only when its checksum was compared since the study was opened. A damaged one is
    removed, counted in `n_damaged`, and therefore fetched again by whoever asks `has`. So is one that is encrypted
    with a key that is not there, which is counted in `n_unreadable` and removed when it has come again.

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
    key : Key
        What the keyring came to; with its cipher, what is stored is encrypted.
    copies : OpenCopies, optional
        Where files lie that can be read; where they are stored unless told.
    put_away : callable
        Called after the mark is gone.
    """

    def __init__(
        self,
        folder: Path,
        study_uid: str,
        mark: Mark,
        make_room: Callable[[int], None],
        on_object: Callable[[], None] = lambda: None,
        *,
        key: Key = NO_KEY,
        copies: OpenCopies | None = None,
        put_away: Callable[[], None] = lambda: None,
    ) -> None:
        self.study_uid = study_uid
        self._on_object = on_object
        self._folder = folder
        self._mark = mark
        self._make_room = make_room
        self._cipher, self._copies = key.cipher, copies
        self._key_state = key.state
        self._put_away = put_away
        self._lock = threading.Lock()
        self._checked: dict[str, Path] = {}
        self._damaged: set[str] = set()
        self._unreadable: set[str] = set()
        # As the folder is now: what other programs add from here on is fetched once more, which does no harm.
        self._listed = files_of(folder)
        # What has come again replaces these.
        self._before = dict(self._listed)
        self._touch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def key_state(self) -> KeyState:
        """What the keyring came to when the study was opened."""
        return self._key_state

    @property
    def encrypted(self) -> bool:
        """Whether what arrives is encrypted: with a key, unless the study was open already without one."""
        return self._cipher is not None and self._copies is not None

    @property
    def objects_folder(self) -> Path:
        """Where its files lie, nothing else among them. What is opened from here was not checked: use `paths`."""
        return self._folder / OBJECTS if self._copies is None else self._copies.folder

    @property
    def more_folders(self) -> tuple[Path, ...]:
        """Where files lie for which there was no room in `objects_folder`; usually nowhere."""
        return () if self._copies is None else self._copies.more_folders

    @property
    def n_damaged(self) -> int:
        """How many files were found since the opening not to be what was stored; the person must be told."""
        return len(self._damaged)

    @property
    def n_unreadable(self) -> int:
        """How many were found since the opening to need a key that is not there; the person must be told."""
        return len(self._unreadable)

    @property
    def checked(self) -> tuple[Path, ...]:
        """Files of the objects that arrived, or were found whole, since it was opened; reads nothing."""
        with self._lock:
            return tuple(self._checked.values())

    def let_go(self) -> None:
        """Let the study be removed when room is needed; decrypted copies stay until `close`."""
        self._touch()
        self._mark.remove()

    def close(self) -> None:
        """Let go of the study, and remove decrypted copies unless somebody else has it open; again does nothing."""
        self.let_go()
        put_away, self._put_away = self._put_away, lambda: None
        put_away()

    def has(self, sop_instance_uid: str) -> bool:
        """Whether an object is there, whole.

        Raises
        ------
        ExportError
            If there is no room to decrypt it.
        """
        return self.path_of(sop_instance_uid) is not None

    def path_of(self, sop_instance_uid: str) -> Path | None:
        """The file of an object, None where there is none or a damaged one.

        Raises
        ------
        ExportError
            As `has`.
        """
        key = object_key(sop_instance_uid)
        with self._lock:
            found = self._checked.get(key)
            listed = self._listed.pop(key, ()) if found is None else ()
        return found or self._check(key, listed)

    def paths(self, progress: Progress = silent, cancel: CancelToken | None = None) -> tuple[Path, ...]:
        """Files of all objects that are there, whole.

        Raises
        ------
        Cancelled
        ExportError
            As `has`.
        """
        files = files_of(self._folder)
        found = []
        for done, (key, stored) in enumerate(sorted(files.items())):
            if cancel is not None:
                cancel.check()
            progress(done, len(files), "checking the cached study")
            with self._lock:
                path = self._checked.get(key)
            # Another program may have put another one in its place.
            if path is None or path.stem not in {file.name for file in stored} or not path.exists():
                path = self._check(key, stored)
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
        key = object_key(received.sop_instance_uid)
        name = object_name(received.sop_instance_uid, received.data)
        n_bytes = len(received.data)
        try:
            self._make_room(sealed_size(n_bytes) if self.encrypted else n_bytes)
            path = shown = self._store(name, received.data)
            if self._copies is not None:
                shown = self._copies.write(name, n_bytes, lambda: iter((received.data,)))
            with self._lock:
                before = self._checked.get(key)
                self._checked[key] = shown
                self._listed.pop(key, None)
                others = {file.path for file in self._before.pop(key, ())}
            for other in others - {path, shown}:
                other.unlink(missing_ok=True)
            if before is not None and before.stem != name:
                self._remove(before)
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
            keys = json.dumps(sorted(files_of(self._folder))).encode()
            write_private(self._folder / _COMPLETE, keys, by_way_of=self._new_part())
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
            isinstance(wanted, list)
            and bool(wanted)
            and {str(key) for key in wanted} <= set(files_of(folder))
        )

    def _store(self, name: str, data: bytes) -> Path:
        """Write an object, encrypted if that can be; its file."""
        if self._cipher is None or self._copies is None:
            path = plain_path(self._folder, name)
            write_private(path, data, by_way_of=self._new_part())
            return path
        return self._seal(name, self._cipher.seal(io.BytesIO(data), self._identity(name)), self._cipher)

    def _seal(self, name: str, sealed: Iterator[bytes], cipher: CacheCipher) -> Path:
        path = sealed_path(self._folder, name, cipher.key_id)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(path, sealed, by_way_of=self._new_part())
        return path

    def _check(self, key: str, stored: tuple[StoredFile, ...]) -> Path | None:
        """The newest whole file of an object, where it can be read; damaged ones are removed."""
        for file in stored:
            try:
                path = self._shown(file)
            except ReadError as error:
                if not file.path.exists():
                    # Another program has put another one in its place.
                    continue
                log.warning("a file of the cache is not what was stored: %s", error.what)
                # Only this file goes, so that an object is fetched again and nothing else.
                with contextlib.suppress(OSError):
                    file.path.unlink(missing_ok=True)
                with self._lock:
                    self._damaged.add(key)
                continue
            except OSError as error:
                raise ExportError(
                    "there is no room to open the study",
                    str(self.objects_folder),
                    error.strerror or str(error),
                ) from error
            with self._lock:
                if path is None:
                    self._unreadable.add(key)
                    continue
                self._checked[key] = path
                self._damaged.discard(key)
                self._unreadable.discard(key)
            self._on_object()
            return path
        return None

    def _shown(self, file: StoredFile) -> Path | None:
        """The file of an object where it can be read, compared with its checksum; None where its key is not there.

        Raises
        ------
        ReadError
            If what is stored is not what its name says.
        OSError
            If there is no room for it.
        """
        plain = plain_path(self._folder, file.name) if self._copies is None else self._copies.find(file.name)
        if plain is not None and is_whole(plain, file.name):
            self._seal_stored(file, plain)
            return plain
        if plain == file.path:
            raise ReadError("the file is not what was stored")
        if plain is not None:
            plain.unlink(missing_ok=True)
        if file.key_id and (self._cipher is None or file.key_id != self._cipher.key_id):
            return None
        if self._copies is None:
            path = plain_path(self._folder, file.name)
            write_private(path, self._opened(file), by_way_of=self._new_part())
            return path
        path = self._copies.write(file.name, file.n_bytes, lambda: self._opened(file))
        self._seal_stored(file, path)
        return path

    def _opened(self, file: StoredFile) -> Iterator[bytes]:
        """What is stored, decrypted and compared with its checksum."""
        try:
            with file.path.open("rb") as source:
                if file.key_id and self._cipher is not None:
                    blocks = self._cipher.unseal(source, self._identity(file.name))
                else:
                    blocks = blocks_of(source)
                yield from checked(blocks, file.name)
        except OSError as error:
            # Of reading: what is written is written by the caller.
            raise ReadError("the file cannot be read", "", error.strerror or str(error)) from error

    def _seal_stored(self, file: StoredFile, plain: Path) -> None:
        """Encrypt what was stored without a key; the file without encryption goes when the study is put away."""
        if file.key_id or self._cipher is None or self._copies is None:
            return
        if sealed_path(self._folder, file.name, self._cipher.key_id).exists():
            return
        try:
            with plain.open("rb") as source:
                self._seal(file.name, self._cipher.seal(source, self._identity(file.name)), self._cipher)
        except OSError as error:
            # It can be looked at all the same, and is encrypted the next time.
            log.warning("a file of the cache stays without encryption: %s", type(error).__name__)

    def _remove(self, shown: Path) -> None:
        """Remove an object that another one of its UID has replaced."""
        shown.unlink(missing_ok=True)
        plain_path(self._folder, shown.stem).unlink(missing_ok=True)
        if self._cipher is not None:
            sealed_path(self._folder, shown.stem, self._cipher.key_id).unlink(missing_ok=True)

    def _identity(self, name: str) -> str:
        return f"{self._folder.name}/{name}"

    def _new_part(self) -> Path:
        return self._folder / PART / secrets.token_hex(16)

    def _touch(self) -> None:
        now_s = time.time()
        with contextlib.suppress(OSError):
            os.utime(self._folder / ABOUT, (now_s, now_s))
