"""What happens to skull and scalp: swelling, burr holes, bone flaps, metal. Both twins have it.

Works on whole pictures, for the scalp lies outside what is cut out around the inside of the skull.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.skull import SATURATED_HU, Skull

_AIR_HU = -17.0
_SKIN_MM = 2.0


@dataclass(frozen=True)
class Opening:
    """Where the skull was opened.

    Parameters
    ----------
    side : float
        -1 or 1, as of `Skull.x_mm`.
    azimuth_rad : float
        Angle from straight sideways, positive backwards.
    below_vertex_mm : float
    half_width_rad, half_height_mm : float
        Half the size of the bone flap; 0 for a burr hole alone.
    """

    side: float
    azimuth_rad: float
    below_vertex_mm: float
    half_width_rad: float
    half_height_mm: float


def draw_opening(rng: np.random.Generator) -> Opening:
    """A burr hole or a bone flap, on the side of the head or in front."""
    flap = rng.random() < 0.6
    return Opening(
        float(rng.choice([-1, 1])),
        float(rng.normal(-0.1, 0.6)),
        float(rng.uniform(20, 62)),
        float(rng.uniform(0.25, 0.7)) if flap else 0.0,
        float(rng.uniform(18, 40)) if flap else 0.0,
    )


def open_skull(rng: np.random.Generator, whole: Field, skull: Skull, opening: Opening) -> Field:
    """Saw a bone flap out and put it back, or drill a hole, or leave the bone out."""
    out = whole.copy()
    missing = opening.half_width_rad > 0 and rng.random() < 0.2
    fill = rng.uniform(15, 50)
    reach = max(opening.half_height_mm, 6.0)
    kerf_mm = rng.uniform(1.2, 3.0)
    for k in np.flatnonzero(np.abs(skull.below_vertex_mm - opening.below_vertex_mm) <= reach + 2):
        if skull.inside[k].sum() < 400:
            continue
        away, angle = _around(whole[k], skull, int(k), opening.side)
        bone = (whole[k] >= SATURATED_HU) & (away > 0) & (away < 16)
        off = np.abs(angle - opening.azimuth_rad)
        up = abs(float(skull.below_vertex_mm[k]) - opening.below_vertex_mm)
        arc_mm = np.abs(off - opening.half_width_rad) * 68
        if opening.half_width_rad == 0:
            cut = off * 68 < np.sqrt(max(7.0**2 - up**2, 0))
        elif missing:
            cut = off < opening.half_width_rad * np.sqrt(max(1 - (up / reach) ** 2, 0))
        elif abs(up - reach) < 2.5:
            cut = off < opening.half_width_rad  # the saw runs along this slice
        else:
            cut = (arc_mm < kerf_mm / 2) & (up < reach)
        hole = (bone & cut).astype(np.float32)
        share = ndimage.gaussian_filter(hole, 0.6) * (away > 0)
        out[k] = out[k] * (1 - share) + np.float32(fill) * share
    return out


def swell_scalp(rng: np.random.Generator, whole: Field, skull: Skull, near: Opening | None) -> Field:
    """Push the skin out over one region; what fills it is from fluid to fresh blood."""
    out = whole.copy()
    side = near.side if near else float(rng.choice([-1, 1]))
    azimuth = near.azimuth_rad if near else rng.normal(0, 0.8)
    middle = near.below_vertex_mm if near else rng.uniform(10, 80)
    width, height, thick_mm = rng.uniform(0.3, 1.0), rng.uniform(15, 45), rng.uniform(3, 13)
    fill = rng.uniform(15, 66)
    px = skull.step_mm[1]
    for k in np.flatnonzero(np.abs(skull.below_vertex_mm - middle) < height):
        if skull.inside[k].sum() < 400:
            continue
        _, angle = _around(whole[k], skull, int(k), side)
        head = ndimage.binary_opening(whole[k] > _AIR_HU, iterations=2)
        head = ndimage.binary_fill_holes(head)
        beyond = ndimage.distance_transform_edt(~head) * px
        up = (float(skull.below_vertex_mm[k]) - middle) / height
        room = thick_mm * (1 - ((angle - azimuth) / width) ** 2 - up**2)
        share = np.clip((room - beyond) / 0.8 + 0.5, 0, 1) * (beyond > 0) * (room > 0)
        grain = ndimage.gaussian_filter(rng.standard_normal(share.shape, np.float32), 1.0) * 8
        depth = np.where(room - beyond < _SKIN_MM, np.float32(10), np.float32(fill))
        new = np.where(out[k] > _AIR_HU, np.maximum(out[k], fill - 15), depth) + grain
        out[k] = np.where(share > 0, out[k] * (1 - share) + new * share, out[k])
    return np.clip(out, -20, 100)


def add_metal(rng: np.random.Generator, whole: Field, skull: Skull) -> Field:
    """A clip, a coil or a dental streak: a bright spot from which streaks run through the slice."""
    out = whole.copy()
    usable = np.flatnonzero(skull.inside.sum(axis=(1, 2)) > 3000)
    if usable.size == 0:
        return out
    middle = int(rng.choice(usable))
    rows, columns = np.nonzero(skull.inside[middle])
    pick = int(rng.integers(rows.size))
    row, column = rows[pick] + skull.rows.start, columns[pick] + skull.columns.start
    y = (np.arange(whole.shape[1]) - row)[:, None] * skull.step_mm[1]
    x = (np.arange(whole.shape[2]) - column)[None, :] * skull.step_mm[1]
    far = np.hypot(y, x)
    angle = np.arctan2(y, x)
    waves = int(rng.integers(3, 9))
    phases, strengths = rng.uniform(0, 2 * np.pi, waves), rng.normal(0, 1, waves)
    ray = sum(
        s * np.cos((2 * i + 3) * angle + p) for i, (s, p) in enumerate(zip(strengths, phases, strict=True))
    )
    ray = np.sign(ray) * np.abs(ray) ** 1.5
    size, strength = rng.uniform(1.5, 4.5), rng.uniform(6, 40)
    for k in range(max(0, middle - 1), min(len(whole), middle + 2)):
        fade = 1.0 if k == middle else 0.35
        streak = ray * strength * fade * 12 / (far + 12)
        soft = (whole[k] > _AIR_HU) & (whole[k] < SATURATED_HU)
        out[k] = np.where(soft, out[k] + streak, out[k])
        if k == middle:
            out[k] = np.where(far < size, 100, out[k])
    return np.clip(out, -20, 100).astype(np.float32)


def _around(picture: Field, skull: Skull, k: int, side: float) -> tuple[Field, Field]:
    """Distance outside the inner table in mm, and angle around the head from straight sideways, whole picture."""
    inside: Mask = np.zeros(picture.shape, bool)
    inside[skull.rows, skull.columns] = skull.inside[k]
    away = ndimage.distance_transform_edt(~inside) * skull.step_mm[1]
    rows, columns = np.nonzero(inside)
    y = (np.arange(picture.shape[0]) - (rows.min() + rows.max()) / 2)[:, None]
    x = (np.arange(picture.shape[1]) - (columns.min() + columns.max()) / 2)[None, :] * side
    angle = np.arctan2(np.broadcast_to(y, picture.shape), x)
    return away.astype(np.float32), angle.astype(np.float32)
