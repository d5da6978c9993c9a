"""From a slice's header to its pixels."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.boundary import in_words
from ichviewer.dicom.color import read_color_frame
from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.frames import PixelFormat, read_grey_frame
from ichviewer.dicom.header import HEADER_TAGS, header_mark, is_color, read_rescale
from ichviewer.dicom.modality import to_image
from ichviewer.dicom.parse import PIXEL_DATA, ParsedFile, inflated_pixels, parse_file
from ichviewer.dicom.source import open_source
from ichviewer.dicom.values import Elements
from ichviewer.domain.decoded import DecodedSlice, pixel_hash
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.errors import DecodeError, FileChangedError, ReadError

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

    Grey images keep their stored integers. Color images become 8-bit luminance, with their colors beside it.

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
        _check_unchanged(parsed, info)
        if parsed.pixels is None:
            raise DecodeError("the file holds no pixel data", where)
        if parsed.pixels.tag != PIXEL_DATA:
            raise DecodeError("floating-point pixel data is not supported", where)
        image, rgb = _decode(parsed, info, stream)
    # What the header had wrong is known from the listing.
    own = tuple(p for p in problems if p not in info.problems)
    return DecodedSlice(image, own, pixel_hash(image), rgb)


def _check_unchanged(parsed: ParsedFile, info: SliceInfo) -> None:
    """Refuse a file that is not the one that was listed: its pixels would be shown under another's name."""
    root = parsed.elements
    listed = (info.sop_uid, info.rows, info.columns)
    found = (root.text("SOPInstanceUID"), root.integer("Rows"), root.integer("Columns"))
    if found != listed:
        what = f"SOPInstanceUID {found[0] or 'missing'}, {found[2]} x {found[1]} px"
    elif info.header_mark not in ("", header_mark(root)):
        what = "another patient, study, series or place"
    else:
        return
    raise FileChangedError("the file is not the one that was listed; open it again", root.where, what)


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


def _decode(
    parsed: ParsedFile, info: SliceInfo, stream: BinaryIO
) -> tuple[SliceImage, NDArray[np.uint8] | None]:
    root = parsed.elements
    pixel_format = PixelFormat.read(parsed)
    if parsed.pixels is not None and parsed.pixels.offset < 0:
        stream = inflated_pixels(stream, parsed.pixels, root.where)
    if is_color(root):
        color = read_color_frame(parsed, pixel_format, stream, info.source.frame)
        return SliceImage(color.grey), color.rgb
    frame = read_grey_frame(parsed, pixel_format, stream, info.source.frame)
    rescale = read_rescale(root, FrameGroups(root), info.source.frame)
    image = to_image(frame, pixel_format, root, rescale)
    # Localizers are radiographs and not in HU.
    if root.text("Modality").upper() == "CT" and "LOCALIZER" not in root.texts("ImageType"):
        found = image.implausible_hu()
        if found:
            root.report(ProblemCode.IMPLAUSIBLE_VALUE, found)
    return image, None
