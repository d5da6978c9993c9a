"""Many slices in one line."""

from __future__ import annotations

from ichviewer.domain.findings import SeriesState, Status
from ichviewer.domain.labels import LABELS, Hemorrhage
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.ui.analysis import SeriesWork
from ichviewer.ui.session import Session
from ichviewer.ui.words import count


def series_flags(work: SeriesWork, point: OperatingPoint | None) -> tuple[Hemorrhage, ...]:
    """Labels flagged on any slice of a series so far, in the order of LABELS."""
    if point is None:
        return ()
    found = {label for finding in work.slices.values() for label in finding.flagged(point)}
    return tuple(label for label in LABELS if label in found)


def summary(session: Session) -> str:
    """What came out of the analysis of everything that is open; never "negative"."""
    works = [w for s in session.catalog.series if (w := session.analysis.work(s.key)) is not None]
    slices = [finding for work in works for finding in work.slices.values()]
    analysed = sum(finding.status is Status.ANALYSED for finding in slices)
    failed = sum(finding.status is Status.FAILED for finding in slices)
    if any(work.state is SeriesState.CANCELLED for work in works):
        return f"Analysis cancelled; {count(analysed, 'slice')} analyzed"
    if not analysed:
        return "No slice was analyzed"
    point = session.model.point
    flagged = sum(bool(finding.flagged(point)) for finding in slices) if point is not None else 0
    words = f"{count(analysed, 'slice')} analyzed, {flagged:,} flagged"
    return f"{words}, {failed:,} failed" if failed else words
