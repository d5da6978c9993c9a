"""Infarcts: lacunes, wedges and whole territories, fresh or old, with the cortex spared in places."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field
from ichviewer.learning.synthesis.lesion import share_of
from ichviewer.learning.synthesis.noise import smooth_field
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue

_SEEN_HU = 3.0
_SHARES = {"lacune": 0.3, "wedge": 0.35, "territory": 0.35}


def infarct(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """Brain that has lost its blood supply, grey when fresh and as dark as fluid when old.

    The cortex over an old one may be spared: a strip as dense as brain between it and the skull, which is no blood.

    Parameters
    ----------
    rng : numpy Generator
    hu : ndarray of float32, shape (n, h, w)
    skull : Skull
    tissue : Tissue

    Returns
    -------
    ndarray of float32, shape (n, h, w), or None
        None where there is no brain to put it in, or only what is as dark already.
    """
    form = str(rng.choice(list(_SHARES), p=list(_SHARES.values())))
    if form == "territory":
        level = _territory(rng, skull)
    else:
        at = _round(rng, skull, tissue, lacune=form == "lacune")
        if at is None:
            return None
        level = at
    old = rng.random() < 0.5
    if form != "lacune" and rng.random() < (0.5 if old else 0.2):
        level = np.minimum(level, _spared(rng, skull))
    share = share_of(level.astype(np.float32), float(rng.uniform(0.8, 2.0))) * skull.inside
    # Remnants of tissue remain in it.
    patchy = np.float32(rng.uniform(0.05, 0.3)) * smooth_field(rng, hu.shape, skull.step_mm, 8.0)
    share = share * np.clip(1.0 - np.abs(patchy), 0.2, 1)
    target = rng.uniform(5, 15) if old else rng.uniform(17, 27)
    soft = np.clip((80 - hu) / 20, 0, 1)
    drop = share * soft * np.clip(tissue.smooth_hu - target, 0, 40)
    return (hu - drop).astype(np.float32) if float(drop.max()) > _SEEN_HU else None


def laminar_infarct(rng: np.random.Generator, hu: Field, skull: Skull, tissue: Tissue) -> Field | None:
    """An infarct some weeks old whose cortex has become dense: a bright ribbon that follows the folds, no blood."""
    dark = infarct(rng, hu, skull, tissue)
    if dark is None:
        return None
    dead = ndimage.gaussian_filter(hu - dark, (0, 1, 1), truncate=3.0) > _SEEN_HU
    cortex = dead & (skull.depth_mm > 2) & (skull.depth_mm < 16) & (tissue.fluid < 0.3)
    sheets = np.abs(smooth_field(rng, hu.shape, skull.step_mm, float(rng.uniform(12, 20))))
    ribbon = np.clip(1.3 - sheets / np.float32(0.16), 0, 1) * cortex
    ribbon = ndimage.gaussian_filter(ribbon.astype(np.float32), (0, 0.8, 0.8), truncate=3.0)
    done: Field = (dark + ribbon * np.clip(rng.uniform(42, 58) - dark, 0, 40) * (hu < 90)).astype(np.float32)
    return done


def _round(rng: np.random.Generator, skull: Skull, tissue: Tissue, *, lacune: bool) -> Field | None:
    """A ball with an uneven surface, on one side of the midline and of the tentorium."""
    shape, step = skull.inside.shape, skull.step_mm
    zone = skull.inside & (skull.depth_mm > (20 if lacune else 3)) & (tissue.fluid < 0.3) & (skull.z3 > 12)
    spots = np.flatnonzero(zone)
    if spots.size < 50:
        return None
    k, r, c = np.unravel_index(int(rng.choice(spots)), shape)
    radius = rng.uniform(2, 6) if lacune else rng.uniform(8, 34)
    z, y, x = skull.offsets_mm(int(k), int(r), int(c))
    uneven = smooth_field(rng, shape, step, max(4.0, radius * 0.6)) * np.float32(0.22 * radius)
    level = np.float32(radius) - np.sqrt(z * z + y * y + x * x) + uneven
    level = np.minimum(level, skull.midline_mm * np.sign(skull.x_mm[k, r, c]) - 1.5)
    above = np.sign(skull.tentorium_mm)
    return np.where(above == above[k, r, c], level, np.float32(-9)).astype(np.float32)


def _territory(rng: np.random.Generator, skull: Skull) -> Field:
    """What the middle, anterior or posterior cerebral artery of one side supplies, or a part of it."""
    shape, step = skull.inside.shape, skull.step_mm
    side = np.float32(rng.choice([-1, 1]))
    across, back, low = skull.x_mm * side, skull.y3, skull.z3
    border = np.float32(5) * smooth_field(rng, shape, step, 14.0)
    artery = str(rng.choice(["middle", "anterior", "posterior"], p=[0.65, 0.12, 0.23]))
    if artery == "anterior":
        level = np.minimum(np.minimum(24 - across, 8 - back), 70 - low)
    elif artery == "posterior":
        level = np.minimum(np.minimum(38 - across, back - 24), low - 20)
    else:
        # A wedge that opens outwards from the insula, as the branches that are closed fan out.
        angle = np.arctan2(np.broadcast_to(back, shape), across - 12)
        off = np.float32(rng.uniform(0.3, 1.0)) - np.abs(angle - np.float32(rng.normal(0.1, 0.4)))
        arc = off * np.clip(np.hypot(across - 12, back), 8, 60)
        level = np.minimum(
            arc, np.float32(rng.uniform(16, 40)) - np.abs(low - np.float32(rng.uniform(38, 68)))
        )
        # Basal ganglia are often spared.
        level = np.minimum(level, across - np.float32(rng.choice([8.0, 26.0])) + border)
    level = np.minimum(level + border, across - 1.5)
    done: Field = np.minimum(level, skull.tentorium_mm * 0.8).astype(np.float32)
    return done


def _spared(rng: np.random.Generator, skull: Skull) -> Field:
    """Distance from the cortex that lives on; its thickness changes, and it may be missing in places."""
    uneven = smooth_field(rng, skull.inside.shape, skull.step_mm, float(rng.uniform(14, 40)))
    thickness = np.float32(rng.uniform(2.5, 8)) * np.clip(0.8 + np.float32(0.6) * uneven, 0, 1.8)
    rest: Field = (skull.depth_mm - thickness).astype(np.float32)
    return rest
