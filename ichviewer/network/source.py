"""What every source of studies can do, whichever protocol it speaks, and what passes through its hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from ichviewer.network.query import SeriesAnswer, StudyAnswer, StudyQuery, check_uid
from ichviewer.progress import CancelToken, Progress


@dataclass(frozen=True)
class ReceivedObject:
    """One DICOM object as it arrived.

    Parameters
    ----------
    sop_class_uid, sop_instance_uid, transfer_syntax_uid : str
    data : bytes
        A whole file of PS3.10: preamble, file meta information, and the data set byte for byte as it was sent, in the
        transfer syntax that it was sent in.
    """

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    data: bytes

    def __post_init__(self) -> None:
        for uid in (self.sop_class_uid, self.sop_instance_uid, self.transfer_syntax_uid):
            check_uid(uid)
        if self.data[128:132] != b"DICM":
            raise ValueError(f"an object is a whole DICOM file. Received: {self.data[:16]!r}")


class Receiver(Protocol):
    """Takes what arrives, from any thread, one object at a time per association or stream."""

    def has(self, sop_instance_uid: str) -> bool:
        """Whether an object is there already, whole; a source then need not fetch it again."""

    def __call__(self, received: ReceivedObject) -> None:
        """Store an object; when it returns, the object is on disk.

        Raises
        ------
        ExportError
            If it cannot be stored. The source stops, and what arrived before is whole.
        """


@dataclass(frozen=True)
class SeriesListing:
    """What a source says that it has of a series, before its objects come.

    Parameters
    ----------
    series_uid : str
    n_objects : int or None
        Number of Series Related Instances (0020,1209); None where the source does not say.
    sop_uids : frozenset of str or None
        The objects by name; None where the source lists none by name.
    """

    series_uid: str
    n_objects: int | None = None
    sop_uids: frozenset[str] | None = None

    def __post_init__(self) -> None:
        check_uid(self.series_uid)
        if self.n_objects is not None and self.n_objects < 0:
            raise ValueError(f"objects are counted from 0. Received: {self.n_objects}")


OnListed = Callable[[SeriesListing], None]
"""Told what the source has of a series, once a series, in any thread."""


def unheard(listing: SeriesListing) -> None:
    """Nobody asks what the source has."""


@dataclass(frozen=True)
class FailedObject:
    """An object that was to come and did not.

    Parameters
    ----------
    sop_instance_uid : str
        Empty where the peer only counts its failures.
    reason : str
    series_uid : str
        The series that lacks it; empty where that cannot be told.
    """

    sop_instance_uid: str
    reason: str
    series_uid: str = ""


@dataclass(frozen=True)
class Retrieved:
    """What a retrieval brought.

    Parameters
    ----------
    n_arrived : int
        Objects that came and were stored.
    n_there : int
        Objects that were there before and not asked for again.
    failed : tuple of FailedObject
    """

    n_arrived: int
    n_there: int = 0
    failed: tuple[FailedObject, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.failed


class SendOutcome(StrEnum):
    """What became of an object that was to be sent."""

    STORED = "stored"
    STORED_CHANGED = "stored, but changed"
    """The peer kept it but coerced or dropped elements (warnings B000, B006, B007 of PS3.4 B.2.3)."""
    REFUSED = "refused"
    """Sending the same again will not help."""
    FAILED = "failed"
    """Sending again may help."""


@dataclass(frozen=True)
class SendResult:
    """What became of one file.

    Parameters
    ----------
    path : Path
    sop_instance_uid : str
        Empty where the file could not be read.
    outcome : SendOutcome
    reason : str
        In words, naming the side that refused; empty for `SendOutcome.STORED`.
    retry_after_s : float or None
        How long the peer asks to wait before the next try; None where it does not say.
    """

    path: Path
    sop_instance_uid: str
    outcome: SendOutcome
    reason: str = ""
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        if (self.outcome is SendOutcome.STORED) == bool(self.reason):
            raise ValueError(
                "a reason is given for everything but success. "
                f"Received: {self.outcome.value} with {self.reason!r}"
            )

    @property
    def stored(self) -> bool:
        """Whether the peer has the object now."""
        return self.outcome in (SendOutcome.STORED, SendOutcome.STORED_CHANGED)


class Source(Protocol):
    """A place that studies are fetched from and sent to.

    All methods block; they are called in threads of their own. Each ends within the peer's timeouts after the peer
    falls silent, and soon after ``cancel``, with `ichviewer.progress.Cancelled`. Iterators that are closed early
    leave no connection and no thread behind. What goes wrong with the peer is a `NetworkError`. ``progress`` may be
    called in another thread than that of the caller.
    """

    def check(self, cancel: CancelToken) -> str:
        """Ask the peer for a sign of life.

        Returns
        -------
        str
            What answered, in words.
        """

    def find_studies(self, query: StudyQuery, cancel: CancelToken) -> Iterator[StudyAnswer]:
        """Studies as the answers arrive, in the peer's order, at most ``query.limit``."""

    def find_series(self, study_uid: str, cancel: CancelToken) -> Iterator[SeriesAnswer]:
        """Series of a study as the answers arrive."""

    def retrieve(
        self,
        study_uid: str,
        series_uid: str | None,
        into: Receiver,
        progress: Progress,
        cancel: CancelToken,
        *,
        on_listed: OnListed = unheard,
    ) -> Retrieved:
        """Fetch a study, or one series of it, each object handed over as soon as it is whole.

        Called again after an error, it asks only for what ``into`` lacks, where the peer can be asked so.
        ``on_listed`` is told what the peer says it has of a series before ``into`` is asked for its objects.
        """

    def send(self, files: Sequence[Path], progress: Progress, cancel: CancelToken) -> Iterator[SendResult]:
        """Send files as they are; one result a file, in order, as soon as it is known.

        A broken line is no exception here: the files that did not arrive are `SendOutcome.FAILED`.
        """
