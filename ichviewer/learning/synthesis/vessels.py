"""Tubes: arteries bright with contrast or clot, catheters that drain a ventricle, and electrodes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.lesion import share_of
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.surface import Spot
from ichviewer.learning.synthesis.tissue import Tissue

_ARTERIES = {
    "basilar": [(0, 2, 112), (0, -3, 100), (0, -6, 92)],
    "middle-left": [(-4, -12, 90), (-18, -14, 88), (-33, -8, 82), (-42, 0, 76)],
    "middle-right": [(4, -12, 90), (18, -14, 88), (33, -8, 82), (42, 0, 76)],
    "anterior": [(-2, -16, 89), (0, -26, 84), (0, -34, 74), (0, -28, 62)],
    "carotids": [(-12, -14, 100), (-9, -13, 92), (-4, -12, 90)],
}


def bright_arteries(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """All arteries at the base with contrast in them, or one that is dense with clot."""
    contrast = rng.random() < 0.6
    names = list(_ARTERIES) if contrast else [str(rng.choice(["basilar", "middle-left", "middle-right"]))]
    shift = rng.normal(0, 2.5, 3)
    share = np.zeros_like(hu)
    for name in names:
        points = [np.array(p) + shift + rng.normal(0, 2.0, 3) for p in _ARTERIES[name]]
        radius = rng.uniform(1.0, 1.9)
        for a, b in pairwise(points):
            share = np.maximum(share, share_of(radius - _from_line(skull, a, b), 0.6))
    share *= skull.inside & (skull.depth_mm > 1)
    if not share.any():
        return None
    density = rng.uniform(75, 180) if contrast else rng.uniform(48, 68)
    out = hu + share * np.clip(density - tissue.smooth_hu, 0, None)
    if contrast:
        # Vessels too small to see brighten everything a little; the sinuses plainly.
        out = out + skull.inside * (1 - tissue.fluid) * np.float32(rng.uniform(0, 4))
        corner = np.minimum((6 - skull.depth_mm) * 0.6, 4.5 - np.abs(skull.x_mm) - 0.4 * skull.depth_mm)
        corner = np.minimum(corner, np.maximum(skull.y3 - 20, 12 - skull.z3) * 0.3)
        sinus = share_of(corner.astype(np.float32), 0.8) * skull.inside * (hu < 95)
        out = out + sinus * np.float32(rng.uniform(15, 60))
    done: Field = np.minimum(out, 100).astype(np.float32)
    return done


def catheter(
    rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue, opening: Spot
) -> Field | None:
    """A drain from a hole in the skull to the middle of the head."""
    if opening.half_width_rad > 0:
        return None
    k = int(np.argmin(np.abs(skull.below_vertex_mm - opening.below_vertex_mm)))
    rim = np.nonzero((np.abs(skull.depth_mm[k] - 1) < 1) & skull.inside[k])
    if rim[0].size == 0:
        return None
    x, y = skull.x_mm[k][rim], skull.y_mm[rim[0]]
    best = int(np.argmin(np.abs(np.arctan2(y, x * opening.side) - opening.azimuth_rad)))
    start = np.array([x[best], y[best], skull.below_vertex_mm[k]])
    seen = np.flatnonzero(tissue.ventricles & (skull.z3 < 84))
    if seen.size > 20 and rng.random() < 0.8:
        at = np.unravel_index(int(rng.choice(seen)), hu.shape)
        end = np.array([skull.x_mm[at], skull.y_mm[at[1]], skull.below_vertex_mm[at[0]]])
    else:
        end = np.array([rng.normal(0, 8), rng.normal(-4, 12), rng.uniform(54, 76)])
    share = share_of(np.float32(rng.uniform(0.9, 1.5)) - _from_line(skull, start, end), 0.6)
    share *= skull.inside
    out = hu + share * np.clip(rng.uniform(90, 240) - tissue.smooth_hu, 0, None)
    done: Field = np.minimum(out, 100).astype(np.float32)
    return done


def electrode(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A wire to the deep nuclei of one side or both, so dense that it darkens what is beside it."""
    share = np.zeros_like(hu)
    for side in (-1, 1) if rng.random() < 0.6 else (int(rng.choice([-1, 1])),):
        start = np.array([side * rng.uniform(24, 42), rng.uniform(-50, -15), rng.uniform(14, 26)])
        end = np.array([side * rng.uniform(9, 15), rng.uniform(-8, 4), rng.uniform(72, 82)])
        share = np.maximum(
            share, share_of(np.float32(rng.uniform(0.6, 1.1)) - _from_line(skull, start, end), 0.6)
        )
    halo = ndimage.gaussian_filter(share, (0, 3, 3), truncate=3.0) * np.float32(rng.uniform(20, 70))
    out = hu - np.where(share < 0.1, halo, 0) + share * np.float32(rng.uniform(120, 400))
    return np.where(skull.inside & (hu < 99), np.clip(out, -20, 100), hu).astype(np.float32)


def _from_line(skull: Skull, a: NDArray[np.float64], b: NDArray[np.float64]) -> Field:
    """Distance to the line from a to b, both (x, y, below the vertex) in mm; far away wherever that is plain."""
    d = (b - a).astype(np.float32)
    x, y, z = (
        skull.x_mm - np.float32(a[0]),
        skull.y3 - np.float32(a[1]),
        skull.z3 - np.float32(a[2]),
    )
    t = np.clip((x * d[0] + y * d[1] + z * d[2]) / max(float(d @ d), 1e-3), 0, 1)
    far: Field = np.sqrt((x - t * d[0]) ** 2 + (y - t * d[1]) ** 2 + (z - t * d[2]) ** 2)
    return np.minimum(far, 20).astype(np.float32)
