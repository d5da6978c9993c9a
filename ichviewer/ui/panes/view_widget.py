"""A widget over a `ViewState`: what commands and gestures do to it. Who inherits draws."""

from __future__ import annotations

from dataclasses import replace
from enum import Flag, auto

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from ichviewer.domain.window import Voi, Window
from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.panes.gesture_widget import GestureWidget
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.orientation import Orientation
from ichviewer.ui.panes.view_state import ViewState
from ichviewer.ui.panes.window_drag import window_of


class Stale(Flag):
    """What has to be drawn anew before the next paint."""

    NOTHING = 0
    PICTURE = auto()
    PLACEMENT = auto()
    WORDS = auto()
    CURSOR = auto()
    EVERYTHING = PICTURE | PLACEMENT | WORDS | CURSOR


class ViewWidget(GestureWidget):
    """Holds how a picture is seen and changes it.

    Changes are collected and drawn once a turn of the event loop, however many events came in between.
    """

    sliceStepRequested = Signal(int)
    """How many slices to move, positive towards the last one."""
    voiChanged = Signal(object)
    """The Window after a drag or a reset by the reader; not sent for `set_voi`."""
    drawn = Signal()
    """What had changed is on screen, or will be with the next paint."""
    invertedChanged = Signal(bool)
    """The reader inverted the picture; not sent for `set_inverted`."""
    placementSteered = Signal()
    """The reader zoomed, moved or fitted the picture; not sent for `take`."""
    toolChanged = Signal(str)
    """Another tool is the active one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ViewState()
        self._drag_from = window_of(self._state.window.voi)
        self._stale = Stale.NOTHING
        self._placed: tuple[ImageFrame, ViewState, Point, Placement] | None = None
        self._tells_voi = False
        self._tool_cursor = Qt.CursorShape.CrossCursor
        self._redrawing = BeforePaint(self.flush, self)
        hand = self.interaction
        hand.windowDragStarted.connect(self._begin_window_drag)
        hand.windowDragged.connect(self._drag_window)
        hand.panned.connect(self._pan)
        hand.zoomed.connect(self._zoom)
        hand.slicesStepped.connect(self.sliceStepRequested)
        hand.resetRequested.connect(self.reset)

    # For who inherits

    @property
    def frame(self) -> ImageFrame | None:
        """Size of the picture, None while there is none."""
        raise NotImplementedError

    @property
    def shows_color(self) -> bool:
        """Whether it is a color image: it is shown as it is, and no window applies."""
        raise NotImplementedError

    def draw(self, stale: Stale) -> None:
        """Draw what has changed."""
        raise NotImplementedError

    def redraw(self, what: Stale) -> None:
        """Have something drawn at the end of this turn of the event loop."""
        self._stale |= what
        self._redrawing.ask()

    def flush(self) -> None:
        """Draw now what has changed."""
        stale, self._stale = self._stale, Stale.NOTHING
        told, self._tells_voi = self._tells_voi, False
        self._redrawing.drop()
        self.draw(stale)
        if stale & ~Stale.CURSOR:
            self.drawn.emit()
        if told:
            self.voiChanged.emit(self._state.window.voi)

    # How it is seen

    @property
    def state(self) -> ViewState:
        """How the series is shown."""
        return self._state

    def voi(self) -> Voi:
        """What turns HU into grey at the moment."""
        return self._state.window.voi

    def set_voi(self, voi: Voi, name: str = "") -> None:
        """Set the window and what it is called; a reset comes back to it."""
        self._change(self._state.through(voi, name))

    def use_window(self, window: Window) -> None:
        """Set the window as a drag does, and tell so; a color image stays as it is."""
        if self.frame is not None and not self.shows_color:
            self._tells_voi = True
            self._change(self._state.windowed(window))

    def inverted(self) -> bool:
        """Whether black and white are swapped."""
        return self._state.inverted

    def set_inverted(self, inverted: bool) -> None:
        """Swap black and white, or not."""
        self._change(self._state.invert(inverted))

    def toggle_inverted(self) -> None:
        """Swap black and white and tell so; a color image stays as it is."""
        if not self.shows_color:
            self._change(self._state.invert())
            self.invertedChanged.emit(self._state.inverted)

    def take(self, state: ViewState) -> None:
        """Show the picture as a state says; series, slice and tool stay."""
        here = self._state
        self._change(replace(state, series=here.series, index=here.index, tool=here.tool))

    def set_tool(self, tool: str, cursor: Qt.CursorShape = Qt.CursorShape.CrossCursor) -> None:
        """Make another tool the active one, with the cursor that stands over a picture meanwhile."""
        self._change(self._state.with_tool(tool))
        self._tool_cursor = cursor
        if self.frame is not None:
            self.setCursor(cursor)
        self.toolChanged.emit(tool)

    def fit(self) -> None:
        """Show the whole picture, as large as it fits."""
        self._change(self._state.fit())
        self.placementSteered.emit()

    def one_to_one(self) -> None:
        """Show the picture at its actual size: a column as wide as a pixel of the screen."""
        if self.frame is not None:
            self._change(self._state.one_to_one(self.frame, self._size_px, self.devicePixelRatioF()))
            self.placementSteered.emit()

    def flip_horizontal(self) -> None:
        """Mirror the picture, left for right; the letters at the edges follow."""
        self._change(self._state.flipped_horizontally())

    def flip_vertical(self) -> None:
        """Mirror the picture, top for bottom; the letters at the edges follow."""
        self._change(self._state.flipped_vertically())

    def rotate(self, degrees: int) -> None:
        """Rotate the picture clockwise by a multiple of 90 degrees; the letters at the edges follow."""
        self._change(self._state.rotated(degrees))

    def turn_to(self, orientation: Orientation) -> None:
        """Turn the picture so, however it was turned before; the letters at the edges follow."""
        self._change(self._state.turned(orientation))

    def reset(self) -> None:
        """Undo what mouse and keys changed: zoom, pan, flips, rotation, inversion, and the window."""
        before = self._state
        self._tells_voi |= before.window != before.preset
        self._change(before.reset())
        self.placementSteered.emit()
        if before.inverted:
            self.invertedChanged.emit(False)

    def zoom_by(self, factor: float) -> None:
        """Make the picture larger (over 1) or smaller, about the center of the view."""
        self._zoom(factor, QPointF(self.width() / 2, self.height() / 2))

    def placement(self) -> Placement | None:
        """Where the picture lies on the screen, None while there is none."""
        frame, state, size = self.frame, self._state, self._size_px
        if frame is None:
            return None
        # Asked by everything that is drawn, dozens of times for a picture.
        if self._placed is None or self._placed[:3] != (frame, state, size):
            self._placed = frame, state, size, state.placed(frame, size)
        return self._placed[3]

    def pixel_at(self, screen_px: QPointF) -> tuple[int, int] | None:
        """Row and column of the pixel at a position of this widget, None beside the picture."""
        frame, placement = self.frame, self.placement()
        if frame is None or placement is None:
            return None
        return frame.pixel_at(placement.to_picture((screen_px.x(), screen_px.y()), self._size_px))

    # Parts

    @property
    def _size_px(self) -> Point:
        return float(self.width()), float(self.height())

    def _change(self, state: ViewState) -> None:
        """Show the series in another way; only what that changes is drawn anew."""
        old, before = self._state, self.placement()
        self._state = state
        after, stale = self.placement(), Stale.NOTHING
        if state.window is not old.window or state.inverted != old.inverted:
            stale |= Stale.PICTURE | Stale.WORDS
        if before is not None and after is not None and before != after:
            stale |= Stale.PLACEMENT | Stale.CURSOR
            if (before.px_per_mm, before.orientation) != (after.px_per_mm, after.orientation):
                stale |= Stale.WORDS
        if stale or self._tells_voi:
            self.redraw(stale)

    # Gestures

    def takes_drags(self) -> bool:
        """Whether there is a picture."""
        return self.frame is not None

    def _begin_window_drag(self) -> None:
        self._drag_from = window_of(self._state.window.voi)

    def _drag_window(self, dx_px: float, dy_px: float) -> None:
        if self.frame is not None and not self.shows_color:
            self._tells_voi = True
            self._change(self._state.window_dragged(self._drag_from, dx_px, dy_px))

    def _pan(self, dx_px: float, dy_px: float) -> None:
        if self.frame is not None:
            self._change(self._state.panned(self.frame, (dx_px, dy_px), self._size_px))
            self.placementSteered.emit()

    def _zoom(self, factor: float, about: QPointF) -> None:
        if self.frame is not None:
            at = (about.x(), about.y())
            self._change(self._state.zoomed(self.frame, factor, at, self._size_px))
            self.placementSteered.emit()
