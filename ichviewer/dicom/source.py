"""Opening files and members of ZIP archives, read-only and no further than needed."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import sys
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
# No header is larger: the functional groups of 30,000 frames take some 40 MB.
_MOST_HEADER_BYTES = 1 << 26
# Two or three for each element: a directory of 20,000 images, or functional groups of 10,000 frames.
_MOST_HEADER_READS = 800_000
# Specific Character Set, in either byte order, is converted by whoever reads it; it has some ten values.
_CHARACTER_SET = (b"\x08\x00\x05\x00", b"\x00\x08\x00\x05")
_LONGEST_CHARACTER_SET = 1 << 12
_ELEMENT_BYTES, _LENGTH_BYTES = 8, 4


class MemberStream(io.RawIOBase):
    """A ZIP member that can seek: its start stays in memory, what follows is decompressed again where it must be.

    Parameters
    ----------
    member : binary stream
        As `zipfile.ZipFile.open` returns it.
    size : int, optional
        Of the member in bytes, decompressed. Where it is not known, all that was read stays in memory.
    limit : int, optional
        Position in bytes behind which nothing is read.
    where : str
        Names the member in errors.
    """

    def __init__(
        self, member: IO[bytes], size: int | None = None, limit: int | None = None, where: str = ""
    ) -> None:
        super().__init__()
        self._member = member
        self._where = where
        self._size = size
        self._limit = sys.maxsize if limit is None else limit
        self._most_kept = sys.maxsize if size is None else KEPT_BYTES
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
        """Move; nothing is decompressed for it, but to find an end that is not known."""
        if whence == io.SEEK_END and self._size is None:
            self._keep(sys.maxsize)
            self._size = len(self._kept)
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size or 0}[whence]
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
        end = sys.maxsize if self._size is None else self._size
        if size is not None and size >= 0:
            end = min(end, start + size)
        if end <= start:
            return b""
        if end > self._limit:
            found = f"{self._size or end:,} bytes, more than {MOST_RATIO} times what the archive holds of it"
            raise ReadError("the archive member decompresses to too much", self._where, found)
        self._keep(min(end, self._most_kept))
        data = bytes(self._kept[start:end])
        if end > self._most_kept and not self._kept_all:
            rest = max(start, self._most_kept)
            if self._member.tell() != rest:
                self._member.seek(rest)
            data += self._member.read(end - rest)
        self._position += len(data)
        return data

    def _keep(self, end: int) -> None:
        if len(self._kept) >= end or self._kept_all:
            return
        if self._size is not None and self._member.tell() != len(self._kept):
            self._member.seek(len(self._kept))
        while len(self._kept) < end and not self._kept_all:
            missing = _CHUNK if end == sys.maxsize else max(end - len(self._kept), _CHUNK)
            chunk = self._member.read(min(missing, self._most_kept - len(self._kept)))
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
        self._left = _MOST_HEADER_BYTES
        self._element = b""
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
        if size > _LONGEST_CHARACTER_SET and self._element.startswith(_CHARACTER_SET):
            raise ReadError("the character set cannot be understood", self._where, f"{size:,} bytes of it")
        data = self._stream.read(size if 0 <= size <= self._left else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            found = f"over {_MOST_HEADER_BYTES:,} bytes"
            raise ReadError("the header is too large", self._where, found)
        # Tag and length of an element; the four more bytes of some lengths follow them.
        if size != _LENGTH_BYTES:
            self._element = data if size == _ELEMENT_BYTES else b""
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
