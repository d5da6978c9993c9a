"""Makes a young head old or ill: wide ventricles and sulci, fluid over the brain, swelling."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.displacement import Displacement, carry
from ichviewer.learning.synthesis.extra_axial import against_skull
from ichviewer.learning.synthesis.lesion import Solid
from ichviewer.learning.synthesis.noise import smooth_field
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue

_FAR_MM = 60.0


def widen_ventricles(
    hu: Field, skull: Skull, tissue: Tissue, wider_mm: float, rng: np.random.Generator
) -> Field:
    """Move the walls of the ventricles outwards by about `wider_mm`; the brain around is thinned."""
    rooms = tissue.ventricles
    if not rooms.any():
        return hu
    away = _from_rooms(rooms, skull)
    # Around a small room a wide one would be a ball.
    largest_mm2 = float(rooms.sum(axis=(1, 2)).max()) * skull.step_mm[1] ** 2
    wider_mm = min(wider_mm, 1.2 + 0.25 * float(np.sqrt(largest_mm2)))
    # Those of a head that has aged already grow little more.
    volume_ml = float(rooms.sum()) * float(np.prod(skull.step_mm)) / 1000
    wider_mm *= float(np.clip(1.6 - volume_ml / 50, 0.15, 1))
    uneven = 1 + np.float32(0.25) * smooth_field(rng, hu.shape, skull.step_mm, 30.0)
    # The third and fourth ventricle widen less than the lateral ones.
    narrow = (np.abs(skull.x_mm) < 7) & (skull.z3 > 62) | (skull.z3 > 88)
    wall = np.float32(wider_mm) * uneven * np.where(narrow, np.float32(0.3), np.float32(1))
    # The septum between the lateral ones stays where it is.
    wall *= np.clip((np.abs(skull.x_mm) + 1) / 8, 0.2, 1)
    wall = ndimage.gaussian_filter(wall, (0, 2, 2), truncate=2.0)
    wall = np.minimum(wall, np.maximum(skull.depth_mm - 8, 0) * 0.4)
    reach = 26.0 + 2 * wall
    amount = wall * np.clip(1 - np.clip(away - wall, 0, None) / reach, 0, 1)
    down = np.zeros_like(hu)
    across = np.zeros_like(hu)
    for k in np.flatnonzero(away.min(axis=(1, 2)) < _FAR_MM):
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


def _from_rooms(rooms: Mask, skull: Skull) -> Field:
    """Distance from the walls of rooms in the plane, negative inside; next to the last slice, from its rooms."""
    away = np.full(rooms.shape, _FAR_MM, np.float32)
    held = np.asarray(rooms.any(axis=(1, 2)))
    for k in np.flatnonzero(held):
        flat = ndimage.distance_transform_edt(~rooms[k]) - ndimage.distance_transform_edt(rooms[k])
        away[k] = ndimage.gaussian_filter(flat * skull.step_mm[1], 1.5, truncate=2.5)
    for k in np.flatnonzero(held):
        for beside in (k - 1, k + 1):
            if 0 <= beside < len(rooms) and not held[beside]:
                over = np.hypot(np.clip(away[k], 0, None), np.float32(skull.step_mm[0]))
                away[beside] = np.minimum(away[beside], over)
    return away


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


def fluid_rim(rng: np.random.Generator, skull: Skull, *, both_sides: bool) -> Solid | None:
    """CSF between brain and skull: a shrunken brain on both sides, or a hygroma on one.

    It is no blood and carries no label; it pushes the brain inwards as blood would.
    """
    side = np.float32(rng.choice([-1, 1]))
    shape, step = skull.inside.shape, skull.step_mm
    thickness = rng.uniform(1.5, 5.0) if both_sides else rng.uniform(2.5, 11.0)
    wave = 1 + np.float32(0.4) * smooth_field(rng, shape, step, 35.0)
    room = np.float32(thickness) * wave * np.clip((rng.uniform(60, 92) - skull.z3) / 20, 0, 1)
    front = np.clip((np.float32(rng.uniform(-10, 40)) - skull.y3) / 25, 0.15 if both_sides else -0.5, 1)
    room = room * front
    if not both_sides:
        room = np.minimum(room, (skull.x_mm * side - 1) * 0.8)
    room = np.clip(room, -10, None).astype(np.float32)
    level = room - np.maximum(skull.depth_mm, 0) - 0.3 + np.float32(0.5) * smooth_field(rng, shape, step, 5.0)
    if not both_sides:
        level = np.minimum(level, skull.x_mm * side - 0.8)
    hu = np.full((1, 1, 1), rng.uniform(3, 11) if both_sides else rng.uniform(2, 12), np.float32)
    return against_skull(
        rng, skull, Hemorrhage.ANY, level.astype(np.float32), room, hu=hu, effaced=(0.0, 0.1)
    )


def swollen(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A brain without oxygen or with edema all over: dark and flat, with narrow grey cisterns.

    Beside it falx, tentorium and what is left of the cisterns look dense, as if they held blood.
    """
    drop = (
        np.float32(rng.uniform(3, 9)) * (1 - tissue.fluid) * (np.abs(skull.midline_mm) > 1.6) * skull.inside
    )
    drop = ndimage.gaussian_filter(drop, (0, 0.7, 0.7), truncate=2.5)
    flat = np.float32(rng.uniform(0.2, 0.8)) * (tissue.smooth_hu - tissue.local_hu) * (tissue.fluid < 0.2)
    closed = np.where(tissue.ventricles, 0, tissue.fluid) * np.clip(
        np.float32(rng.uniform(22, 36)) - tissue.smooth_hu, 0, 30
    )
    deep = np.clip((skull.depth_mm - 1) / 2, 0, 1) * skull.inside * (hu < 80)
    done: Field = (hu + (closed - drop - np.clip(flat, -8, 8)) * deep).astype(np.float32)
    return done


def pale_white_matter(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Small-vessel disease: the white matter around the ventricles is darker."""
    if not tissue.ventricles.any():
        return None
    deep = np.clip((skull.depth_mm - 14) / 12, 0, 1) * ((skull.z3 > 28) & (skull.z3 < 75))
    patchy = np.clip(0.4 + 0.7 * smooth_field(rng, hu.shape, skull.step_mm, 14.0), 0, 1)
    white = np.clip((tissue.brain_hu + 2 - tissue.smooth_hu) / 6, 0, 1)
    drop = deep * patchy * white * (1 - tissue.fluid) * np.float32(rng.uniform(3, 11))
    done: Field = (hu - drop * skull.inside).astype(np.float32)
    return done
