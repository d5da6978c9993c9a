"""What a report says of hemorrhage: never that there is none, and nothing of slices that were not analyzed."""

from __future__ import annotations

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.probability_words import two_digits
from ichviewer.domain.series import Series
from ichviewer.ui.look.language import marked, tr, words_of
from ichviewer.ui.look.words import OUTSIDE, counted, position_words, reason_text, sentence
from ichviewer.ui.report.content import Block, Paragraph, Section, Table, Tone
from ichviewer.ui.report.source import ModelFacts, ReportSource

_COLUMNS = (
    marked("Type"),
    marked("Whole series"),
    marked("Highest slice"),
    marked("Where"),
    marked("Threshold"),
    marked("Slices flagged"),
)
_NO_ANSWER = "–"


def answer_section(source: ReportSource) -> Section:
    """Findings of each type, with what they rest on."""
    findings, model = source.judged(), source.model
    blocks: list[Block] = [Paragraph(_summary(findings, model), Tone.STRONG)]
    if source.outside():
        words = tr("This series lies {outside}: its probabilities count for less.").format(
            outside=words_of(OUTSIDE)
        )
        blocks.append(Paragraph(words, Tone.WARNING))
    if model is None or not findings.analysed:
        return Section(tr("Findings"), tuple(blocks))
    whole = findings.whole(model.series_rule)
    blocks.append(_table(source.series, findings, model, whole))
    blocks.append(Paragraph(_whole_words(model, complete=whole is not None), Tone.MUTED))
    return Section(tr("Findings"), tuple(blocks))


def flagged_words(finding: SliceFinding, point: OperatingPoint | None) -> str:
    """What was found in one slice, in words that never call it negative."""
    if finding.reason is not None:
        return reason_text(finding)
    if point is None:
        return tr("Not judged: no model is ready")
    named = finding.named(point)
    if not named:
        return tr("Analyzed: nothing over its threshold")
    return ", ".join(f"{sentence(words_of(label))} {_number(finding.probability(label))}" for label in named)


def _summary(findings: SeriesFindings, model: ModelFacts | None) -> str:
    total = len(findings.slices)
    if model is None or not findings.analysed:
        return tr("None of {slices} was analyzed. That says nothing about hemorrhage.").format(
            slices=counted("slice", "slices", total)
        )
    flagged = len(findings.flagged_slices(model.point))
    one = findings.analysed == 1
    words = (tr("{n:,} of {slices} was analyzed") if one else tr("{n:,} of {slices} were analyzed")).format(
        n=findings.analysed, slices=counted("slice", "slices", total)
    )
    if flagged:
        words += (tr("; {n:,} is flagged.") if flagged == 1 else tr("; {n:,} are flagged.")).format(n=flagged)
    else:
        words += tr("; none of them is over a threshold. That does not rule hemorrhage out.")
    if findings.state() is SeriesState.CANCELLED:
        words += tr(" The analysis was cancelled.")
    return words


def _table(
    series: Series, findings: SeriesFindings, model: ModelFacts, whole: tuple[float, ...] | None
) -> Table:
    point, rows, strong = model.point, [], set()
    for number, label in enumerate(LABELS):
        strongest = findings.strongest(label)
        flagged = sum(label in finding.flagged(point) for finding in findings.slices)
        rows.append(
            (
                tr("Any hemorrhage") if label is Hemorrhage.ANY else sentence(words_of(label)),
                _number(None if whole is None else whole[number]),
                _number(None if strongest is None else strongest[0]),
                _NO_ANSWER if strongest is None else _where(series, strongest[1]),
                f"{point.threshold(label):.3g}",
                f"{flagged:,}",
            )
        )
        if flagged:
            strong.add(number)
    return Table(tuple(map(words_of, _COLUMNS)), tuple(rows), frozenset(strong))


def _where(series: Series, index: int) -> str:
    position = position_words(series, index)
    return (
        tr("slice {index} ({position})").format(index=index + 1, position=position)
        if position
        else tr("slice {index}").format(index=index + 1)
    )


def _whole_words(model: ModelFacts, *, complete: bool) -> str:
    if not complete:
        return tr("Whole series: no answer, the analysis did not come to all slices.")
    if model.series_rule is None:
        return tr("Whole series: the highest of the analyzed slices, as the model has no rule for a series.")
    return tr(
        "Whole series: the model's rule pools the analyzed slices. Thresholds are for single slices. "
        "Slices that were not analyzed have no part in it."
    )


def _number(value: float | None) -> str:
    return _NO_ANSWER if value is None else two_digits(value)
