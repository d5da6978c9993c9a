"""The file's own windows (DICOM PS3.3 C.11.2)."""

from __future__ import annotations

import numpy as np

from ichviewer.dicom.values import Elements
from ichviewer.domain.window import Voi, VoiFunction, VoiLut, Window


def read_vois(elements: Elements, *, signed: bool) -> tuple[Voi, ...]:
    """Every window and VOI LUT of a data set or functional group, in file order; malformed ones are reported.

    Parameters
    ----------
    elements : Elements
    signed : bool
        Whether values after the modality transformation may be negative: how "US or SS" words are read.
    """
    return (*_windows(elements), *_luts(elements, signed))


def _windows(elements: Elements) -> list[Voi]:
    centers, widths = elements.numbers("WindowCenter"), elements.numbers("WindowWidth")
    names = elements.texts("WindowCenterWidthExplanation")
    if len(centers) != len(widths):
        elements.broken("WindowWidth", f"{len(widths)} values for {len(centers)} centers")
    function = _function(elements)
    found: list[Voi] = []
    for i, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if center is None or width is None:
            continue
        try:
            found.append(Window(center, width, function, names[i] if i < len(names) else ""))
        except ValueError:
            elements.broken("WindowWidth", f"{width:g}")
    return found


def _function(elements: Elements) -> VoiFunction:
    text = elements.text("VOILUTFunction").upper()
    if not text:
        return VoiFunction.LINEAR
    try:
        return VoiFunction(text)
    except ValueError:
        elements.broken("VOILUTFunction", text)
        return VoiFunction.LINEAR


def _luts(elements: Elements, signed: bool) -> list[Voi]:
    found: list[Voi] = []
    for item in elements.items("VOILUTSequence"):
        table = read_lut(item, signed=signed)
        if table is None:
            continue
        first, bits, entries = table
        # Some writers understate the bits of the entries.
        bits = max(8, bits, int(entries.max()).bit_length())
        try:
            found.append(VoiLut(first, bits, entries, item.text("LUTExplanation")))
        except ValueError:
            item.broken("LUTDescriptor", f"{entries.size}, {first}, {bits}")
    return found


def read_lut(
    item: Elements, *, signed: bool
) -> tuple[int, int, np.ndarray[tuple[int], np.dtype[np.uint16]]] | None:
    """First value mapped, bits an entry and the entries of a LUT item (DICOM PS3.3 C.11.1.1.1, C.11.2.1.1).

    Returns
    -------
    tuple of int, int, ndarray of uint16, shape (n,); or None
        None where the table is missing or malformed, which is then reported.
    """
    descriptor, data = item.words("LUTDescriptor"), item.words("LUTData")
    if descriptor is None or descriptor.size != 3 or data is None:
        item.broken("LUTDescriptor", "missing or malformed LUT")
        return None
    # 0 stands for 65536 entries.
    count = int(descriptor[0]) or 1 << 16
    first = int(descriptor[1].astype(np.int16)) if signed else int(descriptor[1])
    bits = int(descriptor[2])
    if bits == 8 and data.size < count <= 2 * data.size:
        # 8-bit entries, two to a word, the first in the low byte.
        data = data.astype("<u2").view(np.uint8).astype(np.uint16)
    if data.size < count:
        item.broken("LUTData", f"{data.size} entries of {count}")
        return None
    return first, bits, np.ascontiguousarray(data[:count], dtype=np.uint16)
