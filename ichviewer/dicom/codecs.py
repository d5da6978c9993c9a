"""The decoders behind every transfer syntax.

pylibjpeg reads JPEG 2000, HTJ2K and RLE, Pillow JPEG Baseline with its colors, imagecodecs (as a plugin of ours) JPEG
Lossless, JPEG-LS and 12-bit JPEG Extended, and is a second opinion on the rest. GDCM is left out even where it is
installed: on some damaged frames it aborts the whole process, and nothing needs it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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
)

from ichviewer.dicom.boundary import foreign_code
from ichviewer.errors import DecodeError

_FUNCTIONS = {
    JPEGBaseline8Bit: "jpeg8_decode",
    JPEGExtended12Bit: "jpeg8_decode",
    JPEGLossless: "ljpeg_decode",
    JPEGLosslessSV1: "ljpeg_decode",
    JPEGLSLossless: "jpegls_decode",
    JPEGLSNearLossless: "jpegls_decode",
    JPEG2000Lossless: "jpeg2k_decode",
    JPEG2000: "jpeg2k_decode",
    HTJ2KLossless: "jpeg2k_decode",
    HTJ2KLosslessRPCL: "jpeg2k_decode",
    HTJ2K: "jpeg2k_decode",
}
# Fastest first, measured on 512 x 512 slices. Pillow is asked for 8-bit JPEG only, whose colors it knows.
_ORDER = ("pylibjpeg", "pydicom", "imagecodecs")
_ORDER_JPEG = ("pillow", "imagecodecs")
_PREAMBLE = "RuntimeError: Unable to decode as exceptions were raised by all available plugins: "
_LABEL = "imagecodecs"
_PLUGIN = (__name__, "decode_frame")
# What pydicom asks of a plugin's module.
DECODER_DEPENDENCIES = dict.fromkeys(_FUNCTIONS, ("imagecodecs>=2024.12.30",))

_lock = threading.Lock()


def is_available(uid: str) -> bool:
    """Whether `decode_frame` reads a transfer syntax (asked by pydicom)."""
    return uid in _FUNCTIONS


def decode_frame(source: bytes, runner: DecodeRunner) -> bytes:
    """Decode one compressed frame with imagecodecs (called by pydicom).

    Raises
    ------
    NotImplementedError
        For JPEG in color: what its components mean is for others to know.
    ValueError
        When the frame has another size than the header says.
    """
    import imagecodecs  # noqa: PLC0415 - the codecs are only loaded when one is needed

    syntax = runner.transfer_syntax
    if runner.samples_per_pixel != 1 and syntax in (JPEGBaseline8Bit, JPEGExtended12Bit):
        raise NotImplementedError("only used for grey images")
    function: Callable[[bytes], Any] = getattr(imagecodecs, _FUNCTIONS[syntax])
    array = np.asarray(function(bytes(source)))
    wanted: tuple[int, ...] = (runner.rows, runner.columns)
    if runner.samples_per_pixel > 1:
        wanted = (*wanted, runner.samples_per_pixel)
        runner.set_option("planar_configuration", 0)
    if array.shape != wanted:
        raise ValueError(f"the frame decodes to {array.shape}, the header says {wanted}")
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
        When no decoder reads it; says what each of them had against it.
    """
    decoder = decoder_for(syntax, where)
    # pydicom's decoders want the frame wrapped as it stands in a file.
    wrapped = encapsulate([codestream], has_bot=False)
    one_frame = {**options, "number_of_frames": 1}
    objections = []
    for plugin in plugins_for(decoder):
        try:
            with foreign_code(DecodeError, f"pixel data in {syntax.name} could not be decoded", where):
                array, _ = decoder.as_array(
                    wrapped, index=0, raw=not color, decoding_plugin=plugin, **one_frame
                )
        except DecodeError as error:
            objections.append(error.found.removeprefix(_PREAMBLE))
            continue
        return array
    found = "; ".join(dict.fromkeys(objections))
    raise DecodeError(f"pixel data in {syntax.name} could not be decoded", where, found)


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
    if syntax in _FUNCTIONS:
        with _lock:
            if _LABEL not in decoder.available_plugins:
                decoder.add_plugin(_LABEL, _PLUGIN)
    if not plugins_for(decoder):
        raise DecodeError("no decoder is installed for the transfer syntax", where, syntax.name)
    return decoder
