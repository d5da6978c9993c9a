"""From a slice's header to its pixels."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO

from ichviewer.dicom.boundary import in_words
from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.frames import PixelFormat, read_color_frame, read_grey_frame
from ichviewer.dicom.header import HEADER_TAGS, is_color, read_rescale
from ichviewer.dicom.modality import to_image
from ichviewer.dicom.parse import PIXEL_DATA, ParsedFile, parse_file, read_inflated_pixels
from ichviewer.dicom.source import open_source
from ichviewer.dicom.values import Elements
from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import DecodeError, ReadError

_TAGS = (
    *(tag for tag in HEADER_TAGS if tag != "DirectoryRecordSequence"),
    "PlanarConfiguration",
    "HighBit",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
)


def read_slice(info: SliceInfo) -> DecodedSlice:
    """Decode the pixels of one slice; of a multi-frame file, only the frame wanted.

    Grey images keep their stored integers. Color images become 8-bit luminance.

    Raises
    ------
    ReadError
        When the file cannot be opened or its header not read (any more).
    DecodeError
        When the pixel data is missing, broken or of an unsupported format.
    """
    where = str(info.source)
    problems: list[Problem] = []
    with open_source(info.source) as stream:
        if info.source.frame == 0:
            parsed = parse_file(stream, where, _TAGS, problems)
        else:
            parsed = _with_problems(_parse_again(info.source), problems)
        if parsed.pixels is None:
            raise DecodeError("the file holds no pixel data", where)
        if parsed.pixels.tag != PIXEL_DATA:
            raise DecodeError("floating-point pixel data is not supported", where)
        image = _decode(parsed, info, stream)
    # What the header had wrong is known from the listing.
    return DecodedSlice(image, tuple(p for p in problems if p not in info.problems), pixel_hash(image))


def _parse_again(source: SliceSource) -> ParsedFile:
    """The header of a multi-frame file, remembered: with functional groups it takes long to parse for every frame."""
    try:
        status = source.path.stat()
    except OSError as error:
        raise ReadError("the file could not be opened", str(source), in_words(error)) from error
    return _remembered(replace(source, frame=0), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2)
def _remembered(source: SliceSource, mtime_ns: int, size: int) -> ParsedFile:
    """Parse a file; ``mtime_ns`` and ``size`` tell whether it is still the same."""
    with open_source(source) as stream:
        return parse_file(stream, str(source), _TAGS)


def _with_problems(parsed: ParsedFile, problems: list[Problem]) -> ParsedFile:
    """The same file with a list of its own for problems: threads share what is remembered."""
    elements = parsed.elements
    return replace(parsed, elements=Elements(elements.dataset, elements.where, problems))


def _decode(parsed: ParsedFile, info: SliceInfo, stream: BinaryIO) -> SliceImage:
    root = parsed.elements
    pixel_format = PixelFormat.read(parsed)
    if parsed.pixels is not None and parsed.pixels.offset < 0:
        stream = read_inflated_pixels(stream, root.where)
    if is_color(root):
        return SliceImage(read_color_frame(parsed, pixel_format, stream, info.source.frame))
    frame = read_grey_frame(parsed, pixel_format, stream, info.source.frame)
    rescale = read_rescale(root, FrameGroups(root), info.source.frame)
    return to_image(frame, pixel_format, root, rescale)
