"""What a report says, as values without Qt: the page and the text for tests are made of the same words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.ui.look.language import tr

MOST_KEY_IMAGES, MOST_REGION_IMAGES = 4, 12
"""More slices, and more painted regions, are not shown."""


class Tone(StrEnum):
    """How loud a paragraph is."""

    NORMAL = "normal"
    STRONG = "strong"
    MUTED = "muted"
    WARNING = "warning"


@dataclass(frozen=True)
class Fact:
    """A name and its value."""

    label: str
    value: str

    def __post_init__(self) -> None:
        if not self.label:
            raise ValueError("a fact needs a name. Received: nothing")


@dataclass(frozen=True)
class Paragraph:
    """Words that run over as many lines as they need."""

    text: str
    tone: Tone = Tone.NORMAL


@dataclass(frozen=True)
class Table:
    """Rows of words.

    Parameters
    ----------
    columns : tuple of str
        What they are called.
    rows : tuple of tuple of str
        As many words each as there are columns.
    strong : frozenset of int
        Rows that stand out.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(
                f"each row needs a word a column. Received: {len(self.columns)} columns, "
                f"rows of {sorted({len(row) for row in self.rows})}"
            )


@dataclass(frozen=True, eq=False)
class KeyImage:
    """A picture of a slice, and what stands below it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        Grey levels, or red, green and blue; made read-only.
    spacing : PixelSpacing or None
        None where the file has none: pixels are drawn square.
    lines : tuple of str
        Which slice, and what was found in these very pixels.
    outline : ndarray of float64, shape (n, 4)
        Lines over the picture, as of `ichviewer.domain.mask_edges.mask_edges`; made read-only.
    """

    pixels: NDArray[np.uint8]
    spacing: PixelSpacing | None
    lines: tuple[str, ...]
    outline: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) not in (2, 3) or shape[2:] not in ((), (3,)):
            raise ValueError(f"a picture is grey or RGB, uint8. Received: {self.pixels.dtype}, {shape}")
        if not self.lines:
            raise ValueError("a picture says which slice it is. Received: nothing")
        if self.outline.shape[1:] != (4,):
            raise ValueError(f"lines have two ends of x and y. Received: {self.outline.shape}")
        self.pixels.setflags(write=False)
        self.outline.setflags(write=False)

    @property
    def aspect(self) -> float:
        """Width over height as it is in the patient."""
        rows, columns = self.pixels.shape[:2]
        wide = 1.0 if self.spacing is None else self.spacing.column_mm / self.spacing.row_mm
        return float(columns * wide / rows)


Block = Fact | Paragraph | Table | KeyImage


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if not self.heading or not self.blocks:
            raise ValueError(f"a section needs a heading and content. Received: {self.heading!r}")


@dataclass(frozen=True)
class ReportContent:
    """Everything that a report says, in order.

    Parameters
    ----------
    title : str
    head : str
        Who it is about, on every page; without patient data it says so.
    sections : tuple of Section
    notice : str
        What the program is not, on every page.
    foot : str
        Program, version and date, on every page.
    patient_data : bool
        Whether it names the patient.
    """

    title: str
    head: str
    sections: tuple[Section, ...]
    notice: str
    foot: str
    patient_data: bool

    def __post_init__(self) -> None:
        if not (self.title and self.head and self.notice and self.foot and self.sections):
            raise ValueError("a report needs a title, a head, sections, a notice and a foot. Received: less")
        images = sum(isinstance(block, KeyImage) for section in self.sections for block in section.blocks)
        most = MOST_KEY_IMAGES + MOST_REGION_IMAGES
        if images > most:
            raise ValueError(f"a report has {most} pictures at most. Received: {images}")

    def text(self) -> str:
        """The same as plain text, a line each."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from (self.title, self.head)
        for section in self.sections:
            yield from ("", section.heading)
            for block in section.blocks:
                yield from _block_lines(block)
        yield from ("", self.notice, self.foot)


def _block_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Fact):
        yield f"{block.label}: {block.value}"
    elif isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, KeyImage):
        yield tr("[picture] {lines}").format(lines="; ".join(block.lines))
    else:
        yield from ("\t".join(row) for row in (block.columns, *block.rows))
