"""The database of the outbox: opened, checked, and set aside with its objects where it is damaged.

A rollback journal and ``synchronous=EXTRA``, for the reasons that `ichviewer.services.annotations_file` gives.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ichviewer.errors import ExportError, IchViewerError, ReadError

DATABASE = "outbox.sqlite3"
OBJECTS = "objects"
SENDERS = "senders"
WAIT_S = 10.0
"""How long another program may keep the file busy before an error says so."""

_APPLICATION_ID = 0x49434F42
"""ICOB: says in the file's header whose it is."""
_VERSION = 1
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
_DAMAGES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REFUSALS = {
    sqlite3.SQLITE_BUSY: "another program is using the outbox; try again",
    sqlite3.SQLITE_LOCKED: "another program is using the outbox; try again",
    sqlite3.SQLITE_READONLY: "the outbox cannot be changed: the file or its folder is read-only",
    sqlite3.SQLITE_FULL: "the outbox cannot be changed: the disk is full",
    sqlite3.SQLITE_CORRUPT: "the outbox is damaged; start the program again to set it aside",
    sqlite3.SQLITE_NOTADB: "the outbox is damaged; start the program again to set it aside",
}


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
    with told(path, ReadError):
        connection = _connect(path)
        set_aside = None
        try:
            if _damage(connection, path):
                connection.close()
                set_aside = _set_aside(folder)
                connection = _connect(path)
            (folder / OBJECTS).mkdir(mode=0o700, exist_ok=True)
            (folder / SENDERS).mkdir(mode=0o700, exist_ok=True)
            _bring_up(connection)
        except BaseException:
            connection.close()
            raise
    return connection, set_aside


@contextlib.contextmanager
def told(path: Path, kind: type[IchViewerError] = ExportError) -> Iterator[None]:
    """Turn what SQLite or the system refuses into an error in words."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a bug of ours, such as an outbox in the hands of another thread
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        what = _REFUSALS.get(code, "the outbox cannot be used")
        raise kind(what, str(path), getattr(error, "sqlite_errorname", "") or str(error)) from error
    except OSError as error:
        raise kind("the outbox cannot be used", str(path), error.strerror or str(error)) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside is saved when it ends, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # Some errors have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _bring_up(connection: sqlite3.Connection) -> None:
    for setting in ("journal_mode=DELETE", "synchronous=EXTRA", "fullfsync=ON"):
        connection.execute(f"PRAGMA {setting}")
    if _number(connection, "user_version") == _VERSION:
        return
    with transaction(connection):
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={_VERSION}")


def _damage(connection: sqlite3.Connection, path: Path) -> str:
    """What is wrong with the file, empty for nothing."""
    try:
        version, owner = _number(connection, "user_version"), _number(connection, "application_id")
        if owner == _APPLICATION_ID and version > _VERSION:
            raise ReadError(
                "the outbox was written by a newer version of the program",
                str(path),
                f"schema {version}, this program knows {_VERSION}",
            )
        found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if found != "ok":
            return found
        tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        if (version, owner) == (_VERSION, _APPLICATION_ID):
            return "" if tables else "its tables are gone"
        return "it is not an outbox" if tables or version or owner else ""
    except UnicodeError:
        return "its tables cannot be read"
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGES:
            return str(error)
        raise


def _set_aside(folder: Path) -> Path:
    """Put a damaged outbox, its objects included, into a folder of its own: nothing that was to be sent is lost."""
    aside = folder / f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    aside.mkdir(mode=0o700)
    for name in (OBJECTS, f"{DATABASE}-journal", DATABASE):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    return aside


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
