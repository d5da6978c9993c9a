"""Tags as lines of words: of one slice, or side by side of two slices or two series, with what differs said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ichviewer.domain.tags import SeriesPair, TagList, TagPair, TagRow, TagSpread
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import counted

MISSING = tr("not there")
DIFFERS = tr("≠ differs")
_VARIES = tr("varies")
"""Over the slices of a series."""


@dataclass(frozen=True)
class TagLine:
    """An element as it is listed.

    Parameters
    ----------
    row : TagRow
        What it is called and where it stands.
    first, second : str
        Its values; that it is not there where one of two lacks it.
    differs : bool
        Whether the two are not the same.
    difference : str
        In words, so that no color is needed to see it; empty where there is nothing to say.
    """

    row: TagRow
    first: str
    second: str = ""
    differs: bool = False
    difference: str = ""

    def __post_init__(self) -> None:
        if self.differs and not self.difference:
            raise ValueError(f"what differs says so in words. Received: {self.row.tag_text}")


@dataclass(frozen=True)
class TagSheet:
    """Lines, and what the columns of values are called.

    Parameters
    ----------
    lines : tuple of TagLine
    titles : tuple of str
        One where nothing is compared, else two.
    """

    lines: tuple[TagLine, ...] = ()
    titles: tuple[str, ...] = (tr("Value"),)

    def __post_init__(self) -> None:
        if len(self.titles) not in (1, 2):
            raise ValueError(f"one or two values are listed. Received: {len(self.titles)} titles")

    @property
    def compares(self) -> bool:
        """Whether two stand side by side."""
        return len(self.titles) == 2

    @property
    def differing(self) -> int:
        """How many elements differ."""
        return sum(line.differs for line in self.lines)


def slice_sheet(tags: TagList) -> TagSheet:
    """The tags of one slice."""
    return TagSheet(tuple(TagLine(row, one_line(row.value)) for row in tags.rows))


def slices_sheet(pairs: Sequence[TagPair], titles: tuple[str, str]) -> TagSheet:
    """The tags of two slices."""
    lines = [
        TagLine(pair.row, _value(pair.first), _value(pair.second), pair.differs, DIFFERS * pair.differs)
        for pair in pairs
    ]
    return TagSheet(tuple(lines), titles)


def series_sheet(pairs: Sequence[SeriesPair], titles: tuple[str, str]) -> TagSheet:
    """The tags of two series."""
    lines = []
    for pair in pairs:
        between, within = pair.differs_between, pair.varies_within
        words = ", ".join((*((DIFFERS,) if between else ()), *((_VARIES,) if within else ())))
        lines.append(TagLine(pair.row, _spread(pair.first), _spread(pair.second), between, words))
    return TagSheet(tuple(lines), titles)


def _value(row: TagRow | None) -> str:
    return MISSING if row is None else one_line(row.value)


def _spread(spread: TagSpread | None) -> str:
    """The value of the first slice that has it, and how it goes on over the others."""
    if spread is None:
        return MISSING
    said = []
    if len(spread.marks) > 1:
        said.append(tr("{marks:,} values").format(marks=len(spread.marks)))
    if spread.present < spread.slices:
        said.append(
            tr("in {present:,} of {slices}").format(
                present=spread.present, slices=counted("slice", "slices", spread.slices)
            )
        )
    value = one_line(spread.row.value)
    if not said:
        return value
    # The first of many values stands for none of the others.
    shown = f"{value} …" if len(spread.marks) > 1 else value
    return f"{shown} ({', '.join(said)})"
