"""Blood in the sulci, fissures and cisterns."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.lesion import Filling
from ichviewer.learning.synthesis.noise import log_normal, smooth_field, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.tissue import CSF_HU, Tissue

_LEAST_SULCUS_MM2 = 9.0
_LEAST_MM3 = 60.0
_TRAUMA = {"convexity": 0.52, "sylvian": 0.17, "interhemispheric": 0.11, "tentorial": 0.1, "cisterns": 0.1}
_ANEURYSM = {"basal": 0.62, "sylvian": 0.14, "cisterns": 0.14, "interhemispheric": 0.1}


def subarachnoid(rng: np.random.Generator, skull: Skull, tissue: Tissue, cause: Cause) -> Filling | None:
    """From a faint line in one sulcus to most of the base.

    After a blow it lies in a few sulci, in a sylvian fissure, along the falx, at the edge of the tentorium, or before
    the brainstem; from an aneurysm it spreads from the cisterns at the base.
    """
    sites = _ANEURYSM if cause is Cause.ANEURYSM else _TRAUMA
    space = _spaces(rng, skull, tissue)
    shape, step = skull.inside.shape, skull.step_mm
    reach = np.full(shape, -3, np.float32)
    main = weighted(rng, sites)
    faint = main != "basal" and rng.random() < 0.45
    found = 0
    for _ in range(1 if main in {"basal", "cisterns"} else int(rng.integers(1, 5))):
        site = main if rng.random() < 0.75 else weighted(rng, sites)
        spots = np.flatnonzero(_zone(site, skull) & (space > 0.35))
        if spots.size * step[1] ** 2 < 12:
            continue
        z, y, x = skull.offsets_mm(*(int(i) for i in np.unravel_index(int(rng.choice(spots)), shape)))
        if site == "basal":
            size = log_normal(rng, 26, 42, 70)
        else:
            size = log_normal(rng, 5, 10, 20) if faint else log_normal(rng, 8, 17, 38)
        # It spreads along the fissures of both sides alike, less over the convexity.
        far = np.sqrt(
            (z * np.float32(1.2)) ** 2 + y**2 + (x * np.float32(0.8 if site == "basal" else 1.0)) ** 2
        )
        reach = np.maximum(reach, (np.float32(size) - far) / np.float32(0.35 * size))
        found += 1
    if not found:
        return None
    patches = smooth_field(rng, shape, step, 12.0) * np.float32(0.6) + np.float32(rng.uniform(0.0, 0.9))
    amount = np.clip(np.minimum(reach, 1.0) + patches * (reach > -0.5) - 0.25, 0, 1)
    # Blood widens a sulcus: what was a faint dark line becomes a plain bright one.
    share = (
        np.clip(space * np.float32(rng.uniform(1.4, 2.0) if faint else rng.uniform(1.6, 2.6)), 0, 1) * amount
    )
    for k in np.flatnonzero(share.max(axis=(1, 2)) > 0):
        share[k] = np.maximum(share[k], 1.1 * ndimage.gaussian_filter(share[k], 0.8, truncate=3.0))
    share = (np.clip(share, 0, 1) * skull.inside).astype(np.float32)
    if share.sum() * np.prod(step) < _LEAST_MM3:
        return None
    # Mixed with CSF it may be no denser than brain.
    mixed = rng.uniform(0.55, 0.85) if faint else rng.uniform(0.8, 1.0)
    hu = CSF_HU + mixed * (np.clip(rng.normal(64, 6), 54, 78) - CSF_HU)
    uneven = smooth_field(rng, shape, step, 10.0) * np.float32(rng.uniform(0, 4))
    return Filling(Hemorrhage.SUBARACHNOID, share, (np.float32(hu) + uneven).astype(np.float32))


def _spaces(rng: np.random.Generator, skull: Skull, tissue: Tissue) -> Field:
    """Sulci, fissures and cisterns as a share of each pixel; narrow ones count for more than they look."""
    dark = (tissue.local_hu - 2.5 - tissue.smooth_hu) / np.float32(9.0)
    broad = tissue.fluid > 0.55
    parts = skull.anatomy
    if parts is not None:
        known = (parts.sulci | parts.cisterns).astype(np.float32)
        known = ndimage.gaussian_filter(known, (0, 0.6, 0.6), truncate=3.0)
        space = np.clip(known * 1.3, 0, 1) * np.clip(np.maximum(dark, tissue.fluid) + 0.35, 0, 1)
    else:
        # White matter is dark too, but wide: sulci are darker than what is close beside them.
        line = np.stack([ndimage.uniform_filter(s, 7) for s in tissue.smooth_hu])
        line -= tissue.smooth_hu + np.float32(1.2)
        space = np.where(broad, np.maximum(dark, 0.6), np.minimum(dark, line / np.float32(3.0)))
    if rng.random() < 0.4:
        # In a tight head sulci are there and cannot be seen before blood is in them.
        sheets = 1 - np.abs(smooth_field(rng, space.shape, skull.step_mm, 13.0)) / np.float32(0.22)
        cortex = np.clip((tissue.smooth_hu - tissue.brain_hu + 4) / 4, 0, 1) * (skull.depth_mm < 14)
        space = np.maximum(space, np.clip(sheets, 0, 1) * cortex * np.float32(rng.uniform(0.3, 0.8)))
    if parts is None:
        space = _plausible(space, skull)
    # A wide space right under the skull is no sulcus: blood thins out in it.
    space = np.where(broad & (skull.depth_mm < 6) & (skull.z3 < 80), 0.25 * space, space)
    rooms = ndimage.binary_dilation(tissue.ventricles, np.ones((1, 3, 3), bool), iterations=3)
    if parts is None:
        # The third ventricle, seen or not.
        rooms |= (
            (np.abs(skull.x_mm) < 6) & (np.abs(skull.y3 + 4) < 20) & (skull.depth_mm > 34) & (skull.z3 > 56)
        )
    else:
        rooms &= ~parts.cisterns
    space[rooms | tissue.cavity | (skull.depth_mm < 0.3)] = 0
    done: Field = np.clip(space, 0, 1).astype(np.float32)
    return done


def _plausible(space: Field, skull: Skull) -> Field:
    """Without what lies too deep, or is too short, to be a sulcus or a fissure."""
    # Deep in the hemispheres dark lines are white matter; fissures and cisterns lie at the base and the middle.
    x = np.abs(skull.x_mm)
    fissure = (
        (x < 6)
        | ((x < 26) & (skull.z3 > 68) & (skull.depth_mm < 45))
        | ((x > 24) & (np.abs(skull.y3 + 6) < 26) & (skull.z3 > 54) & (skull.z3 < 94))
    )
    space = space * np.clip((np.where(fissure, 60, 17) - skull.depth_mm) / 5, 0, 1)
    # Specks are noise; what holds blood is long.
    in_plane = np.zeros((3, 3, 3), bool)
    in_plane[1] = True
    marks, _ = ndimage.label(space > 0.3, in_plane)
    long = np.bincount(marks.ravel()) * skull.step_mm[1] * skull.step_mm[2] >= _LEAST_SULCUS_MM2
    long[0] = True
    done: Field = space * long[marks]
    return done


def _zone(site: str, skull: Skull) -> Mask:
    x, y, z, depth = np.abs(skull.midline_mm), skull.y3, skull.z3, skull.depth_mm
    zones: dict[str, Mask] = {
        "convexity": (depth < 18) & (x > 5) & (z > 8) & (z < 85),
        "sylvian": (x > 26) & (x < 58) & (y > -32) & (y < 18) & (z > 55) & (z < 92) & (depth > 6),
        # Before and beside the brainstem.
        "cisterns": (x < 20) & (y > -18) & (y < 22) & (z > 76) & (z < 112) & (depth > 12),
        "basal": (x < 16) & (y > -32) & (y < 6) & (z > 76) & (z < 100) & (depth > 12),
        "interhemispheric": (x < 5) & ((y < -18) | (y > 40) | (z < 40)) & (z > 8) & (z < 90),
        "tentorial": (x < 40) & (np.abs(skull.tentorium_mm) < 5) & (depth > 10),
    }
    parts = skull.anatomy
    if parts is not None and site in {"cisterns", "basal", "sylvian"}:
        return zones[site] & parts.cisterns
    return zones[site] & skull.inside
