"""Commands as values: all that the window can be asked to do, in one table.

Menus, toolbar, tooltips, keys, the key sheet and the README's tables of keys are made from it. Who adds a command
writes one entry and hands it to `CommandTable.add` before the window is built.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from ichviewer.ui.app.window_state import Condition, WindowState, always
from ichviewer.ui.look.key_names import canonical
from ichviewer.ui.look.language import marked

if TYPE_CHECKING:
    from ichviewer.ui.app.command_context import CommandContext


Words = str | Callable[[WindowState], str]
"""Words, or what gives them for a state of the window."""

FAR_END = 90
"""Sections of the toolbar from here on stand at its far end."""

WINDOW_KEYS = tuple("123456789")
"""For the window presets, whose keys a person sets in a file: no other command has them at first."""

_ID = re.compile(r"[a-z]+(\.[a-z0-9_]+)+")
_MENU_ID = re.compile(r"[a-z]+(\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class MenuPlace:
    """Where an entry stands in a menu.

    Parameters
    ----------
    menu : str
        The `Menu`'s id.
    section : int
        Sections are parted by lines, in ascending order.
    order : int
        Within the section; entries of the same order stand as they were added.
    """

    menu: str
    section: int
    order: int = 0


@dataclass(frozen=True)
class ToolbarPlace:
    """Where a command stands in the toolbar.

    Parameters
    ----------
    section, order : int
        As in a menu; sections from `FAR_END` on stand at the far end.
    words : str
        Shown beside the icon; empty for the icon alone.
    """

    section: int
    order: int
    words: str = ""


class SheetGroup(StrEnum):
    """The groups of the key sheet; the value is what the README calls them."""

    SLICES = marked("Slices")
    WINDOWS = marked("Windows, center/width in HU")
    IMAGE = marked("Image")
    PANES = marked("Panes")
    MEASURING = marked("Measuring")
    PROGRAM = marked("Program")


@dataclass(frozen=True)
class Sheet:
    """A command's line in the key sheet; commands with the same words share one.

    Parameters
    ----------
    group : SheetGroup
    words : str
        What the keys do, with a small first letter.
    order : int
        Of the line among those of its group, and of the keys within it.
    readme : str
        What the README says instead; empty for the same words.
    """

    group: SheetGroup
    words: str
    order: int
    readme: str = ""

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a line of the key sheet needs words. Received: none")


@dataclass(frozen=True)
class MouseHelp:
    """What the mouse does, for the key sheet; shares the line of commands with the same words.

    Parameters
    ----------
    mouse : str
        What is done with it, such as ``Left drag``.
    sheet : Sheet
    """

    mouse: str
    sheet: Sheet


@dataclass(frozen=True)
class Menu:
    """A menu of the menu bar, or one within another; some are filled by the window.

    Parameters
    ----------
    id : str
        Such as ``view`` or ``view.window``.
    words : str
        With ``&`` before the letter that opens it.
    order : int
        Of menus in the menu bar.
    place : MenuPlace or None
        None for the menu bar.
    icon : str
    enabled : Condition
    """

    id: str
    words: str
    order: int = 0
    place: MenuPlace | None = None
    icon: str = ""
    enabled: Condition = always

    def __post_init__(self) -> None:
        if not _MENU_ID.fullmatch(self.id):
            raise ValueError(f"a menu's id must be like view or view.window. Received: {self.id!r}")
        if not plain(self.words):
            raise ValueError(f"the menu {self.id} needs words. Received: {self.words!r}")

    @property
    def name(self) -> str:
        """Its words without the mark of a letter."""
        return plain(self.words)


@dataclass(frozen=True)
class Command:
    """One thing the window can be asked to do.

    Parameters
    ----------
    id : str
        Such as ``go.next_flagged``; changed keys are stored under it, so it stays.
    words : str
        In menus, with ``&`` before the letter that chooses it.
    tip : Words
        What it does; the key is added to it.
    run : callable
        Does it.
    icon : Words
        Name of an icon; empty for none.
    keys : tuple of str
        At first, as `canonical` writes them; the first one stands in tooltips.
    keys_set_in : str
        What sets the keys, where a person cannot change them in the window; empty where they can be changed.
    enabled : Condition
        When it is possible.
    checked : Condition or None
        When it is on; None for what is no switch.
    menu, toolbar : MenuPlace or None, ToolbarPlace or None
        None where it is not offered there.
    sheet : Sheet or None
        None lists it under its name among the program's keys.
    """

    id: str
    words: str
    tip: Words
    run: Callable[[CommandContext], None]
    icon: Words = ""
    keys: tuple[str, ...] = ()
    keys_set_in: str = ""
    enabled: Condition = always
    checked: Condition | None = None
    menu: MenuPlace | None = None
    toolbar: ToolbarPlace | None = None
    sheet: Sheet | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"a command's id must be like go.next_flagged. Received: {self.id!r}")
        if not self.name:
            raise ValueError(f"the command {self.id} needs words. Received: {self.words!r}")
        for key in self.keys:
            if canonical(key) != key:
                raise ValueError(
                    f"the keys of {self.id} must be written as {canonical(key)}. Received: {key}"
                )
            if key in WINDOW_KEYS and not self.keys_set_in:
                raise ValueError(f"the keys 1 to 9 are for window presets. Received: {key} of {self.id}")

    @property
    def name(self) -> str:
        """Its words without the mark of a letter and without dots."""
        return " ".join(plain(self.words).split()).removesuffix("…")


Entry = Command | Menu | MouseHelp
MenuEntry = Command | Menu
_Placed = TypeVar("_Placed", bound=MenuEntry)


class CommandTable:
    """All commands, menus and lines about the mouse, in the order in which they were added.

    Parameters
    ----------
    entries : iterable of Command, Menu or MouseHelp

    Raises
    ------
    ValueError
        As `add` does.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: tuple[Entry, ...] = ()
        self._commands: dict[str, Command] = {}
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries, all or none.

        Raises
        ------
        ValueError
            If two commands or menus have the same id, two commands the same key, two entries of a menu the same
            letter, or a menu is not there.
        """
        self._hold((*self._entries, *entries))

    def replace(self, old: Callable[[Entry], bool], new: Iterable[Entry]) -> None:
        """Take entries out and add others in their place, all or none.

        Parameters
        ----------
        old : callable
            Says of an entry whether it goes.
        new : iterable of Command, Menu or MouseHelp

        Raises
        ------
        ValueError
            As `add` does.
        """
        self._hold((*(e for e in self._entries if not old(e)), *new))

    def _hold(self, entries: tuple[Entry, ...]) -> None:
        _check(entries)
        self._entries = entries
        self._commands = {e.id: e for e in entries if isinstance(e, Command)}

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands."""
        return tuple(self._commands.values())

    @property
    def menus(self) -> tuple[Menu, ...]:
        """All menus; those of the menu bar in their order, each before those within it."""
        return tuple(_from_the_bar_down(_menus(self._entries)))

    @property
    def mouse(self) -> tuple[MouseHelp, ...]:
        """What the mouse does."""
        return tuple(e for e in self._entries if isinstance(e, MouseHelp))

    def command(self, command_id: str) -> Command | None:
        """The command of this id, None if there is none."""
        return self._commands.get(command_id)

    def menu_name(self, command: Command) -> str:
        """The menu that offers a command; empty where none does."""
        place = command.menu
        return "" if place is None else next(m.name for m in self.menus if m.id == place.menu)

    def in_menu(self, menu: str) -> list[list[MenuEntry]]:
        """What a menu offers, section by section."""
        placed = [
            (place.section, place.order, entry)
            for entry in self._entries
            if not isinstance(entry, MouseHelp) and (place := _place(entry)) and place.menu == menu
        ]
        return _sections(placed)

    def in_toolbar(self) -> dict[int, list[Command]]:
        """What the toolbar offers, by the number of the section, in ascending order."""
        placed = [(c.toolbar.section, c.toolbar.order, c) for c in self.commands if c.toolbar is not None]
        numbers = sorted({section for section, _, _ in placed})
        return dict(zip(numbers, _sections(placed), strict=True))


def plain(words: str) -> str:
    """Words of a menu without the mark of a letter: ``&Go`` is Go, ``&&`` an ampersand."""
    return "&".join(part.replace("&", "") for part in words.split("&&"))


def letter(words: str) -> str:
    """The letter that chooses an entry of a menu, as a capital; empty where it has none."""
    found = re.search(r"&([^&])", words.replace("&&", ""))
    return found.group(1).upper() if found else ""


def _sections(placed: Sequence[tuple[int, int, _Placed]]) -> list[list[_Placed]]:
    in_order = sorted(placed, key=lambda at: at[:2])
    return [[entry for _, _, entry in section] for _, section in groupby(in_order, key=lambda at: at[0])]


def _menus(entries: Iterable[Entry]) -> list[Menu]:
    return [e for e in entries if isinstance(e, Menu)]


def _from_the_bar_down(menus: list[Menu]) -> list[Menu]:
    found = sorted((m for m in menus if m.place is None), key=lambda m: m.order)
    for menu in found:  # grows while it is walked through
        found += [m for m in menus if m.place is not None and m.place.menu == menu.id]
    return found


def _place(entry: MenuEntry) -> MenuPlace | None:
    return entry.menu if isinstance(entry, Command) else entry.place


def _check(entries: Sequence[Entry]) -> None:
    commands = [e for e in entries if isinstance(e, Command)]
    menus = _menus(entries)
    for what, ids in (("command", [c.id for c in commands]), ("menu", [m.id for m in menus])):
        twice = [i for i, number in Counter(ids).items() if number > 1]
        if twice:
            raise ValueError(f"every {what} has an id of its own. Received twice: {', '.join(twice)}")
    owners: dict[str, Command] = {}
    for command in commands:
        for key in command.keys:
            if key in owners:
                raise ValueError(
                    f"a key means one command. Received: {key} of {owners[key].id} and {command.id}"
                )
            owners[key] = command
    known = {m.id for m in menus}
    letters: dict[tuple[str, str], str] = {}
    for entry in entries:
        if isinstance(entry, MouseHelp):
            continue
        place = _place(entry)
        if place is not None and place.menu not in known:
            raise ValueError(f"{entry.id} needs a menu that is there. Received: {place.menu}")
        if place is None and isinstance(entry, Command):
            continue
        at = ("" if place is None else place.menu, letter(entry.words))
        if at[1] and at in letters:
            raise ValueError(f"a letter chooses one entry. Received: {at[1]} of {letters[at]} and {entry.id}")
        letters[at] = entry.id
    reachable = {m.id for m in _from_the_bar_down(menus)}
    if known != reachable:
        raise ValueError(
            f"every menu hangs from the menu bar. Received: {', '.join(sorted(known - reachable))}"
        )
