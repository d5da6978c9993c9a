"""Contact sheets: many slices in one picture, each with words under it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_PAPER, _INK, _QUIET = (250, 250, 248), (25, 25, 25), (110, 110, 110)
_MARGIN_PX, _LINE_PX, _FONT_PX = 8, 14, 11
OUTLINE: tuple[int, int, int] = (255, 150, 40)
"""Color of outlines around what a mask marks."""


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture and the words under it.

    Parameters
    ----------
    picture : ndarray of uint8, shape (h, w) or (h, w, 3)
    caption : tuple of str
        A line each; the first one stands out.
    mask : ndarray of bool, shape (h, w), optional
        Drawn as an outline.
    """

    picture: NDArray[np.uint8]
    caption: tuple[str, ...] = ()
    mask: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        if self.picture.ndim not in (2, 3) or self.picture.dtype != np.uint8:
            raise ValueError(
                f"a tile is an 8-bit picture. Received: {self.picture.dtype}, shape {self.picture.shape}"
            )
        if self.mask is not None and self.mask.shape != self.picture.shape[:2]:
            raise ValueError(f"a mask must fit its picture. Received: {self.mask.shape}")

    def colored(self) -> NDArray[np.uint8]:
        """The picture in color, with the outline; shape (h, w, 3)."""
        picture = self.picture if self.picture.ndim == 3 else np.repeat(self.picture[..., None], 3, axis=2)
        if self.mask is not None:
            picture = picture.copy()
            picture[outline(self.mask)] = OUTLINE
        return picture


def outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels just outside a mask, so that what it marks can still be seen."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown & ~mask


def contact_sheet(tiles: Sequence[Tile], columns: int, title: str = "") -> Image.Image:
    """Tiles in rows, left to right and top to bottom, all in the frame of the largest.

    Parameters
    ----------
    tiles : sequence of Tile
        At least one.
    columns : int
    title : str
        A line above all of them.
    """
    if not tiles or columns < 1:
        raise ValueError(f"a sheet needs tiles and columns. Received: {len(tiles)} tiles, {columns} columns")
    height = max(t.picture.shape[0] for t in tiles)
    width = max(t.picture.shape[1] for t in tiles)
    lines = max(len(t.caption) for t in tiles)
    cell = (width + _MARGIN_PX, height + lines * _LINE_PX + _MARGIN_PX)
    top = _MARGIN_PX + (2 * _LINE_PX if title else 0)
    rows = -(-len(tiles) // columns)
    size = (_MARGIN_PX + min(columns, len(tiles)) * cell[0], top + rows * cell[1])
    sheet = Image.new("RGB", size, _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(_FONT_PX)
    if title:
        draw.text((_MARGIN_PX, _MARGIN_PX), title, _INK, ImageFont.load_default(_FONT_PX + 2))
    for i, tile in enumerate(tiles):
        x, y = _MARGIN_PX + i % columns * cell[0], top + i // columns * cell[1]
        sheet.paste(Image.fromarray(tile.colored()), (x, y))
        for n, line in enumerate(tile.caption):
            fitting = _fitting(line, width, font)
            draw.text((x, y + height + 1 + n * _LINE_PX), fitting, _QUIET if n else _INK, font)
    return sheet


def png(picture: Image.Image) -> bytes:
    """A picture as PNG."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitting(text: str, width_px: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """As much of a text as fits."""
    if font.getlength(text) <= width_px:
        return text
    while text and font.getlength(text + "...") > width_px:
        text = text[:-1]
    return text + "..."
