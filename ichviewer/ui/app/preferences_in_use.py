"""Makes preferences act: theme and size of words on the application, windows and mouse on who listens."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from ichviewer.services.windows import Preset
from ichviewer.ui.look.theme import THEMES, look
from ichviewer.ui.session.preferences import Preferences, ThemeChoice, start_place
from ichviewer.ui.session.ui_settings import UiSettings


class PreferencesInUse(QObject):
    """Follows the settings: what is chosen acts at once.

    Parameters
    ----------
    settings : UiSettings
    usual : tuple of Preset
        The windows of the program and of ``windows.toml``.
    parent : QObject

    Signals
    -------
    windowsChanged(tuple of Preset, int)
        Other windows are offered now, or another one is the first to be shown: its place.
    mouseChanged(MouseMap)
    """

    windowsChanged = Signal(object, int)
    mouseChanged = Signal(object)

    def __init__(
        self, settings: UiSettings, usual: tuple[Preset, ...], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._usual = usual
        self._used = settings.preferences
        settings.preferencesChanged.connect(self._use)

    @property
    def preferences(self) -> Preferences:
        """What acts."""
        return self._used

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The windows on offer, in order."""
        return self._used.presets(self._usual)

    @property
    def start(self) -> int:
        """Place of the window that a series is first shown with."""
        return start_place(self.presets, self._used.window_at_start)

    def _use(self, chosen: Preferences) -> None:
        windows, mouse = (self.presets, self.start), self._used.mouse
        self._used = chosen
        app = QApplication.instance()
        if isinstance(app, QApplication):
            use_look(app, chosen)
        if (self.presets, self.start) != windows:
            self.windowsChanged.emit(self.presets, self.start)
        if chosen.mouse != mouse:
            self.mouseChanged.emit(chosen.mouse)


def use_look(app: QApplication, chosen: Preferences) -> None:
    """Put theme and size of words on the application, as far as they are others than those on it."""
    worn = look()
    if chosen.theme is ThemeChoice.SYSTEM:
        if not worn.follows_system:
            worn.follow_system(app)
    elif worn.follows_system or worn.colors is not THEMES[chosen.theme] or not app.styleSheet():
        worn.show_theme(app, THEMES[chosen.theme])
    worn.set_text_percent(app, chosen.text_percent)
