from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from ichviewer.dicom.deidentify.key import Key

KEY = Key(bytes(range(32)))
OTHER = Key(bytes(range(1, 33)))


@given(st.text(max_size=64))
def test_new_uids_are_valid_the_same_again_and_others_with_another_key(text):
    new = KEY.uid(text)
    assert UID(new).is_valid
    assert new == Key(bytes(range(32))).uid(text)
    assert new != OTHER.uid(text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_different_patients_have_different_pseudonyms(one, other):
    assert (KEY.pseudonym(one) == KEY.pseudonym(other)) == (one == other)


@given(st.text(max_size=20))
def test_dates_go_back_by_one_to_ten_years(patient):
    assert 365 <= KEY.days(patient) <= 3650


def test_a_value_is_that_of_hmac_sha256():
    # RFC 2104 written out: the key against the inner and the outer padding.
    import base64
    import hashlib

    inner = hashlib.sha256(bytes(b ^ 0x36 for b in bytes(range(32)) + bytes(32)) + b"patient\0MRN1").digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in bytes(range(32)) + bytes(32)) + inner).digest()
    assert KEY.pseudonym("MRN1") == "P" + base64.b32encode(outer[:10]).decode()


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(32), b"a" * 32, bytes(range(33))])
def test_what_is_no_key_is_refused_without_being_quoted(secret):
    with pytest.raises(ValueError, match="Received") as told:
        Key(secret)
    assert "aaa" not in str(told.value)


def test_a_key_shows_itself_to_nobody():
    assert repr(KEY) == str(KEY) == "Key(...)"
    with pytest.raises(TypeError):
        pickle.dumps(KEY)
    with pytest.raises(TypeError):
        copy.copy(KEY)
