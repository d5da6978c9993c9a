"""Smooth random fields, and the drawing of numbers that textbooks give as quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ichviewer.learning.synthesis.anatomy import Field


def smooth_field(
    rng: np.random.Generator,
    shape: tuple[int, int, int],
    step_mm: tuple[float, float, float],
    scale_mm: float,
) -> Field:
    """A random field of mean 0 and variance 1 whose humps are about `scale_mm` wide.

    White noise on a coarse grid is blurred and brought to the fine one in one go, axis by axis.

    Parameters
    ----------
    rng : numpy Generator
    shape : tuple of int
    step_mm : tuple of float
        Distance of the samples along each axis.
    scale_mm : float

    Returns
    -------
    ndarray of float32
    """
    mixes = [_mix(n, step, scale_mm) for n, step in zip(shape, step_mm, strict=True)]
    coarse = rng.standard_normal([m.shape[1] for m in mixes]).astype(np.float32)
    a, b, c = mixes
    field = np.tensordot(a, np.tensordot(b, coarse @ c.T, axes=(1, 1)), axes=(1, 1))
    return np.ascontiguousarray(field, dtype=np.float32)


def _mix(n: int, step_mm: float, scale_mm: float) -> Field:
    spread = scale_mm / 2
    nodes = max(1, int(np.ceil(n * step_mm / spread)) + 7)
    at = (np.arange(n) - (n - 1) / 2) * step_mm
    node = (np.arange(nodes) - (nodes - 1) / 2) * spread
    weights = np.exp(-0.5 * ((at[:, None] - node[None, :]) / (0.9 * spread)) ** 2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return weights.astype(np.float32)


def log_normal(rng: np.random.Generator, low: float, middle: float, high: float) -> float:
    """A number whose 5, 50 and 95 % quantiles are these; two half bells on a logarithmic scale."""
    z = float(rng.standard_normal())
    side = high if z > 0 else low
    return float(middle * np.exp(abs(z) / 1.645 * np.log(side / middle)))


def weighted(rng: np.random.Generator, shares: dict[str, float]) -> str:
    """One of the names, as often as its share says."""
    names = list(shares)
    p = np.array([shares[n] for n in names], np.float64)
    return names[int(rng.choice(len(names), p=p / p.sum()))]


def linear_weights(n: int, coarse: int, factor: int) -> NDArray[np.float32]:
    """Matrix that interpolates block means back to samples, shape (n, coarse)."""
    at = np.clip((np.arange(n) + 0.5) / factor - 0.5, 0, coarse - 1)
    low = np.minimum(at.astype(int), max(coarse - 2, 0))
    weights = np.zeros((n, coarse), np.float32)
    weights[np.arange(n), low] = 1 - (at - low)
    if coarse > 1:
        weights[np.arange(n), low + 1] = at - low
    return weights
