"""Files and folders dragged onto the window: whether they are taken is seen before they are let go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from ichviewer.ui.browser.series_drag import carries_series
from ichviewer.ui.look.fonts import font
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.theme import theme
from ichviewer.ui.look.words import counted
from ichviewer.ui.session.ui_settings import is_there

REFUSAL = tr("Only files and folders can be opened")
_EDGE_PX = 3.0
_PAD_PX = 18


class DropTarget(QWidget):
    """Lies over a widget while something is dragged across it, and says what letting go will do.

    Parameters
    ----------
    over : QWidget
        Takes drops from now on.
    in_place_of : callable
        What is open, which a drop would close; empty if nothing is.
    beside : QWidget, optional
        Where a drop opens beside what is open, as it does everywhere while Ctrl is held.

    Signals
    -------
    dropped(list of Path)
        At least one file or folder, to be opened in place of what is open.
    droppedBeside(list of Path)
        As many, to be opened beside it.
    refused(str)
        What was dropped cannot be opened; why.
    """

    dropped = Signal(object)
    droppedBeside = Signal(object)
    refused = Signal(str)

    def __init__(self, over: QWidget, in_place_of: Callable[[], str], beside: QWidget | None = None) -> None:
        super().__init__(over)
        self._beside = beside
        self._number = 0
        self._over = over
        self._in_place_of = in_place_of
        over.setAcceptDrops(True)
        over.installEventFilter(self)
        self._words = ""
        self._taken = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAccessibleName(tr("Drop target"))
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while nothing is dragged."""
        return self._words

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dragged over the widget and dropped on it."""
        if isinstance(event, QDragEnterEvent) and carries_series(event.mimeData()):
            # A series of what is open: the panes take it, nothing else does.
            event.ignore()
        elif isinstance(event, QDragEnterEvent):
            self._enter(event)
        elif isinstance(event, QDragMoveEvent):
            self._move(event)
        elif isinstance(event, QDropEvent):
            self._drop(event)
        elif isinstance(event, QDragLeaveEvent):
            self._clear()
        else:
            return False
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        self._number = len(local_paths(event.mimeData()))
        self._taken = self._number > 0
        self._move(event)
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.update()

    def _move(self, event: QDragMoveEvent) -> None:
        words = self._say(event) if self._taken else REFUSAL
        if words != self._words:
            self._words = words
            self.setAccessibleDescription(words)
            self.update()
        # Accepted in any case, or nobody would be told when it leaves; with no action if it cannot be opened.
        event.setDropAction(Qt.DropAction.CopyAction if self._taken else Qt.DropAction.IgnoreAction)
        event.accept()

    def _say(self, event: QDropEvent) -> str:
        number, opened = self._number, self._in_place_of()
        what = (
            tr("Drop to open")
            if number == 1
            else tr("Drop to open {items}").format(items=counted("item", "items", number))
        )
        if not opened:
            return what
        return (
            tr("{what} beside {opened}").format(what=what, opened=opened)
            if self._goes_beside(event)
            else tr("{what} in place of {opened}").format(what=what, opened=opened)
        )

    def _goes_beside(self, event: QDropEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return True
        area = self._beside
        if area is None or not area.isVisible():
            return False
        return area.rect().contains(area.mapFrom(self._over, event.position().toPoint()))

    def _drop(self, event: QDropEvent) -> None:
        beside = self._goes_beside(event)
        self._clear()
        paths = local_paths(event.mimeData())
        if not paths:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
            self.refused.emit(tr("{refusal}; what was dropped is neither.").format(refusal=REFUSAL))
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        (self.droppedBeside if beside else self.dropped).emit(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a frame around everything, and the words in the middle."""
        colors = theme()
        color = QColor(colors.accent if self._taken else colors.danger)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        veil = QColor(colors.window)
        veil.setAlpha(120)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(color, _EDGE_PX))
        edge = _EDGE_PX
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 8, 8)
        face = font(16, bold=True)
        painter.setFont(face)
        metrics = QFontMetricsF(face)
        text = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - 6 * _PAD_PX)
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _PAD_PX, metrics.height() + 2 * _PAD_PX)
        box.moveCenter(QRectF(self.rect()).center())
        painter.setBrush(QColor(colors.raised))
        painter.setPen(QPen(color, 1.5))
        painter.drawRoundedRect(box, 9, 9)
        painter.setPen(QColor(colors.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _clear(self) -> None:
        self._words = ""
        self._taken = False
        self.setAccessibleDescription("")
        self.hide()


def local_paths(mime: QMimeData) -> list[Path]:
    """The files and folders that are dragged, in their order, each once; what is gone is left out."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in dict.fromkeys(paths) if is_there(path)]
