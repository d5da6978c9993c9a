"""Opening files and members of ZIP archives, read-only and no further than needed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, BinaryIO, cast

from ichviewer.dicom.boundary import foreign_code, in_words
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

_CHUNK = 1 << 16
_COMPARED = 1 << 20


class MemberStream(io.RawIOBase):
    """A ZIP member that can seek: what was decompressed stays in memory, and no more is than asked for.

    Parameters
    ----------
    member : binary stream
        As `zipfile.ZipFile.open` returns it.
    """

    def __init__(self, member: IO[bytes]) -> None:
        super().__init__()
        self._member = member
        self._buffer = bytearray()
        self._at_end = False
        self._position = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Position in bytes."""
        return self._position

    def _fill(self, end: int | None) -> None:
        while not self._at_end and (end is None or len(self._buffer) < end):
            missing = _CHUNK if end is None else end - len(self._buffer)
            chunk = self._member.read(max(missing, _CHUNK))
            self._buffer += chunk
            self._at_end = not chunk

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is decompressed for it, except to find the end."""
        if whence == io.SEEK_END:
            self._fill(None)
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._buffer)}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Read up to ``size`` bytes, all that are left if negative."""
        end = None if size is None or size < 0 else self._position + size
        self._fill(end)
        data = bytes(self._buffer[self._position : end])
        self._position += len(data)
        return data


@contextmanager
def open_source(source: SliceSource, archive: zipfile.ZipFile | None = None) -> Iterator[BinaryIO]:
    """Open a file or a ZIP member for reading and seeking.

    Parameters
    ----------
    source : SliceSource
    archive : ZipFile, optional
        The open archive of ``source``; opened and closed here unless given.

    Raises
    ------
    ReadError
    """
    if not source.member:
        try:
            stream = source.path.open("rb")
        except OSError as error:
            raise ReadError("the file could not be opened", str(source), in_words(error)) from error
        with stream:
            yield cast(BinaryIO, stream)
        return
    with ExitStack() as stack:
        with foreign_code(ReadError, "the archive member could not be opened", str(source)):
            if archive is None:
                archive = stack.enter_context(zipfile.ZipFile(source.path))
            member = stack.enter_context(archive.open(source.member))
        yield cast(BinaryIO, MemberStream(member))


def same_bytes(a: SliceSource, b: SliceSource) -> bool:
    """Whether two files hold the same bytes.

    Raises
    ------
    ReadError
    """
    failed = foreign_code(ReadError, "the files could not be compared", str(b))
    with open_source(a) as mine, open_source(b) as theirs, failed:
        while True:
            chunk = mine.read(_COMPARED)
            if chunk != theirs.read(_COMPARED):
                return False
            if not chunk:
                return True
