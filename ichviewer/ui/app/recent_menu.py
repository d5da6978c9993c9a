"""The menu of recently opened paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import menu_item
from ichviewer.ui.session.ui_settings import UiSettings


class RecentMenu(QObject):
    """Fills the menu whenever it is shown.

    Parameters
    ----------
    menu : QMenu
    settings : UiSettings
    open_paths : callable
        Opens what was chosen.
    """

    def __init__(
        self, menu: QMenu, settings: UiSettings, open_paths: Callable[[Sequence[Path]], None]
    ) -> None:
        super().__init__(menu)
        self._menu = menu
        self._settings = settings
        self._open = open_paths
        menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        menu, settings = self._menu, self._settings
        menu.clear()
        for path in settings.recent:
            act = menu_item(menu, str(path))
            act.triggered.connect(lambda _=False, path=path: self._open([path]))
        if menu.isEmpty():
            words = tr("Nothing opened yet") if settings.remember_recent else tr("Nothing is remembered")
            menu.addAction(words).setEnabled(False)
            return
        menu.addSeparator()
        menu_item(menu, tr("Clear this list")).triggered.connect(settings.clear_recent)
