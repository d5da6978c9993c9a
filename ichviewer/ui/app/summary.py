"""Many slices in one line."""

from __future__ import annotations

from ichviewer.domain.findings import SeriesState, Status
from ichviewer.domain.input_scope import OUTSIDE_MODEL
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.browser.study_order import SeriesResult
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import counted, joined
from ichviewer.ui.session.series_work import SeriesWork
from ichviewer.ui.session.session import Session


def series_result(
    work: SeriesWork,
    point: OperatingPoint | None,
    rule: SeriesRule | None = None,
    *,
    opening_model: bool = False,
) -> SeriesResult:
    """What the browser shows of a series so far; with a model's rule what that makes of it, once it is through.

    Without thresholds, while a model is opened or after that failed, findings are not judged: not flagged is not
    "no flag".
    """
    if point is None and work.slices:
        return SeriesResult(
            SeriesState.WAITING if opening_model else SeriesState.FAILED,
            "" if opening_model else tr("no model: its findings are not judged"),
        )
    known = [finding for finding in work.slices.values() if finding.probabilities is not None]
    highest = max((p for f in known if (p := f.probability(Hemorrhage.ANY)) is not None), default=None)
    flags = [] if point is None else [flagged for f in known if (flagged := f.flagged(point))]
    found = {label for flagged in flags for label in flagged}
    labels = tuple(label for label in LABELS if label in found)
    problems = (p for f in known for p in (*work.series.problems, *f.problems))
    outside = any(p.code in OUTSIDE_MODEL for p in problems)
    through = rule is not None and len(work.slices) == len(work.series)
    whole = work.findings().whole(rule) if through else None
    return SeriesResult(
        work.state, work.text, labels, len(flags), highest, outside, None if whole is None else whole[0]
    )


def summary(session: Session) -> str:
    """What was received and what came out of the analysis of everything that is open; never "negative"."""
    received = _not_received(session)
    analyzed = not received or any(series.all_received for series in session.catalog.series)
    return joined((received, *((_analyzed(session),) if analyzed else ())))


def _not_received(session: Session) -> str:
    """How much of the studies was received that are not whole, and what that means for the analysis."""
    said = [
        (
            tr("{received}; a series is analyzed when all of it has come")
            if place.arriving
            else tr("{received}; series that lack some are not analyzed")
            if any(series.all_received for series in place.catalog.series)
            else tr("{received}, not analyzed")
        ).format(received=place.incomplete)
        for place in session.places.all
        if place.incomplete
    ]
    if len(said) > 1:
        return tr("{studies:,} studies not received whole").format(studies=len(said))
    return "".join(said)


def _analyzed(session: Session) -> str:
    works = [w for s in session.catalog.series if (w := session.findings.work(s.key)) is not None]
    slices = [finding for work in works for finding in work.slices.values()]
    analyzed = sum(finding.status is Status.ANALYSED for finding in slices)
    failed = sum(finding.status is Status.FAILED for finding in slices)
    if any(work.state is SeriesState.CANCELLED for work in works):
        return tr("Analysis cancelled; {slices} analyzed").format(slices=counted("slice", "slices", analyzed))
    if not analyzed:
        return tr("No slice was analyzed")
    point = session.model.point
    if point is None:
        return tr("{slices} analyzed, not judged without a model").format(
            slices=counted("slice", "slices", analyzed)
        )
    flagged = sum(bool(finding.flagged(point)) for finding in slices)
    words = tr("{slices} analyzed, {flagged:,} flagged").format(
        slices=counted("slice", "slices", analyzed), flagged=flagged
    )
    return tr("{words}, {failed:,} failed").format(words=words, failed=failed) if failed else words
