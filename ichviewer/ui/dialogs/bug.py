"""What a person sees of an unexpected error: that it is a bug, and where its report lies. Never a traceback."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.look.language import tr


class BugDialog(DialogFrame):
    """Says that something unexpected happened, and offers the report."""

    def __init__(self, error: BaseException, report: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(tr("Unexpected error"), tr("This is a bug in ichviewer"), parent)
        self.setMinimumWidth(460)
        self.content.addWidget(
            wrapped(
                tr(
                    "Something happened that the program was not prepared for. You can go on, but what you just "
                    "asked for may not have been done."
                )
            )
        )
        self.content.addWidget(wrapped(f"{type(error).__name__}: {error}"[:400], "muted"))
        if report is None:
            self.content.addWidget(wrapped(tr("A report could not be saved."), "muted"))
            return
        self.content.addWidget(
            wrapped(tr("Please report it with this file:\n{report}").format(report=report))
        )
        button = self.buttons.addButton(tr("Show in folder"), QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.parent))))
