"""The file that annotations are kept in: opened, checked, brought up to date, and set aside where it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ichviewer.errors import ExportError, IchViewerError, ReadError
from ichviewer.services.data_folder import default_data_folder
from ichviewer.services.database_file import (
    Steps,
    bring_up,
    connect,
    count_tables,
    damage_of,
    integrity_problem,
    number,
    row_digest,
    set_up,
    worded,
)
from ichviewer.services.database_file import transaction as plain_transaction
from ichviewer.services.file_lock import HeldError, alone
from ichviewer.services.region_table import REGION_TABLES, StoredRegion, insert_region, stored_regions

NAME = "annotations.sqlite3"
APPLICATION_ID = 0x49434856
"""ICHV: says in the file's header whose it is."""

REFORMAT_STEP: tuple[str, ...] = (
    # Also so that programs that know no slabs refuse the file: they would show what was drawn on one beside other HU.
    "CREATE INDEX annotation_of_reformat ON annotation (series_uid, study_uid) WHERE sop_uid = ''",
)
"""From the version before annotations on slabs."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE annotation (
            id TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL,
            sop_uid TEXT NOT NULL,
            frame INTEGER NOT NULL,
            study_uid TEXT NOT NULL,
            series_uid TEXT NOT NULL,
            pixel_hash TEXT NOT NULL,
            record TEXT NOT NULL,
            digest TEXT NOT NULL
        )""",
        "CREATE INDEX annotation_of_slice ON annotation (sop_uid, frame)",
        "CREATE INDEX annotation_of_series ON annotation (series_uid, study_uid)",
    ),
    REGION_TABLES,
    REFORMAT_STEP,
)
"""What leads from each version of the schema to the next, from an empty file on."""

COLUMNS = "id, kind, sop_uid, frame, study_uid, series_uid, pixel_hash, record, digest"

_DAMAGED = ".damaged-"
REFUSALS = {
    sqlite3.SQLITE_BUSY: "another program is writing annotations; try again",
    sqlite3.SQLITE_LOCKED: "another program is writing annotations; try again",
    sqlite3.SQLITE_READONLY: "annotations cannot be saved here: the file or its folder is read-only",
    sqlite3.SQLITE_PERM: "annotations cannot be saved here: the file or its folder is read-only",
    sqlite3.SQLITE_FULL: "the annotation was not saved: the disk is full",
    sqlite3.SQLITE_CANTOPEN: "the file of annotations cannot be opened",
    sqlite3.SQLITE_IOERR: "the file of annotations cannot be read or written",
    sqlite3.SQLITE_CORRUPT: "the file of annotations is damaged; start the program again to set it aside",
    sqlite3.SQLITE_NOTADB: "the file of annotations is damaged; start the program again to set it aside",
}
"""Words for what SQLite refuses, by its primary result codes (sqlite.org/rescode.html)."""

FileId = tuple[int, int]
Row = tuple[str | int, ...]


@dataclass(frozen=True)
class SetAside:
    """A damaged file that was given another name, to be shown to the person.

    Parameters
    ----------
    path : Path
        Where it lies now, unchanged.
    found : str
        What was wrong with it.
    recovered : int
        How many annotations could be read from it; they are in the new file.
    recovered_regions : int
        How many painted regions could, each with all of its slices.
    """

    path: Path
    found: str
    recovered: int
    recovered_regions: int = 0

    @property
    def text(self) -> str:
        """What happened, in a sentence."""
        return (
            f"The file of annotations was damaged ({self.found}). It now lies at {self.path}; "
            f"{self.recovered} annotations and {self.recovered_regions} painted regions could be read from it "
            "and are kept."
        )


@dataclass(frozen=True, eq=False)
class OpenedFile:
    """A file that is open, sound and of the present version of the schema."""

    connection: sqlite3.Connection
    path: Path
    identity: FileId
    set_aside: SetAside | None


def default_path() -> Path:
    """Where a person's annotations lie; the file need not exist."""
    return default_data_folder() / NAME


def damaged_files(path: Path) -> tuple[Path, ...]:
    """Files that were set aside, now or before, and are still there."""
    return tuple(sorted(p for p in path.parent.glob(f"{path.stem}{_DAMAGED}*{path.suffix}")))


def open_file(path: Path, timeout_s: float, migrations: Steps = MIGRATIONS) -> OpenedFile:
    """Open the file of annotations, or make one.

    Parameters
    ----------
    path : Path
    timeout_s : float
        How long to wait for another program.
    migrations : sequence of sequences of str
        SQL that leads from each version of the schema to the next.

    Raises
    ------
    ReadError
        If it cannot be opened, or was written by a newer version of the program; it is left as it is then.
    ExportError
        If it cannot be made or brought up to date.
    """
    try:
        # Only the user may read it: labels may hold anything.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(path, timeout_s):
            return _open(path, timeout_s, migrations)
    except sqlite3.Error as error:
        raise refusal(error, path, ReadError) from error
    except OSError as error:
        raise ReadError(
            "the file of annotations cannot be opened", str(path), error.strerror or str(error)
        ) from error


def refusal(error: sqlite3.Error, path: Path, kind: type[IchViewerError]) -> IchViewerError:
    """What SQLite refused, in words."""
    return worded(error, path, kind, REFUSALS, "the file of annotations cannot be used")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All that is done inside is saved when it ends, or nothing.

    Raises
    ------
    ExportError
        If SQLite refuses.
    """
    try:
        with plain_transaction(connection):
            yield
    except sqlite3.Error as error:
        raise refusal(error, path, ExportError) from error


def row_of(*values: str | int) -> Row:
    """A row of the table with its digest."""
    return (*values, row_digest(values))


def is_whole(row: Row) -> bool:
    """Whether a row is what was saved."""
    return all(isinstance(value, str | int) for value in row) and row_digest(row[:-1]) == row[-1]


def select(
    connection: sqlite3.Connection, where: str = "", values: Sequence[str | int] = ()
) -> Iterator[Row]:
    """Rows of the table, `COLUMNS` in each."""
    return connection.execute(f"SELECT {COLUMNS} FROM annotation {where}", values)


def identity_of(path: Path) -> FileId | None:
    """What names a file through renaming, None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _open(path: Path, timeout_s: float, migrations: Steps) -> OpenedFile:
    set_aside = None
    connection = _connect(path, timeout_s)
    try:
        found = _damage(connection, path, len(migrations))
        if found:
            rows, regions = _readable_rows(connection), _readable_regions(connection)
            connection.close()
            aside = _replace(path, rows, regions, timeout_s, migrations)
            set_aside = SetAside(aside, found, len(rows), len(regions))
            connection = _connect(path, timeout_s)
        _bring_up(connection, path, migrations)
        identity = identity_of(path)
        if identity is None:
            raise ReadError("the file of annotations is gone", str(path))
    except BaseException:
        connection.close()
        raise
    return OpenedFile(connection, path, identity, set_aside)


def _connect(path: Path, timeout_s: float) -> sqlite3.Connection:
    connection = connect(path, timeout_s)
    # A text that is no UTF-8 any more is no error of its own: its row is not what was saved.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _bring_up(connection: sqlite3.Connection, path: Path, migrations: Steps) -> None:
    set_up(connection)
    try:
        bring_up(connection, APPLICATION_ID, migrations)
    except sqlite3.Error as error:
        raise refusal(error, path, ExportError) from error


def _damage(connection: sqlite3.Connection, path: Path, newest: int) -> str:
    """What is wrong with the file, empty for nothing."""
    try:
        version, owner = number(connection, "user_version"), number(connection, "application_id")
        if owner == APPLICATION_ID and version > newest:
            raise ReadError(
                "the annotations were saved by a newer version of the program",
                str(path),
                f"schema {version}, this program knows {newest}",
            )
        if problem := integrity_problem(connection):
            return problem
        tables = count_tables(connection)
        if owner != APPLICATION_ID and (tables or version):
            return "it is not a file of annotations"
        if (version > 0) != (tables > 0) or version < 0:
            return "it has lost its version"
        if version:
            broken = sum(not is_whole(row) for row in select(connection))
            if broken:
                return f"{broken} annotations are not what was saved"
        if version > 1:
            broken = sum(not region.is_whole for region in stored_regions(connection))
            return f"{broken} painted regions are not what was saved" if broken else ""
    except (UnicodeError, sqlite3.DatabaseError) as error:
        if found := damage_of(error):
            return found
        if isinstance(error, sqlite3.OperationalError) and "no such" in str(error):
            return str(error)
        raise
    return ""


def _readable_rows(connection: sqlite3.Connection) -> list[Row]:
    """The annotations of a damaged file that are what was saved, read from both ends towards the damage."""
    rows: dict[str, Row] = {}
    for order in ("ASC", "DESC"):
        # The damage ends what can be read from this end.
        with contextlib.suppress(sqlite3.Error, UnicodeError):
            for row in select(connection, f"ORDER BY rowid {order}"):
                if is_whole(row):
                    rows[str(row[0])] = row
    return list(rows.values())


def _readable_regions(connection: sqlite3.Connection) -> list[StoredRegion]:
    """The painted regions of a damaged file that are what was saved: one that lost a slice has another volume."""
    found: dict[str, StoredRegion] = {}
    for order in ("ASC", "DESC"):
        # The damage ends what can be read from this end.
        with contextlib.suppress(sqlite3.Error, UnicodeError):
            for region in stored_regions(connection, order=order):
                if region.is_whole:
                    found[region.key] = region
    return list(found.values())


def insert(connection: sqlite3.Connection, row: Row) -> None:
    """Add a row; must be called within a `transaction`."""
    connection.execute(f"INSERT INTO annotation ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _replace(
    path: Path,
    rows: list[Row],
    regions: list[StoredRegion],
    timeout_s: float,
    migrations: Steps,
) -> Path:
    """Give a damaged file another name, and put a new one with what could be read in its place."""
    new = path.with_name(f"{path.stem}.new{path.suffix}")
    for left_over in (new, _journal(new)):
        left_over.unlink(missing_ok=True)
    connection = _connect(new, timeout_s)
    try:
        _bring_up(connection, new, migrations)
        with transaction(connection, new):
            for row in rows:
                insert(connection, row)
            for region in regions:
                insert_region(connection, region)
    finally:
        connection.close()
    aside = _free_name(path)
    if _journal(path).exists():
        _journal(path).rename(_journal(aside))
    path.rename(aside)
    new.rename(path)
    return aside


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _free_name(path: Path) -> Path:
    stem = f"{path.stem}{_DAMAGED}{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = [path.with_name(f"{stem}{end}{path.suffix}") for end in ("", *(f"-{n}" for n in range(2, 1000)))]
    free = next((name for name in names if not name.exists()), None)
    if free is None:
        raise ReadError("a damaged file cannot be set aside: all names are taken", str(names[0]))
    return free


@contextlib.contextmanager
def _alone(path: Path, timeout_s: float) -> Iterator[None]:
    """Keep other programs from opening the file at the same time, so that none sets aside what another just made.

    The lock ends with the program, however it ends.

    Raises
    ------
    ReadError
        If another program holds it for longer than ``timeout_s``.
    """
    with contextlib.ExitStack() as stack:
        try:
            # Where no file can be made, none can be set aside. Where there are no locks, a moment of risk remains.
            with contextlib.suppress(OSError):
                stack.enter_context(alone(path.with_name(f"{path.stem}.lock"), timeout_s))
        except HeldError as error:
            raise ReadError(
                "another program has been opening the annotations for too long; try again, or end it",
                str(path),
                str(error),
            ) from error
        yield
