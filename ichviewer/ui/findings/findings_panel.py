"""The right side of the window: what was found in the slice in view and in the whole series."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.ui.findings.flagged_list import FlaggedList, FlaggedSlice
from ichviewer.ui.findings.further_values import FurtherValues
from ichviewer.ui.findings.probability_bars import ProbabilityBars
from ichviewer.ui.findings.problem_list import ProblemList
from ichviewer.ui.findings.series_tally import SeriesTally
from ichviewer.ui.findings.study_answer import StudyAnswer
from ichviewer.ui.look.before_paint import BeforePaint
from ichviewer.ui.look.icons import icon, state_icon
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import position_tip, sentence
from ichviewer.ui.session.findings_state import FindingsView
from ichviewer.ui.session.findings_store import FindingsStore

_ICON_PX = 18
_LEAST_LIST_PX = 76
_OVER = frozenset(
    {SeriesState.DONE, SeriesState.PARTLY, SeriesState.REFUSED, SeriesState.FAILED, SeriesState.CANCELLED}
)
_THROUGH = frozenset({SeriesState.DONE, SeriesState.PARTLY})


class FindingsPanel(QWidget):
    """Shows findings as they stream in; widgets are brought up to date once a turn of the event loop.

    Parameters
    ----------
    findings : FindingsStore
        Read anew whenever the panel is brought up to date.
    """

    sliceRequested = Signal(int)

    def __init__(self, findings: FindingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(tr("Findings"))
        self.setMinimumWidth(256)
        self._store = findings
        self._view: FindingsView | None = None
        self._current = -1
        self._problems_stale = True
        self._state_icon = PlainLabel()
        self._state_word = PlainLabel()
        self._state_text = PlainLabel("", "muted")
        self._slice_title, self._slice_number = PlainLabel(tr("This slice")), PlainLabel("", "muted")
        self._bars = ProbabilityBars()
        self._series_title, self._counts = PlainLabel(tr("This series")), PlainLabel("", "muted")
        self._whole = PlainLabel()
        self._area = QScrollArea()
        self._answer = StudyAnswer()
        self._further = FurtherValues()
        self._list_title, self._list_number = PlainLabel(tr("Flagged slices")), PlainLabel("", "muted")
        self._list = FlaggedList(self._flagged)
        self._problems_title = PlainLabel(tr("Repaired or doubted"))
        self._problems = ProblemList()
        self._refreshing = BeforePaint(self.flush, self)
        self._answer.sliceRequested.connect(self.sliceRequested)
        self._list.sliceRequested.connect(self.sliceRequested)
        theme_signals().changed.connect(self._show_state)
        findings.changed.connect(self._findings_changed)
        findings.judgingChanged.connect(self._judged_anew)
        self._build()
        self.show_series(None)

    # What is shown

    def show_series(self, series: Series | None) -> None:
        """Show what is known of a series; None shows that there is none."""
        self._view = None if series is None else self._store.view(series)
        self._current = -1
        self._judged_anew()
        self._list.scrollToTop()

    def set_current(self, index: int) -> None:
        """Show the slice in view."""
        if index != self._current:
            self._current = index
            self._list.set_current_slice(index)
            self._refresh()

    def set_muted(self, muted: bool) -> None:
        """Draw the probabilities quietly, or not: the series lies outside what the model knows."""
        self._bars.set_muted(muted)
        self._whole.setDisabled(muted)
        self._answer.set_muted(muted)
        self._list.set_muted(muted)

    def flush(self) -> None:
        """Bring all widgets up to date now; otherwise it happens at the end of this turn of the event loop."""
        self._refreshing.drop()
        self._show_state()
        self._show_slice()
        self._show_series()
        self._show_problems()

    # Parts

    def _refresh(self) -> None:
        self._refreshing.ask()

    def _findings_changed(self, changed: Mapping[SeriesKey, frozenset[int]]) -> None:
        if self._view is None or self._view.series.key not in changed:
            return
        slices = changed[self._view.series.key]
        self._problems_stale |= bool(slices)
        for index in sorted(slices):
            self._list.flagged.refresh(index)
        if self._current in slices:
            self._list.set_current_slice(self._current)
        self._refresh()

    def _judged_anew(self) -> None:
        self._problems_stale = True
        self._list.flagged.reset(self._findings)
        self._list.set_current_slice(self._current)
        self._refresh()

    @property
    def _findings(self) -> Mapping[int, SliceFinding]:
        return {} if self._view is None else self._view.judged

    @property
    def _state(self) -> SeriesState:
        return SeriesState.WAITING if self._view is None else self._view.state

    def _flagged(self, index: int) -> FlaggedSlice | None:
        view, finding = self._view, self._findings.get(index)
        if view is None or view.point is None or finding is None:
            return None
        labels = finding.named(view.point)
        if not labels:
            return None
        strongest = max(finding.probability(label) or 0.0 for label in labels)
        position, tip = view.series.file_position_mm(index), position_tip(view.series, index)
        return FlaggedSlice(index, labels, strongest, position, tip)

    def _show_state(self) -> None:
        shown = self._view is not None
        self._area.setVisible(shown)
        name, color = state_icon(self._state, flagged=self._list.flagged.rowCount() > 0)
        size = QSize(_ICON_PX, _ICON_PX)
        self._state_icon.setPixmap(icon(name, color).pixmap(size, self.devicePixelRatioF()))
        self._state_icon.setVisible(shown)
        self._state_word.setText(sentence(words_of(self._state)))
        self._state_word.setVisible(shown)
        text = tr("No series open") if self._view is None else self._view.text
        self._state_text.setText(text)
        self._state_text.setVisible(bool(text))

    def _show_slice(self) -> None:
        slices = 0 if self._view is None else len(self._view.series)
        current = 0 <= self._current < slices
        self._slice_number.setText(f"{self._current + 1} / {slices}" if current else "")
        finding = self._findings.get(self._current) if current else None
        point = None if self._view is None else self._view.point
        self._bars.set_finding(finding, point, self._waiting() if current else tr("No slice in view"))

    def _waiting(self) -> str:
        """Why a slice has no finding."""
        if self._state not in _OVER:
            return tr("Waiting to be analyzed")
        reason = "" if self._view is None else self._view.text
        said = self._state in {SeriesState.REFUSED, SeriesState.FAILED, SeriesState.CANCELLED}
        return f"{sentence(words_of(self._state))}: {reason}" if said and reason else tr("Not analyzed")

    def _show_series(self) -> None:
        view = self._view
        tally = SeriesTally(0 if view is None else len(view.series), self._findings)
        self._counts.setText("" if view is None else tally.words(over=self._state in _OVER))
        whole = self._whole_series(tally)
        self._whole.setText(whole)
        self._whole.setVisible(bool(whole))
        self._answer.set_answer(tally.strongest, None if view is None else view.point)
        self._further.set_results(() if view is None else view.further)
        flagged = self._list.flagged.rowCount()
        self._list_number.setText(str(flagged) if flagged else "")
        self._list.set_placeholder(self._nothing_flagged(tally))

    def _whole_series(self, tally: SeriesTally) -> str:
        """What the model's rule makes of all slices together; empty until it is through, or without a rule."""
        view = self._view
        if view is None or view.rule is None or tally.pending or self._state not in _THROUGH:
            return ""
        slices = tuple(finding for _, finding in sorted(tally.findings.items()))
        whole = SeriesFindings(view.series.key, slices).whole(view.rule)
        return (
            ""
            if whole is None
            else tr("Any in the series, slices pooled: {whole}").format(whole=two_digits(whole[0]))
        )

    def _nothing_flagged(self, tally: SeriesTally) -> str:
        if self._view is None:
            return ""
        if tally.number(Status.ANALYSED) == 0:
            return tr("No slice was analyzed.") if self._state in _OVER else tr("No slice is analyzed yet.")
        if tally.pending and self._state not in _OVER:
            return tr("None so far.")
        return tr("No analyzed slice is over a threshold.")

    def _show_problems(self) -> None:
        if not self._problems_stale:
            return
        self._problems_stale = False
        found: list[Problem] = []
        if self._view is not None:
            found += self._view.series.problems
            for info in self._view.series.slices:
                found += info.problems
            for finding in self._findings.values():
                found += finding.problems
        self._problems.set_problems(found)
        self._problems.setVisible(bool(self._problems.groups))
        self._problems_title.setVisible(bool(self._problems.groups))

    def _build(self) -> None:
        for title in (self._slice_title, self._series_title, self._list_title, self._problems_title):
            title.setObjectName("panelTitle")
        self._state_word.setStyleSheet("font-weight: 600;")
        self._state_text.setWordWrap(True)
        self._state_text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._list.setMinimumHeight(_LEAST_LIST_PX)
        # It takes what is left, so that the panel as a whole scrolls only when it must.
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        for label in (self._counts, self._whole):
            label.setWordWrap(True)
            label.setContentsMargins(12, 0, 12, 6)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        state = QHBoxLayout()
        state.setContentsMargins(12, 10, 12, 8)
        state.setSpacing(8)
        state.addWidget(self._state_icon)
        state.addWidget(self._state_word)
        state.addWidget(self._state_text, 1)
        state.addStretch()
        content = _Content()
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        content.setObjectName("panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(_titled(self._slice_title, self._slice_number))
        column.addWidget(self._bars)
        column.addWidget(_line())
        column.addWidget(self._series_title)
        column.addWidget(self._counts)
        column.addWidget(self._whole)
        column.addWidget(self._answer)
        column.addWidget(self._further)
        column.addWidget(_line())
        column.addLayout(_titled(self._list_title, self._list_number))
        frame = QHBoxLayout()
        frame.setContentsMargins(8, 0, 8, 8)
        frame.addWidget(self._list)
        column.addLayout(frame, 1)
        column.addWidget(self._problems_title)
        column.addWidget(self._problems)
        self._area.setAccessibleName(tr("Findings of the slice and the series"))
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(state)
        whole.addWidget(_line())
        whole.addWidget(self._area, 1000)
        whole.addStretch(1)


class _Content(QWidget):
    """What scrolls; its parts move together before it does."""

    def heightForWidth(self, width: int) -> int:
        """The least height: the scroll area would otherwise give the height that is liked, and scroll early."""
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("separator")
    line.setFixedHeight(1)
    return line


def _titled(title: PlainLabel, note: PlainLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 12, 0)
    note.setContentsMargins(0, 10, 0, 6)  # as the stylesheet pads a title
    row.addWidget(title)
    row.addStretch()
    row.addWidget(note)
    return row
