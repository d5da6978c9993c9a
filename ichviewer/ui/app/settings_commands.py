"""The command that opens the settings, and what follows when others are chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ichviewer.services.windows import Preset
from ichviewer.ui.app.actions import Actions
from ichviewer.ui.app.commands import Command, CommandTable, Entry, MenuPlace, MouseHelp, Sheet, SheetGroup
from ichviewer.ui.app.key_editor import KeyEditor
from ichviewer.ui.app.menus import Menus
from ichviewer.ui.app.mouse_help import mouse_help
from ichviewer.ui.app.preferences_in_use import PreferencesInUse
from ichviewer.ui.app.preset_commands import PRESET_IDS, WINDOW_MENU, preset_commands
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.mouse_map import MouseMap
from ichviewer.ui.session.ui_settings import UiSettings

if TYPE_CHECKING:
    from ichviewer.ui.dialogs.settings_page import SettingsPage


def settings_commands() -> list[Entry]:
    """The settings."""
    return [
        Command(
            "file.settings",
            tr("&Settings…"),
            tr("Appearance, windows, mouse, storage"),
            lambda c: c.settings.open(),
            keys=("Ctrl+,",),
            menu=MenuPlace("file", 20, -1),
            sheet=Sheet(SheetGroup.PROGRAM, tr("settings"), 95),
        )
    ]


class SettingsControl(QObject):
    """Opens the settings, and keeps commands, menus and keys with the windows and the mouse that were chosen.

    Parameters
    ----------
    settings : UiSettings
    in_use : PreferencesInUse
        Says when windows or mouse are others.
    usual : tuple of Preset
        The windows of the program and of ``windows.toml``.
    table : CommandTable
    actions : Actions
    menus : Menus
    keys : KeyEditor
    window : QWidget
        Above which the settings open.
    storage_parts : callable
        Makes what the storage page shows besides.
    """

    def __init__(
        self,
        settings: UiSettings,
        in_use: PreferencesInUse,
        usual: tuple[Preset, ...],
        *,
        table: CommandTable,
        actions: Actions,
        menus: Menus,
        keys: KeyEditor,
        window: QWidget,
        storage_parts: Callable[[], Sequence[SettingsPage]] = tuple,
    ) -> None:
        super().__init__(window)
        self._settings, self._usual, self._window = settings, usual, window
        self._table, self._actions, self._menus, self._keys = table, actions, menus, keys
        self._storage_parts = storage_parts
        self._mouse = mouse_help(in_use.preferences.mouse)
        in_use.windowsChanged.connect(self._offer_windows)
        in_use.mouseChanged.connect(self._tell_mouse)

    def open(self) -> None:
        """Show the settings."""
        from ichviewer.ui.app.open_settings import open_settings  # noqa: PLC0415 - on first use

        open_settings(self._window, self._settings, self._usual, self._storage_parts)

    def _offer_windows(self, presets: tuple[Preset, ...], _start: int) -> None:
        # What the new windows' keys are may be a key that a person chose for something else.
        self._table.replace(_is_preset, preset_commands(presets))
        self._keys.renew()
        self._actions.renew(self._keys.keys)
        self._menus.fill(WINDOW_MENU, self._actions)

    def _tell_mouse(self, mouse: MouseMap) -> None:
        old, self._mouse = self._mouse, mouse_help(mouse)
        # Lines of others, about what is no image of a slice, stay.
        self._table.replace(lambda entry: isinstance(entry, MouseHelp) and entry in old, self._mouse)


def _is_preset(entry: Entry) -> bool:
    return isinstance(entry, Command) and entry.id.startswith(PRESET_IDS)
