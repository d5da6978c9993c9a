"""One reformat: a plane of a volume through a window, with the lines of the two other planes.

=====================  ====================================================
click                  the crosshair moves here
drag of a line         its plane moves
drag of a line's end   the two other planes turn about the crosshair
other drags, wheel     as on an acquired slice; the wheel moves this plane
=====================  ====================================================
"""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ichviewer.domain.geometry import PixelSpacing, Vector
from ichviewer.domain.plane_lines import cut_line
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.look.words import sentence
from ichviewer.ui.panes.image_canvas import ImageCanvas
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.image_interaction import CLICK_PX
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.overlay_text import EdgeLetters
from ichviewer.ui.panes.reformat_grips import (
    Grip,
    GripKind,
    ScreenLine,
    grip_at,
    on_screen,
    to_pixel,
    to_screen,
    turned_degrees,
)
from ichviewer.ui.panes.reformat_lines import PaintedLines, ReformatLines
from ichviewer.ui.panes.reformat_picture import PlanePixels
from ichviewer.ui.panes.reformat_renderer import ReformatRenderer, Rendered, Wanted
from ichviewer.ui.panes.reformat_state import ReformatState, Section
from ichviewer.ui.panes.reformat_words import ReformatContent, write_reformat, write_reformat_cursor
from ichviewer.ui.panes.view_state import ViewState
from ichviewer.ui.panes.view_widget import Stale, ViewWidget
from ichviewer.ui.session.workers import Workers

LEFT = Qt.MouseButton.LeftButton


class ReformatPane(ViewWidget):
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
        super().__init__(parent)
        self.section = section
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 140)
        self.setAccessibleName(f"{sentence(section)} reformat")
        self._canvas = ImageCanvas(self)
        self._lines = ReformatLines(self)
        self._overlay = ImageOverlay(self)
        self._renderer = ReformatRenderer(workers, self)
        self._series: Series | None = None
        self._volume: Volume | None = None
        self._planes: ReformatState | None = None
        self._rendered: Rendered | None = None
        self._cursor: QPointF | None = None
        self._pressed: QPointF | None = None
        self._last: Point = (0.0, 0.0)
        self._grip: Grip | None = None
        self._drawing = False
        self._drawn: tuple[Point, Point] | None = None
        self._renderer.rendered.connect(self._show_rendered)
        self.interaction.hovered.connect(self._hover)
        theme_signals().changed.connect(self._recolor)
        self._recolor()

    # What is shown

    def show_planes(self, series: Series, volume: Volume, planes: ReformatState) -> None:
        """Show the section of these planes; zoom, pan and window stay."""
        before, self._planes = self._planes, planes
        if volume is not self._volume:
            self._rendered, before = None, None
            self._canvas.clear()
            self._state = self._state.of_series(series.key)
        self._series, self._volume = series, volume
        if before is not None:
            self._keep_in_place(before.view(self.section), planes.view(self.section), planes.crosshair_mm)
        stale = Stale.PLACEMENT | Stale.WORDS | Stale.CURSOR
        if before is None or (before.view(self.section), before.slab) != (
            planes.view(self.section),
            planes.slab,
        ):
            stale |= Stale.PICTURE
        self.redraw(stale)

    def close_planes(self) -> None:
        """Take everything off the pane, at once."""
        self._renderer.clear()
        self._series, self._volume, self._planes, self._rendered = None, None, None, None
        self._state = self._state.of_series(None)
        self._grip, self._pressed = None, None
        self.draw_line(False)
        self.interaction.cancel()
        self._canvas.clear()
        self._lines.set_lines(PaintedLines())
        self._lines.set_preview(False)
        for corner in Corner:
            self._overlay.set_lines(corner, ())
        self._overlay.set_letters(EdgeLetters())
        self._overlay.set_scale(None)
        self.setAccessibleDescription("")

    def follow(self, state: ViewState) -> None:
        """Look through the window of another pane, inverted as there."""
        self._change(replace(self._state, window=state.window, preset=state.preset, inverted=state.inverted))

    def draw_line(self, on: bool) -> None:
        """Let the next drag with the left button draw a line, told by `lineDrawn`; or not any more."""
        self._drawing, self._drawn = on, None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.redraw(Stale.PLACEMENT)

    @property
    def planes(self) -> ReformatState | None:
        """The planes on show."""
        return self._planes

    @property
    def pixels(self) -> PlanePixels | None:
        """HU on the screen; None while the first picture is on its way."""
        return None if self._rendered is None else self._rendered.pixels

    @property
    def overlay(self) -> ImageOverlay:
        """The words on the image."""
        return self._overlay

    @property
    def lines(self) -> ReformatLines:
        """The lines on the image."""
        return self._lines

    @property
    def resting(self) -> bool:
        """Whether the picture is there in full."""
        return Stale.PICTURE not in self._stale and self._renderer.resting

    def screen_of(self, point_mm: Vector) -> QPointF | None:
        """Where a point of the patient, dropped onto the plane, lies in this widget; None while nothing is shown."""
        placement, view = self.placement(), self._view
        if placement is None or view is None:
            return None
        row, column = view.px_of(point_mm).tolist()
        return QPointF(*to_screen(view, (row, column), placement, self._size_px))

    # Drawing

    @property
    def frame(self) -> ImageFrame | None:
        """Size of the plane, None while there is none."""
        return None if self._view is None else _frame(self._view)

    @property
    def shows_color(self) -> bool:
        """Never: color images are no volumes."""
        return False

    def draw(self, stale: Stale) -> None:
        """Draw what has changed."""
        if self._planes is None or self._volume is None:
            return
        if Stale.PICTURE in stale:
            self._renderer.ask(
                Wanted(
                    self._volume,
                    self._planes.view(self.section),
                    self._planes.slab,
                    self._state.window.voi,
                    self._state.inverted,
                )
            )
        if (Stale.PLACEMENT | Stale.PICTURE) & stale:
            self._place()
        content = self._content()
        if content is None:
            return
        if Stale.PICTURE in stale:
            self._tell_preview()
        if Stale.WORDS in stale:
            self.setAccessibleDescription(write_reformat(self._overlay, content))
        if (Stale.WORDS | Stale.CURSOR) & stale:
            pixel = None if self._cursor is None else self.pixel_at(self._cursor)
            write_reformat_cursor(self._overlay, content, pixel, self.devicePixelRatioF())

    @property
    def _view(self) -> PlaneView | None:
        return None if self._planes is None else self._planes.view(self.section)

    def _content(self) -> ReformatContent | None:
        placement = self.placement()
        if self._series is None or self._volume is None or self._planes is None or placement is None:
            return None
        return ReformatContent(
            self._series, self._volume, self.section, self._planes, self.pixels, placement, self._state
        )

    def _show_rendered(self, rendered: Rendered) -> None:
        if rendered.wanted.volume is not self._volume:
            return
        self._rendered = rendered
        self._canvas.set_picture(rendered.rgb)
        self._place_picture()
        self._tell_preview()
        self.redraw(Stale.WORDS | Stale.CURSOR)

    def _tell_preview(self) -> None:
        content = self._content()
        current = None if content is None else content.current
        self._lines.set_preview(content is not None and (current is None or current.coarseness > 1))

    def _place(self) -> None:
        placement, view, planes = self.placement(), self._view, self._planes
        if placement is not None and view is not None and planes is not None:
            self._place_picture()
            self._lines.set_lines(self._painted(planes, view, placement))

    def _place_picture(self) -> None:
        placement, view, pixels = self.placement(), self._view, self.pixels
        if placement is not None and view is not None and pixels is not None:
            # Both rectangles lie about the same center; a coarse one reaches a little beyond.
            drawn, whole = _frame(pixels.drawn), _frame(view)
            x, y = placement.center_mm
            center = x + (drawn.width_mm - whole.width_mm) / 2, y + (drawn.height_mm - whole.height_mm) / 2
            self._canvas.place(drawn, replace(placement, center_mm=center))

    def _screen_lines(
        self, planes: ReformatState, view: PlaneView, placement: Placement
    ) -> dict[Section, ScreenLine]:
        found = {}
        for section, line in planes.lines(self.section).items():
            seen = on_screen(line, view, placement, self._size_px)
            if seen is not None:
                found[section] = seen
        return found

    def _painted(self, planes: ReformatState, view: PlaneView, placement: Placement) -> PaintedLines:
        edges = []
        for section in Section:
            for side in (-0.5, 0.5) if planes.thickness_mm and section is not self.section else ():
                edge = cut_line(view, planes.view(section).moved(side * planes.thickness_mm), whole=True)
                seen = None if edge is None else on_screen(edge, view, placement, self._size_px)
                if seen is not None:
                    edges.append((section, seen))
        row, column = view.px_of(planes.crosshair_mm).tolist()
        return PaintedLines(
            to_screen(view, (row, column), placement, self._size_px),
            tuple(self._screen_lines(planes, view, placement).items()),
            tuple(edges),
            None if self._drawn is None else ScreenLine(*self._drawn),
        )

    def _keep_in_place(self, before: PlaneView, after: PlaneView, crosshair_mm: Vector) -> None:
        """What lies under the crosshair stays there on the screen when the plane gets another rectangle."""
        placement = self._state.placement
        if placement is None or _frame(before) == _frame(after):
            return
        (row, column), (new_row, new_column) = (v.px_of(crosshair_mm).tolist() for v in (before, after))
        x, y = placement.center_mm
        center = (
            x + (new_column + 0.5) * after.pixel_mm - (column + 0.5) * before.pixel_mm,
            y + (new_row + 0.5) * after.pixel_mm - (row + 0.5) * before.pixel_mm,
        )
        self._state = replace(self._state, placement=replace(placement, center_mm=center))

    def _recolor(self) -> None:
        self._canvas.set_background(theme().image_background)
        self.redraw(Stale.WORDS)

    def _hover(self, place: QPointF | None) -> None:
        self._cursor = place
        self.redraw(Stale.CURSOR)

    # The mouse

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
        if not plain or not self.takes_drags() or self.interaction.drag is not None:
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
            if self._pressed is None and not self._drawing:
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

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep picture, lines and words over the whole widget."""
        for layer in (self._canvas, self._lines, self._overlay):
            layer.resize(self.size())
        self._place()
        self.redraw(Stale.PLACEMENT | Stale.WORDS)


_CURSORS = {
    None: Qt.CursorShape.CrossCursor,
    GripKind.LINE: Qt.CursorShape.SizeAllCursor,
    GripKind.CROSSHAIR: Qt.CursorShape.SizeAllCursor,
    GripKind.END: Qt.CursorShape.PointingHandCursor,
}


def _frame(view: PlaneView) -> ImageFrame:
    return ImageFrame(view.rows, view.columns, PixelSpacing(view.pixel_mm, view.pixel_mm))
