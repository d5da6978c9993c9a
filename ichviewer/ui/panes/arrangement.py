"""Which panes are shown and how they lie: keeps the grid, what the panes show, and their links together."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal

from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.browser.series_drag import series_of
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import patient_name, series_title
from ichviewer.ui.panes.layouts import LAYOUTS, THREE_BESIDE, TWO_BESIDE, PaneLayout
from ichviewer.ui.panes.links import LinkSettings
from ichviewer.ui.panes.pane_grid import PaneFrame, PaneGrid
from ichviewer.ui.panes.pane_links import LinkMemory, PaneLinks
from ichviewer.ui.panes.pane_view import PaneMemory, PaneView
from ichviewer.ui.panes.prior import prior_of
from ichviewer.ui.panes.reference_lines import ReferenceLines
from ichviewer.ui.panes.three_windows import three_windows
from ichviewer.ui.panes.viewing import Viewing
from ichviewer.ui.session.session import Session


@dataclass(frozen=True)
class _Before:
    """How the window was before the three windows."""

    layout: PaneLayout
    only: int | None
    active: int
    panes: tuple[PaneMemory, ...]
    links: LinkMemory


class Arrangement(QObject):
    """Shows panes in layouts. Panes that have no cell wait, hidden, with their series and slice.

    Parameters
    ----------
    grid : PaneGrid
        Its first pane is the first of ``viewing``.
    viewing : Viewing
    session : Session
    parent : QObject

    Signals
    -------
    opened(PaneView)
        Another pane is there.
    arranging()
        The panes are about to be laid out: what stands in their place has to go.
    changed()
        Layout, links or what a pane shows has changed.
    """

    opened = Signal(object)
    arranging = Signal()
    changed = Signal()

    def __init__(self, grid: PaneGrid, viewing: Viewing, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._viewing = viewing
        self._session = session
        self._before: _Before | None = None
        self.links = PaneLinks(self.shown, self)
        self.links.changed.connect(self._write)
        self.lines = ReferenceLines(self.shown, lambda: viewing.active, self)
        grid.made.connect(self._open)
        viewing.activeChanged.connect(lambda _: self._write())
        self._take_in(grid.frames[0], viewing.panes[0])

    # What there is

    @property
    def layout(self) -> PaneLayout:
        """How the panes lie."""
        return self._grid.layout_in_use

    @property
    def shows_only_one(self) -> bool:
        """Whether one pane of several is shown alone."""
        return self._grid.only is not None

    @property
    def shows_three_windows(self) -> bool:
        """Whether brain, subdural and bone window stand side by side."""
        return self._before is not None

    def shown(self) -> tuple[PaneView, ...]:
        """The panes on screen, in the order of the cells."""
        frames = self._grid.shown()
        return tuple(pane for frame, pane in self._pairs() if frame in frames)

    # Layouts

    def use_layout(self, layout_id: str) -> None:
        """Show the panes in another layout."""
        self._leave_three_windows()
        self._arrange(LAYOUTS[layout_id])

    def toggle_only(self, pane: PaneView | None = None) -> None:
        """Show a pane alone (the active one unless told), or all of the layout again."""
        if self._grid.only is not None:
            self._arrange(self.layout)
        elif len(self.layout) > 1:
            alone = pane or self._viewing.active
            self._viewing.activate(alone)
            self._arrange(self.layout, self._frame(alone))

    def go(self, step: int) -> None:
        """Work with the next pane (1) or the one before (-1); from the last one on to the first."""
        shown = self.shown()
        at = shown.index(self._viewing.active)
        shown[(at + step) % len(shown)].image.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._viewing.activate(shown[(at + step) % len(shown)])

    def empty(self) -> None:
        """Forget what was open: no pane shows anything, the first one is active and on screen."""
        settings = self.links.settings if self._before is None else self._before.links.settings
        layout = self.layout if self._before is None else self._before.layout
        self._before = None
        self._viewing.clear()
        self.links.restore(LinkMemory(settings))
        self._viewing.activate(self._viewing.panes[0])
        self._arrange(layout, focus=False)

    def close_series(self, keys: Container[SeriesKey]) -> None:
        """Show nothing of some series any more; panes that show others stay as they are."""
        if self._before is not None:
            panes = tuple(m if m.key not in keys else replace(m, key=None) for m in self._before.panes)
            self._before = replace(self._before, panes=panes)
            if all(pane.key in keys for pane in self.shown()):
                self._leave_three_windows()
        closed = [pane for pane in self._viewing.panes if pane.key in keys]
        for pane in closed:
            pane.clear()
        self.links.forget(closed)
        self.say_vacant()
        self._write()

    def patients_shown(self) -> set[tuple[str, str]]:
        """Whose images the panes on screen show, by id and name."""
        series = [pane.series for pane in self.shown() if pane.series is not None]
        return {(one.patient.id, one.patient.name) for one in series}

    # Links

    def toggle_link(self, name: str) -> None:
        """Let linked panes do one more thing together (``scroll``, ``window`` or ``zoom``), or not."""
        self.links.use(self.links.settings.toggled(name), self._viewing.active)

    def toggle_active_link(self) -> None:
        """Let the active pane take part in the links, or not."""
        self.links.toggle(self._viewing.active)

    def toggle_fixed_link(self) -> None:
        """Keep the distance between the slices in view, or go by their positions again."""
        self.links.toggle_fixed()

    # Series

    def show_series(self, pane: PaneView, series: Series) -> None:
        """Show a series in a pane, at the position of the panes that it is linked with."""
        pane.moved = True
        pane.show_series(series)
        self.links.align(pane)

    def drop(self, pane: PaneView, token: bytes) -> None:
        """Show the series that was dragged into a pane, if it is open."""
        series = series_of(token, self._session.catalog.series)
        if series is not None:
            self._viewing.activate(pane)
            self.show_series(pane, series)
            pane.image.setFocus()

    def say_vacant(self) -> None:
        """Say in panes without a series how one comes there, where there are series; nothing where there are none."""
        for pane in self._viewing.panes:
            if pane.series is None and self._session.is_open:
                words = tr("Drag a series from the list here, or click it while this pane is the active one.")
                pane.image.show_message(tr("No series"), words, "vacant")

    def show_prior(self) -> None:
        """Show the patient's newest earlier study beside the series in view, among the studies that are open."""
        current = self._viewing.series
        if current is None:
            return
        found = prior_of(
            current, self._session.catalog.series, lambda series: self._session.refusal(series) is None
        )
        if found is None:
            self._viewing.notice.emit(tr("No earlier study of this patient is open that fits this series."))
            return
        index = self._viewing.index
        self.use_layout(TWO_BESIDE.id)
        left, right = self.shown()
        if left.series is not current:
            left.show_series(current, index)
            left.moved = True
        self._viewing.activate(left)
        self.show_series(right, found)
        self._focus()

    # Three windows

    def toggle_three_windows(self) -> None:
        """Show the slice in view through three windows side by side, or go back to what was there."""
        if self._before is not None:
            self._leave_three_windows()
            return
        active = self._viewing.active
        series, index = active.series, active.index
        if series is None:
            return
        panes = self._viewing.panes
        self._before = _Before(
            self.layout,
            None if self._grid.only is None else self._grid.frames.index(self._grid.only),
            panes.index(active),
            tuple(pane.memory() for pane in panes[: len(THREE_BESIDE)]),
            self.links.memory(),
        )
        way = active.image.state
        self._arrange(THREE_BESIDE)
        self._viewing.activate(self._viewing.panes[0])
        self.links.restore(LinkMemory(LinkSettings(scroll=True, window=False, zoom=True)))
        for pane, window in zip(self.shown(), three_windows(self._viewing.presets), strict=True):
            if pane.series is not series:
                pane.show_series(series, index)
            else:
                pane.follow(index)
            pane.moved = True
            pane.image.take(way)
            pane.use_window(window.voi, window.name)
        self._focus()
        self._write()

    def _leave_three_windows(self) -> None:
        before, self._before = self._before, None
        if before is None:
            return
        only = None if before.only is None else self._grid.frames[before.only]
        self._arrange(before.layout, only)
        panes = self._viewing.panes
        for pane, memory in zip(panes, before.panes, strict=False):
            pane.restore(memory)
        for pane in panes[len(before.panes) : len(THREE_BESIDE)]:
            pane.clear()
        self._viewing.activate(panes[before.active])
        self.links.restore(before.links)
        self.say_vacant()
        self._focus()

    # Parts

    def _pairs(self) -> list[tuple[PaneFrame, PaneView]]:
        return list(zip(self._grid.frames, self._viewing.panes, strict=False))

    def _frame(self, pane: PaneView) -> PaneFrame:
        return next(frame for frame, other in self._pairs() if other is pane)

    def _open(self, frame: PaneFrame) -> None:
        pane = self._viewing.open_pane(frame.image)
        frame.image.close_series()
        self._take_in(frame, pane)
        self.opened.emit(pane)

    def _take_in(self, frame: PaneFrame, pane: PaneView) -> None:
        self.links.add(pane)
        self.lines.add(pane)
        frame.doubleClicked.connect(lambda: self.toggle_only(pane))
        frame.seriesDropped.connect(lambda token: self.drop(pane, token))
        for told in (pane.seriesChanged, pane.seriesGrew):
            told.connect(lambda _: self._write())

    def _arrange(self, layout: PaneLayout, only: PaneFrame | None = None, *, focus: bool = True) -> None:
        self.arranging.emit()
        self._grid.arrange(layout, only)
        shown = self.shown()
        for pane in self._viewing.panes:
            pane.set_shown(pane in shown)
        if self._viewing.active not in shown:
            self._viewing.activate(shown[0])
        self.say_vacant()
        if focus:
            self._focus()
        self._write()

    def _focus(self) -> None:
        if self._session.is_open:
            self._viewing.active.image.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        """Say in titles and empty panes what is in them."""
        shown = self.shown()
        several = len(self.patients_shown()) > 1
        for number, (frame, pane) in enumerate(self._pairs(), 1):
            words = tr("No series") if pane.series is None else _title(pane.series, with_patient=several)
            frame.set_words(words, self.links.note(pane) if pane in shown else "")
            frame.set_active(pane is self._viewing.active)
            pane.image.setAccessibleName(
                tr("Image, pane {number} of {layout}").format(number=number, layout=len(self.layout))
                if len(shown) > 1
                else tr("Image")
            )
        self.lines.refresh()
        self.changed.emit()


def _title(series: Series, *, with_patient: bool) -> str:
    """What stands above a pane; whose images they are comes first where another patient stands beside."""
    title = series_title(series)
    return f"{patient_name(series.patient)} – {title}" if with_patient else title
