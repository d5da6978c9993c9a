"""Opening files and members of ZIP archives, read-only and no further than needed."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, BinaryIO, cast

from ichviewer.dicom.boundary import foreign_code, in_words
from ichviewer.domain.series import SliceSource
from ichviewer.errors import ReadError

KEPT_BYTES = 1 << 24
"""How much of the start of a ZIP member is kept in memory."""

MOST_RATIO = 200
"""Bytes that one byte of a ZIP member may become once `KEPT_BYTES` are exceeded. CT compresses 2 to 4 times, a mostly
empty image 100 times; deflate can do 1032 times, which is what archives made to exhaust memory do."""

_CHUNK = 1 << 16
_COMPARED = 1 << 20
# No element of a header is larger, tables and functional groups of thousands of frames included.
_MOST_HEADER_READ = 1 << 26
# Reads of two or three for each element: a directory of 50,000 images, or functional groups of 20,000 frames.
_MOST_HEADER_READS = 3_000_000


class MemberStream(io.RawIOBase):
    """A ZIP member that can seek: its start stays in memory, what follows is decompressed again where it must be.

    Parameters
    ----------
    member : binary stream
        As `zipfile.ZipFile.open` returns it.
    size : int
        Of the member in bytes, decompressed.
    limit : int, optional
        Position in bytes behind which nothing is read.
    where : str
        Names the member in errors.
    """

    def __init__(self, member: IO[bytes], size: int, limit: int | None = None, where: str = "") -> None:
        super().__init__()
        self._member = member
        self._where = where
        self._size = size
        self._limit = size if limit is None else limit
        self._kept = bytearray()
        self._kept_all = False
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

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is decompressed for it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Read up to ``size`` bytes, all that are left if negative.

        Raises
        ------
        ReadError
            Behind the limit.
        """
        start = self._position
        end = self._size if size is None or size < 0 else min(self._size, start + size)
        if end <= start:
            return b""
        if end > self._limit:
            found = f"{self._size:,} bytes, more than {MOST_RATIO} times what the archive holds of it"
            raise ReadError("the archive member decompresses to too much", self._where, found)
        self._keep(min(end, KEPT_BYTES))
        data = bytes(self._kept[start:end])
        if end > KEPT_BYTES and not self._kept_all:
            rest = max(start, KEPT_BYTES)
            if self._member.tell() != rest:
                self._member.seek(rest)
            data += self._member.read(end - rest)
        self._position += len(data)
        return data

    def _keep(self, end: int) -> None:
        if len(self._kept) >= end or self._kept_all:
            return
        if self._member.tell() != len(self._kept):
            self._member.seek(len(self._kept))
        while len(self._kept) < end and not self._kept_all:
            wanted = min(max(end - len(self._kept), _CHUNK), KEPT_BYTES - len(self._kept))
            chunk = self._member.read(wanted)
            self._kept += chunk
            self._kept_all = not chunk


class HeaderStream:
    """The part of a stream that a parser of headers uses, without what no header needs.

    Values of hundreds of megabytes and millions of elements are refused.

    Parameters
    ----------
    stream : binary stream
    where : str
        Names the file in errors.
    """

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self._stream = stream
        self._where = where
        self._reads = 0
        self.tell = stream.tell
        self.seek = stream.seek

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, all that are left if negative.

        Raises
        ------
        ReadError
        """
        self._reads += 1
        if self._reads > _MOST_HEADER_READS:
            raise ReadError("the header has too many elements", self._where, f"over {_MOST_HEADER_READS:,}")
        if 0 <= size <= _MOST_HEADER_READ:
            return self._stream.read(size)
        data = self._stream.read(_MOST_HEADER_READ + 1)
        if len(data) > _MOST_HEADER_READ:
            found = f"over {_MOST_HEADER_READ:,} bytes"
            raise ReadError("an element of the header is too large", self._where, found)
        return data


@contextmanager
def open_source(
    source: SliceSource, archive: zipfile.ZipFile | None = None, member: zipfile.ZipInfo | None = None
) -> Iterator[BinaryIO]:
    """Open a file or a ZIP member for reading and seeking.

    Parameters
    ----------
    source : SliceSource
    archive : ZipFile, optional
        The open archive of ``source``; opened and closed here unless given.
    member : ZipInfo, optional
        Entry of ``source`` in the archive's directory; looked up unless given.

    Raises
    ------
    ReadError
    """
    if not source.member:
        with _open_file(source) as stream:
            yield stream
        return
    with ExitStack() as stack:
        with foreign_code(ReadError, "the archive member could not be opened", str(source)):
            if archive is None:
                file = stack.enter_context(_open_file(SliceSource(source.path)))
                archive = stack.enter_context(zipfile.ZipFile(file))
            if member is None:
                member = _find_member(archive, source)
            opened = stack.enter_context(archive.open(member))
            limit = most_inflated(member, source.path.stat().st_size)
        yield cast(BinaryIO, MemberStream(opened, member.file_size, limit, str(source)))


def most_inflated(member: zipfile.ZipInfo, archive_size: int) -> int:
    """How many bytes of a ZIP member are read at most, by what the archive really holds; see `MOST_RATIO`.

    Parameters
    ----------
    member : ZipInfo
        Says how large the member claims to be, compressed and decompressed.
    archive_size : int
        Of the archive in bytes.
    """
    held = min(member.compress_size, archive_size)
    return min(member.file_size, max(KEPT_BYTES, MOST_RATIO * held))


def _find_member(archive: zipfile.ZipFile, source: SliceSource) -> zipfile.ZipInfo:
    found = [info for info in archive.infolist() if info.filename == source.member]
    if source.copy >= len(found):
        raise ReadError("the archive member is not there", str(source))
    return found[source.copy]


def _open_file(source: SliceSource) -> BinaryIO:
    """Open a regular file; a pipe or device that took a file's place in the meantime must not block."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(source.path, flags)
    except (OSError, ValueError) as error:
        raise ReadError("the file could not be opened", str(source), in_words(error)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadError("the file could not be opened", str(source), "not a regular file")
    return cast(BinaryIO, os.fdopen(descriptor, "rb"))


def bytes_digest(source: SliceSource, most: int) -> tuple[int, bytes | None]:
    """How many bytes of a file were read, and what names them: 16 bytes of BLAKE2b.

    Parameters
    ----------
    source : SliceSource
    most : int
        A file of more bytes gets no name.

    Raises
    ------
    ReadError
    """
    digest = hashlib.blake2b(digest_size=16)
    size = 0
    with open_source(source) as stream, foreign_code(ReadError, "the file could not be read", str(source)):
        if stream.seek(0, io.SEEK_END) > most:
            return 0, None
        stream.seek(0)
        while chunk := stream.read(_COMPARED):
            size += len(chunk)
            digest.update(chunk)
    return size, digest.digest()
