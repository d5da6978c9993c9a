"""What the mouse does on a reformat.

=====================  ====================================================
click                  the crosshair moves here
drag of a line         its plane moves
drag of a line's end   the two other planes turn about the crosshair
other drags, wheel     as on an acquired slice; the wheel moves this plane
=====================  ====================================================
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from ichviewer.domain.geometry import Vector
from ichviewer.ui.panes.image_frame import Point
from ichviewer.ui.panes.image_interaction import CLICK_PX
from ichviewer.ui.panes.reformat_grips import Grip, GripKind, grip_at, to_pixel, turned_degrees
from ichviewer.ui.panes.reformat_state import Section
from ichviewer.ui.panes.reformat_view import ReformatView
from ichviewer.ui.panes.view_state import WINDOW_TOOL
from ichviewer.ui.panes.view_widget import Stale
from ichviewer.ui.session.workers import Workers

LEFT = Qt.MouseButton.LeftButton


class ReformatPane(ReformatView):
    """Shows the plane of one section of a `ReformatState`; what a reader wants of the planes is asked for by signals.

    Parameters
    ----------
    section : Section
    workers : Workers
        Pictures are computed there.
    parent : QWidget, optional
    """

    crosshairRequested = Signal(object)
    """Patient coordinates in mm that the crosshair shall go to."""
    lineMoved = Signal(object, object)
    """Whose line was dragged, and the patient coordinates in mm that its plane shall go through."""
    turnRequested = Signal(float)
    """By how many degrees the two other planes shall turn, clockwise as seen here on an unmirrored picture."""
    lineDrawn = Signal(object, object)
    """The ends of a line that was drawn, in patient coordinates in mm (see `draw_line`)."""

    def __init__(self, section: Section, workers: Workers, parent: QWidget | None = None) -> None:
        super().__init__(section, workers, parent)
        self._pressed: QPointF | None = None
        self._last: Point = (0.0, 0.0)
        self._grip: Grip | None = None
        self._drawing = False

    def close_planes(self) -> None:
        """Take everything off the pane, at once."""
        super().close_planes()
        self._grip, self._pressed = None, None
        self.draw_line(False)

    def draw_line(self, on: bool) -> None:
        """Let the next drag with the left button draw a line, told by `lineDrawn`; or not any more."""
        self._drawing, self._drawn = on, None
        self.setCursor(Qt.CursorShape.CrossCursor if on else self._tool_cursor)
        self.redraw(Stale.PLACEMENT)

    # The mouse

    @property
    def _has_tool(self) -> bool:
        """Whether the left button is a tool's, which gets it even where a line could be dragged."""
        return self.pointer is not None and self._state.tool != WINDOW_TOOL

    def _grip_under(self, place: QPointF) -> Grip | None:
        placement, view, planes = self.placement(), self._view, self._planes
        if placement is None or view is None or planes is None:
            return None
        painted = self._painted(planes, view, placement)
        return grip_at((place.x(), place.y()), dict(painted.lines), painted.crosshair)

    def _point_mm(self, place: Point) -> Vector | None:
        placement, view = self.placement(), self._view
        if placement is None or view is None:
            return None
        x, y, z = map(float, view.mm_at(*to_pixel(view, place, placement, self._size_px)))
        return x, y, z

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a line, begin to draw one, or begin a drag as on an acquired slice."""
        plain = event.button() == LEFT and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        taken = self._has_tool and not self._drawing
        if not plain or taken or not self.takes_drags() or self.interaction.drag is not None:
            super().mousePressEvent(event)
            return
        here = event.position()
        self._pressed, self._last = here, (here.x(), here.y())
        self._grip = None if self._drawing else self._grip_under(here)
        if self._drawing or self._grip is not None:
            self.activated.emit()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was begun, and show what a press would take hold of."""
        here = event.position()
        if self._pressed is not None and self._drawing:
            self._drawn = (self._pressed.x(), self._pressed.y()), (here.x(), here.y())
            self._hover(here)
            self.redraw(Stale.PLACEMENT)
        elif self._pressed is not None and self._grip is not None:
            self._hover(here)
            self._drag_grip(self._grip, (here.x(), here.y()))
        else:
            super().mouseMoveEvent(event)
            if self._pressed is None and not self._drawing and not self._has_tool:
                self.setCursor(_CURSORS[None if (grip := self._grip_under(here)) is None else grip.kind])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun; a click moves the crosshair."""
        pressed, grip = self._pressed, self._grip
        if event.button() != LEFT or pressed is None:
            super().mouseReleaseEvent(event)
            return
        here = event.position()
        clicked = math.dist((here.x(), here.y()), (pressed.x(), pressed.y())) < CLICK_PX
        dragged = self.interaction.drag is not None
        self._pressed, self._grip = None, None
        super().mouseReleaseEvent(event)
        if self._drawing:
            self._finish_drawing()
        elif clicked and not dragged and grip is None:
            point = self._point_mm((here.x(), here.y()))
            if point is not None:
                self.crosshairRequested.emit(point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click resets zoom, pan and window, but not in the middle of drawing."""
        if not self._drawing:
            super().mouseDoubleClickEvent(event)

    def _finish_drawing(self) -> None:
        drawn, self._drawn = self._drawn, None
        self.redraw(Stale.PLACEMENT)
        if drawn is not None:
            self.lineDrawn.emit(*(self._point_mm(end) for end in drawn))

    def _drag_grip(self, grip: Grip, here: Point) -> None:
        point, planes, placement = self._point_mm(here), self._planes, self.placement()
        if point is None or planes is None or placement is None:
            return
        if grip.kind is GripKind.CROSSHAIR:
            self.crosshairRequested.emit(point)
        elif grip.kind is GripKind.LINE:
            self.lineMoved.emit(grip.section, point)
        else:
            # In the picture, not on the screen: there a mirrored picture turns the other way round.
            center = self.screen_of(planes.crosshair_mm)
            if center is not None:
                a, b, c = (
                    placement.to_picture(place, self._size_px)
                    for place in ((center.x(), center.y()), self._last, here)
                )
                self.turnRequested.emit(turned_degrees(a, b, c))
        self._last = here


_CURSORS = {
    None: Qt.CursorShape.CrossCursor,
    GripKind.LINE: Qt.CursorShape.SizeAllCursor,
    GripKind.CROSSHAIR: Qt.CursorShape.SizeAllCursor,
    GripKind.END: Qt.CursorShape.PointingHandCursor,
}
