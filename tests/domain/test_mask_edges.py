"""Outlines of masks on the edges of their pixels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from numpy.typing import NDArray
from region_factory import masks

from ichviewer.domain.mask_edges import mask_edges


def test_a_rectangle_has_four_lines() -> None:
    mask = np.zeros((6, 8), dtype=bool)
    mask[2:4, 3:7] = True
    # Upper and lower side, then left and right side, as x, y, x, y.
    assert mask_edges(mask).tolist() == [[3, 2, 7, 2], [3, 4, 7, 4], [3, 2, 3, 4], [7, 2, 7, 4]]


def test_a_mask_that_fills_its_image_is_outlined_along_the_border() -> None:
    assert mask_edges(np.ones((2, 3), dtype=bool)).tolist() == [
        [0, 0, 3, 0],
        [0, 2, 3, 2],
        [0, 0, 0, 2],
        [3, 0, 3, 2],
    ]


def test_nothing_has_no_outline() -> None:
    assert mask_edges(np.zeros((4, 4), dtype=bool)).shape == (0, 4)


@given(masks())
def test_lines_are_as_long_as_there_are_edges_between_inside_and_outside(mask: NDArray[np.bool_]) -> None:
    padded = np.pad(mask, 1).astype(int)
    edges = np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    lines = mask_edges(mask)
    assert np.abs(lines[:, 2:] - lines[:, :2]).sum() == edges
