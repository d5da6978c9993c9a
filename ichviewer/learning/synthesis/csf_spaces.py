"""Blood in CSF: in the sulci, fissures and cisterns, and in the ventricles."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.bleeding import Filling
from ichviewer.learning.synthesis.noise import draw_pixel, draw_side, log_normal, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.story import Cause
from ichviewer.learning.synthesis.tissue import CSF_HU, Tissue

_LEAST_SULCUS_MM2, _LEAST_SITE_MM2 = 9.0, 12.0
_LEAST_MM3 = 60.0
_TRAUMA = {"convexity": 0.52, "sylvian": 0.17, "interhemispheric": 0.11, "tentorial": 0.1, "cisterns": 0.1}
_ANEURYSM = {"basal": 0.62, "sylvian": 0.14, "cisterns": 0.14, "interhemispheric": 0.1}
_FORMS = {"sediment": 0.28, "layer": 0.24, "cast": 0.22, "clot": 0.1, "fourth": 0.1, "third": 0.06}
_THIRD_TOO = {"layer": 0.25, "cast": 0.6, "clot": 0.2, "third": 1.0}
_FOURTH_TOO = {"layer": 0.25, "cast": 0.55, "clot": 0.2, "fourth": 1.0}


def subarachnoid(rng: Generator, skull: Skull, tissue: Tissue, cause: Cause) -> Filling | None:
    """From a faint line in one sulcus to most of the base.

    After a blow it lies in a few sulci, in a sylvian fissure, along the falx, at the edge of the tentorium, or before
    the brainstem; from an aneurysm it spreads from the cisterns at the base.
    """
    sites = _ANEURYSM if cause is Cause.ANEURYSM else _TRAUMA
    space = _spaces(rng, skull, tissue)
    reach = np.full(skull.inside.shape, -3, np.float32)
    main = weighted(rng, sites)
    faint = main != "basal" and rng.random() < 0.45
    for _ in range(1 if main in {"basal", "cisterns"} else int(rng.integers(1, 5))):
        site = main if rng.random() < 0.75 else weighted(rng, sites)
        at = draw_pixel(rng, _zone(site, skull) & (space > 0.35), _LEAST_SITE_MM2 / skull.step_mm[1] ** 2)
        if at is None:
            continue
        if site == "basal":
            size = log_normal(rng, 26, 42, 70)
        else:
            size = log_normal(rng, 5, 10, 20) if faint else log_normal(rng, 8, 17, 38)
        # It spreads along the fissures of both sides alike, less over the convexity.
        far = skull.away_mm(at, (1.2, 1.0, 0.8 if site == "basal" else 1.0))
        reach = np.maximum(reach, (size - far) / np.float32(0.35 * size))
    if reach.max() <= -3:
        return None
    patches = skull.smooth_field(rng, 12.0) * np.float32(0.6) + rng.uniform(0.0, 0.9)
    amount = np.clip(np.minimum(reach, 1.0) + patches * (reach > -0.5) - 0.25, 0, 1)
    # Blood widens a sulcus: what was a faint dark line becomes a plain bright one.
    wider = rng.uniform(1.4, 2.0) if faint else rng.uniform(1.6, 2.6)
    share = np.clip(space * wider, 0, 1) * amount
    for k in np.flatnonzero(share.max(axis=(1, 2)) > 0):
        share[k] = np.maximum(share[k], 1.1 * ndimage.gaussian_filter(share[k], 0.8, truncate=3.0))
    share = (np.clip(share, 0, 1) * skull.inside).astype(np.float32)
    if skull.volume_mm3(share) < _LEAST_MM3:
        return None
    # Mixed with CSF it may be no denser than brain.
    mixed = rng.uniform(0.55, 0.85) if faint else rng.uniform(0.8, 1.0)
    hu = CSF_HU + mixed * (np.clip(rng.normal(64, 6), 54, 78) - CSF_HU)
    uneven = skull.smooth_field(rng, 10.0) * rng.uniform(0, 4)
    return Filling(Hemorrhage.SUBARACHNOID, share, np.float32(hu) + uneven)


def _spaces(rng: Generator, skull: Skull, tissue: Tissue) -> Field:
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
        line = ndimage.uniform_filter(tissue.smooth_hu, (1, 7, 7)) - (tissue.smooth_hu + np.float32(1.2))
        space = np.where(broad, np.maximum(dark, 0.6), np.minimum(dark, line / np.float32(3.0)))
    if rng.random() < 0.4:
        # In a tight head sulci are there and cannot be seen before blood is in them.
        sheets = 1 - np.abs(skull.smooth_field(rng, 13.0)) / np.float32(0.22)
        cortex = np.clip((tissue.smooth_hu - tissue.brain_hu + 4) / 4, 0, 1) * (skull.depth_mm < 14)
        space = np.maximum(space, np.clip(sheets, 0, 1) * cortex * rng.uniform(0.3, 0.8))
    if parts is None:
        space = _plausible(space, skull)
    # A wide space right under the skull is no sulcus: blood thins out in it.
    space = np.where(broad & (skull.depth_mm < 6) & (skull.z3 < 80), 0.25 * space, space)
    rooms = ndimage.binary_dilation(tissue.ventricles, np.ones((1, 3, 3), bool), iterations=3)
    if parts is None:
        # The third ventricle, seen or not.
        middle = (np.abs(skull.x_mm) < 6) & (np.abs(skull.y3 + 4) < 20)
        rooms |= middle & (skull.depth_mm > 34) & (skull.z3 > 56)
    else:
        rooms &= ~parts.cisterns
    space[rooms | tissue.cavity | (skull.depth_mm < 0.3)] = 0
    return np.asarray(np.clip(space, 0, 1), np.float32)


def _plausible(space: Field, skull: Skull) -> Field:
    """Without what lies too deep, or is too short, to be a sulcus or a fissure."""
    # Deep in the hemispheres dark lines are white matter; fissures and cisterns lie at the base and the middle.
    x, z = np.abs(skull.x_mm), skull.z3
    fissure = (x < 6) | ((x < 26) & (z > 68) & (skull.depth_mm < 45))
    fissure |= (x > 24) & (np.abs(skull.y3 + 6) < 26) & (z > 54) & (z < 94)
    space = space * np.clip((np.where(fissure, 60, 17) - skull.depth_mm) / 5, 0, 1)
    # Specks are noise; what holds blood is long.
    in_plane = np.zeros((3, 3, 3), bool)
    in_plane[1] = True
    marks, _ = ndimage.label(space > 0.3, in_plane)
    long = np.bincount(marks.ravel()) * skull.step_mm[1] * skull.step_mm[2] >= _LEAST_SULCUS_MM2
    long[0] = True
    return np.asarray(space * long[marks])


def _zone(site: str, skull: Skull) -> Mask:
    """Where blood of a site may lie."""
    x, y, z, depth = np.abs(skull.midline_mm), skull.y3, skull.z3, skull.depth_mm
    zone = {
        "convexity": (depth < 18) & (x > 5) & (z > 8) & (z < 85),
        "sylvian": (x > 26) & (x < 58) & (y > -32) & (y < 18) & (z > 55) & (z < 92) & (depth > 6),
        # Before and beside the brainstem.
        "cisterns": (x < 20) & (y > -18) & (y < 22) & (z > 76) & (z < 112) & (depth > 12),
        "basal": (x < 16) & (y > -32) & (y < 6) & (z > 76) & (z < 100) & (depth > 12),
        "interhemispheric": (x < 5) & ((y < -18) | (y > 40) | (z < 40)) & (z > 8) & (z < 90),
        "tentorial": (x < 40) & (np.abs(skull.tentorium_mm) < 5) & (depth > 10),
    }[site]
    parts = skull.anatomy
    if parts is not None and site in {"cisterns", "basal", "sylvian"}:
        return zone & parts.cisterns
    return zone & skull.inside


def intraventricular(rng: Generator, skull: Skull, tissue: Tissue) -> Filling | None:
    """Traces in both occipital horns, layers, clots and casts; or the third or the fourth ventricle alone."""
    rooms = tissue.ventricles
    if rooms.sum() < 40:
        return None
    near = ndimage.binary_dilation(rooms, np.ones((1, 3, 3), bool), iterations=2)
    form = weighted(rng, _FORMS)
    wave = skull.smooth_field(rng, 12.0)
    fill = np.full(rooms.shape, -5, np.float32)
    if form not in {"third", "fourth"}:
        both = rng.random() < (0.8 if form == "sediment" else 0.6)
        for side in (-1.0, 1.0) if both else (draw_side(rng),):
            part = ~tissue.third & ~tissue.fourth & (np.sign(skull.midline_mm) == side)
            if (rooms & part).any():
                fill = np.where(part, np.maximum(fill, _filled(rng, skull, rooms & part, form, wave)), fill)
    if rng.random() < _THIRD_TOO.get(form, 0.05):
        fill = np.where(tissue.third, 3 + wave, fill)
    if rng.random() < _FOURTH_TOO.get(form, 0.12):
        # A small bleed lies in its back or in its roof.
        edge = rng.normal(0, 3) if form == "fourth" and rng.random() < 0.4 else -9.0
        rows = skull.y_mm[np.nonzero(rooms & tissue.fourth)[1]]
        middle = float(np.median(rows)) if rows.size else 0.0
        fill = np.where(tissue.fourth, np.minimum(2 + 1.5 * wave, skull.y3 - middle - edge), fill)
    share = np.clip(tissue.fluid * np.float32(1.5), 0, 1) * near * np.clip(fill / np.float32(1.4) + 0.5, 0, 1)
    if skull.volume_mm3(share) < _LEAST_MM3:
        return None
    faint = form in {"sediment", "layer"} and rng.random() < 0.3
    hu = np.float32(rng.uniform(34, 46) if faint else np.clip(rng.normal(56, 8), 42, 76))
    return Filling(Hemorrhage.INTRAVENTRICULAR, share, hu + wave * rng.uniform(0, 3))


def _filled(rng: Generator, skull: Skull, room: Mask, form: str, wave: Field) -> Field:
    """Distance in mm below the surface of the blood in one lateral ventricle."""
    rows = skull.y_mm[np.nonzero(room)[1]]
    if form == "clot" and (at := draw_pixel(rng, room)) is not None:
        return rng.uniform(4, 11) - skull.away_mm(at, (1.0, 0.7, 1.0)) + 1.5 * wave
    if form == "cast" and rng.random() < 0.75:
        whole = rng.random() < 0.5
        edge = float(rows.min()) - 8 if whole else float(np.quantile(rows, rng.uniform(0.1, 0.5)))
        return skull.y3 - edge + wave * rng.uniform(1, 5)
    # The patient lies on the back: the surface is level in the picture.
    deep = log_normal(rng, 1.2, 2.5, 5.0) if form == "sediment" else log_normal(rng, 3.0, 7.0, 22.0)
    return skull.y3 - (float(np.quantile(rows, 0.99)) - deep) + wave * np.float32(0.3)
