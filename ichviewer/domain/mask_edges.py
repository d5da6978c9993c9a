"""The lines between pixels inside and outside of a mask, as few as can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def mask_edges(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Where the outline of a mask runs: on the edges of its pixels, never through them.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        Beyond its border everything lies outside.

    Returns
    -------
    ndarray of float64, shape (n, 4)
        Both ends of each line, ``x, y, x, y``: the pixel of row r and column c reaches from (c, r) to (c + 1, r + 1).
        Lines that go on straight are one line. First those along rows, then those along columns.
    """
    padded = np.pad(mask, 1)
    found = []
    for between, upright in ((padded[1:] != padded[:-1], False), ((padded[:, 1:] != padded[:, :-1]).T, True)):
        steps = np.diff(np.pad(between, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        places, starts = np.nonzero(steps == 1)
        ends = np.nonzero(steps == -1)[1]
        # One less: the padding.
        first, last = starts - 1, ends - 1
        lines = (places, first, places, last) if upright else (first, places, last, places)
        found.append(np.stack(lines, axis=1))
    return np.concatenate(found).astype(np.float64)
