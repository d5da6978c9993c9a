"""The key sheet: keys and mouse in groups, a line for what belongs together, as the keys are at the moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ichviewer.ui.app.commands import Command, MouseHelp, Sheet, SheetGroup
from ichviewer.ui.app.key_map import KeyMap
from ichviewer.ui.look.key_names import called

_LAST = 1000
_Part = MouseHelp | Command


@dataclass(frozen=True)
class SheetLine:
    """Keys and mouse, and what they do.

    Parameters
    ----------
    keys : str
        Such as ``Right drag, Ctrl+wheel, +, -``.
    words : str
        With a small first letter, except after a name.
    """

    keys: str
    words: str


def sheet_lines(keys: KeyMap, group: SheetGroup, *, readme: bool = False) -> list[SheetLine]:
    """The lines of a group.

    Parameters
    ----------
    keys : KeyMap
    group : SheetGroup
    readme : bool
        In the README's words, the same on every platform.
    """
    everything: list[_Part] = [*keys.table.mouse, *keys.table.commands]
    of_group = [part for part in everything if _sheet(part).group is group]
    found: dict[str, list[_Part]] = {}
    for part in sorted(of_group, key=lambda part: _sheet(part).order):
        found.setdefault(_sheet(part).words, []).append(part)
    return [line for parts in found.values() for line in _lines(keys, parts, readme=readme)]


def _sheet(part: _Part) -> Sheet:
    if part.sheet is not None:
        return part.sheet
    return Sheet(SheetGroup.PROGRAM, part.name, _LAST)


def _lines(keys: KeyMap, parts: Sequence[_Part], *, readme: bool) -> list[SheetLine]:
    """One line for all, or one for each where it could not be told which key does what."""
    words = next((s.readme for s in map(_sheet, parts) if readme and s.readme), _sheet(parts[0]).words)
    mouse = ", ".join(part.mouse for part in parts if isinstance(part, MouseHelp))
    commands = [part for part in parts if isinstance(part, Command)]
    if _told_together(keys, commands):
        told = called([key for command in commands for key in keys.keys(command.id)], portable=readme)
        return _line([mouse, told], words)
    lines = _line([mouse], words)
    for command in commands:
        lines += _line([called(keys.keys(command.id), portable=readme)], command.name)
    return lines


def _told_together(keys: KeyMap, commands: Sequence[Command]) -> bool:
    """Whether words such as "next, previous" still tell the keys of some commands apart."""
    now = [keys.keys(command.id) for command in commands]
    at_first = [command.keys for command in commands]
    return len(commands) < 2 or now == at_first or all(len(of_one) == 1 for of_one in now)


def _line(keys: Sequence[str], words: str) -> list[SheetLine]:
    together = ", ".join(part for part in keys if part)
    return [SheetLine(together, words)] if together else []
