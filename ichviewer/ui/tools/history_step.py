"""A step in the undo stack that knows which series it is about, so that those of a closed one can be taken out."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Generic, Protocol, Self, TypeVar

from PySide6.QtGui import QUndoCommand, QUndoStack

from ichviewer.domain.series import SeriesKey

SeriesName = tuple[str, str]
"""Study and series UID, by which annotations and regions name a series."""


def series_name(key: SeriesKey) -> SeriesName:
    """A series as annotations and regions name it."""
    return key.study_uid, key.series_uid


class Undoable(Protocol):
    """What can be done and taken back."""

    @property
    def name(self) -> str:
        """For the menu."""

    @property
    def inverse(self) -> Self:
        """What undoes it."""


S = TypeVar("S", bound=Undoable)


class HistoryStep(QUndoCommand, Generic[S]):
    """Does a step and takes it back.

    Parameters
    ----------
    step : Undoable
    apply : callable
        Does it, or its inverse.
    about : frozenset of SeriesName
        The series that it changes something of.
    silent : int
        How many of the next calls change nothing, since what they would do was done before: Qt does a step when it is
        pushed.
    """

    def __init__(
        self, step: S, apply: Callable[[S], None], about: frozenset[SeriesName], silent: int = 0
    ) -> None:
        super().__init__(step.name)
        self.about = about
        self._step = step
        self._do = apply
        self._silent = silent

    def again(self, silent: int) -> HistoryStep[S]:
        """The same step for a history made anew."""
        return HistoryStep(self._step, self._do, self.about, silent)

    def redo(self) -> None:
        """Do it, called by Qt."""
        self._run(self._step)

    def undo(self) -> None:
        """Take it back, called by Qt."""
        self._run(self._step.inverse)

    def _run(self, step: S) -> None:
        if self._silent:
            self._silent -= 1
        else:
            self._do(step)


def forget_steps(history: QUndoStack, names: Container[SeriesName]) -> None:
    """Take the steps about some series out of a history of `HistoryStep`; what is left can be undone and redone.

    Qt's stack cannot lose steps from its middle, so it is made anew.
    """
    commands = [history.command(place) for place in range(history.count())]
    steps = [command for command in commands if isinstance(command, HistoryStep)]
    gone = [any(name in names for name in step.about) for step in steps]
    done = gone[: history.index()].count(False)
    kept = [step for step, goes in zip(steps, gone, strict=True) if not goes]
    # Made before the old ones go with the stack.
    anew = [step.again(silent=1 if place < done else 2) for place, step in enumerate(kept)]
    history.clear()
    for step in anew:
        history.push(step)
    for _ in range(len(anew) - done):
        history.undo()
