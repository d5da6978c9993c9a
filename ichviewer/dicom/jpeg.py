"""Decodes JPEG and JPEG-LS frames, and makes sure that all of the image was in the data.

A JPEG decoder that runs out of data makes the rest up and reports success. Whether it did is found out by decoding
once more with other data behind each entropy-coded segment: a complete segment ends before, so the image stays the
same; of a cut one, what is made up differs. JPEG-LS needs none of this: CharLS fails where data is missing.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.boundary import DamagedDataError
from ichviewer.dicom.jpeg_lossless import ends_together, is_applicable
from ichviewer.dicom.jpeg_stream import JpegStream, read_jpeg_stream

_END_MARKER = b"\xff\xd9"
# Behind the end marker: zeros, or fill bytes.
_PADDING = b"\0\xff"
# A decoder that runs out of data reads zero bits and leaves the rest empty. This starts with a one, so that the
# first symbol that is not complete already decodes to something else, and goes on at random, so that no run of
# symbols for "no change" comes out of it. It holds no 0xFF, with which a marker would start.
_OTHER_DATA = b"\xa6" + hashlib.sha512(b"other data").digest().replace(b"\xff", b"\xfe")


def decode_jpeg(codestream: bytes, rows: int, columns: int, samples: int) -> tuple[NDArray[Any], int]:
    """Decode one JPEG or JPEG-LS frame completely.

    Parameters
    ----------
    codestream : bytes
        The frame, with or without end marker and padding.
    rows, columns, samples : int
        As the header says; checked against the codestream before anything is allocated.

    Returns
    -------
    ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, samples)
    int
        Bits of a sample, as the codestream says.

    Raises
    ------
    DamagedDataError
        When the frame is damaged, cut short, or of another size than the header says.
    """
    stream = _read(codestream, rows, columns, samples)
    array = _decode_jpeg_ls(codestream) if stream.is_jpeg_ls else _decode_t81(codestream, stream)
    wanted = (rows, columns) if samples == 1 else (rows, columns, samples)
    if array.shape != wanted:
        raise DamagedDataError(f"the frame decodes to {array.shape}, the header says {wanted}")
    return array, stream.precision


def check_jpeg(codestream: bytes, rows: int, columns: int, samples: int) -> None:
    """See to it that a frame that something else is going to decode is complete; see `decode_jpeg`.

    Raises
    ------
    DamagedDataError
    """
    stream = _read(codestream, rows, columns, samples)
    if not stream.is_jpeg_ls:
        _decode_t81(codestream, stream)


def _read(codestream: bytes, rows: int, columns: int, samples: int) -> JpegStream:
    """The headers, when they agree with those of the file."""
    stream = read_jpeg_stream(codestream)
    if (stream.rows, stream.columns, len(stream.components)) != (rows, columns, samples):
        raise DamagedDataError(
            f"the frame holds {stream.columns} x {stream.rows} px of {len(stream.components)} samples, "
            f"the header says {columns} x {rows} px of {samples}"
        )
    return stream


def _decode_jpeg_ls(codestream: bytes) -> NDArray[Any]:
    """Decode JPEG-LS; CharLS fails unless the data ends where the image does."""
    import imagecodecs  # noqa: PLC0415 - the codecs are only loaded when one is needed

    content = codestream.rstrip(_PADDING)
    if content.endswith(_END_MARKER):
        return np.asarray(imagecodecs.jpegls_decode(content))
    # Some writers leave out the end marker, which CharLS wants. A zero there is taken for one that makes the length
    # even, never for data that was lost.
    return np.asarray(imagecodecs.jpegls_decode(codestream.removesuffix(b"\0") + _END_MARKER))


def _decode_t81(codestream: bytes, stream: JpegStream) -> NDArray[Any]:
    """Decode JPEG and see to it that the data reached the end of the image."""
    import imagecodecs  # noqa: PLC0415 - the codecs are only loaded when one is needed

    missing = stream.missing_part()
    if missing:
        raise DamagedDataError(f"the JPEG image is incomplete: {missing}")
    array = np.asarray(imagecodecs.jpeg8_decode(codestream))
    if is_applicable(stream) and ends_together(codestream, stream, array):
        return array
    other = np.asarray(imagecodecs.jpeg8_decode(_with_other_data(codestream, stream)))
    if not np.array_equal(array, other):
        raise DamagedDataError("the JPEG data ends before the image is complete")
    if is_applicable(stream):
        raise DamagedDataError("the JPEG data goes on after the image is complete")
    return array


def _with_other_data(codestream: bytes, stream: JpegStream) -> bytes:
    """The codestream with `_OTHER_DATA` behind each of its entropy-coded segments."""
    parts, at = [], 0
    for scan in stream.scans:
        for start, end in scan.segments:
            # Half of a stuffed 0xFF, where a segment was cut; zeros where no marker follows: padding, not data.
            made_up = b"\xff" if end < len(codestream) else b"\0\xff"
            parts += [codestream[at:start], codestream[start:end].rstrip(made_up), _OTHER_DATA]
            at = end
    return b"".join([*parts, codestream[at:], _END_MARKER])
