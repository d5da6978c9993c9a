"""Studies that were fetched from elsewhere, kept on disk up to a limit so that they need not be fetched again.

Files are for the user's eyes only (folders 0700, files 0600). With a key in the system's keyring
(`ichviewer.network.cache_key`) they are encrypted (`ichviewer.network.cache_cipher`): whoever has the disk and not
the keyring cannot read a study that is not open. Not protected:

- a study that is open: it lies decrypted (`ichviewer.network.open_copies`), in memory, which the system may swap to a
  disk, or on disk, where it may be found after it was deleted;
- anything, from programs of the same session: they reach the files and the key;
- names of sources, UIDs of studies, sizes, times, and checksums, by which whoever has an image can tell that it is
  here; nor which objects belong to a study, and that none was deleted or put back from a backup.

Everything there is to know of an object stands in the name of its file (`ichviewer.network.stored_files`). There is
no index that could contradict the files, and a file is there whole or not at all, so a program that is killed leaves
nothing to mend but decrypted copies, which the next one removes. Checksums are compared before a file is used for
the first time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from platformdirs import user_cache_path

from ichviewer.errors import ExportError, SettingsError
from ichviewer.network.cache_cipher import CacheCipher
from ichviewer.network.cache_key import NO_KEY, CacheKey, KeyState
from ichviewer.network.cached_study import ABOUT, CachedStudy
from ichviewer.network.open_copies import CopyPlaces
from ichviewer.network.private_folder import make_private, write_private
from ichviewer.network.stored_files import OBJECTS, OPENED, PART, files_of, plain_path
from ichviewer.progress import CancelToken
from ichviewer.services.file_lock import Mark, alone, is_left_over

log = logging.getLogger("ichviewer.network")

PROTECTION = (
    "Only you may read the cached studies, as far as the system tells users apart. Turn on the disk encryption of "
    "the system against theft."
)
"""What is to be known where there is no key."""
PROTECTION_ENCRYPTED = (
    "A study that is open lies decrypted, for your eyes only. Whoever uses your session can read all of them. The "
    "disk encryption of the system also protects swap and deleted files."
)
"""The same where there is one."""
USUAL_LIMIT_BYTES = 10 * 1024**3
_LEAST_LIMIT_BYTES = 1024**2

_LOCK, _KEY_LOCK = ".lock", ".key-lock"
_TRASH = ".trash-"
# Room for more than the next object is made, so that a full cache is not searched for each.
_MADE_ROOM = 0.9
# Other programs add too: how many bytes of our own may pass before the whole is counted again.
_COUNTED_EVERY_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class StudyInCache:
    """A study that is kept.

    Parameters
    ----------
    source : str
        Name of where it came from; empty where that can no longer be told.
    study_uid : str
    n_bytes, n_objects : int
    complete : bool
        Whether all of it is there that the source had when it was fetched.
    in_use : bool
        Whether a program has it open.
    used_at_s : float
        When it was last opened or closed, in seconds since 1970.
    n_plain : int
        Objects that are not encrypted. Studies from before there was a key are encrypted when they are opened.
    n_unreadable : int
        Objects that need a key which the keyring did not give; 0 while it was not asked.
    """

    source: str
    study_uid: str
    n_bytes: int
    n_objects: int
    complete: bool
    in_use: bool
    used_at_s: float
    n_plain: int
    n_unreadable: int


@dataclass(frozen=True)
class Cleared:
    """What clearing the cache did.

    Parameters
    ----------
    n_removed : int
    n_in_use : int
        Studies that are open, in this program or another, and therefore still there.
    """

    n_removed: int
    n_in_use: int


class StudyCache:
    """Fetched studies on disk. Any number of programs and threads may use it at one time.

    Parameters
    ----------
    folder : Path, optional
        The user's cache folder unless told.
    limit_bytes : int
        How much is kept, at least 1 MiB. What was not used for the longest time goes first, what is open never. While
        several programs fetch at one time, what they fetch may come on top for a moment; so do, while studies are
        open, their decrypted copies where they lie on disk.
    clear_at_exit : bool
        Whether `close` removes everything that is not open.
    key : CacheKey, optional
        Where the key for encryption comes from; nothing is encrypted unless told.
    memory : Path, optional
        Folder in memory for decrypted copies; the system's unless told.

    Raises
    ------
    SettingsError
        If the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        limit_bytes: int = USUAL_LIMIT_BYTES,
        clear_at_exit: bool = False,
        key: CacheKey | None = None,
        memory: Path | None = None,
    ) -> None:
        if limit_bytes < _LEAST_LIMIT_BYTES:
            raise ValueError(f"a limit is at least 1 MiB. Received: {limit_bytes} bytes")
        self.folder = folder or user_cache_path("ichviewer", appauthor=False) / "studies"
        self.limit_bytes = limit_bytes
        self.clear_at_exit = clear_at_exit
        self._key = key
        self._copies = CopyPlaces(self.folder, memory)
        self._counted_bytes: int | None = None
        self._since_count_bytes = 0
        self._counting = threading.Lock()
        make_private(self.folder)
        # A lock that cannot be had here cannot be had later either.
        with self._told("the cache of studies cannot be used", SettingsError), alone(self._lock):
            self._tidy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Clear the cache if that was wished for; studies have to be closed before."""
        if self.clear_at_exit:
            self.clear()

    @property
    def state(self) -> KeyState:
        """Whether studies are encrypted, as far as can be told without asking the keyring for a secret."""
        return KeyState.NO_KEYRING if self._key is None else self._key.state

    def open(
        self,
        source: str,
        study_uid: str,
        on_object: Callable[[], None] = lambda: None,
        cancel: CancelToken | None = None,
    ) -> CachedStudy:
        """A study, empty if nothing of it was fetched yet. As long as it is open nothing of it is removed.

        Waits for the system's keyring, which may ask the person to unlock it, but not for ever: what comes of a study
        that is opened without a key is kept without encryption, and what of it is encrypted counts as not there.

        Parameters
        ----------
        source : str
            Name of where it comes from: studies of one UID from two places are two.
        study_uid : str
        on_object : callable
            Told after each object that stands whole and checked; see `CachedStudy`.
        cancel : CancelToken, optional
            Ends the waiting.

        Raises
        ------
        ExportError
            If nothing can be stored.
        SettingsError
            If the folder for decrypted copies cannot be used.
        Cancelled
        """
        key = NO_KEY if self._key is None else self._key.ask(self.folder / _KEY_LOCK, cancel)
        study = self.folder / _study_name(source, study_uid)
        part = study / PART
        with self._told("the study cannot be cached"), alone(self._lock):
            for place in (study, study / OBJECTS, study / OPENED, part):
                place.mkdir(mode=0o700, exist_ok=True)
            if self._marks(study):
                # Who comes later reads the same files: others would be taken for another study.
                copied = self._copies.exist(study.name)
            else:
                copied = key.cipher is not None
                self._copies.remove(study.name)
                for left_over in part.iterdir():
                    left_over.unlink()
            copies = self._copies.open(study.name, sum(_sizes(study))) if copied else None
            mark = Mark(study / OPENED / f"{os.getpid()}-{secrets.token_hex(8)}")
            about = json.dumps({"source": source, "study_uid": study_uid}).encode()
            write_private(study / ABOUT, about, by_way_of=part / secrets.token_hex(8))
        return CachedStudy(
            study,
            study_uid,
            mark,
            self._make_room,
            on_object,
            key=key,
            copies=copies,
            put_away=lambda: self._put_away(study, key.cipher),
        )

    def studies(self) -> tuple[StudyInCache, ...]:
        """What is kept, what was used last first."""
        with self._told("the cache of studies cannot be read"), alone(self._lock):
            found = [self._read(study) for study in self._folders()]
        return tuple(sorted(found, key=lambda study: -study.used_at_s))

    def clear(self) -> Cleared:
        """Remove everything that no program has open.

        Raises
        ------
        ExportError
            If the system refuses.
        """
        n_in_use = n_removed = 0
        with self._told("the cache of studies cannot be cleared"), alone(self._lock):
            for study in self._folders():
                if self._remove(study):
                    n_removed += 1
                else:
                    n_in_use += 1
            self._tidy()
            self._counted_bytes = None
        return Cleared(n_removed, n_in_use)

    @property
    def _lock(self) -> Path:
        return self.folder / _LOCK

    def _make_room(self, n_bytes: int) -> None:
        """Remove studies until so many bytes more are within the limit.

        Raises
        ------
        ExportError
            If all that is left is open.
        """
        with self._counting:
            self._make_room_alone(n_bytes)

    def _make_room_alone(self, n_bytes: int) -> None:
        self._since_count_bytes += n_bytes
        if self._counted_bytes is not None and self._since_count_bytes < _COUNTED_EVERY_BYTES:
            self._counted_bytes += n_bytes
            if self._counted_bytes <= self.limit_bytes:
                return
        with self._told("the cache of studies cannot be used"), alone(self._lock):
            by_use = sorted((self._used_at_s(study), study) for study in self._folders())
            sizes = {study: sum(_sizes(study)) for _, study in by_use}
            total = sum(sizes.values()) + n_bytes
            if total > self.limit_bytes:
                for _, study in by_use:
                    if total <= _MADE_ROOM * self.limit_bytes:
                        break
                    if self._remove(study):
                        total -= sizes[study]
                self._empty_trash()
        self._counted_bytes, self._since_count_bytes = total, 0
        if total > self.limit_bytes:
            self._counted_bytes = None
            raise ExportError(
                "the cache of studies is full of studies that are open; close some, or allow it more room",
                str(self.folder),
                f"a limit of {self.limit_bytes / 1024**2:,.0f} MB",
            )

    def _folders(self) -> list[Path]:
        return [p for p in self.folder.iterdir() if p.is_dir() and not p.name.startswith(".")]

    def _marks(self, study: Path) -> list[Path]:
        """Marks of programs that have a study open; those of dead programs are removed. Within the lock only."""
        live = []
        for mark in (study / OPENED).glob("*"):
            if is_left_over(mark):
                mark.unlink(missing_ok=True)
            else:
                live.append(mark)
        return live

    def _remove(self, study: Path) -> bool:
        """Remove a study that nobody has open; whether it was. Within the lock only."""
        if self._marks(study):
            return False
        try:
            self._copies.remove(study.name)
            # One step: a program that is killed now leaves it whole or gone.
            study.rename(self.folder / f"{_TRASH}{secrets.token_hex(8)}")
        except PermissionError:
            return False  # on Windows, a file of it is open in some program
        return True

    def _put_away(self, study: Path, cipher: CacheCipher | None) -> None:
        """Remove what lies decrypted of a study, unless somebody has it open."""
        try:
            with alone(self._lock):
                if self._marks(study):
                    return
                self._copies.remove(study.name)
                for files in files_of(study).values():
                    encrypted = {file.name for file in files if cipher and file.key_id == cipher.key_id}
                    for name in encrypted:
                        plain_path(study, name).unlink(missing_ok=True)
        except OSError as error:
            # Whoever uses the cache next tries it again.
            log.warning("decrypted files could not be removed yet: %s", type(error).__name__)

    def _tidy(self) -> None:
        """Remove what programs left that were killed. Within the lock only."""
        self._empty_trash()
        self._copies.remove_left(lambda name: bool(self._marks(self.folder / name)))

    def _empty_trash(self) -> None:
        for trash in self.folder.glob(f"{_TRASH}*"):
            # What cannot be removed now is tried again at the next occasion.
            shutil.rmtree(trash, ignore_errors=True)

    def _used_at_s(self, study: Path) -> float:
        try:
            return (study / ABOUT).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _read(self, study: Path) -> StudyInCache:
        files = files_of(study)
        known = None if self._key is None else self._key.known
        if known is None and self.state is KeyState.NO_KEYRING:
            known = NO_KEY
        usable = None if known is None else {"", known.cipher.key_id if known.cipher else ""}
        about: dict[str, object] = {}
        # Half written by a power cut: the study is there, only its name is not.
        with contextlib.suppress(OSError, ValueError):
            loaded = json.loads((study / ABOUT).read_bytes())
            about = loaded if isinstance(loaded, dict) else {}
        return StudyInCache(
            source=str(about.get("source", "")),
            study_uid=str(about.get("study_uid", "")),
            n_bytes=sum(file.n_bytes for stored in files.values() for file in stored),
            n_objects=len(files),
            complete=CachedStudy.is_complete(study),
            in_use=bool(self._marks(study)),
            used_at_s=self._used_at_s(study),
            n_plain=sum(any(not file.key_id for file in stored) for stored in files.values()),
            n_unreadable=sum(
                usable is not None and all(file.key_id not in usable for file in stored)
                for stored in files.values()
            ),
        )

    @contextlib.contextmanager
    def _told(self, what: str, kind: type[ExportError] | type[SettingsError] = ExportError) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise kind(what, str(self.folder), error.strerror or str(error)) from error


def _study_name(source: str, study_uid: str) -> str:
    return hashlib.blake2b(json.dumps([source, study_uid]).encode(), digest_size=16).hexdigest()


def _sizes(study: Path) -> Iterator[int]:
    return (file.n_bytes for stored in files_of(study).values() for file in stored)
