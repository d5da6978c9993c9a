"""Objects that arrive, and the folder they are written into."""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path

from ichviewer.errors import ExportError
from ichviewer.network.source import ReceivedObject
from ichviewer.services.atomic_file import write_atomically

_PLAIN_UID = re.compile(r"[0-9.]{1,64}")
_PREFIX_BYTES = 132
_GROUP_LENGTH_BYTES = 12


class DuplicateObjectError(ExportError):
    """Another object of the same UID is there already; it is kept."""


class FolderReceiver:
    """Writes objects into a folder, one file each, named by their UIDs; may be used from several threads.

    Parameters
    ----------
    folder : Path
        It must exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._arrived: list[Path] = []

    @property
    def arrived(self) -> tuple[Path, ...]:
        """Files written so far, in order."""
        with self._lock:
            return tuple(self._arrived)

    def path_of(self, sop_instance_uid: str) -> Path:
        """Where an object lies or will lie."""
        # Letters could differ in case only, which some file systems do not tell apart; other signs lead elsewhere.
        if _PLAIN_UID.fullmatch(sop_instance_uid) and sop_instance_uid.strip("."):
            return self._folder / f"{sop_instance_uid}.dcm"
        digest = hashlib.blake2b(sop_instance_uid.encode("utf-8"), digest_size=16).hexdigest()
        return self._folder / f"uid-{digest}.dcm"

    def has(self, sop_instance_uid: str) -> bool:
        """Whether an object is there; files are written whole or not at all."""
        return self.path_of(sop_instance_uid).is_file()

    def __call__(self, received: ReceivedObject) -> None:
        """Write an object; the same one again changes nothing.

        Raises
        ------
        DuplicateObjectError
            If another one of the same UID is there.
        ExportError
            If it cannot be written.
        """
        path = self.path_of(received.sop_instance_uid)
        # One at a time: the same object may come over two associations at once.
        with self._lock:
            if path.exists():
                try:
                    before = path.read_bytes()
                except OSError as error:
                    raise ExportError(
                        "the file cannot be compared", str(path), error.strerror or ""
                    ) from error
                if data_set_of(before) != data_set_of(received.data):
                    raise DuplicateObjectError("another object of the same UID is there already", str(path))
                return
            write_atomically(path, received.data)
            self._arrived.append(path)


def data_set_of(data: bytes) -> bytes:
    """The data set of a whole file, as it is encoded, without the file meta information (PS3.10 section 7.1)."""
    # The first element says how long the rest of the group is: (0002,0000) UL 4.
    start = _PREFIX_BYTES + _GROUP_LENGTH_BYTES
    return data[start + int.from_bytes(data[start - 4 : start], "little") :]
