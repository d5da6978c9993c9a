"""The dialog of a node's worklist: what it has found, the most urgent first. It only reads."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from ichviewer.network.node.entry import Group
from ichviewer.ui.dialogs.choice import Choice
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.settings_page import Field
from ichviewer.ui.dialogs.settings_storage import AskFolder
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.words import counted, sentence
from ichviewer.ui.session.ui_settings import UiSettings, WorklistNotice
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.sources.buttons import button, opening_choice
from ichviewer.ui.sources.source_editor import AskFiles
from ichviewer.ui.sources.worklist_control import WorklistControl
from ichviewer.ui.sources.worklist_table import WorklistTable, WorklistView

_SIZE_PX = (1240, 680)
_EVERY_MS = 3000
_GROUPS: dict[Group | None, str] = {None: tr("All studies")}
_GROUPS.update({group: sentence(words_of(group.words)) for group in Group})
_NOTICES = {
    WorklistNotice.MARK: tr("Marked here"),
    WorklistNotice.TASKBAR: tr("Also in the taskbar"),
    WorklistNotice.SOUND: tr("Also with a sound"),
}
_RULE = tr(
    "A list for research: it must not decide who is looked at first in patient care. NOT ANALYZED means that nothing "
    "is known. “Analyzed, nothing flagged” says that no probability reaches its threshold, and no more."
)


class WorklistDialog(DialogFrame):
    """Lists a worklist while it is shown. The window can be used while it is open.

    Parameters
    ----------
    workers : Workers
    settings : UiSettings
        Remember which worklist was shown, and how a newly flagged study is told.
    ask_folder, ask_files : callable
        Open the dialogs for paths.
    something_open : bool
        Whether anything is open that a study could be opened beside.
    parent : QWidget or None

    Signals
    -------
    openRequested(FetchedStudy)
        The images of a study are to be opened.
    """

    openRequested = Signal(object)

    def __init__(
        self,
        workers: Workers,
        settings: UiSettings,
        *,
        ask_folder: AskFolder,
        ask_files: AskFiles,
        something_open: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Worklist"), tr("Worklist of a node"), parent)
        # Reading goes on while studies arrive.
        self.setModal(False)
        self._settings, self._ask_folder, self._ask_files = settings, ask_folder, ask_files
        self._selected = ""
        self.control = WorklistControl(workers, self)
        self.place = wrapped("", "muted")
        self.words = QLineEdit()
        self.words.setClearButtonEnabled(True)
        self.group: Choice[Group | None] = Choice(tr("Which studies are listed"), _GROUPS)
        self.notice: Choice[WorklistNotice] = Choice(tr("How newly flagged studies are told"), _NOTICES)
        self.notice.set_value(settings.worklist_notice)
        self.table = WorklistTable()
        self.view = WorklistView(self.table)
        self.said = wrapped("", "muted")
        self.opening = wrapped("", "muted")
        self.way = opening_choice(beside=something_open)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._build()
        self._tell("", "muted")
        self._connect()
        self._refresh()
        self.fit(*(text_size().px(side) for side in _SIZE_PX))
        remembered = settings.worklist
        if remembered is not None:
            self.control.use(remembered)

    def use(self, path: Path) -> None:
        """Show another worklist, a file or the folder of a node, and remember it."""
        self._settings.worklist = path
        self._tell("", "muted")
        self.control.use(path)

    def open_study(self) -> None:
        """Open the images of the study that is selected."""
        entry = self.view.current
        if entry is not None and not self.control.opening:
            self._tell("", "muted")
            self.control.seen(entry.study_uid)
            self.control.find(entry, beside=self.way.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on a study opens it."""
        if (
            watched is self.view
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.open_study()
            return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the worklist every few seconds from now on."""
        super().showEvent(event)
        self._timer.start()
        self.control.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look at nothing that nobody sees."""
        self._timer.stop()
        super().hideEvent(event)

    def _build(self) -> None:
        self.folder_button = button(
            tr("Folder…"),
            tr("Choose the data folder of a node"),
            lambda: self._ask_folder(self, self._start(), self.use),
        )
        self.file_button = button(
            tr("File…"),
            tr("Choose the database file of a worklist"),
            lambda: self._ask_files(self, self._start(), lambda paths: self.use(paths[0])),
        )
        self.seen_button = button(tr("Seen"), tr("Remove the marks of new studies"), self.control.seen)
        self.open_button = button(tr("Open"), tr("Open the images of the selected study"), self.open_study)
        top = QHBoxLayout()
        top.addWidget(self.place, 1)
        top.addWidget(self.folder_button)
        top.addWidget(self.file_button)
        across = QHBoxLayout()
        words = Field(tr("Filter"), self.words)
        self.words.setAccessibleName(tr("List only studies with these words"))
        set_tip(self.words, tr("List only studies that say all of these words in any column"))
        across.addWidget(words.label)
        across.addWidget(words.box, 1)
        for name, choice in ((tr("List"), self.group), (tr("Newly flagged"), self.notice)):
            field = Field(name, choice)
            across.addWidget(field.label)
            across.addWidget(field.box)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.seen_button)
        way = Field(tr("Open it"), self.way)
        below.addWidget(way.label)
        below.addWidget(way.box)
        below.addWidget(self.open_button)
        self.content.addWidget(wrapped(_RULE, "muted"))
        self.content.addLayout(top)
        self.content.addLayout(across)
        self.content.addWidget(self.view, 1)
        self.content.addWidget(self.said)
        self.content.addLayout(below)
        self.content.addWidget(self.opening)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._tick)
        self.control.changed.connect(self._refresh)
        self.control.flagged.connect(self._notify)
        self.control.missing.connect(lambda why: self._tell(f"{sentence(why)}.", "danger"))
        self.control.found.connect(self.openRequested)
        self.words.textChanged.connect(lambda _: self._filter())
        self.group.currentIndexChanged.connect(lambda _: self._filter())
        self.notice.currentIndexChanged.connect(lambda _: self._notice_chosen())
        self.view.doubleClicked.connect(lambda _: self.open_study())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._selection_changed())
        self.table.modelReset.connect(self._select_again)
        self.view.installEventFilter(self)
        self.finished.connect(lambda _: self.control.drop())

    def _start(self) -> Path:
        path = self.control.path
        return self._settings.last_folder if path is None else path.parent

    def _tick(self) -> None:
        self.control.look()
        # Ages grow also where nothing changes.
        self._fill()

    def _fill(self) -> None:
        self.table.set_entries(self.control.entries, self.control.new, time.time())

    def _filter(self) -> None:
        self.table.set_filter(self.words.text(), self.group.value())
        self._refresh()

    def _notice_chosen(self) -> None:
        self._settings.worklist_notice = self.notice.value()

    def _notify(self, _: int) -> None:
        notice = self.notice.value()
        if notice is not WorklistNotice.MARK:
            QApplication.alert(self)
        if notice is WorklistNotice.SOUND:
            QApplication.beep()

    def _selection_changed(self) -> None:
        entry = self.view.current
        if entry is not None:
            self._selected = entry.study_uid
        self.open_button.setEnabled(entry is not None and not self.control.opening)

    def _select_again(self) -> None:
        row = self.table.row_of(self._selected)
        if row >= 0:
            # Where the reader has scrolled to stays in view.
            at = self.view.verticalScrollBar().value()
            self.view.selectRow(row)
            self.view.verticalScrollBar().setValue(at)

    def _refresh(self) -> None:
        self._fill()
        control = self.control
        self.place.setText(tr("No worklist chosen.") if control.path is None else str(control.path))
        self.seen_button.setEnabled(bool(control.new))
        self._selection_changed()
        if control.complaint:
            older = ""
            if control.read_at is not None:
                older = tr(" Listed is what it held at {read_at:%H:%M:%S}.").format(read_at=control.read_at)
            self._say(f"{sentence(control.complaint)}.{older}", "danger")
        elif control.path is None:
            self._say(tr("Choose the data folder of a node, or the database file of its worklist."), "muted")
        elif control.read_at is None:
            self._say(tr("Reading…"), "muted")
        else:
            self._say(self._summary(), "warning" if control.new else "muted")

    def _summary(self) -> str:
        n = len(self.control.entries)
        parts = [f"{counted('study', 'studies', n)}."]
        if self.control.new:
            parts.append(
                tr("{studies} newly flagged.").format(
                    studies=counted("study", "studies", len(self.control.new))
                )
            )
        if self.table.rowCount() < n:
            hidden = [
                f"{self.table.hidden(group):,} {words_of(group.words)}"
                for group in Group
                if self.table.hidden(group)
            ]
            parts.append(tr("Not listed because of the filter: {hidden}.").format(hidden=", ".join(hidden)))
        return " ".join(parts)

    def _tell(self, words: str, role: str) -> None:
        self.opening.setText(words)
        self.opening.set_role(role)
        self.opening.setVisible(bool(words))

    def _say(self, words: str, role: str) -> None:
        self.said.setText(words)
        self.said.set_role(role)
