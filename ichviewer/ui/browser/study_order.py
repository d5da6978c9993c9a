"""In which order the study browser lists what is open, and which of it; values and functions without Qt.

What was not analyzed or failed has a place of its own in the order of suspicion: it is neither suspicious nor not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.labels import Hemorrhage
from ichviewer.domain.probability_words import two_digits
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.words import counted


class Order(StrEnum):
    """How the list is sorted; the value is what the window calls it."""

    FOUND = marked("As found")
    NAME = marked("By name")
    DATE = marked("By date")
    SUSPICION = marked("By suspicion")


class Show(StrEnum):
    """Which series are listed; the value is what the window calls them."""

    ALL = marked("All")
    FLAGGED = marked("Flagged")
    NOT_ANALYZED = marked("Not analyzed")
    FAILED = marked("Failed")


class Group(IntEnum):
    """The groups in the order of suspicion, first to last."""

    FLAGGED = 0
    INCOMPLETE = 1
    WAITING = 2
    CLEAR = 3

    @property
    def words(self) -> str:
        """The heading of the group."""
        return _HEADINGS[self]


_HEADINGS = {
    Group.FLAGGED: tr("Flagged"),
    Group.INCOMPLETE: tr("Failed or not analyzed"),
    Group.WAITING: tr("Waiting or in progress"),
    Group.CLEAR: tr("Analyzed, no flag"),
}

_ENDED_EARLY = frozenset({SeriesState.REFUSED, SeriesState.CANCELLED})
_WITH_FAILURES = frozenset({SeriesState.FAILED, SeriesState.PARTLY})
_TO_COME = frozenset({SeriesState.WAITING, SeriesState.RUNNING})


@dataclass(frozen=True)
class SeriesResult:
    """What the browser needs to know of the analysis of a series.

    Parameters
    ----------
    state : SeriesState
    text : str
        Why it is in this state; empty where the state says all.
    flagged : tuple of Hemorrhage
        Labels flagged on any slice so far, in the order of LABELS.
    flagged_slices : int
        Slices with a flag; at least one exactly when ``flagged`` is not empty.
    highest : float or None
        Highest calibrated probability of any hemorrhage so far, in [0, 1]; None where no slice was analyzed.
    outside : bool
        Whether it lies outside what the model knows, so that its probabilities count for less.
    whole : float or None
        Probability of any hemorrhage in the series as a whole, by the model's rule, in [0, 1]; None without a rule,
        or while it is not through.
    """

    state: SeriesState = SeriesState.WAITING
    text: str = ""
    flagged: tuple[Hemorrhage, ...] = ()
    flagged_slices: int = 0
    highest: float | None = None
    outside: bool = False
    whole: float | None = None

    def __post_init__(self) -> None:
        if bool(self.flagged) != (self.flagged_slices > 0):
            raise ValueError(
                f"labels are flagged exactly when slices are. Received: {self.flagged}, {self.flagged_slices}"
            )
        if self.flagged and self.highest is None:
            raise ValueError(f"flagged slices have a probability. Received: {self.flagged}, None")
        for p in (self.highest, self.whole):
            if p is not None and not 0 <= p <= 1:
                raise ValueError(f"a probability lies in [0, 1]. Received: {p}")

    def fits(self, show: Show) -> bool:
        """Whether a list of ``show`` has it."""
        if show is Show.FLAGGED:
            return bool(self.flagged)
        if show is Show.NOT_ANALYZED:
            return self.state in _ENDED_EARLY
        if show is Show.FAILED:
            return self.state in _WITH_FAILURES
        return True


@dataclass(frozen=True)
class Summary:
    """What many series amount to. All but ``flagged_slices``, ``highest`` and ``suspected`` count series.

    Parameters
    ----------
    series, flagged, flagged_slices, failed, not_analyzed, waiting, clear : int
        ``clear`` were analyzed without a flag. A series with flags and failed slices counts in both.
    highest : float or None
        Highest calibrated probability of any hemorrhage, in [0, 1]; None where no slice was analyzed.
    outside : int
        Flagged series that lie outside what the model knows.
    suspected : float or None
        What it is sorted by: the highest of the probabilities of whole series, or, of series without one, of slices.
    """

    series: int = 0
    flagged: int = 0
    flagged_slices: int = 0
    failed: int = 0
    not_analyzed: int = 0
    waiting: int = 0
    clear: int = 0
    highest: float | None = None
    outside: int = 0
    suspected: float | None = None

    @property
    def muted(self) -> bool:
        """Whether every flag below lies outside what the model knows."""
        return 0 < self.flagged == self.outside

    @property
    def group(self) -> Group:
        """Its place in the order of suspicion.

        Series that were left out beside others that were analyzed (a localizer in nearly every study) do not make
        a patient "not analyzed".
        """
        if self.flagged:
            return Group.FLAGGED
        if self.failed:
            return Group.INCOMPLETE
        if self.waiting:
            return Group.WAITING
        return Group.CLEAR if self.clear else Group.INCOMPLETE

    @property
    def suspicion(self) -> tuple[int, float]:
        """A key that sorts the most suspicious first, within the groups."""
        return int(self.group), -(self.suspected if self.suspected is not None else -1.0)

    @property
    def versions(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Its `parts` in full, then shorter and shorter, for lists with less room."""
        flagged = tr("{flagged:,} flagged").format(flagged=self.flagged_slices)
        return self.parts(), self.parts(flagged + self._highest), self.parts(flagged)

    @property
    def _highest(self) -> str:
        if self.highest is None:
            return ""
        return tr(", up to {highest}").format(highest=two_digits(self.highest))

    def parts(self, flagged: str = "") -> tuple[tuple[str, str], ...]:
        """In words, each with the theme's name of its color; what is zero is left out.

        Parameters
        ----------
        flagged : str
            What is said of flagged slices instead of all that there is to say.
        """
        flag_color = "muted" if self.muted else "warning"
        return tuple(
            (words, color)
            for number, words, color in (
                (
                    self.flagged_slices,
                    flagged
                    or tr("{slices} flagged{highest}").format(
                        slices=counted("slice", "slices", self.flagged_slices), highest=self._highest
                    ),
                    flag_color,
                ),
                (self.failed, tr("{failed:,} failed").format(failed=self.failed), "danger"),
                (self.waiting, tr("{waiting:,} waiting").format(waiting=self.waiting), "muted"),
                (
                    self.not_analyzed,
                    tr("{not_analyzed:,} not analyzed").format(not_analyzed=self.not_analyzed),
                    "muted",
                ),
                (self.clear, tr("{clear:,} without a flag").format(clear=self.clear), "muted"),
            )
            if number
        )


def state_word(result: SeriesResult) -> str:
    """The state of the analysis as it stands in the browser; never "negative"."""
    if result.state is SeriesState.DONE:
        return tr("flagged") if result.flagged else tr("analyzed, no flag")
    return (
        tr("flagged, {state}").format(state=words_of(result.state))
        if result.flagged
        else words_of(result.state)
    )


def short_state_word(result: SeriesResult) -> str:
    """The state in fewer words, for lists with little room."""
    done = result.state is SeriesState.DONE and not result.flagged
    return tr("no flag") if done else state_word(result)


def of_series(result: SeriesResult) -> Summary:
    """What one series amounts to."""
    return Summary(
        series=1,
        flagged=int(bool(result.flagged)),
        flagged_slices=result.flagged_slices,
        failed=int(result.state in _WITH_FAILURES),
        not_analyzed=int(result.state in _ENDED_EARLY),
        waiting=int(result.state in _TO_COME),
        clear=int(result.state is SeriesState.DONE and not result.flagged),
        highest=result.highest,
        outside=int(bool(result.flagged) and result.outside),
        suspected=result.highest if result.whole is None else result.whole,
    )


def total(summaries: Iterable[Summary]) -> Summary:
    """What several summaries amount to together."""
    found = list(summaries)
    if len(found) == 1:
        return found[0]
    series = flagged = slices = failed = left_out = waiting = clear = outside = 0
    for s in found:
        series += s.series
        flagged += s.flagged
        slices += s.flagged_slices
        failed += s.failed
        left_out += s.not_analyzed
        waiting += s.waiting
        clear += s.clear
        outside += s.outside
    highest = max((s.highest for s in found if s.highest is not None), default=None)
    suspected = max((s.suspected for s in found if s.suspected is not None), default=None)
    return Summary(series, flagged, slices, failed, left_out, waiting, clear, highest, outside, suspected)
