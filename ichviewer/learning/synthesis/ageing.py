"""Makes a young head old or ill: wide ventricles and sulci, fluid over the brain, infarcts, swelling."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.bleeding import Displacement, Solid, carry, share_of
from ichviewer.learning.synthesis.extra_axial import against_skull
from ichviewer.learning.synthesis.noise import draw_pixel, draw_side, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue, clear_of_bone

_FAR_MM = 60.0
_SEEN_HU = 3.0
_INFARCTS = {"lacune": 0.3, "wedge": 0.35, "territory": 0.35}
_ARTERIES = {"middle": 0.65, "anterior": 0.12, "posterior": 0.23}


def widen_ventricles(hu: Field, skull: Skull, tissue: Tissue, wider_mm: float, rng: Generator) -> Field:
    """Move the walls of the ventricles outwards by about `wider_mm`; the brain around is thinned."""
    rooms = tissue.ventricles
    if not rooms.any():
        return hu
    away = _from_rooms(rooms, skull)
    # Around a small room a wide one would be a ball.
    largest_mm2 = float(rooms.sum(axis=(1, 2)).max()) * skull.step_mm[1] ** 2
    wider_mm = min(wider_mm, 1.2 + 0.25 * float(np.sqrt(largest_mm2)))
    # Those of a head that has aged already grow little more.
    wider_mm *= float(np.clip(1.6 - skull.volume_mm3(rooms) / 1000 / 50, 0.15, 1))
    # The third and fourth ventricle widen less than the lateral ones.
    narrow = (np.abs(skull.x_mm) < 7) & (skull.z3 > 62) | (skull.z3 > 88)
    uneven = 1 + np.float32(0.25) * skull.smooth_field(rng, 30.0)
    wall = np.float32(wider_mm) * uneven * np.where(narrow, np.float32(0.3), np.float32(1))
    # The septum between the lateral ones stays where it is.
    wall *= np.clip((np.abs(skull.x_mm) + 1) / 8, 0.2, 1)
    wall = ndimage.gaussian_filter(wall, (0, 2, 2), truncate=2.0)
    wall = np.minimum(wall, np.maximum(skull.depth_mm - 8, 0) * 0.4)
    amount = wall * np.clip(1 - np.clip(away - wall, 0, None) / (26.0 + 2 * wall), 0, 1)
    down, across = np.zeros_like(hu), np.zeros_like(hu)
    for k in np.flatnonzero(away.min(axis=(1, 2)) < _FAR_MM):
        dy, dx = np.gradient(away[k], skull.step_mm[1])
        steep = np.maximum(np.hypot(dy, dx), 0.3)
        down[k], across[k] = dy / steep * amount[k], dx / steep * amount[k]
    clear = clear_of_bone(hu, skull.depth_mm)
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
    held = np.flatnonzero(rooms.any(axis=(1, 2)))
    for k in held:
        flat = ndimage.distance_transform_edt(~rooms[k]) - ndimage.distance_transform_edt(rooms[k])
        away[k] = ndimage.gaussian_filter(flat * skull.step_mm[1], 1.5, truncate=2.5)
    for k in held:
        for beside in {k - 1, k + 1} & set(range(len(rooms))) - set(held):
            over = np.hypot(np.clip(away[k], 0, None), np.float32(skull.step_mm[0]))
            away[beside] = np.minimum(away[beside], over)
    return away


def widen_sulci(hu: Field, skull: Skull, tissue: Tissue, strength: float, rng: Generator) -> Field:
    """Let fluid eat into the cortex on both sides of the sulci, and open a gap under the skull."""
    local = 1 + np.float32(0.3) * skull.smooth_field(rng, 40.0)
    out = hu.copy()
    for k in np.flatnonzero(skull.inside.any(axis=(1, 2))):
        s = np.where(skull.inside[k], tissue.smooth_hu[k], tissue.brain_hu)
        eroded = ndimage.gaussian_filter(ndimage.minimum_filter(s, 3), 0.6)
        sulcus = np.clip((ndimage.uniform_filter(s, 11) - 1.5 - eroded) / 6, 0, 1)
        darker = np.clip(s - np.minimum(eroded, s) + 9 * sulcus, 0, np.maximum(s - 7, 0))
        gap = np.clip((strength * 2.2 * local[k] - skull.depth_mm[k]) / 1.2 + 0.5, 0, 1)
        gap *= np.clip(s - 9, 0, 24) * (skull.below_vertex_mm[k] < 95)
        change = np.maximum(np.clip(strength * local[k], 0, 1.3) * darker * sulcus, gap * 0.9)
        soft = skull.inside[k] & (hu[k] < 90) & (skull.depth_mm[k] > 0.6)
        out[k] = np.where(soft, hu[k] - change, hu[k])
    return out


def fluid_rim(rng: Generator, skull: Skull, *, both_sides: bool) -> Solid | None:
    """CSF between brain and skull: a shrunken brain on both sides, or a hygroma on one.

    It is no blood and carries no label; it pushes the brain inwards as blood would.
    """
    x = skull.x_mm * draw_side(rng)
    thickness = rng.uniform(1.5, 5.0) if both_sides else rng.uniform(2.5, 11.0)
    wave = 1 + np.float32(0.4) * skull.smooth_field(rng, 35.0)
    room = thickness * wave * np.clip((rng.uniform(60, 92) - skull.z3) / 20, 0, 1)
    room = room * np.clip((rng.uniform(-10, 40) - skull.y3) / 25, 0.15 if both_sides else -0.5, 1)
    if not both_sides:
        room = np.minimum(room, (x - 1) * 0.8)
    room = np.clip(room, -10, None).astype(np.float32)
    level = room - np.maximum(skull.depth_mm, 0) - 0.3 + np.float32(0.5) * skull.smooth_field(rng, 5.0)
    if not both_sides:
        level = np.minimum(level, x - 0.8)
    hu = np.full((1, 1, 1), rng.uniform(3, 11) if both_sides else rng.uniform(2, 12), np.float32)
    return against_skull(rng, skull, Hemorrhage.ANY, level, room, hu=hu, effaced=(0.0, 0.1))


def swollen(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A brain without oxygen or with edema all over: dark and flat, with narrow grey cisterns.

    Beside it falx, tentorium and what is left of the cisterns look dense, as if they held blood.
    """
    brain = (np.abs(skull.midline_mm) > 1.6) * skull.inside
    drop = np.float32(rng.uniform(3, 9)) * (1 - tissue.fluid) * brain
    drop = ndimage.gaussian_filter(drop, (0, 0.7, 0.7), truncate=2.5)
    flat = np.float32(rng.uniform(0.2, 0.8)) * (tissue.smooth_hu - tissue.local_hu) * (tissue.fluid < 0.2)
    closed = np.clip(np.float32(rng.uniform(22, 36)) - tissue.smooth_hu, 0, 30)
    closed = np.where(tissue.ventricles, 0, tissue.fluid) * closed
    deep = np.clip((skull.depth_mm - 1) / 2, 0, 1) * skull.inside * (hu < 80)
    return np.asarray(hu + (closed - drop - np.clip(flat, -8, 8)) * deep, np.float32)


def pale_white_matter(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Small-vessel disease: the white matter around the ventricles is darker."""
    if not tissue.ventricles.any():
        return None
    deep = np.clip((skull.depth_mm - 14) / 12, 0, 1) * ((skull.z3 > 28) & (skull.z3 < 75))
    patchy = np.clip(0.4 + 0.7 * skull.smooth_field(rng, 14.0), 0, 1)
    white = np.clip((tissue.brain_hu + 2 - tissue.smooth_hu) / 6, 0, 1)
    drop = deep * patchy * white * (1 - tissue.fluid) * np.float32(rng.uniform(3, 11))
    return np.asarray(hu - drop * skull.inside, np.float32)


def infarct(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Brain that has lost its blood supply, grey when fresh and as dark as fluid when old, shape (n, h, w).

    The cortex over an old one may be spared: a strip as dense as brain between it and the skull, which is no blood.
    None where there is no brain to put it in, or only what is as dark already.
    """
    form = weighted(rng, _INFARCTS)
    level = _territory(rng, skull) if form == "territory" else _round(rng, skull, tissue, form)
    if level is None:
        return None
    old = rng.random() < 0.5
    if form != "lacune" and rng.random() < (0.5 if old else 0.2):
        # The cortex that lives on is thick or thin, and may be missing in places.
        uneven = np.float32(0.6) * skull.smooth_field(rng, rng.uniform(14, 40))
        level = np.minimum(level, skull.depth_mm - rng.uniform(2.5, 8) * np.clip(0.8 + uneven, 0, 1.8))
    share = share_of(level, rng.uniform(0.8, 2.0)) * skull.inside
    # Remnants of tissue remain in it.
    patchy = np.float32(rng.uniform(0.05, 0.3)) * skull.smooth_field(rng, 8.0)
    share = share * np.clip(1.0 - np.abs(patchy), 0.2, 1)
    target = rng.uniform(5, 15) if old else rng.uniform(17, 27)
    drop = share * np.clip((80 - hu) / 20, 0, 1) * np.clip(tissue.smooth_hu - target, 0, 40)
    return (hu - drop).astype(np.float32) if float(drop.max()) > _SEEN_HU else None


def laminar_infarct(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """An infarct some weeks old whose cortex has become dense: a bright ribbon that follows the folds, no blood."""
    dark = infarct(rng, hu, skull, tissue)
    if dark is None:
        return None
    dead = ndimage.gaussian_filter(hu - dark, (0, 1, 1), truncate=3.0) > _SEEN_HU
    cortex = dead & (skull.depth_mm > 2) & (skull.depth_mm < 16) & (tissue.fluid < 0.3)
    sheets = np.abs(skull.smooth_field(rng, rng.uniform(12, 20)))
    ribbon = np.clip(1.3 - sheets / np.float32(0.16), 0, 1) * cortex
    ribbon = ndimage.gaussian_filter(ribbon, (0, 0.8, 0.8), truncate=3.0)
    return np.asarray(dark + ribbon * np.clip(rng.uniform(42, 58) - dark, 0, 40) * (hu < 90), np.float32)


def _round(rng: Generator, skull: Skull, tissue: Tissue, form: str) -> Field | None:
    """A ball with an uneven surface, on one side of the midline and of the tentorium."""
    lacune = form == "lacune"
    zone = skull.inside & (skull.depth_mm > (20 if lacune else 3)) & (tissue.fluid < 0.3) & (skull.z3 > 12)
    at = draw_pixel(rng, zone, 50)
    if at is None:
        return None
    radius = rng.uniform(2, 6) if lacune else rng.uniform(8, 34)
    uneven = skull.smooth_field(rng, max(4.0, radius * 0.6)) * np.float32(0.22 * radius)
    level = np.float32(radius) - skull.away_mm(at) + uneven
    level = np.minimum(level, skull.midline_mm * np.sign(skull.x_mm[at]) - 1.5)
    above = np.sign(skull.tentorium_mm)
    return np.where(above == above[at], level, np.float32(-9)).astype(np.float32)


def _territory(rng: Generator, skull: Skull) -> Field:
    """What the middle, anterior or posterior cerebral artery of one side supplies, or a part of it."""
    across, back, low = skull.x_mm * draw_side(rng), skull.y3, skull.z3
    border = np.float32(5) * skull.smooth_field(rng, 14.0)
    artery = weighted(rng, _ARTERIES)
    if artery == "anterior":
        level = np.minimum(np.minimum(24 - across, 8 - back), 70 - low)
    elif artery == "posterior":
        level = np.minimum(np.minimum(38 - across, back - 24), low - 20)
    else:
        # A wedge that opens outwards from the insula, as the branches that are closed fan out.
        angle = np.arctan2(np.broadcast_to(back, border.shape), across - 12)
        off = rng.uniform(0.3, 1.0) - np.abs(angle - rng.normal(0.1, 0.4))
        arc = off * np.clip(np.hypot(across - 12, back), 8, 60)
        level = np.minimum(arc, rng.uniform(16, 40) - np.abs(low - rng.uniform(38, 68)))
        # Basal ganglia are often spared.
        level = np.minimum(level, across - np.float32(rng.choice([8.0, 26.0])) + border)
    level = np.minimum(level + border, across - 1.5)
    return np.asarray(np.minimum(level, skull.tentorium_mm * 0.8), np.float32)
