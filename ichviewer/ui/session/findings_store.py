"""The findings of everything that is open, in one place that tells of its changes.

The analysis writes into it; strip, lists, panel and images read from it whenever they draw.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.session.findings_state import FindingsState, FindingsView, Judging, ModelId, OnScreen
from ichviewer.ui.session.series_work import SeriesWork


class FindingsStore(QObject):
    """A `FindingsState` with signals. Used on the main thread.

    Signals
    -------
    changed(dict of SeriesKey to frozenset of int)
        Series of which anything changed, and which of their slices have another finding; without slices it is state
        or text. All changes of a turn of the event loop are told at its end together, those of slices on the screen
        at once.
    judgingChanged()
        The thresholds are others, or gone; told at once.
    """

    changed = Signal(object)
    judgingChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = FindingsState()
        self._telling = BeforePaint(self.flush, self)

    # Reading

    @property
    def point(self) -> OperatingPoint | None:
        """The thresholds, None while no model is ready."""
        return None if self._state.judging is None else self._state.judging.point

    @property
    def rule(self) -> SeriesRule | None:
        """How the model answers for a whole series; None where it has no rule, and while no model is ready."""
        return None if self._state.judging is None else self._state.judging.rule

    def work(self, key: SeriesKey) -> SeriesWork | None:
        """What is known of a series, None if it is not open."""
        return self._state.work(key)

    def all_work(self) -> tuple[SeriesWork, ...]:
        """What is known of all series, in the order in which they were opened."""
        return self._state.all_work()

    def known(self) -> dict[SeriesKey, SeriesFindings]:
        """What is known of every series that was not refused as a whole, for the export."""
        return self._state.known()

    def view(self, series: Series) -> FindingsView:
        """The interface to what is known of a series."""
        return self._state.view(series)

    def flush(self) -> None:
        """Tell of all changes now; otherwise it happens at the end of this turn of the event loop."""
        self._telling.drop()
        changed = self._state.take_changes()
        if changed:
            self.changed.emit(changed)

    # Writing

    def open(self, series: Sequence[Series]) -> None:
        """Start over with other series."""
        self._state.open(series)
        self._tell()

    def add(self, series: Sequence[Series]) -> tuple[SeriesWork, ...]:
        """More series are open; gives what is known of them."""
        added = self._state.add(series)
        self._tell()
        return added

    def close(self, keys: Collection[SeriesKey]) -> None:
        """Some series are not open any more; what is known of the others stays as it is."""
        self._state.close(keys)

    def use(self, model: ModelId) -> bool:
        """Hold the findings of this model; whether that makes those of another one go, which is told at once."""
        judged = self._state.judging
        replaced = self._state.use(model)
        self.flush()
        if judged != self._state.judging:
            self.judgingChanged.emit()
        return replaced

    def judge(self, judging: Judging | None) -> None:
        """Judge by these thresholds; by none, findings stay and are not judged."""
        if judging != self._state.judging:
            self._state.judge(judging)
            self.flush()
            self.judgingChanged.emit()

    def set_state(self, work: SeriesWork, state: SeriesState, text: str = "") -> None:
        """Say how far the analysis of a series is."""
        self._state.set_state(work, state, text)
        self._tell()

    def again(self, work: SeriesWork) -> None:
        """Let a series wait to be analysed again; what was found stays until new findings replace it."""
        self._state.again(work)
        self._tell()

    def forget(self, work: SeriesWork) -> None:
        """Drop what was found in a series."""
        self._state.forget(work)
        self._tell()

    def stop(self, work: SeriesWork, state: SeriesState, text: str = "") -> None:
        """Say that the analysis of a series ended before it was through."""
        self._state.stop(work, state, text)
        self._tell()

    def put(self, work: SeriesWork, index: int, finding: SliceFinding) -> None:
        """Take what was found in a slice; a finding of other pixels than those on screen goes, and says why."""
        self._state.put(work, index, finding)
        self._tell()

    def finish(self, work: SeriesWork, findings: SeriesFindings) -> None:
        """Take the final findings of a whole series.

        Raises
        ------
        ValueError
            If they are about another series.
        """
        self._state.finish(work, findings)
        self._tell()

    def reject(self, key: SeriesKey, index: int) -> None:
        """Drop a finding that was computed from other pixels than those of the slice, and say why."""
        self._state.reject(key, index)
        self._tell()

    # The screen

    def show(self, viewer: Hashable, at: OnScreen) -> None:
        """These pixels stand on the screen, in place of what the viewer showed before."""
        self._state.show(viewer, at)
        self._tell()

    def reload(self, viewer: Hashable) -> None:
        """The pixels that a viewer shows are read again; until then they stand."""
        self._state.reload(viewer)

    def hide(self, viewer: Hashable) -> None:
        """A viewer shows no pixels."""
        self._state.hide(viewer)

    def outdated(self, viewer: Hashable) -> bool:
        """Whether a viewer still shows pixels that are being read again, and a finding about newer ones is there."""
        return self._state.outdated(viewer)

    def _tell(self) -> None:
        if self._state.changed_on_screen:
            self.flush()
        else:
            self._telling.ask()
