"""The painted regions on one reformat: outlines of what its plane cuts out of them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.region_cut import PlaneCut, RegionBox, cut_region
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import words_of
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.tools.plane_tools import PlaneTools
from ichviewer.ui.tools.region_boxes import NotPlaced, RegionBoxes
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing, RegionLayer
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import drawn_lines, hidden_lines
from ichviewer.ui.tools.region_work import RegionWork

_KEPT = 8


class PlaneRegions(QObject):
    """Outlines over one reformat, while the picture of its plane is on screen. Of a slab, those of its middle.

    Parameters
    ----------
    pane : ReformatPane
    tools : PlaneTools
        Its layer stands above the outlines.
    store : RegionStore
    measures : RegionMeasures
    work : RegionWork
    boxes : RegionBoxes
    """

    def __init__(
        self,
        pane: ReformatPane,
        tools: PlaneTools,
        *,
        store: RegionStore,
        measures: RegionMeasures,
        work: RegionWork,
        boxes: RegionBoxes,
    ) -> None:
        super().__init__(pane)
        self._pane = pane
        self._store = store
        self._measures = measures
        self._work = work
        self._boxes = boxes
        self._cuts: dict[RegionBox, PlaneCut | None] = {}
        self._cut_by: tuple[Volume, PlaneView] | None = None
        self.layer = RegionLayer(self.drawing, kept=_KEPT)
        pane.add_layer(self.layer)
        self.layer.stackUnder(tools.layer)
        for told in (pane.drawn, store.changed, measures.changed, boxes.changed):
            told.connect(self.refresh)
        for told in (store.selectedChanged, store.hiddenChanged):
            told.connect(self.refresh)

    def refresh(self) -> None:
        """Draw what there is now."""
        shown = self._pane.shown
        if shown is None:
            self._cuts, self._cut_by = {}, None
        else:
            self._boxes.want(shown.series, shown.volume, self._work.regions(shown.series))
        self.layer.say()

    def drawing(self) -> RegionDrawing | None:
        """Everything to be painted over the picture now."""
        shown, placement, frame = self._pane.shown, self._pane.placement(), self._pane.frame
        if shown is None or placement is None or frame is None:
            return None
        current = self._work.current(shown.series)
        words_shown = self._pane.detail is WordDetail.ALL
        drawn: list[DrawnRegion] = []
        left: dict[NotPlaced, int] = {}
        hidden = 0
        for number, region in enumerate(self._work.regions(shown.series), 1):
            placed = self._boxes.of(region, shown.volume)
            if isinstance(placed, NotPlaced):
                left[placed] = left.get(placed, 0) + 1
            cut = self._cut(placed, shown.volume, shown.view) if isinstance(placed, RegionBox) else None
            if cut is not None and self._store.hidden:
                hidden += 1
            elif cut is not None:
                lines = drawn_lines(region, number, self._measures.of(region), words_shown=words_shown)
                drawn.append(DrawnRegion(cut, lines, current is not None and region.id == current.id))
        notes = tuple(f"{n} {words_of(why.value)}" for why, n in left.items())
        return RegionDrawing(frame, placement, tuple(drawn), (*hidden_lines(hidden), *notes))

    def _cut(self, box: RegionBox, volume: Volume, view: PlaneView) -> PlaneCut | None:
        known = self._cut_by
        if known is None or known[0] is not volume or known[1] != view:
            self._cuts, self._cut_by = {}, (volume, view)
        if box not in self._cuts:
            self._cuts[box] = cut_region(volume.geometry, box, view)
        return self._cuts[box]
