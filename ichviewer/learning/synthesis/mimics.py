"""What is mistaken for blood and is none: calcium, dense dura and sinuses, masses; and which of it all a head has.

Both twins have it. Each function takes HU (n, h, w) and returns them changed, or None where the head has no place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.ageing import laminar_infarct, swollen
from ichviewer.learning.synthesis.anatomy import Field, Pixel, length
from ichviewer.learning.synthesis.artifacts import air, bright_arteries, cupping, electrode, metal, streaks
from ichviewer.learning.synthesis.bleeding import Solid, bleed, share_of
from ichviewer.learning.synthesis.extra_axial import draw_on_inner_table
from ichviewer.learning.synthesis.noise import draw_pixel, draw_side, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue

Mimic = Callable[[Generator, Field, Skull, Tissue], Field | None]

_COUNTS = (0.36, 0.36, 0.2, 0.08)
"""How often a head has none of them, one, two or three: with more, anything grey would seem to be one."""
_EDGE_BLUR_PX = 0.7
_LEAST_PIXELS = 20


def add_mimics(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> tuple[Field, list[str]]:
    """HU (n, h, w) of a head with some of the mimics, most often none to two, and their names."""
    names = list(MIMICS)
    weights = np.array([weight for weight, _ in MIMICS.values()])
    count = int(rng.choice(len(_COUNTS), p=_COUNTS))
    traits = []
    for i in rng.choice(len(names), size=count, replace=False, p=weights / weights.sum()):
        made = MIMICS[names[i]][1](rng, hu, skull, tissue)
        if made is not None:
            hu = made
            traits.append(names[i])
    return hu, traits


def calcification(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Pineal gland, choroid plexus, basal ganglia, or a speck anywhere, from grey to white."""
    place = weighted(rng, {"pineal": 0.3, "choroid": 0.28, "ganglia": 0.27, "anywhere": 0.15})
    ganglia = (rng.uniform(13, 23), rng.uniform(-16, 4), rng.uniform(60, 76))
    middle = {
        "pineal": [(0.0, rng.uniform(10, 24), rng.uniform(68, 82))],
        "choroid": [(s * rng.uniform(16, 28), rng.uniform(14, 36), rng.uniform(58, 74)) for s in (-1, 1)],
        "ganglia": [(s * ganglia[0], ganglia[1] + rng.normal(0, 2), ganglia[2]) for s in (-1, 1)],
        "anywhere": [(rng.uniform(-50, 50), rng.uniform(-60, 60), rng.uniform(25, 100))],
    }[place]
    level = np.full(hu.shape, -9, np.float32)
    long = rng.uniform(1.2, 2.4) if place == "ganglia" else rng.uniform(1, 1.5)
    for x, y, z in middle:
        radius = rng.uniform(1.2, 3.0 if place == "anywhere" else 4.0)
        far = length(skull.x_mm - x, (skull.y3 - y) / long, (skull.z3 - z) / rng.uniform(1, 2))
        level = np.maximum(level, radius - far)
    if place == "ganglia" and rng.random() < 0.6:  # faint, patchy and alike on both sides
        density = rng.uniform(50, 90)
        level = level + np.float32(0.8) * skull.smooth_field(rng, 4.0)
    else:
        density = float(np.exp(rng.uniform(np.log(70), np.log(350))))
        level = level + np.float32(0.4) * skull.smooth_field(rng, 3.0)
    share = share_of(np.minimum(level, skull.depth_mm), 0.7) * skull.inside
    return np.asarray(np.minimum(hu + share * np.float32(density - tissue.brain_hu), 100), np.float32)


def dense_falx(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A dense falx, thin or thick, calcified in places; near the vertex the slice shows most of it."""
    x = np.abs(skull.midline_mm + skull.bend(rng, 50.0, 0.6))
    thick = rng.uniform(0.5, 1.1) if rng.random() < 0.6 else rng.uniform(1.1, 2.2)
    reach = np.where(skull.y3 > 0, np.float32(rng.uniform(20, 60)), np.float32(rng.uniform(15, 50)))
    strength = np.clip((reach - skull.depth_mm) / 10, 0, 1) * skull.falx
    if rng.random() < 0.35:  # only near the vertex
        strength = strength * np.clip((rng.uniform(20, 40) - skull.z3) / 8, 0, 1)
    uneven = 1 + np.float32(0.3) * skull.smooth_field(rng, 12.0)
    share = share_of(thick * uneven - x, 0.7) * strength * skull.inside
    out = hu + share * np.clip(rng.uniform(48, 68) - tissue.smooth_hu, 0, 45)
    if rng.random() < 0.35:
        spots = np.clip((skull.smooth_field(rng, rng.uniform(6, 14)) - 0.8) * 3, 0, 1)
        out = out + share * spots * rng.uniform(30, 120)
    return np.asarray(np.minimum(out, 100), np.float32)


def dense_tentorium(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """The tentorium denser than brain on both sides, here and there calcified."""
    above = np.abs(skull.tentorium_mm + skull.bend(rng, 40.0, 1.0))
    x, y = np.abs(skull.midline_mm), skull.y3
    edge = np.minimum(np.hypot(x * 0.9, np.minimum(y - 18, 0)) - rng.uniform(6, 12), y)
    level = np.minimum(rng.uniform(0.6, 1.4) - above, edge)
    share = share_of(level, 0.7) * skull.inside * (skull.depth_mm > 1)
    dense: Field | np.float32 = np.float32(rng.uniform(46, 64))
    if rng.random() < 0.35:
        dense = dense + np.clip(skull.smooth_field(rng, 9.0) - 0.6, 0, 1) * np.float32(90)
    return np.asarray(np.minimum(hu + share * np.clip(dense - tissue.smooth_hu, 0, 90), 100), np.float32)


def dense_sinus(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Superior sagittal sinus, torcula and transverse sinuses; dense with thick blood or contrast."""
    width, depth = rng.uniform(3.0, 5.5), skull.depth_mm
    level = np.minimum((width * 1.6 - depth) * 0.6, width * 1.3 - np.abs(skull.midline_mm) - 0.35 * depth)
    behind = np.minimum(skull.y3 - rng.uniform(10, 35), 100 - skull.z3)
    level = np.minimum(level, np.maximum(behind, 12 - skull.z3) * 0.3)
    if rng.random() < 0.6:
        wide = rng.uniform(2.5, 5) * np.where(skull.x_mm * draw_side(rng) > 0, 1.0, rng.uniform(0.3, 1.0))
        beside = np.minimum(wide - depth, 4 - np.abs(skull.tentorium_mm + 2))
        level = np.maximum(level, np.minimum(beside, (skull.y3 - 25) * 0.3))
    share = share_of(level, 0.8) * skull.inside * (depth > 0.4)
    return np.asarray(hu + share * np.clip(rng.uniform(46, 72) - tissue.smooth_hu, 0, 40), np.float32)


def meningioma(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A round, even, slightly dense mass on the dura of skull or falx, with edema beside many."""
    radius = rng.uniform(5, 19)
    on_falx = rng.random() < 0.3
    falx = skull.falx & (np.abs(skull.midline_mm) < 1) & (skull.depth_mm > 8)
    center = draw_pixel(rng, falx, _LEAST_PIXELS) if on_falx else draw_on_inner_table(rng, skull)
    if center is None:
        return None
    level, down, across = _ball(rng, skull, center, radius)
    if on_falx:
        level = np.minimum(level, skull.midline_mm * draw_side(rng) - 0.5)
    level = np.minimum(level, skull.depth_mm - 0.3)
    density = rng.uniform(42, 60) + skull.smooth_field(rng, 8.0) * np.float32(1.2)
    if rng.random() < 0.2:
        density = density + np.clip(skull.smooth_field(rng, 5.0) - 1, 0, 1) * np.float32(60)
    edema_mm = rng.uniform(4, 14) if rng.random() < 0.55 else 0.0
    edema_hu = rng.uniform(5, 11)
    mass = Solid(Hemorrhage.ANY, level, density, level > -0.5, down, across, edema_mm, edema_hu)
    return bleed(hu, skull, tissue, [mass], blur_px=_EDGE_BLUR_PX).hu


def metastases(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """One to three lesions with a bright rim or all bright, each in much edema."""
    firm = skull.inside & (skull.depth_mm > 8) & (tissue.fluid < 0.2) & (skull.z3 > 14)
    masses = []
    for _ in range(int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))):
        center = draw_pixel(rng, firm, _LEAST_PIXELS)
        if center is None:
            return None
        radius = rng.uniform(3, 13)
        level, down, across = _ball(rng, skull, center, radius)
        level = np.minimum(level, skull.midline_mm * np.sign(skull.x_mm[center]) - 1)
        rim, core = np.float32(rng.uniform(42, 64)), np.float32(rng.uniform(14, 30))
        hollow = np.clip(level - rng.uniform(1.8, 3.5), 0, 1) if radius > 5 else np.zeros_like(level)
        density, edema = rim + (core - rim) * hollow, (rng.uniform(5, 16), rng.uniform(6, 12))
        masses.append(Solid(Hemorrhage.ANY, level, density, level > -0.5, down, across, *edema))
    return bleed(hu, skull, tissue, masses, blur_px=_EDGE_BLUR_PX).hu


def cyst(rng: Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Clear fluid in a pocket of its own: before a temporal lobe, behind the cerebellum, or over the convexity."""
    side = draw_side(rng)
    places = [(side * 42, -42.0, 86.0), (rng.normal(0, 12), 70.0, 104.0)]
    places.append((side * 55, rng.normal(0, 30), rng.uniform(25, 60)))
    x, y, z = places[int(rng.choice(3, p=[0.5, 0.25, 0.25]))]
    away2 = (skull.x_mm - x) ** 2 + (skull.y3 - y) ** 2 + (skull.z3 - z) ** 2
    away2 = np.where(skull.inside & (skull.depth_mm < 6), away2, np.float32(np.inf))
    if away2.min() > 15.0**2:
        return None
    k, r, c = np.unravel_index(int(np.argmin(away2)), hu.shape)
    level, down, across = _ball(rng, skull, (int(k), int(r), int(c)), rng.uniform(9, 26))
    level = np.minimum(level, skull.depth_mm - 0.2)
    density = np.full(hu.shape, rng.uniform(3, 10), np.float32)
    mass = Solid(Hemorrhage.ANY, level, density, level > -0.5, down, across)
    return bleed(hu, skull, tissue, [mass], blur_px=_EDGE_BLUR_PX).hu


def _ball(rng: Generator, skull: Skull, center: Pixel, radius: float) -> tuple[Field, Field, Field]:
    """Level of a slightly uneven ellipsoid, and the displacement away from its middle."""
    z, y, x = skull.offsets_mm(center)
    a, b, c = np.exp(rng.normal(0, 0.15, 3)).astype(np.float32)
    level = skull.smooth_field(rng, radius) * np.float32(0.12 * radius)
    level += np.float32(radius) - length(z / a, y / b, x / c)
    push, zero = np.float32(rng.uniform(0.2, 0.6)), np.zeros_like(level)
    return level, zero + push * y, zero + push * x


MIMICS: dict[str, tuple[float, Mimic]] = {
    "calcification": (0.19, calcification),
    "dense-falx": (0.15, dense_falx),
    "dense-tentorium": (0.07, dense_tentorium),
    "dense-sinus": (0.09, dense_sinus),
    "arteries": (0.05, bright_arteries),
    "meningioma": (0.06, meningioma),
    "metastases": (0.04, metastases),
    "cyst": (0.05, cyst),
    "laminar-infarct": (0.03, laminar_infarct),
    "swollen-brain": (0.05, swollen),
    "metal": (0.04, metal),
    "electrode": (0.02, electrode),
    "streaks": (0.08, streaks),
    "cupping": (0.07, cupping),
    "air": (0.03, air),
}
"""Every mimic with how often it is the one that is drawn."""
