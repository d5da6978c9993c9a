"""The series in view: which slice, through which window. Keeps image, strip and findings together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import IchViewerError
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.words import voi_numbers
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.session.findings_state import FindingsView, OnScreen
from ichviewer.ui.session.series_work import UNDER_WAY
from ichviewer.ui.session.session import Session

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice
    from ichviewer.services.windows import Preset


_BRAIN = Window(40, 80, name="Brain")
"""For images without a window of their own, where a person's presets all ask for that one."""

NO_PRESET = -1
"""Stands for a window that is no preset."""


class Viewing(QObject):
    """Moves through one series.

    Signals
    -------
    doubtsChanged(tuple of str)
        Why the series in view lies outside what the model knows, a line for each reason; none where it does not.
    seriesChanged(Series or None)
    sliceChanged(int)
    presetChanged(int, str)
        Place of the preset in use among the presets (`NO_PRESET`: none, the window was made by hand), and its center
        and width in words.
    notice(str)
        Why something that was asked for could not be done.
    invertedChanged(bool)
        Whether black and white are swapped.
    """

    doubtsChanged = Signal(object)
    seriesChanged = Signal(object)
    sliceChanged = Signal(int)
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
    ) -> None:
        super().__init__()
        self._session = session
        self._image = image
        self._strip = strip
        self._findings = findings
        self._presets = tuple(presets)
        self.series: Series | None = None
        self.index = 0
        self.moved = False
        """Whether the reader has chosen a slice."""
        self._preset = self._presets[0]
        self._own = 0
        self._chosen = False  # whether the reader chose the preset for the series in view
        self._shown: tuple[SeriesKey, int] | None = None
        self._view: FindingsView | None = None
        self._doubts: tuple[str, ...] = ()
        image.sliceStepRequested.connect(self.step)
        image.voiChanged.connect(self._window_by_hand)
        image.invertedChanged.connect(self.invertedChanged)
        strip.sliceRequested.connect(self.go_to)
        findings.sliceRequested.connect(self.go_to)
        session.pixels.loaded.connect(self._loaded)
        session.pixels.failed.connect(self._not_loaded)
        session.findings.changed.connect(self._findings_changed)
        session.findings.judgingChanged.connect(self._tell_doubts)

    @property
    def key(self) -> SeriesKey | None:
        """The series in view."""
        return None if self.series is None else self.series.key

    @property
    def shown(self) -> int | None:
        """Index of the slice whose picture is on screen, None while it is on its way."""
        return self._shown[1] if self._shown is not None and self._shown[0] == self.key else None

    def clear(self) -> None:
        """Show no series."""
        self.series, self.index, self.moved, self._shown = None, 0, False, None
        self._view = None
        self._session.findings.hide(self)
        self._strip.show_series(None)
        self._findings.show_series(None)
        self._tell_doubts()
        self.seriesChanged.emit(None)

    def show_series(self, series: Series, index: int | None = None) -> None:
        """Show a series, at its middle unless told."""
        self._chosen = self._chosen and self.key == series.key
        self.series, self._view = series, self._session.findings.view(series)
        self._shown = None
        self._session.findings.hide(self)
        self._session.analysis.prefer(series.key)
        self._image.show_series(series)
        self._strip.show_series(series)
        self._findings.show_series(series)
        self._tell_doubts()
        self.seriesChanged.emit(series)
        self._go(len(series) // 2 if index is None else index)

    def replace_series(self, series: Series) -> None:
        """Show the same series with more slices, at the slice in view, or at the middle if nobody moved yet."""
        old = self.series
        if old is None or old.key != series.key:
            self.show_series(series)
            return
        if series is old:
            return
        in_view = old.slices[self.index]
        index = next((i for i, info in enumerate(series.slices) if info.source == in_view.source), 0)
        self.show_series(series, index if self.moved else None)

    def step(self, steps: int) -> None:
        """Move by a number of slices."""
        self.go_to(self.index + steps)

    def go_to(self, index: int) -> None:
        """Move to a slice; past the ends means the end."""
        self.moved = True
        self._go(index)

    def go_first(self) -> None:
        """Move to the first slice."""
        self.go_to(0)

    def go_last(self) -> None:
        """Move to the last slice."""
        if self.series is not None:
            self.go_to(len(self.series) - 1)

    def flagged(self) -> list[int]:
        """Indices of the flagged slices of the series in view."""
        return [] if self._view is None else self._view.flagged()

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
        findings = None if self._view is None else self._view.findings()
        found = None if findings is None else findings.strongest(Hemorrhage.ANY)
        return None if found is None else found[1]

    def go_most_suspicious(self) -> None:
        """Move to the slice with the highest probability of any hemorrhage."""
        index = self.most_suspicious()
        if index is None:
            self.notice.emit("No slice of this series has been analyzed.")
        else:
            self.go_to(index)

    def use_preset(self, place: int) -> None:
        """Use the preset at a place among the presets; the file's own again means the next of the file's windows."""
        preset = self._presets[place]
        if preset.voi is None:
            own = self._own_windows()
            if not own:
                self.notice.emit("This image brings no window of its own.")
                self._announce()
                return
            self._own = (self._own + 1) % len(own) if self._preset is preset else 0
        self._preset = preset
        self._chosen = True
        self._apply_window()

    def toggle_inverted(self) -> None:
        """Swap black and white."""
        self._image.toggle_inverted()

    def reset(self) -> None:
        """Go back to the whole image, not inverted, and the preset's own window."""
        self._image.reset()
        self._announce()

    def reload(self) -> None:
        """Read the slice in view again; its picture stays until then, unless a finding comes that does not fit it."""
        self._session.findings.reload(self)
        self._go(self.index)

    def _go(self, index: int) -> None:
        series = self.series
        if series is None:
            return
        index = min(max(index, 0), len(series) - 1)
        direction = 1 if index >= self.index else -1
        self.index = index
        self._strip.set_current(index)
        self._findings.set_current(index)
        info = series.slices[index]
        decoded = self._session.pixels.ready(info)
        failure = self._session.pixels.failure(info)
        if decoded is not None:
            self._draw(decoded)
        elif failure is not None:
            self._draw_failure(failure)
        else:
            self._image.expect_slice(index)
        self._session.pixels.ask(series, index, direction)
        self.sliceChanged.emit(index)

    def _draw(self, decoded: DecodedSlice) -> None:
        assert self.series is not None
        first = self._shown is None
        self._shown = (self.series.key, self.index)
        self._session.findings.show(self, OnScreen(*self._shown, decoded.pixel_hash))
        if first or self._preset.voi is None:
            self._apply_window(decoded)
        self._image.show_slice(self.index, decoded)

    def _draw_failure(self, error: IchViewerError) -> None:
        assert self.series is not None
        self._shown = (self.series.key, self.index)
        self._session.findings.show(self, OnScreen(*self._shown, ""))
        self._image.show_message("This slice cannot be shown", str(error), "error")

    def _loaded(self, info: SliceInfo, decoded: DecodedSlice) -> None:
        if self._in_view(info):
            self._draw(decoded)

    def _not_loaded(self, info: SliceInfo, error: IchViewerError) -> None:
        if self._in_view(info):
            self._draw_failure(error)

    def _in_view(self, info: SliceInfo) -> bool:
        return self.series is not None and self.series.slices[self.index] is info

    def _own_windows(self) -> tuple[Voi, ...]:
        return () if self.series is None else self.series.slices[self.index].vois

    def _apply_window(self, decoded: DecodedSlice | None = None) -> None:
        own = self._own_windows()
        voi: Voi | None = self._preset.voi
        name = self._preset.name
        if voi is None and own:
            voi = own[self._own % len(own)]
            name = voi.name or name
        elif not self._chosen and not self._in_hu():
            voi, name = (own[0], own[0].name) if own else (_whole_range(decoded), "")
            name = name or ("From file" if own else "Full range")
        if voi is None:
            with_window = ((p.voi, p.name) for p in self._presets if p.voi is not None)
            voi, name = next(with_window, (_BRAIN, _BRAIN.name))
        self._image.set_voi(voi, name)
        self._announce()

    def _in_hu(self) -> bool:
        """Whether windows made for HU fit the images: what is analysed has HU, pictures of other things may not."""
        return self.series is None or self._session.refusal(self.series) is None

    def _announce(self) -> None:
        used = self._presets.index(self._preset) if self._chosen or self._in_hu() else NO_PRESET
        self.presetChanged.emit(used, voi_numbers(self._image.voi()))

    def _window_by_hand(self, voi: object) -> None:
        if isinstance(voi, Window):
            self.presetChanged.emit(NO_PRESET, voi_numbers(voi))

    def _findings_changed(self, changed: Mapping[SeriesKey, frozenset[int]]) -> None:
        if self.key not in changed:
            return
        if self._session.findings.outdated(self):
            # The picture is being read again, and what was found in the new one came first.
            self._session.findings.hide(self)
            self._image.show_message("Reading", "The file has changed.", "loading")
        if self._view is not None and self._view.doubts() != self._doubts:
            self._tell_doubts()

    def _tell_doubts(self) -> None:
        self._doubts = () if self._view is None else self._view.doubts()
        self.doubtsChanged.emit(self._doubts)

    def _nothing_flagged(self) -> str:
        if self._view is None or not self._view.slices:
            return "This series has not been analyzed."
        if self._view.state in UNDER_WAY:
            return "No slice is flagged so far; the analysis is still running."
        return "No slice of this series is flagged. That does not rule out a hemorrhage."


def _whole_range(decoded: DecodedSlice | None) -> Window | None:
    found = None if decoded is None else decoded.image.hu_range()
    if found is None:
        return None
    low, high = found
    return Window((low + high) / 2, max(1.0, high - low))
