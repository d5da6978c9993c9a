"""What one pane shows: a slice of a series through a window, its pixels, and that the findings beside them fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.words import voi_numbers
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.preset_choice import (
    NO_PRESET,
    ImageWindows,
    PresetChoice,
    preset_in_use,
    window_for,
)
from ichviewer.ui.session.findings_state import FindingsView, OnScreen
from ichviewer.ui.session.session import Session

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice
    from ichviewer.services.windows import Preset


class PaneView(QObject):
    """Moves one pane through one series. There can be many, on one session.

    Parameters
    ----------
    session : Session
    image : ImagePane
        Reads the session's findings by itself.
    presets : sequence of Preset
    parent : QObject, optional
    start : int
        Place of the preset that a series is first shown with.

    Signals
    -------
    seriesChanged(Series or None)
    sliceChanged(int)
    doubtsChanged(tuple of str)
        Why the series lies outside what the model knows, a line for each reason; none where it does not.
    presetChanged(int, str)
        Place of the preset in use among the presets (`NO_PRESET`: none, the window was made by hand), and its center
        and width in words.
    notice(str)
        Why something that was asked for could not be done.
    invertedChanged(bool)
        Whether black and white are swapped.
    """

    seriesChanged = Signal(object)
    sliceChanged = Signal(int)
    doubtsChanged = Signal(object)
    presetChanged = Signal(int, str)
    notice = Signal(str)
    invertedChanged = Signal(bool)

    def __init__(
        self,
        session: Session,
        image: ImagePane,
        presets: Sequence[Preset],
        parent: QObject | None = None,
        *,
        start: int = 0,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._presets = tuple(presets)
        self._queue = session.pixels.queue()
        self._choice = PresetChoice(start)
        self._doubts: tuple[str, ...] = ()
        self._shown: tuple[SeriesKey, int] | None = None
        self.image = image
        self.series: Series | None = None
        self.view: FindingsView | None = None
        """What is known of the series."""
        self.moved = False
        """Whether the reader has chosen a slice."""
        image.sliceStepRequested.connect(self.step)
        image.voiChanged.connect(self._window_by_hand)
        image.invertedChanged.connect(self.invertedChanged)
        session.pixels.loaded.connect(self._loaded)
        session.pixels.failed.connect(self._not_loaded)
        session.findings.changed.connect(self._findings_changed)
        session.findings.judgingChanged.connect(self._tell_doubts)

    @property
    def key(self) -> SeriesKey | None:
        """The series in view."""
        return None if self.series is None else self.series.key

    @property
    def index(self) -> int:
        """Index of the slice that was asked for last."""
        return self.image.state.index

    @property
    def shown(self) -> int | None:
        """Index of the slice whose picture is on screen, None while it is on its way."""
        return self._shown[1] if self._shown is not None and self._shown[0] == self.key else None

    # Which series

    def clear(self) -> None:
        """Show no series."""
        self.series, self.view, self.moved, self._shown = None, None, False, None
        self._session.findings.hide(self)
        self.image.close_series()
        self._tell_doubts()
        self.seriesChanged.emit(None)

    def close(self) -> None:
        """The pane is gone: nothing is loaded for it any more, and it is told of nothing."""
        self._session.findings.hide(self)
        self._queue.close()
        for told, slot in (
            (self._session.pixels.loaded, self._loaded),
            (self._session.pixels.failed, self._not_loaded),
            (self._session.findings.changed, self._findings_changed),
            (self._session.findings.judgingChanged, self._tell_doubts),
            (self.image.sliceStepRequested, self.step),
            (self.image.voiChanged, self._window_by_hand),
            (self.image.invertedChanged, self.invertedChanged),
        ):
            told.disconnect(slot)
        self.series, self.view, self._shown = None, None, None
        self.image.close_series()

    def activate(self) -> None:
        """Somebody works with this pane: its slices are loaded first."""
        self._queue.activate()

    def tell(self) -> None:
        """Send everything that this pane tells of itself once more, for who begins to listen."""
        self.seriesChanged.emit(self.series)
        self.doubtsChanged.emit(self._doubts)
        self.invertedChanged.emit(self.image.inverted())
        if self.series is None:
            self.presetChanged.emit(NO_PRESET, "")
        else:
            self._announce()
            self.sliceChanged.emit(self.index)

    def show_series(self, series: Series, index: int | None = None) -> None:
        """Show a series, at its middle unless told."""
        self._choice = self._choice.kept(same_series=self.key == series.key)
        self.series, self.view, self._shown = series, self._session.findings.view(series), None
        self._session.findings.hide(self)
        self.image.show_series(series)
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

    # Which slice

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

    def reload(self) -> None:
        """Read the slice in view again; its picture stays until then, unless a finding comes that does not fit it."""
        self._session.findings.reload(self)
        self._go(self.index)

    # Through which window

    def use_preset(self, place: int) -> None:
        """Use the preset at a place among the presets; the file's own again means the next of the file's windows."""
        own = len(self._own_windows) if self._presets[place].voi is None else 0
        if self._presets[place].voi is None and not own:
            self.notice.emit("This image brings no window of its own.")
            self._announce()
            return
        self._choice = self._choice.chose(place, own)
        self._apply_window()

    def set_presets(self, presets: Sequence[Preset], start: int = 0) -> None:
        """Offer other presets, at least one; a series stays with the one chosen for it, else it gets the start's."""
        self._choice = self._choice.among(self._presets, presets, start)
        self._presets = tuple(presets)
        if self.series is not None:
            self._apply_window(self._session.pixels.ready(self.series.slices[self.index]))

    def toggle_inverted(self) -> None:
        """Swap black and white."""
        self.image.toggle_inverted()

    def reset(self) -> None:
        """Go back to the whole image as stored, not inverted, and the preset's own window."""
        self.image.reset()
        self._announce()

    # Pixels

    def _go(self, index: int) -> None:
        series = self.series
        if series is None:
            return
        before = self.index
        self.image.choose_slice(index)
        info = series.slices[self.index]
        decoded = self._session.pixels.ready(info)
        failure = self._session.pixels.failure(info)
        if decoded is not None:
            self._draw(decoded)
        elif failure is not None:
            self._draw_failure(failure)
        else:
            self.image.expect_slice()
        self._queue.ask(series, self.index, 1 if self.index >= before else -1)
        self.sliceChanged.emit(self.index)

    def _draw(self, decoded: DecodedSlice) -> None:
        assert self.series is not None
        first = self._shown is None
        self._shown = (self.series.key, self.index)
        self._session.findings.show(self, OnScreen(*self._shown, decoded.pixel_hash))
        if first or self._presets[self._choice.place].voi is None:
            self._apply_window(decoded)
        self.image.show_slice(self.index, decoded)

    def _draw_failure(self, error: IchViewerError) -> None:
        assert self.series is not None
        self._shown = (self.series.key, self.index)
        self._session.findings.show(self, OnScreen(*self._shown, ""))
        self.image.show_message("This slice cannot be shown", str(error), "error")

    def _loaded(self, info: SliceInfo, decoded: DecodedSlice) -> None:
        if self._in_view(info):
            self._draw(decoded)

    def _not_loaded(self, info: SliceInfo, error: IchViewerError) -> None:
        if self._in_view(info):
            self._draw_failure(error)

    def _in_view(self, info: SliceInfo) -> bool:
        return self.series is not None and self.series.slices[self.index] is info

    # Windows

    @property
    def _own_windows(self) -> tuple[Voi, ...]:
        return () if self.series is None else self.series.slices[self.index].vois

    def _windows(self, decoded: DecodedSlice | None = None) -> ImageWindows:
        # What is analysed has HU, pictures of other things may not.
        in_hu = self.series is None or self._session.refusal(self.series) is None
        return ImageWindows(self._own_windows, in_hu, None if decoded is None else decoded.image.hu_range())

    def _apply_window(self, decoded: DecodedSlice | None = None) -> None:
        window = window_for(self._choice, self._presets, self._windows(decoded))
        self.image.set_voi(window.voi, window.name)
        self._announce()

    def _announce(self) -> None:
        self.presetChanged.emit(preset_in_use(self._choice, self._windows()), voi_numbers(self.image.voi()))

    def _window_by_hand(self, voi: object) -> None:
        if isinstance(voi, Window):
            self.presetChanged.emit(NO_PRESET, voi_numbers(voi))

    # Findings

    def _findings_changed(self, changed: Mapping[SeriesKey, frozenset[int]]) -> None:
        if self.key not in changed:
            return
        if self._session.findings.outdated(self):
            # The picture is being read again, and what was found in the new one came first.
            self._session.findings.hide(self)
            self.image.show_message("Reading", "The file has changed.", "loading")
        if self.view is not None and self.view.doubts() != self._doubts:
            self._tell_doubts()

    def _tell_doubts(self) -> None:
        self._doubts = () if self.view is None else self.view.doubts()
        self.image.set_muted(bool(self._doubts))
        self.doubtsChanged.emit(self._doubts)
