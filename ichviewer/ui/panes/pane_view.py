"""What one pane shows: a slice of a series through a window, its pixels, and that the findings beside them fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.eligibility import is_of_headers
from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import IchViewerError
from ichviewer.ui.findings.key_objects import stepped
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words, voi_numbers
from ichviewer.ui.panes.image_pane import ImagePane
from ichviewer.ui.panes.orientation import UPRIGHT
from ichviewer.ui.panes.preset_choice import (
    NO_PRESET,
    ImageWindows,
    PresetChoice,
    preset_in_use,
    window_for,
)
from ichviewer.ui.panes.view_state import ShownWindow, ViewState
from ichviewer.ui.session.findings_state import FindingsView, OnScreen
from ichviewer.ui.session.session import Session

if TYPE_CHECKING:
    from ichviewer.domain.decoded import DecodedSlice
    from ichviewer.services.windows import Preset


@dataclass(frozen=True)
class PaneMemory:
    """How a pane stood, so that it can be put back; it holds no pixels and no words of the patient.

    Parameters
    ----------
    key : SeriesKey or None
    index : int
    choice : PresetChoice
    state : ViewState
    """

    key: SeriesKey | None
    index: int
    choice: PresetChoice
    state: ViewState

    def __post_init__(self) -> None:
        if self.index < 0:
            raise ValueError(f"a slice has an index from 0. Received: {self.index}")


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
    seriesGrew(Series)
        The series in view is another reading of itself, with more slices or problems; place, window and zoom stay.
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
    steered(), windowSteered(), placementSteered()
        The reader has chosen a slice, a window, or a place and size of the picture in this very pane. Not sent for
        what a pane does because another one did it, so panes that follow each other never answer each other.
    """

    seriesChanged = Signal(object)
    seriesGrew = Signal(object)
    sliceChanged = Signal(int)
    doubtsChanged = Signal(object)
    presetChanged = Signal(int, str)
    notice = Signal(str)
    invertedChanged = Signal(bool)
    steered = Signal()
    windowSteered = Signal()
    placementSteered = Signal()

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
        self._windowed = False  # whether the window of the series in view has been chosen
        self._pinned = False  # whether it is a window that no preset has
        self._waits = False  # whether the pane is hidden
        self._out_of_range = False
        self.image = image
        self.series: Series | None = None
        self.view: FindingsView | None = None
        """What is known of the series."""
        self.moved = False
        """Whether the reader has chosen a slice."""
        self.slices_left: Callable[[SeriesKey | None], Sequence[int]] = lambda _: ()
        """The slices of a series that steps move between, ascending; none for all. Asked anew for every step."""
        image.sliceStepRequested.connect(self.step)
        image.voiChanged.connect(self._window_by_hand)
        image.invertedChanged.connect(self.invertedChanged)
        image.placementSteered.connect(self.placementSteered)
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

    @property
    def untouched(self) -> bool:
        """Whether the reader has chosen neither a slice nor how it is seen."""
        state = self.image.state
        fits = state.placement is None and state.area is None and state.orientation == UPRIGHT
        return not self.moved and fits and state.window == state.preset and not state.inverted

    @property
    def waits(self) -> bool:
        """Whether the pane is hidden, so that nothing is loaded for it."""
        return self._waits

    @property
    def out_of_range(self) -> bool:
        """Whether it shows no slice because its series has none where the pane that it follows is."""
        return self._out_of_range

    # Which series

    def clear(self) -> None:
        """Show no series."""
        self.series, self.view, self.moved, self._shown = None, None, False, None
        self._windowed, self._pinned, self._out_of_range = False, False, False
        self._session.findings.hide(self)
        self.image.close_series()
        self._tell_doubts()
        self.seriesChanged.emit(None)

    def activate(self) -> None:
        """Somebody works with this pane: its slices are loaded first."""
        if not self._waits:
            self._queue.activate()
        if self._out_of_range:
            # What strip and panel say of a slice stands beside its picture only.
            self.go_to(self.index)

    def set_shown(self, shown: bool) -> None:
        """The pane is on screen or hidden; hidden, it keeps series, slice and window but loads nothing."""
        if shown is not self._waits:
            return
        self._waits = not shown
        if shown:
            self._queue = self._session.pixels.queue()
            if self.series is not None:
                self._go(self.index)
            return
        self._queue.close()
        self._shown = None
        self._session.findings.hide(self)
        if self.series is not None:
            self.image.show_message(tr("Reading"), "", "loading")

    def memory(self) -> PaneMemory:
        """How it stands."""
        return PaneMemory(self.key, self.index, self._choice, self.image.state)

    def restore(self, memory: PaneMemory) -> None:
        """Put it back to how it stood; empty where the series is not open any more."""
        series = None if memory.key is None else self._session.series(memory.key)
        if series is None:
            self.clear()
            return
        if series is not self.series:
            self.show_series(series, memory.index)
        else:
            self._go(memory.index)
        self._choice, self._windowed = memory.choice, True
        self.image.take(memory.state)
        self.invertedChanged.emit(self.image.inverted())
        self._announce()

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
        self._windowed, self._pinned = False, False
        self._session.findings.hide(self)
        self.image.show_series(series)
        self._tell_doubts()
        self.seriesChanged.emit(series)
        self._go(len(series) // 2 if index is None else index)

    def replace_series(self, series: Series) -> None:
        """Show the same series with more slices.

        At the slice in view; but at the middle where nobody has moved, unless its images arrive one by one: then the
        picture would be another one with each of them.
        """
        old = self.series
        if old is None or old.key != series.key:
            self.show_series(series)
            return
        if series is old:
            return
        in_view = old.slices[self.index]
        index = next((i for i, info in enumerate(series.slices) if info.source == in_view.source), 0)
        stays = self.moved or not old.all_received
        self.series, self.view, self._shown = series, self._session.findings.view(series), None
        self._session.findings.hide(self)
        self.image.show_series(series)
        self._tell_doubts()
        self.seriesGrew.emit(series)
        out_of_range = self._out_of_range
        self._go(index if stays else len(series) // 2)
        if out_of_range:
            # It follows a pane that is elsewhere.
            self.follow(None)

    # Which slice

    def step(self, steps: int) -> None:
        """Move by a number of slices, of those that are left."""
        self.go_to(stepped(self.slices_left(self.key), self.index, steps))

    def go_to(self, index: int) -> None:
        """Move to a slice; past the ends means the end."""
        self.moved = True
        self._go(index)
        self.steered.emit()

    def follow(self, index: int | None) -> None:
        """Show the slice that fits what another pane shows.

        Parameters
        ----------
        index : int or None
            None where the series has no slice there: nothing is shown then, rather than a slice of another place.
        """
        if self.series is None:
            return
        if index is not None:
            if index != self.index or self._out_of_range:
                self._go(index)
        elif not self._out_of_range:
            self._out_of_range, self._shown = True, None
            self._session.findings.hide(self)
            self.image.show_message(
                tr("Out of range"), tr("This series has no slice at the position of the linked pane."), "info"
            )

    def go_first(self) -> None:
        """Move to the first slice that is left."""
        self.go_to(next(iter(self.slices_left(self.key)), 0))

    def go_last(self) -> None:
        """Move to the last slice that is left."""
        if self.series is not None:
            self.go_to(next(reversed(self.slices_left(self.key)), len(self.series) - 1))

    def reload(self) -> None:
        """Read the slice in view again; its picture stays until then, unless a finding comes that does not fit it."""
        if self._out_of_range:
            return
        self._session.findings.reload(self)
        self._go(self.index)

    # Through which window

    def use_preset(self, place: int) -> None:
        """Use the preset at a place among the presets; the file's own again means the next of the file's windows."""
        own = len(self._own_windows) if self._presets[place].voi is None else 0
        if self._presets[place].voi is None and not own:
            self.notice.emit(tr("This image brings no window of its own."))
            self._announce()
            return
        self._choice = self._choice.chose(place, own)
        self._windowed, self._pinned = True, False
        self._apply_window()
        self.windowSteered.emit()

    def follow_window(self, other: PaneView) -> None:
        """Use the window of another pane, where windows in HU fit both."""
        if self.series is None or not (self._windows().in_hu and other._windows().in_hu):
            return
        shown = other.image.state
        self._choice, self._windowed, self._pinned = other._choice, True, other._pinned
        self.image.take(replace(self.image.state, window=shown.window, preset=shown.preset))
        self._announce(by_hand=shown.window != shown.preset)

    def use_window(self, voi: Voi, name: str) -> None:
        """Use a window whatever preset was chosen; a reset comes back to it."""
        place = next((i for i, preset in enumerate(self._presets) if preset.voi == voi), None)
        if place is not None:
            self._choice = self._choice.chose(place, 0)
        self._windowed, self._pinned = True, place is None
        self.image.set_voi(voi, name)
        self._announce(by_hand=place is None)

    def keep_window(self, window: ShownWindow) -> None:
        """Use a window that was set on reformats of the series, as if it had been set here."""
        state = self.image.state
        if self.series is None or window == state.window:
            return
        self.image.take(replace(state, window=window))
        self._announce(by_hand=window != state.preset)
        self.windowSteered.emit()

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
        if self._waits:
            return
        self._out_of_range = False
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
        self._shown = (self.series.key, self.index)
        self._session.findings.show(self, OnScreen(*self._shown, decoded.pixel_hash))
        of_file = self._presets[self._choice.place].voi is None and not self._pinned
        if not self._windowed or of_file:
            self._apply_window(decoded)
        self._windowed = True
        self.image.show_slice(self.index, decoded)

    def _draw_failure(self, error: IchViewerError) -> None:
        assert self.series is not None
        self._shown = (self.series.key, self.index)
        self._session.findings.show(self, OnScreen(*self._shown, ""))
        self.image.show_message(tr("This slice cannot be shown"), error_words(error), "error")

    def _loaded(self, info: SliceInfo, decoded: DecodedSlice) -> None:
        if self._in_view(info):
            self._draw(decoded)

    def _not_loaded(self, info: SliceInfo, error: IchViewerError) -> None:
        if self._in_view(info):
            self._draw_failure(error)

    def _in_view(self, info: SliceInfo) -> bool:
        if self.series is None or self._waits or self._out_of_range:
            return False
        return self.series.slices[self.index] is info

    # Windows

    @property
    def _own_windows(self) -> tuple[Voi, ...]:
        return () if self.series is None else self.series.slices[self.index].vois

    def _windows(self, decoded: DecodedSlice | None = None) -> ImageWindows:
        # What is analysed has HU, pictures of other things may not.
        in_hu = self.series is None or not is_of_headers(self._session.refusal(self.series))
        return ImageWindows(self._own_windows, in_hu, None if decoded is None else decoded.image.hu_range())

    def _apply_window(self, decoded: DecodedSlice | None = None) -> None:
        window = window_for(self._choice, self._presets, self._windows(decoded))
        self.image.set_voi(window.voi, window.name)
        self._announce()

    def _announce(self, *, by_hand: bool = False) -> None:
        place = NO_PRESET if by_hand or self._pinned else preset_in_use(self._choice, self._windows())
        self.presetChanged.emit(place, voi_numbers(self.image.voi()))

    def _window_by_hand(self, voi: object) -> None:
        if isinstance(voi, Window):
            self.presetChanged.emit(NO_PRESET, voi_numbers(voi))
            self.windowSteered.emit()

    # Findings

    def _findings_changed(self, changed: Mapping[SeriesKey, frozenset[int]]) -> None:
        if self.key not in changed:
            return
        if self._session.findings.outdated(self):
            # The picture is being read again, and what was found in the new one came first.
            self._session.findings.hide(self)
            self.image.show_message(tr("Reading"), tr("The file has changed."), "loading")
        if self.view is not None and self.view.doubts() != self._doubts:
            self._tell_doubts()

    def _tell_doubts(self) -> None:
        self._doubts = () if self.view is None else self.view.doubts()
        self.image.set_muted(bool(self._doubts))
        self.doubtsChanged.emit(self._doubts)
