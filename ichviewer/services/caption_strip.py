"""Words drawn below a picture, so that no pixel of it is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from ichviewer.bundle import resources_dir

_FONT_FILE = "Roboto-Regular.ttf"
_LEAST_FONT_PX, _MOST_FONT_PX = 12, 40
_LEAST_WIDTH_PX = 320
"""Of a strip: the words of a tiny picture must be read too."""
_WIDTH_EM = 33
"""How wide a strip is, as far as its letters are neither too small nor too large."""
_PAD_EM = 0.5
_LINE_EM = 1.3
_INK, _GROUND = 225, 0
_NO_GLYPH = "\uffff"
"""A code point that is never assigned, so the font draws its mark for missing glyphs."""


@dataclass(frozen=True)
class Strip:
    """The words of one picture, broken into lines that fit.

    Parameters
    ----------
    lines : tuple of str
    font_px : int
    """

    lines: tuple[str, ...]
    font_px: int

    @property
    def height_px(self) -> int:
        """Height that the lines need, with room around them; 0 for none."""
        return round(self.font_px * (2 * _PAD_EM + _LINE_EM * len(self.lines))) if self.lines else 0


def strip_width(picture_px: int) -> int:
    """Width of a picture and its words in px."""
    return max(picture_px, _LEAST_WIDTH_PX)


def make_strip(lines: Sequence[str], width_px: int, font_px: int | None = None) -> Strip:
    r"""Break lines of printable text so that all of it fits a width.

    Letters that the bundled typeface lacks are written as ``\uXXXX``: an empty box would say nothing.

    Parameters
    ----------
    lines : sequence of str
    width_px : int
        Of the whole strip.
    font_px : int, optional
        Size of the letters; one that suits the width unless told.
    """
    if font_px is None:
        font_px = min(max(round(width_px / _WIDTH_EM), _LEAST_FONT_PX), _MOST_FONT_PX)
    room_px = width_px - 2 * _PAD_EM * font_px
    broken = [part for line in lines for part in _broken(_drawable(line, font_px), room_px, font_px)]
    return Strip(tuple(broken), font_px)


def with_strip(picture: Image.Image, strip: Strip, size_px: tuple[int, int]) -> Image.Image:
    """The picture at the top left of a black sheet, its words below.

    Parameters
    ----------
    picture : PIL.Image.Image
        8-bit grey or RGB.
    strip : Strip
    size_px : (int, int)
        Width and height of the sheet, which holds both.
    """
    if size_px[0] < picture.width or size_px[1] < picture.height + strip.height_px:
        raise ValueError(f"the sheet must hold picture and words. Received: {size_px}")
    sheet = Image.new(picture.mode, size_px, _GROUND)
    sheet.paste(picture, (0, 0))
    draw = ImageDraw.Draw(sheet)
    ink = _INK if picture.mode == "L" else (_INK, _INK, _INK)
    pad = strip.font_px * _PAD_EM
    for number, line in enumerate(strip.lines):
        top = picture.height + pad + number * strip.font_px * _LINE_EM
        draw.text((round(pad), round(top)), line, fill=ink, font=_font(strip.font_px))
    return sheet


def _broken(line: str, room_px: float, font_px: int) -> list[str]:
    """A line in parts that fit, broken at spaces, and within words where one is too long."""
    font, parts, current = _font(font_px), [], ""
    for word in line.split(" "):
        wanted = f"{current} {word}" if current else word
        if font.getlength(wanted) <= room_px:
            current = wanted
            continue
        if current:
            parts.append(current)
        current = word
        while font.getlength(current) > room_px:
            end = next(
                n for n in range(len(current) - 1, 0, -1) if n == 1 or font.getlength(current[:n]) <= room_px
            )
            parts.append(current[:end])
            current = current[end:]
    return [*parts, current] if current else parts


def _drawable(text: str, font_px: int) -> str:
    return "".join(c if c.isascii() or _has_glyph(c, font_px) else _escape(c) for c in text)


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 1 << 16 else f"\\U{ord(character):08x}"


@cache
def _font(font_px: int) -> ImageFont.FreeTypeFont:
    # The basic layout engine: the same letters in the same places on every machine.
    path = resources_dir() / "fonts" / _FONT_FILE
    return ImageFont.truetype(str(path), font_px, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has_glyph(character: str, font_px: int) -> bool:
    font = _font(font_px)
    mask, missing = font.getmask(character), font.getmask(_NO_GLYPH)
    return mask.size != missing.size or bytes(mask) != bytes(missing)
