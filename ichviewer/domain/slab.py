"""Slabs: what lies within some mm of a plane, shown as one image."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

THINNEST_SLAB_MM, THICKEST_SLAB_MM = 1.0, 50.0
# Two slices can be 0.01 mm apart; no CT resolves more than this.
_FINEST_STEP_MM = 0.2
_ROUNDING = 1e-6


class Projection(StrEnum):
    """What is shown of the HU along the thickness of a slab."""

    MEAN = "mean"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class Slab:
    """Thickness in mm, half on each side of the plane, and what is shown of it.

    Parameters
    ----------
    thickness_mm : float
        1 to 50.
    projection : Projection
    """

    thickness_mm: float
    projection: Projection = Projection.MEAN

    def __post_init__(self) -> None:
        if not THINNEST_SLAB_MM <= self.thickness_mm <= THICKEST_SLAB_MM:
            raise ValueError(
                f"a slab is {THINNEST_SLAB_MM:g} to {THICKEST_SLAB_MM:g} mm thick. "
                f"Received: {self.thickness_mm}"
            )


@dataclass(frozen=True, eq=False)
class SlabSamples:
    """Where along the normal a slab is sampled.

    Parameters
    ----------
    offsets_mm : ndarray of float64, shape (n,)
        From the plane; n is odd, the middle one is 0.
    weights : ndarray of float64, shape (n,)
        Of the mean; they add up to 1.
    projection : Projection
    """

    offsets_mm: NDArray[np.float64]
    weights: NDArray[np.float64]
    projection: Projection


def slab_samples(slab: Slab | None, step_mm: float) -> SlabSamples:
    """Samples of a slab at multiples of a step, so that a view on a slice meets the slices beside it as well.

    As many as in VTK's ``vtkImageSlabReslice``: 2 * floor(thickness / 2 / step) + 1. In the mean, each stands for the
    part of the thickness that is nearest to it. Without a slab, the plane alone.
    """
    if slab is None:
        return SlabSamples(np.zeros(1), np.ones(1), Projection.MEAN)
    step = max(step_mm, _FINEST_STEP_MM)
    half = slab.thickness_mm / 2
    n = math.floor(half / step + _ROUNDING)
    offsets = np.arange(-n, n + 1, dtype=np.float64) * step
    weights: NDArray[np.float64] = np.full(2 * n + 1, step, np.float64)
    weights[[0, -1]] = half - (n - 0.5) * step if n else slab.thickness_mm
    weights /= weights.sum()
    return SlabSamples(offsets, weights, slab.projection)
