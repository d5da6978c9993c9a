"""The typeface of the window.

It comes with the program, so that a machine without fonts (a bare server that only draws screenshots) shows words
and not boxes, and so that a screenshot looks the same everywhere. Letters it lacks come from the system's fonts.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from ichviewer.bundle import resources_dir
from ichviewer.errors import SettingsError

FAMILY = "Roboto"
BASE_PX = 13


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
    font = QFont(FAMILY)
    font.setPixelSize(BASE_PX)
    app.setFont(font)


def font(pixels: int = BASE_PX, *, bold: bool = False) -> QFont:
    """The typeface at a size in device-independent pixels, for what draws its own words."""
    result = QFont(FAMILY)
    result.setPixelSize(pixels)
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
