"""The left of the window: what is open, as patients, studies and series, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ichviewer.domain.problems import Severity
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.ui.browser.browser_controls import BrowserControls, HiddenLine
from ichviewer.ui.browser.study_order import Order, SeriesResult, Show
from ichviewer.ui.browser.study_rows import StudyRowPainter
from ichviewer.ui.browser.study_tree import StudyTree
from ichviewer.ui.browser.study_view import StudyView
from ichviewer.ui.browser.thumbnails import Thumbnails
from ichviewer.ui.browser.tree_rows import PatientRow, ResultRow, SeriesRow, StudyRow
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.result_reading import StoredEntry

_OPEN_PATIENTS = 50
_ARRANGE_MS = 2000
"""How often the list is sorted and filtered anew while results come in."""
_COUNT_MS = 200


class StudyBrowser(QFrame):
    """Lists what is open; a click on a series asks for it.

    Signals
    -------
    seriesRequested(SeriesKey)
    resultRequested(StoredEntry)
        A stored result is to be shown, or not any more.
    resultMenuRequested(StoredEntry, QPoint)
        What can be done with a stored result is asked for, at a place on the screen.
    menuRequested(SeriesKey, QPoint)
        What can be done with the study of a series is asked for, at a place on the screen.
    """

    seriesRequested = Signal(object)
    resultRequested = Signal(object)
    resultMenuRequested = Signal(object, object)
    menuRequested = Signal(object, object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setMinimumWidth(220)
        self.tree = StudyTree(self)
        self.controls = BrowserControls()
        self.hidden_line = HiddenLine()
        self._view = StudyView(self.tree)
        self._painter = StudyRowPainter(self.tree, thumbnails.want, self._view)
        self._view.setItemDelegate(self._painter)
        title = PlainLabel(tr("Studies"))
        title.setObjectName("panelTitle")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(title)
        layout.addWidget(self.controls)
        layout.addWidget(self._view, 1)
        layout.addWidget(self.hidden_line)
        self._current: SeriesKey | None = None
        self._several_places = False
        self._arranging = False
        self._bring = False
        """Whether the selected row is to be brought into sight."""
        self._stale = False
        self._unreadable = 0
        self._problems_key = ""
        self._arrange_timer = QTimer(self, singleShot=True, interval=_ARRANGE_MS)
        self._arrange_timer.timeout.connect(self._arrange_if_idle)
        self._settle_timer = QTimer(self, singleShot=True, interval=0)
        self._settle_timer.timeout.connect(self._settle)
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._count_timer.timeout.connect(self._count)
        self._view.clicked.connect(self._clicked)
        self._view.selectionModel().currentChanged.connect(self._current_changed)
        self._view.expanded.connect(lambda index: self._opened(index, True))
        self._view.collapsed.connect(lambda index: self._opened(index, False))
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._ask_menu)
        self._view.enterPressed.connect(self._clicked)
        self._view.mouseLeft.connect(self._arrange_if_idle)
        self._view.dragEnded.connect(self._settle_timer.start)
        self.controls.changed.connect(self._choose)
        self.hidden_line.showAllRequested.connect(lambda: self.controls.choose(show=Show.ALL))
        thumbnails.ready.connect(self.tree.set_thumbnail)
        # Rows may have another height now, and are painted anew in any case.
        theme_signals().changed.connect(self._view.scheduleDelayedItemsLayout)
        self._count()

    @property
    def view(self) -> StudyView:
        """The list itself."""
        return self._view

    def set_catalog(
        self,
        catalog: Catalog,
        places: Mapping[int, str] | None = None,
        incomplete: Mapping[int, str] | None = None,
    ) -> None:
        """Show what was found so far (see `StudyTree.set_catalog`)."""
        self._unreadable = sum(problem.severity is Severity.ERROR for problem in catalog.problems)
        self._several_places = bool(places)
        self._rearranged(lambda: self.tree.set_catalog(catalog, places, incomplete))
        self._count()

    def clear(self) -> None:
        """Show nothing, and filter nothing: a filter for one study would hide another."""
        self._current = None
        self._stale = False
        self._unreadable = 0
        self.tree.clear_all()
        self.controls.choose(show=Show.ALL)
        self._count()

    def set_problems_key(self, key: str) -> None:
        """Say which key lists the problems of the input; none by an empty one."""
        self._problems_key = key
        self._tell_hidden()

    def set_current(self, key: SeriesKey | None) -> None:
        """Mark the series in view and bring it into sight; none where the active pane shows none."""
        self._current = key
        self._bring = True
        self._settle_timer.start()
        self._tell_hidden()

    def set_result(self, key: SeriesKey, result: SeriesResult) -> None:
        """Say what the analysis of a series has found so far.

        Rows keep their places for a while, and as long as the mouse is over the list.
        """
        if not self.tree.set_result(key, result):
            return
        if not self._count_timer.isActive():
            self._count_timer.start()
        if self.controls.order is Order.SUSPICION or self.controls.show_only is not Show.ALL:
            self._stale = True
            if not self._arrange_timer.isActive():
                self._arrange_timer.start()

    def set_results(self, entries: Sequence[StoredEntry]) -> None:
        """List stored results below the series of their studies."""
        if entries or self.tree.results():
            self._rearranged(lambda: self.tree.set_results(entries))

    def neighbour(self, key: SeriesKey, step: int) -> SeriesKey | None:
        """The series before (``step`` < 0) or after one in the list, in open or closed rows; None past its ends."""
        return self.tree.neighbour(key, step)

    # Order and filter

    def _choose(self) -> None:
        self._arrange()
        # Who sorts or filters wants to see what comes first.
        self._bring = False
        self._view.scrollToTop()
        self._count()

    def _arrange_if_idle(self) -> None:
        if self._stale and not self._view.has_mouse and not self._arrange_timer.isActive():
            self._arrange()
            # Without a turn in between, results that come quickly would sort the list without an end.
            self._arrange_timer.start()

    def _arrange(self) -> None:
        self._stale = False
        order, show = self.controls.order, self.controls.show_only
        self._rearranged(lambda: self.tree.arrange(order, show))
        self._tell_hidden()

    def _rearranged(self, change: Callable[[], None]) -> None:
        """Change what the list shows without changing what is read, and with the selected row where it is seen."""
        self._bring |= self._view.sees_current()
        self._arranging = True
        try:
            self._view.setCurrentIndex(QModelIndex())
            change()
            self._open_rows()
        finally:
            self._arranging = False
        # To select lays out thousands of rows, which takes as long as the change itself: in a turn of its own.
        self._settle_timer.start()

    def _settle(self) -> None:
        """Select the row of the series in view, in open rows; no row where it is not listed."""
        index = QModelIndex() if self._current is None else self.tree.index_of(self._current)
        self._arranging = True
        try:
            if index.isValid():
                self._view.expand(index.parent().parent())
                self._view.expand(index.parent())
            if index != self._view.currentIndex():
                # To select would scroll there too.
                self._view.setAutoScroll(False)
                self._view.setCurrentIndex(index)
        finally:
            self._view.setAutoScroll(True)
            self._arranging = False
        self.tree.forget_left()
        # What was opened together is of one patient, most of the time.
        self.tree.mark_patient(self._current if self._several_places else None)
        if self._bring:
            self._bring = False
            self._view.show_current()

    def _open_rows(self) -> None:
        # Of very many patients most stay closed: every open row has to be laid out. What a person has opened or
        # closed stays so.
        for place, row in enumerate(self.tree.patients()):
            wanted = place < _OPEN_PATIENTS if row.wanted is None else row.wanted
            if wanted:
                patient = self.tree.index(place, 0)
                self._view.expand(patient)
                self._open_studies(patient)
            elif row.is_open:
                self._view.collapse(self.tree.index(place, 0))

    def _open_studies(self, patient: QModelIndex) -> None:
        for place in range(self.tree.rowCount(patient)):
            study = self.tree.index(place, 0, patient)
            row = self.tree.row_at(study)
            if isinstance(row, StudyRow) and row.wanted is not False:
                self._view.expand(study)

    def _opened(self, index: QModelIndex, is_open: bool) -> None:
        row = self.tree.row_at(index)
        if not isinstance(row, (PatientRow, StudyRow)):
            return
        row.is_open = is_open
        if not self._arranging:
            row.wanted = is_open
            if is_open and isinstance(row, PatientRow):
                self._open_studies(index)

    # What it says

    def _count(self) -> None:
        tree = self.tree
        self.controls.setVisible(tree.known > 1)
        self.controls.set_numbers(tree.numbers())
        self._tell_hidden()

    def _tell_hidden(self) -> None:
        hidden = self.tree.known - self.tree.shown
        current = self._current
        in_view = (
            current is not None and self.tree.knows(current) and not self.tree.index_of(current).isValid()
        )
        self.hidden_line.tell(hidden, in_view=in_view)
        self._view.set_placeholder(self._nothing_listed() if hidden and not self.tree.shown else "")

    def _nothing_listed(self) -> str:
        waiting = self.tree.summary.waiting
        if self.controls.show_only is Show.FLAGGED:
            to_come = (
                tr("; {series_are} waiting").format(series_are=counted("series is", "series are", waiting))
                if waiting
                else ""
            )
            return tr("No series is flagged{more}{to_come}.").format(
                more=tr(" so far") if waiting else "", to_come=to_come
            )
        if self.controls.show_only is Show.FAILED:
            # They belong to no series.
            where = self._problems_key or tr("Problems of the input in the menu Help")
            files = (
                tr(" {files} could not be read: see {where}.").format(
                    files=counted("file", "files", self._unreadable), where=where
                )
                if self._unreadable
                else ""
            )
            return tr("No series failed{more}.{files}").format(
                more=tr(" so far") if waiting else "", files=files
            )
        return tr("No series was left out.")

    # What a person does

    def _clicked(self, index: QModelIndex) -> None:
        row = self.tree.row_at(index)
        if isinstance(row, SeriesRow):
            self._ask(row.series)
        elif isinstance(row, ResultRow):
            self.resultRequested.emit(row.entry)
        elif isinstance(row, PatientRow):
            self._view.setExpanded(index, not self._view.isExpanded(index))

    def _ask_menu(self, at: QPoint) -> None:
        row = self.tree.row_at(self._view.indexAt(at))
        if isinstance(row, ResultRow):
            self.resultMenuRequested.emit(row.entry, self._view.viewport().mapToGlobal(at))
            return
        series = row.series if isinstance(row, SeriesRow) else None
        if isinstance(row, StudyRow):
            series = row.study.series[0]
        if series is not None:
            self.menuRequested.emit(series.key, self._view.viewport().mapToGlobal(at))

    def _current_changed(self, index: QModelIndex, _: QModelIndex) -> None:
        row = self.tree.row_at(index)
        by_key = self._view.hasFocus() and not self._view.button_down
        if isinstance(row, SeriesRow) and by_key and not self._arranging:
            self._ask(row.series)

    def _ask(self, series: Series) -> None:
        if series.key != self._current:
            self._current = series.key
            self._tell_hidden()
            self._view.show_current()
            self.seriesRequested.emit(series.key)
