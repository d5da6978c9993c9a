"""Blood in the ventricles: it settles at their back, clots in them, or fills them."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ichviewer.domain.labels import Hemorrhage
from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.lesion import Filling
from ichviewer.learning.synthesis.noise import log_normal, smooth_field, weighted
from ichviewer.learning.synthesis.skull import Skull
from ichviewer.learning.synthesis.tissue import Tissue

_FORMS = {"sediment": 0.28, "layer": 0.24, "cast": 0.22, "clot": 0.1, "fourth": 0.1, "third": 0.06}
_THIRD_TOO = {"layer": 0.25, "cast": 0.6, "clot": 0.2, "third": 1.0}
_FOURTH_TOO = {"layer": 0.25, "cast": 0.55, "clot": 0.2, "fourth": 1.0}
_LEAST_MM3 = 60.0


def intraventricular(rng: np.random.Generator, skull: Skull, tissue: Tissue) -> Filling | None:
    """Traces in both occipital horns, layers, clots and casts; or the third or the fourth ventricle alone."""
    rooms = tissue.ventricles
    if rooms.sum() < 40:
        return None
    near = ndimage.binary_dilation(rooms, np.ones((1, 3, 3), bool), iterations=2)
    space = np.clip(tissue.fluid * np.float32(1.5), 0, 1) * near
    form = weighted(rng, _FORMS)
    wave = smooth_field(rng, rooms.shape, skull.step_mm, 12.0)
    fill = np.full(rooms.shape, -5, np.float32)
    if form not in {"third", "fourth"}:
        both = rng.random() < (0.8 if form == "sediment" else 0.6)
        for side in (-1, 1) if both else (int(rng.choice([-1, 1])),):
            part: Mask = ~tissue.third & ~tissue.fourth & (np.sign(skull.midline_mm) == side)
            if (rooms & part).any():
                fill = np.where(part, np.maximum(fill, _filled(rng, skull, rooms & part, form, wave)), fill)
    if rng.random() < _THIRD_TOO.get(form, 0.05):
        fill = np.where(tissue.third, 3 + wave, fill)
    if rng.random() < _FOURTH_TOO.get(form, 0.12):
        # A small bleed lies in its back or in its roof.
        edge = float(rng.normal(0, 3)) if form == "fourth" and rng.random() < 0.4 else -9.0
        rows = skull.y_mm[np.nonzero(rooms & tissue.fourth)[1]]
        middle = float(np.median(rows)) if rows.size else 0.0
        fill = np.where(tissue.fourth, np.minimum(2 + 1.5 * wave, skull.y3 - middle - edge), fill)
    share = (space * np.clip(fill / np.float32(1.4) + 0.5, 0, 1)).astype(np.float32)
    if share.sum() * np.prod(skull.step_mm) < _LEAST_MM3:
        return None
    faint = form in {"sediment", "layer"} and rng.random() < 0.3
    hu = rng.uniform(34, 46) if faint else np.clip(rng.normal(56, 8), 42, 76)
    return Filling(
        Hemorrhage.INTRAVENTRICULAR,
        share,
        (np.float32(hu) + wave * np.float32(rng.uniform(0, 3))).astype(np.float32),
    )


def _filled(rng: np.random.Generator, skull: Skull, room: Mask, form: str, wave: Field) -> Field:
    """Distance in mm below the surface of the blood in one lateral ventricle."""
    rows = skull.y_mm[np.nonzero(room)[1]]
    if form == "clot":
        k, r, c = np.unravel_index(int(rng.choice(np.flatnonzero(room))), room.shape)
        z, y, x = skull.offsets_mm(int(k), int(r), int(c))
        size = np.float32(rng.uniform(4, 11))
        clot: Field = (size - np.sqrt(z * z + (y * 0.7) ** 2 + x * x) + 1.5 * wave).astype(np.float32)
        return clot
    if form == "cast" and rng.random() < 0.75:
        edge = (
            float(rows.min()) - 8 if rng.random() < 0.5 else float(np.quantile(rows, rng.uniform(0.1, 0.5)))
        )
        return (skull.y3 - np.float32(edge) + wave * np.float32(rng.uniform(1, 5))).astype(np.float32)
    # The patient lies on the back: the surface is level in the picture.
    deep = log_normal(rng, 1.2, 2.5, 5.0) if form == "sediment" else log_normal(rng, 3.0, 7.0, 22.0)
    edge = float(np.quantile(rows, 0.99)) - deep
    return (skull.y3 - np.float32(edge) + wave * np.float32(0.3)).astype(np.float32)
