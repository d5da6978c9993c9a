"""The outbox: what is to be sent, kept until it is delivered, however often the program ends before.

An object is copied in, so that it is sent as it was when somebody asked for it. It leaves `State.WAITING` only for a
program that claims it, and comes back if that program dies: each object is delivered at least once. One that dies
between the peer's answer and its own note sends again, with the same UIDs, so that the peer has it once.

All changes are made within one lock between programs, in the order object, row, and back row, object: a program
killed in between leaves an object without a row, which the next opening removes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from ichviewer.errors import ExportError, ReadError
from ichviewer.network.object_identity import identify
from ichviewer.network.outbox_file import DATABASE, OBJECTS, SENDERS, SENT, open_database, told
from ichviewer.network.private_folder import make_private, write_private
from ichviewer.services.data_folder import default_data_folder
from ichviewer.services.database_file import transaction
from ichviewer.services.file_lock import Mark, alone, is_left_over

FIRST_DELAY_S = 5.0
LONGEST_DELAY_S = 3600.0
_LOCK = "outbox.lock"
_PART = ".part-"
_LONGEST_ERROR = 500


class State(StrEnum):
    """What is with an object in the outbox."""

    WAITING = "waiting"
    """To be sent, now or when its time has come."""
    SENDING = "sending"
    """A program is at it."""
    SENT = "sent"
    """The destination has it; the copy is deleted."""
    REFUSED = "refused"
    """The destination does not want it; waits for a person to say try again, or forget it."""


@dataclass(frozen=True)
class Item:
    """An object for one destination.

    Parameters
    ----------
    id : int
    destination : str
        Name of the peer.
    study_uid, sop_uid : str
    description : str
        Modality and series description, to tell it from others.
    state : State
    attempts : int
        How often it was tried.
    last_error : str
        Why the last try failed, in words; empty after success.
    added_s, changed_s, next_try_s : float
        Seconds since 1970. ``next_try_s`` means something for `State.WAITING` only.
    path : Path
        The copy that is sent; gone once it is sent.
    """

    id: int
    destination: str
    study_uid: str
    sop_uid: str
    description: str
    state: State
    attempts: int
    last_error: str
    added_s: float
    changed_s: float
    next_try_s: float
    path: Path


class Outbox:
    """Objects to be sent, in a folder. Any number of programs may use it at one time.

    An instance belongs to the thread that made it; other threads make their own.

    Parameters
    ----------
    folder : Path, optional
        In the user's data folder unless told.
    clock : callable
        Seconds since 1970.

    Raises
    ------
    SettingsError, ReadError
        If it cannot be opened. A damaged one is set aside and replaced, which `set_aside` says.
    """

    def __init__(self, folder: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder or default_data_folder() / "outbox"
        self._clock = clock
        make_private(self.folder)
        with self._alone(ReadError):
            self._db, self.set_aside = open_database(self.folder)
            try:
                self._mark = Mark(self.folder / SENDERS / f"{os.getpid()}-{secrets.token_hex(8)}")
                self._mend()
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; what this instance claimed and did not finish goes back."""
        with self._alone():
            if self._mark.path.exists():
                self._give_back([self._mark.path.name])
            self._mark.remove()
        self._db.close()

    def add(self, file: Path, destinations: Sequence[str], *, again: bool = True) -> tuple[Item, ...]:
        """Put a copy of an object into the outbox, durably: when this returns, it will be sent.

        What waits for the destination already is not added again. What was refused or sent before waits again.

        Parameters
        ----------
        file : Path
            A DICOM file with its UIDs.
        destinations : sequence of str
            Names of peers.
        again : bool
            Whether what was refused or sent before is to be sent once more; otherwise it stays as it is.

        Raises
        ------
        ExportError
            If it is no such file or cannot be stored; nothing of it is in the outbox then.
        """
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ExportError("the object cannot be read", str(file), error.strerror or str(error)) from error
        try:
            identity = identify(data, str(file))
        except ReadError as error:
            raise ExportError("this is no DICOM object that could be sent", str(file), str(error)) from error
        study_uid, sop_uid, description = identity.study_uid, identity.sop_uid, identity.description
        digest = _digest(data)
        path = self._path(digest)
        now_s = self._clock()
        with self._alone():
            if _digest_of(path) != digest:
                part = self.folder / OBJECTS / f"{_PART}{secrets.token_hex(8)}"
                write_private(path, data, by_way_of=part, durable=True)
            with transaction(self._db):
                for destination in dict.fromkeys(destinations):
                    self._db.execute(
                        "INSERT INTO item (destination, study_uid, sop_uid, digest, description, state, attempts, "
                        "last_error, added_s, changed_s, next_try_s, sender) "
                        "VALUES (?, ?, ?, ?, ?, 'waiting', 0, '', ?, ?, ?, '') "
                        "ON CONFLICT (destination, sop_uid, digest) DO UPDATE SET "
                        "state = 'waiting', attempts = 0, last_error = '', changed_s = excluded.changed_s, "
                        "next_try_s = excluded.next_try_s WHERE ? AND state IN ('sent', 'refused')",
                        (destination, study_uid, sop_uid, digest, description, now_s, now_s, now_s, again),
                    )
            if not again:
                self._drop_if_unused(path)
            return tuple(
                item
                for destination in dict.fromkeys(destinations)
                for item in self._select(
                    "WHERE destination = ? AND sop_uid = ? AND digest = ?", (destination, sop_uid, digest)
                )
            )

    def items(self) -> tuple[Item, ...]:
        """Everything in it, the oldest first."""
        with told(self.folder / DATABASE, ReadError):
            return tuple(self._select())

    def latest(self, sop_uid: str, destination: str) -> Item | None:
        """An object for a destination as it was last put in, None where it never was or was forgotten."""
        with told(self.folder / DATABASE, ReadError):
            found = self._select("WHERE destination = ? AND sop_uid = ?", (destination, sop_uid))
            return max(found, key=lambda item: item.id, default=None)

    def due(self) -> tuple[str, ...]:
        """Destinations that something waits for whose time has come."""
        with self._alone(ReadError):
            self._release_dead()
            rows = self._db.execute(
                f"SELECT DISTINCT destination FROM item WHERE {_DUE} ORDER BY destination", self._now()
            )
            return tuple(str(row[0]) for row in rows)

    def claim(self, destination: str, most: int) -> tuple[Item, ...]:
        """Take objects for sending, the oldest first; nobody else takes them until they are finished.

        Parameters
        ----------
        destination : str
        most : int
            How many at most.
        """
        with self._alone():
            with transaction(self._db):
                ids = [
                    row[0]
                    for row in self._db.execute(
                        f"SELECT id FROM item WHERE destination = ? AND {_DUE} ORDER BY id LIMIT ?",
                        (destination, *self._now(), most),
                    )
                ]
                for key in ids:
                    self._db.execute(
                        "UPDATE item SET state = 'sending', sender = ?, changed_s = ? WHERE id = ?",
                        (self._mark.path.name, self._clock(), key),
                    )
            return tuple(item for key in ids for item in self._select("WHERE id = ?", (key,)))

    def is_whole(self, item: Item) -> bool:
        """Whether the copy of an object is what was put in."""
        return _digest_of(item.path) == item.path.stem

    def finish(self, item: Item) -> None:
        """Note that a claimed object was delivered, and delete its copy."""
        with self._alone():
            self._settle(item, "state = 'sent', last_error = ''", (), counter=SENT)
            self._drop_if_unused(item.path)

    def refuse(self, item: Item, reason: str) -> None:
        """Note that the destination does not want a claimed object."""
        with self._alone():
            self._settle(item, "state = 'refused', last_error = ?", (reason[:_LONGEST_ERROR],))

    def postpone(self, item: Item, reason: str, after_s: float | None = None) -> None:
        """Note that sending a claimed object failed; it is tried again, each time later.

        Parameters
        ----------
        item : Item
        reason : str
        after_s : float or None
            How long the destination asks us to wait at least.
        """
        wait_s = min(max(delay_s(item.attempts + 1), after_s or 0.0), LONGEST_DELAY_S)
        with self._alone():
            self._settle(
                item,
                "state = 'waiting', last_error = ?, next_try_s = ?",
                (reason[:_LONGEST_ERROR], self._clock() + wait_s),
            )

    def give_back(self, items: Sequence[Item]) -> None:
        """Let claimed objects wait as before, because they were not tried."""
        with self._alone(), transaction(self._db):
            for item in items:
                self._db.execute(
                    "UPDATE item SET state = 'waiting', sender = '' WHERE id = ? AND sender = ?",
                    (item.id, self._mark.path.name),
                )

    def withdraw(self, sop_uids: Sequence[str]) -> int:
        """Take out what was not sent of some objects, because others take their place; how many that were."""
        with self._alone():
            with transaction(self._db):
                n_out = sum(
                    self._db.execute(f"DELETE FROM item WHERE sop_uid = ? AND {_IDLE}", (uid,)).rowcount
                    for uid in sop_uids
                )
            if n_out:
                self._sweep()
        return n_out

    def retry(self, ids: Sequence[int] | None = None) -> int:
        """Let what was refused or waits for its time be sent now; all of it unless told. How many that are."""
        with self._alone(), transaction(self._db):
            wanted = [row[0] for row in self._db.execute(f"SELECT id FROM item WHERE {_IDLE}")]
            chosen = [key for key in wanted if ids is None or key in ids]
            for key in chosen:
                self._db.execute(
                    "UPDATE item SET state = 'waiting', next_try_s = ?, changed_s = ? WHERE id = ?",
                    (self._clock(), self._clock(), key),
                )
        return len(chosen)

    def clear(self, *, undelivered: bool = False) -> int:
        """Forget what was sent, and if wished what was not: never what is being sent. How many that are."""
        which = "state <> 'sending'" if undelivered else "state = 'sent'"
        with self._alone():
            self._release_dead()
            with transaction(self._db):
                number = self._db.execute(f"DELETE FROM item WHERE {which}").rowcount
            self._sweep()
        return int(number)

    def sent_before(self, time_s: float, most: int) -> tuple[Item, ...]:
        """What was delivered before a time (seconds since 1970), the oldest first, and so many at most."""
        with told(self.folder / DATABASE, ReadError):
            found = self._select(
                "WHERE state = 'sent' AND changed_s < ?", (time_s,), order="changed_s", most=most
            )
            return tuple(found)

    def forget_sent(self, items: Sequence[Item]) -> int:
        """Forget these where they were delivered and nobody wants them sent again; how many that are."""
        with self._alone(), transaction(self._db):
            return sum(
                self._db.execute("DELETE FROM item WHERE id = ? AND state = 'sent'", (item.id,)).rowcount
                for item in items
            )

    def forget(self, ids: Sequence[int]) -> int:
        """Forget these, delivered or not: never what is being sent. How many that are."""
        with self._alone():
            self._release_dead()
            with transaction(self._db):
                number = sum(
                    self._db.execute("DELETE FROM item WHERE id = ? AND state <> 'sending'", (key,)).rowcount
                    for key in dict.fromkeys(ids)
                )
            self._sweep()
        return number

    def _settle(self, item: Item, assignments: str, values: tuple[object, ...], *, counter: str = "") -> None:
        """End a claim of this instance, and count it at once."""
        with transaction(self._db):
            changed = self._db.execute(
                f"UPDATE item SET {assignments}, attempts = attempts + 1, sender = '', changed_s = ? "
                "WHERE id = ? AND sender = ?",
                (*values, self._clock(), item.id, self._mark.path.name),
            ).rowcount
            if changed == 1 and counter:
                self._db.execute(
                    "INSERT INTO counter (name, value) VALUES (?, 1) "
                    "ON CONFLICT (name) DO UPDATE SET value = value + 1",
                    (counter,),
                )
        if changed != 1:
            raise ValueError(f"only what this instance claimed can be finished. Received: item {item.id}")

    def _mend(self) -> None:
        """Undo what programs left that died."""
        self._release_dead()
        self._sweep()

    def _release_dead(self) -> None:
        """Let wait again what dead programs had claimed. Within the lock only."""
        senders = {str(row[0]) for row in self._db.execute("SELECT sender FROM item WHERE state = 'sending'")}
        marks = {path.name for path in (self.folder / SENDERS).iterdir()}
        dead = {
            name
            for name in senders | marks
            if name != self._mark.path.name and is_left_over(self.folder / SENDERS / name)
        }
        self._give_back(sorted(dead & senders))
        for name in dead & marks:
            (self.folder / SENDERS / name).unlink(missing_ok=True)

    def _give_back(self, senders: Sequence[str]) -> None:
        if not senders:
            return
        with transaction(self._db):
            for sender in senders:
                self._db.execute("UPDATE item SET state = 'waiting', sender = '' WHERE sender = ?", (sender,))

    def _sweep(self) -> None:
        """Delete copies that no row needs. Within the lock only."""
        for path in (self.folder / OBJECTS).iterdir():
            self._drop_if_unused(path)

    def _drop_if_unused(self, path: Path) -> None:
        needed = self._db.execute(
            "SELECT 1 FROM item WHERE digest = ? AND state <> 'sent' LIMIT 1", (path.stem,)
        ).fetchone()
        if needed is None or path.name.startswith(_PART):
            path.unlink(missing_ok=True)

    def _select(
        self, where: str = "", values: tuple[object, ...] = (), *, order: str = "id", most: int = -1
    ) -> Iterator[Item]:
        command = f"SELECT * FROM item {where} ORDER BY {order} LIMIT ?"
        for row in self._db.execute(command, (*values, most)).fetchall():
            yield self._item(row)

    def _item(self, row: sqlite3.Row) -> Item:
        return Item(
            id=row["id"],
            destination=row["destination"],
            study_uid=row["study_uid"],
            sop_uid=row["sop_uid"],
            description=row["description"],
            state=State(row["state"]),
            attempts=row["attempts"],
            last_error=row["last_error"],
            added_s=row["added_s"],
            changed_s=row["changed_s"],
            next_try_s=row["next_try_s"],
            path=self._path(row["digest"]),
        )

    def _path(self, digest: str) -> Path:
        return self.folder / OBJECTS / f"{digest}.dcm"

    def _now(self) -> tuple[float, float]:
        # A clock that was set back must not make anything wait for years.
        now_s = self._clock()
        return now_s, now_s + LONGEST_DELAY_S

    @contextlib.contextmanager
    def _alone(self, kind: type[ExportError] | type[ReadError] = ExportError) -> Iterator[None]:
        with told(self.folder / DATABASE, kind), alone(self.folder / _LOCK):
            yield


_DUE = "state = 'waiting' AND (next_try_s <= ? OR next_try_s > ?)"
_IDLE = "state IN ('waiting', 'refused')"


def delay_s(attempts: int) -> float:
    """How long to wait after so many tries that failed: 5 s, doubled each time, an hour at most."""
    if attempts < 1:
        raise ValueError(f"attempts are counted from 1. Received: {attempts}")
    return min(FIRST_DELAY_S * 2.0 ** min(attempts - 1, 20), LONGEST_DELAY_S)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _digest_of(path: Path) -> str:
    try:
        return _digest(path.read_bytes())
    except OSError:
        return ""
