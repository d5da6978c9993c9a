"""The database of a node's worklist: opened, checked, and set aside where it is damaged.

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
from ichviewer.network.outbox_file import transaction

WORKLIST = "worklist.sqlite3"
WAIT_S = 30.0
"""How long another program may keep the file busy before an error says so."""

_APPLICATION_ID = 0x4943574C
"""ICWL: says in the file's header whose it is."""
_VERSION = 1
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
_DAMAGES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REFUSALS = {
    sqlite3.SQLITE_READONLY_ROLLBACK: "the node was cut off while it wrote to the worklist; start the node again",
    sqlite3.SQLITE_BUSY: "another program is using the worklist; try again",
    sqlite3.SQLITE_LOCKED: "another program is using the worklist; try again",
    sqlite3.SQLITE_READONLY: "the worklist cannot be changed: the file or its folder is read-only",
    sqlite3.SQLITE_FULL: "the worklist cannot be changed: the disk is full",
    sqlite3.SQLITE_CORRUPT: "the worklist is damaged; start the node again to set it aside",
    sqlite3.SQLITE_NOTADB: "this is no worklist of a node, or it is damaged",
}


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
    with told(path, ReadError):
        connection = _connect(path)
        set_aside = None
        try:
            if _damage(connection, path):
                connection.close()
                set_aside = _set_aside(path)
                connection = _connect(path)
            _bring_up(connection)
        except BaseException:
            connection.close()
            raise
    return connection, set_aside


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
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=wait_s)
        connection.row_factory = sqlite3.Row
        try:
            owner, version = _number(connection, "application_id"), _number(connection, "user_version")
            if owner == _APPLICATION_ID and version > _VERSION:
                raise _newer(path, version)
            if (owner, version) != (_APPLICATION_ID, _VERSION):
                raise ReadError(
                    "this is no worklist that this version of the program reads",
                    str(path),
                    f"application {owner:#x}, schema {version}",
                )
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def told(path: Path, kind: type[IchViewerError] = ExportError) -> Iterator[None]:
    """Turn what SQLite or the system refuses into an error in words."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a bug of ours
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        what = _REFUSALS.get(code) or _REFUSALS.get(code & 0xFF, "the worklist cannot be used")
        raise kind(what, str(path), getattr(error, "sqlite_errorname", "") or str(error)) from error
    except OSError as error:
        raise kind("the worklist cannot be used", str(path), error.strerror or str(error)) from error


def _connect(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _bring_up(connection: sqlite3.Connection) -> None:
    for setting in ("journal_mode=DELETE", "synchronous=EXTRA", "fullfsync=ON", "foreign_keys=ON"):
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
            raise _newer(path, version)
        found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if found != "ok":
            return found
        tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
        if (version, owner) == (_VERSION, _APPLICATION_ID):
            return "" if tables else "its tables are gone"
        return "it is not a worklist" if tables or version or owner else ""
    except UnicodeError:
        return "its tables cannot be read"
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGES:
            return str(error)
        raise


def _newer(path: Path, version: int) -> ReadError:
    return ReadError(
        "the worklist was written by a newer version of the program",
        str(path),
        f"schema {version}, this program knows {_VERSION}",
    )


def _set_aside(path: Path) -> Path:
    aside = path.with_name(f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}-{path.name}")
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        journal.rename(aside.with_name(f"{aside.name}-journal"))
    path.rename(aside)
    return aside


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
