"""What is said between the program and a process that works for it, and what the receiver believes.

Every request has a number, which is never used twice, and a subject: the identity of what it is about. Every answer
carries both. The receiver drops answers to earlier requests, and refuses to go on when an answer cannot be one to
its own: a result must never be shown for something else than what it was computed from.

The life of a request, seen from the side that asks::

    asked ── item, progress ──> asked            any number of times
    asked ── result | failure | cancelled ──> over

A request that its asker has lost interest in (cancelled, or a callback raised) is asked to stop and heard out to its
last message, or the process is replaced. Until then no other request is made.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from ichviewer.errors import EngineError


class Kind(StrEnum):
    """What a message brings."""

    READY = "ready"
    """The process has started; the value is what it has to say of itself."""
    ITEM = "item"
    """A part of the result."""
    PROGRESS = "progress"
    """Steps done, steps in all, and the step in words."""
    RESULT = "result"
    FAILURE = "failure"
    """The value is the error, one of ours."""
    CANCELLED = "cancelled"


LAST = frozenset({Kind.RESULT, Kind.FAILURE, Kind.CANCELLED})
"""Exactly one of these ends every request."""


class Wish(Enum):
    """What the asker wants of the request under way."""

    GO_ON = auto()
    PAUSE = auto()
    CANCEL = auto()


@dataclass(frozen=True)
class Request:
    """Work to do.

    Parameters
    ----------
    number : int
        From 1, rising.
    subject : str
        The identity of what it is about, not empty.
    job : str
        Which of the process's jobs.
    argument : object
    """

    number: int
    subject: str
    job: str
    argument: object = None

    def __post_init__(self) -> None:
        if self.number < 1 or not self.subject:
            raise ValueError(
                f"a request needs a number from 1 and a subject. Received: {self.number}, {self.subject!r}"
            )


@dataclass(frozen=True)
class Order:
    """A wish about one request; it means nothing to any other."""

    number: int
    wish: Wish


@dataclass(frozen=True)
class Message:
    """What the process says about a request; number 0 and no subject are for READY."""

    number: int
    subject: str
    kind: Kind
    value: object = None


class ProtocolError(EngineError):
    """A process answered what it cannot have been asked; nothing it said may be used."""


class Exchange:
    """Judges the answers to one request.

    Parameters
    ----------
    request : Request
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.over = False

    def accept(self, message: object) -> Message | None:
        """The message if it answers this request, None if it answers an earlier one.

        Raises
        ------
        ProtocolError
            If it can be neither: a number that was never asked, another subject, an answer after the last one.
        """
        if not isinstance(message, Message):
            raise ProtocolError("a process answered out of turn", found=type(message).__name__)
        if message.number < self.request.number:
            return None
        if message.number > self.request.number or message.subject != self.request.subject:
            raise ProtocolError(
                "a process answered about something else than it was asked; the answer is not used",
                found=f"request {message.number} in place of {self.request.number}",
            )
        if self.over or message.kind is Kind.READY:
            raise ProtocolError("a process answered after its last word", found=message.kind.value)
        self.over = message.kind in LAST
        return message


_numbers = itertools.count(1)


def new_request(subject: str, job: str, argument: object = None) -> Request:
    """A request with a number that no other request of this program has."""
    return Request(next(_numbers), subject, job, argument)
