"""Files of SQLite that keep what they hold through the end of the program, however it ends.

SQLite with a rollback journal, and not with a write-ahead log: the log cannot be used in folders on a network, and in
the versions of SQLite before 3.51.3, which most Python installations carry, two programs that write its checkpoint at
one time may damage the file (sqlite.org/wal.html, "The WAL-Reset Bug"). With ``synchronous=EXTRA`` what was committed
is on disk, and the end of its journal too (sqlite.org/pragma.html).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ichviewer.errors import ExportError, IchViewerError, ReadError

Steps = Sequence[Sequence[str]]
"""SQL that leads from each version of a schema to the next, from an empty file on."""

_DAMAGES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass(frozen=True)
class DatabaseKind:
    """What tells one kind of file from another, and what to call it.

    Parameters
    ----------
    name : str
        In a sentence, such as "the outbox".
    application_id : int
        Says in the file's header whose it is.
    steps : sequence of sequences of str
        How many there are is the version of the schema.
    refusals : mapping of int to str
        Words for what SQLite refuses, by its result codes, primary or extended (sqlite.org/rescode.html).
    """

    name: str
    application_id: int
    steps: Steps
    refusals: Mapping[int, str]

    @property
    def version(self) -> int:
        """Of the schema, as this program knows it."""
        return len(self.steps)

    @property
    def unusable(self) -> str:
        """What is said where no word for the refusal is known."""
        return f"{self.name} cannot be used"

    @property
    def newer(self) -> str:
        """What is said of a file that only a newer program knows."""
        return f"{self.name} was written by a newer version of the program"

    def open(
        self, path: Path, wait_s: float, set_aside: Callable[[], Path], *, any_thread: bool = False
    ) -> tuple[sqlite3.Connection, Path | None]:
        """Open a file, or make one; a damaged one is set aside and replaced.

        Parameters
        ----------
        path : Path
        wait_s : float
            How long another program may keep the file busy before an error says so.
        set_aside : callable
            Gives a damaged file another name, and returns what a person should be told.
        any_thread : bool
            Whether other threads use it too, one at a time.

        Returns
        -------
        connection : sqlite3.Connection
            In autocommit mode, with rows by name.
        set_aside : Path or None
            What ``set_aside`` returned, if it was needed.

        Raises
        ------
        ReadError
            If it cannot be opened, or was written by a newer version of the program.
        """
        with self.told(path, ReadError):
            connection = connect(path, wait_s, any_thread=any_thread)
            aside = None
            try:
                if not self._is_sound(connection, path):
                    connection.close()
                    aside = set_aside()
                    connection = connect(path, wait_s, any_thread=any_thread)
                set_up(connection)
                bring_up(connection, self.application_id, self.steps)
            except BaseException:
                connection.close()
                raise
        connection.row_factory = sqlite3.Row
        return connection, aside

    @contextlib.contextmanager
    def told(self, path: Path, kind: type[IchViewerError] = ExportError) -> Iterator[None]:
        """Turn what SQLite or the system refuses into an error in words."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # a bug of ours, such as a connection in the hands of another thread
        except sqlite3.Error as error:
            raise worded(error, path, kind, self.refusals, self.unusable) from error
        except OSError as error:
            raise kind(self.unusable, str(path), error.strerror or str(error)) from error

    def check_not_newer(self, path: Path, owner: int, version: int) -> None:
        """Raise a ReadError for a file of this kind, by its header, that only a newer program knows."""
        if owner == self.application_id and version > self.version:
            raise ReadError(
                self.newer,
                str(path),
                f"schema {version}, this program knows {self.version}",
            )

    def _is_sound(self, connection: sqlite3.Connection, path: Path) -> bool:
        """Whether a file is one of this kind, or empty."""
        try:
            version, owner = number(connection, "user_version"), number(connection, "application_id")
            self.check_not_newer(path, owner, version)
            if integrity_problem(connection):
                return False
            tables = count_tables(connection)
        except (UnicodeError, sqlite3.DatabaseError) as error:
            if damage_of(error):
                return False
            raise
        if owner == self.application_id and version >= 1:
            # An older one is brought up to date; a newer one was refused above.
            return tables > 0
        return not (tables or version or owner)


def connect(path: Path, wait_s: float, *, any_thread: bool = False) -> sqlite3.Connection:
    """Open a file in autocommit mode; a new one only the user may read."""
    # Never opened where it is there already: closing it would end the locks that SQLite holds for this process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    return sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=not any_thread)


def connect_to_read(path: Path, wait_s: float) -> sqlite3.Connection:
    """Open a file that another program may be writing, for reading only, with rows by name."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=wait_s)
    connection.row_factory = sqlite3.Row
    return connection


def set_up(connection: sqlite3.Connection) -> None:
    """Say how what is changed by this connection is saved."""
    for setting in (
        "journal_mode=DELETE",
        "synchronous=EXTRA",
        # On macOS nothing less makes the drive write what it holds.
        "fullfsync=ON",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {setting}")


def bring_up(connection: sqlite3.Connection, application_id: int, steps: Steps) -> None:
    """Bring the schema of a sound file up to date, in one transaction."""
    if number(connection, "user_version") == len(steps):
        return
    with transaction(connection):
        # Only now is it known that no other program does the same.
        version = number(connection, "user_version")
        for step in steps[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={application_id}")
        connection.execute(f"PRAGMA user_version={len(steps)}")


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


def worded(
    error: sqlite3.Error, path: Path, kind: type[IchViewerError], words: Mapping[int, str], otherwise: str
) -> IchViewerError:
    """What SQLite refused, in words by its result code."""
    code = getattr(error, "sqlite_errorcode", 0)
    what = words.get(code) or words.get(code & 0xFF, otherwise)
    return kind(what, str(path), getattr(error, "sqlite_errorname", "") or str(error))


def damage_of(error: UnicodeError | sqlite3.DatabaseError) -> str:
    """What an error that came up in checking a file says of its damage, empty where it says nothing of it."""
    if isinstance(error, UnicodeError):
        # Words of an error that quote what is in the file.
        return "its tables cannot be read"
    return str(error) if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGES else ""


def integrity_problem(connection: sqlite3.Connection) -> str:
    """What SQLite's own check finds first, empty for nothing."""
    row = connection.execute("PRAGMA integrity_check(1)").fetchone()
    found = "its check gave no answer" if row is None else str(row[0])
    return "" if found == "ok" else found


def count_tables(connection: sqlite3.Connection) -> int:
    """How many tables and indexes a file has."""
    return int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])


def number(connection: sqlite3.Connection, pragma: str) -> int:
    """The number that a pragma gives."""
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def key_of(text: str) -> str:
    """A text as SQLite can hold it, halves of surrogate pairs in broken files included; no two texts become one."""
    return json.dumps(text)[1:-1]


def row_digest(values: Sequence[str | int]) -> str:
    """Names the values of a row, because SQLite does not notice when a stored value changes."""
    return hashlib.blake2b(json.dumps(list(values)).encode("ascii"), digest_size=16).hexdigest()
