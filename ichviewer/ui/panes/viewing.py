"""What the window shows: its panes, which one is active, and the way from finding to finding in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.pane_view import PaneView
from ichviewer.ui.panes.word_detail import WordDetail
from ichviewer.ui.session.mouse_map import MouseMap
from ichviewer.ui.session.series_work import UNDER_WAY
from ichviewer.ui.session.session import Session

if TYPE_CHECKING:
    from ichviewer.services.windows import Preset


class Viewing(QObject):
    """Keeps strip and findings with the active pane; what is asked for is asked of that pane.

    Parameters
    ----------
    session : Session
    image : ImagePane
        The first pane, active until another one is.
    strip, findings : SliceStrip, FindingsPanel
        Show the series of the active pane.
    presets : sequence of Preset
    start : int
        Place of the preset that a series is first shown with.

    Signals
    -------
    activeChanged(PaneView)
        Another pane is active.
    seriesChanged, seriesGrew, sliceChanged, doubtsChanged, presetChanged, notice, invertedChanged
        Those of the active pane (see `PaneView`), told once more when another pane becomes active.
    """

    activeChanged = Signal(object)
    seriesChanged = Signal(object)
    seriesGrew = Signal(object)
    sliceChanged = Signal(int)
    doubtsChanged = Signal(object)
    presetChanged = Signal(int, str)
    notice = Signal(str)
    invertedChanged = Signal(bool)

    def __init__(
        self,
        session: Session,
        image: ImagePane,
        strip: SliceStrip,
        findings: FindingsPanel,
        presets: Sequence[Preset],
        *,
        start: int = 0,
    ) -> None:
        super().__init__()
        self._session = session
        self._strip = strip
        self._findings = findings
        self._presets = tuple(presets)
        self._start = start
        self._mouse = MouseMap()
        self._detail = WordDetail.ALL
        self._panes: list[PaneView] = []
        self._active = self.open_pane(image)
        self._listen()
        strip.sliceRequested.connect(self.go_to)
        findings.sliceRequested.connect(self.go_to)

    # Panes

    @property
    def panes(self) -> tuple[PaneView, ...]:
        """All panes, in the order in which they were opened."""
        return tuple(self._panes)

    @property
    def active(self) -> PaneView:
        """The pane that somebody works with."""
        return self._active

    def open_pane(self, image: ImagePane) -> PaneView:
        """Show series in another image, too; it becomes active when somebody works with it."""
        pane = PaneView(self._session, image, self._presets, self, start=self._start)
        image.interaction.set_mouse(self._mouse)
        image.set_detail(self._detail)
        image.activated.connect(lambda: self.activate(pane))
        # Whose slices are turned over is worked with, or strip and findings would tell of another pane.
        image.sliceStepRequested.connect(lambda _: self.activate(pane))
        self._panes.append(pane)
        return pane

    def activate(self, pane: PaneView) -> None:
        """Work with this pane."""
        if pane is self._active or pane not in self._panes:
            return
        for told, tell in self._told():
            told.disconnect(tell)
        self._active = pane
        self._listen()
        pane.activate()
        self.activeChanged.emit(pane)
        pane.tell()

    # The active pane

    @property
    def series(self) -> Series | None:
        """The series in view."""
        return self._active.series

    @property
    def key(self) -> SeriesKey | None:
        """The key of the series in view."""
        return self._active.key

    @property
    def index(self) -> int:
        """Index of the slice that was asked for last."""
        return self._active.index

    @property
    def shown(self) -> int | None:
        """Index of the slice whose picture is on screen, None while it is on its way."""
        return self._active.shown

    @property
    def moved(self) -> bool:
        """Whether the reader has chosen a slice."""
        return self._active.moved

    @moved.setter
    def moved(self, moved: bool) -> None:
        self._active.moved = moved

    def show_series(self, series: Series, index: int | None = None) -> None:
        """Show a series, at its middle unless told."""
        self._active.show_series(series, index)

    def step(self, steps: int) -> None:
        """Move by a number of slices."""
        self._active.step(steps)

    def go_to(self, index: int) -> None:
        """Move to a slice; past the ends means the end."""
        self._active.go_to(index)

    def go_first(self) -> None:
        """Move to the first slice."""
        self._active.go_first()

    def go_last(self) -> None:
        """Move to the last slice."""
        self._active.go_last()

    def use_preset(self, place: int) -> None:
        """Use the preset at a place among the presets; the file's own again means the next of the file's windows."""
        self._active.use_preset(place)

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The windows on offer, in order."""
        return self._presets

    def set_presets(self, presets: Sequence[Preset], start: int = 0) -> None:
        """Offer other presets in all panes (see `PaneView.set_presets`)."""
        self._presets, self._start = tuple(presets), start
        for pane in self._panes:
            pane.set_presets(presets, start)

    def set_mouse(self, mouse: MouseMap) -> None:
        """Let the mouse do other things over all images."""
        self._mouse = mouse
        for pane in self._panes:
            pane.image.interaction.set_mouse(mouse)

    @property
    def detail(self) -> WordDetail:
        """How much is written on the images."""
        return self._detail

    def set_detail(self, detail: WordDetail) -> None:
        """Write more or less on all images."""
        self._detail = detail
        for pane in self._panes:
            pane.image.set_detail(detail)

    def toggle_inverted(self) -> None:
        """Swap black and white."""
        self._active.toggle_inverted()

    def reset(self) -> None:
        """Go back to the whole image as stored, not inverted, and the preset's own window."""
        self._active.reset()

    # From finding to finding

    def flagged(self) -> list[int]:
        """Indices of the flagged slices of the series in view."""
        view = self._active.view
        return [] if view is None else view.flagged()

    def go_flagged(self, direction: int) -> None:
        """Move to the next (1) or the previous (-1) flagged slice; from the last one on to the first."""
        flagged = self.flagged()
        if not flagged:
            self.notice.emit(self._nothing_flagged())
            return
        ordered = flagged if direction > 0 else flagged[::-1]
        self.go_to(next((i for i in ordered if (i - self.index) * direction > 0), ordered[0]))

    def most_suspicious(self) -> int | None:
        """The slice with the highest probability of any hemorrhage, None if none was analysed."""
        view = self._active.view
        findings = None if view is None else view.findings()
        found = None if findings is None else findings.strongest(Hemorrhage.ANY)
        return None if found is None else found[1]

    def go_most_suspicious(self) -> None:
        """Move to the slice with the highest probability of any hemorrhage."""
        index = self.most_suspicious()
        if index is None:
            self.notice.emit(tr("No slice of this series has been analyzed."))
        else:
            self.go_to(index)

    def _nothing_flagged(self) -> str:
        view = self._active.view
        if view is None or not view.slices:
            return tr("This series has not been analyzed.")
        if view.state in UNDER_WAY:
            return tr("No slice is flagged so far; the analysis is still running.")
        return tr("No slice of this series is flagged. That does not rule out a hemorrhage.")

    # All panes

    def clear(self) -> None:
        """Show no series anywhere."""
        for pane in self._panes:
            pane.clear()

    def replace_series(self, series: Series) -> None:
        """Show a series with more slices in the active pane, and newer readings of theirs in the others."""
        self._active.replace_series(series)
        self.renew()

    def renew(self) -> None:
        """Show newer readings of their series in the panes that are not active; what is not open any more goes."""
        for pane in self._panes:
            if pane.key is None or pane is self._active:
                continue
            newer = self._session.series(pane.key)
            if newer is None:
                pane.clear()
            else:
                pane.replace_series(newer)

    def reload(self) -> None:
        """Read the slices in view again."""
        for pane in self._panes:
            pane.reload()

    # What the active pane tells

    def _told(self) -> tuple[tuple[SignalInstance, Callable[..., object] | SignalInstance], ...]:
        pane = self._active
        return (
            (pane.seriesChanged, self._series_shown),
            (pane.seriesGrew, self._series_grew),
            (pane.sliceChanged, self._slice_shown),
            (pane.doubtsChanged, self.doubtsChanged),
            (pane.presetChanged, self.presetChanged),
            (pane.notice, self.notice),
            (pane.invertedChanged, self.invertedChanged),
        )

    def _listen(self) -> None:
        for told, tell in self._told():
            told.connect(tell)

    def _series_shown(self, series: Series | None) -> None:
        self._follow_series(series)
        self.seriesChanged.emit(series)

    def _series_grew(self, series: Series) -> None:
        self._follow_series(series)
        self.seriesGrew.emit(series)

    def _follow_series(self, series: Series | None) -> None:
        if series is not None:
            self._session.analysis.prefer(series.key)
        self._strip.show_series(series)
        self._findings.show_series(series)

    def _slice_shown(self, index: int) -> None:
        self._strip.set_current(index)
        self._findings.set_current(index)
        self.sliceChanged.emit(index)
