"""What some kinds of objects need beside the analysis itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ichviewer.domain.annotation.base import Annotation
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import SliceInfo, SliceSource
from ichviewer.domain.window import Window
from ichviewer.results.painted import PaintedSegment

MOST_NAME = 64
"""Characters of one component group of a Person Name (DICOM PS3.5 section 6.2)."""


@dataclass(frozen=True)
class Extras:
    """Things that a caller may have; a kind that needs what is not there leaves it out or makes no object.

    Parameters
    ----------
    observer : str
        Name of the person who takes part as observer, as DICOM writes names ("Doe^Jane"); empty for none.
    read_slice : function of SliceInfo to DecodedSlice, optional
        Decodes a slice, for pictures of it.
    pdf : bytes, optional
        The report of the series, as the window writes it.
    painted : tuple of PaintedSegment
        What a reader painted on the series.
    annotations : tuple of Annotation
        What a reader drew and measured on the series.
    windows : tuple of Window
        Windows in use, the current one first; those that hemorrhage is looked for in unless told.
    earlier : tuple of SliceSource
        Files that may be earlier reports on the series (see `ichviewer.results.earlier_reports`).
    """

    observer: str = ""
    read_slice: Callable[[SliceInfo], DecodedSlice] | None = None
    pdf: bytes | None = None
    painted: tuple[PaintedSegment, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    windows: tuple[Window, ...] = ()
    earlier: tuple[SliceSource, ...] = ()

    def __post_init__(self) -> None:
        if len(self.observer) > MOST_NAME or not (self.observer == "" or self.observer.isprintable()):
            raise ValueError(
                f"an observer's name has at most {MOST_NAME} printable characters. Received: {self.observer!r}"
            )
        if self.observer and not self.observer.strip(" ^"):
            raise ValueError(f"an observer's name has letters. Received: {self.observer!r}")
        if "\\" in self.observer or "=" in self.observer or self.observer.count("^") > 4:
            raise ValueError(f"an observer has one name of at most five parts. Received: {self.observer!r}")
