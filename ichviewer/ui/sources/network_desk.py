"""Everything the window does over the network, put together: sources, searching, fetching, sending.

Nothing speaks to anybody before the person asks for it. What waits in the outbox was asked for, and is sent.
"""

# ruff: noqa: PLC0415 - the window starts without the network
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from ichviewer.errors import IchViewerError
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.words import error_words, joined, sentence
from ichviewer.ui.session.arrival import Arrival
from ichviewer.ui.session.preferences import Preferences
from ichviewer.ui.session.session import Session
from ichviewer.ui.session.ui_settings import UiSettings
from ichviewer.ui.sources.network_access import NetworkAccess
from ichviewer.ui.sources.outbox_control import OutboxControl
from ichviewer.ui.sources.retrieval import FetchedStudy, Retrieval
from ichviewer.ui.sources.sources_control import SourcesControl
from ichviewer.ui.sources.study_search import StudySearch

if TYPE_CHECKING:
    from ichviewer.network.peers import Peer
    from ichviewer.ui.dialogs.settings_storage import AskFolder
    from ichviewer.ui.sources.cache_part import CachePart
    from ichviewer.ui.sources.source_editor import AskFiles

_LINK_PX = 460

Tell = Callable[[str, str], None]
"""Says something over the images: words, and ``info``, ``done``, ``warning`` or ``error``."""


class NetworkDesk(QObject):
    """Opens the dialogs of the network, and opens what was fetched.

    Parameters
    ----------
    session : Session
    settings : UiSettings
    network : NetworkAccess
    tell : callable
    ask_folder, ask_files : callable
        Open the dialogs for paths.
    window : QWidget

    Signals
    -------
    changed()
        `words` are others.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        settings: UiSettings,
        network: NetworkAccess,
        *,
        tell: Tell,
        ask_folder: AskFolder,
        ask_files: AskFiles,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._settings, self._network = session, settings, network
        self._tell, self._ask_folder, self._ask_files = tell, ask_folder, ask_files
        self._window = window
        self._notes: tuple[str, ...] = ()
        self._arrival: Arrival | None = None
        self._dialogs: dict[str, QDialog] = {}
        self.sources = SourcesControl(session.workers, network, self)
        self.search = StudySearch(session.workers, network, self)
        self.retrieval = Retrieval(session.workers, network, self)
        self.outbox = OutboxControl(session.workers, network, self)
        self._use(settings.preferences)
        settings.preferencesChanged.connect(self._use)
        self.outbox.told.connect(tell)
        self.outbox.changed.connect(self.changed.emit)
        self.retrieval.changed.connect(self.changed.emit)
        self.retrieval.progressed.connect(lambda *_: self.changed.emit())
        self.retrieval.arriving.connect(self._open_arriving)
        self.retrieval.progressed.connect(lambda *_: session.look_for_arrivals())
        self.retrieval.fetched.connect(self._fetched)
        self.retrieval.failed.connect(self._say_failed)
        self.retrieval.ended.connect(self._arrived)
        for told in (session.opening, session.closed, session.studiesClosed, session.readFailed):
            told.connect(self._release)
        for gone in (session.opening, session.closed, session.readFailed):
            gone.connect(self._forget_notes)
        session.openedBeside.connect(self._release)
        session.openedBeside.connect(self._say_notes)
        session.catalogChanged.connect(self._catalog_changed)

    def storage_parts(self) -> tuple[CachePart, ...]:
        """What the settings of storage show besides."""
        from ichviewer.ui.sources.cache_part import CachePart

        return (CachePart(self.retrieval),)

    @property
    def words(self) -> str:
        """What is going on over the network, for the status bar; empty if nothing is."""
        return joined((self.retrieval.words, self.outbox.words))

    @property
    def needs_attention(self) -> bool:
        """Whether something could not be sent."""
        return self.outbox.failing

    def start(self) -> None:
        """Look whether something waits in the outbox, or was left decrypted, from before."""
        self.outbox.start()
        self.retrieval.start()

    def show_sources(self) -> None:
        """Show the sources."""
        from ichviewer.ui.sources.sources_dialog import SourcesDialog

        if self._raised("sources"):
            return
        dialog = SourcesDialog(
            self.sources, ask_folder=self._ask_folder, ask_files=self._ask_files, parent=self._window
        )
        dialog.searchRequested.connect(self.find_studies)
        dialog.openRequested.connect(lambda path: self._open_folder(path, beside=bool(self._session.paths)))
        self._keep("sources", dialog)
        dialog.open()

    def find_studies(self, source: str = "") -> None:
        """Show the search, with a source chosen if one is named."""
        from ichviewer.ui.sources.studies_dialog import StudiesDialog

        if not self._raised("studies"):
            made = StudiesDialog(
                self.sources,
                self.search,
                self.retrieval,
                something_open=bool(self._session.paths),
                parent=self._window,
            )
            made.sourcesRequested.connect(self.show_sources)
            made.folderRequested.connect(lambda path, beside: self._open_folder(path, beside=beside))
            self._keep("studies", made)
            made.show()
        dialog = self._dialogs["studies"]
        if source and isinstance(dialog, StudiesDialog):
            dialog.use_source(source)

    def show_outbox(self) -> None:
        """Show the outbox."""
        from ichviewer.ui.sources.outbox_dialog import OutboxDialog

        if not self._raised("outbox"):
            dialog = OutboxDialog(self.outbox, self._window)
            self._keep("outbox", dialog)
            dialog.open()

    def show_worklist(self) -> None:
        """Show the worklist of a node."""
        from ichviewer.ui.sources.worklist_dialog import WorklistDialog

        if self._raised("worklist"):
            return
        dialog = WorklistDialog(
            self._session.workers,
            self._settings,
            ask_folder=self._ask_folder,
            ask_files=self._ask_files,
            something_open=bool(self._session.paths),
            parent=self._window,
        )
        dialog.openRequested.connect(self._open_fetched)
        self._keep("worklist", dialog)
        dialog.show()

    def show_activity(self) -> None:
        """Show what the status bar tells of."""
        if self.retrieval.running:
            self.find_studies()
        else:
            self.show_outbox()

    def fetch(self, source: str, study_uid: str, *, beside: bool = False) -> None:
        """Fetch a study of a source by its name, and open it; what goes wrong is told."""
        self._with_source(source, lambda peer: self._fetch(peer, study_uid, beside))

    def ask_fetch(self, source: str, study_uid: str, *, beside: bool = False) -> None:
        """Ask whether to fetch a study that a link names; without a yes nobody is spoken to.

        The dialog shows whom it would be fetched from, as the person entered it, not as the link calls it.
        """

        def ask(peer: Peer) -> None:
            if isinstance(peer, FolderSource):
                told = tr("A link can name a node or a server only, not a folder: {name}.")
                self._tell(told.format(name=peer.name), "error")
                return
            if self._raised("link"):
                # Who is about to answer a question must not find another one in its place.
                self._tell(tr("Another link was not followed: answer the first one."), "warning")
                return
            from ichviewer.ui.dialogs.frame import DialogFrame, wrapped

            dialog = DialogFrame(tr("Link"), tr("Fetch this study?"), self._window)
            dialog.content.addWidget(wrapped(f"{one_line(study_uid)} · {one_line(str(peer))}"))
            asked = tr("A link of another program asks for it. Fetch it only if you followed one.")
            dialog.content.addWidget(wrapped(asked, "muted"))
            dialog.setMinimumWidth(text_size().px(_LINK_PX))
            dialog.ask(tr("Fetch"))
            # Enter, which somebody may be typing elsewhere, is a no.
            no = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
            no.setDefault(True)
            no.setFocus()
            dialog.accepted.connect(lambda: self._fetch(peer, study_uid, beside))
            self._keep("link", dialog)
            dialog.open()

        from ichviewer.network.peers import FolderSource

        self._with_source(source, ask)

    def _fetch(self, peer: Peer, study_uid: str, beside: bool) -> None:
        if not self.retrieval.fetch(peer, study_uid, beside=beside):
            self._tell(tr("Another study is being fetched; cancel it first."), "warning")

    def _with_source(self, source: str, then: Callable[[Peer], None]) -> None:
        """Go on with a source that the person has entered; no other name leads anywhere."""

        def failed(error: BaseException) -> None:
            if isinstance(error, IchViewerError):
                self._tell(tr("The study was not fetched. {error}").format(error=error_words(error)), "error")
            else:
                self._session.workers.report_bug(error)

        self._session.workers.run(
            lambda _: self._network.load()[source], on_result=then, on_error=failed, lane="sources"
        )

    def close(self, *, ended: bool) -> None:
        """Let go of everything when the window closes, after its workers were stopped.

        Parameters
        ----------
        ended : bool
            Whether all their threads ended in time.
        """
        for dialog in list(self._dialogs.values()):
            dialog.close()
        self.retrieval.close(ended=ended, clear=self._settings.preferences.clear_fetched_at_exit)

    def _use(self, preferences: Preferences) -> None:
        self.retrieval.limit_bytes = preferences.fetched_limit_gb * 1024**3

    def _open_arriving(self, study: FetchedStudy) -> None:
        """Show a study of which the first image stands, or go on with one that had broken off."""
        self._arrival = study.arrival
        if study.arrival is None or not self._session.resume(study.arrival):
            self._open(study)

    def _fetched(self, study: FetchedStudy) -> None:
        """All of a study that was opened with its first image has come; one that was closed since stays closed."""
        if study.folder not in self._session.paths:
            return
        self._keep_notes(study)
        if not (self._session.reading or self._session.arriving):
            self._say_notes()

    def _arrived(self) -> None:
        """Nothing more comes of the study that was fetched."""
        self._arrival = None
        self._session.look_for_arrivals()
        self._release()

    def _say_failed(self, why: str) -> None:
        arrival = self._arrival
        if arrival is None or arrival.folder not in self._session.paths:
            self._tell(tr("The study was not fetched. {why}").format(why=sentence(why)), "error")
            return
        self._tell(
            tr(
                "Not all of the study was fetched: {received}. {why}. Series that lack images are not analyzed; "
                "fetch it again to go on."
            ).format(received=arrival.received().words, why=sentence(why)),
            "error",
        )

    def _open_fetched(self, study: FetchedStudy) -> None:
        self._open(study)
        # After `opening`, which forgets those of another study.
        self._keep_notes(study)
        if self._session.paths and not self._session.reading:
            self._say_notes()

    def _open(self, study: FetchedStudy) -> None:
        # Not among the recent paths: caches and inboxes are cleared by themselves.
        open_it = self._session.open_beside if study.beside else self._session.open
        open_it([study.folder], title=study.title, arrival=study.arrival)

    def _keep_notes(self, study: FetchedStudy) -> None:
        self._notes = tuple(f"{sentence(study.title)}: {note}" for note in study.notes)

    def _open_folder(self, path: Path, *, beside: bool) -> None:
        self._settings.add_recent([path])
        if beside:
            self._session.open_beside([path])
        else:
            self._session.open([path])

    def _catalog_changed(self, _: object, complete: bool) -> None:
        if self.retrieval.running:
            self.changed.emit()
        # What was opened beside is told by a signal of its own, after this one; unless it arrived.
        if complete and (self._session.stands_alone or not self._session.arriving):
            self._say_notes()

    def _say_notes(self, *_: object) -> None:
        """Say what must be known of a study that was fetched, once the window has said all else."""
        notes, self._notes = self._notes, ()
        if notes:
            QTimer.singleShot(0, self, lambda: self._tell(" ".join(notes), "error"))

    def _forget_notes(self, *_: object) -> None:
        self._notes = ()

    def _release(self, *_: object) -> None:
        self.retrieval.release(set(self._session.paths))

    def _raised(self, name: str) -> bool:
        """Bring a dialog to the front; whether it is open."""
        dialog = self._dialogs.get(name)
        if dialog is None:
            return False
        dialog.raise_()
        dialog.activateWindow()
        return True

    def _keep(self, name: str, dialog: QDialog) -> None:
        self._dialogs[name] = dialog
        dialog.finished.connect(lambda _: self._dialogs.pop(name, None))
