"""What sums up many slices: written anew now and then while results stream in."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer

from ichviewer.domain.series import Catalog, SeriesKey
from ichviewer.ui.app.status import StatusBar
from ichviewer.ui.app.summary import series_result, summary
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.dialogs.input_problems import ProblemCount
from ichviewer.ui.session.session import Session

_REFRESH_MS = 150
"""How often what summarizes many slices is written anew while results stream in."""

_SUMMARIES_A_TURN = 100


class Summaries(QObject):
    """Keeps the badges of the study browser, the number of problems and the status bar up to date.

    Parameters
    ----------
    session : Session
    browser : StudyBrowser
    status : StatusBar
    parent : QObject
    """

    def __init__(self, session: Session, browser: StudyBrowser, status: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._browser = browser
        self._status = status
        self._problems = ProblemCount()
        self._dirty: set[SeriesKey] = set()
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._write)
        session.findings.changed.connect(self._mark)

    def clear(self) -> None:
        """Forget what was summed up."""
        self._dirty.clear()
        self._problems.clear()
        self._status.set_problems(0)
        self._status.set_idle("")

    def close(self, keys: Iterable[SeriesKey], catalog: Catalog) -> None:
        """Forget some series; the catalog is what is left."""
        for key in keys:
            self._dirty.discard(key)
            self._problems.drop_series(key)
        self._problems.set_catalog(catalog)
        self._status.set_problems(self._problems.total)
        self.tell()

    def tell(self) -> None:
        """Say what is known, once this turn of the event loop is over."""
        if not self._timer.isActive():
            self._timer.start(0)

    def set_catalog(self, catalog: Catalog) -> None:
        """All that was found is known."""
        self._problems.set_catalog(catalog)
        self.judge_anew()

    def judge_anew(self) -> None:
        """Write all summaries anew: the thresholds are others."""
        self._dirty.update(series.key for series in self._session.catalog.series)
        self._timer.start()

    def stop(self) -> None:
        """Write nothing any more."""
        self._timer.stop()

    def _mark(self, changed: Iterable[SeriesKey]) -> None:
        self._dirty.update(changed)
        if not self._timer.isActive():
            self._timer.start()

    def _write(self) -> None:
        analysis, point = self._session.analysis, self._session.model.point
        # A few at a time: thousands of series would stall the window.
        for key in [self._dirty.pop() for _ in range(min(_SUMMARIES_A_TURN, len(self._dirty)))]:
            work = self._session.findings.work(key)
            if work is not None:
                opening, rule = self._session.model.loading, self._session.model.series_rule
                self._browser.set_result(key, series_result(work, point, rule, opening_model=opening))
                self._problems.set_series(work.series, work.findings() if work.slices else None)
        if self._dirty:
            self._timer.start(0)
            return
        self._timer.setInterval(_REFRESH_MS)
        self._status.set_problems(self._problems.total)
        if self._session.is_open and analysis.complete and not self._session.reading:
            self._status.set_idle(summary(self._session))
