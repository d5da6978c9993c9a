"""The dialog of sources: where studies come from and go to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ichviewer.network.peers import FolderSource, Peer
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.settings_storage import AskFolder
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import one_line
from ichviewer.ui.look.plain_widgets import tip_text
from ichviewer.ui.look.words import joined, sentence
from ichviewer.ui.session.workers import Task
from ichviewer.ui.sources.buttons import button
from ichviewer.ui.sources.source_draft import SourceDraft, SourceKind, draft_of, source_words
from ichviewer.ui.sources.source_editor import AskFiles, SourceEditor
from ichviewer.ui.sources.sources_control import SourcesControl

_SIZE_PX = (720, 460)
_NONE = tr("No sources yet: add one.")
_NAME = Qt.ItemDataRole.UserRole


class SourcesDialog(DialogFrame):
    """Lists the sources; they are added, changed, removed and tested here.

    Parameters
    ----------
    control : SourcesControl
    ask_folder, ask_files : callable
        Open the dialogs for paths.
    parent : QWidget or None

    Signals
    -------
    searchRequested(str)
        Studies of the source of this name are to be searched.
    openRequested(Path)
        A folder is to be opened.
    """

    searchRequested = Signal(str)
    openRequested = Signal(object)

    def __init__(
        self,
        control: SourcesControl,
        *,
        ask_folder: AskFolder,
        ask_files: AskFiles,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Sources"), tr("Sources of studies"), parent)
        self._control, self._ask_folder, self._ask_files = control, ask_folder, ask_files
        self._task: Task | None = None
        self._removing = ""
        self.list = QListWidget()
        self.list.setObjectName("rows")
        self.list.setAccessibleName(tr("Sources"))
        self.answer = wrapped("", "muted")
        self._build()
        control.changed.connect(self._listed)
        # Methods, not lambdas: these are disconnected when the dialog goes.
        control.said.connect(self._tell)
        control.failed.connect(self._complain)
        self.finished.connect(self._drop_test)
        self._fill()
        self.fit(*(text_size().px(side) for side in _SIZE_PX))
        control.load()

    @property
    def current(self) -> Peer | None:
        """The source that is selected."""
        item = self.list.currentItem()
        name = None if item is None else item.data(_NAME)
        return next((peer for peer in self._control.peers if peer.name == name), None)

    def add(self, kind: SourceKind) -> None:
        """Enter a new source."""
        self._open_editor(SourceDraft(kind), "")

    def edit(self) -> None:
        """Change the source that is selected."""
        if self.current is not None:
            self._open_editor(draft_of(self.current), self.current.name)

    def remove(self) -> None:
        """Forget the source that is selected, when asked twice."""
        peer = self.current
        if peer is None:
            return
        if self._removing != peer.name:
            self._removing = peer.name
            self._say(
                tr("Press Remove again to forget {name}. Its studies stay where they are.").format(
                    name=peer.name
                ),
                "warning",
            )
            return
        self._removing = ""
        self._say("", "muted")
        self._control.remove(peer.name)

    def test(self) -> None:
        """Ask the source that is selected for a sign of life."""
        peer = self.current
        if peer is None or self._task is not None:
            return
        self._say(tr("Asking {name}…").format(name=peer.name), "muted")
        self._task = self._control.test(
            peer,
            "",
            on_answer=lambda words: self._tested(words, ""),
            on_refusal=lambda words: self._tested(words, "danger"),
            on_cancelled=lambda: self._tested(tr("The test was cancelled."), "muted"),
        )
        self._refresh()

    def cancel_test(self) -> None:
        """Stop asking."""
        if self._task is not None:
            self._task.cancel()

    def use(self) -> None:
        """Search the source that is selected, or open it if it is a folder."""
        peer = self.current
        if peer is None:
            return
        self.accept()
        if isinstance(peer, FolderSource):
            self.openRequested.emit(peer.path)
        else:
            self.searchRequested.emit(peer.name)

    def _build(self) -> None:
        self.edit_button = button(tr("Edit…"), tr("Change the selected source"), self.edit)
        self.remove_button = button(tr("Remove"), tr("Forget the selected source"), self.remove)
        self.test_button = button(tr("Test"), tr("Ask the selected source for a sign of life"), self.test)
        self.stop_button = button(tr("Stop"), tr("Stop asking"), self.cancel_test)
        self.use_button = button(tr("Search…"), tr("Search its studies, or open the folder"), self.use)
        column = QVBoxLayout()
        self.add_buttons = {
            kind: button(
                tr("Add {words}…").format(words=words),
                tr("Add a {value}").format(value=words),
                partial(self.add, kind),
            )
            for kind, words in (
                (SourceKind.NODE, tr("DICOM node")),
                (SourceKind.WEB, tr("DICOMweb server")),
                (SourceKind.FOLDER, tr("folder")),
            )
        }
        for each in self.add_buttons.values():
            column.addWidget(each)
        column.addSpacing(12)
        for each in (
            self.edit_button,
            self.remove_button,
            self.test_button,
            self.stop_button,
            self.use_button,
        ):
            column.addWidget(each)
        column.addStretch()
        across = QHBoxLayout()
        across.setSpacing(14)
        across.addWidget(self.list, 1)
        across.addLayout(column)
        self.content.addLayout(across, 1)
        self.content.addWidget(self.answer)
        self.content.addWidget(
            wrapped(
                tr(
                    "Nothing is sent to any of them before you test, search, fetch or send. What waits in the outbox "
                    "was put there by you, and is tried until it is delivered."
                ),
                "muted",
            )
        )
        self.list.currentRowChanged.connect(lambda _: self._moved())
        self.list.itemActivated.connect(lambda _: self.use())

    def _fill(self) -> None:
        before = self.list.currentItem()
        name = "" if before is None else before.data(_NAME)
        current = max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        for row, peer in enumerate(self._control.peers):
            kind, where = source_words(peer)
            item = QListWidgetItem(one_line(f"{peer.name}   {joined((kind, where))}"))
            item.setData(_NAME, peer.name)
            item.setData(Qt.ItemDataRole.ToolTipRole, tip_text(f"{peer.name}\n{kind}\n{where}"))
            self.list.addItem(item)
            if peer.name == name:
                current = row
        self.list.setCurrentRow(min(current, len(self._control.peers) - 1))
        self.list.blockSignals(False)
        self._refresh()

    def _listed(self) -> None:
        self._fill()
        if not self._control.peers:
            self._say(_NONE, "muted")
        elif self.answer.text() == _NONE:
            self._say("", "muted")

    def _moved(self) -> None:
        if self._removing:
            self._removing = ""
            self._say("", "muted")
        self._refresh()

    def _refresh(self) -> None:
        peer = self.current
        folder = isinstance(peer, FolderSource)
        for each in (self.edit_button, self.remove_button, self.use_button):
            each.setEnabled(peer is not None)
        self.test_button.setEnabled(peer is not None and not folder and self._task is None)
        self.stop_button.setEnabled(self._task is not None)
        self.use_button.setText(tr("Open") if folder else tr("Search…"))

    def _open_editor(self, draft: SourceDraft, replaces: str) -> None:
        others = [peer.name for peer in self._control.peers if peer.name != replaces]
        editor = SourceEditor(
            draft, self._control, others, ask_folder=self._ask_folder, ask_files=self._ask_files, parent=self
        )
        editor.entered.connect(lambda peer, secret: self._control.put(peer, replaces, secret))
        editor.setWindowModality(Qt.WindowModality.WindowModal)
        editor.open()

    def _tested(self, words: str, role: str) -> None:
        self._task = None
        self._say(sentence(words), role)
        self._refresh()

    def _drop_test(self) -> None:
        if self._task is not None:
            self._task.drop()

    def _tell(self, words: str) -> None:
        self._say(words, "muted")

    def _complain(self, words: str) -> None:
        self._say(words, "danger")

    def _say(self, words: str, role: str) -> None:
        self.answer.setText(words)
        self.answer.set_role(role)
