"""How slices are drawn on paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.window import Voi, Window, render_grey
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import voi_numbers


def slice_pixels(decoded: DecodedSlice, voi: Voi) -> NDArray[np.uint8]:
    """Grey levels of a slice through a window, or its own colors."""
    pixels = decoded.rgb if decoded.rgb is not None else render_grey(decoded.image, voi)
    return np.ascontiguousarray(pixels)


def window_words(voi: Voi) -> str:
    """What slices were drawn through."""
    name = one_line(words_of(voi.name))
    if isinstance(voi, Window):
        return tr("{value} {voi_numbers} HU (center/width)").format(
            value=name or tr("Window"), voi_numbers=voi_numbers(voi)
        )
    return tr("Lookup table of the file")
