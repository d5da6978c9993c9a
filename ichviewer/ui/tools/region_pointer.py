"""The volume tool on a pane, slice or reformat: brush and seed with the left button, Escape to leave a stroke."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ichviewer.domain.region_edit import PixelPlace
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.reformat_pane import ReformatPane
from ichviewer.ui.tools.pane_tools import PaneTools
from ichviewer.ui.tools.region_layer import KEPT, RegionDrawing, RegionLayer
from ichviewer.ui.tools.region_settings import Mode
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_work import RegionWork
from ichviewer.ui.tools.tool import VOLUME_TOOL


class RegionPointer(QObject):
    """The `Pointer` of a pane before its other tools: it takes what is for the volume tool and hands on the rest.

    Parameters
    ----------
    pane : ImagePane or ReformatPane
    tools : PaneTools
        Gets what is not for the volume tool.
    store : RegionStore
    work : RegionWork
    kept : int
        So many masks are kept as they are painted.
    """

    def __init__(
        self,
        pane: ImagePane | ReformatPane,
        tools: PaneTools,
        store: RegionStore,
        work: RegionWork,
        kept: int = KEPT,
    ) -> None:
        super().__init__(pane)
        self._pane = pane
        self._tools = tools
        self._store = store
        self._work = work
        self._held = False
        self._cursor: QPointF | None = None
        self.layer = RegionLayer(self.drawing, kept=kept)
        pane.pointer = self
        pane.interaction.hovered.connect(self._hover)
        pane.toolChanged.connect(lambda _: self.leave())

    @property
    def active(self) -> bool:
        """Whether the volume tool is the active one."""
        return self._pane.state.tool == VOLUME_TOOL

    def leave(self) -> None:
        """Leave a stroke that is under way on this pane."""
        if self._held:
            self._held = False
            self._work.leave()

    @abstractmethod
    def drawing(self) -> RegionDrawing | None:
        """Everything to be painted over the picture now."""

    @abstractmethod
    def _begin(self, at: PixelPlace) -> bool:
        """Begin a stroke at a pixel, or grow from there; False where nothing can be painted on now."""

    @abstractmethod
    def _stays(self) -> bool:
        """Whether that is still on screen which a stroke was begun on; a stroke on anything else is left."""

    def _brush(self) -> tuple[tuple[float, float], float] | None:
        """Where the brush is on the picture, and its radius there."""
        settings = self._work.settings
        if self._cursor is None or not self.active or self._pane.posing or settings.mode is Mode.GROW:
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
        at = self._pixel(event.position())
        if at is None or not self._begin(at):
            self._tools.refused.emit(
                tr("Nothing can be painted here: these pixels are not read yet, or have no name.")
            )
        else:
            self._held = self._work.painting
        return True

    def move(self, event: QMouseEvent) -> None:
        """Go on with a stroke."""
        if not self._held:
            self._tools.move(event)
            return
        at = self._pixel(event.position())
        if self._stays() and self._held and at is not None:
            self._work.move(at)

    def release(self, event: QMouseEvent) -> None:
        """End a stroke."""
        if not self._held:
            self._tools.release(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            stays, self._held = self._stays(), False
            if stays:
                self._work.release()
            else:
                self._work.leave()

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

    def _hover(self, place: QPointF | None) -> None:
        self._cursor = place
        if self.active:
            self.layer.update()

    def _place(self, screen: QPointF) -> tuple[float, float] | None:
        placement = self._pane.placement()
        if placement is None:
            return None
        return placement.to_picture(
            (screen.x(), screen.y()), (float(self._pane.width()), float(self._pane.height()))
        )

    def _pixel(self, screen: QPointF) -> PixelPlace | None:
        place, frame = self._place(screen), self._pane.frame
        if place is None or frame is None:
            return None
        return place[1] / frame.row_mm - 0.5, place[0] / frame.column_mm - 0.5
