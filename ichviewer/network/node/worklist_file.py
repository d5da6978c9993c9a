"""The database of a node's worklist: opened, checked, and set aside where it is damaged."""

from __future__ import annotations

import json
import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ichviewer.errors import ReadError
from ichviewer.network.node.entry import Entry, StudyState, StudySummary
from ichviewer.services.database_file import DatabaseKind, connect_to_read, number

WORKLIST = "worklist.sqlite3"
WAIT_S = 30.0
"""How long another program may keep the file busy before an error says so."""

_LATEST_S = 253_402_300_799.0
"""The end of the year 9999, in seconds since 1970; no calendar here goes beyond."""

_STATES = "'arriving', 'queued', 'analyzing', 'written', 'sending', 'done', 'failed'"
_SCHEMA = (
    f"""CREATE TABLE study (
        study_uid TEXT PRIMARY KEY NOT NULL,
        state TEXT NOT NULL CHECK (state IN ({_STATES})),
        revision INTEGER NOT NULL CHECK (revision >= 1),
        n_objects INTEGER NOT NULL CHECK (n_objects >= 0),
        starts INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        next_try_s REAL NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '',
        first_arrival_s REAL NOT NULL,
        last_arrival_s REAL NOT NULL,
        changed_s REAL NOT NULL,
        result_revision INTEGER,
        result_s REAL,
        waited_s REAL,
        summary TEXT NOT NULL DEFAULT '',
        CHECK ((result_revision IS NULL) = (summary = ''))
    )""",
    "CREATE INDEX study_by_state ON study (state, next_try_s)",
    """CREATE TABLE object (
        study_uid TEXT NOT NULL REFERENCES study (study_uid),
        sop_uid TEXT NOT NULL,
        name TEXT NOT NULL,
        current INTEGER NOT NULL CHECK (current IN (0, 1)),
        PRIMARY KEY (study_uid, sop_uid)
    )""",
    "CREATE TABLE analyzed (digest TEXT PRIMARY KEY NOT NULL, at_s REAL NOT NULL)",
    """CREATE TABLE seen (
        path BLOB PRIMARY KEY NOT NULL, size INTEGER NOT NULL, changed_ns INTEGER NOT NULL
    )""",
    "CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, value REAL NOT NULL)",
)
_DELIVERED = (
    """CREATE TABLE delivered (
        sop_uid TEXT NOT NULL, destination TEXT NOT NULL, PRIMARY KEY (sop_uid, destination)
    ) WITHOUT ROWID""",
)
_REFUSALS = {
    sqlite3.SQLITE_READONLY_ROLLBACK: "the node was cut off while it wrote to the worklist; start the node again",
    sqlite3.SQLITE_BUSY: "another program is using the worklist; try again",
    sqlite3.SQLITE_LOCKED: "another program is using the worklist; try again",
    sqlite3.SQLITE_READONLY: "the worklist cannot be changed: the file or its folder is read-only",
    sqlite3.SQLITE_FULL: "the worklist cannot be changed: the disk is full",
    sqlite3.SQLITE_CORRUPT: "the worklist is damaged; start the node again to set it aside",
    sqlite3.SQLITE_NOTADB: "this is no worklist of a node, or it is damaged",
}


_WORKLIST = DatabaseKind("the worklist", 0x4943574C, (_SCHEMA, _DELIVERED), _REFUSALS)  # ICWL
told = _WORKLIST.told


def open_worklist(folder: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Open the worklist of a node for writing, or make one.

    Parameters
    ----------
    folder : Path
        The node's own, which is there; nobody else opens its worklist for writing at the same time.

    Returns
    -------
    connection : sqlite3.Connection
        In autocommit mode; for any thread, one at a time.
    set_aside : Path or None
        Where a damaged worklist lies now.

    Raises
    ------
    ReadError
        If it cannot be opened, or was written by a newer version of the program.
    """
    path = folder / WORKLIST
    return _WORKLIST.open(path, WAIT_S, lambda: _set_aside(path), any_thread=True)


def open_to_read(path: Path, *, wait_s: float = WAIT_S) -> sqlite3.Connection:
    """Open a worklist that a node may be writing, for reading only.

    Raises
    ------
    ReadError
        If it is none, or cannot be read.
    """
    with told(path, ReadError):
        if not path.is_file():
            raise ReadError("there is no worklist of a node", str(path))
        connection = connect_to_read(path, wait_s)
        try:
            owner, version = number(connection, "application_id"), number(connection, "user_version")
            _WORKLIST.check_not_newer(path, owner, version)
            # What is shown of a study is the same in all versions; the node brings older files up to date.
            if owner != _WORKLIST.application_id or version < 1:
                raise ReadError(
                    "this is no worklist that this version of the program reads",
                    str(path),
                    f"application {owner:#x}, schema {version}",
                )
        except BaseException:
            connection.close()
            raise
    return connection


def entry_of(row: sqlite3.Row, path: Path) -> Entry:
    """A study as a row of a worklist tells it.

    Raises
    ------
    ReadError
        If it tells none; ``path`` is where it was found.
    """
    values: dict[str, Any] = dict(row)
    try:
        text = values.pop("summary")
        summary = StudySummary.from_record(json.loads(text)) if text else None
        for name in ("first_arrival_s", "last_arrival_s", "changed_s"):
            if not (isinstance(values[name], float) and 0 <= values[name] <= _LATEST_S):
                raise ValueError(f"{name} is no time. Received: {values[name]!r:.100}")
        for name in ("study_uid", "error"):
            if not isinstance(values[name], str):
                raise TypeError(f"{name} is no text. Received: {values[name]!r:.100}")
        return Entry(**{**values, "state": StudyState(values["state"]), "summary": summary})
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ReadError("a line of the worklist cannot be read", str(path), str(error)) from error


def _set_aside(path: Path) -> Path:
    aside = path.with_name(f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}-{path.name}")
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        journal.rename(aside.with_name(f"{aside.name}-journal"))
    path.rename(aside)
    return aside
