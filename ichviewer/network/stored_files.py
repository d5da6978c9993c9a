"""What lies in the folder of a study of the cache, told from names alone.

Objects that are not encrypted are ``objects/<key of the UID>-<checksum>.dcm``; encrypted ones have the same name with
another ending, in a folder named by their key's id, ``sealed-<id>``. So it can be told without any key which objects
are there, and which key each needs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ichviewer.errors import ReadError

OBJECTS = "objects"
OPENED = "opened"
PART = "part"
_SEALED = "sealed-"
_PLAIN_SUFFIX, _SEALED_SUFFIX = ".dcm", ".sealed"
_BLOCK_BYTES = 1024**2


@dataclass(frozen=True)
class StoredFile:
    """A file of an object.

    Parameters
    ----------
    path : Path
    name : str
        Key of the object's UID, a dash, and the checksum of its bytes.
    key_id : str
        Of the key that it is encrypted with; empty where it is not encrypted.
    n_bytes : int
    changed_at_s : float
        In seconds since 1970.
    """

    path: Path
    name: str
    key_id: str
    n_bytes: int
    changed_at_s: float

    @property
    def key(self) -> str:
        """Of the object's UID."""
        return self.name.partition("-")[0]


Stored = dict[str, tuple[StoredFile, ...]]
"""Files by the keys of their objects, the newest first where an object was stored twice."""


def files_of(study: Path) -> Stored:
    """The files of a study; of a folder that is gone, none."""
    found: dict[str, list[StoredFile]] = {}
    for folder in _folders(study):
        key_id = folder.name.removeprefix(_SEALED) if folder.name != OBJECTS else ""
        for file in _files_in(folder, key_id):
            found.setdefault(file.key, []).append(file)
    return {
        key: tuple(sorted(files, key=lambda file: (file.changed_at_s, file.path), reverse=True))
        for key, files in found.items()
    }


def plain_path(study: Path, name: str) -> Path:
    """Where an object lies that is not encrypted."""
    return study / OBJECTS / plain_name(name)


def sealed_path(study: Path, name: str, key_id: str) -> Path:
    """Where an object lies that is encrypted with a key."""
    return study / f"{_SEALED}{key_id}" / f"{name}{_SEALED_SUFFIX}"


def plain_name(name: str) -> str:
    """Name of a file that anybody can read who may."""
    return f"{name}{_PLAIN_SUFFIX}"


def object_key(sop_instance_uid: str) -> str:
    """A name for a file that any UID has, whatever its characters."""
    return hashlib.blake2b(sop_instance_uid.encode(), digest_size=16).hexdigest()


def object_name(sop_instance_uid: str, data: bytes) -> str:
    """Name of an object with its bytes."""
    return f"{object_key(sop_instance_uid)}-{hashlib.blake2b(data, digest_size=16).hexdigest()}"


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece."""
    while block := file.read(_BLOCK_BYTES):
        yield block


def checked(blocks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The pieces of an object as they are.

    Raises
    ------
    ReadError
        After the last one, if their checksum is not that of the name.
    """
    digest = hashlib.blake2b(digest_size=16)
    for block in blocks:
        digest.update(block)
        yield block
    if digest.hexdigest() != name.partition("-")[2]:
        raise ReadError("the file is not what was stored")


def is_whole(path: Path, name: str) -> bool:
    """Whether a file that is not encrypted can be read and is what its name says."""
    try:
        with path.open("rb") as file:
            for _ in checked(blocks_of(file), name):
                pass
    except (OSError, ReadError):
        return False
    return True


def _folders(study: Path) -> list[Path]:
    with contextlib.suppress(FileNotFoundError), os.scandir(study) as entries:
        return [
            Path(e.path)
            for e in entries
            if (e.name == OBJECTS or e.name.startswith(_SEALED)) and e.is_dir(follow_symlinks=False)
        ]
    return []


def _files_in(folder: Path, key_id: str) -> Iterator[StoredFile]:
    suffix = _SEALED_SUFFIX if key_id else _PLAIN_SUFFIX
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name.removesuffix(suffix)
            if "-" not in name or name == entry.name:
                continue
            # A program that has the study open may replace an object at any time.
            with contextlib.suppress(FileNotFoundError):
                status = entry.stat()
                yield StoredFile(Path(entry.path), name, key_id, status.st_size, status.st_mtime)
