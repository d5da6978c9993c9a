# ruff: noqa: PLC0415 - the window stands before any of its dialogs is loaded
"""The dialogs of the menu Help."""

from __future__ import annotations

from ichviewer.errors import IchViewerError
from ichviewer.ui.app.key_editor import KeyEditor
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.session import Session


class HelpDialogs:
    """Opens them; none blocks the window.

    Parameters
    ----------
    session : Session
    keys : KeyEditor
    place : OutputPlace
        Closes with the study what tells of it.
    """

    def __init__(self, session: Session, keys: KeyEditor, place: OutputPlace) -> None:
        self._session = session
        self._keys = keys
        self._place = place

    def show_keys(self) -> None:
        """Keys and mouse, and changing the keys."""
        from ichviewer.ui.dialogs.keys import KeysDialog

        KeysDialog(self._keys, self._place.window).open()

    def show_problems(self) -> None:
        """List what was repaired, doubted or left out."""
        from ichviewer.ui.dialogs.input_problems import problem_rows
        from ichviewer.ui.dialogs.problems import ProblemsDialog

        rows = problem_rows(self._session.catalog, self._session.findings.known())
        self._place.open(ProblemsDialog(rows, self._place.window))

    def show_news(self) -> None:
        """What changed from version to version."""
        from ichviewer.services.changelog import read_changelog
        from ichviewer.ui.dialogs.news import NewsDialog

        try:
            releases = read_changelog()
        except IchViewerError as error:
            self._place.tell_failed(tr("What is new cannot be told."), error)
            return
        NewsDialog(releases, self._place.window).open()

    def show_about(self) -> None:
        """Version, model, licenses."""
        from ichviewer.ui.dialogs.about import AboutDialog

        AboutDialog(self._session.model, self._place.window).open()
