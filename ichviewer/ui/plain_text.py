"""Text from files is shown letter by letter: never as markup, as a menu's key, or in a direction that it sets itself.

Qt guesses whether a label or a tooltip is HTML, takes ``&`` in a menu for the mark of a key, and obeys the characters
that override the direction of writing. Everything in the window that shows words therefore goes through here.
"""

from __future__ import annotations

import textwrap

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

_TIP_COLUMNS = 110
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Embeddings, overrides and isolates (Unicode Standard Annex 9, section 2): they can turn what follows around."""

_SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"), " ")
_CONTROLS = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], _REPLACEMENT),
    **dict.fromkeys(map(ord, _DIRECTION), _REPLACEMENT),
}
_ONE_LINE = {**_CONTROLS, **_SPACES}
_LINES = {code: to for code, to in _ONE_LINE.items() if code != ord("\n")}


def one_line(text: str) -> str:
    """The text on one line: line breaks are spaces, other control characters are shown as U+FFFD."""
    return text.translate(_ONE_LINE)


def lines(text: str) -> str:
    """The text with its line feeds, other control characters as in `one_line`."""
    return text.translate(_LINES)


def menu_text(text: str) -> str:
    """The text as an entry of a menu or on a button: ``&`` is an ampersand and not the mark of a key."""
    return one_line(text).replace("&", "&&")


def title_text(text: str) -> str:
    """The text as the title of a window, where Qt takes ``[*]`` for the mark of a changed document."""
    return one_line(text).replace("[*]", "[*][*]")


def tip_text(text: str) -> str:
    """The text as a tooltip, which Qt has no way to declare plain; long lines are broken.

    Returns
    -------
    str
        Plain text as it is; where Qt would take it for HTML, HTML that shows it letter by letter.
    """
    broken = "\n".join(
        part
        for line in lines(text).split("\n")
        for part in textwrap.wrap(line, _TIP_COLUMNS, replace_whitespace=False, drop_whitespace=False) or [""]
    )
    return GuiQt.convertFromPlainText(broken) if GuiQt.mightBeRichText(broken) else broken


def set_tip(target: QWidget | QAction, text: str) -> None:
    """Give a widget or an action its tooltip."""
    target.setToolTip(tip_text(text))


def show_tip(at: QPoint, text: str, widget: QWidget, area: QRect | None = None) -> None:
    """Show a tooltip now, at a place on the screen, for as long as the mouse is in ``area`` of the widget."""
    QToolTip.showText(at, tip_text(text), widget, QRect() if area is None else area)


class PlainLabel(QLabel):
    """A label that shows what it is given letter by letter.

    Parameters
    ----------
    text : str
    role : str
        How the stylesheet draws it; empty for plain words.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(lines(text))
