"""Tells of errors that nobody expected."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ichviewer.errors import system_refusal
from ichviewer.ui.app.notice import Notice


class BugNotice:
    """Shows bugs, one dialog at a time, and what the system refused.

    Parameters
    ----------
    notice : Notice
        Says what the system refused, which is no bug.
    parent : QWidget
        Of the dialogs.
    """

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        self._notice = notice
        self._parent = parent

    def show(self, error: BaseException) -> None:
        """Tell of an unexpected error and save a report, one dialog at a time; tell what the system refused."""
        refused = system_refusal(error)
        if refused is not None:
            self._notice.show_message(refused, "error")
            return
        from ichviewer.services.bug_report import save_report  # noqa: PLC0415 - only a bug needs it
        from ichviewer.ui.dialogs.bug import BugDialog  # noqa: PLC0415 - as above

        report = save_report(error)
        if not any(dialog.isVisible() for dialog in self._parent.findChildren(BugDialog)):
            BugDialog(error, report, self._parent).open()
