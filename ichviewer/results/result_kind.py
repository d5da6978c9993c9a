"""A kind of object that results are written as, and how its series is called and numbered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from ichviewer.results.extras import Extras
    from ichviewer.results.source import Source

FIRST_NUMBER = 90_000
"""Series of results are numbered from here: behind the images, whose numbers are small or have a thousand of room."""

KINDS_A_SERIES = 10
"""Numbers kept for the results of one series."""

_LARGEST_NUMBER = (1 << 31) - 1
"""Of an integer string (DICOM PS3.5 section 6.2)."""

MOST_DESCRIPTION = 64
"""Characters of a Series Description (0008,103E), which is a long string (PS3.5 section 6.2)."""

RESEARCH = "Research use"
"""What every description begins with."""


@dataclass(frozen=True)
class ResultKind:
    """One kind of object.

    Parameters
    ----------
    name : str
        As a person asks for it: ``sr``.
    place : int
        0 to 9, where its series stands among those of one analysis; no two kinds share one.
    title : str
        What its series is called, in ASCII; without "Research use".
    build : function of (Source, ResultKind, Extras) to sequence of Dataset
        Makes the objects, none where there is nothing to say (see `ichviewer.results.kinds`).
    on_request : bool
        Whether it is left out where nobody named it.
    window_only : bool
        Whether it needs what only the window makes.
    """

    name: str
    place: int
    title: str
    build: Callable[[Source, ResultKind, Extras], Sequence[Dataset]]
    on_request: bool = False
    window_only: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.place < KINDS_A_SERIES:
            raise ValueError(f"a kind's place is 0 to {KINDS_A_SERIES - 1}. Received: {self.place}")
        if not self.name.isidentifier() or not self.title.isascii() or not self.title:
            raise ValueError(f"a kind has a name and an ASCII title. Received: {self.name!r}, {self.title!r}")

    def series_number(self, images: int | None) -> int:
        """Number of the series of these results.

        Parameters
        ----------
        images : int or None
            Series Number (0020,0011) of the images.

        Returns
        -------
        int
            Larger than that of the images, and growing with it, as far as an integer string goes.
        """
        number = FIRST_NUMBER + KINDS_A_SERIES * max(0, images or 0) + self.place
        return min(number, _LARGEST_NUMBER - KINDS_A_SERIES + 1 + self.place)

    def series_description(self, images: int | None) -> str:
        """Description of the series of these results: at most 64 ASCII characters."""
        text = f"{RESEARCH}: {self.title}"
        if images is not None:
            text += f", series {images}"
        return text[:MOST_DESCRIPTION].rstrip()
