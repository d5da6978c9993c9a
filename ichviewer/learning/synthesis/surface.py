"""What happens to skull and scalp: swelling, fractures, burr holes, bone flaps. Both twins have it.

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
_HEAD_RADIUS_MM = 68.0
_LEAST_INSIDE_MM2 = 1000.0


@dataclass(frozen=True)
class Spot:
    """A place on the skull: where it was struck or opened.

    Parameters
    ----------
    side : float
        -1 or 1, as of `Skull.x_mm`.
    azimuth_rad : float
        Angle from straight sideways, positive backwards.
    below_vertex_mm : float
    half_width_rad, half_height_mm : float
        Half the size of a bone flap; 0 for a burr hole or a blow.
    """

    side: float
    azimuth_rad: float
    below_vertex_mm: float
    half_width_rad: float = 0.0
    half_height_mm: float = 0.0


def draw_opening(rng: np.random.Generator) -> Spot:
    """A burr hole or a bone flap, on the side of the head or in front."""
    flap = rng.random() < 0.65
    return Spot(
        float(rng.choice([-1, 1])),
        float(rng.normal(-0.1, 0.6)),
        float(rng.uniform(20, 62)),
        float(rng.uniform(0.25, 0.7)) if flap else 0.0,
        float(rng.uniform(18, 40)) if flap else 0.0,
    )


def draw_blow(rng: np.random.Generator) -> Spot:
    """Anywhere around the head."""
    return Spot(float(rng.choice([-1, 1])), float(rng.normal(0.1, 0.8)), float(rng.uniform(12, 88)))


def open_skull(rng: np.random.Generator, whole: Field, skull: Skull, opening: Spot) -> Field:
    """Saw a bone flap out and put it back, drill a hole, leave the bone out, or put plastic in its place."""
    out = whole.copy()
    missing = opening.half_width_rad > 0 and rng.random() < 0.25
    fill = rng.uniform(70, 99) if missing and rng.random() < 0.35 else rng.uniform(15, 50)
    reach = max(opening.half_height_mm, 6.0)
    kerf_mm = rng.uniform(1.2, 3.0)
    for k in np.flatnonzero(
        (np.abs(skull.below_vertex_mm - opening.below_vertex_mm) <= reach + 2) & _wide(skull)
    ):
        away, angle = _around(whole[k], skull, int(k), opening.side)
        off = np.abs(angle - opening.azimuth_rad)
        up = abs(float(skull.below_vertex_mm[k]) - opening.below_vertex_mm)
        arc_mm = np.abs(off - opening.half_width_rad) * _HEAD_RADIUS_MM
        if opening.half_width_rad == 0:
            cut = off * _HEAD_RADIUS_MM < np.sqrt(max(7.0**2 - up**2, 0))
        elif missing:
            cut = off < opening.half_width_rad * np.sqrt(max(1 - (up / reach) ** 2, 0))
        elif abs(up - reach) < 2.5:
            cut = off < opening.half_width_rad  # the saw runs along this slice
        else:
            cut = (arc_mm < kerf_mm / 2) & (up < reach)
        out[k] = _without_bone(out[k], away, cut, fill)
    return out


def break_skull(rng: np.random.Generator, whole: Field, skull: Skull, blow: Spot) -> Field:
    """A fracture: a fine dark line through the bone that wanders from slice to slice."""
    out = whole.copy()
    slope, bend = rng.normal(0, 0.7), rng.normal(0, 0.008)
    length, width = rng.uniform(14, 50), rng.uniform(0.7, 2.0)
    for k in np.flatnonzero((np.abs(skull.below_vertex_mm - blow.below_vertex_mm) < length) & _wide(skull)):
        away, angle = _around(whole[k], skull, int(k), blow.side)
        z = float(skull.below_vertex_mm[k]) - blow.below_vertex_mm
        # It runs through the bone at a slant.
        along = (angle - blow.azimuth_rad) * _HEAD_RADIUS_MM - slope * z - bend * z * z - 0.4 * away
        out[k] = _without_bone(out[k], away, np.abs(along) < width / 2 + skull.step_mm[1] / 4, 25.0)
    return out


def _without_bone(picture: Field, away: Field, cut: Mask, fill_hu: float) -> Field:
    """A picture in which bone that is cut away is filled."""
    bone = (picture >= SATURATED_HU) & (away > 0) & (away < 16)
    share = ndimage.gaussian_filter((bone & cut).astype(np.float32), 0.6, truncate=3.0) * (away > 0)
    done: Field = (picture * (1 - share) + np.float32(fill_hu) * share).astype(np.float32)
    return done


def _wide(skull: Skull) -> Mask:
    """Slices that show enough of the inside to say where around the head a place is."""
    wide: Mask = skull.inside.sum(axis=(1, 2)) * skull.step_mm[1] ** 2 > _LEAST_INSIDE_MM2
    return wide


def swell_scalp(rng: np.random.Generator, whole: Field, skull: Skull, near: Spot) -> Field:
    """Push the skin out over one region; what fills it is from fluid to fresh blood."""
    out = whole.copy()
    side, azimuth, middle = near.side, near.azimuth_rad, near.below_vertex_mm
    width, height, thick_mm = rng.uniform(0.3, 1.0), rng.uniform(15, 45), rng.uniform(3, 13)
    fill = rng.uniform(15, 66)
    px = skull.step_mm[1]
    for k in np.flatnonzero((np.abs(skull.below_vertex_mm - middle) < height) & _wide(skull)):
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
