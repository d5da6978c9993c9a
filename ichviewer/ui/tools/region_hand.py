"""The volume tool on one pane: brush and seed with the left button, and the regions drawn over the picture."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ichviewer.domain.region_edit import PixelPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.tools.pane_tools import PaneTools
from ichviewer.ui.tools.region_layer import DrawnRegion, RegionDrawing, RegionLayer
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_settings import Mode
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_words import drawn_lines, hidden_lines
from ichviewer.ui.tools.region_work import RegionWork
from ichviewer.ui.tools.surface import Surface
from ichviewer.ui.tools.tool import VOLUME_TOOL


class RegionHand(QObject):
    """The `Pointer` of a pane before its other tools: it takes what is for the volume tool and hands on the rest.

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
        super().__init__(image)
        self.image = image
        self._tools = tools
        self._store = store
        self._measures = measures
        self._work = work
        self._surface: Surface | None = None
        self._held = False
        self._cursor: QPointF | None = None
        self.layer = RegionLayer(self.drawing)
        # What is measured stands above what is painted.
        image.add_layer(self.layer, under=tools.layer)
        image.pointer = self
        image.drawn.connect(self._drawn)
        image.interaction.hovered.connect(self._hover)
        image.toolChanged.connect(lambda _: self.leave())
        for told in (store.changed, store.selectedChanged, store.hiddenChanged, measures.changed):
            told.connect(self.layer.say)
        work.changed.connect(self.layer.update)

    @property
    def active(self) -> bool:
        """Whether the volume tool is the active one."""
        return self.image.state.tool == VOLUME_TOOL

    def surface(self) -> Surface | None:
        """The slice on screen as something to paint on, None where there is none."""
        surface = self._tools.surface()
        if surface is not self._surface:
            self._surface = surface
            # What was begun on other pixels is not ended on these.
            self.leave()
        return surface

    def leave(self) -> None:
        """Leave a stroke that is under way on this pane."""
        if self._held:
            self._held = False
            self._work.leave()

    # What is drawn

    def drawing(self) -> RegionDrawing | None:
        """Everything to be painted over the picture now."""
        surface, placement, shown = self._tools.surface(), self.image.placement(), self.image.shown
        if surface is None or placement is None or shown is None or shown.leaving:
            return None
        current = self._work.current(surface.series)
        words_shown = self.image.detail is WordDetail.ALL
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
            shown.frame, placement, tuple(drawn), (*hidden_lines(hidden), *notes), self._brush(surface)
        )

    def _brush(self, surface: Surface) -> tuple[tuple[float, float], float] | None:
        settings = self._work.settings
        if self._cursor is None or not self.active or self.image.posing or settings.mode is Mode.GROW:
            return None
        if self._store.hidden:
            return None
        at = self._place(self._cursor)
        # Without spacing a pixel counts as one unit of the picture, and the radius is in pixels.
        return None if at is None else (at, settings.radius)

    # Mouse and keys

    def press(self, event: QMouseEvent) -> bool:
        """Begin a stroke or grow from a pixel, where the volume tool is active."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() != Qt.MouseButton.LeftButton or shift or not self.active:
            return self._tools.press(event)
        surface, at, shown = self.surface(), self._pixel(event.position()), self.image.shown
        if surface is None or at is None or shown is None or shown.leaving:
            self._tools.refused.emit(
                tr("Nothing can be painted here: these pixels are not read yet, or have no name.")
            )
            return True
        rows, columns = surface.decoded.image.shape
        if not (-0.5 <= at[0] < rows - 0.5 and -0.5 <= at[1] < columns - 0.5):
            return True
        self._work.press(surface, at)
        self._held = self._work.painting
        return True

    def move(self, event: QMouseEvent) -> None:
        """Go on with a stroke."""
        if not self._held:
            self._tools.move(event)
            return
        at = self._pixel(event.position())
        if self.surface() is not None and self._held and at is not None:
            self._work.move(at)

    def release(self, event: QMouseEvent) -> None:
        """End a stroke."""
        if not self._held:
            self._tools.release(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            surface, self._held = self.surface(), False
            if surface is None:
                self._work.leave()
            else:
                self._work.release()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Escape, while there is something to leave."""
        return self._is_ours(event) or self._tools.wants_key(event)

    def key(self, event: QKeyEvent) -> bool:
        """Escape leaves the stroke, then stops what grows, then leaves the tool."""
        if not self._is_ours(event):
            return self._tools.key(event)
        if self._held:
            self.leave()
        else:
            self._work.cancel()
        return True

    # Parts

    def _is_ours(self, event: QKeyEvent) -> bool:
        return bool(
            event.key() == Qt.Key.Key_Escape
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and self.active
            and (self._held or self._work.busy)
        )

    def _drawn(self) -> None:
        self.surface()
        self.layer.say()

    def _hover(self, place: QPointF | None) -> None:
        self._cursor = place
        if self.active:
            self.layer.update()

    def _place(self, screen: QPointF) -> tuple[float, float] | None:
        placement = self.image.placement()
        if placement is None:
            return None
        return placement.to_picture(
            (screen.x(), screen.y()), (float(self.image.width()), float(self.image.height()))
        )

    def _pixel(self, screen: QPointF) -> PixelPlace | None:
        place, frame = self._place(screen), self.image.frame
        if place is None or frame is None:
            return None
        return place[1] / frame.row_mm - 0.5, place[0] / frame.column_mm - 0.5
