"""Painted regions in the file of annotations: a row for each region, and one for its mask on each slice.

The row of a region lists what names each of its masks, so that a region that lost one is known for damaged: it would
have another volume.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ichviewer.domain import run_lengths
from ichviewer.domain.painted_region import PaintedRegion, SliceMask
from ichviewer.domain.series import SeriesKey
from ichviewer.services.database_file import key_of, row_digest

REGION_TABLES = (
    """CREATE TABLE region (
        id TEXT PRIMARY KEY NOT NULL,
        study_uid TEXT NOT NULL,
        series_uid TEXT NOT NULL,
        record TEXT NOT NULL,
        digest TEXT NOT NULL
    )""",
    "CREATE INDEX region_of_series ON region (series_uid, study_uid)",
    """CREATE TABLE region_mask (
        region_id TEXT NOT NULL,
        sop_uid TEXT NOT NULL,
        frame INTEGER NOT NULL,
        pixel_hash TEXT NOT NULL,
        image_rows INTEGER NOT NULL,
        image_columns INTEGER NOT NULL,
        runs TEXT NOT NULL,
        PRIMARY KEY (region_id, sop_uid, frame)
    )""",
    "CREATE INDEX region_mask_of_slice ON region_mask (sop_uid, frame)",
)
"""What the second version of the schema adds."""

_REGION = "id, study_uid, series_uid, record, digest"
_MASK = "sop_uid, frame, pixel_hash, image_rows, image_columns, runs"
_MASK_ROW = f"INSERT INTO region_mask (region_id, {_MASK}) VALUES (?, ?, ?, ?, ?, ?, ?)"

Values = tuple[Any, ...]


@dataclass(frozen=True)
class StoredRegion:
    """A region as the rows of both tables hold it, which may be damaged.

    Parameters
    ----------
    row : tuple
        ``id, study_uid, series_uid, record, digest``.
    masks : tuple of tuples
        ``sop_uid, frame, pixel_hash, image_rows, image_columns, runs`` of each slice.
    """

    row: Values
    masks: tuple[Values, ...]

    @property
    def key(self) -> str:
        """The id as it is stored."""
        return str(self.row[0])

    @cached_property
    def _read(self) -> PaintedRegion:
        if not all(isinstance(value, str) for value in self.row) or row_digest(self.row[:-1]) != self.row[-1]:
            raise ValueError(f"the row of a region is not what was saved. Received: {self.row[0]!r}")
        record = json.loads(self.row[3])
        masks = tuple(sorted(map(_mask, self.masks), key=lambda mask: mask.place))
        if [mask.digest for mask in masks] != record["masks"]:
            raise ValueError(f"masks of a region are not what was saved. Received: {self.row[0]!r}")
        return PaintedRegion(
            _text(self.row[0]),
            SeriesKey(_text(self.row[1]), _text(self.row[2]), int(record["series_part"])),
            masks,
            datetime.fromisoformat(record["created"]),
            datetime.fromisoformat(record["modified"]),
            record["name"],
        )

    def region(self) -> PaintedRegion:
        """The region.

        Raises
        ------
        ValueError
            If it is not what was saved.
        """
        try:
            return self._read
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"this is no region. Received: {type(error).__name__} {error}") from error

    @property
    def is_whole(self) -> bool:
        """Whether it is what was saved, with all of its slices."""
        try:
            self.region()
        except ValueError:
            return False
        return True


def to_stored(region: PaintedRegion) -> StoredRegion:
    """A region as rows."""
    row = _row(region)
    return StoredRegion(row, tuple(_mask_values(mask) for mask in region.masks))


def stored_regions(
    connection: sqlite3.Connection, where: str = "", values: Sequence[str | int] = (), *, order: str = "ASC"
) -> Iterator[StoredRegion]:
    """Regions as they are stored, whole or not; masks of no region are left out."""
    rows = connection.execute(f"SELECT {_REGION} FROM region {where} ORDER BY rowid {order}", values)
    for row in rows:
        masks = connection.execute(f"SELECT {_MASK} FROM region_mask WHERE region_id = ?", [row[0]])
        yield StoredRegion(tuple(row), tuple(map(tuple, masks)))


def insert_region(connection: sqlite3.Connection, region: StoredRegion) -> None:
    """Add a region that is not there; must be called within a transaction."""
    connection.execute(f"INSERT INTO region ({_REGION}) VALUES (?, ?, ?, ?, ?)", region.row)
    connection.executemany(_MASK_ROW, [(region.key, *mask) for mask in region.masks])


def is_stored(connection: sqlite3.Connection, region_id: str, region: PaintedRegion | None) -> bool:
    """Whether a region is stored as it is given, or none of this id for None; masks are told by their digests."""
    found = connection.execute(f"SELECT {_REGION} FROM region WHERE id = ?", [key_of(region_id)]).fetchone()
    return found is None if region is None else found is not None and tuple(found) == _row(region)


def replace_region(
    connection: sqlite3.Connection, before: PaintedRegion | None, after: PaintedRegion | None
) -> None:
    """Put one version of a region in the place of another; only masks that differ are written.

    Must be called within a transaction.
    """
    one = after if before is None else before
    if one is None:
        return
    key = key_of(one.id)
    old = {} if before is None else before.by_place
    new = {} if after is None else after.by_place
    gone = [place for place, mask in old.items() if new.get(place) != mask]
    come = [mask for place, mask in new.items() if old.get(place) != mask]
    connection.executemany(
        "DELETE FROM region_mask WHERE region_id = ? AND sop_uid = ? AND frame = ?",
        [(key, key_of(uid), frame) for uid, frame in gone],
    )
    connection.executemany(_MASK_ROW, [(key, *_mask_values(mask)) for mask in come])
    connection.execute("DELETE FROM region WHERE id = ?", [key])
    if after is not None:
        connection.execute(f"INSERT INTO region ({_REGION}) VALUES (?, ?, ?, ?, ?)", _row(after))


def series_values(key: SeriesKey) -> list[str]:
    """What finds the regions of a series by ``series_uid = ? AND study_uid = ?``."""
    return [key_of(key.series_uid), key_of(key.study_uid)]


def _row(region: PaintedRegion) -> Values:
    record = {
        "name": region.name,
        "series_part": region.series.part,
        "created": region.created.isoformat(),
        "modified": region.modified.isoformat(),
        "masks": [mask.digest for mask in region.masks],
    }
    values = (
        key_of(region.id),
        key_of(region.series.study_uid),
        key_of(region.series.series_uid),
        json.dumps(record, allow_nan=False),
    )
    return (*values, row_digest(values))


def _mask_values(mask: SliceMask) -> Values:
    runs = run_lengths.as_text(mask.runs)
    return key_of(mask.sop_uid), mask.frame, key_of(mask.pixel_hash), mask.rows, mask.columns, runs


def _mask(values: Values) -> SliceMask:
    sop_uid, frame, pixel_hash, rows, columns, runs = values
    if not all(isinstance(v, str) for v in (sop_uid, pixel_hash, runs)) or not all(
        isinstance(v, int) for v in (frame, rows, columns)
    ):
        raise ValueError(f"the row of a mask is not what was saved. Received: {values[:5]}")
    return SliceMask(_text(sop_uid), frame, _text(pixel_hash), rows, columns, run_lengths.from_text(runs))


def _text(key: str) -> str:
    """The text of a key."""
    text = json.loads(f'"{key}"')
    if not isinstance(text, str):
        raise ValueError(f"a text is needed. Received: {key!r}")
    return text
