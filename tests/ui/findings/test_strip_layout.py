"""Where slices stand in the strip, and what a column says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_builders import POINT, QUIET, SUBDURAL, analysed, failed, not_analysed

from ichviewer.ui.findings.strip_layout import (
    WIDEST_CELL_PX,
    CellState,
    StripLayout,
    strip_columns,
    tick_step,
)

layouts = st.builds(StripLayout, st.integers(1, 3000), st.floats(0, 300), st.floats(1, 4000))
ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0])


@given(layouts, st.data())
def test_the_middle_of_a_slice_is_that_slice(layout: StripLayout, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, layout.count - 1))
    left, right = layout.span(index)
    assert layout.index_at((left + right) / 2) == index


@given(layouts, st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_further_right_is_never_an_earlier_slice(layout: StripLayout, a: float, b: float) -> None:
    left, right = sorted((a, b))
    assert 0 <= layout.index_at(left) <= layout.index_at(right) < layout.count


@given(layouts, ratios)
def test_columns_take_every_slice_once(layout: StripLayout, ratio: float) -> None:
    columns = layout.columns(ratio)
    edges = layout.edges(columns)
    assert columns <= layout.count
    assert edges[0] == 0 and edges[-1] == layout.count
    assert np.all(np.diff(edges) >= 1)


@given(layouts, ratios, st.floats(-100, 5000))
def test_a_group_holds_the_slice_under_the_mouse(layout: StripLayout, ratio: float, x: float) -> None:
    assert layout.index_at(x) in layout.group_at(x, ratio)


@given(layouts)
def test_slices_fill_the_width_up_to_a_limit(layout: StripLayout) -> None:
    assert layout.right_px <= layout.left_px + layout.width_px * (1 + 1e-9)
    assert layout.cell_px <= WIDEST_CELL_PX
    if layout.width_px / layout.count <= WIDEST_CELL_PX:
        assert layout.right_px == pytest.approx(layout.left_px + layout.width_px)


def test_one_column_a_slice_while_there_is_room() -> None:
    layout = StripLayout(100, 0, 400)
    assert layout.columns() == 100
    assert layout.group_at(41.0) == range(10, 11)


def test_slices_share_a_pixel_when_there_is_none_left() -> None:
    layout = StripLayout(1000, 0, 100)
    assert layout.columns() == 100
    assert layout.columns(2.0) == 200
    assert layout.group_at(50.5) == range(500, 510)


def test_a_column_shows_the_highest_and_every_flag() -> None:
    findings = {0: analysed(QUIET), 1: analysed(SUBDURAL), 2: analysed(QUIET), 3: not_analysed(), 5: failed()}
    columns = strip_columns(findings, POINT, np.array([0, 2, 4, 5, 6]))
    assert columns.states.tolist() == [
        CellState.ANALYSED,
        CellState.ANALYSED,
        CellState.PENDING,
        CellState.FAILED,
    ]
    assert columns.probabilities[0].tolist() == [0.9, 0.02, 0.03, 0.04, 0.05, 0.83]
    assert columns.flagged[0].tolist() == [True, False, False, False, False, True]
    assert not columns.flagged[1:].any()
    assert np.isnan(columns.probabilities[2:]).all()


def test_a_failed_slice_is_remembered_beside_analysed_ones() -> None:
    columns = strip_columns({0: analysed(), 1: failed()}, POINT, np.array([0, 2]))
    assert columns.states.tolist() == [CellState.ANALYSED]
    assert columns.failed.tolist() == [True]


@pytest.mark.parametrize(
    ("count", "cell_px", "step"), [(28, 30, 1), (28, 16, 2), (160, 4.6, 10), (1500, 0.5, 100), (1, 44, 1)]
)
def test_numbers_do_not_touch(count: int, cell_px: float, step: int) -> None:
    assert tick_step(count, cell_px, 30) == step


def test_impossible_layouts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one slice"):
        StripLayout(0, 0, 10)
    with pytest.raises(ValueError, match="some width"):
        StripLayout(1, 0, 0)
