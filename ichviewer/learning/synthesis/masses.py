"""Masses that are no blood: meningioma, metastases that took up contrast medium, and cysts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.bleeding import bleed
from ichviewer.learning.synthesis.extra_axial import on_inner_table
from ichviewer.learning.synthesis.lesion import Solid
from ichviewer.learning.synthesis.noise import smooth_field
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue

_EDGE_BLUR_PX = 0.7


def meningioma(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A round, even, slightly dense mass on the dura of skull or falx, with edema beside many."""
    radius = float(rng.uniform(5, 19))
    on_falx = rng.random() < 0.3
    if on_falx:
        center = _pick(rng, skull.falx & (np.abs(skull.midline_mm) < 1) & (skull.depth_mm > 8))
    else:
        center = on_inner_table(rng, skull)
    if center is None:
        return None
    level, down, across = _ball(rng, skull, center, radius)
    if on_falx:
        level = np.minimum(level, skull.midline_mm * np.float32(rng.choice([-1, 1])) - 0.5)
    level = np.minimum(level, skull.depth_mm - 0.3)
    density = rng.uniform(42, 60) + smooth_field(rng, hu.shape, skull.step_mm, 8.0) * np.float32(1.2)
    if rng.random() < 0.2:
        density = density + np.clip(smooth_field(rng, hu.shape, skull.step_mm, 5.0) - 1, 0, 1) * np.float32(
            60
        )
    edema = float(rng.uniform(4, 14)) if rng.random() < 0.55 else 0.0
    mass = _mass(level, density, down, across, edema_mm=edema, edema_hu=float(rng.uniform(5, 11)))
    return _with(hu, skull, tissue, [mass])


def metastases(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """One to three lesions with a bright rim or all bright, each in much edema."""
    firm = skull.inside & (skull.depth_mm > 8) & (tissue.fluid < 0.2) & (skull.z3 > 14)
    masses = []
    for _ in range(int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))):
        center = _pick(rng, firm)
        if center is None:
            continue
        radius = float(rng.uniform(3, 13))
        level, down, across = _ball(rng, skull, center, radius)
        level = np.minimum(level, skull.midline_mm * np.sign(skull.x_mm[center]) - 1)
        rim, core = np.float32(rng.uniform(42, 64)), np.float32(rng.uniform(14, 30))
        hollow = np.clip(level - np.float32(rng.uniform(1.8, 3.5)), 0, 1) if radius > 5 else np.float32(0)
        density = rim + (core - rim) * hollow + np.zeros_like(level)
        masses.append(
            _mass(
                level,
                density,
                down,
                across,
                edema_mm=float(rng.uniform(5, 16)),
                edema_hu=float(rng.uniform(6, 12)),
            )
        )
    return _with(hu, skull, tissue, masses) if masses else None


def cyst(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Clear fluid in a pocket of its own: before a temporal lobe, behind the cerebellum, or over the convexity."""
    side = float(rng.choice([-1, 1]))
    places = [
        (side * 42, -42, 86),
        (rng.normal(0, 12), 70, 104),
        (side * 55, rng.normal(0, 30), rng.uniform(25, 60)),
    ]
    x, y, z = places[int(rng.choice(3, p=[0.5, 0.25, 0.25]))]
    away = (skull.x_mm - np.float32(x)) ** 2 + (skull.y3 - y) ** 2 + (skull.z3 - z) ** 2
    away = np.where(skull.inside & (skull.depth_mm < 6), away, np.float32(np.inf))
    if not np.isfinite(away.min()) or away.min() > 15.0**2:
        return None
    k, r, c = np.unravel_index(int(np.argmin(away)), hu.shape)
    level, down, across = _ball(rng, skull, (int(k), int(r), int(c)), float(rng.uniform(9, 26)))
    level = np.minimum(level, skull.depth_mm - 0.2)
    density = np.full(hu.shape, rng.uniform(3, 10), np.float32)
    return _with(hu, skull, tissue, [_mass(level, density, down, across, edema_mm=0.0, edema_hu=0.0)])


def _pick(rng: np.random.Generator, zone: Mask) -> tuple[int, int, int] | None:
    spots = np.flatnonzero(zone)
    if spots.size < 20:
        return None
    k, r, c = np.unravel_index(int(rng.choice(spots)), zone.shape)
    return int(k), int(r), int(c)


def _ball(
    rng: np.random.Generator, skull: Skull, center: tuple[int, int, int], radius: float
) -> tuple[Field, Field, Field]:
    """Level of a slightly uneven ellipsoid, and the displacement away from its middle."""
    z, y, x = skull.offsets_mm(*center)
    a, b, c = np.exp(rng.normal(0, 0.15, 3)).astype(np.float32)
    level = smooth_field(rng, skull.inside.shape, skull.step_mm, radius) * np.float32(0.12 * radius)
    level += np.float32(radius) - np.sqrt((z / a) ** 2 + (y / b) ** 2 + (x / c) ** 2)
    push, zero = np.float32(rng.uniform(0.2, 0.6)), np.zeros_like(level)
    return level, zero + push * y, zero + push * x


def _mass(level: Field, hu: Field, down: Field, across: Field, *, edema_mm: float, edema_hu: float) -> Solid:
    level = level.astype(np.float32)
    return Solid(
        Hemorrhage.ANY,
        level,
        hu.astype(np.float32),
        level > -0.5,
        down,
        across,
        rim_mm=edema_mm,
        rim_hu=edema_hu,
    )


def _with(hu: Field, skull: Skull, tissue: Tissue, masses: Sequence[Solid]) -> Field:
    return bleed(hu, skull, tissue, [], masses, blur_px=_EDGE_BLUR_PX).hu
