"""A Parquet file holds the cells of the CSV, with types."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ichviewer.errors import ExportError
from ichviewer.services.csv_cells import csv_line, text_cell
from ichviewer.services.export import COLUMNS
from ichviewer.services.table_format import TableFormat, encode_table

parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra tables")

MORE = (*COLUMNS, "volume_ml")
TEXTS = st.text(st.characters(), max_size=12)


@pytest.mark.parametrize(
    ("name", "told", "form"),
    [
        ("f.csv", None, TableFormat.CSV),
        ("f.PARQUET", None, TableFormat.PARQUET),
        ("f.pq", None, TableFormat.PARQUET),
        ("f", None, TableFormat.CSV),
        ("f.parquet", "csv", TableFormat.CSV),
        ("f.csv", "parquet", TableFormat.PARQUET),
    ],
)
def test_the_suffix_decides_unless_told(name, told, form):
    assert TableFormat.of(Path(name), told) is form


def line(text: str, *, number: int | None, p: float | None) -> str:
    cells = dict.fromkeys(MORE, "" if p is None else f"{p:.6f}")
    cells |= {c: text_cell(text) for c in ("patient_id", "study_uid", "series_uid", "sop_uid", "file")}
    cells |= {"slice_index": "1", "instance_number": "" if number is None else str(number)}
    cells |= {"status": "analysed", "flagged": "any;subdural", "note": "", "position_mm": "-3.500"}
    return csv_line(cells.values())


LINES = st.builds(line, TEXTS, number=st.none() | st.integers(-(2**31), 2**31), p=st.none() | st.floats(0, 1))


@given(st.lists(st.lists(LINES, max_size=3), max_size=4))
@settings(deadline=None, max_examples=40)
def test_every_cell_is_that_of_the_csv(parts):
    text = b"".join(encode_table(TableFormat.CSV, MORE, parts)).decode("utf-8")
    found = parquet.read_table(io.BytesIO(b"".join(encode_table(TableFormat.PARQUET, MORE, parts))))
    assert tuple(found.column_names) == MORE
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert found.num_rows == len(rows) == sum(map(len, parts))
    for ours, theirs in zip(found.to_pylist(), rows, strict=True):
        for column, value in ours.items():
            if column in ("slice_index", "instance_number"):
                assert value == (int(theirs[column]) if theirs[column] else None)
            elif isinstance(value, str):
                assert value == theirs[column]
            else:
                assert value == (float(theirs[column]) if theirs[column] else None)


def test_types_are_those_of_the_columns_even_without_rows():
    table = parquet.read_table(io.BytesIO(b"".join(encode_table(TableFormat.PARQUET, MORE, []))))
    types = {field.name: str(field.type) for field in table.schema}
    assert types["patient_id"] == types["note"] == types["flagged"] == "string"
    assert types["slice_index"] == types["instance_number"] == "int64"
    assert types["any"] == types["position_mm"] == types["volume_ml"] == "double"


def test_many_rows_are_written_in_groups():
    part = [line("p", number=i, p=0.25) for i in range(70_000)]
    data = b"".join(encode_table(TableFormat.PARQUET, MORE, [part[:10], part[10:]]))
    file = parquet.ParquetFile(io.BytesIO(data))
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [65_536, 4_464]
    assert file.read().column("instance_number").to_pylist() == list(range(70_000))


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"ichviewer\[tables\]"):
        TableFormat.PARQUET.check()
    TableFormat.CSV.check()
