"""Where encrypted studies lie decrypted while they are open: the processes that decode read files by their paths.

In memory where the system has a folder for that which only the user may enter (XDG_RUNTIME_DIR on tmpfs; Linux), as
long as there is room with a margin; otherwise on disk, in the cache's own folder. What lies in memory may reach a
disk by way of swap. The folder of a study has the study's name, so that all programs that have it open share it, and
nobody's folder outlives the last of them: whoever comes after a program that was killed finds it by that name.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ichviewer.errors import SettingsError
from ichviewer.network.private_folder import make_private, write_private
from ichviewer.network.stored_files import OBJECTS, PART, plain_name

log = logging.getLogger("ichviewer.network")

ON_DISK = ".open"
_IN_MEMORY = "ichviewer"
_TRASH = ".trash-"
_LEAST_MARGIN_BYTES = 64 * 1024**2
_MARGIN_SHARE = 4


class OpenCopies:
    """The folders in which one study lies decrypted. May be used from any thread.

    Parameters
    ----------
    memory : Path or None
        Where in memory, if there was room.
    disk : Path
        Where on disk: for everything, or for what has no room in memory.
    """

    def __init__(self, memory: Path | None, disk: Path) -> None:
        self._memory, self._disk = memory, disk
        self._make(memory or disk)

    @property
    def folder(self) -> Path:
        """Where the first files lie, nothing else among them."""
        return (self._memory or self._disk) / OBJECTS

    @property
    def more_folders(self) -> tuple[Path, ...]:
        """Where the others lie, if there was no room for them."""
        disk = self._disk / OBJECTS
        return (disk,) if self._memory is not None and disk.is_dir() else ()

    def find(self, name: str) -> Path | None:
        """The copy of an object, None where there is none; it may be anything under that name."""
        for folder in (self.folder, *self.more_folders):
            path = folder / plain_name(name)
            if path.exists():
                return path
        return None

    def write(self, name: str, n_bytes: int, blocks: Callable[[], Iterator[bytes]]) -> Path:
        """Write the copy of an object; under its name it is there whole or not at all.

        Parameters
        ----------
        name : str
        n_bytes : int
            How long it is, about.
        blocks : callable
            Gives its pieces; called again where memory turned out to have no room.

        Raises
        ------
        OSError
            If there is no room on disk either.
        """
        if self._memory is None:
            return self._write(self._disk, name, blocks())
        if room_bytes(self._memory) >= n_bytes:
            try:
                return self._write(self._memory, name, blocks())
            except OSError as error:
                # Of a study that was closed nothing is written any more.
                if not self._memory.is_dir():
                    raise
                log.info("no room in memory for a copy: %s", type(error).__name__)
        self._make(self._disk)
        return self._write(self._disk, name, blocks())

    @staticmethod
    def _write(folder: Path, name: str, blocks: Iterator[bytes]) -> Path:
        path = folder / OBJECTS / plain_name(name)
        write_private(path, blocks, by_way_of=folder / PART / secrets.token_hex(16))
        return path

    @staticmethod
    def _make(folder: Path) -> None:
        for place in (folder, folder / OBJECTS, folder / PART):
            place.mkdir(mode=0o700, exist_ok=True)


class CopyPlaces:
    """The decrypted copies of all studies of a cache. Used within the cache's lock only.

    Parameters
    ----------
    cache : Path
        Folder of the cache.
    memory : Path, optional
        Folder in memory; the system's unless told. Where it cannot be used, copies lie on disk.
    """

    def __init__(self, cache: Path, memory: Path | None = None) -> None:
        self._disk = cache / ON_DISK
        self._memory = memory or memory_folder(cache)

    def open(self, study: str, n_bytes: int) -> OpenCopies:
        """The folders of a study, which may be there already.

        Parameters
        ----------
        study : str
            Name of its folder.
        n_bytes : int
            How much is to lie there, as far as is known.

        Raises
        ------
        OSError, SettingsError
        """
        make_private(self._disk)
        disk = self._disk / study
        memory = None if self._memory is None else self._memory / study
        if memory is not None and not memory.is_dir() and (disk.is_dir() or not self._has_room(n_bytes)):
            memory = None
        return OpenCopies(memory, disk)

    def exist(self, study: str) -> bool:
        """Whether anything of a study lies decrypted."""
        return any((place / study).is_dir() for place in self._places)

    def remove(self, study: str) -> None:
        """Remove the copies of a study that nobody has open."""
        for place in self._places:
            if (place / study).is_dir():
                # In one step, so that nobody finds half of it under its name.
                _rename(place / study, place / f"{_TRASH}{secrets.token_hex(8)}")
        self._empty_trash()

    def remove_left(self, is_open: Callable[[str], bool]) -> None:
        """Remove what programs left that were killed.

        Parameters
        ----------
        is_open : callable
            Whether anybody has a study open, by the name of its folder.
        """
        for place in self._places:
            for study in place.iterdir() if place.is_dir() else ():
                if not study.name.startswith(_TRASH) and not is_open(study.name):
                    self.remove(study.name)
        self._empty_trash()

    @property
    def _places(self) -> tuple[Path, ...]:
        return (self._disk,) if self._memory is None else (self._memory, self._disk)

    def _empty_trash(self) -> None:
        for place in self._places:
            for trash in place.glob(f"{_TRASH}*"):
                # On Windows a process may still read a file; whoever comes next removes it.
                shutil.rmtree(trash, ignore_errors=True)
                if trash.exists():
                    log.warning("decrypted files could not be removed yet")

    def _has_room(self, n_bytes: int) -> bool:
        assert self._memory is not None
        try:
            make_private(self._memory.parent)
            make_private(self._memory)
        except SettingsError as error:
            log.info("copies do not go into memory: %s", error.what)
            return False
        return room_bytes(self._memory) >= max(n_bytes, _LEAST_MARGIN_BYTES)


def memory_folder(cache: Path) -> Path | None:
    """Folder in memory for the copies of a cache, None where the system has none; makes nothing."""
    if sys.platform != "linux":
        return None
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}")
    if not runtime.is_absolute() or not _is_tmpfs(runtime):
        return None
    name = hashlib.blake2b(os.fsencode(os.path.realpath(cache)), digest_size=8).hexdigest()
    return runtime / _IN_MEMORY / name


def left_copies(cache: Path) -> bool:
    """Whether there is a folder for copies: one that is open, or one that a killed program left."""
    memory = memory_folder(cache)
    return any(place.is_dir() and any(place.iterdir()) for place in (memory, cache / ON_DISK) if place)


def room_bytes(folder: Path) -> int:
    """How much may be written into a folder in memory: others need some of it, and of the memory, too."""
    status = os.statvfs(folder)
    total, free = status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize
    return min(free - max(_LEAST_MARGIN_BYTES, total // _MARGIN_SHARE), _available_memory_bytes() // 2)


def _available_memory_bytes() -> int:
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        for line in lines:
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return 1024 * int(rest.split()[0])
    return 0


def _is_tmpfs(folder: Path) -> bool:
    """Whether a folder lies in memory, as /proc/self/mountinfo says (proc(5)); False where it is not there."""
    try:
        device = folder.stat().st_dev
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if before.split()[2] == wanted:
            return after.split()[0] in ("tmpfs", "ramfs")
    return False


def _rename(folder: Path, to: Path) -> None:
    try:
        folder.rename(to)
    except OSError:
        # On Windows, while a process reads a file of it.
        shutil.rmtree(folder, ignore_errors=True)
