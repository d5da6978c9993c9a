"""Subdural blood: fresh or old, thick or thin, over the convexity, along falx and tentorium, under a bone flap."""

from __future__ import annotations

import numpy as np

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.extra_axial import CSF_GAP_MM, against_skull, enough, fresh_hu
from ichviewer.learning.synthesis.lesion import Solid
from ichviewer.learning.synthesis.noise import log_normal, smooth_field, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.surface import Spot
from ichviewer.learning.synthesis.tissue import Tissue

_BOTH_SIDES = 0.28
"""Share of old collections that have a fellow on the other side."""
_FRESH_FORMS = {"thin": 0.27, "thick": 0.24, "mixed": 0.08, "isodense": 0.05, "falx": 0.2} | {
    "tentorium": 0.1,
    "posterior": 0.06,
}
_OLD_FORMS = {"chronic": 0.58, "isodense": 0.18, "mixed": 0.24}
_THICKNESS_MM = {
    "thin": (1.6, 2.8, 4.5),
    "thick": (4.0, 7.5, 19.0),
    "isodense": (4.0, 8.0, 18.0),
    "mixed": (4.0, 9.0, 20.0),
    "chronic": (4.0, 9.5, 22.0),
}


def subdural(
    rng: np.random.Generator, skull: Skull, tissue: Tissue, cause: Cause, near: Spot | None = None
) -> list[Solid]:
    """Collections of one kind, on one side or on both; none where there is no room for them.

    Parameters
    ----------
    rng : numpy Generator
    skull : Skull
    tissue : Tissue
    cause : Cause
        Old collections have it as their cause; after an operation what is left lies under the opening.
    near : Spot or None
        Where the skull was opened or struck.
    """
    form = weighted(rng, _OLD_FORMS if cause is Cause.CHRONIC else _FRESH_FORMS)
    if cause is Cause.OPERATED and near is not None and rng.random() < 0.8:
        hu = _density(rng, skull, tissue, weighted(rng, {"mixed": 0.5, "thick": 0.5}))
        made = [_over_convexity(rng, skull, near.side, log_normal(rng, 2.5, 5.0, 10.0), hu, near=near)]
    elif form in _ELSEWHERE:
        made = [_ELSEWHERE[form](rng, skull)]
    else:
        side = near.side if near is not None and rng.random() < 0.7 else float(rng.choice([-1, 1]))
        old = form not in {"thin", "thick"}
        made = []
        for s in (side, -side) if old and rng.random() < _BOTH_SIDES else (side,):
            thickness, hu = log_normal(rng, *_THICKNESS_MM[form]), _density(rng, skull, tissue, form)
            made.append(_over_convexity(rng, skull, s, thickness, hu, old=old))
    return [solid for solid in made if solid is not None]


def _over_convexity(
    rng: np.random.Generator,
    skull: Skull,
    side: float,
    thickness_mm: float,
    hu: Field,
    *,
    old: bool = False,
    near: Spot | None = None,
) -> Solid | None:
    """A crescent; old ones are longer and bulge, for they have filled the room they have."""
    shape, step = skull.inside.shape, skull.step_mm
    x = skull.midline_mm * np.float32(side)
    azimuth = np.arctan2(np.broadcast_to(skull.y3, shape), np.maximum(skull.x_mm * np.float32(side), 0.1))
    middle, half = float(rng.normal(-0.1, 0.35)), float(rng.uniform(0.9, 1.6))
    height, half_height = float(rng.uniform(28, 52)), log_normal(rng, 22, 36, 62)
    blunt = float(rng.uniform(1.4, 3.2))
    if near is not None:
        middle, half = near.azimuth_rad, float(rng.uniform(0.35, 0.8))
        height, half_height = near.below_vertex_mm, float(rng.uniform(16, 34))
    elif not old:
        middle, half = float(rng.normal(0.05, 0.55)), float(rng.uniform(0.35, 1.5))
        height, half_height = float(rng.uniform(24, 70)), log_normal(rng, 10, 26, 60)
        blunt = float(rng.uniform(1.0, 2.4))
    u2 = ((azimuth - np.float32(middle)) / np.float32(half)) ** 2 + (
        (skull.z3 - np.float32(height)) / np.float32(half_height)
    ) ** 2
    wave = smooth_field(rng, shape, step, 28.0)
    room = np.float32(thickness_mm) * (1 - u2 ** np.float32(blunt)) * (1 + np.float32(0.22) * wave)
    # It thins out towards the midline, which it does not cross, and does not go below the tentorium.
    room = np.minimum(room, (x - 1.0) * np.float32(rng.uniform(0.5, 1.2)))
    room = np.where(skull.y3 > 5, np.minimum(room, (skull.tentorium_mm + 3) * 0.6), room)
    room = np.clip(room, -12, None).astype(np.float32)
    rough = smooth_field(rng, shape, step, 6.0) * np.float32(min(0.10 * thickness_mm, 0.4 if old else 0.8))
    level = np.minimum(room - np.maximum(skull.depth_mm, 0) - 0.4 + rough, x - 0.8).astype(np.float32)
    if old and rng.random() < 0.3:  # a membrane against the brain
        hu = hu + np.clip(1.6 - level, 0, 1) * np.float32(rng.uniform(5, 16))
    hu = np.broadcast_to(hu, shape).astype(np.float32)
    effaced = (0.5, 0.95) if old else (0.3, 0.9)
    return against_skull(rng, skull, Hemorrhage.SUBDURAL, level, room, hu=hu, effaced=effaced)


def _along_falx(rng: np.random.Generator, skull: Skull) -> Solid | None:
    side = np.float32(rng.choice([-1, 1]))
    shape, step = skull.inside.shape, skull.step_mm
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
    falx = skull.falx
    taper = np.where(falx, taper, np.minimum(taper, -0.3))
    room = np.float32(thickness) * np.clip(taper, -1, 1)
    room = (room * (1 + np.float32(0.25) * smooth_field(rng, shape, step, 20.0))).astype(np.float32)
    bent = 0.0 if skull.anatomy is not None else smooth_field(rng, shape, step, 60.0) * np.float32(0.5)
    flat = skull.midline_mm * side + bent
    level = np.minimum(np.minimum(room - flat, flat + 0.4), skull.depth_mm + 0.5).astype(np.float32)
    if not enough(skull, level):
        return None
    push = np.clip(room - CSF_GAP_MM, 0, None) * side
    here = (room > 1.0) & (flat > 0) & (flat < room + 3) & skull.inside
    dura = (taper > -0.5) & (flat <= 0) & (flat > -4) & skull.inside
    across = np.where(here, push, 0).astype(np.float32)
    return Solid(
        Hemorrhage.SUBDURAL,
        level,
        _fresh_or_fading_hu(rng, skull),
        here | dura,
        np.zeros_like(across),
        across,
        effaced=float(rng.uniform(0.1, 0.5)),
    )


def _on_tentorium(rng: np.random.Generator, skull: Skull) -> Solid | None:
    """A sheet on the tentorium, seen in the slice as a band whose outer edge is blurred."""
    side = np.float32(rng.choice([-1, 1]))
    shape, step = skull.inside.shape, skull.step_mm
    x, y = skull.midline_mm * side, skull.y3
    thickness = log_normal(rng, 2.0, 3.5, 7.0)
    bent = 0.0 if skull.anatomy is not None else smooth_field(rng, shape, step, 30.0) * np.float32(1.2)
    above = skull.tentorium_mm + bent
    edge = np.minimum(np.hypot(x * 0.9, np.minimum(y - 18, 0)) - rng.uniform(2, 8), rng.uniform(28, 52) - x)
    edge = np.minimum(edge, y - rng.uniform(-5, 15)) / 8
    room = np.float32(thickness) * np.clip(edge, -1, 1)
    level = np.minimum(np.minimum(above + 0.5, room - above), skull.depth_mm - 0.3)
    level = np.minimum(level, x - 0.5).astype(np.float32)
    if not enough(skull, level):
        return None
    nothing = np.zeros(shape, np.float32)
    hu = _fresh_or_fading_hu(rng, skull)
    return Solid(Hemorrhage.SUBDURAL, level, hu, np.zeros(shape, bool), nothing, nothing)


def _in_posterior_fossa(rng: np.random.Generator, skull: Skull) -> Solid | None:
    """A crescent behind the cerebellum."""
    shape, step = skull.inside.shape, skull.step_mm
    thickness, middle = log_normal(rng, 2.5, 4.5, 9.0), rng.normal(0, 0.6)
    angle = np.arctan2(skull.x_mm, np.maximum(np.broadcast_to(skull.y3, shape), 0.1))
    u2 = ((angle - np.float32(middle)) / np.float32(rng.uniform(0.4, 0.9))) ** 2
    room = np.float32(thickness) * (1 - u2) * (1 + np.float32(0.2) * smooth_field(rng, shape, step, 20.0))
    room = np.minimum(np.minimum(room, (-1 - skull.tentorium_mm) * 0.6), (skull.y3 - 8) * 0.4)
    room = np.clip(room, -12, None).astype(np.float32)
    level = (room - np.maximum(skull.depth_mm, 0) - 0.3).astype(np.float32)
    hu = _fresh_or_fading_hu(rng, skull)
    return against_skull(rng, skull, Hemorrhage.SUBDURAL, level, room, hu=hu)


def _fresh_or_fading_hu(rng: np.random.Generator, skull: Skull) -> Field:
    """Mostly fresh; the less dense is blood of one or two weeks, or of the anemic."""
    return fresh_hu(rng, skull, 57.0 if rng.random() < 0.8 else 47.0, swirl=0.0)


def _density(rng: np.random.Generator, skull: Skull, tissue: Tissue, form: str) -> Field:
    """Fresh clot; or as dense as brain; or fresh clots in old blood; or three weeks and older, 15 to 35 HU.

    The oldest are even, have a level, or septa between chambers.
    """
    if form in {"thin", "thick"}:
        return fresh_hu(rng, skull, 57.0, swirl=0.05 if form == "thin" else 0.25)
    shape, step = skull.inside.shape, skull.step_mm
    hu = smooth_field(rng, shape, step, 12.0) * np.float32(rng.uniform(0.4, 1.6))
    if form == "isodense":
        return (hu + np.float32(tissue.brain_hu + rng.normal(2.0, 2.5))).astype(np.float32)
    hu = hu + np.float32(rng.uniform(15, 33))
    content = weighted(rng, {"even": 0.4, "level": 0.32, "septa": 0.28}) if form == "chronic" else form
    if content == "mixed":
        clots = np.clip(0.4 + smooth_field(rng, shape, step, float(rng.uniform(9, 24))) * 1.3, 0, 1)
        hu = hu + clots * np.float32(rng.uniform(15, 34))
    elif content == "level":
        # Cells sink to the back; the border is level, for the patient lies still.
        border = np.float32(rng.uniform(-20, 55)) + smooth_field(rng, shape, step, 16.0) * np.float32(1.2)
        dense = np.clip((skull.y3 - border) / np.float32(rng.uniform(2, 22)) + 0.5, 0, 1)
        hu = np.minimum(hu, np.float32(26)) + dense * np.float32(rng.uniform(10, 34))
    elif content == "septa":
        chambers = smooth_field(rng, shape, step, float(rng.uniform(16, 34)))
        sheets = np.clip(1 - np.abs(chambers) / np.float32(0.13), 0, 1)
        hu = hu + np.sign(chambers) * np.float32(rng.uniform(0, 5)) + sheets * np.float32(rng.uniform(8, 22))
    return hu.astype(np.float32)


_ELSEWHERE = {"falx": _along_falx, "tentorium": _on_tentorium, "posterior": _in_posterior_fossa}
