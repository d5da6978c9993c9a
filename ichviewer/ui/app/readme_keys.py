"""The README's tables of keys, made from the command table. ``packaging/write_key_tables.py`` writes them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from ichviewer.bundle import resources_dir
from ichviewer.services.windows import NAME, Preset, read_presets
from ichviewer.ui.app.commands import SheetGroup
from ichviewer.ui.app.key_map import KeyMap
from ichviewer.ui.app.key_sheet import SheetLine, sheet_lines
from ichviewer.ui.app.standard_commands import standard_table

BEGIN = "<!-- keys: begin; packaging/write_key_tables.py writes this from the command table -->"
END = "<!-- keys: end -->"

_COLUMNS = 118


def with_key_tables(text: str) -> str:
    """A document with the tables of keys written anew between its two marks.

    Raises
    ------
    ValueError
        If it does not hold each mark once, the first one first.
    """
    before, first, rest = text.partition(BEGIN)
    _, last, after = rest.partition(END)
    if not first or not last or BEGIN in rest or END in before + after:
        raise ValueError(f"a document needs the marks {BEGIN} and {END}, each once. Received: others")
    return f"{before}{BEGIN}\n\n{key_tables()}\n\n{END}{after}"


def key_tables() -> str:
    """The keys and the mouse in Markdown, with the window presets that come with the program."""
    presets = read_presets(resources_dir() / NAME)
    keys = KeyMap(standard_table(presets))
    slices, image, panes, program = (
        sheet_lines(keys, group, readme=True)
        for group in (SheetGroup.SLICES, SheetGroup.IMAGE, SheetGroup.PANES, SheetGroup.PROGRAM)
    )
    numbers = [preset.key for preset in presets if preset.key]
    image.append(SheetLine(f"{min(numbers)} to {max(numbers)}", "windows, see below"))
    measuring = sheet_lines(keys, SheetGroup.MEASURING, readme=True)
    half, half_panes = (len(program) + 1) // 2, (len(panes) + 1) // 2
    half_measuring = (len(measuring) + 1) // 2
    return "\n\n".join(
        (
            _table("Slices", slices, "Image", image),
            _table("Panes", panes[:half_panes], "", panes[half_panes:]),
            _table("Measuring", measuring[:half_measuring], "", measuring[half_measuring:]),
            _table("Program", program[:half], "", program[half:]),
            textwrap.fill(_windows(presets), _COLUMNS),
        )
    )


def _table(left: str, left_lines: Sequence[SheetLine], right: str, right_lines: Sequence[SheetLine]) -> str:
    rows = [[left, "", right, ""], ["---"] * 4]
    for a, b in zip_longest(left_lines, right_lines, fillvalue=SheetLine("", "")):
        rows.append([a.keys, a.words, b.keys, b.words])
    return "\n".join(_row(cells) for cells in rows)


def _row(cells: Sequence[str]) -> str:
    if set(cells) == {"---"}:
        return f"|{'|'.join(cells)}|"
    return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in cells)}|"


def _windows(presets: Sequence[Preset]) -> str:
    told = [
        f"{p.key} {p.name.lower()} {p.voi.center_hu:g}/{p.voi.width_hu:g}"
        if p.voi is not None
        else f"{p.key} the file's own (press again for the next one)"
        for p in presets
        if p.key
    ]
    return f"Windows, center/width in HU: {', '.join(told)}."
