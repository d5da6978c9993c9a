"""What the scanner adds around bone and metal, and air that an operation or a fracture let in."""

from __future__ import annotations

import numpy as np

from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.lesion import share_of
from ichviewer.learning.synthesis.skull import SATURATED_HU, Skull
from ichviewer.learning.synthesis.surface import Spot
from ichviewer.learning.synthesis.tissue import Tissue

_AIR_HU = -17.0


def streaks(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Dark and bright bands between the petrous bones, and fine streaks from dense bone."""
    out = hu.copy()
    low = np.flatnonzero((skull.below_vertex_mm > 70) & skull.inside.any(axis=(1, 2)))
    for k in low if low.size else []:
        if rng.random() < 0.3:
            continue
        band = np.zeros(hu.shape[1:], np.float32)
        for _ in range(int(rng.integers(1, 5))):
            line = rng.normal(5, 22) + rng.normal(0, 0.2) * skull.x_mm[k]
            across = (skull.y_mm[:, None] - line) / np.float32(rng.uniform(1.0, 7.0))
            band += np.exp(-0.5 * across**2) * np.float32(rng.uniform(3, 14) * rng.choice([-1, 1]))
        out[k] += np.where(skull.inside[k] & (hu[k] < 95), band, 0)
    return out


def cupping(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Beam hardening left over: a bright rim of brain under the skull."""
    rim = np.exp(-np.clip(skull.depth_mm, 0, None) / np.float32(rng.uniform(2.5, 8)))
    rim *= np.float32(rng.uniform(4, 14)) * (skull.inside & (hu < 95))
    done: Field = (hu + rim).astype(np.float32)
    return done


def metal(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A clip or a coil, mostly on the arteries at the base, from which streaks run through the slice."""
    base = (np.abs(skull.x_mm) < 34) & (skull.z3 > 70) & (skull.z3 < 100) & (np.abs(skull.y3 + 12) < 22)
    spots = np.flatnonzero(skull.inside & (base if rng.random() < 0.75 else skull.depth_mm > 4))
    if spots.size == 0:
        return None
    middle, row, column = np.unravel_index(int(rng.choice(spots)), hu.shape)
    _, y, x = (part[0] for part in skull.offsets_mm(int(middle), int(row), int(column)))
    far, angle = np.hypot(y, x), np.arctan2(y, x)
    waves = int(rng.integers(3, 9))
    phases, strengths = rng.uniform(0, 2 * np.pi, waves), rng.normal(0, 1, waves)
    ray = np.zeros_like(far)
    for i, (strength, phase) in enumerate(zip(strengths, phases, strict=True)):
        ray += np.float32(strength) * np.cos((2 * i + 3) * angle + np.float32(phase))
    ray = np.sign(ray) * np.abs(ray) ** 1.5
    size, strength = rng.uniform(1.5, 5.0), rng.uniform(6, 40)
    out = hu.copy()
    for k in range(max(0, int(middle) - 1), min(len(hu), int(middle) + 2)):
        fade = 1.0 if k == middle else 0.35
        soft = skull.inside[k] & (hu[k] > _AIR_HU) & (hu[k] < SATURATED_HU)
        out[k] += np.where(soft, ray * np.float32(strength * fade * 12) / (far + 12), 0)
        if k == middle:
            out[k] = np.where((far < size) & skull.inside[k], 100, out[k])
    return np.clip(out, -20, 100).astype(np.float32)


def air(
    rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue, near: Spot | None = None
) -> Field | None:
    """Bubbles under the front of the skull, where air rises to in a patient who lies on the back, or `near`."""
    level = np.full(hu.shape, -9, np.float32)
    for _ in range(int(rng.integers(1, 7))):
        if near is None or rng.random() < 0.3:
            x, y, z = rng.normal(0, 28), rng.uniform(-85, -25), rng.uniform(5, 75)
        else:
            angle = near.azimuth_rad + rng.normal(0, 0.35)
            x, y = near.side * 62 * np.cos(angle), 78 * np.sin(angle)
            z = near.below_vertex_mm + rng.normal(0, 10)
        radius = rng.uniform(1.0, 3.0) if rng.random() < 0.6 else rng.uniform(3.0, 9.0)
        far = np.sqrt(
            ((skull.x_mm - np.float32(x)) / np.float32(rng.uniform(1, 2.2))) ** 2
            + (skull.y3 - np.float32(y)) ** 2
            + (skull.z3 - np.float32(z)) ** 2
        )
        level = np.maximum(level, np.minimum(np.float32(radius) - far, 12 - skull.depth_mm))
    share = share_of(np.minimum(level, skull.depth_mm - 0.5).astype(np.float32), 0.6) * skull.inside
    soft = np.clip((95 - hu) / 10, 0, 1)
    done: Field = np.maximum(hu - share * soft * (tissue.smooth_hu + 60), -20).astype(np.float32)
    return done if float(share.max()) > 0.2 else None
