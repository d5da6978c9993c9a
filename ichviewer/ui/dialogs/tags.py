"""The tags of a slice, to search, to compare with those of another slice, and to copy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from ichviewer.domain.series import Series, SliceInfo
from ichviewer.domain.tags import TagList, TagPair, paired
from ichviewer.errors import IchViewerError
from ichviewer.progress import CancelToken
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.tag_table import TagTable, TagView
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.plain_text import title_text
from ichviewer.ui.look.plain_widgets import PlainLabel, set_tip
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import count, joined, patient_name, series_title
from ichviewer.ui.session.workers import Task, TaskContext, Workers

LANE = "tags"
"""The thread that waits for the tags."""

_TYPING_MS = 200
"""How long after the last key another slice is read."""

ReadTags = Callable[[SliceInfo, CancelToken], TagList]


class TagsDialog(DialogFrame):
    """Shows the tags of one slice, and in what they differ from those of another one.

    Parameters
    ----------
    workers : Workers
        Waits for the tags: the window never does.
    series : Series
    index : int
        The slice in view.
    read : callable
        Reads the tags of a slice; see `ichviewer.services.tags.TagReader.read`. Called on another thread.
    """

    def __init__(
        self, workers: Workers, series: Series, index: int, read: ReadTags, parent: QWidget | None = None
    ) -> None:
        heading = f"Tags of slice {index + 1} of {len(series)}"
        super().__init__(title_text(heading), heading, parent)
        self.setSizeGripEnabled(True)
        self._workers, self._series, self._index, self._read = workers, series, index, read
        self._task: Task | None = None
        # What was read stays: going back to a slice shows it at once.
        self._known: dict[int, TagList] = {}
        self.table = TagTable()
        self.view = TagView(self.table)
        self._build()
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._load)
        self.finished.connect(self._stop)
        theme_signals().changed.connect(self.view.viewport().update)
        self.fit(1000, 680)
        self._filter.setFocus()
        self._load()

    @property
    def status(self) -> str:
        """How many tags are listed, that they are being read, or why they cannot be."""
        return self._status.text()

    @property
    def notes(self) -> str:
        """What is not listed, and why."""
        return self._notes.text()

    @property
    def loading(self) -> bool:
        """Whether tags are still being read."""
        return self._task is not None and not self._task.over

    def filter_by(self, word: str) -> None:
        """List only the tags with a word in them."""
        self._filter.setText(word)

    def compare_with(self, index: int) -> None:
        """List only what differs from another slice.

        Parameters
        ----------
        index : int
            Index of that slice.
        """
        self._other.setValue(index + 1)
        self._differences.setChecked(True)

    def copy(self) -> None:
        """Put the tags that are listed on the clipboard, one a line."""
        self._to_clipboard(self.table.listed)

    def copy_selected(self) -> None:
        """Put the selected tags on the clipboard, one a line."""
        self._to_clipboard(self.view.selected())

    # Building

    def _build(self) -> None:
        self._whose = wrapped(
            joined((patient_name(self._series.patient), series_title(self._series))), "muted"
        )
        self._status, self._notes = wrapped("", "muted"), wrapped("", "warning")
        self._notes.hide()
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Search tags, names and values")
        self._filter.setAccessibleName("Search tags, names and values")
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(lambda _: self._list())
        self.content.addWidget(self._whose)
        self.content.addLayout(self._controls())
        self.content.addWidget(self.view, 1)
        self.content.addWidget(self._notes)
        self.content.addWidget(self._status)
        self._copy_all = self._button(
            "Copy all", "Copy every tag that is listed, one a line, with tabs between", self.copy
        )
        self._copy_some = self._button(
            "Copy selected", "Copy the selected tags  (Ctrl+C)", self.copy_selected
        )
        # Enter in the search must not close the dialog.
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(False)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy_selected)

    def _button(self, text: str, tip: str, slot: Callable[[], None]) -> QPushButton:
        button = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setIcon(icon("copy"))
        button.setAutoDefault(False)
        set_tip(button, tip)
        button.clicked.connect(slot)
        return button

    def _controls(self) -> QHBoxLayout:
        self._differences = QCheckBox("Only differences from slice")
        self._differences.setEnabled(len(self._series) > 1)
        self._differences.toggled.connect(self._switched)
        self._other = QSpinBox()
        self._other.setAccessibleName("Slice to compare with")
        self._other.setRange(1, len(self._series))
        # The slice before, and of the first one that after it.
        self._other.setValue(self._index if self._index else min(2, len(self._series)))
        self._other.setEnabled(False)
        self._other.valueChanged.connect(lambda _: self._typing.start())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._filter, 1)
        row.addWidget(self._differences)
        row.addWidget(self._other)
        row.addWidget(PlainLabel(f"of {len(self._series)}", "muted"))
        return row

    # Reading

    def _switched(self, on: bool) -> None:
        self._other.setEnabled(on)
        self._load()

    def _load(self) -> None:
        """Show what is asked for; read it first where it is not known."""
        self._typing.stop()
        self._drop()
        other = self._other.value() - 1 if self._differences.isChecked() else None
        wanted = [self._index] if other is None else [self._index, other]
        missing = [i for i in wanted if i not in self._known]
        if not missing:
            self._show(other)
            return
        self._clear(f"Reading the tags of slice {missing[0] + 1} …")
        slices = {i: self._series.slices[i] for i in missing}
        read = self._read

        def work(context: TaskContext) -> dict[int, TagList]:
            return {i: read(info, context.cancel) for i, info in slices.items()}

        def show(found: dict[int, TagList]) -> None:
            self._known |= found
            self._show(other)

        self._task = self._workers.run(work, on_result=show, on_error=self._fail, lane=LANE)

    def _show(self, other: int | None) -> None:
        first = self._known[self._index]
        second = None if other is None else self._known[other]
        pairs: tuple[TagPair, ...]
        if second is None:
            pairs, titles = tuple(TagPair(row, None) for row in first.rows), ("Value", "")
        else:
            pairs = paired(first, second)
            titles = (f"Slice {self._index + 1}", f"Slice {(other or 0) + 1}")
        self.table.set_pairs(pairs, titles, compares=second is not None)
        self.view.share_width()
        notes = dict.fromkeys((*first.notes, *(second.notes if second is not None else ())))
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))
        self._list()

    def _list(self) -> None:
        if self.loading:
            return
        self.table.set_filter(self._filter.text(), only_differences=self._differences.isChecked())
        words = count(self.table.total, "tag")
        if self._differences.isChecked():
            words += (
                f", {self.table.differing:,} of them differ" if self.table.differing else ", none differs"
            )
        listed = len(self.table.listed)
        if listed not in (self.table.total, self.table.differing):
            words += f"; {listed:,} listed"
        self._say(f"{words}.")

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self._workers.report_bug(error)
            error = IchViewerError("an unexpected error while reading", found=type(error).__name__)
        self._clear(str(error), "danger")

    def _clear(self, words: str, role: str = "muted") -> None:
        self.table.set_pairs((), ("Value", ""), compares=False)
        self._notes.hide()
        self._say(words, role)

    def _say(self, words: str, role: str = "muted") -> None:
        self._status.setText(words)
        self._status.set_role(role)
        for button in (self._copy_all, self._copy_some):
            button.setEnabled(bool(self.table.listed))

    def _drop(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _stop(self) -> None:
        self._typing.stop()
        self._drop()

    def _to_clipboard(self, pairs: list[TagPair]) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.table.line(pair) for pair in pairs))
