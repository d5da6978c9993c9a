"""From stored samples to an image with HU: unused bits, padding, the 12-bit repair, rescale, modality LUT."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.dicom.frames import GreyFrame, PixelFormat
from ichviewer.dicom.values import Elements
from ichviewer.dicom.voi import read_lut
from ichviewer.domain.hu import (
    REPAIRED_INTERCEPT_HU,
    PaddingRange,
    Rescale,
    SliceImage,
    needs_12_bit_repair,
    repair_12_bit,
)
from ichviewer.domain.problems import ProblemCode

# The least value that wraps around: what the repair adds takes it past 12 bits.
_FIRST_WRAPPED = 4096 - 1000
# Neither repaired values nor LUT entries are negative, so this one is free to stand for padding.
_NO_IMAGE = -1


def to_image(frame: GreyFrame, pixels: PixelFormat, root: Elements, rescale: Rescale | None) -> SliceImage:
    """Clean the samples of a frame and attach what turns them into HU; repairs are reported to ``root``.

    Parameters
    ----------
    frame : GreyFrame
    pixels : PixelFormat
    root : Elements
        The data set.
    rescale : Rescale or None
        What holds for this frame; None (missing) counts as slope 1 and intercept 0.
    """
    padding = read_padding(root, pixels)
    low_is_bright = pixels.photometric == "MONOCHROME1"
    samples = frame.samples
    stored = clean_bits(frame, pixels)
    blank = np.zeros(stored.shape, dtype=bool)
    if padding is not None:
        blank = _within(stored, padding)
        if stored is not samples and not np.array_equal(stored, samples):
            # Padding may lie outside of the stored bits; there it stands as it is.
            as_written = _within(samples, padding)
            blank |= as_written
            stored = np.where(as_written, samples, stored)
    lut = _modality_lut(root, pixels)
    if lut is not None:
        first, entries = lut
        index = np.clip(stored.astype(np.int64) - first, 0, entries.size - 1)
        stored, rescale = entries[index].astype(np.int32), Rescale()
    elif rescale is not None and _had_wrapped(root, pixels, rescale, stored, blank):
        wrapped = int(np.count_nonzero((stored >= _FIRST_WRAPPED) & ~blank))
        stored, rescale = repair_12_bit(stored), Rescale(1.0, REPAIRED_INTERCEPT_HU)
        root.report(ProblemCode.REPAIRED_12_BIT, f"{wrapped:,} of {stored.size:,} pixels")
    else:
        return SliceImage(stored, rescale or Rescale(), padding, frame.rows_read, low_is_bright)
    if padding is not None:
        stored[blank] = _NO_IMAGE
        padding = PaddingRange(_NO_IMAGE, _NO_IMAGE)
    return SliceImage(stored, rescale, padding, frame.rows_read, low_is_bright)


def clean_bits(frame: GreyFrame, pixels: PixelFormat) -> NDArray[Any]:
    """Samples without what stands outside of the stored bits, sign extended (DICOM PS3.5 section 8.1.1).

    Returns
    -------
    ndarray of int, shape (rows, columns)
        Of the container's type.
    """
    samples = frame.samples
    bits = samples.dtype.itemsize * 8
    if pixels.bits_stored >= bits:
        return samples
    if frame.has_unused_bits:
        # Left until the highest stored bit is the sign, then right again: arithmetic for signed types.
        left, right = bits - 1 - pixels.high_bit, bits - pixels.bits_stored
        return (samples << left) >> right if left >= 0 else samples
    if (
        samples.dtype.kind == "i"
        and samples.min() >= 0
        and int(samples.max()) >> (pixels.bits_stored - 1) == 1
    ):
        # A codec that knows of no sign left the sign bit where it was.
        shift = bits - pixels.bits_stored
        return (samples << shift) >> shift
    return samples


def read_padding(root: Elements, pixels: PixelFormat) -> PaddingRange | None:
    """Stored values that are no image, from Pixel Padding Value and Range Limit (DICOM PS3.3 C.7.5.1.1.2).

    Their sign is that of Pixel Representation, whatever VR they claim.
    """
    value, limit = (
        _padding_word(root, pixels, "PixelPaddingValue"),
        _padding_word(root, pixels, "PixelPaddingRangeLimit"),
    )
    return None if value is None else PaddingRange.between(value, limit)


def _padding_word(root: Elements, pixels: PixelFormat, keyword: str) -> int | None:
    words = root.words(keyword)
    if words is None:
        return None
    word = words[:1].astype(np.uint16)
    if pixels.bits_allocated == 8:
        low = word.astype(np.uint8)
        return int(low.view(np.int8)[0]) if pixels.signed else int(low[0])
    return int(word.view(np.int16)[0]) if pixels.signed else int(word[0])


def _within(values: NDArray[Any], padding: PaddingRange) -> NDArray[np.bool_]:
    return (values >= padding.low) & (values <= padding.high)


def _modality_lut(root: Elements, pixels: PixelFormat) -> tuple[int, NDArray[np.uint16]] | None:
    """First value mapped and entries of the Modality LUT (DICOM PS3.3 C.11.1); None where there is none."""
    items = root.items("ModalityLUTSequence")
    table = read_lut(items[0], signed=pixels.signed) if items else None
    return None if table is None else (table[0], table[2])


def _had_wrapped(
    root: Elements, pixels: PixelFormat, rescale: Rescale, stored: NDArray[Any], blank: NDArray[np.bool_]
) -> bool:
    """Whether this is a CT scan with the 12-bit defect, and some value really wrapped around.

    Where none did, the repair would change no HU, and nothing needs to be said.
    """
    return (
        root.text("Modality").upper() == "CT"
        and "LOCALIZER" not in root.texts("ImageType")
        and rescale.slope == 1
        and needs_12_bit_repair(pixels.bits_stored, int(pixels.signed), rescale)
        and bool(np.any((stored >= _FIRST_WRAPPED) & ~blank))
    )
