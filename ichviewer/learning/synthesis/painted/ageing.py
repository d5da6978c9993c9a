"""Makes a young head older: wider ventricles and sulci, as in atrophy and hydrocephalus."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.painted.displacement import Displacement, carry
from ichviewer.learning.synthesis.painted.noise import smooth_field
from ichviewer.learning.synthesis.painted.skull import Field, Skull
from ichviewer.learning.synthesis.painted.tissue import Tissue


def widen_ventricles(
    hu: Field, skull: Skull, tissue: Tissue, wider_mm: float, rng: np.random.Generator
) -> Field:
    """Move the walls of the ventricles outwards by about `wider_mm`; the brain around is thinned."""
    rooms = tissue.ventricles
    if not rooms.any():
        return hu
    away = np.empty(hu.shape, np.float32)
    for k in range(len(hu)):
        if rooms[k].any():
            away[k] = ndimage.distance_transform_edt(~rooms[k]) - ndimage.distance_transform_edt(rooms[k])
        else:
            away[k] = 60.0
    away *= np.float32(skull.step_mm[1])
    # Between slices the wall runs on: neighbors pull each other.
    away = ndimage.gaussian_filter(away, (0.5, 1.5, 1.5), truncate=2.5)
    reach = 30.0
    uneven = 1 + np.float32(0.25) * smooth_field(rng, hu.shape, skull.step_mm, 30.0)
    # The third and fourth ventricle widen less than the lateral ones.
    narrow = (np.abs(skull.x_mm) < 7) & (skull.z3 > 62) | (skull.z3 > 88)
    wall = np.float32(wider_mm) * uneven * np.where(narrow, np.float32(0.3), np.float32(1))
    wall = ndimage.gaussian_filter(wall, (0, 2, 2), truncate=2.0)
    wall = np.minimum(wall, np.maximum(skull.depth_mm - 8, 0) * 0.4)
    reach = 26.0 + 2 * wall
    amount = wall * np.clip(1 - np.clip(away - wall, 0, None) / reach, 0, 1)
    down = np.zeros_like(hu)
    across = np.zeros_like(hu)
    for k in np.flatnonzero(rooms.any(axis=(1, 2))):
        dy, dx = np.gradient(away[k], skull.step_mm[1])
        length = np.maximum(np.hypot(dy, dx), 0.3)
        down[k], across[k] = dy / length * amount[k], dx / length * amount[k]
    clear = (skull.depth_mm > 1.2) & (hu < 90)
    soft = np.where(clear, hu, tissue.smooth_hu)
    moved = carry(soft, Displacement(down, across), skull.step_mm[1])
    # The room itself: fluid, with the picture's own noise.
    room = np.clip((wall - away) / np.float32(1.2) + 0.5, 0, 1) * (amount > 0)
    grain = np.where(clear, np.clip(hu - tissue.smooth_hu, -2 * tissue.noise_hu, 2 * tissue.noise_hu), 0)
    moved = moved * (1 - room) + (np.float32(rng.uniform(5, 11)) + grain) * room
    return np.where(skull.inside & (amount > 0) & (hu < 98), moved, hu).astype(np.float32)


def widen_sulci(hu: Field, skull: Skull, tissue: Tissue, strength: float, rng: np.random.Generator) -> Field:
    """Let fluid eat into the cortex on both sides of the sulci, and open a gap under the skull."""
    local = 1 + np.float32(0.3) * smooth_field(rng, hu.shape, skull.step_mm, 40.0)
    out = hu.copy()
    for k in np.flatnonzero(skull.inside.any(axis=(1, 2))):
        s = np.where(skull.inside[k], tissue.smooth_hu[k], tissue.brain_hu)
        eroded = ndimage.gaussian_filter(ndimage.minimum_filter(s, 3), 0.6)
        around = ndimage.uniform_filter(s, 11)
        sulcus = np.clip((around - 1.5 - eroded) / 6, 0, 1)
        darker = np.clip((s - np.minimum(eroded, s)) * 1.0 + 9 * sulcus, 0, np.maximum(s - 7, 0))
        gap = np.clip((strength * 2.2 * local[k] - skull.depth_mm[k]) / 1.2 + 0.5, 0, 1)
        gap *= np.clip((s - 9) / 1.0, 0, 24) * (skull.below_vertex_mm[k] < 95)
        change = np.maximum(np.clip(strength * local[k], 0, 1.3) * darker * sulcus, gap * 0.9)
        soft = skull.inside[k] & (hu[k] < 90) & (skull.depth_mm[k] > 0.6)
        out[k] = np.where(soft, hu[k] - change, hu[k])
    return out
