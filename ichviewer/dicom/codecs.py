"""The decoders behind every transfer syntax.

JPEG and JPEG-LS go to libjpeg-turbo and CharLS (through imagecodecs, `ichviewer.dicom.jpeg`); JPEG 2000 and HTJ2K to
OpenJPEG (through pylibjpeg, with imagecodecs as a second opinion), RLE to pylibjpeg with a check of ours. Pixels in
color go through pydicom, which knows what their components mean. GDCM is left out even where it is installed: on some
damaged frames it aborts the whole process, and nothing needs it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import Decoder, DecodeRunner, get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from ichviewer.dicom.boundary import DamagedDataError, foreign_code
from ichviewer.dicom.jpeg import check_jpeg, decode_jpeg
from ichviewer.dicom.jpeg2000 import complete_jpeg_2000
from ichviewer.dicom.rle import decode_rle
from ichviewer.errors import DecodeError

_JPEG_LS = (JPEGLSLossless, JPEGLSNearLossless)
_JPEG = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, *_JPEG_LS)
_JPEG_2000 = (JPEG2000Lossless, JPEG2000, HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K)
# Of colors, Pillow knows most about 8-bit JPEG.
_ORDER_JPEG = ("pillow", "imagecodecs")
_ORDER = ("pylibjpeg", "pydicom", "imagecodecs")
_PREAMBLE = "RuntimeError: Unable to decode as exceptions were raised by all available plugins: "
_LABEL = "imagecodecs"
_PLUGIN = (__name__, "decode_frame")
IMAGECODECS_MODULES = ("imagecodecs._jpeg8", "imagecodecs._jpegls", "imagecodecs._jpeg2k")
"""What imagecodecs imports when a codec is first used, for the frozen program."""
# What pydicom asks of a plugin's module.
DECODER_DEPENDENCIES = dict.fromkeys((*_JPEG, *_JPEG_2000), ("imagecodecs>=2024.12.30",))

_lock = threading.Lock()


def is_available(uid: str) -> bool:
    """Whether `decode_frame` reads a transfer syntax (asked by pydicom)."""
    return uid in DECODER_DEPENDENCIES


def decode_frame(source: bytes, runner: DecodeRunner) -> bytes:
    """Decode one compressed frame with imagecodecs (called by pydicom).

    Raises
    ------
    NotImplementedError
        For JPEG in color: what its components mean is for others to know.
    DamagedDataError
        When the frame is damaged or has another size than the header says.
    """
    rows, columns, samples = runner.rows, runner.columns, runner.samples_per_pixel
    if samples != 1 and runner.transfer_syntax in (JPEGBaseline8Bit, JPEGExtended12Bit):
        raise NotImplementedError("only used for grey images")
    if runner.transfer_syntax in _JPEG:
        array, _ = decode_jpeg(source, rows, columns, samples)
    else:
        import imagecodecs  # noqa: PLC0415 - the codecs are only loaded when one is needed

        array = np.asarray(imagecodecs.jpeg2k_decode(bytes(source)))
        wanted = (rows, columns) if samples == 1 else (rows, columns, samples)
        if array.shape != wanted:
            raise DamagedDataError(f"the frame decodes to {array.shape}, the header says {wanted}")
    if samples > 1:
        runner.set_option("planar_configuration", 0)
    runner.set_option("bits_allocated", array.dtype.itemsize * 8)
    return array.astype(array.dtype.newbyteorder("<")).tobytes()


def decompress(
    syntax: UID, codestream: bytes, where: str, *, color: bool, options: Mapping[str, Any]
) -> NDArray[Any]:
    """Decode one frame.

    Parameters
    ----------
    syntax : UID
    codestream : bytes
        The compressed frame.
    where : str
        The file's name for messages.
    color : bool
        Whether colors are to be converted to RGB.
    options : mapping
        The Image Pixel module as pydicom's decoders want it.

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, samples)

    Raises
    ------
    DecodeError
        When no decoder reads it, or data is missing; says what each decoder had against it.
    """
    decoder = decoder_for(syntax, where)
    what = f"pixel data in {syntax.name} could not be decoded"
    rows, columns = options["rows"], options["columns"]
    samples = options["samples_per_pixel"]
    with foreign_code(DecodeError, what, where):
        if syntax in _JPEG and samples == 1:
            grey, precision = decode_jpeg(codestream, rows, columns, 1)
            return _grey(grey, precision if syntax in _JPEG_LS else options["bits_stored"], options)
        if syntax in _JPEG:
            check_jpeg(codestream, rows, columns, samples)
        elif syntax in _JPEG_2000:
            codestream = complete_jpeg_2000(codestream, rows, columns, samples)
        elif syntax == RLELossless:
            planes = decode_rle(codestream, rows, columns, samples, options["bits_allocated"])
            if samples == 1:
                return _with_sign(planes[0], options)
    # pydicom's decoders want the frame wrapped as it stands in a file.
    wrapped = encapsulate([codestream], has_bot=False)
    one_frame = {**options, "number_of_frames": 1}
    objections = []
    for plugin in plugins_for(decoder):
        try:
            with foreign_code(DecodeError, what, where):
                array, _ = decoder.as_array(
                    wrapped, index=0, raw=not color, decoding_plugin=plugin, **one_frame
                )
        except DecodeError as error:
            objections.append(error.found.removeprefix(_PREAMBLE))
            continue
        return array
    raise DecodeError(what, where, "; ".join(dict.fromkeys(objections)))


def _grey(array: NDArray[Any], bits: int, options: Mapping[str, Any]) -> NDArray[Any]:
    """Samples with the sign of the header, which JPEG does not know, and nothing above their ``bits``."""
    unused = array.dtype.itemsize * 8 - bits
    array = _with_sign(array, options)
    if unused <= 0 or not (options["pixel_representation"] or int(array.max()) >> bits):
        return array
    cleaned: NDArray[Any] = (array << unused) >> unused
    return cleaned


def _with_sign(array: NDArray[Any], options: Mapping[str, Any]) -> NDArray[Any]:
    return array.view(f"i{array.dtype.itemsize}") if options["pixel_representation"] else array


def plugins_for(decoder: Decoder) -> tuple[str, ...]:
    """Plugins to try, best first."""
    order = _ORDER_JPEG if decoder.UID in (JPEGBaseline8Bit, JPEGExtended12Bit) else _ORDER
    return tuple(name for name in order if name in decoder.available_plugins)


def decoder_for(syntax: UID, where: str) -> Decoder:
    """Pydicom's decoder of a transfer syntax, with our plugin.

    Raises
    ------
    DecodeError
        When nothing reads this syntax, e.g. a video.
    """
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError as error:
        raise DecodeError("the transfer syntax is not supported", where, syntax.name) from error
    if syntax in DECODER_DEPENDENCIES:
        with _lock:
            if _LABEL not in decoder.available_plugins:
                decoder.add_plugin(_LABEL, _PLUGIN)
    if not plugins_for(decoder):
        raise DecodeError("no decoder is installed for the transfer syntax", where, syntax.name)
    return decoder
