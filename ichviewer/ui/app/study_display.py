"""Shows in the window what the session tells of what is open: being read, read, closed, partly closed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolTip

from ichviewer.domain.eligibility import is_of_headers
from ichviewer.domain.series import Catalog, Series
from ichviewer.errors import IchViewerError
from ichviewer.ui.app.patients_in_view import PatientsInView
from ichviewer.ui.app.recent_menu import RecentMenu
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import title_text
from ichviewer.ui.look.words import counted, error_words, joined, patient_name, sentence, study_title
from ichviewer.ui.panes.preset_choice import NO_PRESET
from ichviewer.ui.session.opened_beside import OpenedBeside

if TYPE_CHECKING:
    from ichviewer.ui.app.main_window import MainWindow


class StudyDisplay(QObject):
    """Keeps all parts of a window at what is open, and takes off the screen what is not any more.

    Parameters
    ----------
    window : MainWindow
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = session = window.session
        self._patients = PatientsInView(session, window.viewing, window.panes, window.status)
        session.opening.connect(self._show_opening)
        session.catalogChanged.connect(self._show_catalog)
        session.readProgress.connect(window.status.set_reading)
        session.readFailed.connect(self._show_read_failure)
        card = window.image.card
        card.backRequested.connect(self.show_closed)
        RecentMenu(card.recent_menu, window.settings, window.open_paths)
        session.closed.connect(self.show_closed)
        session.openingBeside.connect(self._show_opening_beside)
        session.openedBeside.connect(self._show_beside)
        session.alreadyOpen.connect(
            lambda name: window.notice.show_message(
                tr("{name} is open already; nothing is opened twice.").format(name=name)
            )
        )
        session.studiesClosed.connect(self._show_studies_closed)
        window.viewing.seriesChanged.connect(self._series_changed)

    def show_closed(self) -> None:
        """Nothing is open."""
        self._forget()
        self._window.panels.set_study(False)
        self._window.image.show_message(
            tr("Open a head CT"),
            tr(
                "ichviewer shows the slices and marks those that may show blood. Nothing leaves this computer "
                "unless you ask for it."
            ),
            "empty",
        )

    def patient_in_view(self) -> str:
        """Name of the patient of the active pane; empty where it shows none."""
        series = self._window.viewing.series
        return "" if series is None else patient_name(series.patient)

    def in_place_of(self) -> str:
        """What opening something else would close, in words; empty if nothing is open."""
        if self._session.stands_alone:
            return self.patient_in_view()
        return tr("all {studies:,} open studies").format(studies=len(self._session.catalog.studies))

    # What the session tells

    def _show_opening(self, _: list[Path]) -> None:
        window = self._window
        self._forget()
        window.panels.set_study(True)
        window.image.setFocus()
        name = self._session.places.all[-1].name
        window.image.show_message(tr("Reading"), name, "loading")
        window.status.set_busy(tr("Reading {name}").format(name=name))

    def _say_reading(self) -> None:
        """Only what is still being read is left: what was read before it was closed, or could not be read."""
        place = next((place for place in self._session.places.all if place.reading), None)
        if place is not None:
            self._window.image.show_message(tr("Reading"), place.name, "loading")
            self._window.status.set_busy(tr("Reading {name}").format(name=place.name))

    def _show_opening_beside(self, name: str) -> None:
        self._window.status.set_busy(tr("Reading {name}").format(name=name))
        self._window.refresh_commands()

    def _show_catalog(self, catalog: Catalog, complete: bool) -> None:
        window, session, viewing = self._window, self._session, self._window.viewing
        window.browser.set_catalog(catalog, session.places.names(), session.places.incomplete)
        in_view = None if viewing.key is None else session.series(viewing.key)
        # What is read beside something else comes into a pane when it is asked for.
        if session.stands_alone and self._may_choose(in_view, complete):
            in_view = session.first_series() or in_view
        if in_view is not None:
            before = viewing.key
            viewing.replace_series(in_view)
            if session.stands_alone and (complete or in_view.key != before):
                # Else it is marked already, and whoever scrolls the list is left alone.
                window.browser.set_current(in_view.key)
        else:
            if viewing.key is not None:
                # With more images, a series was split in other parts.
                viewing.active.clear()
            viewing.renew()
        window.panes.say_vacant()
        if complete:
            window.status.set_idle("")
        if complete or not session.reading:
            window.summaries.set_catalog(catalog)
        self._patients.refresh()
        window.refresh_commands()

    def _may_choose(self, in_view: Series | None, complete: bool) -> bool:
        """Whether the window chooses the series in view, with what was found so far."""
        if in_view is None:
            return True
        viewing = self._window.viewing
        if all(place.arrival is None for place in self._session.places.all):
            return complete and not viewing.moved
        # Images that arrive over minutes are being read: only a localizer that came first gives way to the head.
        return viewing.active.untouched and is_of_headers(self._session.refusal(in_view))

    def _show_read_failure(self, error: IchViewerError) -> None:
        # Some of it may have been read and shown before it failed.
        self._forget()
        self._window.panels.set_study(False)
        words = error_words(error) if error.where else sentence(error_words(error))
        self._window.image.show_message(tr("Nothing to show"), words, "failed")

    def _show_beside(self, opened: OpenedBeside) -> None:
        window = self._window
        if not self._session.reading:
            window.summaries.tell()
        words, kind = _beside_words(opened)
        window.notice.show_message(words, kind)
        window.refresh_commands()

    def _show_studies_closed(self, closed: Sequence[Series]) -> None:
        """Take the series that were closed off the screen, and nothing else."""
        window, keys = self._window, {series.key for series in closed}
        window.output_place.close_dialogs()
        window.report.close(keys)
        window.pictures.close(keys)
        window.saving.close(keys)
        QToolTip.hideText()
        window.panes.close_series(keys)
        window.findings.flush()
        window.thumbnails.close(keys)
        window.notice.clear()
        places = self._session.places
        window.browser.set_catalog(self._session.catalog, places.names(), places.incomplete)
        window.browser.set_current(window.viewing.key)
        window.summaries.close(keys, self._session.catalog)
        if window.viewing.series is None:
            window.preset_bar.set_current(NO_PRESET, "")
        self._patients.refresh()
        if not self._session.is_open:
            self._say_reading()
        window.refresh_commands()

    def _forget(self) -> None:
        """Take everything of the patient who was open off the screen."""
        window = self._window
        window.output_place.close_dialogs()
        window.report.drop()
        window.pictures.drop()
        window.saving.drop()
        QToolTip.hideText()
        window.panes.empty()
        window.preset_bar.set_current(NO_PRESET, "")
        window.findings.flush()
        window.show_doubts(())
        window.browser.clear()
        window.thumbnails.open(self._session.cache)
        window.notice.clear()
        window.summaries.clear()
        window.setWindowTitle("ichviewer")
        self._patients.refresh()
        window.refresh_commands()

    def _series_changed(self, series: Series | None) -> None:
        window = self._window
        window.browser.set_current(None if series is None else series.key)
        if series is None:
            window.setWindowTitle("ichviewer")
            return
        study = joined((study_title(series.study), series.study.date))
        window.setWindowTitle(title_text(f"{patient_name(series.patient)} – {study} – ichviewer"))


def _beside_words(opened: OpenedBeside) -> tuple[str, str]:
    """What became of opening something beside what is open, and how it is said."""
    if opened.cancelled:
        return tr("{name} was not opened: it was cancelled.").format(name=opened.name), "info"
    if opened.error is not None:
        return tr("{name} was not opened. {error}").format(
            name=opened.name, error=error_words(opened.error)
        ), "error"
    if not opened.studies:
        why = tr("all of it is open already") if opened.known else tr("its studies were closed")
        return tr("{name} was not opened: {why}.").format(name=opened.name, why=why), "info"
    patients = dict.fromkeys(patient_name(study.patient) for study in opened.studies)
    who = ", ".join([*patients][:3]) + (", …" if len(patients) > 3 else "")
    words = tr("Opened beside: {studies} of {who}.").format(
        studies=counted("study", "studies", len(opened.studies)), who=who
    )
    known = (
        tr(" {series_were} open already.").format(
            series_were=counted("series was", "series were", opened.known)
        )
        if opened.known
        else ""
    )
    return f"{words}{known}", "done"
