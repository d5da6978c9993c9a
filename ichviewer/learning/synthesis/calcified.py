"""What is dense in a head without blood: calcium in gland, plexus and nuclei, and thick, dense or calcified dura."""

from __future__ import annotations

import numpy as np

from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.lesion import share_of
from ichviewer.learning.synthesis.noise import smooth_field, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue


def calcification(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
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
    long = np.float32(rng.uniform(1.2, 2.4) if place == "ganglia" else rng.uniform(1, 1.5))
    for x, y, z in middle:
        radius = rng.uniform(1.2, 3.0 if place == "anywhere" else 4.0)
        far = np.sqrt(
            (skull.x_mm - np.float32(x)) ** 2
            + ((skull.y3 - np.float32(y)) / long) ** 2
            + ((skull.z3 - np.float32(z)) / np.float32(rng.uniform(1, 2))) ** 2
        )
        level = np.maximum(level, np.float32(radius) - far)
    if place == "ganglia" and rng.random() < 0.6:  # faint, patchy and alike on both sides
        density = float(rng.uniform(50, 90))
        level = level + np.float32(0.8) * smooth_field(rng, hu.shape, skull.step_mm, 4.0)
    else:
        density = float(np.exp(rng.uniform(np.log(70), np.log(350))))
        level = level + np.float32(0.4) * smooth_field(rng, hu.shape, skull.step_mm, 3.0)
    share = share_of(np.minimum(level, skull.depth_mm).astype(np.float32), 0.7) * skull.inside
    return np.minimum(hu + share * np.float32(density - tissue.brain_hu), 100).astype(np.float32)


def dense_falx(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A dense falx, thin or thick, calcified in places; near the vertex the slice shows most of it."""
    bent = 0.0 if skull.anatomy is not None else 0.6 * smooth_field(rng, hu.shape, skull.step_mm, 50.0)
    x = np.abs(skull.midline_mm + bent)
    thick = rng.uniform(0.5, 1.1) if rng.random() < 0.6 else rng.uniform(1.1, 2.2)
    reach = np.where(skull.y3 > 0, np.float32(rng.uniform(20, 60)), np.float32(rng.uniform(15, 50)))
    strength = np.clip((reach - skull.depth_mm) / 10, 0, 1) * skull.falx
    if rng.random() < 0.35:  # only near the vertex
        strength = strength * np.clip((rng.uniform(20, 40) - skull.z3) / 8, 0, 1)
    uneven = 1 + np.float32(0.3) * smooth_field(rng, hu.shape, skull.step_mm, 12.0)
    share = share_of((np.float32(thick) * uneven - x).astype(np.float32), 0.7) * strength * skull.inside
    out = hu + share * np.clip(rng.uniform(48, 68) - tissue.smooth_hu, 0, 45)
    if rng.random() < 0.35:
        spots = np.clip(
            (smooth_field(rng, hu.shape, skull.step_mm, float(rng.uniform(6, 14))) - 0.8) * 3, 0, 1
        )
        out = out + share * spots * np.float32(rng.uniform(30, 120))
    done: Field = np.minimum(out, 100).astype(np.float32)
    return done


def dense_tentorium(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """The tentorium denser than brain on both sides, here and there calcified."""
    bent = 0.0 if skull.anatomy is not None else smooth_field(rng, hu.shape, skull.step_mm, 40.0)
    x, y = np.abs(skull.midline_mm), skull.y3
    edge = np.minimum(np.hypot(x * 0.9, np.minimum(y - 18, 0)) - np.float32(rng.uniform(6, 12)), y)
    level = np.minimum(np.float32(rng.uniform(0.6, 1.4)) - np.abs(skull.tentorium_mm + bent), edge)
    share = share_of(level.astype(np.float32), 0.7) * skull.inside * (skull.depth_mm > 1)
    dense = np.float32(rng.uniform(46, 64))
    if rng.random() < 0.35:
        dense = dense + np.clip(smooth_field(rng, hu.shape, skull.step_mm, 9.0) - 0.6, 0, 1) * np.float32(90)
    out = hu + share * np.clip(dense - tissue.smooth_hu, 0, 90)
    done: Field = np.minimum(out, 100).astype(np.float32)
    return done


def dense_sinus(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Superior sagittal sinus, torcula and transverse sinuses; dense with thick blood or contrast."""
    width = rng.uniform(3.0, 5.5)
    level = np.minimum(
        (width * 1.6 - skull.depth_mm) * 0.6, width * 1.3 - np.abs(skull.midline_mm) - 0.35 * skull.depth_mm
    )
    behind = np.minimum(skull.y3 - rng.uniform(10, 35), 100 - skull.z3)
    level = np.minimum(level, np.maximum(behind, 12 - skull.z3) * 0.3)
    if rng.random() < 0.6:
        wide = rng.uniform(2.5, 5) * np.where(
            skull.x_mm * rng.choice([-1, 1]) > 0, 1.0, rng.uniform(0.3, 1.0)
        )
        beside = np.minimum(wide - skull.depth_mm, 4 - np.abs(skull.tentorium_mm + 2))
        level = np.maximum(level, np.minimum(beside, (skull.y3 - 25) * 0.3))
    share = share_of(level.astype(np.float32), 0.8) * skull.inside * (skull.depth_mm > 0.4)
    done: Field = (hu + share * np.clip(rng.uniform(46, 72) - tissue.smooth_hu, 0, 40)).astype(np.float32)
    return done
