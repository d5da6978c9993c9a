"""What the summary page says: lines of plain words about an analyzed series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ichviewer.disclaimer import RESULT_NOTICE
from ichviewer.domain.findings import SeriesState
from ichviewer.domain.input_scope import banner_line
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.problems import ProblemCode
from ichviewer.printable import printable
from ichviewer.results.analysis import SeriesAnalysis
from ichviewer.results.equipment import EQUIPMENT

_MOST_RANGES = 12


def headline(analysis: SeriesAnalysis) -> tuple[str, ...]:
    """What a person must read first: what this is, and whether the analysis is whole."""
    state = analysis.findings.state()
    lines = ["RESEARCH USE ONLY. Not a medical device.", "Intracranial hemorrhage: output of a model"]
    if state is not SeriesState.DONE:
        lines.append(f"This series was {_STATES[state]}.")
    return tuple(lines)


_STATES = {
    SeriesState.WAITING: "not analyzed",
    SeriesState.RUNNING: "not analyzed to its end",
    SeriesState.PARTLY: "analyzed in part only",
    SeriesState.REFUSED: "NOT ANALYZED",
    SeriesState.FAILED: "NOT ANALYZED: the analysis failed",
    SeriesState.CANCELLED: "not analyzed to its end: the analysis was cancelled",
}


def body(analysis: SeriesAnalysis) -> tuple[str, ...]:
    """Model and settings, what became of the slices, and each type with its highest probability.

    Nothing of patient and examination is among the words: these are in the header of the object, where they can be
    corrected or removed.
    """
    series, findings, point = analysis.series, analysis.findings, analysis.point
    number = "without number" if series.number is None else f"number {series.number}"
    lines = [
        f"Series {number}, {len(series)} slices: {findings.analysed} analyzed, "
        f"{len(series) - findings.analysed} not analyzed.",
        *_reasons(analysis),
        *(banner_line(problem) for problem in analysis.outside_model()),
        *(_type_line(analysis, label) for label in LABELS if findings.analysed),
        f"Model {printable(analysis.card.name)} {printable(analysis.card.version)}, "
        f"SHA-256 {analysis.model_sha256[:16]}, operating point {printable(point.name)}. "
        f"{EQUIPMENT.model_name} {EQUIPMENT.software_version}.",
        RESULT_NOTICE,
    ]
    return tuple(lines)


def _reasons(analysis: SeriesAnalysis) -> list[str]:
    reasons = [s.reason for s in analysis.findings.slices if s.reason is not None]
    counts = Counter(reason.code for reason in reasons)
    words: dict[ProblemCode, str] = {reason.code: reason.text for reason in reasons}
    return [f"{count} x {words[code]}" for code, count in counts.items()]


def _type_line(analysis: SeriesAnalysis, label: Hemorrhage) -> str:
    findings, point = analysis.findings, analysis.point
    strongest = findings.strongest(label)
    flagged = [i + 1 for i, s in enumerate(findings.slices) if label in s.flagged(point)]
    name = "any hemorrhage" if label is Hemorrhage.ANY else label.value
    assert strongest is not None
    slices = "slice" if len(flagged) == 1 else "slices"
    place = f"slice {strongest[1] + 1}, threshold {point.threshold(label):.3g}"
    words = f"{name}: at most {two_digits(strongest[0])} ({place})"
    return f"{words}, FLAGGED in {slices} {ranges(flagged)}" if flagged else f"{words}, below the threshold"


def ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers as ``3-7, 9``; of many ranges the first, and how many follow."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    words = [str(a) if a == b else f"{a}-{b}" for a, b in found[:_MOST_RANGES]]
    more = len(found) - len(words)
    return ", ".join(words) + (f" and {more} more ranges" if more else "")
