"""Text from files as cells of a CSV that no spreadsheet takes for a formula, whatever it takes for a separator."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SEPARATORS = ",;\t|"
_NEEDS_QUOTES = re.compile(r'[,;\t|"\r\n]')
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_FORMULA = frozenset("=+-@")
_MORE_SIGNS = frozenset("\u2212\u2010\u2011")
"""Minus sign and hyphens: some locales read them as a minus, and no Unicode normalization maps them to one."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols without ink: the Hangul fillers and the empty Braille pattern."""


def text_cell(text: str) -> str:
    """A text as it stands in a row: defused, and in quotes where it holds what some program takes for a separator.

    Parameters
    ----------
    text : str
        As it came from a file.

    Returns
    -------
    str
        One line without a line end.
    """
    plain = defuse(text)
    return f'"{plain.replace(chr(34), 2 * chr(34))}"' if _NEEDS_QUOTES.search(plain) else plain


def csv_line(cells: Iterable[str]) -> str:
    """One line of a CSV of cells that are ready as they are."""
    return ",".join(cells) + "\n"


def encode_csv(text: str) -> bytes:
    r"""UTF-8; halves of surrogate pairs, as in file names that are not valid Unicode, as ``\udcff``."""
    return text.encode("utf-8", errors="backslashreplace")


def defuse(text: str) -> str:
    """A text cell that no spreadsheet runs as a formula and that keeps to one line.

    What could start a formula gets an apostrophe before it (OWASP, "CSV Injection"), at the start of the cell and
    behind every character that some locale separates cells by: a program that splits at semicolons takes quotes in
    the middle of its cell for text, so quoting alone protects nothing. Blank and invisible characters and quotes
    before the sign do not hide it. Signed numbers are no exception, because with another separator the cell goes on.
    Control characters become spaces, so that a row is a line.
    """
    plain = _CONTROL.sub(" ", text)
    parts: list[str] = []
    start = 0
    for end, character in (*enumerate(plain), (len(plain), _SEPARATORS[0])):
        if character in _SEPARATORS:
            part = plain[start:end]
            parts.append(f"'{part}" if _starts_formula(part) else part)
            if end < len(plain):
                parts.append(character)
            start = end + 1
    return "".join(parts)


def _starts_formula(part: str) -> bool:
    """Whether the first visible character that is no quote is one that starts a formula, in any of its widths."""
    for character in part:
        if character in _MORE_SIGNS or unicodedata.normalize("NFKC", character)[:1] in _FORMULA:
            return True
        if not (_is_blank(character) or character in _QUOTES):
            return False
    return False


def _is_blank(character: str) -> bool:
    """Whether nothing of a character is seen: spaces, controls, formats, marks without a letter, unassigned ones."""
    return unicodedata.category(character)[0] in "ZCM" or character in _BLANK_LETTERS
