"""The panes of the window as widgets: where each lies, its title, and the frame that marks the active one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ichviewer.ui.browser.series_drag import carries_series, series_token
from ichviewer.ui.look.fonts import font
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.layouts import ONE_PANE, PaneLayout

_TITLE_PX = 22
_EDGE_PX = 3
_GAP_PX = 2
_PAD_PX = 7
_MARK_PX = 8
_LEAST_PX = (150, 130)
"""Of an image among several."""


class PaneFrame(QWidget):
    """A pane with its title and edge; alone in the window it has neither.

    The active pane has a wide edge, a filled title and a mark in it, the others a thin edge: it is not
    the color alone that tells them apart.

    Signals
    -------
    doubleClicked()
        On title or edge.
    seriesDropped(bytes)
        The token of a series (see `ichviewer.ui.browser.series_drag`).
    """

    doubleClicked = Signal()
    seriesDropped = Signal(bytes)

    def __init__(self, image: ImagePane, parent: QWidget) -> None:
        super().__init__(parent)
        self.image = image
        image.setParent(self)
        self._words = ""
        self._note = ""
        self._framed = False
        self._active = False
        self._aimed = False
        self.setAcceptDrops(True)
        theme_signals().changed.connect(self.update)

    @property
    def words(self) -> str:
        """What its title says."""
        return self._words

    @property
    def note(self) -> str:
        """What its title says of the link with the other panes."""
        return self._note

    @property
    def active(self) -> bool:
        """Whether it is marked as the pane that somebody works with."""
        return self._active and self._framed

    def set_words(self, words: str, note: str = "") -> None:
        """Say what is in it, and how it is linked."""
        if (words, note) != (self._words, self._note):
            self._words, self._note = words, note
            self._tell()

    def set_active(self, active: bool) -> None:
        """Mark it as the one that somebody works with, or not."""
        if active != self._active:
            self._active = active
            self._tell()

    def set_framed(self, framed: bool) -> None:
        """Give it title and edge, or not."""
        if framed != self._framed:
            self._framed = framed
            least = _LEAST_PX if framed else (240, 200)
            self.image.setMinimumSize(*least)
            self._tell()
        self._place()

    def least_px(self) -> tuple[int, int]:
        """Width and height that it needs."""
        size, edge = self.image.minimumSize(), _EDGE_PX if self._framed else 0
        return size.width() + 2 * edge, size.height() + 2 * edge + (_TITLE_PX if self._framed else 0)

    def _tell(self) -> None:
        said = (self._words, self._note, tr("active") if self.active else "")
        self.setAccessibleName(", ".join(part for part in said if part) if self._framed else "")
        self.update()

    def _place(self) -> None:
        edge = _EDGE_PX if self._framed else 0
        top = edge + (_TITLE_PX if self._framed else 0)
        self.image.setGeometry(self.rect().adjusted(edge, top, -edge, -edge))

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the image inside of title and edge."""
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on title or edge means the pane."""
        self.image.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On title or edge; the image takes those on itself."""
        if self._framed and event.button() == Qt.MouseButton.LeftButton:
            self.doubleClicked.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title and edge; without them the image covers everything."""
        if not self._framed:
            return
        colors = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.panel))
        title = QRect(0, 0, self.width(), _TITLE_PX + _EDGE_PX)
        if self._active:
            painter.fillRect(self.rect(), QColor(colors.accent))
        face = font(12, bold=self._active)
        painter.setFont(face)
        painter.setPen(QColor(colors.on_accent if self._active else colors.muted))
        left = _PAD_PX
        if self._active:
            mark = QRect(_PAD_PX, (title.height() - _MARK_PX) // 2, _MARK_PX, _MARK_PX)
            painter.fillRect(mark, QColor(colors.on_accent))
            left += _MARK_PX + _PAD_PX
        metrics = QFontMetricsF(face)
        note_px = int(metrics.horizontalAdvance(self._note)) + 1 if self._note else 0
        room = self.width() - left - _PAD_PX - (note_px + _PAD_PX if note_px else 0)
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 0))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRect(left, 0, max(room, 0), title.height()), flags, words)
        if note_px:
            note = QRect(self.width() - _PAD_PX - note_px, 0, note_px, title.height())
            painter.drawText(note, flags, self._note)
        if not self._active:
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._aimed:
            painter.setPen(QPen(QColor(colors.warning), 2 * _EDGE_PX, Qt.PenStyle.DashLine))
            painter.drawRect(self.rect())

    # A series dragged into it

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take series; what else is dragged is for the window."""
        if carries_series(event.mimeData()):
            self._aim(True)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on taking it."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It is dragged elsewhere."""
        self._aim(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Show it here."""
        self._aim(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.seriesDropped.emit(series_token(event.mimeData()))

    def _aim(self, aimed: bool) -> None:
        self._aimed = aimed
        self.update()


class PaneGrid(QWidget):
    """Shows the first panes in the cells of a layout; further ones wait, hidden.

    Parameters
    ----------
    make : callable
        Makes another image.

    Signals
    -------
    made(PaneFrame)
        Another pane is there.
    """

    made = Signal(object)

    def __init__(self, make: Callable[[], ImagePane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._make = make
        self._frames: list[PaneFrame] = []
        self._layout = ONE_PANE
        self._only: PaneFrame | None = None
        self.arrange(ONE_PANE)

    @property
    def frames(self) -> tuple[PaneFrame, ...]:
        """All panes, hidden ones too."""
        return tuple(self._frames)

    @property
    def layout_in_use(self) -> PaneLayout:
        """How the panes lie, unless only one of them is shown."""
        return self._layout

    @property
    def only(self) -> PaneFrame | None:
        """The one that is shown alone; None where all panes of the layout are shown."""
        return self._only

    def shown(self) -> tuple[PaneFrame, ...]:
        """The panes that are shown, in the order of the cells."""
        return tuple(self._frames[: len(self._layout)]) if self._only is None else (self._only,)

    def arrange(self, layout: PaneLayout, only: PaneFrame | None = None) -> None:
        """Show as many panes as the layout has cells, or only one of them; missing ones are made.

        Raises
        ------
        ValueError
            If the only one is none of the layout's.
        """
        while len(self._frames) < len(layout):
            frame = PaneFrame(self._make(), self)
            self._frames.append(frame)
            self.made.emit(frame)
        if only is not None and only not in self._frames[: len(layout)]:
            raise ValueError(f"only a pane of the layout {layout.id} can be shown alone. Received: another")
        self._layout, self._only = layout, only
        shown = self.shown()
        for frame in self._frames:
            frame.set_framed(len(layout) > 1)
            frame.setVisible(frame in shown)
        least = [frame.least_px() for frame in shown]
        across, down = (1, 1) if only is not None else (layout.columns, layout.rows)
        self.setMinimumSize(across * max(w for w, _ in least), down * max(h for _, h in least))
        for before, after in pairwise(shown):
            QWidget.setTabOrder(before.image, after.image)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the panes in their cells."""
        self._place()

    def _place(self) -> None:
        if self._only is not None:
            self._only.setGeometry(self.rect())
            return
        layout = self._layout
        for frame, cell in zip(self.shown(), layout.cells, strict=True):
            left, right = (
                _line(column, layout.columns, self.width())
                for column in (cell.column, cell.column + cell.columns)
            )
            top, bottom = (_line(row, layout.rows, self.height()) for row in (cell.row, cell.row + cell.rows))
            frame.setGeometry(left, top, right - left - _GAP_PX, bottom - top - _GAP_PX)


def _line(place: int, places: int, length_px: int) -> int:
    """Where a row or column begins, with a gap between two but none at the end."""
    return round(place * (length_px + _GAP_PX) / places)
