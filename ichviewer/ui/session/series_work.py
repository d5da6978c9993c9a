"""What is known of the analysis of one series: its state, its findings, and the words for both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.model_result import ModelResult, NotMeasured
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import counted

_NOT_REACHED = {
    SeriesState.CANCELLED: ProblemCode.CANCELLED,
    SeriesState.FAILED: ProblemCode.ENGINE_FAILED,
}
"""Why a slice of a series in this state has no result."""

_OTHER_PIXELS = NotMeasured("the file changed after it was measured; analyze again")

UNDER_WAY = (SeriesState.WAITING, SeriesState.RUNNING)
"""States of a series whose analysis is still to come or to end."""


@dataclass
class SeriesWork:
    """What is known of the analysis of one series; only `ichviewer.ui.session.findings_state` changes it."""

    series: Series
    state: SeriesState = SeriesState.WAITING
    text: str = ""
    """Why it is in this state, in words; empty where the state says all."""
    slices: dict[int, SliceFinding] = field(default_factory=dict)
    further: tuple[ModelResult, ...] = ()
    """What further models say of the series as a whole; stays until new results take its place."""
    ended_at: datetime | None = None
    """When its analysis ended last, with the time zone; None before that."""
    before: tuple[SeriesState, str] | None = None
    """State and text before it was analysed again; its findings stay until new ones take their places."""

    @cached_property
    def identity(self) -> str:
        """What the answers about this series must carry; it takes milliseconds for a long series."""
        return series_identity(self.series)

    def answered_by(self, findings: SeriesFindings) -> bool:
        """Whether findings are about this very series."""
        return findings.key == self.series.key and findings.series == self.identity

    def again(self) -> None:
        """Wait to be analysed again, keeping what was found."""
        if self.before is None and self.slices and self.state not in UNDER_WAY:
            self.before = self.state, self.text
        self.state, self.text = SeriesState.WAITING, ""

    def forget(self) -> None:
        """Wait to be analysed as if it had never been."""
        self.state, self.text, self.before, self.ended_at = SeriesState.WAITING, "", None, None
        self.slices.clear()
        self.further = ()

    def further_fits(self, index: int, pixel_hash: str) -> bool:
        """Whether no further model saw other pixels of a slice than these."""
        return not any(result.saw_other(index, pixel_hash) for result in self.further)

    def drop_further(self, index: int, pixel_hash: str = "") -> None:
        """Drop the results of further models that saw other pixels of a slice than these, and say why."""
        self.further = tuple(
            result.without(_OTHER_PIXELS) if result.saw_other(index, pixel_hash) else result
            for result in self.further
        )

    def stopped(self, state: SeriesState, text: str) -> tuple[SeriesState, str]:
        """What to say after an analysis that did not finish: what was said before, since all that was found is there.

        Parameters
        ----------
        state, text
            What to say where it was the first analysis.
        """
        before, self.before = self.before, None
        if before is None:
            return state, text
        if not text:
            return before
        said, shown = before[1] or before[0].value, shown_text(before[1]) or words_of(before[0])
        return before[0], Said(
            f"{said}; analyzing again failed: {text}",
            tr("{said}; analyzing again failed: {text}").format(said=shown, text=shown_text(text)),
        )

    def findings(self) -> SeriesFindings:
        """What is known of every slice; those not reached say why."""
        code = _NOT_REACHED.get(self.state, ProblemCode.NOT_YET_ANALYSED)
        status = Status.FAILED if self.state is SeriesState.FAILED else Status.NOT_ANALYSED
        return SeriesFindings(
            self.series.key,
            tuple(
                self.slices.get(i)
                or SliceFinding(
                    status, reason=Problem(code, str(info.source), str(self.text)), problems=info.problems
                )
                for i, info in enumerate(self.series.slices)
            ),
            self.identity,
            self.further,
        )

    def flagged_slices(self, point: OperatingPoint) -> list[int]:
        """Indices of the flagged slices known so far, in order."""
        return sorted(i for i, finding in self.slices.items() if finding.flagged(point))


class Said(str):
    """Why a series is in a state: in English, as findings carry it, and as the window shows it."""

    __slots__ = ("shown",)
    shown: str

    def __new__(cls, english: str, shown: str) -> Said:
        """The same text twice."""
        made = super().__new__(cls, english)
        made.shown = shown
        return made


def shown_text(text: str) -> str:
    """A text of `SeriesWork` in the language of the window."""
    return text.shown if isinstance(text, Said) else words_of(text)


def refusal_words(reason: Problem) -> str:
    """The reason of a refusal without the words that the state says already."""
    text = reason.text.removeprefix("not analyzed: ")
    shown = words_of(reason.text).removeprefix(words_of("not analyzed: "))
    found = reason.found
    return Said(f"{text} ({found})" if found else text, f"{shown} ({words_of(found)})" if found else shown)


def missing_words(findings: SeriesFindings) -> str:
    """In words, why slices of a finished series have no result; empty where all have."""
    missing = [s.reason for s in findings.slices if s.reason is not None]
    if not missing:
        return ""
    reasons = Counter(refusal_words(reason) for reason in missing)
    if len(missing) == len(findings.slices) and len(reasons) == 1:
        return next(iter(reasons))
    parts = [
        (f"{count} {'slice' if count == 1 else 'slices'}: {text}", _slices_of(text, count))
        for text, count in reasons.most_common(3)
    ]
    return Said("; ".join(said for said, _ in parts), "; ".join(shown for _, shown in parts))


def _slices_of(text: str, number: int) -> str:
    return f"{counted('slice', 'slices', number)}: {shown_text(text)}"
