"""What the browser is told of a series."""

from __future__ import annotations

import pytest
from image_builders import POINT, analysed, failed, make_series

from ichviewer.domain.findings import SeriesState
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.ui.app.summary import series_result
from ichviewer.ui.browser.tree_rows import SeriesRow, told
from ichviewer.ui.session.series_work import SeriesWork

RULE = SeriesRule((0.5, 0.0, 0.0), (0.0,) * 6)


def work_of(count: int, found: int) -> SeriesWork:
    """A series of which some slices were analysed, all with 0.8 of any, and one failed."""
    work = SeriesWork(make_series(count))
    work.slices = {i: analysed((0.8, *(0.1,) * 5)) for i in range(found)} | {found: failed()}
    work.state = SeriesState.PARTLY if found + 1 == count else SeriesState.RUNNING
    return work


def test_a_series_is_answered_as_a_whole_once_it_is_through() -> None:
    assert series_result(work_of(12, 9), POINT, RULE).whole is None
    result = series_result(work_of(12, 11), POINT, RULE)
    # Log odds of 0.8 are log 4, and half of them log 2.
    assert result.whole == pytest.approx(2 / 3)
    assert result.highest == 0.8
    assert series_result(work_of(12, 11), POINT).whole is None


def test_a_row_says_which_number_is_which() -> None:
    row = SeriesRow(make_series(12), series_result(work_of(12, 11), POINT, RULE))
    assert "Highest probability 0.80\nPooled over the series 0.67" in told(row)
    assert "Pooled" not in told(SeriesRow(make_series(12), series_result(work_of(12, 11), POINT)))
