"""The right side of the window: what was found in the slice in view and in the whole series."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.findings.flagged_list import FlaggedList, FlaggedSlice
from ichviewer.ui.findings.probability_bars import ProbabilityBars
from ichviewer.ui.findings.problem_list import ProblemList
from ichviewer.ui.findings.series_tally import SeriesTally, flagged_labels
from ichviewer.ui.findings.study_answer import StudyAnswer
from ichviewer.ui.look.icons import icon, state_icon
from ichviewer.ui.look.plain_widgets import PlainLabel
from ichviewer.ui.look.theme import theme_signals
from ichviewer.ui.look.words import position_tip, sentence, two_digits

_ICON_PX = 18
_LEAST_LIST_PX = 76
_OVER = frozenset(
    {SeriesState.DONE, SeriesState.PARTLY, SeriesState.REFUSED, SeriesState.FAILED, SeriesState.CANCELLED}
)
_THROUGH = frozenset({SeriesState.DONE, SeriesState.PARTLY})


class FindingsPanel(QWidget):
    """Shows findings as they stream in; widgets are brought up to date once a turn of the event loop."""

    sliceRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("Findings")
        self.setMinimumWidth(256)
        self._series: Series | None = None
        self._point: OperatingPoint | None = None
        self._rule: SeriesRule | None = None
        self._tally = SeriesTally(0)
        self._current = -1
        self._problems_stale = True
        self._state = SeriesState.WAITING
        self._state_icon = PlainLabel()
        self._state_word = PlainLabel()
        self._state_text = PlainLabel("", "muted")
        self._slice_title, self._slice_number = PlainLabel("This slice"), PlainLabel("", "muted")
        self._bars = ProbabilityBars()
        self._series_title, self._counts = PlainLabel("This series"), PlainLabel("", "muted")
        self._whole = PlainLabel()
        self._area = QScrollArea()
        self._answer = StudyAnswer()
        self._list_title, self._list_number = PlainLabel("Flagged slices"), PlainLabel("", "muted")
        self._list = FlaggedList()
        self._problems_title = PlainLabel("Repaired or doubted")
        self._problems = ProblemList()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self.flush)
        self._answer.sliceRequested.connect(self.sliceRequested)
        self._list.sliceRequested.connect(self.sliceRequested)
        theme_signals().changed.connect(self._show_state)
        self._build()
        self.set_series(None, None)

    # What is shown

    def set_series(
        self, series: Series | None, point: OperatingPoint | None, rule: SeriesRule | None = None
    ) -> None:
        """Show a series without findings yet; None shows that there is none.

        Parameters
        ----------
        rule : SeriesRule or None
            How the model answers for a whole series; without one only the highest slices are shown.
        """
        self._series, self._point, self._rule = series, point, rule
        self._tally = SeriesTally(len(series) if series is not None else 0)
        self._current = -1
        self._problems_stale = True
        self._list.flagged.clear()
        self._list.scrollToTop()
        self.set_state(SeriesState.WAITING, "" if series is not None else "No series open")
        self._refresh()

    def set_operating_point(self, point: OperatingPoint) -> None:
        """Change the thresholds; findings stay."""
        self._point = point
        self._list.flagged.clear()
        for index, finding in sorted(self._tally.findings.items()):
            self._list_slice(index, finding)
        self._refresh()

    def set_finding(self, index: int, finding: SliceFinding) -> None:
        """Show what was found in one slice."""
        self._tally.put(index, finding)
        self._problems_stale |= bool(finding.problems)
        self._list_slice(index, finding)
        self._refresh()

    def set_findings(self, findings: SeriesFindings) -> None:
        """Show what was found in all slices, in place of what was shown before."""
        self._tally = SeriesTally(len(findings.slices))
        self._problems_stale = True
        for index, finding in enumerate(findings.slices):
            self._tally.put(index, finding)
            self._list_slice(index, finding)
        self._refresh()

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

    def set_state(self, state: SeriesState, text: str) -> None:
        """Show how far the analysis is: its state in a word, and whatever more there is to say."""
        self._state = state
        self._state_text.setText(text)
        self._state_text.setVisible(bool(text))
        self._refresh()

    def flush(self) -> None:
        """Bring all widgets up to date now; otherwise it happens at the end of this turn of the event loop."""
        self._timer.stop()
        self._show_state()
        self._show_slice()
        self._show_series()
        self._show_problems()

    # Parts

    def _refresh(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _list_slice(self, index: int, finding: SliceFinding) -> None:
        labels = flagged_labels(finding, self._point) if self._point is not None else ()
        if not labels or self._series is None or finding.probabilities is None:
            self._list.flagged.drop(index)
            return
        strongest = max(finding.probability(label) or 0.0 for label in labels)
        position = self._series.file_position_mm(index)
        tip = position_tip(self._series, index)
        self._list.flagged.put(FlaggedSlice(index, labels, strongest, position, tip))
        if index == self._current:
            self._list.set_current_slice(index)

    def _show_state(self) -> None:
        shown = self._series is not None
        self._area.setVisible(shown)
        name, color = state_icon(self._state, flagged=self._list.flagged.rowCount() > 0)
        size = QSize(_ICON_PX, _ICON_PX)
        self._state_icon.setPixmap(icon(name, color).pixmap(size, self.devicePixelRatioF()))
        self._state_icon.setVisible(shown)
        self._state_word.setText(sentence(self._state))
        self._state_word.setVisible(shown)

    def _show_slice(self) -> None:
        current = self._series is not None and 0 <= self._current < len(self._series)
        self._slice_number.setText(
            f"{self._current + 1} / {len(self._series)}" if self._series is not None and current else ""
        )
        finding = self._tally.findings.get(self._current) if current else None
        self._bars.set_finding(finding, self._point, self._waiting() if current else "No slice in view")

    def _waiting(self) -> str:
        """Why a slice has no finding."""
        if self._state not in _OVER:
            return "Waiting to be analyzed"
        reason = self._state_text.text()
        said = self._state in {SeriesState.REFUSED, SeriesState.FAILED, SeriesState.CANCELLED}
        return f"{sentence(self._state)}: {reason}" if said and reason else "Not analyzed"

    def _show_series(self) -> None:
        counts = self._tally.words(over=self._state in _OVER)
        self._counts.setText(counts if self._series is not None else "")
        whole = self._whole_series()
        self._whole.setText(whole)
        self._whole.setVisible(bool(whole))
        self._answer.set_answer(self._tally.strongest, self._point)
        flagged = self._list.flagged.rowCount()
        self._list_number.setText(str(flagged) if flagged else "")
        self._list.set_placeholder(self._nothing_flagged())

    def _whole_series(self) -> str:
        """What the model's rule makes of all slices together; empty until it is through, or without a rule."""
        if self._rule is None or self._series is None or self._tally.pending or self._state not in _THROUGH:
            return ""
        slices = tuple(finding for _, finding in sorted(self._tally.findings.items()))
        whole = SeriesFindings(self._series.key, slices).whole(self._rule)
        return "" if whole is None else f"Any in the series, slices pooled: {two_digits(whole[0])}"

    def _nothing_flagged(self) -> str:
        if self._series is None:
            return ""
        if self._tally.number(Status.ANALYSED) == 0:
            return "No slice was analyzed." if self._state in _OVER else "No slice is analyzed yet."
        if self._tally.pending and self._state not in _OVER:
            return "None so far."
        return "No analyzed slice is over a threshold."

    def _show_problems(self) -> None:
        if not self._problems_stale:
            return
        self._problems_stale = False
        found: list[Problem] = []
        if self._series is not None:
            found += self._series.problems
            for info in self._series.slices:
                found += info.problems
            for finding in self._tally.findings.values():
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
        column.addWidget(_line())
        column.addLayout(_titled(self._list_title, self._list_number))
        frame = QHBoxLayout()
        frame.setContentsMargins(8, 0, 8, 8)
        frame.addWidget(self._list)
        column.addLayout(frame, 1)
        column.addWidget(self._problems_title)
        column.addWidget(self._problems)
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
