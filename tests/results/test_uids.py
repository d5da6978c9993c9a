from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from ichviewer.results.uids import is_uid, uid_of

words = st.lists(st.text(), min_size=1, max_size=4)


@given(words)
def test_a_uid_is_valid_whatever_the_words_and_comes_out_the_same_again(found):
    uid = uid_of(*found)
    assert UID(uid).is_valid
    assert uid.startswith("2.25.")
    assert uid == uid_of(*found)
    assert is_uid(uid)


@given(words, words)
def test_other_words_make_another_uid(one, other):
    assert (uid_of(*one) == uid_of(*other)) == (one == other)


def test_words_that_run_together_are_told_apart():
    assert uid_of("ab", "c") != uid_of("a", "bc")


def test_names_that_are_no_valid_unicode_have_uids_too():
    assert is_uid(uid_of("\udcff"))


def test_what_is_no_uid_is_told():
    assert is_uid("1.2.840.10008.5.1.4.1.1.2")
    assert is_uid("1.2.0003")  # written by others; refusing it would lose a study
    for text in ("", "ID_0a1b", "1..2", "1.2.", "1", "1.2 ", "1." * 32 + "2"):
        assert not is_uid(text), text
