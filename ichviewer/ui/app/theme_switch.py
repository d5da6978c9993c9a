"""The dark and the light theme."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from ichviewer.ui.look.theme import DARK, LIGHT, apply_theme, theme
from ichviewer.ui.session.ui_settings import UiSettings


class ThemeSwitch:
    """Changes the theme and remembers it.

    Parameters
    ----------
    settings : UiSettings
    """

    def __init__(self, settings: UiSettings) -> None:
        self._settings = settings

    def toggle(self) -> None:
        """Dark to light, light to dark."""
        colors = LIGHT if theme() is DARK else DARK
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, colors)
        self._settings.theme = colors
