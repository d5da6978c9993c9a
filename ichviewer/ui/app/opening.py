"""Opening studies: what the user chooses, the demo studies, and whether paths are remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ichviewer.ui.app.choosing import choose_files, choose_folder
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings


class Opening:
    """Opens paths in place of what is open.

    Parameters
    ----------
    session : Session
    settings : UiSettings
    parent : QWidget
        Of its file dialogs.
    """

    def __init__(self, session: Session, settings: UiSettings, parent: QWidget) -> None:
        self._session = session
        self._settings = settings
        self._parent = parent

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open folders, files, ZIPs or DICOMDIRs in place of what is open."""
        if not paths:
            return
        if remember:
            self._settings.add_recent(paths)
        self._session.open(paths)

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        choose_folder(self._parent, self._settings.last_folder, lambda path: self.open_paths([path]))

    def ask_files(self) -> None:
        """Let the user choose files."""
        choose_files(self._parent, self._settings.last_folder, self.open_paths)

    def open_demo(self) -> None:
        """Open the demo studies; they are not remembered."""
        self.open_paths([self._session.backend.demo_folder()], remember=False)

    def close_study(self) -> None:
        """Close what is open."""
        self._session.close_study()

    def toggle_remember(self) -> None:
        """Remember what is opened from now on, or forget all of it."""
        self._settings.remember_recent = not self._settings.remember_recent
