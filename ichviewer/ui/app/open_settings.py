"""Opens the settings dialog on a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ichviewer.services.windows import Preset
from ichviewer.ui.app.choosing import choose_folder
from ichviewer.ui.dialogs.settings import SettingsDialog
from ichviewer.ui.dialogs.settings_appearance import AppearancePage
from ichviewer.ui.dialogs.settings_mouse import MousePage
from ichviewer.ui.dialogs.settings_page import SettingsPage
from ichviewer.ui.dialogs.settings_storage import StoragePage
from ichviewer.ui.dialogs.settings_windows import WindowsPage
from ichviewer.ui.session.ui_settings import UiSettings


def open_settings(
    window: QWidget,
    settings: UiSettings,
    usual: Sequence[Preset],
    storage_parts: Callable[[], Sequence[SettingsPage]] = tuple,
) -> SettingsDialog:
    """Show the settings, one dialog at a time; what is chosen is stored and acts through `PreferencesInUse`.

    Parameters
    ----------
    window : QWidget
        Above which it opens; it does not block.
    settings : UiSettings
    usual : sequence of Preset
        The windows of the program and of ``windows.toml``.
    storage_parts : callable
        Makes what the storage page shows besides.

    Returns
    -------
    SettingsDialog
        The one that is open.
    """
    opened = next((d for d in window.findChildren(SettingsDialog) if d.isVisible()), None)
    if opened is not None:
        return opened
    pages = (AppearancePage(), WindowsPage(usual), MousePage(), StoragePage(choose_folder, storage_parts()))
    dialog = SettingsDialog(settings.preferences, pages, window)
    dialog.chosen.connect(settings.store_preferences)
    dialog.open()
    return dialog
