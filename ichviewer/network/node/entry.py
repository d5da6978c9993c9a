"""A line of the worklist: what is with a study, and how urgent it is. "Not analyzed" is a group of its own."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any


class StudyState(StrEnum):
    """How far a study is."""

    ARRIVING = "arriving"
    """Objects came; it is waited until none comes any more."""
    QUEUED = "queued"
    """To be analyzed, when a worker is free and its time has come."""
    ANALYZING = "analyzing"
    WRITTEN = "written"
    """Its results are on disk; they are on their way to the outbox."""
    SENDING = "sending"
    """Its results are in the outbox, and not all of them were delivered."""
    DONE = "done"
    FAILED = "failed"
    """It was tried as often as the node was told to; somebody has to look."""


AT_WORK = (StudyState.ARRIVING, StudyState.QUEUED, StudyState.ANALYZING)
"""States before there is a result of what has arrived."""


class Group(IntEnum):
    """Order of urgency in the worklist."""

    FLAGGED = 0
    NOT_ANALYZED = 1
    """Analyzed in part or not at all, or failed: nothing is known, and somebody has to look."""
    WAITING = 2
    NOT_FLAGGED = 3
    """All of its head CT was analyzed, and no probability reaches its threshold; this says no more than that."""

    @property
    def words(self) -> str:
        """As it is shown."""
        return ("flagged", "NOT ANALYZED", "waiting", "analyzed, nothing flagged")[self]


@dataclass(frozen=True)
class StudySummary:
    """What the analysis of a study says, in a few values.

    Parameters
    ----------
    patient_name, patient_id, accession_number, study_date, description : str
        From the first image; empty where there is none.
    probability : float or None
        The highest of any hemorrhage over all slices; None where no slice was analyzed.
    flagged : tuple of str
        Types at or over their threshold in any slice.
    n_series : int
        CT series of sections, which are to be analyzed.
    n_analyzed : int
        Those of them that were analyzed and of which no slice failed.
    reasons : tuple of str
        Why something was not analyzed, each once.
    notes : tuple of str
        Why the probabilities count for less.
    model, model_version, engine : str
    """

    patient_name: str = ""
    patient_id: str = ""
    accession_number: str = ""
    study_date: str = ""
    description: str = ""
    probability: float | None = None
    flagged: tuple[str, ...] = ()
    n_series: int = 0
    n_analyzed: int = 0
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: str = ""
    model_version: str = ""
    engine: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.n_analyzed <= self.n_series:
            raise ValueError(
                f"of the series, some were analyzed. Received: {self.n_analyzed} of {self.n_series}"
            )
        if self.probability is not None and not (
            math.isfinite(self.probability) and 0 <= self.probability <= 1
        ):
            raise ValueError(f"a probability lies within 0 to 1. Received: {self.probability}")
        if self.flagged and self.probability is None:
            raise ValueError(f"what is flagged has a probability. Received: {self.flagged}")

    @property
    def group(self) -> Group:
        """How urgent what was found is."""
        if self.flagged:
            return Group.FLAGGED
        # Without any series to analyze, nothing was analyzed either.
        whole = 0 < self.n_series == self.n_analyzed and not self.reasons and self.probability is not None
        return Group.NOT_FLAGGED if whole else Group.NOT_ANALYZED

    def to_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> StudySummary:
        """What `to_record` gave.

        Raises
        ------
        ValueError, TypeError
            If it is none.
        """
        known = {item.name for item in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in record.items() if k in known
        }
        _check_kinds(values, cls())
        return cls(**values)


def _check_kinds(values: dict[str, Any], usual: StudySummary) -> None:
    """A file that was tampered with must not bring a number where a name is shown."""
    for name, value in values.items():
        if name == "probability":
            right = value is None or (isinstance(value, int | float) and not isinstance(value, bool))
        else:
            right = type(value) is type(getattr(usual, name))
        if isinstance(value, tuple):
            right = right and all(isinstance(item, str) for item in value)
        if not right:
            raise TypeError(f"{name} is of another kind. Received: {value!r:.100}")


def group_of(state: StudyState, failures: int, is_current: bool, summary: StudySummary | None) -> Group:
    """How urgent a study is; ``is_current`` says whether ``summary`` speaks of all that has arrived."""
    if summary is not None and summary.group is Group.FLAGGED:
        return Group.FLAGGED
    if state is StudyState.FAILED:
        return Group.NOT_ANALYZED
    if not is_current or summary is None:
        # One that keeps failing is not merely waiting.
        return Group.NOT_ANALYZED if failures else Group.WAITING
    return summary.group


@dataclass(frozen=True)
class Entry:
    """A study in the worklist.

    Parameters
    ----------
    study_uid : str
    state : StudyState
    revision : int
        Grows by one each time when objects come to a study that was quiet.
    n_objects : int
        Whose files are kept; 0 once they were deleted.
    starts, failures : int
        How often its analysis was begun, and how often it failed, since objects last came.
    next_try_s : float
        Seconds since 1970; of a study that is queued.
    error : str
        What went wrong last; empty for nothing.
    first_arrival_s, last_arrival_s, changed_s : float
        Seconds since 1970.
    result_revision : int or None
        Of which revision ``summary`` speaks; None while there is no result.
    result_s : float or None
        When the result was there, in seconds since 1970.
    waited_s : float or None
        From the last object to the result.
    summary : StudySummary or None
    """

    study_uid: str
    state: StudyState
    revision: int
    n_objects: int
    starts: int
    failures: int
    next_try_s: float
    error: str
    first_arrival_s: float
    last_arrival_s: float
    changed_s: float
    result_revision: int | None
    result_s: float | None
    waited_s: float | None
    summary: StudySummary | None

    @property
    def result_is_current(self) -> bool:
        """Whether the result speaks of all that has arrived."""
        return self.result_revision == self.revision

    @property
    def group(self) -> Group:
        """How urgent it is. What was flagged stays flagged until a newer result says otherwise."""
        return group_of(self.state, self.failures, self.result_is_current, self.summary)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What must be known beside its group: errors, an older result, what was not analyzed, and doubts."""
        remarks = [self.error] if self.error else []
        if self.summary is None:
            return tuple(remarks)
        if not self.result_is_current:
            remarks.append("more has arrived since this result, and is not analyzed yet")
        return (*remarks, *self.summary.reasons, *self.summary.notes)

    @property
    def title(self) -> str:
        """Date and description of the study; its UID where neither is known."""
        summary = self.summary
        known = "" if summary is None else f"{summary.study_date} {summary.description}".strip()
        return known or self.study_uid

    def to_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        record = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "summary"}
        return {
            **record,
            "state": self.state.value,
            "group": self.group.words,
            "result_is_current": self.result_is_current,
            "summary": None if self.summary is None else self.summary.to_record(),
        }


def by_urgency(entries: Iterable[Entry]) -> list[Entry]:
    """In the order in which somebody should look: by group, then the most probable, then the oldest first."""

    def order(entry: Entry) -> tuple[int, float, float, str]:
        probability = None if entry.summary is None else entry.summary.probability
        return (
            entry.group,
            0.0 if probability is None else -probability,
            entry.first_arrival_s,
            entry.study_uid,
        )

    return sorted(entries, key=order)
