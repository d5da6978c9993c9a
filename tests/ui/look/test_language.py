from __future__ import annotations

from collections.abc import Iterator

import pytest

from ichviewer.errors import IchViewerError, ReadError
from ichviewer.ui.look.language import marked, noun_for, set_lookup, small, tr, words_of
from ichviewer.ui.look.words import counted, error_words


@pytest.fixture
def german() -> Iterator[None]:
    known = {
        ("slice", "slices", 1): "Schicht",
        ("slice", "slices", 2): "Schichten",
        ("Open", "", -1): "Öffnen",
        ("any", "text", -1): "beliebig",
        ("any", "", -1): "irgendeine",
        ("the file cannot be read", "", -1): "die Datei kann nicht gelesen werden",
        ("{text}. Found: {found}", "", -1): "{text}. Gefunden: {found}",
    }
    before = set_lookup(lambda words, apart, number: known.get((words, apart, number), words))
    yield
    set_lookup(before)


def test_words_are_english_until_they_are_looked_up():
    assert (tr("Open"), tr("any", "text"), marked("Open"), words_of("Open")) == (
        "Open",
        "any",
        "Open",
        "Open",
    )
    assert [noun_for("study", "studies", n) for n in (0, 1, 2)] == ["studies", "study", "studies"]


@pytest.mark.usefixtures("german")
def test_words_are_looked_up_where_they_are_shown_and_not_where_they_are_marked():
    assert (tr("Open"), words_of("Open"), marked("Open")) == ("Öffnen", "Öffnen", "Open")
    assert words_of("SOMETHING OF A FILE") == "SOMETHING OF A FILE"
    assert words_of("") == ""


@pytest.mark.usefixtures("german")
def test_the_same_words_can_mean_two_things():
    assert (tr("any"), tr("any", "text")) == ("irgendeine", "beliebig")


@pytest.mark.usefixtures("german")
def test_nouns_go_with_their_numbers():
    assert counted("slice", "slices", 1) == "1 Schicht"
    assert counted("slice", "slices", 2) == "2 Schichten"
    # What is not translated keeps the English rule.
    assert [counted("file", "files", n) for n in (1, 3)] == ["1 file", "3 files"]


def test_a_small_first_letter_is_for_english_only():
    assert small("Length") == "length"
    before = set_lookup(lambda words, _apart, _number: words)
    assert small("Länge") == "Länge"
    set_lookup(before)


@pytest.mark.usefixtures("german")
def test_an_error_is_told_in_the_language_of_the_window_and_stays_english_itself():
    error = ReadError("the file cannot be read", "a.dcm", "nothing")
    assert error_words(error) == "a.dcm: die Datei kann nicht gelesen werden. Gefunden: nothing"
    assert str(error) == "a.dcm: the file cannot be read. Found: nothing"
    assert error_words(IchViewerError("said by nobody")) == "said by nobody"
    assert error_words(ValueError("odd")) == "odd"
