from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.printable import printable


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("M\u00fcller 5 mm", "M\u00fcller 5 mm"),
        ("\u5c71\u7530^\u592a\u90ce", "\u5c71\u7530^\u592a\u90ce"),
        ("a\u00a0b", "a\u00a0b"),
        ("\x1b[31m", "\\u001b[31m"),
        ("\x9b31m", "\\u009b31m"),
        ("a\nb\rc", "a\\nb\\rc"),
        ("\u202eabc\u2069", "\\u202eabc\\u2069"),
        ("\x7f", "\\u007f"),
        ("\udcff", "\\udcff"),
        ("\u2028", "\\u2028"),
        ("\ufeff", "\\ufeff"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),  # Persian, spelled with a joiner
    ],
)
def test_known_texts(text, safe):
    assert printable(text) == safe


@given(st.text(st.characters(categories=None)))
def test_nothing_is_left_that_moves_hides_or_reorders(text):
    safe = printable(text)
    kinds = {c: unicodedata.category(c) for c in safe}
    assert not {c for c, kind in kinds.items() if kind in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {
        "\u200c",
        "\u200d",
    }
    assert printable(safe) == safe


def test_line_ends_of_our_own_stay():
    assert printable("a\nb\x1b", keep="\n") == "a\nb\\u001b"
