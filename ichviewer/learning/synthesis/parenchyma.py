"""Blood in the brain: deep and lobar hematomas, in the cerebellum and the brain stem, and contusions."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask, Pixel, length
from ichviewer.learning.synthesis.bleeding import Solid, unmoved
from ichviewer.learning.synthesis.noise import draw_pixel, log_normal, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.tissue import Tissue

_LEAST_MM3 = 120.0
_SITES: dict[Cause, dict[str, float]] = {
    Cause.TRAUMA: {"contusions": 0.78, "lobar": 0.1, "deep": 0.07, "brainstem": 0.05},
    Cause.VESSEL: {"deep": 0.46, "lobar": 0.32, "cerebellum": 0.13, "brainstem": 0.09},
    Cause.INFARCT: {"infarct": 1.0},
}
_ELSEWHERE = {"lobar": 1.0}
_VOLUME_ML = {"contusions": (0.1, 0.9, 8.0), "brainstem": (0.15, 1.0, 5.0)}
_USUAL_ML = (0.35, 7.0, 58.0)


def intraparenchymal(rng: Generator, skull: Skull, tissue: Tissue, cause: Cause) -> Solid | None:
    """One hematoma or a group of contusions with edema around most, or the bleeding of an infarct."""
    site = weighted(rng, _SITES.get(cause, _ELSEWHERE))
    center = draw_pixel(rng, _zone(rng, skull, tissue, site), 30)
    if center is None:
        return None
    if site == "infarct":
        return _transformation(rng, skull, tissue, center)
    volume_ml = log_normal(rng, *_VOLUME_ML.get(site, _USUAL_ML))
    radius = float((3 * volume_ml * 1000 / (4 * np.pi)) ** (1 / 3))
    count = int(rng.integers(1, 7)) if site == "contusions" else 1
    level, down, across = _lumps(rng, skull, center, radius, count)
    level = np.minimum(level, skull.depth_mm - 1.0)
    if site not in {"brainstem", "cerebellum"}:
        # The falx and the fissure between the hemispheres are in its way.
        level = np.minimum(level, skull.midline_mm * np.sign(skull.x_mm[center]) - 1.0)
    # Nor does it cross the tentorium.
    above = skull.tentorium_mm
    level = np.minimum(level, above * np.sign(above[center]) - 0.5 + 3 * (site == "brainstem"))
    # Blood in brain does not stand in a cistern or a wide sulcus.
    level = level - np.clip(tissue.fluid - 0.4, 0, 0.5) * min(radius, 6.0)
    # A small one leaves the ventricle alone; a large one may break into it.
    if radius < 12:
        level = np.where(tissue.ventricles, np.float32(-3), level)
    if skull.volume_mm3(level > 0) < _LEAST_MM3:
        return None
    edema = rng.random() < 0.75
    hu = _density(rng, skull)
    rim_mm = rng.uniform(2, 4 + 0.5 * min(radius, 14)) if edema else 0.0
    rim_hu, effaced = rng.uniform(4, 12), rng.uniform(0.0, 0.6) if radius > 10 else 0.0
    given = level > -0.5
    return Solid(Hemorrhage.INTRAPARENCHYMAL, level, hu, given, down, across, rim_mm, rim_hu, effaced)


def _transformation(rng: Generator, skull: Skull, tissue: Tissue, center: Pixel) -> Solid | None:
    """Blood in an infarct: specks along its cortex, or a patch in its middle."""
    dead = np.stack([ndimage.distance_transform_edt(part) for part in tissue.cavity]) * skull.step_mm[1]
    patches = skull.smooth_field(rng, rng.uniform(5, 16))
    reach = log_normal(rng, 8, 18, 40) - skull.away_mm(center)
    level = np.minimum(np.minimum(dead - 0.7, (patches - rng.uniform(0.1, 0.8)) * 4), reach)
    level = np.clip(level, -15, None).astype(np.float32)
    if skull.volume_mm3(level > 0) < _LEAST_MM3:
        return None
    hu = rng.uniform(40, 62) + skull.smooth_field(rng, 6.0) * np.float32(2.5)
    return unmoved(Hemorrhage.INTRAPARENCHYMAL, level, hu)


def _zone(rng: Generator, skull: Skull, tissue: Tissue, site: str) -> Mask:
    """Where the middle of a hematoma may lie."""
    if site == "infarct":
        return tissue.cavity & (tissue.smooth_hu > 10) & skull.inside
    x, y, z, depth = np.abs(skull.x_mm), skull.y3, skull.z3, skull.depth_mm
    above, parts = skull.tentorium_mm, skull.anatomy
    if parts is not None and site in {"deep", "cerebellum", "brainstem"}:
        zone = {"deep": parts.deep, "cerebellum": parts.cerebellum, "brainstem": parts.brainstem}[site]
        zone = zone & (depth > 5)
    else:
        # Contusions lie where brain strikes the floor of the skull: under the frontal and before the temporal lobes.
        base = (z > 66) & (z < 112) & (y < 12) & (above > 0)
        zone = {
            "deep": (x > 7) & (x < 36) & (y > -28) & (y < 28) & (z > 48) & (z < 84) & (depth > 22),
            "lobar": (depth > 7) & (depth < 34) & (z > 14) & (z < 96) & (x > 8) & (above > 4),
            "contusions": (depth > 2) & (depth < 13) & (base | ((z > 30) & (z < 90) & (rng.random() < 0.35))),
            "cerebellum": (above < -6) & (z < 128) & (y > 14) & (depth > 7),
            "brainstem": (z > 84) & (z < 112) & (x < 9) & (y > -10) & (y < 16) & (depth > 8),
        }[site]
    firm: Mask = ndimage.uniform_filter(tissue.fluid, (1, 9, 9)) < 0.15
    return zone & skull.inside & firm


def _lumps(
    rng: Generator, skull: Skull, center: Pixel, radius: float, count: int
) -> tuple[Field, Field, Field]:
    """Level of a union of ellipsoids with rough surfaces, and the displacement away from their middles."""
    shape, step = skull.inside.shape, np.array(skull.step_mm)
    level = np.full(shape, -15, np.float32)
    down, across = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    single = count == 1
    parts = int(rng.integers(1, 5)) if single else count
    push = np.float32(rng.uniform(0.15, 0.6))
    axes = [np.arange(n, dtype=np.float32) * s for n, s in zip(shape, step, strict=True)]
    for _ in range(parts):
        offset = rng.normal(0, radius * (0.35 if single else 1.7), 3) * (0.7, 1.0, 1.0)
        where = np.array(center) * step + offset
        size = radius * (rng.uniform(0.6, 0.95) if single and parts > 1 else rng.uniform(0.5, 1.1))
        stretch = np.exp(rng.normal(0, 0.28, 3))
        stretch /= stretch.prod() ** (1 / 3)
        a, b, c = (size * stretch).astype(np.float32)
        turn = rng.uniform(0, np.pi)
        cosine, sine = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        z, y, x = np.ix_(*(axis - np.float32(at) for axis, at in zip(axes, where, strict=True)))
        norm = length((x * cosine + y * sine) / a, (y * cosine - x * sine) / b, z / c)
        here = np.clip(np.float32(size * stretch.min()) * (1 - norm), -15, None)
        nearer = here > level
        down = np.where(nearer, push * y, down)
        across = np.where(nearer, push * x, across)
        level = np.maximum(level, here)
    rough = skull.smooth_field(rng, float(np.clip(radius * 0.8, 4.0, 14.0)))
    level = level + rough * min(0.15 * radius, 2.2)
    level = level + skull.smooth_field(rng, 4.0) * min(0.08 * radius, 0.6)
    return level.astype(np.float32), down, across


def _density(rng: Generator, skull: Skull) -> Field:
    hu = np.float32(np.clip(rng.normal(54, 8), 38, 78))
    field = hu + skull.smooth_field(rng, rng.uniform(5, 12)) * rng.uniform(0.5, 5)
    if rng.random() < 0.15:  # blood still runs, or it settles in a patient who cannot clot
        field = np.where(skull.smooth_field(rng, 14.0) > 0.8, field - rng.uniform(8, 22), field)
    return field
