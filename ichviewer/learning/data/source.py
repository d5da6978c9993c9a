"""What every data set looks like to the step that prepares it: series that can be read one by one, anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from ichviewer.domain.labels import N_LABELS
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.data.volumes import UNKNOWN, Volume
from ichviewer.progress import Progress

Item = TypeVar("Item")
Result = TypeVar("Result")

Labels = tuple[int, ...]
"""0, 1 or `UNKNOWN` for each of `domain.labels.LABELS`."""

NO_LABELS: Labels = (UNKNOWN,) * N_LABELS


@dataclass(frozen=True, order=True)
class LeftOut:
    """A file, or a whole series, that is not among the prepared data, and why.

    Parameters
    ----------
    file : str
        The file; for a whole series the folder or a name a person can find it by.
    reason : str
    is_error : bool
        Whether something that should have been readable was not, rather than being no head CT at all.
    """

    file: str
    reason: str
    is_error: bool = True


@dataclass(frozen=True, eq=False)
class SeriesResult:
    """What came of one series.

    Parameters
    ----------
    volumes : tuple of Volume
        None where nothing could be used; several where the files of one series differ in shape.
    left_out : tuple of LeftOut
    bytes_read : int
        Size of the files that were read.
    """

    volumes: tuple[Volume, ...]
    left_out: tuple[LeftOut, ...] = ()
    bytes_read: int = 0


class SeriesTask(Protocol):
    """One series still to be read. Small, and can be pickled: it may be done in another process or machine."""

    @property
    def name(self) -> str:
        """Unique in its source; the same in every run."""

    def read(self, settings: PreprocessSettings) -> SeriesResult:
        """Read and preprocess it. Files that cannot be read are in the result, not raised."""


@dataclass(frozen=True)
class Answer:
    """What a `Runner` has to say of one item.

    Parameters
    ----------
    index : int
        Which item.
    value : object
        What the function returned; None if it failed.
    failure : str
        Why it failed; empty if it did not.
    """

    index: int
    value: Any
    failure: str = ""


class Runner(Protocol):
    """Calls a function on many items, here, in other processes or on other machines."""

    @property
    def workers(self) -> int:
        """How many calls run at the same time."""

    def run(self, function: Callable[[Item], object], items: Iterable[Item]) -> Iterator[Answer]:
        """Call the function on every item; answers come in the order in which they are ready."""


@dataclass(frozen=True)
class Found:
    """What a source holds.

    Parameters
    ----------
    tasks : sequence of SeriesTask
        In a fixed order.
    left_out : tuple of LeftOut
        Files that were ruled out before any series was read.
    notes : tuple of str
        What a person should know about the data set: doubled rows, labels without files, and the like.
    """

    tasks: Sequence[SeriesTask]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = field(default=())


class Source(Protocol):
    """A data set on disk."""

    @property
    def recipe(self) -> Mapping[str, Any]:
        """What, besides the preprocessing, decides how its volumes come out."""

    def find(self, runner: Runner, progress: Progress) -> Found:
        """List its series.

        Raises
        ------
        LearningError
            If the folder or its table is not what this source takes.
        """


def name_for_file(text: str) -> str:
    """A text with everything replaced by ``_`` that not every file system takes in a name."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in text)
