"""The dialog that searches the studies of a source and fetches one of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ichviewer.network.peers import FolderSource, Peer
from ichviewer.network.query import StudyAnswer, StudyQuery
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.settings_page import Field
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted, patient_name, sentence
from ichviewer.ui.sources.buttons import button, opening_choice
from ichviewer.ui.sources.query_draft import earlier_query
from ichviewer.ui.sources.query_form import QueryForm
from ichviewer.ui.sources.retrieval import Retrieval
from ichviewer.ui.sources.source_draft import error_sentence
from ichviewer.ui.sources.sources_control import SourcesControl
from ichviewer.ui.sources.study_search import StudySearch
from ichviewer.ui.sources.study_table import StudyTable, StudyView

_SIZE_PX = (1020, 680)
_NOT_SEARCHED = tr("Nothing was searched yet.")
_NO_SOURCES = {"": tr("No sources yet: add one under Sources")}


class StudiesDialog(DialogFrame):
    """Searches, lists and fetches studies. The window can be used while it is open.

    Parameters
    ----------
    sources : SourcesControl
    search : StudySearch
    retrieval : Retrieval
    something_open : bool
        Whether anything is open that a study could be opened beside.
    parent : QWidget or None

    Signals
    -------
    sourcesRequested()
        The sources are to be changed.
    folderRequested(Path, bool)
        A folder is to be opened; True for beside what is open.
    """

    sourcesRequested = Signal()
    folderRequested = Signal(object, bool)

    def __init__(
        self,
        sources: SourcesControl,
        search: StudySearch,
        retrieval: Retrieval,
        *,
        something_open: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Studies"), tr("Studies over the network"), parent)
        # Reading goes on while a search or a retrieval does.
        self.setModal(False)
        self._sources, self._search, self._retrieval = sources, search, retrieval
        self._wanted = ""
        self._limit = 0
        self._only_patient: str | None = None
        self.source: Choice[str] = Choice(tr("Source"), _NO_SOURCES)
        self.form = QueryForm()
        self.table = StudyTable()
        self.view = StudyView(self.table)
        self.said = wrapped(_NOT_SEARCHED, "muted")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(text_size().px(160))
        self.progress.setAccessibleName(tr("Progress of fetching"))
        self.fetching = wrapped("", "muted")
        self.way = opening_choice(beside=something_open)
        self._build()
        self._connect()
        self._fill_sources()
        self._refresh()
        self.fit(*(text_size().px(side) for side in _SIZE_PX))
        sources.load()

    @property
    def peer(self) -> Peer | None:
        """The source that is chosen."""
        name = self.source.value()
        return next((peer for peer in self._sources.peers if peer.name == name), None)

    def use_source(self, name: str) -> None:
        """Choose a source, now or when it is known."""
        self._wanted = name
        self.source.set_value(name)
        self._refresh()

    def search(self) -> None:
        """Search what was entered, or open the folder that is chosen."""
        peer = self.peer
        if isinstance(peer, FolderSource):
            self.folderRequested.emit(peer.path, self.way.value())
            return
        query = self.form.query()
        if peer is not None and query is not None:
            self._ask(peer, query, None)

    def search_earlier(self) -> None:
        """Search the studies of the selected patient up to the selected one."""
        found, peer = self.view.current, self.peer
        if found is None or peer is None:
            return
        try:
            query = earlier_query(found.patient, found.study.date)
        except ValueError as error:
            self._say(error_sentence(error), "danger")
            return
        # An ID with a wildcard finds others, too: they are left out.
        self._ask(peer, query, found.patient.id)

    def fetch(self) -> None:
        """Fetch the study that is selected, and open it."""
        found, peer = self.view.current, self.peer
        if found is not None and peer is not None and not self._retrieval.running:
            self._retrieval.fetch(peer, found.study.uid, beside=self.way.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on a study fetches it."""
        if (
            watched is self.view
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.fetch()
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.search_button = button(tr("Search"), tr("Search the source"), self.search)
        self.stop_button = button(tr("Stop"), tr("Stop searching"), self._search.cancel)
        self.sources_button = button(
            tr("Sources…"), tr("Add, change and test sources"), self.sourcesRequested.emit
        )
        top = QHBoxLayout()
        source = Field(tr("Source"), self.source)
        top.addWidget(source.label)
        top.addWidget(source.box, 1)
        for each in (self.sources_button, self.search_button, self.stop_button):
            top.addWidget(each)
        self.earlier_button = button(
            tr("Earlier studies"), tr("Search earlier studies of the selected patient"), self.search_earlier
        )
        self.fetch_button = button(
            tr("Fetch and open"), tr("Fetch the selected study and open it"), self.fetch
        )
        self.cancel_button = button(
            tr("Cancel"), tr("Stop fetching; what arrived is kept"), self._retrieval.cancel
        )
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.earlier_button)
        way = Field(tr("Open it"), self.way)
        below.addWidget(way.label)
        below.addWidget(way.box)
        below.addWidget(self.fetch_button)
        bottom = QHBoxLayout()
        bottom.addWidget(self.progress)
        bottom.addWidget(self.fetching, 1)
        bottom.addWidget(self.cancel_button)
        self.content.addLayout(top)
        self.content.addWidget(self.form)
        self.content.addWidget(self.view, 1)
        self.content.addWidget(self.said)
        self.content.addLayout(below)
        self.content.addLayout(bottom)
        self.content.addWidget(
            wrapped(
                tr(
                    "A study is shown from its first image on. It is analyzed when all of it has come: a part of it "
                    "could be taken for all."
                ),
                "muted",
            )
        )

    def _connect(self) -> None:
        # What outlives the dialog gets methods, not lambdas: these are disconnected when the dialog goes.
        self._sources.changed.connect(self._fill_sources)
        self._sources.failed.connect(self._complain)
        self._search.found.connect(self._take)
        self._search.ended.connect(self._ended)
        self._search.cancelled.connect(self._stopped)
        self._retrieval.changed.connect(self._refresh)
        self._retrieval.progressed.connect(self._refresh_progress)
        self._retrieval.failed.connect(self._not_fetched)
        self._retrieval.cancelled.connect(self._fetching_cancelled)
        self._retrieval.fetched.connect(self._fetched)
        self.form.submitted.connect(self.search)
        self.source.currentIndexChanged.connect(lambda _: self._source_changed())
        self.view.doubleClicked.connect(lambda _: self.fetch())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._refresh())
        self.view.installEventFilter(self)
        self.finished.connect(lambda _: self._search.drop())

    def _fill_sources(self) -> None:
        names = {peer.name: peer.name for peer in self._sources.peers}
        self.source.set_words(names or _NO_SOURCES)
        if self._wanted in names:
            self.source.set_value(self._wanted)
            self._wanted = ""
        self._refresh()

    def _source_changed(self) -> None:
        # Studies of one source must not be fetched from another.
        self._search.drop()
        self.table.clear()
        self._say(_NOT_SEARCHED, "muted")
        self._refresh()

    def _ask(self, peer: Peer, query: StudyQuery, only_patient: str | None) -> None:
        self.table.clear()
        self._limit, self._only_patient = query.limit, only_patient
        self._say(tr("Asking {name}…").format(name=peer.name), "muted")
        self._search.search(peer, query)
        self._refresh()

    def _take(self, found: StudyAnswer) -> None:
        if self._only_patient is not None and found.patient.id != self._only_patient:
            return
        self.table.add(found)
        self._say(tr("{number} so far…").format(number=self._number()), "muted")

    def _ended(self, why: str) -> None:
        if why:
            arrived = (
                tr(" {number} came before.").format(number=self._number()) if self.table.rowCount() else ""
            )
            self._say(f"{sentence(why)}.{arrived}", "danger")
            self._refresh()
            return
        more = ""
        if self.table.rowCount() >= self._limit:
            more = tr("; there may be more. Narrow the search, or let more be listed")
        self._over(f"{self._number()}{more}.")

    def _stopped(self) -> None:
        self._over(tr("{number}; the search was stopped.").format(number=self._number()))

    def _over(self, words: str) -> None:
        self._say(words, "muted")
        if self.view.current is None and self.table.rowCount():
            self.view.selectRow(0)
        self._refresh()

    def _number(self) -> str:
        return counted("study", "studies", self.table.rowCount())

    def _refresh(self) -> None:
        peer, searching, fetching = self.peer, self._search.running, self._retrieval.running
        folder, found = isinstance(peer, FolderSource), self.view.current
        self.form.setEnabled(not folder)
        self.search_button.setText(tr("Open") if folder else tr("Search"))
        self.search_button.setEnabled(peer is not None)
        self.stop_button.setEnabled(searching)
        self.fetch_button.setEnabled(found is not None and not fetching)
        self.earlier_button.setEnabled(found is not None and bool(found.patient.id) and not searching)
        who = (
            "" if found is None else tr(" of {patient_name}").format(patient_name=patient_name(found.patient))
        )
        self.earlier_button.setAccessibleName(tr("Search earlier studies{who}").format(who=who))
        self.cancel_button.setEnabled(fetching)
        self._refresh_progress()

    def _refresh_progress(self) -> None:
        running = self._retrieval.running
        self.progress.setVisible(running)
        if running:
            done, total = self._retrieval.done
            self.progress.setRange(0, total)
            self.progress.setValue(done)
            self._tell_fetching(self._retrieval.words, "")

    def _not_fetched(self, why: str) -> None:
        self._tell_fetching(sentence(why), "danger")

    def _fetching_cancelled(self) -> None:
        self._tell_fetching(tr("Fetching was cancelled. What arrived is kept."), "muted")

    def _fetched(self) -> None:
        self._tell_fetching(tr("Fetched."), "muted")

    def _complain(self, words: str) -> None:
        self._say(words, "danger")

    def _tell_fetching(self, words: str, role: str) -> None:
        self.fetching.setText(words)
        self.fetching.set_role(role)

    def _say(self, words: str, role: str) -> None:
        self.said.setText(words)
        self.said.set_role(role)
