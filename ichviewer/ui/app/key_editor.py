"""The keys in use: restored from the settings, changed by the user, remembered at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.ui.app.commands import CommandTable, SheetGroup
from ichviewer.ui.app.key_map import KeyMap, KeyRefusedError, restore
from ichviewer.ui.app.key_sheet import sheet_lines
from ichviewer.ui.dialogs.key_rows import KeyRow
from ichviewer.ui.look.key_names import called
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.ui_settings import UiSettings

if TYPE_CHECKING:
    from ichviewer.ui.dialogs.keys import KeyGroup

_LEFT = (SheetGroup.SLICES, SheetGroup.IMAGE, SheetGroup.PANES)
_RIGHT = tuple(group for group in SheetGroup if group not in _LEFT)

log = logging.getLogger("ichviewer.ui")


class KeyEditor(QObject):
    """Holds the key map, and is what `KeysDialog` shows and changes.

    Parameters
    ----------
    table : CommandTable
    settings : UiSettings
        Where chosen keys are remembered.
    parent : QObject, optional

    Signals
    -------
    changed(KeyMap)
    """

    changed = Signal(object)

    def __init__(self, table: CommandTable, settings: UiSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._settings = settings
        self._restore()

    @property
    def keys(self) -> KeyMap:
        """The keys as they are now."""
        return self._keys

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the remembered keys is not used, and why; none once keys were changed."""
        return self._notes

    def columns(self) -> list[list[KeyGroup]]:
        """The key sheet."""
        return [[self._group(group) for group in column] for column in (_LEFT, _RIGHT)]

    def rows(self) -> list[KeyRow]:
        """Every command with its keys, menu by menu."""
        order = {menu.name: place for place, menu in enumerate(self._table.menus)}
        rows = [
            KeyRow(
                command.id,
                command.name,
                self._table.menu_name(command),
                called(self._keys.keys(command.id)),
                command.id in self._keys.chosen,
                tr("Set in {keys_set_in}").format(keys_set_in=command.keys_set_in)
                if command.keys_set_in
                else "",
            )
            for command in self._table.commands
        ]
        return sorted(rows, key=lambda row: order.get(row.menu, len(order)))

    def give(self, command_id: str, keys: Sequence[str]) -> str:
        """Give a command other keys.

        Returns
        -------
        str
            Why it was refused; empty if it was done.
        """
        try:
            self._change(self._keys.with_keys(command_id, keys))
        except KeyRefusedError as error:
            return f"{error_words(error)}."
        return ""

    def reset(self, command_id: str) -> str:
        """Give a command its first keys again; why not, if another has them by now."""
        try:
            self._change(self._keys.reset(command_id))
        except KeyRefusedError as error:
            return f"{error_words(error)}."
        return ""

    def reset_all(self) -> None:
        """Give all commands their first keys again."""
        self._change(KeyMap(self._table))

    def renew(self) -> None:
        """Follow a table in which commands were replaced; `notes` tell which chosen keys are not used any more."""
        self._restore()
        self.changed.emit(self._keys)

    def _restore(self) -> None:
        restored = restore(self._table, self._settings.chosen_keys)
        self._keys, self._notes = restored.keys, restored.notes
        for note in self._notes:
            log.warning("%s", note)

    def _change(self, keys: KeyMap) -> None:
        self._keys, self._notes = keys, ()
        self._settings.chosen_keys = keys.stored()
        self.changed.emit(keys)

    def _group(self, group: SheetGroup) -> KeyGroup:
        from ichviewer.ui.dialogs.keys import KeyGroup  # noqa: PLC0415 - with the dialog that shows it

        return KeyGroup(words_of(group), tuple((s.keys, s.words) for s in sheet_lines(self._keys, group)))
