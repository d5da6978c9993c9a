"""The tools of the window: puts them on its panes, keeps the list beside it, and does what their commands ask."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from ichviewer.domain.annotation.abc2 import Abc2
from ichviewer.domain.annotation.base import Annotation, Kind
from ichviewer.domain.annotation.history import Step
from ichviewer.domain.decoded import DecodedSlice
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.ui.app.annotation_exporting import AnnotationExport
from ichviewer.ui.app.bug_notice import BugNotice
from ichviewer.ui.app.keyboard import RowKeys
from ichviewer.ui.app.notice import Notice
from ichviewer.ui.app.output_place import OutputPlace
from ichviewer.ui.app.reformat_mode import ReformatMode
from ichviewer.ui.app.region_desk import RegionDesk
from ichviewer.ui.app.side_column import SideColumn, SidePart
from ichviewer.ui.app.window_state import ToolState
from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.view_state import WINDOW_TOOL
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session
from ichviewer.ui.tools.annotation_list import AnnotationList, slice_index
from ichviewer.ui.tools.annotation_store import AnnotationStore
from ichviewer.ui.tools.measurements import Measurements
from ichviewer.ui.tools.pane_tools import PaneTools
from ichviewer.ui.tools.standard_tools import TOOLS
from ichviewer.ui.tools.surface import Surface
from ichviewer.ui.tools.tool import VOLUME_TOOL

if TYPE_CHECKING:
    from ichviewer.ui.app.reformat_tools import ReformatTools

log = logging.getLogger("ichviewer.ui.app.tool_desk")


class ToolDesk(QObject):
    """Everything about tools and annotations in one window.

    Parameters
    ----------
    session : Session
    viewing : Viewing
    place : OutputPlace
    annotation_folder : Path
        Where annotations are kept.
    notice : Notice
    bugs : BugNotice
    side : SideColumn
        Gets the list.
    window : QMainWindow

    Signals
    -------
    changed()
        Another `ToolState`.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        place: OutputPlace,
        *,
        annotation_folder: Path,
        notice: Notice,
        bugs: BugNotice,
        side: SideColumn,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._viewing = viewing
        self._place = place
        self._notice = notice
        self._window = window
        self._tool = WINDOW_TOOL
        self._listed = False
        # Linked panes draw together: told once for all of them.
        self._drawn = BeforePaint(self.changed.emit, self)
        self._kept_of: frozenset[SeriesKey] = frozenset()
        self._panes: dict[ImagePane, PaneTools] = {}
        self._planes: ReformatTools | None = None
        open_kept = partial(session.backend.open_annotations, annotation_folder)
        self.store = AnnotationStore(session.workers, open_kept, self)
        self.measurements = Measurements(session.workers, lambda: session.cache, self)
        self.list = AnnotationList(self.store, self.measurements)
        self.part = SidePart(tr("Measurements"), "measurements", self.list)
        side.add(self.part)
        RowKeys(self.part)
        self.regions = RegionDesk(
            session, viewing, self.store, notice=notice, bugs=bugs, side=side, parent=window
        )
        self.exporting = AnnotationExport(session, self.store, self.measurements, place, self.regions.store)
        for pane in viewing.panes:
            self.attach(pane)
        self._connect(bugs)

    def _connect(self, bugs: BugNotice) -> None:
        session, viewing = self._session, self._viewing
        for told in (session.opening, session.closed, session.readFailed):
            told.connect(lambda *_: self._forget())
        session.catalogChanged.connect(self._catalog_changed)
        session.studiesClosed.connect(self._studies_closed)
        viewing.activeChanged.connect(self.attach)
        for shown in (viewing.seriesChanged, viewing.seriesGrew):
            shown.connect(self._series_shown)
        viewing.sliceChanged.connect(self._slice_shown)
        self.list.sliceRequested.connect(viewing.go_to)
        self.list.currentChanged.connect(self.changed)
        self.store.notice.connect(self._notice.show_message)
        self.store.failed.connect(bugs.show)
        for told in (self.store.changed, self.store.selectedChanged, self.regions.changed):
            told.connect(self.changed)
        self.part.seenChanged.connect(self.changed)

    # Panes

    def attach(self, pane: PaneView) -> None:
        """Put the tools on a pane, if they are not on it yet."""
        if pane.image in self._panes:
            return
        made = PaneTools(pane.image, self.store, self.measurements, TOOLS, self._ask_words)
        made.refused.connect(lambda why: self._notice.show_message(why, "warning"))
        self.regions.attach(pane.image, made)
        made.use(self._tool)
        pane.image.toolChanged.connect(self._tool_changed)
        pane.image.drawn.connect(self._drawn.ask)
        pane.image.destroyed.connect(lambda: self._panes.pop(pane.image, None))
        self._panes[pane.image] = made

    def attach_reformats(self, mode: ReformatMode) -> None:
        """Put the tools on the reformats too, once these are made."""
        mode.made.connect(lambda: self._reach_planes(mode))
        mode.volumes.built.connect(lambda *_: self.list.refresh())
        self.list.planeRequested.connect(lambda annotation: self._go_to_plane(mode, annotation))

    def _reach_planes(self, mode: ReformatMode) -> None:
        from ichviewer.ui.app.reformat_tools import ReformatTools  # noqa: PLC0415 - with the reformats

        planes = self._planes = ReformatTools(
            mode, self.store, self.measurements, TOOLS, self._ask_words, parent=self
        )
        planes.refused.connect(lambda why: self._notice.show_message(why, "warning"))
        planes.toolChanged.connect(self._tool_changed)
        planes.changed.connect(self.changed)
        planes.changed.connect(self.list.refresh)
        planes.planeShown.connect(self.list.show_plane)
        self.list.plane_step_mm = planes.abc_step_mm
        self.regions.attach_reformats(mode, planes.all)
        for tools in planes.all:
            tools.use(self._tool)

    def _go_to_plane(self, mode: ReformatMode, annotation: Annotation) -> None:
        mode.make()
        if self._planes is not None:
            self._planes.go_to(annotation)

    @property
    def _all(self) -> tuple[PaneTools, ...]:
        return (*self._panes.values(), *(() if self._planes is None else self._planes.all))

    @property
    def _active(self) -> PaneTools:
        planes = None if self._planes is None else self._planes.active
        if planes is not None:
            return planes
        self.attach(self._viewing.active)
        return self._panes[self._viewing.active.image]

    def state(self) -> ToolState:
        """What decides which commands are possible."""
        history = self.store.history
        return ToolState(
            active=self._tool,
            undo=history.undoText(),
            redo=history.redoText(),
            selected=self._in_view is not None or self._paints_selected,
            key_image=self._key_image() is not None,
            listed=self.part.isVisible(),
            painted=bool(self.regions.store.regions),
            painted_hidden=self.regions.store.hidden,
        )

    @property
    def _in_view(self) -> Annotation | None:
        """What is selected, if a person sees it: the row of the list that the keyboard is on, else on an image."""
        selected, row = self.store.selected, self.list.current
        if row is not None:
            return row
        seen = selected is not None and any(tools.shows(selected) for tools in self._all)
        return selected if seen else None

    def close(self) -> None:
        """Save what is left, before the workers stop."""
        if not self.store.close():
            # The window has gone; that they cannot be saved was said on it before.
            log.warning("the last annotations were not saved")

    # Commands

    def use(self, tool: str) -> None:
        """Make a tool the active one, in all panes."""
        self._tool = tool
        for tools in self._all:
            tools.use(tool)
        if tool == VOLUME_TOOL:
            self.regions.begin()
        self.changed.emit()

    def undo(self) -> None:
        """Take the last change back."""
        self._leave()
        self.store.history.undo()

    def redo(self) -> None:
        """Do what was taken back again."""
        self._leave()
        self.store.history.redo()

    def delete(self) -> None:
        """Delete the annotation that is selected, or the region while the volume tool is active."""
        if self._paints_selected:
            self.regions.delete()
            return
        selected = self._in_view
        if selected is not None:
            self._active.leave()
            self.store.delete(selected)

    def copy_to_next(self) -> None:
        """Copy the annotation that is selected to the next slice, and go there."""
        if self._planes is not None and self._planes.active is not None:
            self._notice.show_message(
                tr("Copies go from one acquired slice to the next, not on reformats."), "info"
            )
            return
        selected, series = self.store.selected, self._viewing.series
        index = None if selected is None or series is None else slice_index(selected, series)
        surface = self._active.surface()
        if selected is None or series is None or surface is None or index != surface.index:
            self._notice.show_message(tr("Select something on this slice first."), "info")
            return
        if index + 1 >= len(series):
            self._notice.show_message(tr("This is the last slice."), "info")
            return
        places, pixels, info = surface.places(selected), self._session.cache, series.slices[index + 1]
        self._session.workers.run(
            lambda _: pixels.get(info),
            on_result=lambda decoded: self._copied(selected, places, series, index + 1, decoded),
            on_error=lambda error: self._not_copied(series, error),
            lane="measure",
        )

    def toggle_key_image(self) -> None:
        """Mark the slice in view as a key image, or not any more."""
        marked, surface = self._key_image(), self._active.surface()
        if marked is not None:
            self.store.delete(marked)
        elif surface is not None:
            self.store.add(surface.make(Kind.KEY_IMAGE, ()))

    def go_key_image(self, direction: int) -> None:
        """Move to the next (1) or the previous (-1) key image; from the last one on to the first."""
        series, here = self._viewing.series, self._viewing.index
        keys = [a for a in self.store.annotations.values() if a.kind is Kind.KEY_IMAGE]
        places = [] if series is None else [slice_index(a, series) for a in keys]
        found = sorted({i for i in places if i is not None}, reverse=direction < 0)
        if not found:
            self._notice.show_message(tr("No slice of this series is marked as a key image."), "info")
            return
        self._viewing.go_to(next((i for i in found if (i - here) * direction > 0), found[0]))

    def toggle_list(self) -> None:
        """Show the list, or not."""
        self._listed = not self.part.isVisible()
        self._show_list()

    def _show_list(self) -> None:
        if self._listed:
            self.part.open()
        else:
            self.part.close_part()

    def export(self, form: str) -> None:
        """Let the user choose where the annotations go."""
        self.exporting.ask(form)

    # Parts

    @property
    def _paints_selected(self) -> bool:
        """Whether the volume tool is active and a region is selected."""
        return self._tool == VOLUME_TOOL and self.regions.selected

    def _leave(self) -> None:
        """Leave what is half drawn."""
        self._active.leave()
        self.regions.leave()

    def _key_image(self) -> Annotation | None:
        surface = self._active.surface()
        if surface is None:
            return None
        found = self.store.of_slice(surface.info, surface.series, surface.decoded.pixel_hash)
        return next((a for a in found if a.kind is Kind.KEY_IMAGE and surface.is_of_pixels(a)), None)

    def _copied(
        self,
        original: Annotation,
        places: tuple[tuple[float, float], ...],
        series: Series,
        index: int,
        decoded: DecodedSlice,
    ) -> None:
        if self._viewing.series is not series or original.id not in self.store.annotations:
            return
        copy = Surface(series, index, decoded).make(original.kind, places, original.label)
        if isinstance(copy, Abc2):
            self._notice.show_message(tr("C has to be counted again for the copy."), "info")
        self.store.do(Step.add(copy, tr("copy to the next slice")))
        self.store.select(copy.id)
        self._viewing.go_to(index)

    def _not_copied(self, series: Series, error: BaseException) -> None:
        # It names a file, and nothing is said of those of a study that was closed meanwhile.
        if self._session.series(series.key) is not None:
            self._notice.show_message(
                tr("Nothing was copied. {error}").format(error=error_words(error)), "error"
            )

    def _ask_words(self, given: Callable[[str], None]) -> None:
        from ichviewer.ui.tools.words_dialog import WordsDialog  # noqa: PLC0415 - on first use

        dialog = WordsDialog(given, self._window)
        self._place.open(dialog)
        dialog.field.setFocus()

    def _tool_changed(self, tool: str) -> None:
        if tool != self._tool:
            self.use(tool)

    # What is open

    def _forget(self) -> None:
        for tools in self._all:
            tools.leave()
        self.list.show_series(None)
        self.measurements.clear()
        self.regions.forget()
        self.store.clear()
        self._kept_of = frozenset()
        self._listed = self._listed and self.part.is_open
        self.part.close_part()

    def _studies_closed(self, closed: Sequence[Series]) -> None:
        keys = {series.key for series in closed}
        for pane in self._viewing.panes:
            if pane.key in keys and pane.image in self._panes:
                self._panes[pane.image].leave()
        if self._viewing.key in keys:
            self.list.show_series(None)
        self.regions.close_series(closed)
        self.store.close_series(closed, self._session.catalog.series)
        self.measurements.keep(self.store.annotations)
        self.list.refresh()

    def _catalog_changed(self, catalog: Catalog, complete: bool) -> None:
        keys = frozenset(series.key for series in catalog.series)
        if complete or (self._session.arriving and keys != self._kept_of):
            # Of a study that arrives, with each series that begins: it may have been annotated before.
            self._kept_of = keys
            self.store.open(catalog.series)
        if complete:
            if self._session.stands_alone:
                self._show_list()
            if self._tool == VOLUME_TOOL:
                self.regions.show_panel()

    def _series_shown(self, series: Series | None) -> None:
        self.list.show_series(series)

    def _slice_shown(self, index: int) -> None:
        self.list.show_slice(index)
