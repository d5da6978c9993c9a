"""Opening and closing studies: what the user chooses, the demo studies, and whether paths are remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ichviewer.domain.series import SeriesKey
from ichviewer.ui.app.choosing import choose_files, choose_folder
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings


class Opening:
    """Opens paths in place of what is open or beside it, and closes all of it or a part.

    Parameters
    ----------
    session : Session
    settings : UiSettings
    parent : QWidget
        Of its file dialogs.
    in_view : callable
        Gives the series in the active pane.
    """

    def __init__(
        self,
        session: Session,
        settings: UiSettings,
        parent: QWidget,
        in_view: Callable[[], SeriesKey | None],
    ) -> None:
        self._session = session
        self._in_view = in_view
        self._settings = settings
        self._parent = parent

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open folders, files, ZIPs or DICOMDIRs in place of what is open."""
        if not paths:
            return
        if remember:
            self._settings.add_recent(paths)
        self._session.open(paths)

    def open_beside(self, paths: Sequence[Path]) -> None:
        """Open folders, files, ZIPs or DICOMDIRs, and leave what is open as it is."""
        if paths:
            self._settings.add_recent(paths)
            self._session.open_beside(paths)

    def ask_folder_beside(self) -> None:
        """Let the user choose a folder that is opened beside what is open."""
        choose_folder(
            self._parent,
            self._settings.last_folder,
            lambda path: self.open_beside([path]),
            title=tr("Open folder beside"),
        )

    def ask_files_beside(self) -> None:
        """Let the user choose files that are opened beside what is open."""
        choose_files(
            self._parent, self._settings.last_folder, self.open_beside, title=tr("Open files beside")
        )

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
        """Close everything that is open."""
        self._session.close_study()

    def close_study_in_view(self) -> None:
        """Close the study in the active pane, and leave all others."""
        key = self._in_view()
        if key is not None:
            self._session.close_study_of(key)

    def close_folder_in_view(self) -> None:
        """Close all that was opened together with the study in the active pane, and leave all else."""
        key = self._in_view()
        if key is not None:
            self._session.close_place_of(key)

    def toggle_remember(self) -> None:
        """Remember what is opened from now on, or forget all of it."""
        self._settings.remember_recent = not self._settings.remember_recent
