"""The typeface of the window, and the size of all words.

It comes with the program, so that a machine without fonts (a bare server that only draws screenshots) shows words
and not boxes, and so that a screenshot looks the same everywhere. Letters it lacks come from the system's fonts.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from ichviewer.bundle import resources_dir
from ichviewer.errors import SettingsError

FAMILY = "Roboto"
BASE_PX = 13


class TextSize:
    """How large all words of the window are, in per cent of what they are drawn for."""

    def __init__(self) -> None:
        self._percent = 100

    @property
    def percent(self) -> int:
        """100 at first."""
        return self._percent

    def set_percent(self, percent: int) -> None:
        """Change the size; what is on screen follows when `ichviewer.ui.look.theme.Look` tells it."""
        if not 50 <= percent <= 200:
            raise ValueError(f"text is 50 to 200 per cent of its size. Received: {percent}")
        self._percent = percent

    def px(self, pixels: float) -> int:
        """A length that goes with the words, such as the height of a line, in whole px, at least 1."""
        return max(1, round(pixels * self._percent / 100))


@cache
def text_size() -> TextSize:
    """The one size of the window's words."""
    return TextSize()


def install_fonts(app: QApplication) -> None:
    """Load the bundled typeface and make it the application's.

    Raises
    ------
    SettingsError
        A font file is missing or damaged.
    """
    for path in sorted((resources_dir() / "fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise SettingsError("the font could not be loaded; please install ichviewer again", str(path))
    app.setFont(font())


def font(pixels: int = BASE_PX, *, bold: bool = False) -> QFont:
    """The typeface, for what draws its own words; ``pixels`` are device-independent ones at a text size of 100 %."""
    result = QFont(FAMILY)
    result.setPixelSize(text_size().px(pixels))
    if bold:
        result.setWeight(QFont.Weight.DemiBold)
    return result


def scaled_font(base: QFont, factor: float, *, bold: bool = False) -> QFont:
    """The font in another size, whether its size was given in px or in points."""
    font = QFont(base)
    if font.pixelSize() > 0:
        font.setPixelSize(max(1, round(font.pixelSize() * factor)))
    else:
        font.setPointSizeF(font.pointSizeF() * factor)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def italic(base: QFont) -> QFont:
    """The font in italics."""
    font = QFont(base)
    font.setItalic(True)
    return font
