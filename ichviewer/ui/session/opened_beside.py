"""What became of opening something beside what is open, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from ichviewer.domain.series import Study
from ichviewer.errors import IchViewerError


@dataclass(frozen=True, eq=False)
class OpenedBeside:
    """What became of opening something beside what is open.

    Parameters
    ----------
    name : str
        What was to be opened, in a few words.
    studies : tuple of Study
        What is open of it now.
    known : int
        How many of its series were open already.
    error : IchViewerError or None
        Why nothing could be read.
    cancelled : bool
        Whether it was stopped.
    """

    name: str
    studies: tuple[Study, ...] = ()
    known: int = 0
    error: IchViewerError | None = None
    cancelled: bool = False
