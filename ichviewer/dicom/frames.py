"""One frame of pixel data as it is stored (DICOM PS3.5 section 8, annex A)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import UID, AllTransferSyntaxes

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.fragments import read_codestream
from ichviewer.dicom.parse import UNDEFINED_LENGTH, ParsedFile, PixelElement
from ichviewer.domain.problems import ProblemCode
from ichviewer.errors import DecodeError

_NATIVE_BITS = (1, 8, 16, 32)
_SAMPLES = (1, 3, 4)
# No more than the largest detectors have (5,928 x 4,728 in mammography), and than screens have in color: a broken
# header must not take all memory, and decoding takes several times what the image does.
MOST_PIXELS = 1 << 25
_MOST_COLOR_BYTES = 1 << 25
# Images up to this size may be as empty as they like. Larger ones, when they are images at all, never come near the
# ratio: noise alone takes more.
_UNCHECKED_PIXELS = 1 << 22
_MOST_PIXELS_A_BYTE = 2000


@dataclass(frozen=True)
class PixelFormat:
    """How pixels are stored: the Image Pixel module (DICOM PS3.3 C.7.6.3) and the transfer syntax."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    photometric: str
    planar: int
    frames: int
    syntax: UID

    @classmethod
    def read(cls, parsed: ParsedFile) -> PixelFormat:
        """From a parsed file.

        Raises
        ------
        DecodeError
            When the bits do not add up to a format that exists.
        """
        root = parsed.elements
        rows, columns = root.integer("Rows") or 0, root.integer("Columns") or 0
        allocated = root.integer("BitsAllocated") or 16
        samples = root.integer("SamplesPerPixel") or 1
        color_bytes = 0 if samples == 1 else rows * columns * samples * allocated // 8
        if (
            not (rows > 0 and columns > 0 and rows * columns <= MOST_PIXELS)
            or color_bytes > _MOST_COLOR_BYTES
            or samples not in _SAMPLES
            or allocated not in _NATIVE_BITS
        ):
            found = f"{columns} x {rows} px, {samples} samples, {allocated} bits allocated"
            raise DecodeError("the pixel format is not supported", root.where, found)
        stored = root.integer("BitsStored") or allocated
        if not 0 < stored <= allocated:
            root.broken("BitsStored", stored)
            stored = allocated
        high = root.integer("HighBit") if "HighBit" in root else stored - 1
        if high is None or not stored - 1 <= high < allocated:
            root.broken("HighBit", high)
            high = stored - 1
        return cls(
            rows=rows,
            columns=columns,
            samples=samples,
            bits_allocated=allocated,
            bits_stored=stored,
            high_bit=high,
            signed=root.integer("PixelRepresentation") == 1,
            photometric=root.text("PhotometricInterpretation") or "MONOCHROME2",
            planar=root.integer("PlanarConfiguration") or 0,
            frames=max(1, root.integer("NumberOfFrames") or 1),
            syntax=parsed.syntax,
        )

    @property
    def dtype(self) -> np.dtype[Any]:
        """The integer type that holds a sample, in the machine's byte order."""
        return np.dtype(f"{'i' if self.signed else 'u'}{max(1, self.bits_allocated // 8)}")

    @property
    def encapsulated(self) -> bool:
        """Whether the pixels are compressed frame by frame (deflated data sets are not)."""
        return self.syntax in AllTransferSyntaxes and self.syntax.is_encapsulated


@dataclass(frozen=True, eq=False)
class GreyFrame:
    """Samples of one frame in their container, unused high bits and all.

    Parameters
    ----------
    samples : ndarray of int, shape (rows, columns)
    rows_read : int or None
        Fewer than all rows when the data was cut short.
    has_unused_bits : bool
        Whether bits above the high bit may hold anything: so in native and RLE data.
    """

    samples: NDArray[Any]
    rows_read: int | None
    has_unused_bits: bool


def read_grey_frame(parsed: ParsedFile, pixels: PixelFormat, stream: BinaryIO, frame: int) -> GreyFrame:
    """Read one frame of one sample a pixel.

    Parameters
    ----------
    stream : binary stream
        The file, or the bare pixel data where the data set was deflated.
    frame : int
        From 0.

    Raises
    ------
    DecodeError
    """
    if pixels.encapsulated:
        samples = decompressed(parsed, pixels, stream, frame, color=False)
        return GreyFrame(samples, None, "RLE" in pixels.syntax.name)
    check_native(parsed, pixels)
    return _read_native(parsed, pixels, stream, frame)


def check_native(parsed: ParsedFile, pixels: PixelFormat) -> None:
    """Refuse what cannot be read as plain samples.

    Raises
    ------
    DecodeError
    """
    where = parsed.elements.where
    # Private syntaxes too: some of them swap the bytes of the pixels, which would pass for noise.
    if pixels.syntax not in AllTransferSyntaxes:
        raise DecodeError("the transfer syntax is not known", where, str(pixels.syntax))
    if pixel_element(parsed).length == UNDEFINED_LENGTH:
        found = f"compressed pixels in the uncompressed syntax {pixels.syntax.name}"
        raise DecodeError("the transfer syntax does not fit the pixel data", where, found)


def pixel_element(parsed: ParsedFile) -> PixelElement:
    """Where the pixel data lies.

    Raises
    ------
    DecodeError
        When there is none.
    """
    if parsed.pixels is None:
        raise DecodeError("the file holds no pixel data", parsed.elements.where)
    return parsed.pixels


def _read_native(parsed: ParsedFile, pixels: PixelFormat, stream: BinaryIO, frame: int) -> GreyFrame:
    element, root = pixel_element(parsed), parsed.elements
    start = max(0, element.offset)
    count = pixels.rows * pixels.columns
    first_bit = frame * count * pixels.bits_allocated
    first, end = first_bit // 8, -(-(first_bit + count * pixels.bits_allocated) // 8)
    # Words of 8-bit samples are swapped as a whole in big endian, so reading starts at a word.
    swapped = parsed.is_big_endian and element.vr == "OW" and pixels.bits_allocated == 8
    skip = first % 2 if swapped else 0
    with foreign_code(DecodeError, "the pixel data could not be read", root.where):
        stream.seek(start + first - skip)
        data = stream.read(max(0, min(end + end % 2 if swapped else end, element.length) - (first - skip)))
    if swapped:
        whole = data[: len(data) // 2 * 2]
        data = np.frombuffer(whole, "<u2").byteswap().tobytes()[skip : skip + end - first]
    if pixels.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first_bit % 8 :]
        samples = bits[:count].astype(pixels.dtype)
    else:
        order: Literal["<", ">"] = ">" if parsed.is_big_endian else "<"
        size = pixels.dtype.itemsize
        samples = np.frombuffer(data[: len(data) // size * size], pixels.dtype.newbyteorder(order))
        samples = samples.astype(pixels.dtype)
    if samples.size >= count:
        return GreyFrame(samples[:count].reshape(pixels.rows, pixels.columns), None, True)
    rows_read = samples.size // pixels.columns
    found = f"{len(data):,} of {end - first:,} bytes, {rows_read} of {pixels.rows} rows"
    if rows_read == 0:
        raise DecodeError("the pixel data is missing", root.where, found)
    root.report(ProblemCode.TRUNCATED_PIXEL_DATA, found)
    full = np.zeros((pixels.rows, pixels.columns), dtype=pixels.dtype)
    full[:rows_read] = samples[: rows_read * pixels.columns].reshape(rows_read, pixels.columns)
    return GreyFrame(full, rows_read, True)


def decompressed(
    parsed: ParsedFile, pixels: PixelFormat, stream: BinaryIO, frame: int, *, color: bool
) -> NDArray[Any]:
    """One compressed frame, shape (rows, columns) or (rows, columns, samples).

    Raises
    ------
    DecodeError
    """
    # Codecs take a while to import, and a listing needs none.
    from ichviewer.dicom.codecs import decompress  # noqa: PLC0415

    codestream = read_codestream(parsed, pixel_element(parsed).offset, pixels.frames, stream, frame)
    count = pixels.rows * pixels.columns
    if count > _UNCHECKED_PIXELS and count > _MOST_PIXELS_A_BYTE * len(codestream):
        found = f"{len(codestream):,} bytes for {pixels.columns} x {pixels.rows} px"
        raise DecodeError("the compressed frame is too small for its image", parsed.elements.where, found)
    return decompress(
        pixels.syntax, codestream, parsed.elements.where, color=color, options=decoder_options(parsed, pixels)
    )


def decoder_options(parsed: ParsedFile, pixels: PixelFormat) -> dict[str, Any]:
    """The format as pydicom's decoders want it."""
    return {
        "rows": pixels.rows,
        "columns": pixels.columns,
        "samples_per_pixel": pixels.samples,
        "bits_allocated": pixels.bits_allocated,
        "bits_stored": pixels.bits_stored,
        "pixel_representation": int(pixels.signed),
        "photometric_interpretation": pixels.photometric,
        "planar_configuration": pixels.planar,
        "pixel_keyword": "PixelData",
        "pixel_vr": pixel_element(parsed).vr or "OW",
    }
