"""How much is in an outbox, told without looking at each object of it and without changing anything."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from ichviewer.errors import ReadError
from ichviewer.network.outbox_file import DATABASE, SENT, WAIT_S, told
from ichviewer.services.database_file import connect_to_read


@dataclass(frozen=True)
class OutboxCounts:
    """Numbers of objects, each counted once for every destination.

    Parameters
    ----------
    waiting, sending, refused : int
        As it is now.
    sent : int
        Delivered since the outbox was made, those that were forgotten since included.
    """

    waiting: int = 0
    sending: int = 0
    refused: int = 0
    sent: int = 0

    @property
    def undelivered(self) -> dict[str, int]:
        """What has not left yet, by its state."""
        return {"waiting": self.waiting, "sending": self.sending, "refused": self.refused}


def count_outbox(folder: Path, *, wait_s: float = WAIT_S) -> OutboxCounts:
    """Count what is in an outbox, which others may use meanwhile; all zeros where there is none.

    Takes time in proportion to what was not delivered, however much was.

    Parameters
    ----------
    folder : Path
    wait_s : float
        How long another program may keep it busy before an error says so.

    Raises
    ------
    ReadError
        If it cannot be read.
    """
    path = folder / DATABASE
    with told(path, ReadError):
        if not path.is_file():
            return OutboxCounts()
        with contextlib.closing(connect_to_read(path, wait_s)) as connection:
            rows = connection.execute(
                "SELECT state, count(*) FROM item WHERE state IN ('waiting', 'sending', 'refused') GROUP BY state"
            ).fetchall()
            sent = connection.execute("SELECT value FROM counter WHERE name = ?", (SENT,)).fetchone()
    found = {str(state): int(number) for state, number in rows}
    return OutboxCounts(**found, sent=0 if sent is None else int(sent[0]))
