"""The volume tool of the window: puts it on the panes, and its panel beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from ichviewer.ui.tools.plane_abc import PlaneAbc
from ichviewer.ui.tools.plane_regions import PlaneRegions
from ichviewer.ui.tools.plane_tools import PlaneTools
from ichviewer.ui.tools.region_boxes import RegionBoxes
from ichviewer.ui.tools.region_hand import RegionHand
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_panel import RegionPanel
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_work import RegionWork


class RegionDesk(QObject):
    """Everything about painted regions in one window.

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
        self._viewing = viewing
        self._hands: dict[ImagePane, RegionHand] = {}
        self.store = RegionStore(annotations)
        self.measures = RegionMeasures(session.workers, lambda: session.cache, self)
        self._boxes = RegionBoxes(session.workers, self)
        self.work = RegionWork(self.store, self.measures, session.workers, lambda: session.cache, self._boxes)
        self.panel = RegionPanel(self.store, self.measures, self.work, lambda: annotations.annotations)
        self._planes: tuple[PlaneRegions, ...] = ()
        self._reformats: ReformatMode | None = None
        self._plane_abc: PlaneAbc | None = None
        self.part = SidePart(tr("Volume"), "volume", self.panel)
        side.add(self.part)
        RowKeys(self.part)
        self.panel.sliceRequested.connect(viewing.go_to)
        self.panel.smoothRequested.connect(self.smooth)
        self.work.told.connect(notice.show_message)
        self.work.failed.connect(bugs.show)
        viewing.seriesChanged.connect(self._series_shown)
        viewing.seriesGrew.connect(self._series_grew)
        annotations.changed.connect(self.panel.refresh)
        for told in (
            self.store.changed,
            self.store.selectedChanged,
            self.store.hiddenChanged,
            self.part.seenChanged,
        ):
            told.connect(lambda *_: self.changed.emit())

    def attach_reformats(self, mode: ReformatMode, planes: Iterable[PlaneTools]) -> None:
        """Put the volume tool on the reformats too."""
        boxes, self._reformats = self._boxes, mode
        self._planes = tuple(
            PlaneRegions(pane, tools, store=self.store, measures=self.measures, work=self.work, boxes=boxes)
            for pane, tools in zip(mode.set.panes.values(), planes, strict=True)
        )
        mode.changed.connect(lambda: None if mode.shown else self._leave_planes())
        self._plane_abc = PlaneAbc(boxes, mode.volumes.kept)
        self.panel.plane_abc = self._plane_abc.of
        boxes.changed.connect(self.panel.refresh)

    def attach(self, image: ImagePane, tools: PaneTools) -> None:
        """Put the volume tool on a pane, before its other tools."""
        self._hands[image] = RegionHand(image, tools, self.store, self.measures, self.work)
        image.destroyed.connect(lambda: self._hands.pop(image, None))

    @property
    def selected(self) -> bool:
        """Whether a region of the series in view is selected, and drawn."""
        return not self.store.hidden and self.work.current(self._viewing.series) is not None

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
        current = self.work.current(self._viewing.series)
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
        self.work.close_series(keys)
        self._clear_planes()
        if self._viewing.key in keys:
            self.panel.show_series(None)
        self.measures.close_series(closed)

    def forget(self) -> None:
        """Forget everything of what was open."""
        self.leave()
        self.work.clear()
        self._clear_planes()
        self.measures.clear()
        self.panel.show_series(None)
        self.store.clear()
        self.part.close_part()

    def _clear_planes(self) -> None:
        self._boxes.clear()
        if self._plane_abc is not None:
            self._plane_abc.clear()

    def _series_shown(self, series: Series | None) -> None:
        self.panel.show_series(series)

    def _series_grew(self, series: Series) -> None:
        # What could not be measured, or was measured between fewer slices, is measured anew.
        self.measures.measure_anew()
        self.panel.show_series(series)
