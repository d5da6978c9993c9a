"""The list of the study browser as Qt shows it: without Qt's own branches, with tips made when they are needed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView

from ichviewer.ui.browser.study_tree import Index, StudyTree
from ichviewer.ui.browser.tree_rows import told
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import show_tip
from ichviewer.ui.look.theme import theme


class StudyView(QTreeView):
    """A plain list of rows.

    Signals
    -------
    mouseLeft()
        The mouse is no longer over the rows.
    dragEnded()
        A series was dragged out, and dropped somewhere or not.
    enterPressed(QModelIndex)
        Enter was pressed on a row.
    """

    mouseLeft = Signal()
    dragEnded = Signal()
    enterPressed = Signal(object)

    def __init__(self, tree: StudyTree) -> None:
        super().__init__()
        self.tree = tree
        self.has_mouse = False
        self.button_down = False
        """Whether a mouse button is down on it: whether that becomes a click or a drag is not known yet."""
        self._placeholder = ""
        self.setModel(tree)
        self.setObjectName("studies")
        self.setAccessibleName(tr("Studies"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)

    @property
    def placeholder(self) -> str:
        """What it says while no row is listed."""
        return self._placeholder

    def set_placeholder(self, words: str) -> None:
        """What to say while no row is listed."""
        if words != self._placeholder:
            self._placeholder = words
            self.viewport().update()

    def sees_current(self) -> bool:
        """Whether any part of the selected row is in sight."""
        return self.visualRect(self.currentIndex()).intersects(self.viewport().rect())

    def show_current(self) -> None:
        """Bring the whole selected row into sight."""
        index = self.currentIndex()
        if index.isValid():
            self.executeDelayedItemsLayout()
            self.scrollTo(index)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a row into sight, its last pixel line too, which Qt leaves out."""
        super().scrollTo(index, hint)
        cut = self.visualRect(index).bottom() - self.viewport().rect().bottom()
        if cut > 0 and hint is QAbstractItemView.ScrollHint.EnsureVisible:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + cut)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the row; it is asked for when the button comes up on it."""
        self.button_down = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, if it is the same row still."""
        self.button_down = False
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter acts as a click on the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.enterPressed.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the selected series; comes back when it was let go."""
        super().startDrag(actions)
        # The button came up elsewhere.
        self.button_down = False
        self.dragEnded.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the selected row whole."""
        row, before = self.visualRect(self.currentIndex()), event.oldSize().height()
        seen = row.isValid() and row.bottom() >= 0 and row.top() < max(before, 0)
        super().resizeEvent(event)
        if seen or before <= 0:
            self.show_current()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the words for an empty list."""
        super().paintEvent(event)
        if self.tree.rowCount() == 0 and self._placeholder:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme().muted))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(16, 24, -16, -8), flags, self._placeholder)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole of what a row may have had to shorten, and know whether the mouse is over the rows."""
        kind = event.type()
        if kind is QEvent.Type.Enter:
            self.has_mouse = True
        elif kind is QEvent.Type.Leave:
            self.has_mouse = False
            self.mouseLeft.emit()
        elif kind is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            row = self.tree.row_at(index)
            if row is not None:
                show_tip(event.globalPos(), told(row), self.viewport(), self.visualRect(index))
                return True
        return super().viewportEvent(event)
