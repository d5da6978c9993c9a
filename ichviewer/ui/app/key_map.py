"""Which keys each command has: those of the table, except where a person chose others.

A key means one command at most; what would break that is refused in words that name both commands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ichviewer.errors import SettingsError
from ichviewer.ui.app.commands import Command, CommandTable, letter
from ichviewer.ui.look.key_names import called, canonical
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words, sentence

VERSION = 1
"""Of the stored form: ``{"version": 1, "keys": {"go.next_flagged": ["N", "J"]}}``, chosen keys only."""

_OF_EVERY_WINDOW = ("Tab", "Backtab", "Shift+Tab", "Shift+Backtab", "Return", "Enter", "Space")
"""They move between the parts of a window and press what has the keyboard."""


class KeyRefusedError(SettingsError):
    """A command cannot have a key."""


@dataclass(frozen=True)
class KeyMap:
    """The keys of all commands of a table.

    Parameters
    ----------
    table : CommandTable
    chosen : mapping of str to tuple of str
        Keys a person chose, by the command's id; none for a command without keys.

    Raises
    ------
    KeyRefusedError
        If a key cannot be given to a command, or means two.
    ValueError
        If there is no command of an id.
    """

    table: CommandTable
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chosen", MappingProxyType(dict(self.chosen)))
        owners: dict[str, Command] = {}
        for command_id, keys in self.chosen.items():
            command = self.table.command(command_id)
            if command is None:
                raise ValueError(f"keys are given to commands of the table. Received: {command_id}")
            _check_settable(command)
            for key in keys:
                _check_key(self.table, command, key)
        for command in self.table.commands:
            for key in self.keys(command.id):
                if key in owners:
                    raise _taken(key, owners[key], command)
                owners[key] = command

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, the one that tooltips name first; none for an unknown command."""
        command = self.table.command(command_id)
        return self.chosen.get(command_id, () if command is None else command.keys)

    def owner(self, key: str) -> Command | None:
        """The command that a key means, None if it is free."""
        return next((c for c in self.table.commands if key in self.keys(c.id)), None)

    def with_keys(self, command_id: str, keys: Sequence[str]) -> KeyMap:
        """The map with other keys for a command; its old ones are free.

        Raises
        ------
        KeyRefusedError
            If one of them cannot be a command's key, or belongs to another command; the message names both.
        ValueError
            If there is no such command.
        """
        command = self.table.command(command_id)
        if command is None:
            raise ValueError(f"keys are given to commands of the table. Received: {command_id}")
        new = tuple(dict.fromkeys(keys))
        if new != self.keys(command_id):
            _check_settable(command)
        for key in new:
            _check_key(self.table, command, key)
            owner = self.owner(key)
            if owner is not None and owner is not command:
                raise _taken(key, owner, command)
        kept = {i: k for i, k in self.chosen.items() if i != command_id}
        return KeyMap(self.table, kept if new == command.keys else {**kept, command_id: new})

    def reset(self, command_id: str) -> KeyMap:
        """The map with a command's first keys again.

        Raises
        ------
        KeyRefusedError
            If another command has one of them by now.
        ValueError
            If there is no such command.
        """
        command = self.table.command(command_id)
        return self.with_keys(command_id, () if command is None else command.keys)

    def stored(self) -> str:
        """The chosen keys as they are remembered; empty where none were chosen."""
        if not self.chosen:
            return ""
        return json.dumps({"version": VERSION, "keys": {i: list(k) for i, k in self.chosen.items()}})


@dataclass(frozen=True)
class Restored:
    """A map as it was remembered.

    Parameters
    ----------
    keys : KeyMap
    notes : tuple of str
        What of the remembered is not used, and why, a sentence each.
    """

    keys: KeyMap
    notes: tuple[str, ...] = ()


def restore(table: CommandTable, text: str) -> Restored:
    """The keys as they were remembered, as far as they can be used; never an error.

    Parameters
    ----------
    table : CommandTable
    text : str
        From `KeyMap.stored`, perhaps of another version of the program, or damaged.
    """
    try:
        found = _read(text)
    except SettingsError as error:
        return Restored(
            KeyMap(table), (tr("The keys you chose are not used: {error}.").format(error=error_words(error)),)
        )
    notes: list[str] = []
    unknown = sorted(i for i in found if table.command(i) is None)
    if unknown:
        notes.append(
            tr("Keys of commands that are not there are not used: {unknown}.").format(
                unknown=", ".join(unknown)
            )
        )
    kept: dict[str, tuple[str, ...]] = {}
    owners = {key: c for c in table.commands if c.keys_set_in for key in c.keys}
    for command in table.commands:
        if command.id not in found:
            continue
        keys = tuple(dict.fromkeys(found[command.id]))
        try:
            _check_settable(command)
            for key in keys:
                _check_key(table, command, key)
                if key in owners:
                    raise _taken(key, owners[key], command)
        except KeyRefusedError as error:
            notes.append(f"{sentence(error_words(error))}.")
            continue
        kept[command.id] = keys
        owners |= dict.fromkeys(keys, command)
    for command in table.commands:
        # What a person chose counts more than what a command has at first.
        lost = [k for k in command.keys if command.id not in kept and owners.get(k, command) is not command]
        if lost:
            notes.append(f"{_taken(lost[0], owners[lost[0]], command)}.")
            kept[command.id] = tuple(k for k in command.keys if k not in lost)
    return Restored(KeyMap(table, kept), tuple(notes))


def _read(text: str) -> dict[str, list[str]]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(tr("what is stored of them is damaged")) from error
    if not isinstance(found, dict):
        raise SettingsError(tr("what is stored of them is damaged"))
    version = found.get("version")
    if version != VERSION or isinstance(version, bool):
        raise SettingsError(
            tr("they were stored by another version of ichviewer"),
            found=tr("version {version!r:.20}").format(version=version),
        )
    keys = found.get("keys")
    if not isinstance(keys, dict) or not all(_are_words(value) for value in keys.values()):
        raise SettingsError(tr("what is stored of them is damaged"))
    return keys


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _check_settable(command: Command) -> None:
    if command.keys_set_in:
        raise KeyRefusedError(
            tr('the keys of "{name}" are set in {keys_set_in}').format(
                name=command.name, keys_set_in=command.keys_set_in
            )
        )


def _check_key(table: CommandTable, command: Command, key: str) -> None:
    try:
        written = canonical(key)
    except ValueError:
        written = ""
    if written != key:
        raise KeyRefusedError(
            tr('"{name}" cannot have a key that Qt does not know').format(name=command.name), found=repr(key)
        )
    if key in _OF_EVERY_WINDOW:
        raise KeyRefusedError(
            tr('{value} moves between the parts of the window; "{name}" cannot have it').format(
                value=called([key]), name=command.name
            )
        )
    opened = _menu_letters(table).get(key)
    if opened is not None:
        raise KeyRefusedError(
            tr('{value} opens the menu "{opened}"; "{name}" cannot have it').format(
                value=called([key]), opened=opened, name=command.name
            )
        )


def _menu_letters(table: CommandTable) -> dict[str, str]:
    return {f"Alt+{letter(m.words)}": m.name for m in table.menus if m.place is None and letter(m.words)}


def _taken(key: str, owner: Command, wanted_for: Command) -> KeyRefusedError:
    return KeyRefusedError(
        tr('{value} belongs to "{name}"; "{name_2}" cannot have it too').format(
            value=called([key]), name=owner.name, name_2=wanted_for.name
        )
    )
