"""A picture of one slice, at the true shape of its pixels."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.series import SliceInfo
from ichviewer.domain.window import Voi, Window, render_grey
from ichviewer.services.atomic_file import write_atomically

_SQUARE_TOLERANCE = 1e-3


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
    """Width and height of a picture with square pixels that shows rows and columns of a given spacing."""
    rows, columns = shape
    if spacing is None or abs(spacing.row_mm / spacing.column_mm - 1) <= _SQUARE_TOLERANCE:
        return columns, rows
    fine = min(spacing.row_mm, spacing.column_mm)
    return max(1, round(columns * spacing.column_mm / fine)), max(1, round(rows * spacing.row_mm / fine))


def write_png(path: Path, picture: Image.Image) -> None:
    """Write a picture as PNG.

    Raises
    ------
    ExportError
        If it cannot be written; what was there before is untouched.
    """
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    write_atomically(path, buffer.getvalue())
