"""The dialogs of the menu Help."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ichviewer.ui.app.key_editor import KeyEditor
from ichviewer.ui.dialogs.about import AboutDialog
from ichviewer.ui.dialogs.input_problems import problem_rows
from ichviewer.ui.dialogs.keys import KeysDialog
from ichviewer.ui.dialogs.problems import ProblemsDialog
from ichviewer.ui.session.session import Session


class HelpDialogs:
    """Opens them; none blocks the window.

    Parameters
    ----------
    session : Session
    keys : KeyEditor
    parent : QWidget
    """

    def __init__(self, session: Session, keys: KeyEditor, parent: QWidget) -> None:
        self._session = session
        self._keys = keys
        self._parent = parent

    def show_keys(self) -> None:
        """Keys and mouse, and changing the keys."""
        KeysDialog(self._keys, self._parent).open()

    def show_problems(self) -> None:
        """List what was repaired, doubted or left out."""
        rows = problem_rows(self._session.catalog, self._session.findings.known())
        ProblemsDialog(rows, self._parent).open()

    def close_problems(self) -> None:
        """Close that list: it tells of a study that is no longer open."""
        for dialog in self._parent.findChildren(ProblemsDialog):
            dialog.close()

    def show_about(self) -> None:
        """Version, model, licenses."""
        AboutDialog(self._session.model, self._parent).open()
