"""The left of the window: what is open, as patients, studies and series."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QToolTip, QTreeView, QVBoxLayout, QWidget

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.ui.study_rows import StudyRowPainter, state_word
from ichviewer.ui.study_tree import SeriesRow, StudyTree
from ichviewer.ui.theme import theme_signals
from ichviewer.ui.thumbnails import Thumbnails
from ichviewer.ui.words import series_details, series_title

_OPEN_PATIENTS = 50


class StudyBrowser(QFrame):
    """Lists what is open; a click on a series asks for it.

    Signals
    -------
    seriesRequested(SeriesKey)
    """

    seriesRequested = Signal(object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setMinimumWidth(220)
        self.tree = StudyTree(self)
        self._view = _TreeView(self.tree)
        self._painter = StudyRowPainter(self.tree, thumbnails.want, self._view)
        self._view.setItemDelegate(self._painter)
        self._view.clicked.connect(self._clicked)
        self._view.selectionModel().currentChanged.connect(self._current_changed)
        self._title = QLabel("Studies")
        self._title.setObjectName("panelTitle")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._title)
        layout.addWidget(self._view)
        self._current: SeriesKey | None = None
        thumbnails.ready.connect(self.tree.set_thumbnail)
        self.tree.rowsInserted.connect(self._open_new)
        theme_signals().changed.connect(self._view.viewport().update)

    @property
    def view(self) -> QTreeView:
        """The list itself."""
        return self._view

    def set_catalog(self, catalog: Catalog) -> None:
        """Show what was found so far."""
        self.tree.set_catalog(catalog)
        if self._current is not None:
            self.set_current(self._current)

    def clear(self) -> None:
        """Show nothing."""
        self._current = None
        self.tree.clear_all()

    def set_current(self, key: SeriesKey) -> None:
        """Mark the series in view."""
        self._current = key
        index = self.tree.index_of(key)
        if index.isValid() and index != self._view.currentIndex():
            self._view.setCurrentIndex(index)

    def set_state(
        self, key: SeriesKey, state: SeriesState, text: str, flagged: tuple[Hemorrhage, ...]
    ) -> None:
        """Say how far the analysis of a series is."""
        self.tree.set_state(key, state, text, flagged)

    def neighbour(self, key: SeriesKey, step: int) -> SeriesKey | None:
        """The series ``step`` places further down the list, None past its ends."""
        index = self.tree.index_of(key)
        while index.isValid():
            index = self._view.indexBelow(index) if step > 0 else self._view.indexAbove(index)
            row = self.tree.row_at(index)
            if isinstance(row, SeriesRow):
                return row.series.key
        return None

    def _open_new(self, parent: QModelIndex, first: int, last: int) -> None:
        # Only what is new: to expand everything again would undo what the reader has closed, and take long. Of very
        # many patients most stay closed: nobody reads such a list, and every open row has to be laid out.
        end = last + 1 if parent.isValid() else min(last + 1, _OPEN_PATIENTS)
        for row in range(first, end):
            self._view.expand(self.tree.index(row, 0, parent))

    def _clicked(self, index: QModelIndex) -> None:
        row = self.tree.row_at(index)
        if isinstance(row, SeriesRow):
            self._ask(row.series)
        elif not index.parent().isValid():
            self._view.setExpanded(index, not self._view.isExpanded(index))

    def _current_changed(self, index: QModelIndex, _: QModelIndex) -> None:
        row = self.tree.row_at(index)
        if isinstance(row, SeriesRow) and self._view.hasFocus():
            self._ask(row.series)

    def _ask(self, series: Series) -> None:
        if series.key != self._current:
            self._current = series.key
            self.seriesRequested.emit(series.key)


class _TreeView(QTreeView):
    """A plain list of rows without Qt's own branches, with tips made when they are needed."""

    def __init__(self, tree: StudyTree) -> None:
        super().__init__()
        self.tree = tree
        self.setModel(tree)
        self.setObjectName("studies")
        self.setAccessibleName("Studies")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole of what a row may have had to shorten."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.tree.row_at(self.indexAt(event.pos()))
            if isinstance(row, SeriesRow):
                lines = [
                    series_title(row.series),
                    series_details(row.series),
                    state_word(row.state, row.flagged),
                ]
                QToolTip.showText(
                    event.globalPos(), "\n".join([*lines, *([row.text] if row.text else [])]), self
                )
                return True
        return super().viewportEvent(event)
