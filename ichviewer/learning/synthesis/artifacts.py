"""Streaks and metal, air that was let in, and tubes: arteries with contrast medium, catheters, electrodes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field, length
from ichviewer.learning.synthesis.bleeding import share_of
from ichviewer.learning.synthesis.noise import draw_pixel, draw_side
from ichviewer.learning.synthesis.skull import SATURATED_HU, Skull
from ichviewer.learning.synthesis.tissue import Tissue
from ichviewer.learning.synthesis.whole_picture import AIR_HU, Spot

_ARTERIES = {
    "basilar": [(0, 2, 112), (0, -3, 100), (0, -6, 92)],
    "middle-left": [(-4, -12, 90), (-18, -14, 88), (-33, -8, 82), (-42, 0, 76)],
    "middle-right": [(4, -12, 90), (18, -14, 88), (33, -8, 82), (42, 0, 76)],
    "anterior": [(-2, -16, 89), (0, -26, 84), (0, -34, 74), (0, -28, 62)],
    "carotids": [(-12, -14, 100), (-9, -13, 92), (-4, -12, 90)],
}
"""Points along them: to the right, behind the middle and below the vertex, in mm."""


def streaks(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Dark and bright bands between the petrous bones, and fine streaks from dense bone."""
    out = hu.copy()
    for k in np.flatnonzero((skull.below_vertex_mm > 70) & skull.inside.any(axis=(1, 2))):
        if rng.random() < 0.3:
            continue
        band = np.zeros(hu.shape[1:], np.float32)
        for _ in range(int(rng.integers(1, 5))):
            line = rng.normal(5, 22) + rng.normal(0, 0.2) * skull.x_mm[k]
            across = (skull.y_mm[:, None] - line) / rng.uniform(1.0, 7.0)
            band += np.exp(-0.5 * across**2) * np.float32(rng.uniform(3, 14) * rng.choice([-1, 1]))
        out[k] += np.where(skull.inside[k] & (hu[k] < 95), band, 0)
    return out


def cupping(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Beam hardening left over: a bright rim of brain under the skull."""
    rim = np.exp(-np.clip(skull.depth_mm, 0, None) / np.float32(rng.uniform(2.5, 8)))
    rim *= np.float32(rng.uniform(4, 14)) * (skull.inside & (hu < 95))
    return np.asarray(hu + rim, np.float32)


def metal(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A clip or a coil, mostly on the arteries at the base, from which streaks run through the slice."""
    base = (np.abs(skull.x_mm) < 34) & (skull.z3 > 70) & (skull.z3 < 100) & (np.abs(skull.y3 + 12) < 22)
    at = draw_pixel(rng, skull.inside & (base if rng.random() < 0.75 else skull.depth_mm > 4))
    if at is None:
        return None
    _, y, x = (part[0] for part in skull.offsets_mm(at))
    far, angle = np.hypot(y, x), np.arctan2(y, x)
    waves = int(rng.integers(3, 9))
    phases, strengths = rng.uniform(0, 2 * np.pi, waves), rng.normal(0, 1, waves)
    ray = np.zeros_like(far)
    for i, (strength, phase) in enumerate(zip(strengths, phases, strict=True)):
        ray += np.float32(strength) * np.cos((2 * i + 3) * angle + np.float32(phase))
    ray = np.sign(ray) * np.abs(ray) ** 1.5
    size, strength = rng.uniform(1.5, 5.0), rng.uniform(6, 40)
    out = hu.copy()
    for k in range(max(0, at[0] - 1), min(len(hu), at[0] + 2)):
        fade = 1.0 if k == at[0] else 0.35
        soft = skull.inside[k] & (hu[k] > AIR_HU) & (hu[k] < SATURATED_HU)
        out[k] += np.where(soft, ray * np.float32(strength * fade * 12) / (far + 12), 0)
    out[at[0], (far < size) & skull.inside[at[0]]] = 100
    return np.clip(out, -20, 100).astype(np.float32)


def air(rng: Generator, hu: Field, skull: Skull, tissue: Tissue, near: Spot | None = None) -> Field | None:
    """Bubbles under the front of the skull, where air rises to in a patient who lies on the back, or `near`."""
    level = np.full(hu.shape, -9, np.float32)
    for _ in range(int(rng.integers(1, 7))):
        if near is None or rng.random() < 0.3:
            x, y, z = rng.normal(0, 28), rng.uniform(-85, -25), rng.uniform(5, 75)
        else:
            angle = near.azimuth_rad + rng.normal(0, 0.35)
            x, y = float(near.side * 62 * np.cos(angle)), float(78 * np.sin(angle))
            z = near.below_vertex_mm + rng.normal(0, 10)
        radius = rng.uniform(1.0, 3.0) if rng.random() < 0.6 else rng.uniform(3.0, 9.0)
        far = length((skull.x_mm - x) / rng.uniform(1, 2.2), skull.y3 - y, skull.z3 - z)
        level = np.maximum(level, np.minimum(radius - far, 12 - skull.depth_mm))
    share = share_of(np.minimum(level, skull.depth_mm - 0.5), 0.6) * skull.inside
    darker = share * np.clip((95 - hu) / 10, 0, 1) * (tissue.smooth_hu + 60)
    return np.asarray(np.maximum(hu - darker, -20), np.float32) if float(share.max()) > 0.2 else None


def bright_arteries(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """All arteries at the base with contrast in them, or one that is dense with clot."""
    contrast = rng.random() < 0.6
    names = list(_ARTERIES) if contrast else [str(rng.choice(["basilar", "middle-left", "middle-right"]))]
    shift = rng.normal(0, 2.5, 3)
    share = np.zeros_like(hu)
    for name in names:
        points = [np.array(p) + shift + rng.normal(0, 2.0, 3) for p in _ARTERIES[name]]
        radius = rng.uniform(1.0, 1.9)
        for a, b in pairwise(points):
            share = np.maximum(share, _tube(skull, a, b, radius))
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
        out = out + share_of(corner, 0.8) * skull.inside * (hu < 95) * np.float32(rng.uniform(15, 60))
    return np.asarray(np.minimum(out, 100), np.float32)


def catheter(rng: Generator, hu: Field, skull: Skull, tissue: Tissue, opening: Spot) -> Field | None:
    """A drain from a hole in the skull to the middle of the head."""
    if opening.half_width_rad > 0:
        return None
    k = int(np.argmin(np.abs(skull.below_vertex_mm - opening.below_vertex_mm)))
    hole = skull.on_inner_table(k, opening.side, opening.azimuth_rad, 1)
    if hole is None:
        return None
    start = np.array([skull.x_mm[hole], skull.y_mm[hole[1]], skull.below_vertex_mm[k]])
    seen = tissue.ventricles & (skull.z3 < 84)
    at = draw_pixel(rng, seen) if seen.sum() > 20 and rng.random() < 0.8 else None
    if at is not None:
        end = np.array([skull.x_mm[at], skull.y_mm[at[1]], skull.below_vertex_mm[at[0]]])
    else:
        end = np.array([rng.normal(0, 8), rng.normal(-4, 12), rng.uniform(54, 76)])
    share = _tube(skull, start, end, rng.uniform(0.9, 1.5)) * skull.inside
    out = hu + share * np.clip(rng.uniform(90, 240) - tissue.smooth_hu, 0, None)
    return np.asarray(np.minimum(out, 100), np.float32)


def electrode(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A wire to the deep nuclei of one side or both, so dense that it darkens what is beside it."""
    share = np.zeros_like(hu)
    for side in (-1.0, 1.0) if rng.random() < 0.6 else (draw_side(rng),):
        start = np.array([side * rng.uniform(24, 42), rng.uniform(-50, -15), rng.uniform(14, 26)])
        end = np.array([side * rng.uniform(9, 15), rng.uniform(-8, 4), rng.uniform(72, 82)])
        share = np.maximum(share, _tube(skull, start, end, rng.uniform(0.6, 1.1)))
    halo = ndimage.gaussian_filter(share, (0, 3, 3), truncate=3.0) * np.float32(rng.uniform(20, 70))
    out = hu - np.where(share < 0.1, halo, 0) + share * np.float32(rng.uniform(120, 400))
    return np.where(skull.inside & (hu < 99), np.clip(out, -20, 100), hu).astype(np.float32)


def _tube(skull: Skull, a: NDArray[np.floating], b: NDArray[np.floating], radius: float) -> Field:
    """Share of each pixel within a radius of the line from a to b, both (x, y, below the vertex) in mm."""
    d = (b - a).astype(np.float32)
    x, y, z = skull.x_mm - np.float32(a[0]), skull.y3 - np.float32(a[1]), skull.z3 - np.float32(a[2])
    t = np.clip((x * d[0] + y * d[1] + z * d[2]) / max(float(d @ d), 1e-3), 0, 1)
    return share_of(radius - np.minimum(length(x - t * d[0], y - t * d[1], z - t * d[2]), 20), 0.6)
