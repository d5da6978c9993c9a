"""What all commands that write something share: where it goes, their dialogs, and what is said afterwards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from ichviewer.errors import IchViewerError
from ichviewer.ui.app.bug_notice import BugNotice
from ichviewer.ui.app.exporting import Exporter
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.ui_settings import UiSettings

_OURS = tr("closes with the study")


class OutputPlace(QObject):
    """Proposes paths, keeps the dialogs that belong to the study that is open, and tells what became of an output.

    Parameters
    ----------
    exporter : Exporter
        Knows folders that are not those of the images.
    settings : UiSettings
    notice : Notice
    bugs : BugNotice
    window : QWidget
        Of the dialogs.
    """

    def __init__(
        self, exporter: Exporter, settings: UiSettings, *, notice: Notice, bugs: BugNotice, window: QWidget
    ) -> None:
        super().__init__(window)
        self._exporter, self._settings = exporter, settings
        self.notice, self._bugs, self.window = notice, bugs, window

    def proposed(self, what: str, suffix: str) -> Path:
        """Where to write: a name that says nothing of the patient, beside no images."""
        return self._exporter.proposed_path(self._settings.last_export_folder, what=what, suffix=suffix)

    def own(self, dialog: QDialog) -> None:
        """Close a dialog with the study."""
        dialog.setObjectName(_OURS)

    def open(self, dialog: QDialog) -> None:
        """Open a dialog that closes with the study; it does not block."""
        self.own(dialog)
        dialog.open()

    def close_dialogs(self) -> None:
        """Close them: what they ask about or tell of is not open any more."""
        for dialog in self.window.findChildren(QDialog, _OURS):
            dialog.reject()

    def tell_written(self, what: str, path: Path, more: str = "") -> None:
        """Say where something was written, and remember the folder."""
        words = tr("{what} written to {path}.{more}").format(
            what=what, path=path, more=f" {more}" if more else ""
        )
        self.tell(words, path, "warning" if more else "done")

    def tell(self, words: str, path: Path, kind: str = "done") -> None:
        """Say what was written to a path, in words of their own, and remember the folder."""
        self._settings.last_export_folder = path.parent
        folder = QUrl.fromLocalFile(str(path.parent))
        self.notice.show_message(
            words, kind, (tr("Show in folder"), lambda: QDesktopServices.openUrl(folder))
        )

    def tell_failed(self, what: str, error: BaseException) -> None:
        """Say why something was not written."""
        if isinstance(error, IchViewerError):
            self.notice.show_message(f"{what} {error_words(error)}", "error")
        else:
            self._bugs.show(error)
