"""Pixels inside outlines, against a slow and plain count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.annotation.outline import crosses_itself, polygon_area, polygon_mask

# Corners off the grid of centers by amounts without a common measure, so that no center lies on an edge, which has a
# rational slope.
whole = st.integers(-8, 40)
corners = st.lists(
    st.tuples(whole.map(lambda n: n + 2**0.5 / 4), whole.map(lambda n: n + 3**0.5 / 4)),
    min_size=3,
    max_size=8,
).map(np.array)


def inside(corners_px, row, column) -> bool:
    """Even-odd rule by a ray to the right."""
    odd = False
    for (r0, c0), (r1, c1) in zip(corners_px, np.roll(corners_px, -1, axis=0), strict=True):
        if (r0 <= row < r1) or (r1 <= row < r0):
            odd ^= bool(column < c0 + (row - r0) / (r1 - r0) * (c1 - c0))
    return odd


@given(corners)
def test_pixels_inside_are_those_that_a_ray_tells(corners_px):
    mask = polygon_mask(corners_px, (16, 20))
    assert mask.tolist() == [[inside(corners_px, r, c) for c in range(20)] for r in range(16)]


@given(corners, st.integers(0, 7))
def test_where_an_outline_begins_and_which_way_it_runs_does_not_matter(corners_px, start):
    turned = np.roll(corners_px, start, axis=0)[::-1]
    assert (polygon_mask(turned, (16, 20)) == polygon_mask(corners_px, (16, 20))).all()
    assert polygon_area(turned) == pytest.approx(polygon_area(corners_px), abs=1e-9)
    assert crosses_itself(turned) == crosses_itself(corners_px)


def test_edges_that_run_back_on_themselves_do_not_cross():
    # The last three corners lie on one line, which rounding bends.
    spike = np.array([[0.37, 0.48], [16.37, -5.52], [20.37, -1.63 + 0.11], [18.37, -3.52]])
    assert not crosses_itself(spike) and not crosses_itself(spike[::-1])


def test_area_far_from_the_origin_and_askew():
    # A right triangle with legs of 3 and 4 in the plane x = z.
    h = 0.5**0.5
    at = np.array([[0, 0, 0], [3 * h, 0, 3 * h], [0, 4, 0]]) + 1e5
    assert polygon_area(at) == pytest.approx(6.0, abs=1e-6)


@pytest.mark.parametrize(
    ("outline", "crosses"),
    [
        ([(0, 0), (0, 4), (4, 4), (4, 0)], False),
        ([(0, 0), (4, 4), (0, 4), (4, 0)], True),
        ([(0, 0), (0, 4), (4, 0)], False),
        # A star, drawn in one go.
        ([(0, 3), (6, 5), (2, 0), (2, 6), (6, 1)], True),
        # It comes back to touch, but not to cross.
        ([(0, 0), (0, 4), (4, 4), (2, 4), (4, 2), (4, 0)], False),
    ],
)
def test_outlines_that_cross_themselves(outline, crosses):
    assert crosses_itself(np.array(outline, float)) is crosses
