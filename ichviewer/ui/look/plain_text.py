"""Text from files is shown letter by letter: never as markup, as a menu's key, or in a direction that it sets itself.

Qt guesses whether a label or a tooltip is HTML, takes ``&`` in a menu for the mark of a key, and obeys the characters
that override the direction of writing. What shows such text is made with `ichviewer.ui.look.plain_widgets`.
"""

from __future__ import annotations

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
