"""Where a node keeps the objects that came, one folder a study, until they are analyzed and their time is over."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import threading
from pathlib import Path

from ichviewer.errors import ExportError, IchViewerError
from ichviewer.network.arrivals import FolderReceiver
from ichviewer.network.node.entry import StudyState
from ichviewer.network.node.worklist import Worklist
from ichviewer.network.object_identity import identify
from ichviewer.network.private_folder import make_private
from ichviewer.network.source import ReceivedObject
from ichviewer.services.atomic_file import sync_folder

log = logging.getLogger("ichviewer.network")

INBOX = "inbox"
"""Name of its folder in the node's data folder."""

_N_LOCKS = 64
_TRASH = ".trash-"
OBJECTS = "*.dcm"


class Inbox:
    """Takes objects from any thread: when one was taken, it is on disk and the worklist knows of it.

    Parameters
    ----------
    folder : Path
        The node's own; made where it is missing.
    worklist : Worklist
    keep_free_bytes : int
        Nothing is taken where less would stay free on the disk.
    most_waiting : int
        No further study is taken while so many have no result yet.
    most_objects : int
        Of one study.

    Raises
    ------
    SettingsError
        If the folder cannot be used.
    """

    def __init__(
        self, folder: Path, worklist: Worklist, *, keep_free_bytes: int, most_waiting: int, most_objects: int
    ) -> None:
        self._folder = folder
        self._worklist = worklist
        self._keep_free_bytes = keep_free_bytes
        self._most_waiting = most_waiting
        self._most_objects = most_objects
        self._locks = [threading.Lock() for _ in range(_N_LOCKS)]
        self._counting = threading.Lock()
        self._counts: dict[str, int] = {}
        self._untold: set[str] = set()
        """Studies with objects on disk that the worklist may not know of; within the lock of each."""
        self.n_taken = 0
        self.n_refused = 0
        make_private(folder)

    def has(self, sop_instance_uid: str) -> bool:
        """Never known without its study; an object that is there and comes again changes nothing."""
        return False

    def __call__(self, received: ReceivedObject) -> None:
        """Take an object; the same one again changes nothing.

        Raises
        ------
        DuplicateObjectError
            If another one of the same UID is there.
        ExportError
            If it cannot be written, there is no room, or too much waits.
        ReadError
            If it cannot be read.
        """
        try:
            self._take(received)
        except (IchViewerError, OSError):
            with self._counting:
                self.n_refused += 1
            raise

    def _take(self, received: ReceivedObject) -> None:
        study_uid = identify(received.data, received.sop_instance_uid).study_uid
        self._check_room(len(received.data))
        with self._lock_of(study_uid):
            folder = self.folder_of(study_uid)
            if not folder.is_dir():
                self._check_queue(study_uid)
                folder.mkdir(mode=0o700, exist_ok=True)
                sync_folder(self._folder)
            receiver = FolderReceiver(folder)
            there = receiver.has(received.sop_instance_uid)
            if not there:
                self._check_count(study_uid)
                self._untold.add(study_uid)
            receiver(received)
            # One that is there already may be there from a time when the worklist could not be told.
            if study_uid in self._untold:
                self._worklist.arrived(study_uid)
                self._untold.discard(study_uid)
            if not there:
                self._counts[study_uid] += 1
        with self._counting:
            self.n_taken += 1

    def folder_of(self, study_uid: str) -> Path:
        """Where the objects of a study lie."""
        return self._folder / study_key(study_uid)

    def files(self, study_uid: str) -> tuple[Path, ...]:
        """The objects of a study that are there whole, in order of name."""
        return tuple(sorted(self.folder_of(study_uid).glob(OBJECTS)))

    def count(self, study_uid: str) -> int:
        """How many objects of a study are there."""
        return len(self.files(study_uid))

    def mend(self) -> None:
        """Do away with what a program left that was killed, and tell the worklist of objects it does not know.

        Must be called before anything is taken.
        """
        for folder in list(self._folder.iterdir()):
            if folder.name.startswith(_TRASH):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            if not folder.is_dir():
                continue
            for part in folder.glob(".ichviewer-*"):
                part.unlink(missing_ok=True)
            files = sorted(folder.glob(OBJECTS))
            if not files:
                continue
            try:
                study_uid = identify(files[0].read_bytes(), str(files[0])).study_uid
            except (IchViewerError, OSError) as error:
                # It could be read when it came: the disk is at fault, and the others are not to suffer from it.
                log.error("a study of the inbox cannot be read: %s", type(error).__name__)
                continue
            entry = self._worklist.find(study_uid)
            if entry is None or len(files) > entry.n_objects:
                self._worklist.arrived(study_uid)

    def forget(self, study_uid: str) -> bool:
        """Delete the images of a study that is done; whether that was so."""
        with self._lock_of(study_uid):
            entry = self._worklist.find(study_uid)
            if entry is None or entry.state is not StudyState.DONE:
                return False
            folder = self.folder_of(study_uid)
            if folder.is_dir():
                # At once and as a whole: half of a study must never be taken for one.
                trash = self._folder / f"{_TRASH}{secrets.token_hex(8)}"
                folder.rename(trash)
                sync_folder(self._folder)
                shutil.rmtree(trash, ignore_errors=True)
            self._worklist.images_deleted(study_uid)
            self._counts.pop(study_uid, None)
            return True

    def _lock_of(self, study_uid: str) -> threading.Lock:
        return self._locks[int(study_key(study_uid)[:8], 16) % _N_LOCKS]

    def _check_room(self, size: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free - size < self._keep_free_bytes:
            raise ExportError(
                "nothing is taken: the disk is almost full", str(self._folder), f"{free:,} bytes free"
            )

    def _check_queue(self, study_uid: str) -> None:
        entry = self._worklist.find(study_uid)
        waiting = self._worklist.n_at_work()
        if entry is None and waiting >= self._most_waiting:
            raise ExportError(
                "no further study is taken for now", found=f"{waiting:,} studies without a result"
            )

    def _check_count(self, study_uid: str) -> None:
        if study_uid not in self._counts:
            self._counts[study_uid] = self.count(study_uid)
        if self._counts[study_uid] >= self._most_objects:
            raise ExportError(
                "no further object of this study is taken", found=f"{self._counts[study_uid]:,} objects"
            )


def study_key(study_uid: str) -> str:
    """Name of a study's folders: 32 hexadecimal digits, whatever the UID holds."""
    return hashlib.blake2b(os.fsencode(study_uid), digest_size=16).hexdigest()
