"""Opens documents that lie in DICOM files with the system's own programs, from files that only the user can read."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from ichviewer.domain.series import SeriesKey
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.app.private_copies import delete_folder, private_folder
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import joined, result_title
from ichviewer.ui.session.result_reading import ReadResult
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.workers import Task

if TYPE_CHECKING:
    from ichviewer.results.reading.document import Document

_WIDTH_PX = 440


class DocumentOpening(QObject):
    """Asks, writes a copy into a private folder, and has it opened; the copies go with their study.

    Parameters
    ----------
    session : Session
    place : OutputPlace
    """

    def __init__(self, session: Session, place: OutputPlace) -> None:
        super().__init__(place)
        self._session, self._place = session, place
        self._folders: dict[SeriesKey, Path] = {}
        self._writing: dict[SeriesKey, Task] = {}

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the copies lie."""
        return tuple(self._folders.values())

    def ask(self, result: ReadResult) -> None:
        """Ask whether a document may be opened by another program."""
        from ichviewer.ui.dialogs.frame import DialogFrame, wrapped  # noqa: PLC0415 - on first use

        document = result.document
        if document is None:
            raise ValueError(f"a document is needed. Received: {result.entry.stored.kind}")
        dialog = DialogFrame(tr("Open document"), tr("Open with another program?"), self._place.window)
        named = one_line(document.title) or result_title(result.entry.stored)
        kind = document.type.value.upper()
        size = f"{max(1, len(document.data) // 1024):,} KB"
        dialog.content.addWidget(wrapped(joined((named, kind, size, one_line(document.file.maker)))))
        dialog.content.addWidget(
            wrapped(
                tr(
                    "The system's program for {kind} files shows it. It gets a copy that only you can "
                    "read, which is deleted when you close the study or quit. It may name the patient."
                ).format(kind=kind),
                "muted",
            )
        )
        dialog.setMinimumWidth(text_size().px(_WIDTH_PX))
        dialog.ask(tr("Open"))
        dialog.accepted.connect(lambda: self._write(result.entry.anchor, document))
        self._place.open(dialog)

    def close_series(self, keys: Container[SeriesKey]) -> None:
        """Delete the copies of studies that are closed."""
        for key in [key for key in self._folders if key in keys]:
            if key in self._writing:
                self._writing.pop(key).drop()
            delete_folder(self._folders.pop(key))

    def clear(self) -> None:
        """Delete all copies."""
        self.close_series(set(self._folders))

    def _write(self, key: SeriesKey, document: Document) -> None:
        if self._session.series(key) is None:
            return
        if key not in self._folders:
            self._folders[key] = private_folder()
        folder = self._folders[key]
        self._writing[key] = self._session.workers.run(
            lambda _: document.write_to(folder),
            on_result=self._written,
            on_error=lambda error: self._place.tell_failed(tr("The document was not opened."), error),
            lane="export",
        )

    def _written(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            kind = path.suffix.removeprefix(".").upper()
            self._place.notice.show_message(
                tr("The system has no program for {kind} files.").format(kind=kind), "error"
            )
