from __future__ import annotations

import math
import string

import numpy as np
import pytest
from dicom_factory import make_slice, set_raw
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from ichviewer.dicom.values import (
    Elements,
    name_key,
    parse_age,
    parse_date,
    parse_decimal,
    parse_time,
    readable_name,
)
from ichviewer.domain.problems import ProblemCode


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_float_reads_back(value: float) -> None:
    assert parse_decimal(f" {value!r}\0") == value


@given(st.text(max_size=20))
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    value = parse_decimal(text)
    assert value is None or math.isfinite(value)


@pytest.mark.parametrize(
    "text",
    ["", "1,5", "1.2.3", "nan", "inf", "-Infinity", "1_000", "0x10", "1e999", "1.0 mm", "--1", "e5", "٣"],
)
def test_what_is_no_decimal_string(text: str) -> None:
    assert parse_decimal(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("+18.5", 18.5), (" -1024 ", -1024), (".5", 0.5), ("5.", 5), ("1E2", 100)]
)
def test_forms_of_a_decimal_string(text: str, value: float) -> None:
    assert parse_decimal(text) == value


def test_dates() -> None:
    assert parse_date("20240131") == "2024-01-31"
    assert parse_date("2024.01.31") == "2024-01-31"
    assert parse_date("20240231") is None
    assert parse_date("2024") is None


def test_times() -> None:
    assert parse_time("101500.123456") == "10:15:00"
    assert parse_time("10:15:07") == "10:15:07"
    assert parse_time("1015") == "10:15:00"
    assert parse_time("25") is None
    assert parse_time("noon") is None


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("Doe^John", "Doe, John"),
        ("Doe^John^Q^Dr^Jr", "Doe, Dr John Q, Jr"),
        ("Doe", "Doe"),
        ("^John", "John"),
        ("", ""),
        ("^^^^", ""),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou (山田, 太郎, やまだ, たろう)"),
        ("=山田^太郎", "山田, 太郎"),
        ("Van  der Berg^ Ann ", "Van der Berg, Ann"),
        ("a^b^c^d^e^f^g", "a, d b c, e"),
    ],
)
def test_names_for_people(name: str, readable: str) -> None:
    assert readable_name(name) == readable


def elements(ds: Dataset) -> Elements:
    return Elements(ds, "a file", [])


def found(e: Elements) -> list[tuple[ProblemCode, str]]:
    return [(p.code, p.found) for p in e.problems]


def test_one_broken_value_of_several_is_reported_and_the_others_kept() -> None:
    ds = make_slice()
    set_raw(ds, "WindowCenter", r"40\abc\80")
    e = elements(ds)
    assert e.numbers("WindowCenter") == (40.0, None, 80.0)
    assert found(e) == [(ProblemCode.BROKEN_VALUE, "WindowCenter 'abc'")]


def test_a_vector_is_complete_or_none() -> None:
    ds = make_slice()
    set_raw(ds, "ImagePositionPatient", r"1\2")
    e = elements(ds)
    assert e.vector("ImagePositionPatient", 3) is None
    assert found(e) == [(ProblemCode.BROKEN_VALUE, r"ImagePositionPatient '1\\2'")]
    assert elements(make_slice()).vector("ImagePositionPatient", 3) == (-4.0, -4.0, 0.0)


def test_empty_values_are_missing_not_broken() -> None:
    ds = make_slice()
    set_raw(ds, "PixelSpacing", "")
    set_raw(ds, "StudyDate", "")
    e = elements(ds)
    assert e.vector("PixelSpacing", 2) is None
    assert e.date("StudyDate") == ""
    assert e.number("SliceLocation") is None
    assert e.text("AccessionNumber") == ""
    assert e.problems == []


def test_broken_dates_and_integers_are_reported_once() -> None:
    ds = make_slice()
    set_raw(ds, "StudyDate", "yesterday")
    set_raw(ds, "InstanceNumber", "1.5")
    e = elements(ds)
    for _ in range(2):
        assert e.date("StudyDate") == ""
        assert e.integer("InstanceNumber") is None
    assert [code for code, _ in found(e)] == [ProblemCode.BROKEN_VALUE] * 2


def test_an_integer_written_as_decimal_is_one() -> None:
    ds = make_slice()
    set_raw(ds, "InstanceNumber", "7.0")
    assert elements(ds).integer("InstanceNumber") == 7


@pytest.mark.parametrize("vr", ["US", "SS"])
def test_words_keep_their_bits_whatever_the_vr_says(vr: str) -> None:
    ds = make_slice()
    ds.add_new("PixelPaddingValue", vr, 63536 if vr == "US" else -2000)
    words = elements(ds).words("PixelPaddingValue")
    assert words is not None
    assert words.dtype == np.uint16
    assert words.tolist() == [63536]


def test_a_sequence_that_is_none_is_reported() -> None:
    ds = make_slice()
    ds.add_new("VOILUTSequence", "LO", "nonsense")
    e = elements(ds)
    assert e.items("VOILUTSequence") == []
    assert [code for code, _ in found(e)] == [ProblemCode.BROKEN_VALUE]


def test_an_unknown_keyword_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="NoSuchThing"):
        elements(make_slice()).text("NoSuchThing")


def test_plain_elements_read_without_pydicom_as_with_it() -> None:
    ds = make_slice()
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.Rows, ds.PixelRepresentation = 512, 1
    set_raw(ds, "Columns", b"\x00\x02")
    set_raw(ds, "Modality", b"CT \0")
    set_raw(ds, "SOPInstanceUID", b"1.2.3\0")
    found = elements(ds)
    assert found.texts("ImageType") == ("ORIGINAL", "PRIMARY", "AXIAL")
    assert found.text("Modality") == "CT"
    assert found.text("SOPInstanceUID") == "1.2.3"
    assert (found.integer("Rows"), found.integer("Columns"), found.integer("PixelRepresentation")) == (
        512,
        512,
        1,
    )
    assert found.integer("NumberOfFrames") is None
    assert not found.problems


def test_a_malformed_number_is_reported_each_time_a_frame_asks() -> None:
    ds = make_slice()
    set_raw(ds, "SliceThickness", b"5,0 ")
    found = elements(ds)
    assert found.number("SliceThickness") is None
    found.problems.clear()
    assert found.number("SliceThickness") is None
    assert [p.code for p in found.problems] == [ProblemCode.BROKEN_VALUE]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("045Y", 45),
        ("018M", 1.5),
        ("052W", 364 / 365.25),
        ("005D", 5 / 365.25),
        ("45Y", 45),
        (" 007y ", 7),
        ("45", 45),
    ],
)
def test_ages(text: str, years: float) -> None:
    assert parse_age(text) == pytest.approx(years)


@pytest.mark.parametrize(
    "text", ["", "Y", "45 years", "-45Y", "999Y", "1234D", "045X", "4.5Y", "\u0664\u0665Y"]
)
def test_what_is_no_age(text: str) -> None:
    assert parse_age(text) is None


def test_a_malformed_age_is_reported_and_left_out() -> None:
    ds = make_slice()
    set_raw(ds, "PatientAge", "old")
    e = elements(ds)
    assert e.age_years("PatientAge") is None
    assert found(e) == [(ProblemCode.BROKEN_VALUE, "PatientAge 'old'")]
    assert elements(make_slice()).age_years("PatientAge") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Doe^John", "DOE^JOHN ", True),
        ("Doe^John^Q", "Doe^John", False),
        ("Doe^John^^Dr^Jr", "Doe^John", True),
        ("O'Brien^Se\u00e1n", "O BRIEN^SEAN", True),
        ("Yamada^Tarou=\u5c71\u7530^\u592a\u90ce", "YAMADA^TAROU", True),
        ("=\u5c71\u7530^\u592a\u90ce", "\u5c71\u7530^\u592a\u90ce", True),
        ("Doe^John", "Doe^Jane", False),
        ("Doe^John", "", False),
    ],
)
def test_who_has_the_same_name(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same


@given(
    st.text(
        alphabet=string.ascii_letters + "\u00e4\u00f6\u00fc\u00df\u00e9\u00e8\u00e7\u00f1\u00f8 ^'-",
        max_size=30,
    )
)
def test_a_name_is_the_same_in_capitals(name: str) -> None:
    assert name_key(name.upper()) == name_key(name)
    assert name_key(f" {name}  ^") == name_key(name)


def test_a_file_has_no_more_than_a_hundred_problems() -> None:
    ds = make_slice()
    set_raw(ds, "WindowCenter", "\\".join(f"x{i}" for i in range(1000)))
    e = elements(ds)
    assert e.numbers("WindowCenter") == (None,) * 1000
    assert len(e.problems) == 100


@pytest.mark.parametrize("keyword", ["PatientName", "ImageType", "PixelSpacing", "Rows", "StudyDate"])
def test_a_value_of_megabytes_is_reported_and_not_looked_into(keyword: str) -> None:
    ds = make_slice()
    set_raw(ds, keyword, b"1\\" * 500_000)
    e = elements(ds)
    assert e.numbers(keyword) == () if keyword in ("PixelSpacing", "Rows") else e.texts(keyword) == ()
    assert found(e) == [(ProblemCode.BROKEN_VALUE, f"{keyword} '1,000,000 bytes'")]
