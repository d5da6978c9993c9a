from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from ichviewer.dicom.deidentify.words import Identity, cleaned

NOBODY = Identity(frozenset(), frozenset())
DOE = Identity(frozenset({"doe", "jane"}), frozenset({"12-345"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Head CT without contrast", "Head CT without contrast"),
        ("CT Head for Dr. Smith, 5.0 mm", "CT Head for 5.0 mm"),
        ("Head 20240131", "Head"),
        ("Smith", ""),
        ("123", ""),
        ("HEAD_5MM", "HEAD"),
        ("", ""),
    ],
)
def test_only_words_that_name_nobody_are_kept(text, expected):
    assert cleaned(text, NOBODY) == expected


def test_a_word_of_the_vocabulary_that_is_part_of_a_name_goes():
    assert cleaned("Head of Jane", Identity(frozenset({"head"}), frozenset())) == "of"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("scan of JANE", True),
        ("Doe^Jane", True),
        ("janet", False),
        ("id 12-345.", True),
        ("id 912-3456", False),
        ("head", False),
    ],
)
def test_a_name_is_found_as_a_word(text, named):
    assert DOE.is_named_in(text) is named


def test_names_and_identifiers_at_any_depth_are_known():
    item = Dataset()
    item.OperatorsName = "Roe^Richard"
    ds = Dataset()
    ds.PatientName, ds.PatientID, ds.StudyID = "Doe^Jane^J", "AB12", "1"
    ds.ProcedureCodeSequence = [item]
    identity = Identity.of(ds)
    assert identity.words == {"doe", "jane", "roe", "richard"}
    # One letter and one digit name nobody.
    assert identity.phrases == {"ab12"}


def test_a_person_who_is_called_like_a_word_of_the_vocabulary_does_not_take_it_from_what_an_image_needs():
    ds = Dataset()
    ds.PatientName = "Head^Axial"
    assert Identity.of(ds).words == frozenset()


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(["utf-8", "utf-16-le", "latin-1"]))
def test_a_name_is_found_among_bytes(before, after, encoding):
    identity = Identity(frozenset({"lüdenscheidt"}), frozenset())
    data = before + b"\0\0" + "Lüdenscheidt".encode(encoding) + b"\0\0" + after
    assert identity.is_in_bytes(data, ("latin-1",))
    assert not identity.is_in_bytes(b"\0".join([b"l", b"dens"]), ("latin-1",))
