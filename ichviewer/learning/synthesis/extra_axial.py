"""Blood between brain and skull: epidural lenses and subdural collections, fresh or old, thick or thin."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Pixel
from ichviewer.learning.synthesis.bleeding import Solid, unmoved
from ichviewer.learning.synthesis.noise import draw_side, log_normal, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.tissue import Tissue
from ichviewer.learning.synthesis.whole_picture import Spot

Range = tuple[float, float]

# Fluid over the brain gives way first: the brain itself moves by so much less than the blood is thick.
_CSF_GAP_MM = 1.2
_LEAST_ML = 0.3
_EFFACED: Range = (0.3, 0.9)
_BOTH_SIDES = 0.28
"""Share of old collections that have a fellow on the other side."""
_FRESH_FORMS = {"thin": 0.27, "thick": 0.24, "mixed": 0.08, "isodense": 0.05}
_FRESH_FORMS |= {"falx": 0.2, "tentorium": 0.1, "posterior": 0.06}
_OLD_FORMS = {"chronic": 0.58, "isodense": 0.18, "mixed": 0.24}
_THICKNESS_MM = {
    "thin": (1.6, 2.8, 4.5),
    "thick": (4.0, 7.5, 19.0),
    "isodense": (4.0, 8.0, 18.0),
    "mixed": (4.0, 9.0, 20.0),
    "chronic": (4.0, 9.5, 22.0),
}


def epidural(rng: Generator, skull: Skull, near: Spot | None = None) -> Solid | None:
    """A lens on the inner table, bounded all round; mostly temporal or parietal, or `near` where the blow fell."""
    point = draw_on_inner_table(rng, skull, near)
    if point is None:
        return None
    thickness = log_normal(rng, 4.5, 10.5, 24.0)
    half_mm = float(np.clip(thickness * rng.uniform(1.3, 2.4), 11, 44))
    down, across = (part[point[1:]] for part in _inward(skull, point[0]))
    n = np.array([down, across]) / max(float(np.hypot(down, across)), 1e-3)
    z, y, x = skull.offsets_mm(point)
    along = y * np.float32(-n[1]) + x * np.float32(n[0])
    tall = rng.uniform(0.6, 1.1)
    rough = skull.smooth_field(rng, 22.0) * np.float32(0.12)
    rho2 = (along / half_mm) ** 2 + (z / (half_mm * tall)) ** 2
    room = thickness * (1 - rho2 * (1 + rough))
    # It stays at its part of the skull: neither the base nor the other side of a shallow slice belong to it.
    across_mm = y * np.float32(n[0]) + x * np.float32(n[1])
    reach = np.float32(1.1 * half_mm) - np.sqrt(along**2 + across_mm**2 + z**2)
    room = np.minimum(room, reach * np.float32(0.8))
    room = np.clip(room, -20, None).astype(np.float32)
    level = room - np.maximum(skull.depth_mm, 0) + skull.smooth_field(rng, 7.0) * np.float32(0.35)
    hu = _fresh_hu(rng, skull, 61.0, swirl=0.25)
    return against_skull(rng, skull, Hemorrhage.EPIDURAL, level, room, hu=hu, effaced=_EFFACED)


def subdural(
    rng: Generator, skull: Skull, tissue: Tissue, cause: Cause, near: Spot | None = None
) -> list[Solid]:
    """Collections of one kind, on one side or on both; none where there is no room for them.

    Old ones have `Cause.CHRONIC`; after an operation what is left lies under the opening, `near`.
    """
    form = weighted(rng, _OLD_FORMS if cause is Cause.CHRONIC else _FRESH_FORMS)
    if cause is Cause.OPERATED and near is not None and rng.random() < 0.8:
        hu = _density(rng, skull, tissue, weighted(rng, {"mixed": 0.5, "thick": 0.5}))
        thickness = log_normal(rng, 2.5, 5.0, 10.0)
        made = [_over_convexity(rng, skull, near.side, thickness, hu, old=False, near=near)]
    elif form in _ELSEWHERE:
        made = [_ELSEWHERE[form](rng, skull)]
    else:
        side = near.side if near is not None and rng.random() < 0.7 else draw_side(rng)
        old = form not in {"thin", "thick"}
        made = []
        for s in (side, -side) if old and rng.random() < _BOTH_SIDES else (side,):
            thickness, hu = log_normal(rng, *_THICKNESS_MM[form]), _density(rng, skull, tissue, form)
            made.append(_over_convexity(rng, skull, s, thickness, hu, old=old, near=None))
    return [solid for solid in made if solid is not None]


def against_skull(
    rng: Generator, skull: Skull, kind: Hemorrhage, level: Field, room: Field, *, hu: Field, effaced: Range
) -> Solid | None:
    """A collection that presses the brain away from the inner table by its own thickness, `room`."""
    if not _enough(skull, level):
        return None
    ways = [_inward(skull, k) for k in range(len(level))]
    down, across = np.stack([down for down, _ in ways]), np.stack([across for _, across in ways])
    push = np.clip(room - _CSF_GAP_MM, 0, None) * np.float32(rng.uniform(0.85, 1.0))
    given = (room > 0.8) & (skull.depth_mm < room + 2.0) & (skull.depth_mm > -4.5)
    return Solid(kind, level, hu, given, down * push, across * push, effaced=rng.uniform(*effaced))


def draw_on_inner_table(rng: Generator, skull: Skull, near: Spot | None = None) -> Pixel | None:
    """A pixel just inside the inner table, to the side more often than to front or back."""
    z = skull.below_vertex_mm
    slices = np.flatnonzero((z > 16) & (z < 114) & (skull.area_mm2 > 3000))
    if slices.size == 0:
        return None
    side, azimuth = draw_side(rng), rng.normal(0.15, 0.6)
    k = int(rng.choice(slices))
    if near is not None:
        k = int(slices[np.argmin(np.abs(z[slices] - near.below_vertex_mm - rng.normal(0, 8)))])
        side, azimuth = near.side, near.azimuth_rad + rng.normal(0, 0.1)
    elif z[k] > 98:
        azimuth = rng.uniform(0.6, 1.4)  # low down only the posterior fossa has room
    return skull.on_inner_table(k, side, azimuth, 0.8)


def _enough(skull: Skull, level: Field) -> bool:
    """Whether a level function holds more than a trace inside the skull."""
    return skull.volume_mm3((level > 0) & skull.inside) / 1000 > _LEAST_ML


def _inward(skull: Skull, k: int) -> tuple[Field, Field]:
    """Direction away from the inner table in a slice; shorter than 1 where the skull leans over it."""
    down, across = np.gradient(skull.depth_mm[k], skull.step_mm[1])
    length = np.maximum(np.hypot(down, across), 1.0)
    return (down / length).astype(np.float32), (across / length).astype(np.float32)


def _over_convexity(
    rng: Generator, skull: Skull, side: float, thick_mm: float, hu: Field, *, old: bool, near: Spot | None
) -> Solid | None:
    """A crescent; old ones are longer and bulge, for they have filled the room they have."""
    shape = skull.inside.shape
    x = skull.midline_mm * side
    azimuth = np.arctan2(np.broadcast_to(skull.y3, shape), np.maximum(skull.x_mm * side, 0.1))
    middle, half = rng.normal(-0.1, 0.35), rng.uniform(0.9, 1.6)
    height, half_height = rng.uniform(28, 52), log_normal(rng, 22, 36, 62)
    blunt = rng.uniform(1.4, 3.2)
    if near is not None:
        middle, half = near.azimuth_rad, rng.uniform(0.35, 0.8)
        height, half_height = near.below_vertex_mm, rng.uniform(16, 34)
    elif not old:
        middle, half = rng.normal(0.05, 0.55), rng.uniform(0.35, 1.5)
        height, half_height = rng.uniform(24, 70), log_normal(rng, 10, 26, 60)
        blunt = rng.uniform(1.0, 2.4)
    u2 = ((azimuth - middle) / half) ** 2 + ((skull.z3 - height) / half_height) ** 2
    room = thick_mm * (1 - u2 ** np.float32(blunt)) * (1 + 0.22 * skull.smooth_field(rng, 28.0))
    # It thins out towards the midline, which it does not cross, and does not go below the tentorium.
    room = np.minimum(room, (x - 1.0) * rng.uniform(0.5, 1.2))
    room = np.where(skull.y3 > 5, np.minimum(room, (skull.tentorium_mm + 3) * 0.6), room)
    room = np.clip(room, -12, None).astype(np.float32)
    rough = skull.smooth_field(rng, 6.0) * min(0.10 * thick_mm, 0.4 if old else 0.8)
    level = np.minimum(room - np.maximum(skull.depth_mm, 0) - 0.4 + rough, x - 0.8).astype(np.float32)
    if old and rng.random() < 0.3:  # a membrane against the brain
        hu = (hu + np.clip(1.6 - level, 0, 1) * rng.uniform(5, 16)).astype(np.float32)
    effaced = (0.5, 0.95) if old else _EFFACED
    return against_skull(rng, skull, Hemorrhage.SUBDURAL, level, room, hu=hu, effaced=effaced)


def _along_falx(rng: Generator, skull: Skull) -> Solid | None:
    side = draw_side(rng)
    y, z = skull.y3, skull.z3
    thickness = log_normal(rng, 2.0, 3.8, 9.0)
    place = weighted(rng, {"back": 0.35, "front": 0.15, "long": 0.25, "vertex": 0.25})
    front, back, top, low = {
        "back": (rng.uniform(8, 35), 95.0, rng.uniform(4, 25), rng.uniform(45, 84)),
        "front": (-95.0, rng.uniform(-45, -28), rng.uniform(4, 25), rng.uniform(45, 78)),
        "long": (rng.uniform(-70, -20), rng.uniform(40, 95), rng.uniform(2, 20), rng.uniform(35, 52)),
        "vertex": (rng.uniform(-60, 0), rng.uniform(20, 75), -9.0, rng.uniform(16, 36)),
    }[place]
    taper = np.minimum(np.minimum(y - front, back - y) / 10, np.minimum(z - top, low - z) / 8)
    # The falx ends above the corpus callosum.
    taper = np.where(skull.falx, taper, np.minimum(taper, -0.3))
    room = thickness * np.clip(taper, -1, 1)
    room = (room * (1 + 0.25 * skull.smooth_field(rng, 20.0))).astype(np.float32)
    flat = skull.midline_mm * side + skull.bend(rng, 60.0, 0.5)
    level = np.minimum(np.minimum(room - flat, flat + 0.4), skull.depth_mm + 0.5).astype(np.float32)
    if not _enough(skull, level):
        return None
    here = (room > 1.0) & (flat > 0) & (flat < room + 3) & skull.inside
    dura = (taper > -0.5) & (flat <= 0) & (flat > -4) & skull.inside
    across = np.where(here, np.clip(room - _CSF_GAP_MM, 0, None) * side, 0).astype(np.float32)
    hu, down = _fresh_or_fading_hu(rng, skull), np.zeros_like(across)
    return Solid(Hemorrhage.SUBDURAL, level, hu, here | dura, down, across, effaced=rng.uniform(0.1, 0.5))


def _on_tentorium(rng: Generator, skull: Skull) -> Solid | None:
    """A sheet on the tentorium, seen in the slice as a band whose outer edge is blurred."""
    x, y = skull.midline_mm * draw_side(rng), skull.y3
    thickness = log_normal(rng, 2.0, 3.5, 7.0)
    above = skull.tentorium_mm + skull.bend(rng, 30.0, 1.2)
    edge = np.minimum(np.hypot(x * 0.9, np.minimum(y - 18, 0)) - rng.uniform(2, 8), rng.uniform(28, 52) - x)
    edge = np.minimum(edge, y - rng.uniform(-5, 15)) / 8
    level = np.minimum(above + 0.5, thickness * np.clip(edge, -1, 1) - above)
    level = np.minimum(np.minimum(level, skull.depth_mm - 0.3), x - 0.5).astype(np.float32)
    if not _enough(skull, level):
        return None
    return unmoved(Hemorrhage.SUBDURAL, level, _fresh_or_fading_hu(rng, skull))


def _in_posterior_fossa(rng: Generator, skull: Skull) -> Solid | None:
    """A crescent behind the cerebellum."""
    thickness, middle = log_normal(rng, 2.5, 4.5, 9.0), rng.normal(0, 0.6)
    angle = np.arctan2(skull.x_mm, np.maximum(np.broadcast_to(skull.y3, skull.inside.shape), 0.1))
    u2 = ((angle - middle) / rng.uniform(0.4, 0.9)) ** 2
    room = thickness * (1 - u2) * (1 + 0.2 * skull.smooth_field(rng, 20.0))
    room = np.minimum(np.minimum(room, (-1 - skull.tentorium_mm) * 0.6), (skull.y3 - 8) * 0.4)
    room = np.clip(room, -12, None).astype(np.float32)
    level = (room - np.maximum(skull.depth_mm, 0) - 0.3).astype(np.float32)
    hu = _fresh_or_fading_hu(rng, skull)
    return against_skull(rng, skull, Hemorrhage.SUBDURAL, level, room, hu=hu, effaced=_EFFACED)


_ELSEWHERE = {"falx": _along_falx, "tentorium": _on_tentorium, "posterior": _in_posterior_fossa}


def _fresh_hu(rng: Generator, skull: Skull, middle_hu: float, swirl: float) -> Field:
    """Density of clot a few hours or days old; blood that still runs swirls dark in it."""
    hu = np.float32(np.clip(rng.normal(middle_hu, 7), 44, 80))
    field = hu + skull.smooth_field(rng, rng.uniform(6, 14)) * rng.uniform(0.5, 4)
    if rng.random() < swirl:
        runs = np.clip((skull.smooth_field(rng, rng.uniform(10, 20)) - 0.5) / 0.4, 0, 1)
        field = field - runs * rng.uniform(8, 26)
    return field.astype(np.float32)


def _fresh_or_fading_hu(rng: Generator, skull: Skull) -> Field:
    """Mostly fresh; the less dense is blood of one or two weeks, or of the anemic."""
    return _fresh_hu(rng, skull, 57.0 if rng.random() < 0.8 else 47.0, swirl=0.0)


def _density(rng: Generator, skull: Skull, tissue: Tissue, form: str) -> Field:
    """Fresh clot; or as dense as brain; or fresh clots in old blood; or three weeks and older, 15 to 35 HU.

    The oldest are even, have a level, or septa between chambers.
    """
    if form in {"thin", "thick"}:
        return _fresh_hu(rng, skull, 57.0, swirl=0.05 if form == "thin" else 0.25)
    hu = skull.smooth_field(rng, 12.0) * rng.uniform(0.4, 1.6)
    if form == "isodense":
        return (hu + np.float32(tissue.brain_hu + rng.normal(2.0, 2.5))).astype(np.float32)
    hu = hu + rng.uniform(15, 33)
    content = weighted(rng, {"even": 0.4, "level": 0.32, "septa": 0.28}) if form == "chronic" else form
    if content == "mixed":
        clots = np.clip(0.4 + skull.smooth_field(rng, rng.uniform(9, 24)) * 1.3, 0, 1)
        hu = hu + clots * rng.uniform(15, 34)
    elif content == "level":
        # Cells sink to the back; the border is level, for the patient lies still.
        border = rng.uniform(-20, 55) + skull.smooth_field(rng, 16.0) * np.float32(1.2)
        dense = np.clip((skull.y3 - border) / rng.uniform(2, 22) + 0.5, 0, 1)
        hu = np.minimum(hu, np.float32(26)) + dense * rng.uniform(10, 34)
    elif content == "septa":
        chambers = skull.smooth_field(rng, rng.uniform(16, 34))
        sheets = np.clip(1 - np.abs(chambers) / np.float32(0.13), 0, 1)
        hu = hu + np.sign(chambers) * rng.uniform(0, 5) + sheets * rng.uniform(8, 22)
    return hu.astype(np.float32)
