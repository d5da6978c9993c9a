"""The stored results of one window: listed, opened, shown over the images, and gone with their study."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import IchViewerError
from ichviewer.ui.app.document_opening import DocumentOpening
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.app.series_switch import SeriesSwitch
from ichviewer.ui.browser.study_browser import StudyBrowser
from ichviewer.ui.browser.tree_rows import ResultState
from ichviewer.ui.findings.key_objects import KeyObjectBar
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import menu_item
from ichviewer.ui.look.words import (
    counted,
    error_words,
    joined,
    patient_name,
    problem_words,
    result_details,
    result_title,
    study_title,
)
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.result_view import ResultView
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.result_reading import ReadResult, StoredEntry
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.shown_results import ShownResults
from ichviewer.ui.session.stored_list import StoredList


class ResultDesk(QObject):
    """Keeps browser, panes and strip at the stored results that are listed and shown.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    browser : StudyBrowser
    switch : SeriesSwitch
        Brings a series into view that a result is about.
    strip, bar : SliceStrip, KeyObjectBar
        Show the key objects only.
    place : OutputPlace

    Signals
    -------
    changed()
        Something that decides which commands are possible.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        browser: StudyBrowser,
        switch: SeriesSwitch,
        *,
        strip: SliceStrip,
        bar: KeyObjectBar,
        place: OutputPlace,
    ) -> None:
        super().__init__(place)
        self._viewing, self._browser, self._switch = viewing, browser, switch
        self._strip, self._bar, self._place = strip, bar, place
        self._views: dict[PaneView, ResultView] = {}
        self._menu: QMenu | None = None
        self._key = ""
        self.list = StoredList(session, self)
        self.shown = ShownResults(session.workers, self)
        self.documents = DocumentOpening(session, place)
        for pane in viewing.panes:
            self.attach(pane)
        self.list.changed.connect(self._listed)
        self.shown.changed.connect(self._show_states)
        for shown in (viewing.seriesChanged, viewing.seriesGrew):
            shown.connect(lambda _: self._filter())
        viewing.activeChanged.connect(self.attach)
        browser.resultRequested.connect(self.toggle)
        browser.resultMenuRequested.connect(self.show_menu)
        bar.allSlicesRequested.connect(self.shown.show_all_slices)
        for gone in (session.studiesClosed, session.studyGrows):
            gone.connect(self._studies_closed)
        for gone in (session.opening, session.closed, session.readFailed):
            gone.connect(lambda *_: self._forget())

    def attach(self, pane: PaneView) -> None:
        """Draw on a pane, too, and have it page through the key objects only while they are shown."""
        if pane not in self._views:
            pane.slices_left = self.shown.marked
            self._views[pane] = ResultView(pane, self.shown)
            pane.destroyed.connect(lambda: self._views.pop(pane, None))

    @property
    def drawn(self) -> bool:
        """Whether there is anything over the images that can be hidden."""
        return self.shown.drawn

    @property
    def visible(self) -> bool:
        """Whether it is drawn."""
        return self.shown.drawn and self.shown.visible

    @property
    def key_objects(self) -> int:
        """How many slices of the series in view are left by a selection; 0 for no filter."""
        return len(self.shown.marked(self._viewing.key))

    # Commands

    def toggle_drawn(self) -> None:
        """Draw the results over the images, or not."""
        self.shown.toggle()

    def show_all_slices(self) -> None:
        """Show the slices that are not key objects, too."""
        self.shown.show_all_slices()

    def set_all_slices_key(self, key: str) -> None:
        """Say which key shows all slices again, as a person reads it."""
        self._key = key
        self._filter()

    # Opening

    def toggle(self, entry: StoredEntry) -> None:
        """Open a result, or show it no more."""
        if self.shown.shows(entry.stored):
            self.shown.hide(entry.stored)
            return
        self.list.read(entry, self._opened, lambda error: self._refused(entry, error))

    def show_menu(self, entry: StoredEntry, at: QPoint) -> None:
        """Offer what can be done with a result."""
        self._close_menu()
        menu = self._menu = self.make_menu(entry)
        menu.popup(at)

    def make_menu(self, entry: StoredEntry) -> QMenu:
        """The menu of a result: open or hide it, and each segment of a segmentation that is shown."""
        menu = QMenu(self._browser)
        shown = self.shown.shows(entry.stored)
        words = tr("Hide") if shown else tr("Stop reading") if self.list.reads(entry) else tr("Open")
        menu_item(menu, words).triggered.connect(lambda: self.toggle(entry))
        segments = self.shown.segments(entry.stored)
        if segments:
            menu.addSeparator()
        for number, name, outlined in segments:
            action = menu_item(menu, name)
            action.setCheckable(True)
            action.setChecked(outlined)
            action.triggered.connect(
                lambda _=False, number=number: self.shown.toggle_segment(entry.stored, number)
            )
        return menu

    def _opened(self, result: ReadResult) -> None:
        if result.report is not None:
            self._show_report(result)
            return
        if result.document is not None:
            self.documents.ask(result)
            return
        if self._viewing.key not in result.series:
            self._switch.show(result.series[0])
        self.shown.show(result)
        self._go_to_it(result)
        self._tell(result)

    def _show_report(self, result: ReadResult) -> None:
        from ichviewer.ui.dialogs.report_tree import ReportTreeDialog  # noqa: PLC0415 - on first use

        report, entry = result.report, result.entry
        assert report is not None
        study = entry.study
        whose = joined((patient_name(study.patient), study_title(study.info), study.info.date))
        state = joined((result_details(entry.stored), report.completion.lower(), report.verification.lower()))
        self._place.open(
            ReportTreeDialog(
                result_title(entry.stored),
                (whose, state),
                tuple(report.lines()),
                result.problems,
                self._place.window,
            )
        )

    def _go_to_it(self, result: ReadResult) -> None:
        """To the nearest slice that the result has something on."""
        key, here = self._viewing.key, self._viewing.index
        if key is None or key not in result.series:
            return
        if result.masks:
            slices: Sequence[int] = result.masks[key].slices
        else:
            slices = result.marked.get(key) or tuple(result.graphics.get(key, ()))
        if slices and here not in slices:
            self._viewing.go_to(min(slices, key=lambda index: abs(index - here)))

    def _tell(self, result: ReadResult) -> None:
        key = self._viewing.key
        number = 0
        if key is not None and key in result.masks:
            number = len(result.masks[key].slices)
        elif key is not None:
            number = len(result.marked.get(key, ())) or len(result.graphics.get(key, ()))
        words = tr("{result_title}: on {slices} of this series.").format(
            result_title=result_title(result.entry.stored), slices=counted("slice", "slices", number)
        )
        left = [problem_words(problem) for problem in result.problems]
        more = tr(" Not all of it is shown: {left}.").format(left="; ".join(left[:3])) if left else ""
        self._place.notice.show_message(words + more, "warning" if left else "done")

    def _refused(self, entry: StoredEntry, error: IchViewerError) -> None:
        self._place.notice.show_message(
            tr("{result_title} is not shown. {error}").format(
                result_title=result_title(entry.stored), error=error_words(error)
            ),
            "error",
        )

    # What is listed and shown

    def _listed(self) -> None:
        listed = [row.entry for row in self._browser.tree.results()]
        if list(self.list.entries) != listed:
            self._browser.set_results(self.list.entries)
        self._show_states()

    def _show_states(self) -> None:
        self._browser.tree.set_result_states(self._state)
        self._filter()
        self.changed.emit()

    def _state(self, entry: StoredEntry) -> ResultState:
        if self.shown.shows(entry.stored):
            return ResultState.SHOWN
        return ResultState.READING if self.list.reads(entry) else ResultState.LISTED

    def _filter(self) -> None:
        marked = self.shown.marked(self._viewing.key)
        self._strip.set_marked(marked)
        self._bar.tell(len(marked), self._key)

    def _studies_closed(self, closed: Sequence[Series]) -> None:
        keys: set[SeriesKey] = {series.key for series in closed}
        self._close_menu()
        self.shown.close_series(keys)
        self.documents.close_series(keys)
        self._filter()

    def _forget(self) -> None:
        self._close_menu()
        self.shown.clear()
        self.documents.clear()
        self._filter()

    def _close_menu(self) -> None:
        # It names a result that may be gone.
        if self._menu is not None:
            self._menu.close()
            self._menu.clear()
            self._menu.deleteLater()
            self._menu = None
