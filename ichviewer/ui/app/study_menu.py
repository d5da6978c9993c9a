"""The menu of a study in the study browser: closing it, or all that was opened together with it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from ichviewer.domain.series import SeriesKey
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import menu_item
from ichviewer.ui.look.words import counted, joined, patient_name, study_title
from ichviewer.ui.session.session import Session


class StudyMenu(QObject):
    """Shows it where the browser asks for it.

    Parameters
    ----------
    session : Session
    browser : StudyBrowser
    """

    def __init__(self, session: Session, browser: StudyBrowser) -> None:
        super().__init__(browser)
        self._session = session
        self._browser = browser
        browser.menuRequested.connect(self.show)
        session.studiesClosed.connect(lambda _: self._hide())
        session.closed.connect(self._hide)
        session.opening.connect(lambda _: self._hide())
        self._menu: QMenu | None = None

    def show(self, key: SeriesKey, at: QPoint) -> None:
        """Offer what can be done with the study of a series."""
        self._hide()
        menu = self._menu = self.make(key)
        if menu is not None:
            menu.popup(at)

    def make(self, key: SeriesKey) -> QMenu | None:
        """The menu; None where the series is not open any more."""
        found = self._session.places.of(key)
        if found is None:
            return None
        place, study = found
        menu = QMenu(self._browser)
        where = self._session.places.names().get(place.number, "")
        named = joined((study_title(study.info), study.info.date, patient_name(study.patient), where))
        close = menu_item(menu, tr("Close study: {named}").format(named=named))
        close.triggered.connect(lambda: self._session.close_study_of(key))
        studies = len(place.catalog.studies)
        if studies > 1:
            together = menu_item(
                menu,
                tr("Close folder: {name} ({studies})").format(
                    name=place.name, studies=counted("study", "studies", studies)
                ),
            )
            together.triggered.connect(lambda: self._session.close_place_of(key))
        return menu

    def _hide(self) -> None:
        # It names a study that may be gone.
        if self._menu is not None:
            self._menu.close()
            self._menu.clear()
            self._menu.deleteLater()
            self._menu = None
