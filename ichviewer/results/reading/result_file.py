"""A result's file, opened within bounds, and the pixels of its frames."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import RawDataElement
from pydicom.uid import UID, AllTransferSyntaxes, RLELossless

from ichviewer.dicom.boundary import foreign_code, in_words
from ichviewer.dicom.compare import ReadSlice
from ichviewer.dicom.enhanced import FrameGroups
from ichviewer.dicom.frame_geometry import read_geometry
from ichviewer.dicom.frames import MOST_PIXELS, PixelFormat, read_grey_frame
from ichviewer.dicom.header import frame_count, who_and_when
from ichviewer.dicom.parse import (
    DOUBLE_FLOAT_PIXEL_DATA,
    FLOAT_PIXEL_DATA,
    PIXEL_DATA,
    ParsedFile,
    inflated_pixels,
    parse_file,
)
from ichviewer.dicom.source import HeaderStream, open_source
from ichviewer.dicom.stored import parsed_kind
from ichviewer.dicom.values import Elements, tag_of
from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import PatientInfo, Series, SliceInfo, SliceSource, StudyInfo
from ichviewer.domain.stored_object import StoredKind
from ichviewer.errors import DecodeError, FileChangedError, ReadError
from ichviewer.services.stored_results import is_same_patient

_FLOATS: dict[int, str] = {FLOAT_PIXEL_DATA: "f4", DOUBLE_FLOAT_PIXEL_DATA: "f8"}
_MOST_FLOATS = 1 << 17


@dataclass(frozen=True, eq=False)
class ResultFile:
    """The header of a result.

    Parameters
    ----------
    source : SliceSource
    parsed : ParsedFile
        All its elements but the pixels.
    size : int
        Of the file in bytes.
    stamp : tuple of int
        Size and time of the last change of the file or its archive, by which it is known again.
    patient, study : PatientInfo, StudyInfo
    """

    source: SliceSource
    parsed: ParsedFile
    size: int
    stamp: tuple[int, int]
    patient: PatientInfo
    study: StudyInfo

    @property
    def root(self) -> Elements:
        """Its elements."""
        return self.parsed.elements

    @property
    def where(self) -> str:
        """The file, for messages."""
        return str(self.source)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was malformed so far."""
        return tuple(self.root.problems)

    @property
    def maker(self) -> str:
        """Who made it: manufacturer and model name, as the file says."""
        return " ".join(
            filter(None, (self.root.text("Manufacturer"), self.root.text("ManufacturerModelName")))
        )

    def check_patient(self, series: Series) -> None:
        """Refuse a result of another patient.

        Raises
        ------
        ReadError
        """
        if not is_same_patient(self.patient, series.patient):
            raise ReadError("this result is of another patient and is not shown here", self.where)


def open_result(source: SliceSource, kinds: Collection[StoredKind], wanted: str) -> ResultFile:
    """Read all elements of a file but its pixels.

    Parameters
    ----------
    source : SliceSource
        The file; its frame does not count.
    kinds : collection of StoredKind
        What it may be.
    wanted : str
        What it has to be, in words.

    Raises
    ------
    ReadError
        When it cannot be read, is too large or too deeply nested, or of another kind.
    """
    where = str(source)
    stamp = _stamp(source)
    with open_source(source) as stream:
        with foreign_code(ReadError, "the file could not be read", where):
            size = stream.seek(0, 2)
            stream.seek(0)
        # None: all elements.
        parsed = parse_file(cast(BinaryIO, HeaderStream(stream, where)), where, None)
    kind = parsed_kind(parsed)
    if kind not in kinds:
        named = UID(parsed.elements.text("SOPClassUID") or parsed.media_class)
        found = (
            kind.text
            if kind is not None
            else (named.name or parsed.elements.text("Modality") or "no SOP class")
        )
        raise ReadError(f"this is no {wanted}", where, found)
    patient, _, study = who_and_when(parsed.elements)
    return ResultFile(source, parsed, size, stamp, patient, study)


def _stamp(source: SliceSource) -> tuple[int, int]:
    try:
        status = source.path.stat()
    except (OSError, ValueError) as error:
        raise ReadError("the file could not be opened", str(source), in_words(error)) from error
    return status.st_size, status.st_mtime_ns


def frame_infos(file: ResultFile) -> tuple[SliceInfo, ...]:
    """Every frame of a result with where it lies; windows and rescale, which results have none of, are not read.

    Raises
    ------
    ReadError
        When rows or columns are missing, or there are too many frames.
    """
    root = file.root
    rows, columns = root.integer("Rows") or 0, root.integer("Columns") or 0
    if rows < 1 or columns < 1:
        raise ReadError("the frames have no size", file.where, f"{columns} x {rows} px")
    count = frame_count(file.parsed, rows, columns, file.size)
    groups = FrameGroups(root)
    common = root.text("SOPInstanceUID"), root.text("FrameOfReferenceUID")
    geometry: tuple[Plane | None, PixelSpacing | None, float | None] = (None, None, None)
    infos = []
    for frame in range(count):
        # Frames without groups of their own are all alike.
        if frame <= groups.count:
            geometry = read_geometry(root, groups, frame, (rows, columns), count, is_section=False)
        plane, spacing, thickness = geometry
        infos.append(
            SliceInfo(
                replace(file.source, frame=frame),
                common[0],
                rows,
                columns,
                plane=plane,
                spacing=spacing,
                thickness_mm=thickness,
                frame_of_reference_uid=common[1],
            )
        )
    return tuple(infos)


class FramePixels:
    """Reads the pixels of a result frame by frame; nothing is kept.

    Parameters
    ----------
    file : ResultFile
    frames : sequence of SliceInfo
        One for each frame, as `frame_infos` makes them.
    read_slice : callable, optional
        Decodes compressed frames, in a process that may die (`ichviewer.services.decoder.Decoder.read_slice`).
        Without it only uncompressed and RLE frames are read: those need no native decoder.
    """

    def __init__(
        self, file: ResultFile, frames: tuple[SliceInfo, ...], read_slice: ReadSlice | None = None
    ) -> None:
        self._file = file
        self._frames = frames
        self._read_slice = read_slice

    def stored(self, frame: int) -> NDArray[Any]:
        """Stored integers of one frame, shape (rows, columns).

        Raises
        ------
        ReadError, DecodeError
            Of a frame that is cut short too: what is missing would look like nothing marked.
        """
        parsed, where = self._file.parsed, self._file.where
        if parsed.pixels is None:
            raise DecodeError("the file holds no pixel data", where)
        if parsed.pixels.tag != PIXEL_DATA:
            raise DecodeError("whole numbers were expected, the pixels are fractions", where)
        pixels = PixelFormat.read(parsed)
        if pixels.encapsulated and pixels.syntax != RLELossless:
            if self._read_slice is None:
                raise DecodeError("compressed frames are not read here", where, pixels.syntax.name)
            image = self._read_slice(self._frames[frame]).image
            samples, rows_read = image.stored, image.rows_read
        else:
            with open_source(self._file.source) as stream:
                self._check_unchanged()
                found = read_grey_frame(parsed, pixels, self._uncovered(stream), frame)
            samples, rows_read = found.samples, found.rows_read
        if rows_read is not None:
            raise DecodeError("the frame is cut short", where, f"{rows_read} of {pixels.rows} rows")
        return samples

    def fractions(self, frame: int) -> NDArray[np.float64]:
        """Floating-point values of one frame, shape (rows, columns); stored integers as they are.

        Raises
        ------
        ReadError, DecodeError
        """
        parsed, where = self._file.parsed, self._file.where
        dtype = None if parsed.pixels is None else _FLOATS.get(parsed.pixels.tag)
        if parsed.pixels is None or dtype is None:
            return self.stored(frame).astype(np.float64)
        info = self._frames[frame]
        is_plain = parsed.syntax in AllTransferSyntaxes and not parsed.syntax.is_encapsulated
        if not is_plain or info.rows * info.columns > MOST_PIXELS:
            found = f"{parsed.syntax.name}, {info.columns} x {info.rows} px"
            raise DecodeError("such floating-point pixels are not read", where, found)
        wanted = info.rows * info.columns * int(dtype[1])
        with open_source(self._file.source) as stream:
            self._check_unchanged()
            readable = self._uncovered(stream)
            with foreign_code(DecodeError, "the pixel data could not be read", where):
                readable.seek(max(0, parsed.pixels.offset) + frame * wanted)
                data = readable.read(wanted)
        if len(data) != wanted:
            raise DecodeError("the frame is cut short", where, f"{len(data):,} of {wanted:,} bytes")
        order = ">" if parsed.is_big_endian else "<"
        return np.frombuffer(data, order + dtype).reshape(info.rows, info.columns).astype(np.float64)

    def _uncovered(self, stream: BinaryIO) -> BinaryIO:
        """The stream that pixels are read from; a deflated data set is inflated."""
        element = self._file.parsed.pixels
        if element is not None and element.offset < 0:
            return inflated_pixels(stream, element, self._file.where)
        return stream

    def _check_unchanged(self) -> None:
        if _stamp(self._file.source) != self._file.stamp:
            raise FileChangedError("the file is not the one that was opened; open it again", self._file.where)


def floats(elements: Elements, keyword: str) -> tuple[float, ...]:
    """All values of an FL or FD element, as long as drawings have them (`Elements.numbers` stops at 16 KB).

    Where they are longer than an explicit length can tell, FL stands as UN (PS3.5 section 6.2.2).

    Empty where missing; values that are no finite numbers make all of them malformed, which is reported.
    """
    item = elements.dataset.get_item(tag_of(keyword), keep_deferred=True)
    if isinstance(item, RawDataElement) and item.VR in (None, "FL", "FD", "OF", "OD", "UN"):
        data = item.value or b""
        size = 8 if item.VR in ("FD", "OD") else 4
        if (item.value is None and item.length) or len(data) > size * _MOST_FLOATS:
            elements.broken(keyword, f"{item.length:,} bytes")
            return ()
        order = "<" if item.is_little_endian else ">"
        values = np.frombuffer(data[: len(data) // size * size], f"{order}f{size}").astype(np.float64)
        if not np.isfinite(values).all():
            elements.broken(keyword, "no finite numbers")
            return ()
        return tuple(values.tolist())
    return tuple(v for v in elements.numbers(keyword) if v is not None)
