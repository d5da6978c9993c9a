"""The database of the outbox: opened, checked, and set aside with its objects where it is damaged."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from ichviewer.errors import ReadError
from ichviewer.services.database_file import DatabaseKind

DATABASE = "outbox.sqlite3"
OBJECTS = "objects"
SENDERS = "senders"
SENT = "sent"
"""Name of the counter of what was delivered, which stays when the items leave."""

WAIT_S = 10.0
"""How long another program may keep the file busy before an error says so."""

_SCHEMA = (
    """CREATE TABLE item (
        id INTEGER PRIMARY KEY,
        destination TEXT NOT NULL,
        study_uid TEXT NOT NULL,
        sop_uid TEXT NOT NULL,
        digest TEXT NOT NULL,
        description TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused')),
        attempts INTEGER NOT NULL CHECK (attempts >= 0),
        last_error TEXT NOT NULL,
        added_s REAL NOT NULL,
        changed_s REAL NOT NULL,
        next_try_s REAL NOT NULL,
        sender TEXT NOT NULL,
        CHECK ((state = 'sending') = (sender <> '')),
        UNIQUE (destination, sop_uid, digest)
    )""",
    "CREATE INDEX item_by_state ON item (state, destination)",
    "CREATE INDEX item_by_digest ON item (digest)",
)
_SENT_LEAVE = (
    "CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL)",
    f"INSERT INTO counter (name, value) SELECT '{SENT}', count(*) FROM item WHERE state = 'sent'",
    "CREATE INDEX item_by_time ON item (state, changed_s)",
)
_REFUSALS = {
    sqlite3.SQLITE_BUSY: "another program is using the outbox; try again",
    sqlite3.SQLITE_LOCKED: "another program is using the outbox; try again",
    sqlite3.SQLITE_READONLY: "the outbox cannot be changed: the file or its folder is read-only",
    sqlite3.SQLITE_FULL: "the outbox cannot be changed: the disk is full",
    sqlite3.SQLITE_CORRUPT: "the outbox is damaged; start the program again to set it aside",
    sqlite3.SQLITE_NOTADB: "the outbox is damaged; start the program again to set it aside",
}

OUTBOX = DatabaseKind("the outbox", 0x49434F42, (_SCHEMA, _SENT_LEAVE), _REFUSALS)  # ICOB
told = OUTBOX.told


def open_database(folder: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Open the database of an outbox, or make one. Must be called within the outbox's lock.

    Parameters
    ----------
    folder : Path
        The outbox's own, which is there.

    Returns
    -------
    connection : sqlite3.Connection
        In autocommit mode; for the thread that called.
    set_aside : Path or None
        Where a damaged outbox lies now, with the objects that were in it.

    Raises
    ------
    ReadError
        If it cannot be opened, or was written by a newer version of the program.
    """
    path = folder / DATABASE
    connection, set_aside = OUTBOX.open(path, WAIT_S, lambda: _set_aside(folder))
    try:
        with told(path, ReadError):
            (folder / OBJECTS).mkdir(mode=0o700, exist_ok=True)
            (folder / SENDERS).mkdir(mode=0o700, exist_ok=True)
    except BaseException:
        connection.close()
        raise
    return connection, set_aside


def _set_aside(folder: Path) -> Path:
    """Put a damaged outbox, its objects included, into a folder of its own: nothing that was to be sent is lost."""
    aside = folder / f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    aside.mkdir(mode=0o700)
    for name in (OBJECTS, f"{DATABASE}-journal", DATABASE):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    return aside
