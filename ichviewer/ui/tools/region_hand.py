"""The volume tool on one pane of acquired slices, and the regions drawn over the picture."""

from __future__ import annotations

from ichviewer.domain.region_edit import PixelPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.tools.pane_tools import PaneTools
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_pointer import RegionPointer
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import drawn_lines, hidden_lines
from ichviewer.ui.tools.region_work import RegionWork
from ichviewer.ui.tools.surface import Surface


class RegionHand(RegionPointer):
    """The volume tool on one pane of acquired slices.

    Parameters
    ----------
    image : ImagePane
    tools : PaneTools
        Gets what is not for the volume tool.
    store : RegionStore
    measures : RegionMeasures
    work : RegionWork
    """

    def __init__(
        self,
        image: ImagePane,
        tools: PaneTools,
        store: RegionStore,
        measures: RegionMeasures,
        work: RegionWork,
    ) -> None:
        super().__init__(image, tools, store, work)
        self._image = image
        self._measures = measures
        self._surface: Surface | None = None
        # What is measured stands above what is painted.
        image.add_layer(self.layer, under=tools.layer)
        image.drawn.connect(self._drawn)
        for told in (store.changed, store.selectedChanged, store.hiddenChanged, measures.changed):
            told.connect(self.layer.say)
        work.changed.connect(self.layer.update)

    def renew(self) -> None:
        """Draw what there is on the slice in view."""
        self._drawn()

    def surface(self) -> Surface | None:
        """The slice on screen as something to paint on, None where there is none."""
        surface = self._tools.surface()
        if surface is not self._surface:
            self._surface = surface
            # What was begun on other pixels is not ended on these.
            self.leave()
        return surface

    def drawing(self) -> RegionDrawing | None:
        """Everything to be painted over the picture now."""
        surface, placement, shown = self._tools.surface(), self._image.placement(), self._image.shown
        if surface is None or placement is None or shown is None or shown.leaving:
            return None
        current = self._work.current(surface.series)
        words_shown = self._image.detail is WordDetail.ALL
        drawn: list[DrawnRegion] = []
        others = hidden = 0
        for number, region in enumerate(self._work.regions(surface.series), 1):
            mask = region.on(surface.info)
            if mask is None:
                continue
            if mask.pixel_hash != surface.decoded.pixel_hash:
                others += 1
                continue
            if self._store.hidden:
                hidden += 1
                continue
            lines = drawn_lines(region, number, self._measures.of(region), words_shown=words_shown)
            drawn.append(DrawnRegion(mask, lines, current is not None and region.id == current.id))
        notes = (tr("{others} painted on other pixels").format(others=others),) if others else ()
        return RegionDrawing(
            shown.frame, placement, tuple(drawn), (*hidden_lines(hidden), *notes), self._brush()
        )

    def _begin(self, at: PixelPlace) -> bool:
        surface, shown = self.surface(), self._image.shown
        if surface is None or shown is None or shown.leaving:
            return False
        rows, columns = surface.decoded.image.shape
        if -0.5 <= at[0] < rows - 0.5 and -0.5 <= at[1] < columns - 0.5:
            self._work.press(surface, at)
        return True

    def _stays(self) -> bool:
        return self.surface() is not None

    def _drawn(self) -> None:
        self.surface()
        self.layer.say()
