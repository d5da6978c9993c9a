"""Words of the window in the language that was chosen. No Qt: what knows no widget can ask for words too.

The words in the code are English, each marked where it stands: ``tr("Open folder")``. ``pyside6-lupdate`` finds these
calls and lists the words in ``resources/translations``; `ichviewer.ui.look.translators` has Qt look translations up.
Until it does, all words are English. Words of values, of files and of the command line are not marked here; those of
values are looked up where they are shown (`words_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Lookup = Callable[[str, str, int], str]
"""From words, what sets them apart from the same words elsewhere, and a number (-1: none) to the words to show."""


def _english(words: str, _apart: str, _number: int) -> str:
    return words


_lookup: Lookup = _english
_in_english: ContextVar[bool] = ContextVar("_in_english", default=False)


@contextmanager
def english() -> Iterator[None]:
    """Words in English within this block, on this thread: for what goes into files that others read."""
    before = _in_english.set(True)
    try:
        yield
    finally:
        _in_english.reset(before)


def _look_up(words: str, apart: str, number: int) -> str:
    return words if _in_english.get() else _lookup(words, apart, number)


def tr(words: str, apart: str = "") -> str:
    """Words in the language of the window.

    Parameters
    ----------
    words : str
        In English, written out in the call: what is not is not found when translations are listed. Values go in with
        ``tr("Slice {index}").format(index=...)``, so that a translation can put them where its grammar wants them.
    apart : str
        Sets these words apart from the same words that mean another thing.
    """
    return _look_up(words, apart, -1)


def marked(words: str) -> str:
    """Words that are stored or compared as they are, and shown with `words_of`; only listed for translation here."""
    return words


def words_of(value: str) -> str:
    """What was `marked`, in the language of the window; anything else as it is."""
    return _look_up(str(value), "", -1) if value else value


def noun_for(noun: str, nouns: str, number: int) -> str:
    """The form of a noun that goes with a number; English has two, other languages have more or fewer.

    Parameters
    ----------
    noun, nouns : str
        One and many, in English.
    number : int
    """
    english = noun if number == 1 else nouns
    found = _look_up(noun, nouns, number)
    return english if found == noun else found


def small(words: str) -> str:
    """Words with a small first letter, for the middle of a sentence; in English only, where nouns are small."""
    return f"{words[:1].lower()}{words[1:]}" if _lookup is _english else words


def set_lookup(lookup: Lookup | None) -> Lookup:
    """Where words are looked up from now on, None for English; gives back where they were before."""
    global _lookup
    before, _lookup = _lookup, lookup or _english
    return before
