"""A report on pages: where every line and picture stands, as values; what does not fit goes on on the next page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ichviewer.ui.look.language import tr
from ichviewer.ui.report.content import Block, Fact, KeyImage, Paragraph, ReportContent, Section, Table
from ichviewer.ui.report.typeset import TONES, Style, broken, column_widths, width_pt

A4_PT = (595.0, 842.0)
"""Width and height of a page in points."""

_MARGIN_PT = 36.0
_GAP_PT = 10.0
_SECTION_PT = 6.0
_LABEL_PT = 66.0
_RULE = "#ccd2d7"
_LEAST_PAGE_PT = 250.0
_IMAGES_A_ROW = 4
_MOST_ASPECT = 3.0
"""Wider or higher pictures are drawn in this shape's box: they must not become a line or fill the page."""


@dataclass(frozen=True)
class PlacedText:
    """A line of words; ``x_pt`` and ``y_pt`` are its left end and base line, from the upper left of the page."""

    x_pt: float
    y_pt: float
    text: str
    style: Style


@dataclass(frozen=True)
class PlacedRule:
    """A thin horizontal line."""

    x_pt: float
    y_pt: float
    width_pt: float
    color: str = _RULE


@dataclass(frozen=True, eq=False)
class PlacedPicture:
    """A picture with its upper left corner, stretched to a size."""

    x_pt: float
    y_pt: float
    width_pt: float
    height_pt: float
    image: KeyImage


Placed = PlacedText | PlacedRule | PlacedPicture


@dataclass(frozen=True, eq=False)
class Page:
    """A page and everything on it.

    Parameters
    ----------
    width_pt, height_pt : float
    items : tuple of PlacedText, PlacedRule or PlacedPicture
    """

    width_pt: float
    height_pt: float
    items: tuple[Placed, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All lines of words, in the order they were placed."""
        return tuple(item.text for item in self.items if isinstance(item, PlacedText))


@dataclass(frozen=True, eq=False)
class _Strip:
    """A strip over the whole width that is never cut; ``keep`` wants the next one on the same page."""

    height_pt: float
    items: tuple[Placed, ...] = ()
    keep: bool = False


def pages(content: ReportContent, size_pt: tuple[float, float] = A4_PT) -> tuple[Page, ...]:
    """Lay a report out.

    Parameters
    ----------
    content : ReportContent
    size_pt : (float, float)
        Width and height of the paper in points; at least 250 each.

    Returns
    -------
    tuple of Page
        At least one; head, notice and foot are on each.
    """
    if min(size_pt) < _LEAST_PAGE_PT:
        raise ValueError(
            f"paper must be at least {_LEAST_PAGE_PT:g} points wide and high. Received: {size_pt}"
        )
    room_pt = size_pt[0] - 2 * _MARGIN_PT
    top, bottom = _head(content, room_pt), _foot(content, room_pt)
    title = [_line(content.title, Style.TITLE), *_strips(content.head, Style.STRONG, room_pt), _rule(room_pt)]
    strips = [s for section in content.sections for s in _section(section, room_pt)]
    height_pt = size_pt[1] - 2 * _MARGIN_PT - _height(bottom)
    split = _paginated([*title, *strips], height_pt, height_pt - _height(top))
    return tuple(
        Page(
            *size_pt,
            (
                *_placed(found if number == 0 else [*top, *found], _MARGIN_PT),
                *_placed(
                    _numbered(bottom, number, len(split), room_pt), size_pt[1] - _MARGIN_PT - _height(bottom)
                ),
            ),
        )
        for number, found in enumerate(split)
    )


def _paginated(strips: Sequence[_Strip], first_pt: float, other_pt: float) -> list[list[_Strip]]:
    """Strips page by page; those that want to stay together do, unless they are higher than a page."""
    found: list[list[_Strip]] = [[]]
    left_pt = first_pt
    for group in _groups(strips):
        whole_pt = _height(group)
        if whole_pt > left_pt and found[-1] and whole_pt <= other_pt:
            found.append([])
            left_pt = other_pt
        for strip in group:
            if strip.height_pt > left_pt and found[-1]:
                found.append([])
                left_pt = other_pt
            found[-1].append(strip)
            left_pt -= strip.height_pt
    return found


def _groups(strips: Iterable[_Strip]) -> Iterable[list[_Strip]]:
    group: list[_Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.keep:
            yield group
            group = []
    if group:
        yield group


def _height(strips: Iterable[_Strip]) -> float:
    return sum(strip.height_pt for strip in strips)


def _placed(strips: Iterable[_Strip], top_pt: float) -> Iterable[Placed]:
    for strip in strips:
        for item in strip.items:
            yield replace(item, x_pt=item.x_pt + _MARGIN_PT, y_pt=item.y_pt + top_pt)
        top_pt += strip.height_pt


# What is on every page


def _head(content: ReportContent, room_pt: float) -> list[_Strip]:
    return [*_strips(content.head, Style.STRONG, room_pt), _rule(room_pt)]


def _foot(content: ReportContent, room_pt: float) -> list[_Strip]:
    return [
        _rule(room_pt),
        *_strips(content.notice, Style.SMALL_STRONG, room_pt),
        *_strips(content.foot, Style.SMALL, room_pt - 80.0),
    ]


def _numbered(foot: list[_Strip], number: int, total: int, room_pt: float) -> list[_Strip]:
    """The foot with the number of its page at the right of its last line."""
    last, text = foot[-1], tr("Page {number} of {total}").format(number=number + 1, total=total)
    at = PlacedText(room_pt - width_pt(text, Style.SMALL), Style.SMALL.ascent_pt, text, Style.SMALL)
    return [*foot[:-1], replace(last, items=(*last.items, at))]


# What a section is made of


def _section(section: Section, room_pt: float) -> list[_Strip]:
    strips = [_Strip(_SECTION_PT, keep=True), replace(_line(section.heading, Style.HEADING), keep=True)]
    facts = [block for block in section.blocks if isinstance(block, Fact)]
    images = [block for block in section.blocks if isinstance(block, KeyImage)]
    strips += _fact_strips(facts, room_pt)
    for start in range(0, len(images), _IMAGES_A_ROW):
        strips += _image_strips(images[start : start + _IMAGES_A_ROW], room_pt)
    for block in section.blocks:
        strips += _block_strips(block, room_pt)
    return strips


def _block_strips(block: Block, room_pt: float) -> list[_Strip]:
    if isinstance(block, Paragraph):
        return _strips(block.text, TONES[block.tone], room_pt)
    return _table_strips(block, room_pt) if isinstance(block, Table) else []


def _line(text: str, style: Style, x_pt: float = 0.0) -> _Strip:
    return _Strip(style.line_pt, (PlacedText(x_pt, style.ascent_pt, text, style),))


def _strips(text: str, style: Style, room_pt: float) -> list[_Strip]:
    return [_line(part, style) for part in broken(text, style, room_pt)]


def _rule(room_pt: float) -> _Strip:
    return _Strip(6.0, (PlacedRule(0.0, 3.0, room_pt),))


@dataclass(frozen=True)
class _Cell:
    """Words in a column."""

    x_pt: float
    width_pt: float
    text: str
    style: Style
    lines: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", broken(self.text, self.style, self.width_pt))


def _row(cells: Sequence[_Cell]) -> list[_Strip]:
    """Cells side by side, a strip a line, so that a row higher than a page goes on on the next."""
    count = max(len(cell.lines) for cell in cells)
    height_pt = max(cell.style.line_pt for cell in cells)
    strips = []
    for number in range(count):
        items = tuple(
            PlacedText(cell.x_pt, cell.style.ascent_pt, cell.lines[number], cell.style)
            for cell in cells
            if number < len(cell.lines)
        )
        strips.append(_Strip(height_pt, items, keep=number < count - 1))
    return strips


def _fact_strips(facts: Sequence[Fact], room_pt: float) -> list[_Strip]:
    """Names and values in two columns."""
    column_pt = (room_pt - _GAP_PT) / 2
    strips = []
    for start in range(0, len(facts), 2):
        cells = []
        for side, fact in enumerate(facts[start : start + 2]):
            x_pt = side * (column_pt + _GAP_PT)
            cells.append(_Cell(x_pt, _LABEL_PT - 4, fact.label, Style.MUTED))
            cells.append(_Cell(x_pt + _LABEL_PT, column_pt - _LABEL_PT, fact.value, Style.BODY))
        strips += _row(cells)
    return strips


def _table_strips(table: Table, room_pt: float) -> list[_Strip]:
    rows = [(table.columns, Style.MUTED), *((row, _style(table, i)) for i, row in enumerate(table.rows))]
    natural_pt = [
        max(width_pt(words[c], style) for words, style in rows) + 1 for c in range(len(table.columns))
    ]
    widths = column_widths(natural_pt, room_pt, _GAP_PT)
    lefts = [sum(widths[:c]) + c * _GAP_PT for c in range(len(widths))]
    strips: list[_Strip] = []
    for number, (words, style) in enumerate(rows):
        row = _row([_Cell(lefts[c], widths[c], text, style) for c, text in enumerate(words)])
        # The names of the columns stay with the first row.
        strips += [replace(strip, keep=True) for strip in row] if number == 0 and table.rows else row
    return strips


def _style(table: Table, row: int) -> Style:
    return Style.STRONG if row in table.strong else Style.BODY


def _image_strips(images: Sequence[KeyImage], room_pt: float) -> list[_Strip]:
    """Pictures in a row, each with its words below."""
    cell_pt = (room_pt - (_IMAGES_A_ROW - 1) * _GAP_PT) / _IMAGES_A_ROW
    sizes = [_size(image, cell_pt) for image in images]
    high_pt = max(height for _, height in sizes)
    items = tuple(
        PlacedPicture(c * (cell_pt + _GAP_PT) + (cell_pt - w) / 2, high_pt - h, w, h, image)
        for c, (image, (w, h)) in enumerate(zip(images, sizes, strict=True))
    )
    captions: list[_Strip] = []
    for number in range(max(len(image.lines) for image in images)):
        style = Style.SMALL_STRONG if number == 0 else Style.SMALL
        captions += _row(
            [
                _Cell(c * (cell_pt + _GAP_PT), cell_pt, image.lines[number], style)
                for c, image in enumerate(images)
                if number < len(image.lines)
            ]
        )
    kept = [replace(strip, keep=True) for strip in captions[:-1]]
    return [_Strip(high_pt + 3.0, items, keep=True), *kept, *captions[-1:]]


def _size(image: KeyImage, cell_pt: float) -> tuple[float, float]:
    aspect = min(max(image.aspect, 1 / _MOST_ASPECT), _MOST_ASPECT)
    return (cell_pt, cell_pt / aspect) if aspect >= 1 else (cell_pt * aspect, cell_pt)
