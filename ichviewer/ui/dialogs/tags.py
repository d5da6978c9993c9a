"""The tags of a slice, to search, to compare with those of another slice or series, and to copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.domain.tags import SeriesTags, TagList, paired, series_paired
from ichviewer.errors import IchViewerError
from ichviewer.progress import CancelToken, Progress
from ichviewer.ui.dialogs.frame import DialogFrame, wrapped
from ichviewer.ui.dialogs.tag_comparison import TagComparison, other_title
from ichviewer.ui.dialogs.tag_lines import TagLine, TagSheet, series_sheet, slice_sheet, slices_sheet
from ichviewer.ui.dialogs.tag_table import TagTable, TagView
from ichviewer.ui.look.fonts import text_size
from ichviewer.ui.look.icons import icon
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_text import title_text
from ichviewer.ui.look.plain_widgets import set_tip
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import counted, error_words, joined, patient_name, series_title
from ichviewer.ui.session.workers import Task, TaskContext, Workers

LANE = "tags"
"""The thread that waits for the tags."""

ReadTags = Callable[[SliceInfo, CancelToken], TagList]
ReadSeriesTags = Callable[[Series, Progress, CancelToken], SeriesTags]


class TagsDialog(DialogFrame):
    """Shows the tags of one slice, and in what they differ from those of another one, or two series from each other.

    Parameters
    ----------
    workers : Workers
        Waits for the tags: the window never does.
    series : Series
    index : int
        The slice in view.
    read : callable
        Reads the tags of a slice; see `ichviewer.services.tags.TagReader.read`. Called on another thread.
    parent : QWidget or None
    read_series : callable, optional
        Reads those of a series, as `ichviewer.services.tags.TagReader.read_series`. Called on another thread.
    others : sequence of Series
        What the series may be compared with; none without ``read_series``.
    """

    def __init__(
        self,
        workers: Workers,
        series: Series,
        index: int,
        read: ReadTags,
        parent: QWidget | None = None,
        *,
        read_series: ReadSeriesTags | None = None,
        others: Sequence[Series] = (),
    ) -> None:
        heading = tr("Tags of slice {index} of {series}").format(index=index + 1, series=len(series))
        super().__init__(title_text(heading), heading, parent)
        self.setSizeGripEnabled(True)
        self._workers, self._series, self._index, self._read = workers, series, index, read
        self._task: Task | None = None
        # What was read stays: going back to a slice shows it at once.
        self._known: dict[int, TagList] = {}
        self._read_series, self._known_series = read_series, dict[SeriesKey, SeriesTags]()
        self.table = TagTable()
        self.view = TagView(self.table)
        self.comparison = TagComparison(series, index, others if read_series is not None else ())
        self._build()
        self.comparison.changed.connect(self._load)
        self.comparison.onlyChanged.connect(self._list)
        self.finished.connect(self._stop)
        theme_signals().changed.connect(self.view.viewport().update)
        self.fit(text_size().px(1000), text_size().px(680))
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

    def compare_with(self, target: int | Series) -> None:
        """List only what differs from another slice or series.

        Parameters
        ----------
        target : int or Series
            Index of that slice, or that series.
        """
        self.comparison.only.setChecked(True)
        self.comparison.compare_with(target)

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
        # A description of one endless word must not make the dialog as wide.
        self._whose.setMinimumWidth(1)
        self._status, self._notes = wrapped("", "muted"), wrapped("", "warning")
        self._notes.hide()
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Search tags, names and values"))
        self._filter.setAccessibleName(tr("Search tags, names and values"))
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(lambda _: self._list())
        self.content.addWidget(self._whose)
        controls = QHBoxLayout()
        controls.setSpacing(8)
        controls.addWidget(self._filter, 1)
        controls.addWidget(self.comparison, 1)
        self.content.addLayout(controls)
        self.content.addWidget(self.view, 1)
        self.content.addWidget(self._notes)
        self.content.addWidget(self._status)
        self._copy_all = self._button(
            tr("Copy all"), tr("Copy every tag that is listed, one a line, with tabs between"), self.copy
        )
        self._copy_some = self._button(
            tr("Copy selected"), tr("Copy the selected tags  (Ctrl+C)"), self.copy_selected
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

    # Reading

    def _load(self) -> None:
        """Show what is asked for; read it first where it is not known."""
        self._drop()
        target = self.comparison.target
        if isinstance(target, Series):
            self._load_series(target)
        else:
            self._load_slices(target)

    def _load_slices(self, other: int | None) -> None:
        wanted = [self._index] if other is None else [self._index, other]
        missing = [i for i in wanted if i not in self._known]
        if not missing:
            self._show_slices(other)
            return
        self._clear(tr("Reading the tags of slice {missing} …").format(missing=missing[0] + 1))
        slices = {i: self._series.slices[i] for i in missing}
        read = self._read

        def work(context: TaskContext) -> dict[int, TagList]:
            return {i: read(info, context.cancel) for i, info in slices.items()}

        def show(found: dict[int, TagList]) -> None:
            self._known |= found
            self._show_slices(other)

        self._task = self._workers.run(work, on_result=show, on_error=self._fail, lane=LANE)

    def _load_series(self, other: Series) -> None:
        read = self._read_series
        missing = [series for series in (self._series, other) if series.key not in self._known_series]
        if read is None or not missing:
            self._show_series(other)
            return
        self._clear(
            tr("Reading the tags of {slices} …").format(
                slices=counted("slice", "slices", sum(map(len, missing)))
            )
        )

        def work(context: TaskContext) -> dict[SeriesKey, SeriesTags]:
            return {series.key: read(series, context.progress, context.cancel) for series in missing}

        def show(found: dict[SeriesKey, SeriesTags]) -> None:
            self._known_series |= found
            self._show_series(other)

        def tell(done: int, total: int, _: str) -> None:
            self._say(tr("Reading the tags of slice {done:,} of {total:,} …").format(done=done, total=total))

        self._task = self._workers.run(work, on_result=show, on_error=self._fail, on_progress=tell, lane=LANE)

    def _show_slices(self, other: int | None) -> None:
        first = self._known[self._index]
        if other is None:
            self._show(slice_sheet(first), first.notes)
            return
        second = self._known[other]
        titles = (
            tr("Slice {index}").format(index=self._index + 1),
            tr("Slice {other}").format(other=other + 1),
        )
        self._show(slices_sheet(paired(first, second), titles), (*first.notes, *second.notes))

    def _show_series(self, other: Series) -> None:
        first, second = self._known_series[self._series.key], self._known_series[other.key]
        # Two series may be called the same.
        titles = (
            tr("This series: {series_title}").format(series_title=series_title(self._series)),
            tr("Other series: {other_title}").format(other_title=other_title(other, self._series)),
        )
        notes = [tr("This series: {note}").format(note=note) for note in first.notes]
        notes += [tr("Other series: {note}").format(note=note) for note in second.notes]
        self._show(series_sheet(series_paired(first, second), titles), notes)

    def _show(self, sheet: TagSheet, notes: Sequence[str]) -> None:
        self.table.show_sheet(sheet)
        self.view.share_width()
        self._notes.setText("\n".join(dict.fromkeys(notes)))
        self._notes.setVisible(bool(notes))
        self._list()

    def _list(self) -> None:
        if self.loading:
            return
        self.table.set_filter(self._filter.text(), only_differences=self.comparison.only_differences)
        words = counted("tag", "tags", self.table.total)
        differing = self.table.sheet.differing
        if self.table.sheet.compares:
            words += (
                tr(", {differing:,} of them differ").format(differing=differing)
                if differing
                else tr(", none differs")
            )
        listed = len(self.table.listed)
        if listed not in (self.table.total, differing):
            words += tr("; {listed:,} listed").format(listed=listed)
        self._say(f"{words}.")

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self._workers.report_bug(error)
            error = IchViewerError(tr("an unexpected error while reading"), found=type(error).__name__)
        self._clear(error_words(error), "danger")

    def _clear(self, words: str, role: str = "muted") -> None:
        self.table.show_sheet(TagSheet())
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
        self.comparison.stop()
        self._drop()

    def _to_clipboard(self, listed: Sequence[TagLine]) -> None:
        # Which of two values is whose is not to be guessed where they are pasted.
        titles = ["\t".join(self.table.titles)] if self.table.sheet.compares else []
        QGuiApplication.clipboard().setText("\n".join([*titles, *map(self.table.line, listed)]))
