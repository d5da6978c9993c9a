"""What the stored results that are shown have on the slice of a pane."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ichviewer.domain.stored_object import StoredObject
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.plain_text import lines, one_line
from ichviewer.ui.look.words import WORDS_HIDDEN, joined, result_kind, result_title
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.result_layer import LegendEntry, ResultDrawing, ResultLayer
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session.result_shapes import PlacedWords, SliceGraphics
from ichviewer.ui.session.shown_results import ShownResults

STORED = tr("Stored results, not of this analysis")
"""The first line of the legend."""


class ResultView(QObject):
    """Keeps the layer of a pane at what is shown, and its window at that of a presentation state.

    Parameters
    ----------
    pane : PaneView
    results : ShownResults
    """

    def __init__(self, pane: PaneView, results: ShownResults) -> None:
        super().__init__(pane)
        self._pane, self._results = pane, results
        self._seen_through: SliceGraphics | None = None
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


def _title(stored: StoredObject, told: bool) -> str:
    if not told:
        return result_kind(stored)
    return one_line(joined((result_title(stored), stored.manufacturer)))


def _plain(words: PlacedWords, told: bool) -> PlacedWords:
    text = lines(words.text) if told else words_of(WORDS_HIDDEN)
    return PlacedWords(text, words.at, words.leader, words.color_rgb)
