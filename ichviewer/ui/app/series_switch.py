"""From one series to another: keeps the list, the image and the keyboard together."""

from __future__ import annotations

from ichviewer.domain.series import SeriesKey
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.panes.image_pane import ImagePane
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
    image : ImagePane
        Gets the keyboard.
    """

    def __init__(self, session: Session, viewing: Viewing, browser: StudyBrowser, image: ImagePane) -> None:
        self._session = session
        self._viewing = viewing
        self._browser = browser
        self._image = image
        browser.seriesRequested.connect(self.show)

    def show(self, key: SeriesKey) -> None:
        """Show a series, if it is still open."""
        series = self._session.series(key)
        if series is not None:
            self._viewing.moved = True
            self._viewing.show_series(series)
            self._image.setFocus()

    def go(self, step: int) -> None:
        """Move to a series further on (1) or back (-1) in the list; not past its ends."""
        here = self._viewing.key
        key = None if here is None else self._browser.neighbour(here, step)
        if key is not None:
            self._browser.set_current(key)
            self.show(key)
