"""Holding, stopping and repeating the analysis."""

from __future__ import annotations

from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session


class AnalysisControl:
    """What a person may do to the analysis.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    """

    def __init__(self, session: Session, viewing: Viewing) -> None:
        self._session = session
        self._viewing = viewing

    def toggle_pause(self) -> None:
        """Hold it between two slices, or let it go on."""
        self._session.analysis.set_paused(not self._session.analysis.paused)

    def cancel(self) -> None:
        """Stop the reading, else the analysis."""
        self._session.cancel()

    def again(self) -> None:
        """Analyze everything again, and read the picture in view anew."""
        self._session.analyze_again()
        self._viewing.reload()
