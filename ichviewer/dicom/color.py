"""Frames in color: red, green and blue for the screen, and their luminance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.boundary import foreign_code
from ichviewer.dicom.frames import PixelFormat, check_native, decoder_options, decompressed, pixel_element
from ichviewer.dicom.parse import ParsedFile
from ichviewer.errors import DecodeError

# ITU-R BT.601, the weights behind YBR_FULL (DICOM PS3.3 C.7.6.3.1.2).
_LUMINANCE = np.array([0.299, 0.587, 0.114])
# Rows that are converted at a time: floating-point copies of a large image would take gigabytes.
_ROWS_AT_ONCE = 128


@dataclass(frozen=True, eq=False)
class ColorFrame:
    """One frame of a color image.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (rows, columns, 3)
    grey : ndarray of uint8, shape (rows, columns)
        Its luminance.
    """

    rgb: NDArray[np.uint8]
    grey: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.rgb.shape != (*self.grey.shape, 3):
            raise ValueError(
                f"colors and luminance differ in size. Received: {self.rgb.shape}, {self.grey.shape}"
            )
        self.rgb.setflags(write=False)


def read_color_frame(parsed: ParsedFile, pixels: PixelFormat, stream: BinaryIO, frame: int) -> ColorFrame:
    """Read one frame of a color image: RGB, any YBR, or a palette (DICOM PS3.3 C.7.6.3.1.2).

    Raises
    ------
    DecodeError
    """
    if pixels.encapsulated:
        array = decompressed(parsed, pixels, stream, frame, color=True)
    else:
        array = _read_native(parsed, pixels, stream, frame)
    bits = pixels.bits_stored
    if pixels.photometric == "PALETTE COLOR":
        from pydicom.pixels.processing import apply_color_lut  # noqa: PLC0415

        with foreign_code(DecodeError, "the color palette could not be applied", parsed.elements.where):
            array = apply_color_lut(array, parsed.elements.dataset)
        bits = array.dtype.itemsize * 8
    if array.ndim != 3 or array.shape[-1] < 3:
        raise DecodeError("the color format is not supported", parsed.elements.where, pixels.photometric)
    return _to_8_bits(array[..., :3], bits)


def _read_native(parsed: ParsedFile, pixels: PixelFormat, stream: BinaryIO, frame: int) -> NDArray[Any]:
    """One uncompressed frame in RGB, or of palette indices, through pydicom."""
    from pydicom.pixels.decoders.base import get_decoder  # noqa: PLC0415

    check_native(parsed, pixels)
    with foreign_code(DecodeError, "the pixel data could not be read", parsed.elements.where):
        stream.seek(max(0, pixel_element(parsed).offset))
        decoder = get_decoder(pixels.syntax)
        options = {**decoder_options(parsed, pixels), "number_of_frames": pixels.frames}
        array, _ = decoder.as_array(stream, index=frame, **options)
    return array


def _to_8_bits(colors: NDArray[Any], bits: int) -> ColorFrame:
    scale = 255.0 / (2**bits - 1)
    rgb = np.empty(colors.shape, dtype=np.uint8)
    grey = np.empty(colors.shape[:2], dtype=np.uint8)
    for top in range(0, len(colors), _ROWS_AT_ONCE):
        some = slice(top, top + _ROWS_AT_ONCE)
        scaled = colors[some] * scale
        rgb[some] = np.floor(scaled + 0.5).clip(0, 255)
        grey[some] = np.floor(scaled @ _LUMINANCE + 0.5).clip(0, 255)
    return ColorFrame(rgb, grey)
