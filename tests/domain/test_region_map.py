from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.region_map import RegionMap

KIND = Hemorrhage.SUBDURAL


def of_kind(values, first_px=(3.5, 3.5), step_px=(8.0, 8.0), *, transpose=False):
    """A map in which one type has these probabilities and the others have none."""
    values = np.asarray(values, float)
    p = np.zeros((*values.shape, len(TYPES)))
    p[..., TYPES.index(KIND)] = values
    return RegionMap.of(p, first_px, step_px, transpose=transpose)


def test_keeps_each_type_apart_to_a_255th():
    p = np.linspace(0, 1, 2 * 3 * 5).reshape(2, 3, 5)
    found = RegionMap.of(p, (0.0, 0.0), (1.0, 1.0))
    assert (found.rows, found.columns, len(found.levels)) == (2, 3, 30)
    for k, kind in enumerate(TYPES):
        np.testing.assert_allclose(found.probabilities(kind), p[..., k], atol=0.5 / 255)


def test_equal_maps_are_equal_and_can_be_keys():
    assert of_kind([[0.2, 0.4]]) == of_kind([[0.2, 0.4]])
    assert of_kind([[0.2, 0.4]]) != of_kind([[0.4, 0.2]])
    assert len({of_kind([[0.2]]), of_kind([[0.2]])}) == 1
    # They go from the analysis to the window in messages.
    assert pickle.loads(pickle.dumps(of_kind([[0.2]]))) == of_kind([[0.2]])


def test_is_linear_between_the_middles_of_cells():
    # Middles at rows 0 and 4, columns 0 and 2.
    found = of_kind([[0.0, 0.2], [0.4, 0.8]], (0.0, 0.0), (4.0, 2.0))
    p = found.on_slice(KIND, (9, 5))
    np.testing.assert_allclose(p[0, :3], [0.0, 0.1, 0.2], atol=1e-9)
    np.testing.assert_allclose(p[:5, 0], [0.0, 0.1, 0.2, 0.3, 0.4], atol=1e-9)
    assert p[2, 1] == pytest.approx((0.0 + 0.2 + 0.4 + 0.8) / 4)
    # One cell further out nothing is left, half a cell out half of it.
    np.testing.assert_allclose(p[4:, 0], [0.4, 0.3, 0.2, 0.1, 0.0], atol=1e-9)
    np.testing.assert_array_equal(found.on_slice(Hemorrhage.EPIDURAL, (9, 5)), np.zeros((9, 5)))


def test_mask_of_a_transposed_and_flipped_map():
    # One cell in the map's second row and first column. Rows of the map run along stored columns, backwards from
    # column 9 in steps of 4: the second row lies at column 5. Its first column lies at stored row 2.
    found = of_kind([[0, 0], [1, 0]], (9.0, 2.0), (-4.0, 4.0), transpose=True)
    assert found.place_px(1, 0) == (2.0, 5.0)
    mask = found.mask(KIND, 0.99, (8, 12))
    assert np.argwhere(mask).tolist() == [[2, 5]]


def test_outline_of_a_single_cell_by_hand():
    [line] = of_kind([[0, 0, 0], [0, 1, 0], [0, 0, 0]], (0.0, 0.0), (10.0, 10.0)).outlines(KIND, 0.5)
    # Half way to each of the four neighbors.
    assert sorted(map(tuple, line.tolist())) == [(5, 10), (10, 5), (10, 15), (15, 10)]


def test_cells_that_touch_at_a_corner_are_two_outlines_and_a_hole_is_one_more():
    assert len(of_kind([[1, 0], [0, 1]]).outlines(KIND, 0.5)) == 2
    assert len(of_kind([[1, 1, 1], [1, 0, 1], [1, 1, 1]]).outlines(KIND, 0.5)) == 2
    assert of_kind([[0.4]]).outlines(KIND, 0.5) == []


@given(
    arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(0, 1)),
    st.floats(0.05, 0.95),
    st.booleans(),
    st.sampled_from([(8.0, 6.0), (-8.0, 6.0), (5.0, -5.0)]),
)
def test_outlines_lie_where_the_probability_crosses_the_threshold(values, threshold, transpose, step_px):
    found = of_kind(values, (40.0, 40.0), step_px, transpose=transpose)
    p = found.probabilities(KIND)
    lines = found.outlines(KIND, threshold)
    assert bool(lines) == bool((p >= threshold).any())
    for line in lines:
        assert len(line) >= 4
        for row, column in line:
            along = (column, row) if transpose else (row, column)
            place = [(a - f) / s for a, f, s in zip(along, found.first_px, step_px, strict=True)]
            weights = [
                np.clip(1 - np.abs(at - np.arange(-1, n + 1)), 0, None)
                for at, n in zip(place, p.shape, strict=True)
            ]
            assert weights[0] @ np.pad(p, 1) @ weights[1] == pytest.approx(threshold, abs=1e-6)


@given(
    arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.sampled_from([0.0, 1.0])),
    st.booleans(),
)
def test_the_middles_of_cells_lie_inside_exactly_if_they_reach_the_threshold(values, transpose):
    found = of_kind(values, (10.0, 10.0), (10.0, -10.0), transpose=transpose)
    lines = found.outlines(KIND, 0.5)
    for (row, column), value in np.ndenumerate(values):
        turns = 0.0
        for line in lines:
            around = (line - found.place_px(row, column)) @ np.array([1.0, 1j])
            turns += float(np.angle(np.roll(around, -1) / around).sum()) / (2 * np.pi)
        assert abs(turns) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": b"\0" * 9},
        {"rows": 0, "levels": b""},
        {"step_px": (0.0, 1.0)},
        {"first_px": (float("nan"), 0.0)},
    ],
)
def test_an_impossible_map_cannot_be_made(wrong):
    good = {"rows": 1, "columns": 2, "levels": b"\0" * 10, "first_px": (0.0, 0.0), "step_px": (1.0, 1.0)}
    RegionMap(**good)
    with pytest.raises(ValueError, match="Received"):
        RegionMap(**(good | wrong))


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.1, float("nan")])
def test_an_outline_needs_a_threshold(threshold):
    with pytest.raises(ValueError, match="threshold"):
        of_kind([[1.0]]).outlines(KIND, threshold)
