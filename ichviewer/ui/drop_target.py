"""Files and folders dragged onto the window: whether they are taken is seen before they are let go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
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

from ichviewer.ui.fonts import font
from ichviewer.ui.theme import theme
from ichviewer.ui.ui_settings import is_there
from ichviewer.ui.words import count

REFUSAL = "Only files and folders can be opened"
_EDGE_PX = 3.0
_PAD_PX = 18


class DropTarget(QWidget):
    """Lies over the window while something is dragged across it, and says what letting go will do.

    Signals
    -------
    dropped(list of Path)
        At least one file or folder.
    refused(str)
        What was dropped cannot be opened; why.
    """

    dropped = Signal(object)
    refused = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._words = ""
        self._taken = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAccessibleName("Drop target")
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while nothing is dragged."""
        return self._words

    def enter(self, event: QDragEnterEvent, in_place_of: str) -> None:
        """Something is dragged over the window.

        Parameters
        ----------
        event : QDragEnterEvent
            Accepted in any case, so that it is also told what cannot be opened; with no action where it cannot.
        in_place_of : str
            What is open, which the drop would close; empty if nothing is.
        """
        number = len(local_paths(event.mimeData()))
        self._taken = number > 0
        if self._taken:
            what = "Drop to open" if number == 1 else f"Drop to open {count(number, 'item')}"
            self._words = f"{what} in place of {in_place_of}" if in_place_of else what
        else:
            self._words = REFUSAL
        self.move_on(event)
        self.setAccessibleDescription(self._words)
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.update()

    def move_on(self, event: QDragMoveEvent) -> None:
        """What is dragged goes on; the pointer shows whether it would be taken."""
        event.setDropAction(Qt.DropAction.CopyAction if self._taken else Qt.DropAction.IgnoreAction)
        event.accept()

    def leave(self, event: QDragLeaveEvent) -> None:
        """What was dragged has left the window."""
        self._clear()
        event.accept()

    def drop(self, event: QDropEvent) -> None:
        """Something was let go."""
        self._clear()
        paths = local_paths(event.mimeData())
        if not paths:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
            self.refused.emit(f"{REFUSAL}; what was dropped is neither.")
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(paths)

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
