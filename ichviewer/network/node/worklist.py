"""The worklist of a node: what is with each study, on disk before and after every step.

A study's way: arriving, queued, analyzing, written, sending, done; failed where it was tried in vain. What
arrives later starts it anew, under a higher revision, and what is under way for an older one comes to nothing: its
`Claim` does not hold any more. A node that was killed finds each study in the last state that was written down and
goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ichviewer.errors import ExportError, ReadError
from ichviewer.network.node.entry import AT_WORK, Entry, StudyState, StudySummary
from ichviewer.network.node.tally import Tally, read_tally
from ichviewer.network.node.worklist_file import WAIT_S, WORKLIST, entry_of, open_to_read, open_worklist, told
from ichviewer.services.database_file import transaction

MOST_STARTS = 25
"""A study whose analysis was begun so often and never ended takes the node down, or is very unlucky."""

_LONGEST_ERROR = 500
_LONGEST_WAIT_S = 3600.0
_LONGEST_PUT_OFF_S = 60.0


@dataclass(frozen=True)
class Claim:
    """The right to work on a study as it is now.

    Parameters
    ----------
    study_uid : str
    revision : int
    """

    study_uid: str
    revision: int


@dataclass(frozen=True)
class WrittenObject:
    """A result on disk.

    Parameters
    ----------
    sop_uid : str
    name : str
        Of its file in the folder of the study's results.
    """

    sop_uid: str
    name: str


class Worklist:
    """The worklist of one node; may be used from any thread.

    Parameters
    ----------
    folder : Path
        The node's own; nobody else writes there.
    clock : callable
        Seconds since 1970.

    Raises
    ------
    ReadError
        If it cannot be opened. A damaged one is set aside and replaced, which `set_aside` says.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = folder / WORKLIST
        self._clock = clock
        self._lock = threading.RLock()
        self._db, self.set_aside = open_worklist(folder)
        self._heard: dict[str, float] = {}
        """When (`clock`) something of an arriving study last came; since this program started."""
        self._started_s = clock()
        try:
            self._recover()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; may be called twice."""
        with self._lock:
            self._db.close()

    # What arrives

    def arrived(self, study_uid: str) -> None:
        """Note that an object of a study is on disk; only when this has returned may its sender be told so."""
        now_s = self._clock()
        with self._writing():
            # An arriving study is on disk as such already, and that it still arrives is said by nothing but time.
            if study_uid not in self._heard or not self._is_arriving(study_uid):
                self._db.execute(
                    "INSERT INTO study (study_uid, state, revision, n_objects, first_arrival_s, last_arrival_s, "
                    "changed_s) VALUES (?, 'arriving', 1, 1, ?, ?, ?) ON CONFLICT (study_uid) DO UPDATE SET "
                    "revision = revision + (state <> 'arriving'), state = 'arriving', starts = 0, failures = 0, "
                    "next_try_s = 0, error = '', last_arrival_s = excluded.last_arrival_s, "
                    "changed_s = excluded.changed_s",
                    (study_uid, now_s, now_s, now_s),
                )
            self._heard[study_uid] = now_s

    def queue_quiet(self, quiet_s: float, count: Callable[[str], int]) -> int:
        """Queue studies of which nothing has come for a while; how many.

        After a start the time counts from there: whoever was interrupted can send the rest.

        Parameters
        ----------
        quiet_s : float
        count : function of str
            How many objects of a study are on disk.
        """
        now_s = self._clock()
        queued = 0
        with self._writing():
            for row in self._rows("WHERE state = 'arriving'"):
                study_uid = str(row["study_uid"])
                heard_s = self._heard.get(study_uid, self._started_s)
                if heard_s > now_s:
                    # The clock was set back; nobody waits until it is where it was.
                    self._heard[study_uid] = heard_s = now_s
                if now_s - heard_s < quiet_s:
                    continue
                self._db.execute(
                    "UPDATE study SET state = 'queued', n_objects = ?, last_arrival_s = max(last_arrival_s, ?), "
                    "changed_s = ? WHERE study_uid = ?",
                    (count(study_uid), self._heard.get(study_uid, 0.0), now_s, study_uid),
                )
                self._heard.pop(study_uid, None)
                queued += 1
        return queued

    # The way of a study

    def claim(self) -> Claim | None:
        """The study to analyze next, the one that came first; None where none is to be analyzed now."""
        now_s = self._clock()
        with self._writing():
            row = self._db.execute(
                "SELECT study_uid, revision FROM study WHERE state = 'queued' "
                "AND (next_try_s <= ? OR next_try_s > ?) ORDER BY first_arrival_s, study_uid LIMIT 1",
                # A clock that was set back must not make anything wait for years.
                (now_s, now_s + _LONGEST_WAIT_S),
            ).fetchone()
            if row is None:
                return None
            self._db.execute(
                "UPDATE study SET state = 'analyzing', starts = starts + 1, changed_s = ? WHERE study_uid = ?",
                (now_s, row["study_uid"]),
            )
            return Claim(str(row["study_uid"]), int(row["revision"]))

    def holds(self, claim: Claim) -> bool:
        """Whether nothing has come to the study since it was claimed."""
        with self._reading():
            row = self._db.execute(
                "SELECT 1 FROM study WHERE study_uid = ? AND revision = ? AND state IN ('analyzing', 'written')",
                (claim.study_uid, claim.revision),
            ).fetchone()
            return row is not None

    def analyzed_at(self, digest: str) -> float:
        """When what a digest names was first analyzed, in seconds since 1970: now, if it never was.

        Objects of the same images, model and settings carry the same date, however often they are made.
        """
        with self._writing():
            self._db.execute(
                "INSERT INTO analyzed (digest, at_s) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (digest, self._clock()),
            )
            row = self._db.execute("SELECT at_s FROM analyzed WHERE digest = ?", (digest,)).fetchone()
            return float(row["at_s"])

    def analyzed(self, claim: Claim, summary: StudySummary) -> bool:
        """Note what came of the analysis, in place of an earlier result; whether the claim held.

        From here on it stands in the worklist, also where its objects cannot be written.
        """
        now_s = self._clock()
        with self._writing():
            cursor = self._db.execute(
                "UPDATE study SET result_revision = revision, result_s = ?1, "
                "waited_s = max(0, ?1 - last_arrival_s), summary = ?2, changed_s = ?1 "
                "WHERE study_uid = ?3 AND revision = ?4 AND state = 'analyzing'",
                (now_s, json.dumps(summary.to_record()), claim.study_uid, claim.revision),
            )
            return cursor.rowcount == 1

    def written(self, claim: Claim, objects: Iterable[WrittenObject]) -> bool:
        """Note the results that are on disk, in place of earlier ones; whether the claim held."""
        with self._writing():
            cursor = self._db.execute(
                "UPDATE study SET state = 'written', error = '', changed_s = ? "
                "WHERE study_uid = ? AND revision = ? AND state = 'analyzing'",
                (self._clock(), claim.study_uid, claim.revision),
            )
            if cursor.rowcount != 1:
                return False
            self._db.execute("UPDATE object SET current = 0 WHERE study_uid = ?", (claim.study_uid,))
            for item in objects:
                self._db.execute(
                    "INSERT INTO object (study_uid, sop_uid, name, current) VALUES (?, ?, ?, 1) "
                    "ON CONFLICT (study_uid, sop_uid) DO UPDATE SET name = excluded.name, current = 1",
                    (claim.study_uid, item.sop_uid, item.name),
                )
            return True

    def to_hand_over(self) -> tuple[Claim, ...]:
        """Studies whose results are on disk and perhaps not in the outbox, the oldest first."""
        with self._reading():
            rows = self._rows("WHERE state = 'written' ORDER BY result_s, study_uid")
            return tuple(Claim(str(row["study_uid"]), int(row["revision"])) for row in rows)

    def objects(self, study_uid: str, *, current: bool = True) -> tuple[WrittenObject, ...]:
        """The results of a study, or those that were replaced."""
        with self._reading():
            rows = self._db.execute(
                "SELECT sop_uid, name FROM object WHERE study_uid = ? AND current = ? ORDER BY name",
                (study_uid, int(current)),
            ).fetchall()
            return tuple(WrittenObject(str(row["sop_uid"]), str(row["name"])) for row in rows)

    def handed_over(self, claim: Claim, *, to_be_sent: bool) -> bool:
        """Note that the results are in the outbox, or that nobody is to have them; whether the claim held."""
        return self._step(claim, StudyState.WRITTEN, StudyState.SENDING if to_be_sent else StudyState.DONE)

    def write_again(self, claim: Claim) -> bool:
        """Queue a study whose results are not on disk any more; whether the claim held."""
        return self._step(claim, StudyState.WRITTEN, StudyState.QUEUED)

    def sending(self) -> tuple[str, ...]:
        """Studies whose results were not all delivered."""
        with self._reading():
            return tuple(str(row["study_uid"]) for row in self._rows("WHERE state = 'sending'"))

    def delivery(self, study_uid: str, *, complete: bool, error: str) -> None:
        """Note how far the sending of a study's results is."""
        with self._writing():
            self._db.execute(
                "UPDATE study SET state = ?, error = ?, changed_s = ? WHERE study_uid = ? AND state = 'sending' "
                "AND (? OR error <> ?)",
                (
                    "done" if complete else "sending",
                    error[:_LONGEST_ERROR],
                    self._clock(),
                    study_uid,
                    complete,
                    error[:_LONGEST_ERROR],
                ),
            )

    def note_delivered(self, deliveries: Iterable[tuple[str, str]]) -> None:
        """Remember results (SOP instance UID, destination) that were delivered, for when the outbox forgets them."""
        with self._writing():
            self._db.executemany("INSERT OR IGNORE INTO delivered VALUES (?, ?)", deliveries)

    def was_delivered(self, sop_uid: str, destination: str) -> bool:
        """Whether a result is remembered as delivered."""
        with self._reading():
            row = self._db.execute(
                "SELECT 1 FROM delivered WHERE sop_uid = ? AND destination = ?", (sop_uid, destination)
            ).fetchone()
            return row is not None

    def give_back(self, claim: Claim) -> bool:
        """Let a study wait as before, because the node stops; whether the claim held."""
        return self._step(claim, StudyState.ANALYZING, StudyState.QUEUED, "starts = max(0, starts - 1)")

    def put_off(self, claim: Claim, error: str, *, was_begun: bool) -> bool:
        """Let a study wait, because who should analyze it cannot be had, which says nothing of the study.

        Parameters
        ----------
        claim : Claim
        error : str
            What stands in the worklist meanwhile.
        was_begun : bool
            Whether somebody was lost over it. It is tried again after a while then; when that has happened
            `MOST_STARTS` times, it has failed. Otherwise it is the next one again.

        Returns
        -------
        bool
            Whether the claim held.
        """
        now_s = self._clock()
        with self._writing():
            cursor = self._db.execute(
                "UPDATE study SET state = CASE WHEN ?1 AND starts >= ?2 THEN 'failed' ELSE 'queued' END, "
                "failures = failures + (?1 AND starts >= ?2), next_try_s = ?3 + ?1 * min(5.0 * starts, ?4), "
                "starts = starts - (NOT ?1 AND starts > 0), error = ?5, changed_s = ?3 "
                "WHERE study_uid = ?6 AND revision = ?7 AND state = 'analyzing'",
                (
                    was_begun,
                    MOST_STARTS,
                    now_s,
                    _LONGEST_PUT_OFF_S,
                    error[:_LONGEST_ERROR],
                    claim.study_uid,
                    claim.revision,
                ),
            )
            return cursor.rowcount == 1

    def failed(self, claim: Claim, error: str, *, tries: int, wait_s: float) -> bool:
        """Note that the analysis failed: it is tried again after a while, but not more than ``tries`` times."""
        now_s = self._clock()
        with self._writing():
            cursor = self._db.execute(
                "UPDATE study SET state = CASE WHEN failures + 1 >= ? THEN 'failed' ELSE 'queued' END, "
                "failures = failures + 1, next_try_s = ?, error = ?, changed_s = ? "
                "WHERE study_uid = ? AND revision = ? AND state = 'analyzing'",
                (
                    tries,
                    now_s + min(wait_s, _LONGEST_WAIT_S),
                    error[:_LONGEST_ERROR],
                    now_s,
                    claim.study_uid,
                    claim.revision,
                ),
            )
            return cursor.rowcount == 1

    def retry(self) -> int:
        """Queue again what has failed; how many studies that are."""
        with self._writing():
            return self._db.execute(
                "UPDATE study SET state = 'queued', starts = 0, failures = 0, next_try_s = 0, changed_s = ? "
                "WHERE state = 'failed' OR (state = 'queued' AND failures > 0)",
                (self._clock(),),
            ).rowcount

    # What is kept

    def finished_before(self, time_s: float) -> tuple[str, ...]:
        """Studies that were done, and changed last, before a time, and whose images are kept."""
        with self._reading():
            rows = self._rows("WHERE state = 'done' AND n_objects > 0 AND changed_s < ?", (time_s,))
            return tuple(str(row["study_uid"]) for row in rows)

    def images_deleted(self, study_uid: str) -> None:
        """Note that the images of a finished study are not kept any more."""
        with self._writing():
            self._db.execute(
                "UPDATE study SET n_objects = 0 WHERE study_uid = ? AND state = 'done'", (study_uid,)
            )

    def seen(self, path: bytes, size: int, changed_ns: int) -> bool:
        """Whether a file of the watched folder was taken as it is now."""
        with self._reading():
            row = self._db.execute(
                "SELECT 1 FROM seen WHERE path = ? AND size = ? AND changed_ns = ?", (path, size, changed_ns)
            ).fetchone()
            return row is not None

    def note_seen(self, path: bytes, size: int, changed_ns: int) -> None:
        """Note that a file of the watched folder was taken, or that nothing can be made of it."""
        with self._writing():
            self._db.execute(
                "INSERT OR REPLACE INTO seen (path, size, changed_ns) VALUES (?, ?, ?)",
                (path, size, changed_ns),
            )

    # Looking at it

    def entries(self) -> tuple[Entry, ...]:
        """All studies, in the order in which they came."""
        with self._reading():
            return tuple(entry_of(row, self.path) for row in self._rows())

    def find(self, study_uid: str) -> Entry | None:
        """A study, None where it never came."""
        with self._reading():
            rows = self._rows("WHERE study_uid = ?", (study_uid,))
            return entry_of(rows[0], self.path) if rows else None

    def counts(self) -> dict[StudyState, int]:
        """How many studies are in each state."""
        with self._reading():
            rows = self._db.execute("SELECT state, count(*) AS n FROM study GROUP BY state").fetchall()
            found = {str(row["state"]): int(row["n"]) for row in rows}
        return {state: found.get(state.value, 0) for state in StudyState}

    def tally(self) -> Tally:
        """Numbers about all studies; takes the same time however many there are, but for the first time.

        Raises
        ------
        ReadError
            If a study cannot be read.
        """
        with self._reading():
            return read_tally(self._db)

    def n_at_work(self) -> int:
        """Studies of which there is no result yet and that will have one."""
        counts = self.counts()
        return sum(counts[state] for state in AT_WORK)

    # Within

    def _recover(self) -> None:
        """Let studies wait again whose analysis a dead program had begun."""
        now_s = self._clock()
        with self._writing():
            self._db.execute(
                "UPDATE study SET state = 'failed', failures = failures + 1, changed_s = ?, "
                "error = 'the node ended during its analysis, again and again' "
                "WHERE state = 'analyzing' AND starts >= ?",
                (now_s, MOST_STARTS),
            )
            self._db.execute(
                "UPDATE study SET state = 'queued', changed_s = ? WHERE state = 'analyzing'", (now_s,)
            )

    def _is_arriving(self, study_uid: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM study WHERE study_uid = ? AND state = 'arriving'", (study_uid,)
        ).fetchone()
        return row is not None

    def _step(self, claim: Claim, before: StudyState, after: StudyState, also: str = "error = error") -> bool:
        with self._writing():
            cursor = self._db.execute(
                f"UPDATE study SET state = ?, changed_s = ?, {also} "
                "WHERE study_uid = ? AND revision = ? AND state = ?",
                (after.value, self._clock(), claim.study_uid, claim.revision, before.value),
            )
            return cursor.rowcount == 1

    def _rows(self, where: str = "", values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        if "ORDER BY" not in where:
            where += " ORDER BY first_arrival_s, study_uid"
        return self._db.execute(f"SELECT * FROM study {where}", values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, told(self.path, ExportError), transaction(self._db):
            yield

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock, told(self.path, ReadError):
            yield


def worklist_file(path: Path) -> Path:
    """The file of a worklist, of which itself or the folder of its node is told.

    Raises
    ------
    ReadError
        If it may not be looked up.
    """
    with told(path, ReadError):
        return path / WORKLIST if path.is_dir() else path


def read_worklist(path: Path, *, wait_s: float = WAIT_S) -> tuple[Entry, ...]:
    """All studies of a worklist that a node may be writing; nothing is changed.

    Parameters
    ----------
    path : Path
        The file, or the folder of the node.
    wait_s : float
        How long another program may keep it busy before an error says so.

    Raises
    ------
    ReadError
    """
    file = worklist_file(path)
    with told(file, ReadError), contextlib.closing(open_to_read(file, wait_s=wait_s)) as connection:
        rows = connection.execute("SELECT * FROM study ORDER BY first_arrival_s, study_uid").fetchall()
    return tuple(entry_of(row, file) for row in rows)
