"""A lesion before it is put into a picture: where it is, how dense, and how it pushes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask

_PLANES = (-1 / 3, 0.0, 1 / 3)
_EDGE_MM = 1.0


@dataclass(frozen=True, eq=False)
class Solid:
    """Blood that makes its own room.

    Parameters
    ----------
    kind : Hemorrhage
    level_mm : ndarray of float32, shape (n, h, w)
        Positive inside the lesion, about the distance to its surface.
    hu : ndarray of float32, broadcastable to (n, h, w)
        Density.
    given : ndarray of bool, shape (n, h, w)
        Where the lesion says how far the brain has been moved.
    down_mm, across_mm : ndarray of float32, shape (n, h, w)
        How far.
    rim_mm, rim_hu : float
        Width of the edema around, and by how much it is darker than brain.
    effaced : float
        Share by which nearby sulci lose their fluid, 0 to 1.
    """

    kind: Hemorrhage
    level_mm: Field
    hu: Field
    given: Mask
    down_mm: Field
    across_mm: Field
    rim_mm: float = 0.0
    rim_hu: float = 0.0
    effaced: float = 0.0


@dataclass(frozen=True, eq=False)
class Filling:
    """Blood that takes the place of CSF.

    Parameters
    ----------
    kind : Hemorrhage
    share : ndarray of float32, shape (n, h, w)
        Share of each pixel that becomes blood.
    hu : ndarray of float32, broadcastable to (n, h, w)
    """

    kind: Hemorrhage
    share: Field
    hu: Field


def share_of(level_mm: Field, blur_px: float) -> Field:
    """Share of each thick pixel that lies inside a level function.

    The slice is sampled at planes within its thickness, between which the level runs linearly to the next slice's,
    and averaged; then blurred in the plane as a scanner does.
    """
    up = np.empty_like(level_mm)
    down = np.empty_like(level_mm)
    up[:-1], up[-1] = level_mm[1:], level_mm[-1]
    down[1:], down[0] = level_mm[:-1], level_mm[0]
    share = np.zeros_like(level_mm)
    for plane in _PLANES:
        other = up if plane > 0 else down
        level = level_mm + np.float32(abs(plane)) * (other - level_mm)
        share += np.clip(level / np.float32(_EDGE_MM) + 0.5, 0, 1)
    share /= np.float32(len(_PLANES))
    for k in np.flatnonzero(share.max(axis=(1, 2)) > 0):
        share[k] = ndimage.gaussian_filter(share[k], blur_px, truncate=3.0)
    return share
