"""Reference lines: where the slice of the active pane lies in the slices of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ichviewer.domain.series import Series
from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.look.theme import DARK
from ichviewer.ui.panes.image_frame import Point
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.plane_cut import reference_line

_WIDTH_PX, _RIM_PX = 1.5, 3.5
_Cut = tuple[Series, int, Series, int]
"""The slice on which a line is drawn, and the one that it stands for."""
_Ends = tuple[QPointF, QPointF]


class ReferenceLine(QWidget):
    """Lies over an image and draws one line. Mouse and keys pass through it."""

    def __init__(self, image: ImagePane) -> None:
        super().__init__(image)
        self._image = image
        self._line: tuple[Point, Point] | None = None
        self._seen: _Ends | None = None
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
        self._line = line
        self._have_painted(self._ends())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of the image."""
        if event.type() is QEvent.Type.Resize:
            self.resize(self._image.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line where the picture is; nothing where there is no picture."""
        ends = self._ends()
        # Where the picture was moved before the line was set, the rest of it is not in this region.
        self._have_painted(ends)
        if ends is None:
            return
        start, end = ends
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(QColor(0, 0, 0, 160), _RIM_PX))
        painter.drawLine(start, end)
        painter.setPen(QPen(QColor(DARK.accent), _WIDTH_PX, Qt.PenStyle.DashLine))
        painter.drawLine(start, end)

    def _ends(self) -> _Ends | None:
        placement = self._image.placement()
        if self._line is None or placement is None:
            return None
        size = float(self.width()), float(self.height())
        start, end = (placement.to_screen(point, size) for point in self._line)
        return QPointF(*start), QPointF(*end)

    def _have_painted(self, ends: _Ends | None) -> None:
        before, self._seen = self._seen, ends
        if ends != before:
            for line in filter(None, (before, ends)):
                self.update(_around(line))


def _around(line: _Ends) -> QRect:
    """All that a line touches, in px."""
    reach = _RIM_PX / 2 + 1
    return QRectF(*line).normalized().adjusted(-reach, -reach, reach, reach).toAlignedRect()


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
        self._found: dict[PaneView, tuple[_Cut, tuple[Point, Point] | None]] = {}
        # Linked panes change together: once for all of them.
        self._refreshing = BeforePaint(self.refresh, self)

    def add(self, pane: PaneView) -> None:
        """Draw lines in another pane, too."""
        self._lines[pane] = ReferenceLine(pane.image)
        for told in (pane.image.placed, pane.image.pictureShown, pane.sliceChanged):
            told.connect(self._ask)

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
                found = self._cut(pane, (pane.series, pane.index, active.series, active.index))
            else:
                self._found.pop(pane, None)
            line.set_line(found)

    def _ask(self, *_: object) -> None:
        self._refreshing.ask()

    def _cut(self, pane: PaneView, cut: _Cut) -> tuple[Point, Point] | None:
        """The line of a slice in a pane; asked for more often than either is another one."""
        known = self._found.get(pane)
        if known is None or known[0] != cut:
            known = self._found[pane] = cut, reference_line(*cut)
        return known[1]
