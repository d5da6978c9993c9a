"""The image in the middle of the window: one slice, how it is seen, and everything that is written on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Flag, auto

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.findings import SeriesFindings, SliceFinding
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series
from ichviewer.domain.window import Voi, Window, render_grey
from ichviewer.ui.look.plain_widgets import show_tip
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.look.words import position_tip
from ichviewer.ui.panes import overlay_text as words
from ichviewer.ui.panes.image_canvas import ImageCanvas
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, fitted, panned, zoomed
from ichviewer.ui.panes.image_interaction import ImageInteraction
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.message_card import MessageCard, MessageKind
from ichviewer.ui.panes.region_overlay import MEANING, RegionOverlay
from ichviewer.ui.panes.window_drag import dragged, window_of

_DEFAULT_VOI = Window(40, 80, name="Brain")


class _Stale(Flag):
    """What has to be drawn anew before the next paint."""

    NOTHING = 0
    PICTURE = auto()
    PLACEMENT = auto()
    WORDS = auto()
    CURSOR = auto()
    VOI = auto()
    EVERYTHING = PICTURE | PLACEMENT | WORDS | CURSOR


@dataclass(frozen=True, eq=False)
class _Shown:
    """The slice in view."""

    index: int
    decoded: DecodedSlice
    frame: ImageFrame
    leaving: bool = False
    """Whether another slice has been chosen, whose picture is on its way."""


class ImagePane(QWidget):
    """Shows one slice of a series through a window, always in its true aspect ratio.

    Changes are collected and drawn once a turn of the event loop, however many events came in between.
    """

    sliceStepRequested = Signal(int)
    """How many slices to move, positive towards the last one."""
    voiChanged = Signal(object)
    """The Window after a drag or a reset by the reader; not sent for `set_voi`."""
    invertedChanged = Signal(bool)
    """The reader inverted the picture; not sent for `set_inverted`."""
    openRequested = Signal()
    openFilesRequested = Signal()
    demoRequested = Signal()
    """The buttons of the empty window."""
    colorShown = Signal(bool)
    """A color image has come into view, to which no window applies; or a grey one again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setAccessibleName("Image")
        self._canvas = ImageCanvas(self)
        self.regions = RegionOverlay(self)
        self._overlay = ImageOverlay(self)
        self._card = MessageCard(self)
        # Once: raised again later, it would cover what floats over the image.
        self._overlay.raise_()
        self._card.openRequested.connect(self.openRequested)
        self._card.openFilesRequested.connect(self.openFilesRequested)
        self._card.demoRequested.connect(self.demoRequested)
        self._interaction = ImageInteraction(self)
        self._series: Series | None = None
        self._shown: _Shown | None = None
        self._in_color = False
        self._muted = False
        self._findings: dict[int, SliceFinding] = {}
        self._point: OperatingPoint | None = None
        self._voi: Voi = _DEFAULT_VOI
        self._voi_name = _DEFAULT_VOI.name
        self._preset: tuple[Voi, str] = (self._voi, self._voi_name)
        self._drag_from = _DEFAULT_VOI
        self._inverted = False
        self._placement: Placement | None = None  # None: fitted, and stays so when the widget is resized
        self._cursor: QPointF | None = None
        self._stale = _Stale.NOTHING
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.flush)
        self._connect()
        self._recolor()
        self.show_message("Nothing open", "Open a study to begin.", MessageKind.EMPTY)

    def _connect(self) -> None:
        hand = self._interaction
        hand.windowDragStarted.connect(self._begin_window_drag)
        hand.windowDragged.connect(self._drag_window)
        hand.panned.connect(self._pan)
        hand.zoomed.connect(self._zoom)
        hand.slicesStepped.connect(self.sliceStepRequested)
        hand.hovered.connect(self._hover)
        hand.resetRequested.connect(self.reset)
        self.regions.changed.connect(lambda: self._redraw(_Stale.WORDS))
        theme_signals().changed.connect(self._recolor)

    # What is shown

    def show_series(self, series: Series) -> None:
        """Make ready for the slices of a series: its words stand at once, the picture comes with `show_slice`.

        If it is the series in view with more slices found, picture, zoom and pan stay.
        """
        self._shown = self._again(series)
        if self._shown is None:
            self._placement = None
            self._interaction.cancel()
            self._canvas.clear()
        self.regions.clear()
        self._series = series
        self._findings = {}
        self._show_picture(True)
        self._redraw(_Stale.EVERYTHING)

    def show_slice(self, index: int, decoded: DecodedSlice) -> None:
        """Show a slice of the series; zoom, pan and window stay as they are."""
        if self._series is None:
            raise ValueError("a slice can only be shown after its series. Received: no series")
        info = self._series.slices[index]
        frame = ImageFrame(*decoded.image.shape, info.spacing)
        if self._shown is not None and self._shown.frame != frame:
            self._placement = None
        self._shown = _Shown(index, decoded, frame)
        self._show_picture(True)
        self._tell_color()
        self._redraw(_Stale.EVERYTHING)

    def expect_slice(self) -> None:
        """Another slice is on its way: until it comes this picture stays, but without outlines."""
        if self._shown is not None:
            self._shown = replace(self._shown, leaving=True)
            self._redraw(_Stale.WORDS)
        self.regions.clear()

    def show_message(self, title: str, detail: str, kind: str) -> None:
        """Show words in place of a picture.

        The words about the patient and the series stay, except with ``empty``, which closes the series.

        Parameters
        ----------
        title, detail : str
        kind : str
            ``empty``, ``loading``, ``error`` or ``info``.
        """
        self._shown = None
        if MessageKind(kind) is MessageKind.EMPTY:
            self._series = None
            self._findings = {}
        self._interaction.cancel()
        self._canvas.clear()
        self.regions.clear()
        self._card.set_message(title, detail, MessageKind(kind))
        self._show_picture(False)
        self._tell_color()
        self._redraw(_Stale.WORDS | _Stale.CURSOR)

    def close_series(self) -> None:
        """Take everything of the series off the image, words included, at once."""
        self._muted = False
        self.show_message("", "", MessageKind.EMPTY)
        self.flush()

    def set_operating_point(self, point: OperatingPoint | None) -> None:
        """Set the thresholds that decide which types are named on the slice."""
        self._point = point
        self._redraw(_Stale.WORDS)

    def set_finding(self, index: int, finding: SliceFinding) -> None:
        """Say what the analysis found in a slice of the series; shown when that slice is in view."""
        self._findings[index] = finding
        if self._shown is None or self._shown.index == index or len(self._findings) == 1:
            self._redraw(_Stale.WORDS)

    def set_findings(self, findings: SeriesFindings) -> None:
        """Say what the analysis found in all slices of the series."""
        self._findings = dict(enumerate(findings.slices))
        self._redraw(_Stale.WORDS)

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly, or not: the series lies outside what the model knows."""
        self._muted = muted
        self.regions.set_muted(muted)
        self._redraw(_Stale.WORDS)

    # How it is seen

    @property
    def shows_color(self) -> bool:
        """Whether the image in view is a color image: it is shown as it is, and no window applies."""
        return self._shown is not None and self._shown.decoded.rgb is not None

    def voi(self) -> Voi:
        """What turns HU into grey at the moment."""
        return self._voi

    def set_voi(self, voi: Voi, name: str = "") -> None:
        """Set the window and what it is called; a reset comes back to it."""
        self._preset = (voi, name)
        self._voi, self._voi_name = voi, name
        self._redraw(_Stale.PICTURE | _Stale.WORDS)

    def inverted(self) -> bool:
        """Whether black and white are swapped."""
        return self._inverted

    def set_inverted(self, inverted: bool) -> None:
        """Swap black and white, or not."""
        if inverted != self._inverted:
            self._inverted = inverted
            self._redraw(_Stale.PICTURE | _Stale.WORDS)

    def toggle_inverted(self) -> None:
        """Swap black and white and tell so; a color image stays as it is."""
        if self.shows_color:
            return
        self.set_inverted(not self._inverted)
        self.invertedChanged.emit(self._inverted)

    def reset_view(self) -> None:
        """Show the whole picture, as large as it fits."""
        self._placement = None
        self._redraw(_Stale.PLACEMENT | _Stale.CURSOR | _Stale.WORDS)

    def reset(self) -> None:
        """Undo what mouse and keys changed: zoom, pan, inversion, and the window back to the last preset."""
        self.reset_view()
        if self._inverted:
            self.toggle_inverted()
        if (self._voi, self._voi_name) != self._preset:
            self._voi, self._voi_name = self._preset
            self._redraw(_Stale.PICTURE | _Stale.WORDS | _Stale.VOI)

    def zoom_by(self, factor: float) -> None:
        """Make the picture larger (over 1) or smaller, about the center of the view."""
        self._zoom(factor, QPointF(self.width() / 2, self.height() / 2))

    def placement(self) -> Placement | None:
        """Where the picture lies on the screen, None while there is none."""
        if self._shown is None:
            return None
        return self._placement or fitted(self._shown.frame, (self.width(), self.height()))

    def flush(self) -> None:
        """Draw now what has changed; otherwise it is drawn at the end of this turn of the event loop."""
        stale, self._stale = self._stale, _Stale.NOTHING
        self._timer.stop()
        if _Stale.PICTURE in stale and self._shown is not None:
            decoded = self._shown.decoded
            if decoded.rgb is not None:
                self._canvas.set_picture(decoded.rgb)
            else:
                self._canvas.set_picture(render_grey(decoded.image, self._voi, inverted=self._inverted))
        if _Stale.PLACEMENT in stale:
            self._place()
        if _Stale.WORDS in stale:
            self._write()
        if (_Stale.WORDS | _Stale.CURSOR) & stale:
            self._write_cursor()
        if _Stale.VOI in stale:
            self.voiChanged.emit(self._voi)

    # Drawing

    def _again(self, series: Series) -> _Shown | None:
        """The slice in view at its place in a newer reading of the same series, None if it is another series."""
        old, shown = self._series, self._shown
        if old is None or shown is None or old.key != series.key:
            return None
        source = old.slices[shown.index].source
        index = next((i for i, info in enumerate(series.slices) if info.source == source), None)
        return None if index is None else replace(shown, index=index)

    def _tell_color(self) -> None:
        if self._in_color != self.shows_color:
            self._in_color = self.shows_color
            self.colorShown.emit(self._in_color)

    def _redraw(self, what: _Stale) -> None:
        self._stale |= what
        if not self._timer.isActive():
            self._timer.start()

    def _show_picture(self, picture: bool) -> None:
        self._canvas.setVisible(picture)
        self._card.setVisible(not picture)
        self.setCursor(Qt.CursorShape.CrossCursor if picture else Qt.CursorShape.ArrowCursor)

    def _place(self) -> None:
        placement = self.placement()
        if self._shown is None or placement is None:
            return
        self._canvas.place(self._shown.frame, placement)
        self.regions.place(self._shown.frame, placement)

    def _write(self) -> None:
        overlay, series, shown = self._overlay, self._series, self._shown
        overlay.set_lines(
            Corner.TOP_LEFT,
            ()
            if series is None
            else words.patient_lines(series.patient, series.study) + words.badge_lines(self._problems()),
        )
        overlay.set_lines(Corner.TOP_RIGHT, () if series is None else words.series_lines(series))
        if series is None or shown is None:
            overlay.set_lines(Corner.BOTTOM_RIGHT, ())
            overlay.set_letters(words.EdgeLetters())
            overlay.set_scale(None)
            overlay.set_chips(())
            self.setAccessibleDescription("")
            return
        finding = words.finding_of(self._findings, shown.index)
        self.regions.set_finding(None if shown.leaving else finding, shown.decoded.pixel_hash, self._point)
        placement = self.placement()
        known = shown.frame.spacing is not None and placement is not None
        overlay.set_scale(placement.px_per_mm if known and placement else None)
        overlay.set_lines(
            Corner.BOTTOM_RIGHT,
            (*self._window_lines(), *((MEANING,) if self.regions.outlines else ())),
        )
        letters = words.edge_letters(series.slices[shown.index].plane)
        overlay.set_letters(letters)
        chips = words.finding_chips(finding, self._point, muted=self._muted)
        overlay.set_chips(chips)
        place = f"Slice {shown.index + 1} of {len(series)}"
        said = [place, letters.words, *(chip.text for chip in chips), self.regions.words]
        self.setAccessibleDescription(". ".join(t for t in said if t))

    def _window_lines(self) -> tuple[words.Line, ...]:
        if self.shows_color:
            return words.COLOR_LINES
        return words.window_lines(self._voi, self._voi_name, inverted=self._inverted)

    def _write_cursor(self) -> None:
        if self._series is None or self._shown is None:
            self._overlay.set_lines(Corner.BOTTOM_LEFT, ())
            return
        shown, placement = self._shown, self.placement()
        if placement is None:
            return
        zoom = placement.px_per_mm * shown.frame.column_mm * self.devicePixelRatioF()
        lines = words.slice_lines(self._series, shown.index, zoom)
        pixel = self.pixel_at(self._cursor) if self._cursor is not None else None
        if pixel is not None:
            unit = "HU" if self._series.modality in {"CT", ""} else ""
            info = self._series.slices[shown.index]
            lines = words.cursor_lines(info, shown.decoded, pixel, unit) + lines
        self._overlay.set_lines(Corner.BOTTOM_LEFT, lines)

    def pixel_at(self, screen_px: QPointF) -> tuple[int, int] | None:
        """Row and column of the pixel at a position of this widget, None beside the picture."""
        placement = self.placement()
        if self._shown is None or placement is None:
            return None
        point = placement.to_picture((screen_px.x(), screen_px.y()), (self.width(), self.height()))
        return self._shown.frame.pixel_at(point)

    def _problems(self) -> list[Problem]:
        if self._series is None:
            return []
        found = list(self._series.problems)
        if self._shown is not None:
            found += self._series.slices[self._shown.index].problems
            found += self._shown.decoded.problems
        return found

    def _recolor(self) -> None:
        self._canvas.set_background(theme().image_background)
        self._redraw(_Stale.WORDS)

    # Gestures

    def _begin_window_drag(self) -> None:
        self._drag_from = window_of(self._voi)

    def _drag_window(self, dx_px: float, dy_px: float) -> None:
        if self._shown is None or self.shows_color:
            return
        self._voi, self._voi_name = dragged(self._drag_from, dx_px, dy_px), ""
        self._redraw(_Stale.PICTURE | _Stale.WORDS | _Stale.VOI)

    def _pan(self, dx_px: float, dy_px: float) -> None:
        placement = self.placement()
        if self._shown is not None and placement is not None:
            self._placement = panned(placement, self._shown.frame, (dx_px, dy_px))
            self._redraw(_Stale.PLACEMENT | _Stale.CURSOR)

    def _zoom(self, factor: float, about: QPointF) -> None:
        placement = self.placement()
        if self._shown is not None and placement is not None:
            size = (self.width(), self.height())
            self._placement = zoomed(placement, self._shown.frame, factor, (about.x(), about.y()), size)
            self._redraw(_Stale.PLACEMENT | _Stale.WORDS)

    def _hover(self, place: QPointF | None) -> None:
        self._cursor = place
        self._redraw(_Stale.CURSOR)

    # Qt's events, handed on

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching a touchpad; say where the position of the slice comes from when the mouse rests on it."""
        if isinstance(event, QNativeGestureEvent) and self._interaction.gesture(event):
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        place = self._overlay.place(Corner.BOTTOM_LEFT)
        if self._series is None or self._shown is None or not place.contains(event.pos()):
            QToolTip.hideText()
            return
        show_tip(event.globalPos(), position_tip(self._series, self._shown.index), self, place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        if self._shown is not None:
            self._interaction.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or follow the cursor."""
        self._interaction.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self._interaction.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset."""
        self._interaction.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step slices, or zoom."""
        self._interaction.wheel(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the cursor."""
        self._interaction.leave()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep picture, words and message over the whole widget."""
        for layer in (self._canvas, self.regions, self._overlay, self._card):
            layer.resize(self.size())
        # At once, or one frame would show the picture at its old place.
        self._place()
        self._redraw(_Stale.WORDS)
