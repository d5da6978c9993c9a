"""The volume tool of the window: puts it on the panes, and its panel beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.series import Series
from ichviewer.ui.app.bug_notice import BugNotice
from ichviewer.ui.app.keyboard import RowKeys
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.app.reformat_mode import ReformatMode
from ichviewer.ui.app.side_column import SideColumn, SidePart
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.pane_tools import PaneTools
from ichviewer.ui.tools.region_store import RegionStore

if TYPE_CHECKING:
    from ichviewer.domain.painted_region import PaintedRegion
    from ichviewer.ui.tools.plane_abc import PlaneAbc
    from ichviewer.ui.tools.plane_regions import PlaneRegions
    from ichviewer.ui.tools.plane_tools import PlaneTools
    from ichviewer.ui.tools.region_boxes import RegionBoxes
    from ichviewer.ui.tools.region_hand import RegionHand
    from ichviewer.ui.tools.region_measures import RegionMeasures
    from ichviewer.ui.tools.region_panel import RegionPanel
    from ichviewer.ui.tools.region_work import RegionWork


class RegionDesk(QObject):
    """Everything about painted regions in one window.

    Until there is a region, or somebody turns to the volume tool, there is nothing but a place for them.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    annotations : AnnotationStore
    notice : Notice
    bugs : BugNotice
    side : SideColumn
        Gets the panel.

    Signals
    -------
    changed()
        Something that decides which commands are possible.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        annotations: AnnotationStore,
        *,
        notice: Notice,
        bugs: BugNotice,
        side: SideColumn,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._viewing, self._annotations = session, viewing, annotations
        self._notice, self._bugs = notice, bugs
        self._panes: dict[ImagePane, PaneTools] = {}
        self._hands: dict[ImagePane, RegionHand] = {}
        self._work: RegionWork | None = None
        self._panel: RegionPanel | None = None
        self.store = RegionStore(annotations)
        self._planes: tuple[PlaneRegions, ...] = ()
        self._reformats: ReformatMode | None = None
        self._plane_abc: PlaneAbc | None = None
        self.part = SidePart(tr("Volume"), "volume", lambda: self.panel)
        side.add(self.part)
        viewing.seriesChanged.connect(self._series_shown)
        viewing.seriesGrew.connect(self._series_grew)
        self.store.changed.connect(self._draw_first)
        for told in (
            self.store.changed,
            self.store.selectedChanged,
            self.store.hiddenChanged,
            self.part.seenChanged,
        ):
            told.connect(lambda *_: self.changed.emit())

    @property
    def work(self) -> RegionWork:
        """What paints, grows and smooths; made when it is first needed, with what draws on the panes."""
        if self._work is None:
            from ichviewer.ui.tools.region_work import RegionWork  # noqa: PLC0415 - on first use

            session = self._session
            self._work = RegionWork(
                self.store, self.measures, session.workers, lambda: session.cache, self._boxes
            )
            self._work.told.connect(self._notice.show_message)
            self._work.failed.connect(self._bugs.show)
            for image, tools in self._panes.items():
                self._draw_on(image, tools, self._work)
        return self._work

    @cached_property
    def measures(self) -> RegionMeasures:
        """What regions measure."""
        from ichviewer.ui.tools.region_measures import RegionMeasures  # noqa: PLC0415 - on first use

        session = self._session
        return RegionMeasures(session.workers, lambda: session.cache, self)

    @cached_property
    def _boxes(self) -> RegionBoxes:
        from ichviewer.ui.tools.region_boxes import RegionBoxes  # noqa: PLC0415 - on first use

        return RegionBoxes(self._session.workers, self)

    @property
    def panel(self) -> RegionPanel:
        """Settings, list and numbers; made when it is first shown or asked for."""
        if self._panel is None:
            from ichviewer.ui.tools.region_panel import RegionPanel  # noqa: PLC0415 - on first use

            drawn = self._annotations
            panel = RegionPanel(self.store, self.measures, self.work, lambda: drawn.annotations)
            panel.sliceRequested.connect(self._viewing.go_to)
            panel.smoothRequested.connect(self.smooth)
            drawn.changed.connect(panel.refresh)
            self._boxes.changed.connect(panel.refresh)
            if self._plane_abc is not None:
                panel.plane_abc = self._plane_abc.of
            panel.show_series(self._viewing.series)
            RowKeys(panel)
            self._panel = panel
        return self._panel

    def attach_reformats(self, mode: ReformatMode, planes: Iterable[PlaneTools]) -> None:
        """Put the volume tool on the reformats too."""
        from ichviewer.ui.tools.plane_abc import PlaneAbc  # noqa: PLC0415 - with the reformats
        from ichviewer.ui.tools.plane_regions import PlaneRegions  # noqa: PLC0415 - as above

        boxes, self._reformats = self._boxes, mode
        self._planes = tuple(
            PlaneRegions(pane, tools, store=self.store, measures=self.measures, work=self.work, boxes=boxes)
            for pane, tools in zip(mode.set.panes.values(), planes, strict=True)
        )
        mode.changed.connect(lambda: None if mode.shown else self._leave_planes())
        self._plane_abc = PlaneAbc(boxes, mode.volumes.kept)
        if self._panel is not None:
            self._panel.plane_abc = self._plane_abc.of

    def attach(self, image: ImagePane, tools: PaneTools) -> None:
        """Put the volume tool on a pane, before its other tools."""
        self._panes[image] = tools
        image.destroyed.connect(lambda: (self._panes.pop(image, None), self._hands.pop(image, None)))
        if self._work is not None:
            self._draw_on(image, tools, self._work)

    def _draw_on(self, image: ImagePane, tools: PaneTools, work: RegionWork) -> None:
        from ichviewer.ui.tools.region_hand import RegionHand  # noqa: PLC0415 - on first use

        hand = self._hands[image] = RegionHand(image, tools, self.store, self.measures, work)
        hand.renew()

    def _draw_first(self) -> None:
        """The first regions are there, such as those that were kept."""
        if self.store.regions:
            _ = self.work

    @property
    def selected(self) -> bool:
        """Whether a region of the series in view is selected, and drawn."""
        return not self.store.hidden and self._current() is not None

    def _current(self) -> PaintedRegion | None:
        return None if self._work is None else self._work.current(self._viewing.series)

    def toggle(self) -> None:
        """Draw regions on the images, or not."""
        self.work.toggle_hidden()

    def begin(self) -> None:
        """The volume tool was chosen: show the panel, and regions that were hidden."""
        self.store.set_hidden(False)
        self.show_panel()

    def show_panel(self) -> None:
        """Show the panel."""
        self.part.open()

    def smooth(self) -> None:
        """Smooth the region that is selected; on reformats through all slices."""
        if self._reformats is not None and self._reformats.shown:
            if self._reformats.set.series is not None:
                self.work.smooth_on_planes(self._reformats.set.series)
            return
        hand = self._hands.get(self._viewing.active.image)
        surface = None if hand is None else hand.surface()
        if surface is not None:
            self.work.smooth(surface)

    def delete(self) -> None:
        """Delete the region that is selected."""
        current = self._current()
        if current is not None:
            self.work.delete(current)

    def leave(self) -> None:
        """Leave a stroke that is under way."""
        for hand in (*self._hands.values(), *self._planes):
            hand.leave()

    def _leave_planes(self) -> None:
        for plane in self._planes:
            plane.leave()
        self._boxes.clear()

    def close_series(self, closed: Sequence[Series]) -> None:
        """Stop what is done for series that are closed; the store is told of them by the annotations'."""
        keys = {series.key for series in closed}
        if self._work is not None:
            self._work.close_series(keys)
        self._clear_planes()
        if self._viewing.key in keys:
            self._series_shown(None)
        if self._work is not None:
            # Behind the panel, which would have what it still lists checked again.
            self.measures.close_series(closed)

    def forget(self) -> None:
        """Forget everything of what was open."""
        self.leave()
        if self._work is not None:
            self._work.clear()
            self._clear_planes()
            self.measures.clear()
        self._series_shown(None)
        self.store.clear()
        self.part.close_part()

    def _clear_planes(self) -> None:
        if self._plane_abc is not None:
            self._boxes.clear()
            self._plane_abc.clear()

    def _series_shown(self, series: Series | None) -> None:
        if self._panel is not None:
            self._panel.show_series(series)

    def _series_grew(self, series: Series) -> None:
        # What could not be measured, or was measured between fewer slices, is measured anew.
        if self._work is not None:
            self.measures.measure_anew()
        self._series_shown(series)
