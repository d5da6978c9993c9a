"""Words broken into lines, in points of 1/72 inch: the same on paper, in a PDF and in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from ichviewer.ui.look.fonts import font
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.theme import LIGHT
from ichviewer.ui.report.content import Tone


class Style(Enum):
    """How words look: size in points, whether bold, and their color."""

    TITLE = (15, True, LIGHT.text)
    HEADING = (9, True, LIGHT.accent)
    BODY = (8, False, LIGHT.text)
    STRONG = (8, True, LIGHT.text)
    MUTED = (8, False, LIGHT.muted)
    WARNING = (8, True, LIGHT.warning)
    SMALL = (7, False, LIGHT.muted)
    SMALL_STRONG = (7, True, LIGHT.text)

    @property
    def color(self) -> str:
        """``#rrggbb``, of the theme for bright rooms: paper is white."""
        return str(self.value[2])

    @property
    def font(self) -> QFont:
        """The typeface, in device-independent pixels that count as points."""
        return _font(*self.value[:2])

    @property
    def line_pt(self) -> float:
        """Distance of two lines in points."""
        return QFontMetricsF(self.font).height() * 1.08

    @property
    def ascent_pt(self) -> float:
        """From the upper end of a line to its base line, in points."""
        return QFontMetricsF(self.font).ascent()


TONES = {
    Tone.NORMAL: Style.BODY,
    Tone.STRONG: Style.STRONG,
    Tone.MUTED: Style.MUTED,
    Tone.WARNING: Style.WARNING,
}


def _font(size_pt: int, bold: bool) -> QFont:
    result = font(bold=bold)
    # Paper does not grow with the words on screen.
    result.setPixelSize(size_pt)
    # Letters must be as wide in every resolution, or lines would break elsewhere in the PDF than in the layout.
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


def width_pt(text: str, style: Style) -> float:
    """Width of words on one line, in points."""
    return QFontMetricsF(style.font).horizontalAdvance(one_line(text))


def broken(text: str, style: Style, room_pt: float) -> tuple[str, ...]:
    """The words in lines that fit a width; a word that is too long is broken within, and nothing is left out.

    Parameters
    ----------
    text : str
    style : Style
    room_pt : float
        Width in points.
    """
    plain = one_line(text)
    layout = QTextLayout(plain, style.font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    # QTextLayout counts UTF-16 units.
    units = plain.encode("utf-16-le", errors="surrogatepass")
    lines = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(room_pt, 1.0))
        start, length = line.textStart(), line.textLength()
        part = units[2 * start : 2 * (start + length)]
        lines.append(part.decode("utf-16-le", errors="surrogatepass").rstrip(" "))
    layout.endLayout()
    return tuple(lines) or ("",)


def column_widths(natural_pt: Sequence[float], room_pt: float, gap_pt: float) -> tuple[float, ...]:
    """Widths of columns: as their words need where that fits; else the wide ones share what the narrow ones leave.

    Parameters
    ----------
    natural_pt : sequence of float
        What each would like, in points.
    room_pt, gap_pt : float
        Width of all, and between two of them, in points.
    """
    left, widths = room_pt - gap_pt * (len(natural_pt) - 1), dict.fromkeys(range(len(natural_pt)), 0.0)
    open_columns = sorted(widths, key=lambda column: natural_pt[column])
    while open_columns:
        column = open_columns.pop(0)
        share = left / (len(open_columns) + 1)
        widths[column] = max(1.0, min(natural_pt[column], share))
        left -= widths[column]
    return tuple(widths.values())
