"""A picture of one slice, at the true shape of its pixels."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.series import SliceInfo
from ichviewer.domain.window import Voi, Window, render_grey
from ichviewer.services.outputs import Inputs, write_outputs

_SQUARE_TOLERANCE = 1e-3

LARGEST_STRETCHED = 1 << 26
"""Most pixels of a stretched picture: 64 MB of grey values, 16 times those of a slice of 2048 x 2048."""
LONGEST_STRETCHED = 32_768
"""Longest side of a stretched picture in px, which common programs still open."""
_STEEPEST = 1e6
"""Ratios of spacings beyond it change no picture any more, and may be too large for a number."""


def file_voi(info: SliceInfo, image: SliceImage) -> Voi:
    """The slice's own first window; where it has none, one over the whole range of its values."""
    if info.vois:
        return info.vois[0]
    low, high = image.hu_range() or (0.0, 1.0)
    return Window((low + high) / 2, max(high - low, 1.0), name="full range")


def render_slice(info: SliceInfo, image: SliceImage, voi: Voi | None) -> Image.Image:
    """Grey picture of a slice through a window.

    Pixels that are not square are stretched along the coarser direction, so that a circle in the patient is a circle
    in the picture.

    Parameters
    ----------
    info : SliceInfo
    image : SliceImage
    voi : Window, VoiLut or None
        None for the slice's own window.

    Returns
    -------
    PIL.Image.Image
        8-bit grey.
    """
    grey = render_grey(image, file_voi(info, image) if voi is None else voi)
    picture = Image.fromarray(np.ascontiguousarray(grey))
    size = square_size(image.shape, info.spacing)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BICUBIC)


def square_size(shape: tuple[int, int], spacing: PixelSpacing | None) -> tuple[int, int]:
    """Width and height of a picture with square pixels that shows rows and columns of a given spacing.

    Where stretching would give more than `LARGEST_STRETCHED` pixels or a side over `LONGEST_STRETCHED`, both sides
    are made smaller by the same factor.
    """
    rows, columns = shape
    if spacing is None or abs(spacing.row_mm / spacing.column_mm - 1) <= _SQUARE_TOLERANCE:
        return columns, rows
    fine = min(spacing.row_mm, spacing.column_mm)
    width, height = (
        pixels * min(mm / fine, _STEEPEST)
        for pixels, mm in ((columns, spacing.column_mm), (rows, spacing.row_mm))
    )
    factor = min(
        1.0,
        LONGEST_STRETCHED / max(width, height),
        math.sqrt(LARGEST_STRETCHED / width / height),
    )
    return max(1, round(width * factor)), max(1, round(height * factor))


def write_png(path: Path, picture: Image.Image, inputs: Inputs) -> None:
    """Write a picture as PNG, onto nothing that was read.

    Raises
    ------
    ExportError
        If it cannot be written; what was there before is untouched.
    """
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    write_outputs([(path, buffer.getvalue())], inputs)
