"""The watched folder of a node: files that are put there are taken as if they had come over the network."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ichviewer.errors import ExportError, IchViewerError, ReadError
from ichviewer.network.arrivals import DuplicateObjectError
from ichviewer.network.node.worklist import Worklist
from ichviewer.network.object_identity import identify
from ichviewer.network.source import ReceivedObject

log = logging.getLogger("ichviewer.network")


class WatchedFolder:
    """Looks into a folder; its files stay as they are.

    Parameters
    ----------
    folder : Path
    into : function of ReceivedObject
        Takes an object; when it returns, the object is on disk.
    worklist : Worklist
        Remembers what was taken.
    largest_bytes : int
        Larger files are not taken.
    """

    def __init__(
        self, folder: Path, into: Callable[[ReceivedObject], None], worklist: Worklist, largest_bytes: int
    ) -> None:
        self._folder = folder
        self._into = into
        self._worklist = worklist
        self._largest_bytes = largest_bytes
        self._before: dict[bytes, tuple[int, int]] = {}
        self.n_unreadable = 0

    def look(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Take every file that is as it was when it was last looked at, and was not taken yet; how many.

        A file that is being written changes between two looks, and is left for the next. One that cannot be taken for
        now, because the disk is full, is tried the next time; one that is no DICOM object is not tried again until it
        changes.
        """
        now: dict[bytes, tuple[int, int]] = {}
        taken = 0
        for path in self._files():
            if stopped():
                break
            try:
                status = path.stat()
            except OSError:
                continue
            key, stamp = os.fsencode(path), (status.st_size, status.st_mtime_ns)
            if self._worklist.seen(key, *stamp):
                continue
            now[key] = stamp
            if self._before.get(key) != stamp:
                continue
            try:
                if self._take(path, stamp):
                    taken += 1
                    self._worklist.note_seen(key, *stamp)
            except ExportError as error:
                # Others may be taken: it may be about this one study only.
                log.warning("a file of the watched folder is not taken for now: %s", error.what)
        self._before = now
        return taken

    def _files(self) -> Iterator[Path]:
        # Links are not followed: they could lead out of the folder.
        for root, folders, names in os.walk(self._folder, onerror=_say_unreadable):
            folders.sort()
            for name in sorted(names):
                path = Path(root, name)
                if not name.startswith(".") and not path.is_symlink() and path.is_file():
                    yield path

    def _take(self, path: Path, stamp: tuple[int, int]) -> bool:
        """Take a file, or note that nothing can be made of it; False where it changed meanwhile."""
        try:
            if stamp[0] > self._largest_bytes:
                raise ReadError("this file is too large", found=f"{stamp[0]:,} bytes")
            data = path.read_bytes()
            status = path.stat()
            if (status.st_size, status.st_mtime_ns) != stamp:
                return False
            identity = identify(data, "a file of the watched folder")
            self._into(
                ReceivedObject(identity.sop_class_uid, identity.sop_uid, identity.transfer_syntax_uid, data)
            )
        except OSError as error:
            log.warning("a file of the watched folder cannot be read: %s", error.strerror)
            return False
        except DuplicateObjectError:
            log.warning("a file of the watched folder has the UID of another object that is there already")
        except ExportError:
            raise
        except (IchViewerError, ValueError) as error:
            log.warning("a file of the watched folder is no DICOM object: %s", type(error).__name__)
            self.n_unreadable += 1
        return True


def _say_unreadable(error: OSError) -> None:
    log.warning("the watched folder cannot be read: %s", error.strerror)
