"""Asks where the findings go, has them written, and says what became of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ichviewer.errors import IchViewerError
from ichviewer.ui.app.bug_notice import BugNotice
from ichviewer.ui.app.choosing import choose_csv
from ichviewer.ui.app.exporting import Exported, Exporter
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings


class ExportChoice(QObject):
    """The command to export.

    Parameters
    ----------
    session : Session
    exporter : Exporter
    settings : UiSettings
    notice : Notice
        Says what became of it.
    bugs : BugNotice
    parent : QWidget
        Of the file dialog.
    """

    def __init__(
        self,
        session: Session,
        exporter: Exporter,
        *,
        settings: UiSettings,
        notice: Notice,
        bugs: BugNotice,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._exporter = exporter
        self._settings = settings
        self._notice = notice
        self._bugs = bugs
        self._window = parent
        exporter.done.connect(self._done)
        exporter.failed.connect(self._failed)

    def ask(self) -> None:
        """Let the user choose where the CSV goes."""
        proposed = self._exporter.proposed_path(self._settings.last_export_folder)
        choose_csv(self._window, proposed, self._exporter.export)

    def _done(self, made: Exported) -> None:
        left = (
            ""
            if self._session.analysis.complete
            else " The analysis is not finished; export again afterwards."
        )
        folder = QUrl.fromLocalFile(str(made.csv.parent))
        self._settings.last_export_folder = made.csv.parent
        self._notice.show_message(
            f"{made}{left}",
            "done",
            ("Show in folder", lambda: QDesktopServices.openUrl(folder)),
        )

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self._notice.show_message(f"The CSV was not written. {error}", "error")
        else:
            self._bugs.show(error)
