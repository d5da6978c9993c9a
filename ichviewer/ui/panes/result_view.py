"""What the stored results that are shown have on the slice of a pane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from ichviewer.domain.series import SeriesKey
from ichviewer.domain.stored_object import StoredObject
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import lines, one_line
from ichviewer.ui.look.words import WORDS_HIDDEN, joined, result_kind, result_title
from ichviewer.ui.panes.displayed_area import area_words, picture_area, screen_px_per_mm
from ichviewer.ui.panes.image_frame import ImageFrame, PictureArea, Placement
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.result_layer import LegendEntry, ResultDrawing, ResultLayer
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session.result_shapes import PlacedWords, SliceGraphics
from ichviewer.ui.session.shown_results import ShownResults

STORED = tr("Stored results, not of this analysis")
"""The first line of the legend."""


_T = TypeVar("_T")


@dataclass(frozen=True)
class _Seen:
    """Which part of the picture is seen, and how large; neither means the whole, fitted."""

    area: PictureArea | None = None
    placement: Placement | None = None


_WHOLE = _Seen()


class _Borrowed(Generic[_T]):
    """Something of the picture that a presentation state says, once: what a reader does afterwards stays.

    Where the state says nothing of it, or is hidden, it is as it was before.

    Parameters
    ----------
    usual : object
        What it is where nobody says anything.
    """

    def __init__(self, usual: _T) -> None:
        self._usual = usual
        self._taken: tuple[_T, _T] | None = None

    def next(self, now: _T, said: _T) -> _T:
        """What it has to be now.

        Parameters
        ----------
        now, said : object
            What it is, and what the state says; the usual where it says nothing.
        """
        taken, usual = self._taken, self._usual
        to, before = taken or (usual, usual)
        if said == to:
            return now
        if said == usual:
            self._taken = None
            return before if to == now else now
        # A pane that is put back comes as the state left it.
        before = before if taken is not None and to == now else now
        self._taken = (said, usual if before == said else before)
        return said


class ResultView(QObject):
    """Keeps the layer of a pane at what is shown, and its picture as a presentation state says.

    Parameters
    ----------
    pane : PaneView
    results : ShownResults
    """

    def __init__(self, pane: PaneView, results: ShownResults) -> None:
        super().__init__(pane)
        self._pane, self._results = pane, results
        self._of: SeriesKey | None = None
        self._seen_through: SliceGraphics | None = None
        self._orientation = _Borrowed(UPRIGHT)
        self._seen = _Borrowed(_WHOLE)
        self.layer = ResultLayer(self.drawing)
        pane.image.add_layer(self.layer)
        results.changed.connect(self._refresh)
        pane.image.drawn.connect(self._refresh)
        pane.image.placed.connect(self.layer.update)
        pane.image.pictureShown.connect(lambda _: self._refresh())

    def drawing(self) -> ResultDrawing | None:
        """What is to be drawn now: only on the slice whose picture is on screen."""
        image = self._pane.image
        shown, placement = image.shown, image.placement()
        if shown is None or shown.leaving or placement is None or image.detail is WordDetail.NONE:
            return None
        # Words of files may name the patient.
        told = image.detail is WordDetail.ALL
        legend: list[LegendEntry] = []
        for found in self._results.segments_on(shown.series, shown.index):
            legend.append(LegendEntry(_title(found.stored, told)))
            if found.state:
                state = found.state if told or not found.failed else tr("cannot be read")
                legend.append(LegendEntry(one_line(state)))
            order = {number: i for i, (number, *_) in enumerate(self._results.segments(found.stored))}
            legend += [
                LegendEntry(
                    one_line(one.name) if told else tr("Segment {number}").format(number=one.number),
                    one,
                    order.get(one.number, one.number),
                )
                for one in found.segments
                if one.lines
            ]
        graphics = self._results.graphics_on(shown.series, shown.index)
        presentation = self._results.presentation
        if graphics is not None and presentation is not None:
            legend.append(LegendEntry(_title(presentation.entry.stored, told)))
            turned = _orientation(graphics)
            if turned != UPRIGHT and placement.orientation == turned:
                legend.append(LegendEntry(_turned_words(graphics)))
            legend += map(LegendEntry, self._how_seen(graphics, shown.frame))
        if not legend:
            return None
        strokes = () if graphics is None else graphics.strokes
        words = () if graphics is None else graphics.words
        return ResultDrawing(
            shown.frame,
            placement,
            (LegendEntry(STORED), *legend),
            strokes,
            tuple(_plain(one, told) for one in words),
        )

    def _refresh(self) -> None:
        if self._pane.key != self._of:
            # Another series is shown as if no state had been on it, and so is one that comes back.
            self._of, self._seen_through = self._pane.key, None
            self._orientation, self._seen = _Borrowed(UPRIGHT), _Borrowed(_WHOLE)
        self._use_window()
        self._turn_and_zoom()
        self.layer.say()

    def _use_window(self) -> None:
        """See a slice through the window of the presentation state, once: what a reader does afterwards stays."""
        shown = self._pane.image.shown
        graphics = None
        if shown is not None and not shown.leaving:
            graphics = self._results.graphics_on(shown.series, shown.index)
        presentation = self._results.presentation
        if graphics is None or presentation is None or not self._results.visible:
            if presentation is None:
                self._seen_through = None
            return
        before, self._seen_through = self._seen_through, graphics
        if before is not None and (before.voi, before.inverted) == (graphics.voi, graphics.inverted):
            return
        if graphics.voi is not None:
            # Its own label is words of the file, which pictures without patient data must not have.
            self._pane.use_window(graphics.voi, marked("Presentation"))
        if self._pane.image.inverted() is not graphics.inverted:
            self._pane.toggle_inverted()

    def _turn_and_zoom(self) -> None:
        """Turn a slice and show the part of it that the presentation state says.

        Otherwise left and right would stay swapped, or a part of the picture out of sight, without anything that says
        so but the letters at the edges.
        """
        image = self._pane.image
        shown = image.shown
        if shown is None or shown.leaving:
            return
        state = image.state
        graphics = self._results.graphics_on(shown.series, shown.index)
        to = UPRIGHT if graphics is None else _orientation(graphics)
        turned = self._orientation.next(state.orientation, to)
        if turned != state.orientation:
            image.turn_to(turned)
        now = _Seen(state.area, state.placement)
        seen = self._seen.next(now, _Seen(self._area(graphics, shown.frame)))
        if seen == now:
            return
        state = image.state
        image.take(state.at_place(seen.placement) if seen.area is None else state.seen(seen.area))

    def _area(self, graphics: SliceGraphics | None, frame: ImageFrame) -> PictureArea | None:
        if graphics is None or graphics.area is None:
            return None
        return picture_area(
            graphics.area, frame, self._screen_px_per_mm(), self._pane.image.devicePixelRatioF()
        )

    def _screen_px_per_mm(self) -> float | None:
        return screen_px_per_mm(self._pane.image.screen().physicalDotsPerInchX())

    def _how_seen(self, graphics: SliceGraphics, frame: ImageFrame) -> tuple[str, ...]:
        """What is said of the part that is seen, as long as it is."""
        if graphics.area is None:
            return ()
        image = self._pane.image
        wanted = self._area(graphics, frame)
        if wanted is not None and image.state.area != wanted:
            return ()
        words = area_words(graphics.area, frame, self._screen_px_per_mm())
        size = float(image.width()), float(image.height())
        if wanted is not None and wanted.is_limited(frame, size, image.state.orientation):
            return (*words, tr("as far as the zoom goes"))
        return words


def _orientation(graphics: SliceGraphics) -> Orientation:
    """Rotated first, then flipped (PS3.3 C.10.6)."""
    rotated = UPRIGHT.rotated(90 * graphics.quarter_turns)
    return rotated.flipped_horizontally() if graphics.flipped else rotated


def _turned_words(graphics: SliceGraphics) -> str:
    degrees = 90 * graphics.quarter_turns
    turned = tr("rotated by {degrees}°").format(degrees=degrees) if degrees else ""
    flipped = tr("flipped left for right") if graphics.flipped else ""
    return joined((turned, flipped))


def _title(stored: StoredObject, told: bool) -> str:
    if not told:
        return result_kind(stored)
    return one_line(joined((result_title(stored), stored.manufacturer)))


def _plain(words: PlacedWords, told: bool) -> PlacedWords:
    text = lines(words.text) if told else words_of(WORDS_HIDDEN)
    return replace(words, text=text)
