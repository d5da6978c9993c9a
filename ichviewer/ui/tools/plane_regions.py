"""The painted regions on one reformat: outlines of what its plane cuts out of them, and the brush."""

from __future__ import annotations

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.region_cut import PlaneCut, RegionBox, cut_region
from ichviewer.domain.region_edit import PixelPlace
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import words_of
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.tools.plane_stroke import voxel_at
from ichviewer.ui.tools.plane_tools import PlaneTools
from ichviewer.ui.tools.region_boxes import NotPlaced, RegionBoxes
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_pointer import RegionPointer
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import drawn_lines, hidden_lines
from ichviewer.ui.tools.region_work import RegionWork

_KEPT = 8


class PlaneRegions(RegionPointer):
    """The volume tool on one reformat, and outlines over it while the picture of its plane is on screen.

    Of a slab, the outlines of its middle are drawn; what is painted on it is as thick as the slab.

    Parameters
    ----------
    pane : ReformatPane
    tools : PlaneTools
        Gets what is not for the volume tool; its layer stands above the outlines.
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
        super().__init__(pane, tools, store, work, _KEPT)
        self._plane_pane = pane
        self._measures = measures
        self._boxes = boxes
        self._painted_on: ShownPlane | None = None
        self._cuts: dict[RegionBox, PlaneCut | None] = {}
        self._cut_by: tuple[Volume, PlaneView] | None = None
        pane.add_layer(self.layer)
        self.layer.stackUnder(tools.layer)
        for told in (pane.drawn, store.changed, measures.changed, boxes.changed, work.changed):
            told.connect(self.refresh)
        for told in (store.selectedChanged, store.hiddenChanged):
            told.connect(self.refresh)

    def leave(self) -> None:
        """Leave a stroke that is under way on this pane, and let go of what it was begun on."""
        super().leave()
        self._painted_on = None

    def refresh(self) -> None:
        """Draw what there is now."""
        shown = self._plane_pane.shown
        self._stays()
        if shown is None:
            self._cuts, self._cut_by = {}, None
        else:
            self._boxes.want(shown.series, shown.volume, self._work.regions(shown.series))
        self.layer.say()

    def drawing(self) -> RegionDrawing | None:
        """Everything to be painted over the picture now."""
        shown, placement, frame = self._plane_pane.shown, self._plane_pane.placement(), self._plane_pane.frame
        if shown is None or placement is None or frame is None:
            return None
        current = self._work.current(shown.series)
        words_shown = self._plane_pane.detail is WordDetail.ALL
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
        return RegionDrawing(frame, placement, tuple(drawn), (*hidden_lines(hidden), *notes), self._brush())

    def _begin(self, at: PixelPlace) -> bool:
        shown = self._plane_pane.shown
        if shown is None:
            return False
        self._painted_on = shown
        # Beside the volume there is no image to paint on.
        if voxel_at(shown, at) is not None:
            self._work.press_plane(shown, at)
        return True

    def _stays(self) -> bool:
        begun, shown = self._painted_on, self._plane_pane.shown
        stays = begun is not None and shown is not None and shown.is_same(begun)
        if not stays:
            # What was begun on another plane is not ended on this one.
            self.leave()
        return stays

    def _cut(self, box: RegionBox, volume: Volume, view: PlaneView) -> PlaneCut | None:
        known = self._cut_by
        if known is None or known[0] is not volume or known[1] != view:
            self._cuts, self._cut_by = {}, (volume, view)
        if box not in self._cuts:
            self._cuts[box] = cut_region(volume.geometry, box, view)
        return self._cuts[box]
