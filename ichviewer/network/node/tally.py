"""Numbers about a worklist that are kept current while it is written, so that telling them reads no study.

They lie in a table of the node's own connection, in memory, which triggers of that connection keep: the transaction
that changes a study changes them, too, and undoes them with it. Nothing of it is in the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ichviewer.errors import ReadError
from ichviewer.network.node.entry import Group, StudyState, StudySummary, group_of
from ichviewer.services.database_file import transaction

BOUNDS_S = (30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Times from the last object to the result are counted up to each of these."""

_UNREADABLE = -1
_NO_RESULT = -1
_COLUMNS = ("state", "revision", "result_revision", "failures", "waited_s", "summary")
_US = 1_000_000


@dataclass(frozen=True)
class Tally:
    """Numbers about the studies of a worklist.

    Parameters
    ----------
    states : mapping of StudyState to int
    groups : mapping of Group to int
    failures : int
        Failed tries of all studies since objects last came to them.
    waits : tuple of int
        Studies whose result took at most each of `BOUNDS_S`, and all that have one.
    waited_s : float
        Sum of these times.
    """

    states: Mapping[StudyState, int]
    groups: Mapping[Group, int]
    failures: int
    waits: tuple[int, ...]
    waited_s: float


def read_tally(connection: sqlite3.Connection) -> Tally:
    """Numbers about the worklist of a connection; the first time its studies are read, and from then on none.

    The connection must be the only one that writes, and in no transaction.

    Raises
    ------
    ReadError
        If a study cannot be read.
    """
    known = connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'tally'").fetchone()
    if known is None:
        with transaction(connection):
            _begin(connection)
    return _tally(
        tuple(row)
        for row in connection.execute(
            "SELECT state, urgency, bucket, n, failures, us FROM temp.tally WHERE n"
        )
    )


def _begin(connection: sqlite3.Connection) -> None:
    connection.create_function("ich_group", 5, _group, deterministic=True)
    connection.create_function("ich_bucket", 1, _bucket, deterministic=True)
    connection.create_function("ich_us", 1, _microseconds, deterministic=True)
    connection.execute(
        "CREATE TEMP TABLE tally (state TEXT, urgency INTEGER, bucket INTEGER, n INTEGER NOT NULL, "
        "failures INTEGER NOT NULL, us INTEGER NOT NULL, PRIMARY KEY (state, urgency, bucket)) WITHOUT ROWID"
    )
    connection.executemany(
        "INSERT INTO temp.tally VALUES (?, ?, ?, 0, 0, 0)",
        [
            (state.value, urgency, bucket)
            for state in StudyState
            for urgency in (_UNREADABLE, *Group)
            for bucket in (_NO_RESULT, *range(len(BOUNDS_S) + 1))
        ],
    )
    cell = "ich_group({0}state, {0}failures, {0}revision, {0}result_revision, {0}summary)"
    change = (
        "UPDATE tally SET n = n {1} 1, failures = failures {1} {0}failures, us = us {1} ich_us({0}waited_s) "
        f"WHERE state = {{0}}state AND urgency = {cell} AND bucket = ich_bucket({{0}}waited_s);"
    )
    gone, come = change.format("OLD.", "-"), change.format("NEW.", "+")
    for name, event, what in (
        ("come", "INSERT", come),
        ("changed", f"UPDATE OF {', '.join(_COLUMNS)}", gone + come),
        ("gone", "DELETE", gone),
    ):
        connection.execute(f"CREATE TEMP TRIGGER tally_{name} AFTER {event} ON main.study BEGIN {what} END")
    connection.execute(
        "INSERT OR REPLACE INTO temp.tally "
        f"SELECT state, {cell.format('')}, ich_bucket(waited_s), count(*), sum(failures), sum(ich_us(waited_s)) "
        "FROM main.study GROUP BY 1, 2, 3"
    )


def _tally(cells: Iterable[tuple[Any, ...]]) -> Tally:
    states = dict.fromkeys(StudyState, 0)
    groups = dict.fromkeys(Group, 0)
    buckets = [0] * (len(BOUNDS_S) + 1)
    n_failures = all_us = 0
    for state, urgency, bucket, n, failures, us in cells:
        if urgency == _UNREADABLE:
            raise ReadError("a line of the worklist cannot be read")
        states[StudyState(state)] += n
        groups[Group(urgency)] += n
        n_failures += failures
        all_us += us
        if bucket != _NO_RESULT:
            buckets[bucket] += n
    waits = tuple(sum(buckets[: last + 1]) for last in range(len(buckets)))
    return Tally(states, groups, n_failures, waits, all_us / _US)


# These are called by triggers: an error of theirs would be one of the write that they go with.


def _group(state: Any, failures: Any, revision: Any, result_revision: Any, summary: Any) -> int:
    try:
        found = StudySummary.from_record(json.loads(summary)) if summary else None
        return group_of(StudyState(state), int(failures), revision == result_revision, found)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return _UNREADABLE


def _bucket(waited_s: Any) -> int:
    if not isinstance(waited_s, float):
        return _NO_RESULT
    return sum(waited_s > bound for bound in BOUNDS_S)


def _microseconds(waited_s: Any) -> int:
    """A sum of whole numbers to which is added and from which is taken stays exact."""
    return round(min(waited_s, 1e9) * _US) if isinstance(waited_s, float) else 0
