"""Blood between brain and skull: what epidural and subdural collections share, and the epidural lens."""

from __future__ import annotations

import numpy as np

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.lesion import Solid
from ichviewer.learning.synthesis.noise import log_normal, smooth_field
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.surface import Spot

# Fluid over the brain gives way first: the brain itself moves by so much less than the blood is thick.
CSF_GAP_MM = 1.2
_LEAST_ML = 0.3


def epidural(rng: np.random.Generator, skull: Skull, near: Spot | None = None) -> Solid | None:
    """A lens on the inner table; it bulges inwards and is bounded all round.

    Mostly temporal or parietal, less often frontal or in the posterior fossa; or `near` where the head was struck.
    """
    point = on_inner_table(rng, skull, near)
    if point is None:
        return None
    k, r, c = point
    thickness = log_normal(rng, 4.5, 10.5, 24.0)
    half_mm = float(np.clip(thickness * rng.uniform(1.3, 2.4), 11, 44))
    down, across = inward(skull, k)
    n = np.array([down[r, c], across[r, c]]) / max(float(np.hypot(down[r, c], across[r, c])), 1e-3)
    step = skull.step_mm
    z, y, x = skull.offsets_mm(k, r, c)
    along = y * np.float32(-n[1]) + x * np.float32(n[0])
    across_mm = y * np.float32(n[0]) + x * np.float32(n[1])
    tall = rng.uniform(0.6, 1.1)
    rough = smooth_field(rng, skull.inside.shape, step, 22.0) * np.float32(0.12)
    rho2 = (along / half_mm) ** 2 + (z / (half_mm * tall)) ** 2
    room = np.float32(thickness) * (1 - rho2 * (1 + rough))
    # It stays at its part of the skull: neither the base nor the other side of a shallow slice belong to it.
    reach = np.float32(1.1 * half_mm) - np.sqrt(along**2 + across_mm**2 + z**2)
    room = np.minimum(room, reach * np.float32(0.8))
    room = np.clip(room, -20, None).astype(np.float32)
    level = (
        room
        - np.maximum(skull.depth_mm, 0)
        + smooth_field(rng, skull.inside.shape, step, 7.0) * np.float32(0.35)
    )
    return against_skull(
        rng, skull, Hemorrhage.EPIDURAL, level, room, hu=fresh_hu(rng, skull, 61.0, swirl=0.25)
    )


def against_skull(
    rng: np.random.Generator,
    skull: Skull,
    kind: Hemorrhage,
    level: Field,
    room: Field,
    *,
    hu: Field,
    effaced: tuple[float, float] = (0.3, 0.9),
) -> Solid | None:
    """A collection that presses the brain away from the inner table by its own thickness, `room`."""
    if not enough(skull, level):
        return None
    down = np.empty_like(level)
    across = np.empty_like(level)
    for k in range(len(level)):
        down[k], across[k] = inward(skull, k)
    push = np.clip(room - CSF_GAP_MM, 0, None) * np.float32(rng.uniform(0.85, 1.0))
    given = (room > 0.8) & (skull.depth_mm < room + 2.0) & (skull.depth_mm > -4.5)
    return Solid(kind, level, hu, given, down * push, across * push, effaced=float(rng.uniform(*effaced)))


def enough(skull: Skull, level: Field) -> bool:
    """Whether a level function holds more than a trace inside the skull."""
    volume_ml = float(((level > 0) & skull.inside).sum()) * float(np.prod(skull.step_mm)) / 1000
    return volume_ml > _LEAST_ML


def inward(skull: Skull, k: int) -> tuple[Field, Field]:
    """Direction away from the inner table in a slice; shorter than 1 where the skull leans over it."""
    down, across = np.gradient(skull.depth_mm[k], skull.step_mm[1])
    length = np.maximum(np.hypot(down, across), 1.0)
    return (down / length).astype(np.float32), (across / length).astype(np.float32)


def on_inner_table(
    rng: np.random.Generator, skull: Skull, near: Spot | None = None
) -> tuple[int, int, int] | None:
    """A pixel just inside the inner table, to the side more often than to front or back."""
    z = skull.below_vertex_mm
    slices = np.flatnonzero(
        (z > 16) & (z < 114) & (skull.inside.sum(axis=(1, 2)) * skull.step_mm[1] ** 2 > 3000)
    )
    if slices.size == 0:
        return None
    side, azimuth = float(rng.choice([-1, 1])), float(rng.normal(0.15, 0.6))
    k = int(rng.choice(slices))
    if near is not None:
        k = int(slices[np.argmin(np.abs(z[slices] - near.below_vertex_mm - rng.normal(0, 8)))])
        side, azimuth = near.side, near.azimuth_rad + float(rng.normal(0, 0.1))
    elif z[k] > 98:
        azimuth = float(rng.uniform(0.6, 1.4))  # low down only the posterior fossa has room
    rim: Mask = (np.abs(skull.depth_mm[k] - 0.8) < 0.8) & skull.inside[k]
    rows, columns = np.nonzero(rim)
    if rows.size == 0:
        return None
    angle = np.arctan2(skull.y_mm[rows], skull.x_mm[k][rows, columns] * side)
    best = int(np.argmin(np.abs(angle - azimuth)))
    return k, int(rows[best]), int(columns[best])


def fresh_hu(rng: np.random.Generator, skull: Skull, middle_hu: float, swirl: float) -> Field:
    """Density of clot a few hours or days old; blood that still runs swirls dark in it."""
    shape, step = skull.inside.shape, skull.step_mm
    hu = np.float32(np.clip(rng.normal(middle_hu, 7), 44, 80))
    field = hu + smooth_field(rng, shape, step, float(rng.uniform(6, 14))) * np.float32(rng.uniform(0.5, 4))
    if rng.random() < swirl:
        runs = np.clip((smooth_field(rng, shape, step, float(rng.uniform(10, 20))) - 0.5) / 0.4, 0, 1)
        field = field - runs * np.float32(rng.uniform(8, 26))
    return field.astype(np.float32)
