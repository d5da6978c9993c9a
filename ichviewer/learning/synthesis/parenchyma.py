"""Blood in the brain: deep and lobar hematomas, in the cerebellum and the brain stem, and contusions."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.lesion import Solid
from ichviewer.learning.synthesis.noise import log_normal, smooth_field, weighted
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


def intraparenchymal(rng: np.random.Generator, skull: Skull, tissue: Tissue, cause: Cause) -> Solid | None:
    """One hematoma or a group of contusions with edema around most, or the bleeding of an infarct."""
    site = weighted(rng, _SITES.get(cause, _ELSEWHERE))
    center = _center(rng, skull, tissue, site)
    if center is None:
        return None
    if site == "infarct":
        return _transformation(rng, skull, tissue, center)
    if site == "contusions":
        volume_ml, count = log_normal(rng, 0.1, 0.9, 8.0), int(rng.integers(1, 7))
    elif site == "brainstem":
        volume_ml, count = log_normal(rng, 0.15, 1.0, 5.0), 1
    else:
        volume_ml, count = log_normal(rng, 0.35, 7.0, 58.0), 1
    radius = float((3 * volume_ml * 1000 / (4 * np.pi)) ** (1 / 3))
    level, down, across = _lumps(rng, skull, center, radius, count)
    level = np.minimum(level, skull.depth_mm - 1.0).astype(np.float32)
    if site not in {"brainstem", "cerebellum"}:
        # The falx and the fissure between the hemispheres are in its way.
        side = np.sign(skull.x_mm[center])
        level = np.minimum(level, skull.midline_mm * side - 1.0).astype(np.float32)
    # Nor does it cross the tentorium.
    above = skull.tentorium_mm
    level = np.minimum(level, above * np.sign(above[center]) - 0.5 + 3 * (site == "brainstem"))
    # Blood in brain does not stand in a cistern or a wide sulcus.
    level = level - np.clip(tissue.fluid - 0.4, 0, 0.5) * np.float32(min(radius, 6.0))
    # A small one leaves the ventricle alone; a large one may break into it.
    if radius < 12:
        level = np.where(tissue.ventricles, np.float32(-3), level)
    if float((level > 0).sum()) * float(np.prod(skull.step_mm)) < _LEAST_MM3:
        return None
    edema = rng.random() < 0.75
    return Solid(
        Hemorrhage.INTRAPARENCHYMAL,
        level.astype(np.float32),
        _density(rng, skull),
        level > -0.5,
        down,
        across,
        rim_mm=float(rng.uniform(2, 4 + 0.5 * min(radius, 14))) if edema else 0.0,
        rim_hu=float(rng.uniform(4, 12)),
        effaced=float(rng.uniform(0.0, 0.6)) if radius > 10 else 0.0,
    )


def _transformation(
    rng: np.random.Generator, skull: Skull, tissue: Tissue, center: tuple[int, int, int]
) -> Solid | None:
    """Blood in an infarct: specks along its cortex, or a patch in its middle."""
    shape, step = skull.inside.shape, skull.step_mm
    dead = np.stack([ndimage.distance_transform_edt(part) for part in tissue.cavity]) * step[1]
    patches = smooth_field(rng, shape, step, float(rng.uniform(5, 16)))
    z, y, x = skull.offsets_mm(*center)
    reach = np.float32(log_normal(rng, 8, 18, 40)) - np.sqrt(z * z + y * y + x * x)
    level = np.minimum(np.minimum(dead - 0.7, (patches - np.float32(rng.uniform(0.1, 0.8))) * 4), reach)
    level = np.clip(level, -15, None).astype(np.float32)
    if float((level > 0).sum()) * float(np.prod(step)) < _LEAST_MM3:
        return None
    nothing = np.zeros(shape, np.float32)
    hu = np.float32(rng.uniform(40, 62)) + smooth_field(rng, shape, step, 6.0) * np.float32(2.5)
    return Solid(Hemorrhage.INTRAPARENCHYMAL, level, hu, np.zeros(shape, bool), nothing, nothing)


def _center(rng: np.random.Generator, skull: Skull, tissue: Tissue, site: str) -> tuple[int, int, int] | None:
    x, y, z, depth = np.abs(skull.x_mm), skull.y3, skull.z3, skull.depth_mm
    above = skull.tentorium_mm
    parts = skull.anatomy
    if site == "infarct":
        zone: Mask = tissue.cavity & (tissue.smooth_hu > 10)
    elif parts is not None and site in {"deep", "cerebellum", "brainstem"}:
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
    if site == "infarct":
        spots = np.flatnonzero(zone & skull.inside)
        return None if spots.size < 30 else _index(int(rng.choice(spots)), zone.shape)
    firm = np.stack([ndimage.uniform_filter(f, 9) for f in tissue.fluid]) < 0.15
    spots = np.flatnonzero(zone & skull.inside & firm)
    if spots.size < 30:
        return None
    return _index(int(rng.choice(spots)), zone.shape)


def _index(flat: int, shape: tuple[int, ...]) -> tuple[int, int, int]:
    k, r, c = np.unravel_index(flat, shape)
    return int(k), int(r), int(c)


def _lumps(
    rng: np.random.Generator, skull: Skull, center: tuple[int, int, int], radius: float, count: int
) -> tuple[Field, Field, Field]:
    """Level of a union of ellipsoids with rough surfaces, and the displacement away from their middles."""
    shape, step = skull.inside.shape, np.array(skull.step_mm)
    level = np.full(shape, -15, np.float32)
    down = np.zeros(shape, np.float32)
    across = np.zeros(shape, np.float32)
    single = count == 1
    parts = int(rng.integers(1, 5)) if single else count
    push = np.float32(rng.uniform(0.15, 0.6))
    axes = [np.arange(n, dtype=np.float32) * s for n, s in zip(shape, step, strict=True)]
    for _ in range(parts):
        offset = rng.normal(0, radius * (0.35 if single else 1.7), 3) * (0.7, 1.0, 1.0)
        where = np.array(center) * step + offset
        size = radius * rng.uniform(0.6, 0.95) if single and parts > 1 else radius * rng.uniform(0.5, 1.1)
        stretch = np.exp(rng.normal(0, 0.28, 3))
        stretch /= stretch.prod() ** (1 / 3)
        turn = rng.uniform(0, np.pi)
        z, y, x = np.ix_(*(axis - np.float32(at) for axis, at in zip(axes, where, strict=True)))
        u, v = (
            x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn)),
            y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn)),
        )
        norm = np.sqrt(
            (u / np.float32(size * stretch[0])) ** 2
            + (v / np.float32(size * stretch[1])) ** 2
            + (z / np.float32(size * stretch[2])) ** 2
        )
        here = np.clip(np.float32(size * stretch.min()) * (1 - norm), -15, None)
        nearer = here > level
        down = np.where(nearer, push * y, down)
        across = np.where(nearer, push * x, across)
        level = np.maximum(level, here)
    rough = smooth_field(rng, shape, skull.step_mm, float(np.clip(radius * 0.8, 4.0, 14.0)))
    level = level + rough * np.float32(min(0.15 * radius, 2.2))
    fine = smooth_field(rng, shape, skull.step_mm, 4.0) * np.float32(min(0.08 * radius, 0.6))
    return (level + fine).astype(np.float32), down, across


def _density(rng: np.random.Generator, skull: Skull) -> Field:
    shape, step = skull.inside.shape, skull.step_mm
    hu = np.float32(np.clip(rng.normal(54, 8), 38, 78))
    field = hu + smooth_field(rng, shape, step, float(rng.uniform(5, 12))) * np.float32(rng.uniform(0.5, 5))
    if rng.random() < 0.15:  # blood still runs, or it settles in a patient who cannot clot
        dark = smooth_field(rng, shape, step, 14.0) > 0.8
        field = np.where(dark, field - np.float32(rng.uniform(8, 22)), field)
    return field.astype(np.float32)
