"""Reference lines: where the slice of the active pane lies in the slices of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.look.theme import DARK
from ichviewer.ui.panes.image_frame import Placement, Point
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.plane_cut import reference_line

_WIDTH_PX, _RIM_PX = 1.5, 3.5


class ReferenceLine(QWidget):
    """Lies over an image and draws one line. Mouse and keys pass through it."""

    def __init__(self, image: ImagePane) -> None:
        super().__init__(image)
        self._image = image
        self._line: tuple[Point, Point] | None = None
        self._placement: Placement | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground, True)
        image.installEventFilter(self)
        self.resize(image.size())
        self.show()

    @property
    def line(self) -> tuple[Point, Point] | None:
        """From where to where, in mm of the picture; None where there is none."""
        return self._line

    def set_line(self, line: tuple[Point, Point] | None) -> None:
        """Draw another line, or none, where the picture lies now."""
        placement = None if line is None else self._image.placement()
        if (line, placement) != (self._line, self._placement):
            self._line, self._placement = line, placement
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of the image."""
        if event.type() is QEvent.Type.Resize:
            self.resize(self._image.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line where the picture is; nothing where there is no picture."""
        placement = self._image.placement()
        if self._line is None or placement is None:
            return
        size = float(self.width()), float(self.height())
        start, end = (QPointF(*placement.to_screen(point, size)) for point in self._line)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(QColor(0, 0, 0, 160), _RIM_PX))
        painter.drawLine(start, end)
        painter.setPen(QPen(QColor(DARK.accent), _WIDTH_PX, Qt.PenStyle.DashLine))
        painter.drawLine(start, end)


class ReferenceLines(QObject):
    """Keeps the lines of all panes with the active one.

    Parameters
    ----------
    shown : callable
        Gives the panes that are shown.
    active : callable
        Gives the active one.
    parent : QObject
    """

    def __init__(
        self, shown: Callable[[], Sequence[PaneView]], active: Callable[[], PaneView], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._active = active
        self._lines: dict[PaneView, ReferenceLine] = {}
        # Linked panes change together: once for all of them.
        self._refreshing = BeforePaint(self.refresh, self)

    def add(self, pane: PaneView) -> None:
        """Draw lines in another pane, too."""
        self._lines[pane] = ReferenceLine(pane.image)
        pane.image.placed.connect(self._refreshing.ask)

    def line(self, pane: PaneView) -> tuple[Point, Point] | None:
        """The line in a pane, in mm of its picture."""
        return self._lines[pane].line

    def refresh(self) -> None:
        """Draw the lines as the panes are now; only where the slice that was asked for is on screen."""
        self._refreshing.drop()
        active, shown = self._active(), self._shown()
        for pane, line in self._lines.items():
            found = None
            if (
                pane in shown
                and pane is not active
                and pane.series is not None
                and active.series is not None
                and pane.shown == pane.index
                and active.shown == active.index
            ):
                found = reference_line(pane.series, pane.index, active.series, active.index)
            line.set_line(found)
