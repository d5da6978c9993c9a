"""The image of a pane: draws one slice as a `ViewState` says, with everything that is written on it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.window import render_grey
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.plain_widgets import show_tip
from ichviewer.ui.look.theme import theme, theme_signals
from ichviewer.ui.look.words import position_tip
from ichviewer.ui.panes.image_canvas import ImageCanvas
from ichviewer.ui.panes.image_frame import ImageFrame
from ichviewer.ui.panes.image_overlay import Corner, ImageOverlay
from ichviewer.ui.panes.message_card import MessageCard, MessageKind
from ichviewer.ui.panes.pane_words import PaneContent, write_cursor, write_words
from ichviewer.ui.panes.region_overlay import RegionOverlay
from ichviewer.ui.panes.shown_slice import ShownSlice
from ichviewer.ui.panes.view_widget import Stale, ViewWidget
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session.findings_state import FindingsView
from ichviewer.ui.session.findings_store import FindingsStore


class ImagePane(ViewWidget):
    """Shows one slice of a series through a window, always in its true aspect ratio.

    Parameters
    ----------
    findings : FindingsStore, optional
        Read anew whenever words and outlines are drawn; without one nothing is known of any slice.
    """

    openRequested = Signal()
    openFilesRequested = Signal()
    demoRequested = Signal()
    """The buttons of the empty window."""
    pictureShown = Signal(bool)
    """A slice has come on screen, or words in its place."""
    colorShown = Signal(bool)
    """A color image has come into view, to which no window applies; or a grey one again."""
    placed = Signal()
    """The picture may lie elsewhere on the screen, or be another one."""

    def __init__(self, findings: FindingsStore | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setAccessibleName(tr("Image"))
        self._canvas = ImageCanvas(self)
        self.regions = RegionOverlay(self)
        self._overlay = ImageOverlay(self)
        self._card = MessageCard(self)
        # Once: raised again later, it would cover what floats over the image.
        self._overlay.raise_()
        self._store = findings or FindingsStore(self)
        self._view: FindingsView | None = None
        self._series: Series | None = None
        self._shown: ShownSlice | None = None
        self._in_color = False
        self._muted = False
        self._detail = WordDetail.ALL
        self._posed: WordDetail | None = None
        self._cursor: QPointF | None = None
        self._layers: list[QWidget] = []
        self._connect()
        self._recolor()
        self.show_message(tr("Nothing open"), tr("Open a study to begin."), MessageKind.EMPTY)

    def _connect(self) -> None:
        self.interaction.hovered.connect(self._hover)
        self._card.openRequested.connect(self.openRequested)
        self._card.openFilesRequested.connect(self.openFilesRequested)
        self._card.demoRequested.connect(self.demoRequested)
        self.regions.changed.connect(lambda: self.redraw(Stale.WORDS))
        self._store.changed.connect(self._findings_changed)
        self._store.judgingChanged.connect(lambda: self.redraw(Stale.WORDS))
        theme_signals().changed.connect(self._recolor)

    def add_layer(self, layer: QWidget, *, under: QWidget | None = None) -> None:
        """Put a transparent widget over the picture and under the words; it is kept as large as the image.

        Parameters
        ----------
        layer : QWidget
        under : QWidget, optional
            Another layer that it lies below; on top of all that were added before unless told.
        """
        layer.setParent(self)
        layer.resize(self.size())
        layer.stackUnder(under or self._overlay)
        layer.show()
        self._layers.insert(len(self._layers) if under is None else self._layers.index(under), layer)

    # What is shown

    def prepare(self) -> None:
        """Be ready for a picture: what is loaded for the first one need not delay it then."""
        self._canvas.prepare()

    @property
    def card(self) -> MessageCard:
        """What stands where there is no picture."""
        return self._card

    @property
    def shown(self) -> ShownSlice | None:
        """The slice whose picture is on screen, None while there is none."""
        return self._shown

    def show_series(self, series: Series) -> None:
        """Make ready for the slices of a series: its words stand at once, the picture comes with `show_slice`.

        If it is the series in view with more slices found, picture, zoom and pan stay.
        """
        self._shown = None if self._shown is None else self._shown.within(series)
        if self._shown is None:
            self._state = self._state.of_series(series.key)
            self.interaction.cancel()
            self._canvas.clear()
        else:
            self._state = self._state.at(self._shown.index, len(series))
        self.regions.clear()
        self._series, self._view = series, self._store.view(series)
        self._show_picture(True)
        self.redraw(Stale.EVERYTHING)

    def show_slice(self, index: int, decoded: DecodedSlice) -> None:
        """Show a slice of the series; zoom, pan and window stay as they are."""
        if self._series is None:
            raise ValueError("a slice can only be shown after its series. Received: no series")
        before, self._shown = self._shown, ShownSlice(self._series, index, decoded)
        self._state = self._state.at(index, len(self._series))
        if before is not None and before.frame != self._shown.frame:
            self._state = self._state.fit()
        self._show_picture(True)
        self._tell_color()
        self.redraw(Stale.EVERYTHING)

    def choose_slice(self, index: int) -> None:
        """Say which slice was asked for; `show_slice`, `expect_slice` or a message says what has become of it."""
        if self._series is not None:
            self._state = self._state.at(index, len(self._series))

    def expect_slice(self) -> None:
        """Another slice is on its way: until it comes this picture stays, but without outlines."""
        if self._shown is not None:
            self._shown = self._shown.left()
            self.redraw(Stale.WORDS)
        self.regions.clear()

    def show_message(self, title: str, detail: str, kind: str) -> None:
        """Show words in place of a picture.

        The words about the patient and the series stay, except with ``empty`` and ``vacant``, which close the series.

        Parameters
        ----------
        title, detail : str
        kind : str
            ``empty``, ``vacant``, ``loading``, ``error``, ``info`` or ``failed``.
        """
        self._shown = None
        if MessageKind(kind) in (MessageKind.EMPTY, MessageKind.VACANT, MessageKind.FAILED):
            self._series, self._view = None, None
            self._state = self._state.of_series(None)
        self.interaction.cancel()
        self._canvas.clear()
        self.regions.clear()
        self._card.set_message(title, detail, MessageKind(kind))
        self._show_picture(False)
        self._tell_color()
        self.redraw(Stale.WORDS | Stale.CURSOR)

    def close_series(self) -> None:
        """Take everything of the series off the image, words included, at once."""
        self._muted = False
        self.show_message("", "", MessageKind.VACANT)
        self.flush()

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly, or not: the series lies outside what the model knows."""
        self._muted = muted
        self.regions.set_muted(muted)
        self.redraw(Stale.WORDS)

    @property
    def detail(self) -> WordDetail:
        """How much is written on the image."""
        return self._detail if self._posed is None else self._posed

    def set_detail(self, detail: WordDetail) -> None:
        """Write more or less on the image."""
        self._detail = detail
        self.redraw(Stale.WORDS)

    def pose(self, detail: WordDetail | None) -> None:
        """Be drawn at once for a picture, with so much written on it; None for the screen again."""
        self._posed = detail
        self.redraw(Stale.WORDS)
        self.flush()

    @property
    def posing(self) -> bool:
        """Whether it is drawn for a picture: what only helps to draw on it is left out."""
        return self._posed is not None

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """Its grey levels or colors as they are drawn, None while there is no picture."""
        return None if self._shown is None else self._canvas.picture

    @property
    def layers(self) -> tuple[QWidget, ...]:
        """What the picture is drawn of, the lowest first; messages and what floats over it are none of it."""
        return (self._canvas, self.regions, *self._layers, self._overlay)

    # Drawing

    @property
    def frame(self) -> ImageFrame | None:
        """Size of the picture, None while there is none."""
        return None if self._shown is None else self._shown.frame

    @property
    def shows_color(self) -> bool:
        """Whether the image in view is a color image: it is shown as it is, and no window applies."""
        return self._shown is not None and self._shown.in_color

    def draw(self, stale: Stale) -> None:
        """Draw what has changed."""
        if Stale.PICTURE in stale:
            self._draw_picture()
        if Stale.PLACEMENT in stale:
            self._place()
        if Stale.WORDS in stale:
            self._write()
        if (Stale.WORDS | Stale.CURSOR) & stale:
            pixel = None if self._cursor is None else self.pixel_at(self._cursor)
            write_cursor(self._overlay, self._content(), pixel, self.devicePixelRatioF())

    def _content(self) -> PaneContent:
        return PaneContent(
            self._series, self._view, self._shown, self.placement(), self._state, self._muted, self.detail
        )

    def _draw_picture(self) -> None:
        if self._shown is None:
            return
        decoded, state = self._shown.decoded, self._state
        if decoded.rgb is not None:
            self._canvas.set_picture(decoded.rgb)
        else:
            self._canvas.set_picture(render_grey(decoded.image, state.window.voi, inverted=state.inverted))

    def _place(self) -> None:
        placement = self.placement()
        if self._shown is not None and placement is not None:
            self._canvas.place(self._shown.frame, placement)
            self.regions.place(self._shown.frame, placement)
        self.placed.emit()

    def _write(self) -> None:
        content, shown = self._content(), self._shown
        if shown is not None:
            point = None if self._view is None else self._view.point
            self.regions.set_finding(
                None if shown.leaving or self.detail is WordDetail.NONE else content.finding,
                shown.decoded.pixel_hash,
                point,
            )
        self.setAccessibleDescription(write_words(self._overlay, content, self.regions.words))
        self.regions.keep_clear(tuple(chip.place for chip in self._overlay.chips_in_place()))

    def _findings_changed(self, changed: Mapping[SeriesKey, frozenset[int]]) -> None:
        slices = () if self._view is None else changed.get(self._view.series.key, ())
        # With the first finding of a series, slices without one are waiting.
        began = self._view is not None and len(slices) == len(self._view.slices)
        if began or self._shown is None or self._shown.index in slices:
            self.redraw(Stale.WORDS)

    def _tell_color(self) -> None:
        if self._in_color != self.shows_color:
            self._in_color = self.shows_color
            self.colorShown.emit(self._in_color)

    def _show_picture(self, picture: bool) -> None:
        self._canvas.setVisible(picture)
        self._card.setVisible(not picture)
        self.pictureShown.emit(picture and self._shown is not None)
        self.setCursor(self._tool_cursor if picture else Qt.CursorShape.ArrowCursor)

    def _recolor(self) -> None:
        self._canvas.set_background(theme().image_background)
        self.redraw(Stale.WORDS)

    def _hover(self, place: QPointF | None) -> None:
        self._cursor = place
        self.redraw(Stale.CURSOR)

    # Qt's events

    def event(self, event: QEvent) -> bool:
        """Say where the position of the slice comes from when the mouse rests on it."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._overlay.place(Corner.BOTTOM_LEFT)
            if self._shown is not None and place.contains(event.pos()):
                show_tip(event.globalPos(), position_tip(self._shown.series, self._shown.index), self, place)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep picture, words and message over the whole widget."""
        for layer in (self._canvas, self.regions, *self._layers, self._overlay, self._card):
            layer.resize(self.size())
        # At once, or one frame would show the picture at its old place.
        self._place()
        self.redraw(Stale.WORDS)
