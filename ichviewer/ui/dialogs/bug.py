"""What a person sees of an unexpected error: that it is a bug, and where its report lies. Never a traceback."""

from __future__ import annotations

import logging
import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_log_path
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from ichviewer import __version__
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped

log = logging.getLogger("ichviewer.ui")


def save_report(error: BaseException, folder: Path | None = None) -> Path | None:
    """Write a report of an unexpected error into the user's log folder.

    Returns
    -------
    Path or None
        Where it lies; None if it could not be written, which is logged.
    """
    now = datetime.now(UTC)
    details = "".join(traceback.format_exception(error))
    log.error("unexpected error\n%s", details)
    try:
        place = folder or Path(user_log_path("ichviewer", appauthor=False, ensure_exists=True))
        path = place / f"bug-{now:%Y%m%d-%H%M%S-%f}-{os.getpid()}.log"
        text = f"ichviewer {__version__}, {now.isoformat(timespec='seconds')}\n{details}"
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as failure:
        log.error("the report could not be saved: %s", failure)
        return None
    return path


class BugDialog(DialogFrame):
    """Says that something unexpected happened, and offers the report."""

    def __init__(self, error: BaseException, report: Path | None, parent: QWidget | None = None) -> None:
        super().__init__("Unexpected error", "This is a bug in ichviewer", parent)
        self.setMinimumWidth(460)
        self.content.addWidget(
            wrapped(
                "Something happened that the program was not prepared for. You can go on, but what you just asked "
                "for may not have been done."
            )
        )
        self.content.addWidget(wrapped(f"{type(error).__name__}: {error}"[:400], "muted"))
        if report is None:
            self.content.addWidget(wrapped("A report could not be saved.", "muted"))
            return
        self.content.addWidget(wrapped(f"Please report it with this file:\n{report}"))
        button = self.buttons.addButton("Show in folder", QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.parent))))
