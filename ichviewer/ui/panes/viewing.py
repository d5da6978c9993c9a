"""The series in view: which slice, through which window. Keeps image, strip and findings together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.findings import SeriesState, SliceFinding
from ichviewer.domain.input_scope import banner_line, outside_model
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.series import Series, SeriesKey, SliceInfo
from ichviewer.domain.window import Voi, Window
from ichviewer.errors import IchViewerError
from ichviewer.ui.findings.findings_panel import FindingsPanel
from ichviewer.ui.findings.slice_strip import SliceStrip
from ichviewer.ui.look.words import voi_numbers
from ichviewer.ui.panes.image_pane import ImagePane
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
        self._pixel_hash = ""  # of the picture on screen
        self._reloading = False  # whether that picture is being read again
        self._doubts: dict[ProblemCode, str] = {}
        image.sliceStepRequested.connect(self.step)
        image.voiChanged.connect(self._window_by_hand)
        image.invertedChanged.connect(self.invertedChanged)
        strip.sliceRequested.connect(self.go_to)
        findings.sliceRequested.connect(self.go_to)
        session.pixels.loaded.connect(self._loaded)
        session.pixels.failed.connect(self._not_loaded)
        session.analysis.sliceFound.connect(self._slice_found)
        session.analysis.finished.connect(self._finished)
        session.analysis.stateChanged.connect(self._state_changed)

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
        self._reloading = False
        self._strip.clear()
        self._findings.set_series(None, None)
        self._doubt((), anew=True)
        self.seriesChanged.emit(None)

    def show_series(self, series: Series, index: int | None = None) -> None:
        """Show a series, at its middle unless told."""
        self._chosen = self._chosen and self.key == series.key
        self.series = series
        self._shown, self._reloading = None, False
        self._session.analysis.prefer(series.key)
        self._image.show_series(series)
        self._refresh_findings()
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
        work = None if self.key is None else self._session.analysis.work(self.key)
        point = self._session.model.point
        return [] if work is None or point is None else work.flagged_slices(point)

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
        work = None if self.key is None else self._session.analysis.work(self.key)
        found = None if work is None else work.findings().strongest(Hemorrhage.ANY)
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

    def set_presets(self, presets: Sequence[Preset], start: int = 0) -> None:
        """Offer other presets; a series in view is shown with the one of them that it was shown with, or the start's.

        Parameters
        ----------
        presets : sequence of Preset
            At least one.
        start : int
            Place of the preset that a series is first shown with.
        """
        used = self._preset
        self._presets = tuple(presets)
        kept = next((p for p in self._presets if p == used), None) or next(
            (p for p in self._presets if p.name == used.name), None
        )
        self._chosen = self._chosen and kept is not None
        self._preset = kept if kept is not None and self._chosen else self._presets[start]
        self._own = 0
        if self.series is not None:
            self._apply_window()

    def toggle_inverted(self) -> None:
        """Swap black and white."""
        self._image.toggle_inverted()

    def reset(self) -> None:
        """Go back to the whole image, not inverted, and the preset's own window."""
        self._image.reset()
        self._announce()

    def refresh_point(self) -> None:
        """Show the findings under thresholds that have changed."""
        self._refresh_findings()

    def reload(self) -> None:
        """Read the slice in view again; its picture stays until then, unless a finding comes that does not fit it."""
        self._reloading = self.series is not None
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
            self._image.expect_slice()
        self._session.pixels.ask(series, index, direction)
        self.sliceChanged.emit(index)

    def _draw(self, decoded: DecodedSlice) -> None:
        assert self.series is not None
        self._pixel_hash, self._reloading = decoded.pixel_hash, False
        first = self._shown is None
        self._shown = (self.series.key, self.index)
        self._check_finding()
        if first or self._preset.voi is None:
            self._apply_window(decoded)
        self._image.show_slice(self.index, decoded)

    def _check_finding(self) -> None:
        """A finding is shown only beside the pixels it was computed from."""
        key, index = self.key, self.shown  # not the slice in view, whose picture may be on its way
        if key is None or index is None:
            return
        work = self._session.analysis.work(key)
        finding = None if work is None else work.slices.get(index)
        if finding is not None and finding.pixel_hash not in ("", self._pixel_hash):
            if self._reloading:
                self._image.show_message("Reading", "The file has changed.", "loading")
            else:
                self._session.analysis.reject(key, index)

    def _draw_failure(self, error: IchViewerError) -> None:
        assert self.series is not None
        self._pixel_hash, self._reloading = "", False
        self._shown = (self.series.key, self.index)
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

    def _refresh_findings(self) -> None:
        series, point = self.series, self._session.model.point
        self._findings.set_series(series, point, self._session.model.series_rule)
        self._image.set_operating_point(point)
        if series is None:
            self._strip.clear()
            return
        self._strip.set_series(len(series), point)
        work = self._session.analysis.work(series.key)
        shown: Iterable[SliceFinding] = ()
        if work is not None and work.series is series:
            self._findings.set_state(work.state, work.text)
            if point is not None:
                shown = work.slices.values()
                for index, finding in work.slices.items():
                    self._spread(index, finding)
        self._strip.set_current(self.index)
        self._findings.set_current(self.index)
        self._doubt(shown, anew=True)

    def _doubt(self, findings: Iterable[SliceFinding], *, anew: bool = False) -> None:
        """Tell why the probabilities of the series in view count for less, as far as findings say so."""
        if anew:
            self._doubts = {}
        before = tuple(self._doubts)
        analyzed = [f for f in findings if f.probabilities is not None]
        if analyzed and self.series is not None:
            for problem in outside_model((*self.series.problems, *(p for f in analyzed for p in f.problems))):
                self._doubts.setdefault(problem.code, banner_line(problem))
        if anew or tuple(self._doubts) != before:
            self.doubtsChanged.emit(tuple(self._doubts.values()))

    def _slice_found(self, key: SeriesKey, index: int, finding: SliceFinding) -> None:
        if key == self.key and self._session.model.point is not None:
            self._spread(index, finding)
            self._doubt((finding,))
            if self.shown == index:
                self._check_finding()

    def _spread(self, index: int, finding: SliceFinding) -> None:
        self._strip.set_finding(index, finding)
        self._findings.set_finding(index, finding)
        self._image.set_finding(index, finding)

    def _finished(self, key: SeriesKey) -> None:
        work = self._session.analysis.work(key)
        if key != self.key or work is None or self._session.model.point is None:
            return
        findings = work.findings()
        self._strip.set_findings(findings)
        self._findings.set_findings(findings)
        self._image.set_findings(findings)
        self._findings.set_state(work.state, work.text)
        self._doubt(findings.slices, anew=True)
        if self.shown is not None and self.shown == self.index:
            self._check_finding()

    def _state_changed(self, key: SeriesKey) -> None:
        work = self._session.analysis.work(key)
        if key == self.key and work is not None:
            self._findings.set_state(work.state, work.text)

    def _nothing_flagged(self) -> str:
        work = None if self.key is None else self._session.analysis.work(self.key)
        if work is None or not work.slices:
            return "This series has not been analyzed."
        if work.state in (SeriesState.RUNNING, SeriesState.WAITING):
            return "No slice is flagged so far; the analysis is still running."
        return "No slice of this series is flagged. That does not rule out a hemorrhage."


def _whole_range(decoded: DecodedSlice | None) -> Window | None:
    found = None if decoded is None else decoded.image.hu_range()
    if found is None:
        return None
    low, high = found
    return Window((low + high) / 2, max(1.0, high - low))
