"""A plane of a volume through a window, with the lines of the two other planes; how it is drawn."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ichviewer.domain.geometry import PixelSpacing, Vector
from ichviewer.domain.plane_lines import cut_line
from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.look.words import sentence
from ichviewer.ui.panes.image_canvas import ImageCanvas
from ichviewer.ui.panes.image_frame import ImageFrame, Placement, Point
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.overlay_text import EdgeLetters
from ichviewer.ui.panes.reformat_grips import ScreenLine, on_screen, to_screen
from ichviewer.ui.panes.reformat_lines import PaintedLines, ReformatLines
from ichviewer.ui.panes.reformat_picture import PlanePixels
from ichviewer.ui.panes.reformat_renderer import ReformatRenderer, Rendered, Wanted
from ichviewer.ui.panes.reformat_state import ReformatState, Section
from ichviewer.ui.panes.reformat_words import ReformatContent, write_reformat, write_reformat_cursor
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.panes.view_state import ViewState
from ichviewer.ui.panes.view_widget import Stale, ViewWidget
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session.workers import Workers


class ReformatView(ViewWidget):
    """Shows the plane of one section of a `ReformatState`.

    Parameters
    ----------
    section : Section
    workers : Workers
        Pictures are computed there.
    parent : QWidget, optional
    """

    def __init__(self, section: Section, workers: Workers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 140)
        self.setAccessibleName(tr("{section} reformat").format(section=sentence(words_of(section))))
        self._canvas = ImageCanvas(self)
        self._lines = ReformatLines(self)
        self._overlay = ImageOverlay(self)
        self._lines.taken = self._overlay.taken
        self._renderer = ReformatRenderer(workers, self)
        self._series: Series | None = None
        self._volume: Volume | None = None
        self._planes: ReformatState | None = None
        self._rendered: Rendered | None = None
        self._cursor: QPointF | None = None
        self._drawn: tuple[Point, Point] | None = None
        self._layers: list[QWidget] = []
        self._renderer.rendered.connect(self._show_rendered)
        self.interaction.hovered.connect(self._hover)
        theme_signals().changed.connect(self._recolor)
        self._recolor()

    def add_layer(self, layer: QWidget) -> None:
        """Put a transparent widget over picture and lines and under the words; it is kept as large as the pane."""
        layer.setParent(self)
        layer.resize(self.size())
        layer.stackUnder(self._overlay)
        layer.show()
        self._layers.append(layer)

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
        self._drawn = None
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

    @property
    def planes(self) -> ReformatState | None:
        """The planes on show."""
        return self._planes

    @property
    def pixels(self) -> PlanePixels | None:
        """HU on the screen; None while the first picture is on its way."""
        return None if self._rendered is None else self._rendered.pixels

    @property
    def shown(self) -> ShownPlane | None:
        """The plane whose picture is on screen, coarse or in full; None while it is that of another one."""
        content = self._content()
        if content is None or content.current is None:
            return None
        return ShownPlane(content.series, content.volume, content.current)

    @property
    def detail(self) -> WordDetail:
        """How much is written on it: always all, the patient's name first."""
        return WordDetail.ALL

    @property
    def posing(self) -> bool:
        """Whether it is drawn for a picture: never by itself."""
        return False

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
            self._lines.place_names()

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

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep picture, lines and words over the whole widget."""
        for layer in (self._canvas, self._lines, *self._layers, self._overlay):
            layer.resize(self.size())
        self._place()
        self.redraw(Stale.PLACEMENT | Stale.WORDS)


def _frame(view: PlaneView) -> ImageFrame:
    return ImageFrame(view.rows, view.columns, PixelSpacing(view.pixel_mm, view.pixel_mm))
