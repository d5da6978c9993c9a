"""Lines of a level in an array: the outlines of maps and masks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Corner = tuple[int, int]
_Edge = tuple[_Corner, _Corner]
"""Two neighboring cells, one of them inside the outline: the line crosses between their middles."""


def closed_lines(values: NDArray[np.float64], threshold: float) -> list[list[tuple[float, float]]]:
    """Closed lines around the places of an array that are at least as high as a level.

    Marching squares (Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in two dimensions).

    Parameters
    ----------
    values : ndarray of float64, shape (rows, columns)
        Its border must lie below the level, so that every line closes.
    threshold : float
        The level.

    Returns
    -------
    list of list of (row, column)
        The corners of each line in order; the last one joins the first.
    """
    following = _crossings(values >= threshold)
    lines = []
    while following:
        edge, line = next(iter(following)), []
        while edge in following:
            line.append(_crossing_point(values, threshold, edge))
            edge = following.pop(edge)
        lines.append(line)
    return lines


def _crossings(inside: NDArray[np.bool_]) -> dict[_Edge, _Edge]:
    """From each edge that a line crosses to the next one, with what is inside always on the same hand."""
    following: dict[_Edge, _Edge] = {}
    mixed = inside[:-1, :-1].astype(int) + inside[1:, :-1] + inside[:-1, 1:] + inside[1:, 1:]
    for r, c in np.argwhere((mixed > 0) & (mixed < 4)).tolist():
        around = [(r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c)]
        edges = [(around[k], around[(k + 1) % 4]) for k in range(4)]
        entering = [k for k, (a, b) in enumerate(edges) if inside[a] and not inside[b]]
        for k in entering:
            # The line leaves where the way around this square comes inside again. Where two opposite corners are
            # inside, each is cut off by itself.
            leaving = next(
                j % 4 for j in range(k + 3, k, -1) if inside[edges[j % 4][1]] and not inside[edges[j % 4][0]]
            )
            following[_in_order(edges[k])] = _in_order(edges[leaving])
    return following


def _in_order(edge: _Edge) -> _Edge:
    return edge if edge[0] < edge[1] else (edge[1], edge[0])


def _crossing_point(values: NDArray[np.float64], threshold: float, edge: _Edge) -> tuple[float, float]:
    a, b = edge
    share = float((threshold - values[a]) / (values[b] - values[a]))
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
