"""From one series to another: keeps the list, the image and the keyboard together."""

from __future__ import annotations

from ichviewer.domain.series import SeriesKey
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.panes.arrangement import Arrangement
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session


class SeriesSwitch:
    """Shows another series of what is open.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    browser : StudyBrowser
        Its order is the order of the series.
    panes : Arrangement
    """

    def __init__(self, session: Session, viewing: Viewing, browser: StudyBrowser, panes: Arrangement) -> None:
        self._session = session
        self._viewing = viewing
        self._browser = browser
        self._panes = panes
        browser.seriesRequested.connect(self.show)

    def show(self, key: SeriesKey) -> None:
        """Show a series in the active pane, if it is still open."""
        series = self._session.series(key)
        if series is not None:
            self._panes.show_series(self._viewing.active, series)
            self._viewing.active.image.setFocus()

    def go(self, step: int) -> None:
        """Move to a series further on (1) or back (-1) in the list; not past its ends."""
        here = self._viewing.key
        key = None if here is None else self._browser.neighbour(here, step)
        if key is not None:
            self._browser.set_current(key)
            self.show(key)
