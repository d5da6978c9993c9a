"""Blood outside the brain: epidural lenses, subdural crescents along the convexity, the falx and the tentorium."""

from __future__ import annotations

import numpy as np

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.lesion import Solid
from ichviewer.learning.synthesis.noise import log_normal, smooth_field, weighted
from ichviewer.learning.synthesis.skull import Skull

# Fluid over the brain gives way first: the brain itself moves by so much less than the blood is thick.
_CSF_GAP_MM = 1.2


def epidural(rng: np.random.Generator, skull: Skull) -> Solid | None:
    """A lens on the inner table, mostly temporal or parietal; it bulges inwards and is bounded all round."""
    point = _on_inner_table(rng, skull, spread=0.55, highest_mm=20, lowest_mm=98)
    if point is None:
        return None
    k, r, c = point
    thickness = log_normal(rng, 5.5, 11.5, 24.0)
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
    sag = (along**2 + z**2) / np.float32(2 * 55.0)
    room = np.where(across_mm < room + sag + 5, room, np.float32(-20))
    room = np.clip(room, -20, None).astype(np.float32)
    level = room - skull.depth_mm + smooth_field(rng, skull.inside.shape, step, 7.0) * np.float32(0.35)
    return _against_skull(rng, skull, Hemorrhage.EPIDURAL, level, room)


def subdural(rng: np.random.Generator, skull: Skull) -> Solid | None:
    """A crescent on one side, along the falx, or on the tentorium."""
    where = weighted(rng, {"convexity": 0.70, "falx": 0.20, "tentorium": 0.10})
    if where == "falx":
        return _along_falx(rng, skull)
    if where == "tentorium":
        return _on_tentorium(rng, skull)
    return _over_convexity(rng, skull)


def _over_convexity(rng: np.random.Generator, skull: Skull) -> Solid | None:
    side = np.float32(rng.choice([-1, 1]))
    shape, step = skull.inside.shape, skull.step_mm
    x = skull.x_mm * side
    azimuth = np.arctan2(np.broadcast_to(skull.y3, shape), np.maximum(x, 0.1))
    middle = rng.normal(0.05, 0.55)
    half = rng.uniform(0.35, 1.5)
    height = rng.uniform(30, 68)
    half_height = log_normal(rng, 10, 26, 60)
    u2 = ((azimuth - np.float32(middle)) / np.float32(half)) ** 2 + (
        (skull.z3 - np.float32(height)) / np.float32(half_height)
    ) ** 2
    thickness = log_normal(rng, 2.2, 5.2, 18.0)
    wave = smooth_field(rng, shape, step, 28.0)
    room = (
        np.float32(thickness) * (1 - u2 ** np.float32(rng.uniform(1.0, 2.4))) * (1 + np.float32(0.22) * wave)
    )
    # It thins out towards the midline, which it does not cross, and does not go below the tentorium.
    room = np.minimum(room, (x - 1.0) * np.float32(rng.uniform(0.5, 1.2)))
    room = np.where((skull.z3 > 84) & (skull.y3 > 5), np.minimum(room, (94 - skull.z3) * 0.6), room)
    room = np.clip(room, -12, None).astype(np.float32)
    rough = smooth_field(rng, shape, step, 6.0) * np.float32(min(0.10 * thickness, 0.8))
    level = np.minimum(room - skull.depth_mm - 0.4 + rough, x - 0.8).astype(np.float32)
    return _against_skull(rng, skull, Hemorrhage.SUBDURAL, level, room)


def _along_falx(rng: np.random.Generator, skull: Skull) -> Solid | None:
    side = np.float32(rng.choice([-1, 1]))
    shape, step = skull.inside.shape, skull.step_mm
    x, y, z = skull.x_mm * side, skull.y3, skull.z3
    thickness = log_normal(rng, 2.2, 4.2, 9.0)
    place = weighted(rng, {"back": 0.5, "front": 0.2, "long": 0.3})
    front, back = {
        "back": (rng.uniform(8, 35), 95.0),
        "front": (-95.0, rng.uniform(-45, -28)),
        "long": (rng.uniform(-70, -20), rng.uniform(40, 95)),
    }[place]
    # Below the vertex the falx keeps to the front and the back: between them lies the corpus callosum.
    low = rng.uniform(35, 52) if place == "long" else rng.uniform(45, 78)
    top = rng.uniform(4, 25)
    taper = np.minimum(np.minimum(y - front, back - y) / 10, np.minimum(z - top, low - z) / 8)
    room = np.float32(thickness) * np.clip(taper, -1, 1)
    room = (room * (1 + np.float32(0.25) * smooth_field(rng, shape, step, 20.0))).astype(np.float32)
    bent = smooth_field(rng, shape, step, 60.0) * np.float32(0.5)
    flat = x + bent
    level = np.minimum(np.minimum(room - flat, flat + 0.4), skull.depth_mm + 0.5).astype(np.float32)
    if not _enough(skull, level):
        return None
    push = np.clip(room - _CSF_GAP_MM, 0, None) * side
    here = (room > 1.0) & (flat > 0) & (flat < room + 3) & skull.inside
    falx = (taper > -0.5) & (flat <= 0) & (flat > -4) & skull.inside
    across = np.where(here, push, 0).astype(np.float32)
    return Solid(
        Hemorrhage.SUBDURAL,
        level,
        _subdural_hu(rng, skull),
        here | falx,
        np.zeros_like(across),
        across,
        effaced=float(rng.uniform(0.1, 0.5)),
    )


def _on_tentorium(rng: np.random.Generator, skull: Skull) -> Solid | None:
    """A sheet on the tent between cerebrum and cerebellum, which falls from the midline to both sides."""
    side = np.float32(rng.choice([-1, 1]))
    shape, step = skull.inside.shape, skull.step_mm
    x, y, z = skull.x_mm * side, skull.y3, skull.z3
    apex, slope = rng.uniform(66, 76), rng.uniform(0.5, 0.8)
    tent = np.float32(apex) + np.float32(slope) * np.maximum(x, 0) - 0.12 * np.clip(y - 20, 0, None)
    thickness = log_normal(rng, 2.5, 4.0, 7.0)
    above = tent - z + smooth_field(rng, shape, step, 30.0) * np.float32(1.2)
    edge = np.minimum(np.hypot(x * 0.9, np.minimum(y - 18, 0)) - rng.uniform(2, 8), rng.uniform(28, 52) - x)
    edge = np.minimum(edge, y - rng.uniform(-5, 15)) / 8
    room = np.float32(thickness) * np.clip(edge, -1, 1)
    level = np.minimum(np.minimum(above + 0.5, room - above), skull.depth_mm - 0.3).astype(np.float32)
    level = np.minimum(level, x - 0.5).astype(np.float32)
    if not _enough(skull, level):
        return None
    nothing = np.zeros(shape, np.float32)
    return Solid(
        Hemorrhage.SUBDURAL,
        level,
        _subdural_hu(rng, skull, old=False),
        np.zeros(shape, bool),
        nothing,
        nothing,
    )


def _against_skull(
    rng: np.random.Generator, skull: Skull, kind: Hemorrhage, level: Field, room: Field
) -> Solid | None:
    """A collection that presses the brain away from the inner table by its own thickness."""
    if not _enough(skull, level):
        return None
    down = np.empty_like(level)
    across = np.empty_like(level)
    for k in range(len(level)):
        down[k], across[k] = inward(skull, k)
    push = np.clip(room - _CSF_GAP_MM, 0, None) * np.float32(rng.uniform(0.85, 1.0))
    given = (room > 0.8) & (skull.depth_mm < room + 2.0) & (skull.depth_mm > -4.5)
    hu = _epidural_hu(rng, skull) if kind is Hemorrhage.EPIDURAL else _subdural_hu(rng, skull)
    return Solid(kind, level, hu, given, down * push, across * push, effaced=float(rng.uniform(0.3, 0.9)))


def _enough(skull: Skull, level: Field) -> bool:
    volume_ml = float(((level > 0) & skull.inside).sum()) * float(np.prod(skull.step_mm)) / 1000
    return volume_ml > 0.3


def inward(skull: Skull, k: int) -> tuple[Field, Field]:
    """Direction away from the inner table in a slice; shorter than 1 where the skull leans over it."""
    down, across = np.gradient(skull.depth_mm[k], skull.step_mm[1])
    length = np.maximum(np.hypot(down, across), 1.0)
    return (down / length).astype(np.float32), (across / length).astype(np.float32)


def _on_inner_table(
    rng: np.random.Generator, skull: Skull, spread: float, highest_mm: float, lowest_mm: float
) -> tuple[int, int, int] | None:
    """A pixel just inside the inner table, to the side more often than to front or back."""
    slices = np.flatnonzero(
        (skull.below_vertex_mm > highest_mm)
        & (skull.below_vertex_mm < lowest_mm)
        & (skull.inside.sum(axis=(1, 2)) > 1500)
    )
    if slices.size == 0:
        return None
    k = int(rng.choice(slices))
    side = float(rng.choice([-1, 1]))
    azimuth = rng.normal(0.15, spread)
    rim: Mask = (np.abs(skull.depth_mm[k] - 0.8) < 0.8) & skull.inside[k]
    rows, columns = np.nonzero(rim)
    if rows.size == 0:
        return None
    angle = np.arctan2(skull.y_mm[rows], skull.x_mm[k][rows, columns] * side)
    best = int(np.argmin(np.abs(angle - azimuth)))
    return k, int(rows[best]), int(columns[best])


def _epidural_hu(rng: np.random.Generator, skull: Skull) -> Field:
    hu = np.float32(np.clip(rng.normal(61, 8), 46, 80))
    field = hu + smooth_field(rng, skull.inside.shape, skull.step_mm, 9.0) * np.float32(rng.uniform(0.5, 4))
    if rng.random() < 0.15:  # fresh blood that has not clotted yet swirls dark in the clot
        swirl = smooth_field(rng, skull.inside.shape, skull.step_mm, 16.0) > 0.9
        field = np.where(swirl, field - np.float32(rng.uniform(10, 25)), field)
    return field.astype(np.float32)


def _subdural_hu(rng: np.random.Generator, skull: Skull, old: bool = True) -> Field:
    shape, step = skull.inside.shape, skull.step_mm
    age = weighted(rng, {"acute": 0.62, "subacute": 0.16, "mixed": 0.12, "chronic": 0.10}) if old else "acute"
    grain = smooth_field(rng, shape, step, 10.0)
    if age == "acute":
        hu = np.float32(np.clip(rng.normal(57, 8), 43, 78)) + grain * np.float32(rng.uniform(0.5, 4))
    elif age == "subacute":
        hu = np.float32(rng.uniform(29, 43)) + grain * np.float32(rng.uniform(0.5, 2))
    elif age == "mixed":
        mix = np.clip(0.5 + smooth_field(rng, shape, step, 18.0) * 1.2, 0, 1)
        hu = rng.uniform(18, 36) + mix * np.float32(rng.uniform(18, 34))
    else:
        # Cells sink to the back of an old collection; the border is level, for the patient lies still.
        level = np.float32(rng.uniform(-20, 50)) + grain * 1.5
        dense = np.clip((skull.y3 - level) / np.float32(rng.uniform(3, 25)) + 0.5, 0, 1)
        hu = np.float32(rng.uniform(12, 24)) + dense * np.float32(rng.uniform(18, 38))
    return np.broadcast_to(hu, shape).astype(np.float32)
