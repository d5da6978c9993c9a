"""One DICOM file, read up to its pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from pydicom import config
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset, read_partial
from pydicom.tag import BaseTag, Tag
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
)

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.inflate import MOST_HEADER_BYTES, MOST_PIXEL_BYTES, InflatedStream, deflated_start
from ichviewer.dicom.source import MemberStream
from ichviewer.dicom.values import Elements, tag_of
from ichviewer.domain.problems import Problem
from ichviewer.errors import ReadError

# What is malformed becomes a problem of ours (ichviewer.dicom.values); pydicom need not complain as well.
# Set once for the process: switching it around every call would not be thread-safe.
config.settings.reading_validation_mode = config.IGNORE
warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom(\.|$)")

PIXEL_DATA = Tag("PixelData")
FLOAT_PIXEL_DATA = Tag("FloatPixelData")
DOUBLE_FLOAT_PIXEL_DATA = Tag("DoubleFloatPixelData")
UNDEFINED_LENGTH = 0xFFFFFFFF

MOST_ELEMENTS = 50_000
"""Elements a data set may have outside of sequences: real ones have hundreds, 32 MB of zeros four million."""

_PIXEL_TAGS = (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA)
# A data set without preamble has to show at least one of these.
_ANY_OF = (
    "DirectoryRecordSequence",
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "Rows",
    "ImageType",
)


@dataclass(frozen=True)
class PixelElement:
    """Where a file's pixel data lies.

    Parameters
    ----------
    tag : int
        Pixel Data, Float Pixel Data or Double Float Pixel Data.
    vr : str
        ``OB``, ``OW``, ...; empty where the file does not say (implicit VR).
    length : int
        Length of the value in bytes, or `UNDEFINED_LENGTH`.
    offset : int
        Of the value in the stream; -1 where the data set is deflated and has to be inflated first.
    inflated_offset : int
        Of the value in the inflated data set; -1 where it is not deflated.
    """

    tag: int
    vr: str
    length: int
    offset: int
    inflated_offset: int = -1


@dataclass(frozen=True, eq=False)
class ParsedFile:
    """A file's data set without the pixels."""

    elements: Elements
    syntax: UID
    pixels: PixelElement | None
    is_directory: bool
    media_class: str
    """SOP class that the meta information names; empty where it does not."""

    @property
    def is_image(self) -> bool:
        """Whether the header is that of an image, be its pixels there or not."""
        classes = (self.elements.text("SOPClassUID"), self.media_class)
        return "Rows" in self.elements or any("Image Storage" in UID(c).name for c in classes)

    @property
    def is_big_endian(self) -> bool:
        """Whether numbers stand with the most significant byte first."""
        return bool(self.syntax == ExplicitVRBigEndian)


def parse_file(
    stream: BinaryIO, where: str, tags: Sequence[str] | None, problems: list[Problem] | None = None
) -> ParsedFile:
    """Read a file's data set up to the pixels, which stay unread.

    Parameters
    ----------
    stream : binary stream
        At its start; must be able to seek.
    where : str
        The file's name for messages.
    tags : sequence of str or None
        Keywords of the elements wanted; all others are skipped. None for all.
    problems : list of Problem, optional
        Takes what is malformed.

    Raises
    ------
    ReadError
        When it is no DICOM data set, or one too broken to read.
    """
    seen: PixelElement | None = None

    elements_seen = 0

    def at_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
        nonlocal seen, elements_seen
        elements_seen += 1
        if elements_seen > MOST_ELEMENTS:
            raise ReadError("the data set holds too many elements", where, f"more than {MOST_ELEMENTS:,}")
        if tag not in _PIXEL_TAGS:
            return False
        seen = PixelElement(int(tag), vr or "", length, reader.tell())
        return True

    with foreign_code(ReadError, "the header could not be read", where):
        wanted: list[BaseTag | int] | None = None if tags is None else [tag_of(keyword) for keyword in tags]
        start = deflated_start(stream)
        inflated = None
        if start is None:
            reader = stream
            dataset = read_partial(
                stream,
                stop_when=at_pixels,
                defer_size=MOST_HEADER_BYTES,
                force=True,
                specific_tags=wanted,
            )
            implicit, little = dataset.original_encoding
        else:
            dataset = read_partial(io.BytesIO(stream.read(start)), force=True)
            inflated = InflatedStream(stream, start, where, MOST_HEADER_BYTES)
            # How long the data is shows only at its end; the bound is that of what may be inflated.
            reader = cast(BinaryIO, MemberStream(cast(IO[bytes], inflated), MOST_HEADER_BYTES + 1))
            dataset.update(read_dataset(reader, False, True, stop_when=at_pixels, specific_tags=wanted))
            implicit, little = False, True
        meta = dataset.file_meta
        syntax = UID(str(meta.get("TransferSyntaxUID", "") or "").strip(" \0"))
        media_class = str(meta.get("MediaStorageSOPClassUID", "") or "").strip(" \0")
        # Where pixels were seen, reading stopped on purpose; otherwise it must have come to the very end.
        is_cut = inflated is not None and inflated.is_cut
        ended = seen is not None or (_is_at_end(reader) and not is_cut and not _is_value_cut(dataset))
    syntax = syntax or _syntax_as_written(implicit=bool(implicit), little=bool(little))
    found = seen
    if found is not None and start is not None:
        found = PixelElement(found.tag, found.vr, found.length, -1, found.offset)
    is_directory = media_class == MediaStorageDirectoryStorage or "DirectoryRecordSequence" in dataset
    if dataset.preamble is None and found is None and not any(keyword in dataset for keyword in _ANY_OF):
        raise ReadError("not a DICOM data set", where)
    if not ended:
        raise ReadError("the data set is damaged", where, "it ends inside an element")
    elements = Elements(dataset, where, [] if problems is None else problems)
    return ParsedFile(elements, syntax, found, is_directory, media_class)


def _syntax_as_written(*, implicit: bool, little: bool) -> UID:
    """The uncompressed transfer syntax of a data set that does not name its own."""
    if not little:
        return ExplicitVRBigEndian
    return ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian


def _is_value_cut(dataset: Dataset) -> bool:
    """Whether the value of an element is shorter than the element says: so is the last one of a file that was cut."""
    return any(
        isinstance(item, RawDataElement)
        and item.value is not None
        and item.length != UNDEFINED_LENGTH
        and len(item.value) < item.length
        for item in dataset.values()
    )


def _is_at_end(stream: BinaryIO) -> bool:
    """Whether a stream stands at its very end, neither before nor behind; it is not read to its end for that."""
    at = stream.tell()
    if at == 0:
        return not stream.read(1)
    stream.seek(at - 1)
    return len(stream.read(2)) == 1


def inflated_pixels(stream: BinaryIO, element: PixelElement, where: str) -> BinaryIO:
    """The pixel data of a deflated file, as a stream of its own that starts with the first pixel.

    Raises
    ------
    ReadError
        When the file is not deflated (any more).
    """
    stream.seek(0)
    start = deflated_start(stream)
    if start is None:
        raise ReadError("the file changed while it was read", where)
    return cast(
        BinaryIO, InflatedStream(stream, start, where, MOST_PIXEL_BYTES, origin=element.inflated_offset)
    )
