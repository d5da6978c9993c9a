"""Text of unknown origin, made safe for a terminal or a log: nothing in it moves, hides or reorders text."""

from __future__ import annotations

import json
import unicodedata

_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: controls (which start escape sequences), formats (bidi overrides), halves of surrogate pairs,
line and paragraph separators."""

_HARMLESS = frozenset("\u200c\u200d")
"""The joiners, which belong to the spelling of Persian and Indian names."""


def printable(text: str, *, keep: str = "") -> str:
    r"""Write every character that is not safe to print as an escape, such as ``\n`` or ``\u001b``.

    Parameters
    ----------
    text : str
    keep : str
        Characters to leave as they are, such as line ends of a text of ours.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if _is_dangerous(c) and c not in keep else c for c in text)


def _is_dangerous(character: str) -> bool:
    return unicodedata.category(character) in _DANGEROUS and character not in _HARMLESS


def _escaped(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
