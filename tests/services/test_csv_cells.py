from __future__ import annotations

import csv
import dataclasses
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from synthetic_head import make_series

from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Catalog, PatientInfo, SliceSource, Study
from ichviewer.services.csv_cells import defuse, text_cell
from ichviewer.services.export import csv_text

POINT = OperatingPoint("p", (0.5,) * 6)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("A\r\nB", "A  B"),
        ("-12.5", "'-12.5"),  # with semicolons for separators the cell goes on behind the number
        ("1.2.840", "1.2.840"),
        ("", ""),
        ("Doe", "Doe"),
        ("/data/a-b/c=d/x@y+z.dcm", "/data/a-b/c=d/x@y+z.dcm"),
        ("Doe;=1+1", "Doe;'=1+1"),
        ("Doe,@x|=y", "Doe,'@x|'=y"),
        ("Doe; =1", "Doe;' =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\u200b\u2060-1", "'\u200b\u2060-1"),
        ("\u3164=1", "'\u3164=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\ufe62x", "'\ufe62x"),
        ("\u22121", "'\u22121"),
        ('"=1', "'\"=1"),
        ('a;"=1"', 'a;\'"=1"'),
    ],
)
def test_formulas_are_defused(text, safe):
    assert defuse(text) == safe


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a b", "a b"),
        ("a,b", '"a,b"'),
        ("a;b", '"a;b"'),
        ("a|b", '"a|b"'),
        ('a"b', '"a""b"'),
        ("a\tb", "a b"),
        ("=a;b", '"\'=a;b"'),
    ],
)
def test_cells_that_could_be_split_are_in_quotes(text, cell):
    assert text_cell(text) == cell


def shown(cell: str) -> str:
    """A cell from its first character on that can be seen."""
    return next((cell[i:] for i, c in enumerate(cell) if unicodedata.category(c)[0] not in "ZCM"), "")


tricky = st.text(
    st.one_of(st.sampled_from("=+-@,;\t|\"' \r\n\ufeff\xa0\u200b\uff1d\u202e"), st.characters()), max_size=12
)


@settings(max_examples=300)
@given(tricky, tricky, tricky)
@example('x;"=1"', "a", "b")
@example('"', ";=1", '"')
def test_no_separator_of_any_locale_lets_a_formula_start(patient_id, uid, name):
    series = make_series(2, positions_mm=[-12.5, 1.0])
    path = Path("/") / (name.replace("\0", "").replace("/", "") or "x")
    slices = tuple(
        dataclasses.replace(info, source=SliceSource(path), sop_uid=uid, instance_number=-3)
        for info in series.slices
    )
    series = dataclasses.replace(series, patient=PatientInfo(patient_id), slices=slices)
    problem = Problem(ProblemCode.UNREADABLE_FILE, patient_id + name)
    text, n = csv_text(Catalog((Study(series.study, series.patient, (series,)),), (problem,)), {}, POINT)
    assert len(text.splitlines()) == n + 1
    assert all(len(row) == 17 for row in csv.reader(io.StringIO(text)))
    for delimiter in ",;\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting):
                for cell in row:
                    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell):
                        start = shown(cell.lstrip('"') if quoting == csv.QUOTE_NONE else cell)[:1]
                        assert unicodedata.normalize("NFKC", start) not in {"=", "+", "-", "@"}, (
                            cell,
                            delimiter,
                        )


def test_numbers_stay_numbers():
    series = make_series(1, positions_mm=[-12.5])
    row = csv_text(Catalog((Study(series.study, series.patient, (series,)),)), {}, POINT)[0].splitlines()[1]
    assert ",-12.500," in row
