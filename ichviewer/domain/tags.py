"""The tags of an image as rows, and in what those of two images or two series differ: values and pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[int, ...]
"""Where an element stands: its tag; inside a sequence the sequence's path and the item's number from 0 before it."""


@dataclass(frozen=True)
class TagRow:
    """One element of a data set, in words.

    Parameters
    ----------
    path : tuple of int
        An odd number of them: tag, or tag, item, tag, and so on.
    vr : str
        Value representation, two letters (DICOM PS3.5 section 6.2).
    name : str
        As the dictionary calls it.
    value : str
        Printable text of bounded length on one line.
    mark : str
        The same for the same value, whatever of it was left out of ``value``.
    keyword : str
        Empty where the dictionary has none.
    creator : str
        Private creator of a private element; empty for the others, and where the file does not tell it.
    """

    path: Path
    vr: str
    name: str
    value: str
    mark: str
    keyword: str = ""
    creator: str = ""

    def __post_init__(self) -> None:
        if len(self.path) % 2 == 0 or not all(0 <= number < 1 << 32 for number in self.path):
            raise ValueError(f"a path is a tag, or tag, item, tag, and so on. Received: {self.path}")

    @property
    def tag(self) -> int:
        """Group and element in one number."""
        return self.path[-1]

    @property
    def depth(self) -> int:
        """In how many sequences it lies; 0 for the data set itself."""
        return len(self.path) // 2

    @property
    def tag_text(self) -> str:
        """``(0008,0060)``."""
        return tag_text(self.tag)

    @property
    def path_text(self) -> str:
        """The sequences and items that it lies in, and its tag: ``(0018,9345) item 1 > (0018,9346)``."""
        parts = [f"{tag_text(tag)} item {item + 1}" for tag, item in zip(self.path[:-1:2], self.path[1::2])]  # noqa: B905
        return " > ".join([*parts, self.tag_text])


def tag_text(tag: int) -> str:
    """A tag as the standard writes it: ``(0008,0060)``."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


@dataclass(frozen=True)
class TagList:
    """All tags of an image, in the order of the file.

    Parameters
    ----------
    rows : tuple of TagRow
    notes : tuple of str
        What is not listed, and why: damage, bounds.
    """

    rows: tuple[TagRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TagPair:
    """An element in two images; None where one of them does not have it.

    Parameters
    ----------
    first, second : TagRow or None
    """

    first: TagRow | None
    second: TagRow | None

    def __post_init__(self) -> None:
        paths = {row.path for row in (self.first, self.second) if row is not None}
        if len(paths) != 1:
            raise ValueError(f"a pair is one element of two images. Received: {sorted(paths)}")

    @property
    def row(self) -> TagRow:
        """The first of the two that is there."""
        row = self.first or self.second
        assert row is not None
        return row

    @property
    def differs(self) -> bool:
        """Whether one of them lacks it, or VR or value differ."""
        return (
            self.first is None
            or self.second is None
            or (self.first.vr, self.first.mark) != (self.second.vr, self.second.mark)
        )


def paired(first: TagList, second: TagList) -> tuple[TagPair, ...]:
    """The elements of two images side by side, each once, in the order of their tags."""
    a, b = ({row.path: row for row in tags.rows} for tags in (first, second))
    return tuple(TagPair(a.get(path), b.get(path)) for path in sorted({*a, *b}))


@dataclass(frozen=True)
class TagSpread:
    """An element over the slices of a series.

    Parameters
    ----------
    row : TagRow
        Of the first slice that has it.
    present : int
        How many slices have it.
    marks : frozenset of str
        Its different values, VR included.
    slices : int
        How many slices were read.
    """

    row: TagRow
    present: int
    marks: frozenset[str]
    slices: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.marks) <= self.present <= self.slices:
            raise ValueError(
                "an element has no more values than slices that have it. "
                f"Received: {len(self.marks)} values, {self.present} of {self.slices} slices"
            )

    @property
    def varies(self) -> bool:
        """Whether it is not the same in all slices of the series."""
        return len(self.marks) > 1 or self.present < self.slices


@dataclass(frozen=True)
class SeriesTags:
    """All tags of a series.

    Parameters
    ----------
    spreads : tuple of TagSpread
        In the order of their tags.
    slices : int
        How many slices were read.
    notes : tuple of str
        What is not in it, and why.
    """

    spreads: tuple[TagSpread, ...]
    slices: int
    notes: tuple[str, ...] = ()


def spread_over(tags: Iterable[TagList], more_notes: Iterable[str] = ()) -> SeriesTags:
    """Gather the tags of the slices of one series; each list is looked at once and not kept.

    Parameters
    ----------
    tags : iterable of TagList
    more_notes : iterable of str
        Read after ``tags``: what else is not in it.
    """
    first: dict[Path, TagRow] = {}
    present: dict[Path, int] = {}
    marks: dict[Path, set[str]] = {}
    notes: dict[str, None] = {}
    slices = 0
    for one in tags:
        slices += 1
        notes |= dict.fromkeys(one.notes)
        for row in {row.path: row for row in one.rows}.values():
            first.setdefault(row.path, row)
            present[row.path] = present.get(row.path, 0) + 1
            marks.setdefault(row.path, set()).add(f"{row.vr} {row.mark}")
    notes |= dict.fromkeys(more_notes)
    spreads = tuple(
        TagSpread(first[path], present[path], frozenset(marks[path]), slices) for path in sorted(first)
    )
    return SeriesTags(spreads, slices, tuple(notes))


@dataclass(frozen=True)
class SeriesPair:
    """An element in two series; None where no slice of one of them has it.

    Parameters
    ----------
    first, second : TagSpread or None
    """

    first: TagSpread | None
    second: TagSpread | None

    def __post_init__(self) -> None:
        paths = {spread.row.path for spread in (self.first, self.second) if spread is not None}
        if len(paths) != 1:
            raise ValueError(f"a pair is one element of two series. Received: {sorted(paths)}")

    @property
    def row(self) -> TagRow:
        """Of the first of the two that has it."""
        spread = self.first or self.second
        assert spread is not None
        return spread.row

    @property
    def varies_within(self) -> bool:
        """Whether it is not the same in all slices of one of the series."""
        return any(spread is not None and spread.varies for spread in (self.first, self.second))

    @property
    def differs_between(self) -> bool:
        """Whether the series do not have the same values of it."""
        return self.first is None or self.second is None or self.first.marks != self.second.marks


def series_paired(first: SeriesTags, second: SeriesTags) -> tuple[SeriesPair, ...]:
    """The elements of two series side by side, each once, in the order of their tags."""
    a, b = ({spread.row.path: spread for spread in tags.spreads} for tags in (first, second))
    return tuple(SeriesPair(a.get(path), b.get(path)) for path in sorted({*a, *b}))
