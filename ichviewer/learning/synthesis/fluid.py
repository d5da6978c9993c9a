"""Blood in fluid: it settles in the ventricles, and fills sulci, fissures and cisterns."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.lesion import Filling
from ichviewer.learning.synthesis.noise import log_normal, smooth_field, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue


def intraventricular(rng: np.random.Generator, skull: Skull, tissue: Tissue) -> Filling | None:
    """Layers at the back of the ventricles, or casts of them."""
    rooms = tissue.ventricles
    if rooms.sum() < 40:
        return None
    near = ndimage.binary_dilation(rooms, np.ones((1, 3, 3), bool), iterations=2)
    space = np.clip(tissue.fluid * np.float32(1.7), 0, 1) * near
    side = np.sign(skull.x_mm)
    fourth = np.broadcast_to(skull.z3 > 92, rooms.shape)
    third = ~fourth & (np.abs(skull.x_mm) < 5) & (skull.z3 > 64) & (np.abs(skull.y3) < 22)
    lateral = ~fourth & ~third
    form = weighted(rng, {"layer": 0.5, "cast": 0.3, "both": 0.2})
    fill = np.full(rooms.shape, -5, np.float32)
    sides = [-1, 1] if rng.random() < 0.65 else [int(rng.choice([-1, 1]))]
    wave = smooth_field(rng, rooms.shape, skull.step_mm, 14.0)
    for s in sides:
        part: Mask = lateral & (side == s)
        seen = rooms & part
        if not seen.any():
            continue
        rows = skull.y_mm[np.nonzero(seen)[1]]
        if form != "layer" and rng.random() < 0.7:
            back = (
                float(rows.min()) - 5
                if rng.random() < 0.5
                else float(np.quantile(rows, rng.uniform(0.1, 0.5)))
            )
            ragged = wave * np.float32(rng.uniform(1, 6))
        else:
            # The patient lies on the back: the surface of a layer is level in the picture.
            deep = log_normal(rng, 1.5, 6.0, 22.0)
            back = float(np.quantile(rows, 0.985)) - deep
            ragged = wave * np.float32(0.4)
        fill = np.where(part, np.maximum(fill, skull.y3 - np.float32(back) + ragged), fill)
    if rng.random() < (0.3 if form == "layer" else 0.6):
        fill = np.where(third, 3 + wave, fill)
    if rng.random() < (0.3 if form == "layer" else 0.55):
        fill = np.where(fourth, 2 + 2 * wave, fill)
    share = (space * np.clip(fill / np.float32(1.6) + 0.5, 0, 1)).astype(np.float32)
    if share.sum() * np.prod(skull.step_mm) < 100:
        return None
    hu = np.float32(np.clip(rng.normal(53, 8), 37, 75)) + wave * np.float32(rng.uniform(0, 4))
    return Filling(Hemorrhage.INTRAVENTRICULAR, share, hu.astype(np.float32))


_LEAST_SULCUS_MM2 = 9.0
_SITES = {"convexity": 0.42, "sylvian": 0.22, "cisterns": 0.16, "interhemispheric": 0.10, "tentorial": 0.10}


def subarachnoid(rng: np.random.Generator, skull: Skull, tissue: Tissue) -> Filling | None:
    """Patches that follow sulci, fissures and cisterns, from a single sulcus to most of the base."""
    space = _spaces(rng, skull, tissue)
    shape, step = skull.inside.shape, skull.step_mm
    reach = np.full(shape, -3, np.float32)
    axes = [np.arange(n, dtype=np.float32) * s for n, s in zip(shape, step, strict=True)]
    found = 0
    main = weighted(rng, _SITES)
    for _ in range(int(rng.integers(1, 5))):
        site = main if rng.random() < 0.6 else weighted(rng, _SITES)
        spots = np.flatnonzero(_zone(site, skull) & (space > 0.35))
        if spots.size < 25:
            continue
        at = np.unravel_index(int(rng.choice(spots)), shape)
        size = log_normal(rng, 8, 18, 45) * (1.3 if site == "cisterns" else 1.0)
        far = np.sqrt(
            ((axes[0] - axes[0][at[0]]) * np.float32(1.2))[:, None, None] ** 2
            + ((axes[1] - axes[1][at[1]])[:, None] ** 2 + (axes[2] - axes[2][at[2]])[None, :] ** 2)[None]
        )
        reach = np.maximum(reach, (np.float32(size) - far) / np.float32(0.35 * size))
        found += 1
    if not found:
        return None
    patches = smooth_field(rng, shape, step, 12.0) * np.float32(0.6) + np.float32(rng.uniform(0.0, 0.9))
    amount = np.clip(np.minimum(reach, 1.0) + patches * (reach > -0.5) - 0.25, 0, 1)
    strength = np.float32(rng.uniform(0.75, 1.0) if rng.random() < 0.75 else rng.uniform(0.5, 0.75))
    # Blood widens a sulcus: what was a faint dark line becomes a plain bright one.
    share = np.clip(space * np.float32(rng.uniform(1.6, 2.8)), 0, 1) * amount
    for k in np.flatnonzero(share.max(axis=(1, 2)) > 0):
        share[k] = np.maximum(share[k], 1.15 * ndimage.gaussian_filter(share[k], 0.8, truncate=3.0))
    share = (np.clip(share, 0, 1) * strength * skull.inside).astype(np.float32)
    if share.sum() * np.prod(step) < 60:
        return None
    hu = np.float32(np.clip(rng.normal(62, 7), 50, 78))
    return Filling(Hemorrhage.SUBARACHNOID, share, np.full((1, 1, 1), hu, np.float32))


def _spaces(rng: np.random.Generator, skull: Skull, tissue: Tissue) -> Field:
    """Sulci, fissures and cisterns as a share of each pixel; narrow ones count for more than they look."""
    dark = (tissue.local_hu - 2.5 - tissue.smooth_hu) / np.float32(9.0)
    # White matter is dark too, but wide: sulci are darker than what is close beside them.
    line = np.stack([ndimage.uniform_filter(s, 7) for s in tissue.smooth_hu])
    line -= tissue.smooth_hu + np.float32(1.2)
    broad = tissue.fluid > 0.55
    space = np.where(broad, np.maximum(dark, 0.6), np.minimum(dark, line / np.float32(3.0)))
    if rng.random() < 0.4:
        # In a tight head sulci are there and cannot be seen before blood is in them.
        sheets = 1 - np.abs(smooth_field(rng, space.shape, skull.step_mm, 13.0)) / np.float32(0.22)
        grey = np.clip((tissue.smooth_hu - tissue.brain_hu + 4) / 4, 0, 1) * (skull.depth_mm < 14)
        space = np.maximum(space, np.clip(sheets, 0, 1) * grey * np.float32(rng.uniform(0.3, 0.8)))
    # Deep in the hemispheres dark lines are white matter; fissures and cisterns lie at the base and the middle.
    x = np.abs(skull.x_mm)
    fissure = (
        (x < 6)
        | ((x < 26) & (skull.z3 > 68) & (skull.depth_mm < 45))
        | ((x > 24) & (np.abs(skull.y3 + 6) < 26) & (skull.z3 > 54) & (skull.z3 < 94))
    )
    space *= np.clip((np.where(fissure, 60, 17) - skull.depth_mm) / 5, 0, 1)
    # Specks are noise; what holds blood is long.
    in_plane = np.zeros((3, 3, 3), bool)
    in_plane[1] = True
    marks, _ = ndimage.label(space > 0.3, in_plane)
    long = np.bincount(marks.ravel()) * skull.step_mm[1] * skull.step_mm[2] >= _LEAST_SULCUS_MM2
    long[0] = True
    space *= long[marks]
    # A wide space right under the skull is no sulcus: blood thins out in it.
    space = np.where(broad & (skull.depth_mm < 6) & (skull.z3 < 80), 0.25 * space, space)
    rooms = ndimage.binary_dilation(tissue.ventricles, np.ones((1, 3, 3), bool), iterations=3)
    # The third ventricle, seen or not.
    rooms |= (np.abs(skull.x_mm) < 6) & (np.abs(skull.y3 + 4) < 20) & (skull.depth_mm > 34) & (skull.z3 > 56)
    space[rooms | tissue.cavity | (skull.depth_mm < 0.3)] = 0
    done: Field = np.clip(space, 0, 1).astype(np.float32)
    return done


def _zone(site: str, skull: Skull) -> Mask:
    x, y, z, depth = np.abs(skull.x_mm), skull.y3, skull.z3, skull.depth_mm
    zones: dict[str, Mask] = {
        "convexity": (depth < 18) & (x > 5) & (z > 12) & (z < 85),
        "sylvian": (x > 26) & (x < 58) & (y > -32) & (y < 18) & (z > 55) & (z < 92) & (depth > 6),
        "cisterns": (x < 28) & (y > -32) & (y < 26) & (z > 74) & (z < 112) & (depth > 12),
        "interhemispheric": (x < 5) & ((y < -18) | (y > 40)) & (z > 15) & (z < 90),
        "tentorial": (x < 40) & (y > 8) & (z > 70) & (z < 98) & (depth > 10),
    }
    return zones[site] & skull.inside
