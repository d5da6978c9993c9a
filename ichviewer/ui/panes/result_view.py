"""What the stored results that are shown have on the slice of a pane."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from ichviewer.domain.series import SeriesKey
from ichviewer.domain.stored_object import StoredObject
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import lines, one_line
from ichviewer.ui.look.words import WORDS_HIDDEN, joined, result_kind, result_title
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.result_layer import LegendEntry, ResultDrawing, ResultLayer
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session.result_shapes import PlacedWords, SliceGraphics
from ichviewer.ui.session.shown_results import ShownResults

STORED = tr("Stored results, not of this analysis")
"""The first line of the legend."""


@dataclass(frozen=True)
class _Turned:
    """How a presentation state turned the picture of a series, and how it was turned before."""

    series: SeriesKey
    to: Orientation
    before: Orientation


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
        self._seen_through: SliceGraphics | None = None
        self._turned: _Turned | None = None
        self.layer = ResultLayer(self.drawing)
        pane.image.add_layer(self.layer)
        results.changed.connect(self._refresh)
        pane.image.drawn.connect(self._refresh)
        pane.image.placed.connect(self.layer.follow)
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
        self._use_window()
        self._turn()
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

    def _turn(self) -> None:
        """Turn a slice as the presentation state says, once: what a reader does afterwards stays.

        Slices that it says nothing of, and all of them once it is hidden, are turned as before. Otherwise left and
        right would stay swapped without anything that says so but the letters at the edges.
        """
        image = self._pane.image
        shown = image.shown
        if shown is None or shown.leaving:
            return
        key, now, was = shown.series.key, image.state.orientation, self._turned
        if was is not None and was.series != key:
            was = None  # Another series is shown upright.
        graphics = self._results.graphics_on(shown.series, shown.index)
        to = UPRIGHT if graphics is None else _orientation(graphics)
        if to == (UPRIGHT if was is None else was.to):
            return
        # A pane that is put back comes as the state turned it.
        before = now if was is None or was.to != now else was.before
        before = UPRIGHT if before == to else before
        if to != UPRIGHT:
            self._turned = _Turned(key, to, before)
            image.turn_to(to)
            return
        self._turned = None
        if was is not None and was.to == now:
            image.turn_to(was.before)


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
