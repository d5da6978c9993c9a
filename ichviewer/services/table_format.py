"""The table of findings as CSV or as Parquet, written part by part."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from ichviewer.errors import ExportError
from ichviewer.services.csv_cells import csv_line, encode_csv
from ichviewer.services.export import TEXT_COLUMNS, WHOLE_NUMBER_COLUMNS

_ROWS_AT_ONCE = 65_536
"""Rows of a group of a Parquet file: some MB, and few enough groups to be read fast."""


class TableFormat(StrEnum):
    """How a table of findings is written."""

    CSV = "csv"
    PARQUET = "parquet"

    @classmethod
    def of(cls, path: Path, told: str | None = None) -> TableFormat:
        """The format that was told, else that of a file's suffix; CSV for any other suffix."""
        if told is not None:
            return cls(told)
        return cls.PARQUET if path.suffix.lower() in (".parquet", ".pq") else cls.CSV

    def check(self) -> None:
        """Raise before any work what `encode_table` would raise after it.

        Raises
        ------
        ExportError
            If the package that writes the format is not installed.
        """
        if self is TableFormat.PARQUET:
            _pyarrow("pyarrow")


def encode_table(
    form: TableFormat, columns: Sequence[str], parts: Iterable[Sequence[str]]
) -> Iterator[bytes]:
    """A table as the bytes of its file, one part after the other.

    Parameters
    ----------
    form : TableFormat
    columns : sequence of str
    parts : iterable of sequences of str
        Lines of the CSV below its header (see `ichviewer.services.export.table_lines`); taken one part at a time.

    Returns
    -------
    iterator of bytes

    Raises
    ------
    ExportError
        If the package that writes the format is not installed.
    """
    if form is TableFormat.PARQUET:
        return _parquet(columns, parts)
    return _csv(columns, parts)


def _csv(columns: Sequence[str], parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield encode_csv(csv_line(columns))
    for lines in parts:
        yield encode_csv("".join(lines))


def _parquet(columns: Sequence[str], parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same cells with types: text, int64 and float64; an empty cell of a number is null.

    They are read back from the lines of the CSV, so that the two can never differ.
    """
    pyarrow, parquet = _pyarrow("pyarrow"), _pyarrow("pyarrow.parquet")
    kinds = {column: _kind(column) for column in columns}
    types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    schema = pyarrow.schema([(column, types[kind]) for column, kind in kinds.items()])
    sink = _Sink()
    with parquet.ParquetWriter(pyarrow.PythonFile(sink, mode="w"), schema) as writer:
        for lines in _in_groups(parts):
            rows = list(csv.reader(encode_csv(line).decode("utf-8") for line in lines))
            cells = {
                column: [kind(row[i]) if row[i] or kind is str else None for row in rows]
                for i, (column, kind) in enumerate(kinds.items())
            }
            writer.write_table(pyarrow.Table.from_pydict(cells, schema=schema))
            yield sink.take()
    yield sink.take()


def _kind(column: str) -> type[str] | type[int] | type[float]:
    if column in TEXT_COLUMNS:
        return str
    return int if column in WHOLE_NUMBER_COLUMNS else float


def _in_groups(parts: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    group: list[str] = []
    for lines in parts:
        group += lines
        while len(group) >= _ROWS_AT_ONCE:
            yield group[:_ROWS_AT_ONCE]
            del group[:_ROWS_AT_ONCE]
    if group:
        yield group


class _Sink:
    """A file that holds what was written until somebody takes it."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self._written += len(self._parts[-1])
        return len(self._parts[-1])

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Nothing lies elsewhere."""

    def close(self) -> None:
        """What is left can still be taken."""


def _pyarrow(name: str) -> Any:
    """A package without types, loaded when a Parquet file is written."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ExportError(
            "Parquet files need pyarrow; install it with: pip install 'ichviewer[tables]'", found=str(error)
        ) from error
