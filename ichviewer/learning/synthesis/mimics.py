"""What is mistaken for blood, or hides it, and is none: both twins have it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.infarct import infarct
from ichviewer.learning.synthesis.lesion import share_of
from ichviewer.learning.synthesis.noise import smooth_field
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue
from ichviewer.learning.synthesis.vessels import bright_arteries

Decoy = Callable[[np.random.Generator, Field, Skull, Tissue], Field | None]


def _calcification(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Pineal gland, choroid plexus, basal ganglia or falx, from grey to white."""
    place = rng.choice(["pineal", "choroid", "ganglia", "anywhere"], p=[0.3, 0.3, 0.2, 0.2])
    middle = {
        "pineal": [(0.0, rng.uniform(10, 24), rng.uniform(68, 82))],
        "choroid": [(s * rng.uniform(16, 28), rng.uniform(14, 36), rng.uniform(58, 74)) for s in (-1, 1)],
        "ganglia": [(s * rng.uniform(12, 22), rng.uniform(-16, 4), rng.uniform(60, 76)) for s in (-1, 1)],
        "anywhere": [(rng.uniform(-50, 50), rng.uniform(-60, 60), rng.uniform(25, 100))],
    }[str(place)]
    level = np.full(hu.shape, -9, np.float32)
    for x, y, z in middle:
        radius = rng.uniform(1.2, 4.0 if place != "anywhere" else 3.0)
        far = np.sqrt(
            (skull.x_mm - np.float32(x)) ** 2
            + ((skull.y3 - np.float32(y)) / np.float32(rng.uniform(1, 1.6))) ** 2
            + ((skull.z3 - np.float32(z)) / np.float32(rng.uniform(1, 2))) ** 2
        )
        level = np.maximum(level, np.float32(radius) - far)
    level = np.minimum(level + 0.4 * smooth_field(rng, hu.shape, skull.step_mm, 3.0), skull.depth_mm)
    density = float(np.exp(rng.uniform(np.log(70), np.log(350))))
    share = share_of(level.astype(np.float32), 0.7) * skull.inside
    return np.minimum(hu + share * np.float32(density - tissue.brain_hu), 100).astype(np.float32)


def _dense_falx(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """A bright falx and sinus, straight and thin, fading out."""
    x = skull.x_mm + 0.6 * smooth_field(rng, hu.shape, skull.step_mm, 50.0)
    reach = np.where(skull.y3 > 0, np.float32(rng.uniform(20, 50)), np.float32(rng.uniform(15, 40)))
    strength = np.clip((reach - skull.depth_mm) / 10, 0, 1) * (skull.z3 < rng.uniform(60, 85))
    share = share_of((rng.uniform(0.5, 1.3) - np.abs(x)).astype(np.float32), 0.7) * strength * skull.inside
    return (hu + share * np.float32(rng.uniform(8, 24))).astype(np.float32)


def _dense_sinus(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Superior sagittal sinus and torcula, triangular behind; dense with thick blood or contrast."""
    width = rng.uniform(3.0, 5.5)
    level = np.minimum(
        (width * 1.6 - skull.depth_mm) * 0.6, width * 1.3 - np.abs(skull.x_mm) - 0.35 * skull.depth_mm
    )
    behind = np.minimum(skull.y3 - rng.uniform(10, 35), 100 - skull.z3)
    level = np.minimum(level, np.maximum(behind, 12 - skull.z3) * 0.3)
    share = share_of(level.astype(np.float32), 0.8) * skull.inside
    done: Field = (hu + share * np.clip(rng.uniform(46, 72) - tissue.smooth_hu, 0, 40)).astype(np.float32)
    return done


def _white_matter(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Small-vessel disease: the white matter around the ventricles is darker."""
    if not tissue.ventricles.any():
        return None
    deep = np.clip((skull.depth_mm - 14) / 12, 0, 1) * ((skull.z3 > 28) & (skull.z3 < 75))
    patchy = np.clip(0.4 + 0.7 * smooth_field(rng, hu.shape, skull.step_mm, 14.0), 0, 1)
    white = np.clip((tissue.brain_hu + 2 - tissue.smooth_hu) / 6, 0, 1)
    drop = deep * patchy * white * (1 - tissue.fluid) * np.float32(rng.uniform(3, 11))
    done: Field = (hu - drop * skull.inside).astype(np.float32)
    return done


def _streaks(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
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


def _cupping(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Beam hardening left over: a bright rim of brain under the skull."""
    rim = np.exp(-np.clip(skull.depth_mm, 0, None) / np.float32(rng.uniform(2.5, 8))) * np.float32(
        rng.uniform(4, 16)
    )
    done: Field = (hu + rim * (skull.inside & (hu < 95))).astype(np.float32)
    return done


def _air(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Bubbles of air under the front of the skull, where it rises to in a patient who lies on the back."""
    level = np.full(hu.shape, -9, np.float32)
    for _ in range(int(rng.integers(1, 7))):
        x, y, z = rng.normal(0, 28), rng.uniform(-85, -25), rng.uniform(5, 75)
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


def _plaque(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Dura that has turned to bone, flat along the skull or the falx."""
    spots = np.flatnonzero(skull.inside & (skull.depth_mm < 3) & (skull.z3 < 85))
    if spots.size < 50:
        return None
    on_falx = rng.random() < 0.4
    k, r, c = np.unravel_index(int(rng.choice(spots)), hu.shape)
    z, y, x = skull.offsets_mm(int(k), int(r), int(c))
    along = np.sqrt(y * y + z * z) if on_falx else np.sqrt(x * x + y * y + z * z)
    from_dura = np.abs(skull.x_mm) if on_falx else np.maximum(skull.depth_mm, 0)
    length, thick = rng.uniform(3, 12), rng.uniform(1.0, 3.5)
    level = np.float32(thick) * np.clip(1 - (along / np.float32(length)) ** 2, -1, 1) - from_dura
    share = share_of(level.astype(np.float32), 0.6) * skull.inside
    # As dense as bone: a softer plaque cannot be told from blood by anyone.
    done: Field = np.minimum(hu + share * np.float32(rng.uniform(110, 250)), 100).astype(np.float32)
    return done


DECOYS: dict[str, tuple[float, Decoy]] = {
    "calcification": (0.35, _calcification),
    "dense-falx": (0.25, _dense_falx),
    "dense-sinus": (0.15, _dense_sinus),
    "infarct": (0.3, infarct),
    "second-infarct": (0.1, infarct),
    "white-matter": (0.15, _white_matter),
    "streaks": (0.2, _streaks),
    "cupping": (0.2, _cupping),
    "air": (0.06, _air),
    "plaque": (0.1, _plaque),
    "arteries": (0.08, bright_arteries),
}
"""Every decoy with the share of heads that have it."""


def add_decoys(
    rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue, eagerness: float
) -> tuple[Field, list[str]]:
    """Some of the decoys; with `eagerness` above 1 more of them."""
    traits = []
    for name, (share, paint) in DECOYS.items():
        if rng.random() < share * eagerness:
            painted = paint(rng, hu, skull, tissue)
            if painted is not None:
                hu = painted
                traits.append(name)
    return hu, traits
