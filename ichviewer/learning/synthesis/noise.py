"""Random fields, numbers and places."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.random import Generator

from ichviewer.learning.synthesis.anatomy import Field, Mask, Pixel

Name = TypeVar("Name", bound=str)


def smooth_field(
    rng: Generator, shape: tuple[int, int, int], step_mm: tuple[float, float, float], scale_mm: float
) -> Field:
    """A random field of mean 0 and variance 1 whose humps are about `scale_mm` wide.

    Its samples are `step_mm` apart along each axis. White noise on a coarse grid is blurred and brought to the fine
    one in one go, axis by axis.
    """
    a, b, c = (_mix(n, step, scale_mm) for n, step in zip(shape, step_mm, strict=True))
    coarse = rng.standard_normal((a.shape[1], b.shape[1], c.shape[1])).astype(np.float32)
    field = np.tensordot(a, np.tensordot(b, coarse @ c.T, axes=(1, 1)), axes=(1, 1))
    return np.ascontiguousarray(field, dtype=np.float32)


def _mix(n: int, step_mm: float, scale_mm: float) -> Field:
    """Weights that blur the nodes of a coarse grid and bring them to n samples, shape (n, nodes)."""
    spread = scale_mm / 2
    nodes = max(1, int(np.ceil(n * step_mm / spread)) + 7)
    at = (np.arange(n) - (n - 1) / 2) * step_mm
    node = (np.arange(nodes) - (nodes - 1) / 2) * spread
    weights = np.exp(-0.5 * ((at[:, None] - node[None, :]) / (0.9 * spread)) ** 2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return weights.astype(np.float32)


def log_normal(rng: Generator, low: float, middle: float, high: float) -> float:
    """A number whose 5, 50 and 95 % quantiles are these; two half bells on a logarithmic scale."""
    z = float(rng.standard_normal())
    side = high if z > 0 else low
    return float(middle * np.exp(abs(z) / 1.645 * np.log(side / middle)))


def weighted(rng: Generator, shares: dict[Name, float]) -> Name:
    """One of the names, as often as its share says."""
    p = np.array(list(shares.values()), np.float64)
    return list(shares)[int(rng.choice(len(p), p=p / p.sum()))]


def draw_side(rng: Generator) -> float:
    """Left or right: -1 or 1."""
    return float(rng.choice([-1, 1]))


def draw_pixel(rng: Generator, zone: Mask, least: float = 1) -> Pixel | None:
    """A pixel of a mask; None where the mask has fewer than `least`."""
    spots = np.flatnonzero(zone)
    if spots.size < least:
        return None
    k, r, c = np.unravel_index(int(rng.choice(spots)), zone.shape)
    return int(k), int(r), int(c)
