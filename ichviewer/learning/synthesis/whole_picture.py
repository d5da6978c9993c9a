"""What is done to whole pictures of both twins: to skull and scalp, and by another scanner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.noise import draw_side
from ichviewer.learning.synthesis.skull import SATURATED_HU, Skull

Number = TypeVar("Number", bound=np.generic)

AIR_HU = -17.0
_LOWEST_TISSUE_HU = -19.5
_SKIN_MM, _HEAD_RADIUS_MM, _LEAST_INSIDE_MM2 = 2.0, 68.0, 1000.0
_MOTION_SHARE = 0.04


@dataclass(frozen=True)
class Spot:
    """A place on the skull: where it was struck or opened.

    The side is -1 or 1, as of `Skull.x_mm`; the angle is that from straight sideways, positive backwards. Half the
    width and height are those of a bone flap, 0 for a burr hole or a blow.
    """

    side: float
    azimuth_rad: float
    below_vertex_mm: float
    half_width_rad: float = 0.0
    half_height_mm: float = 0.0


def draw_opening(rng: Generator) -> Spot:
    """A burr hole or a bone flap, on the side of the head or in front."""
    flap = rng.random() < 0.65
    hole = Spot(draw_side(rng), rng.normal(-0.1, 0.6), rng.uniform(20, 62))
    if not flap:
        return hole
    return replace(hole, half_width_rad=rng.uniform(0.25, 0.7), half_height_mm=rng.uniform(18, 40))


def draw_blow(rng: Generator) -> Spot:
    """Anywhere around the head."""
    return Spot(draw_side(rng), rng.normal(0.1, 0.8), rng.uniform(12, 88))


def open_skull(rng: Generator, whole: Field, skull: Skull, opening: Spot) -> Field:
    """Saw a bone flap out and put it back, drill a hole, leave the bone out, or put plastic in its place."""
    out = whole.copy()
    missing = opening.half_width_rad > 0 and rng.random() < 0.25
    fill = rng.uniform(70, 99) if missing and rng.random() < 0.35 else rng.uniform(15, 50)
    reach = max(opening.half_height_mm, 6.0)
    kerf_mm = rng.uniform(1.2, 3.0)
    for k, z in _levels(skull, opening, reach + 2):
        away, angle = _around(whole[k], skull, k, opening)
        off, up = np.abs(angle), abs(z)
        if opening.half_width_rad == 0:
            cut = off * _HEAD_RADIUS_MM < np.sqrt(max(7.0**2 - up**2, 0))
        elif missing:
            cut = off < opening.half_width_rad * np.sqrt(max(1 - (up / reach) ** 2, 0))
        elif abs(up - reach) < 2.5:
            cut = off < opening.half_width_rad  # the saw runs along this slice
        else:
            arc_mm = np.abs(off - opening.half_width_rad) * _HEAD_RADIUS_MM
            cut = (arc_mm < kerf_mm / 2) & (up < reach)
        out[k] = _without_bone(out[k], away, cut, fill)
    return out


def break_skull(rng: Generator, whole: Field, skull: Skull, blow: Spot) -> Field:
    """A fracture: a fine dark line through the bone that wanders from slice to slice."""
    out = whole.copy()
    slope, bend = rng.normal(0, 0.7), rng.normal(0, 0.008)
    length, width = rng.uniform(14, 50), rng.uniform(0.7, 2.0)
    for k, z in _levels(skull, blow, length):
        away, angle = _around(whole[k], skull, k, blow)
        # It runs through the bone at a slant.
        along = angle * _HEAD_RADIUS_MM - slope * z - bend * z * z - 0.4 * away
        out[k] = _without_bone(out[k], away, np.abs(along) < width / 2 + skull.step_mm[1] / 4, 25.0)
    return out


def _without_bone(picture: Field, away: Field, cut: Mask, fill_hu: float) -> Field:
    """A picture in which bone that is cut away is filled."""
    bone = (picture >= SATURATED_HU) & (away > 0) & (away < 16)
    share = ndimage.gaussian_filter((bone & cut).astype(np.float32), 0.6, truncate=3.0) * (away > 0)
    return np.asarray(picture * (1 - share) + np.float32(fill_hu) * share, np.float32)


def swell_scalp(rng: Generator, whole: Field, skull: Skull, near: Spot) -> Field:
    """Push the skin out over one region; what fills it is from fluid to fresh blood."""
    out = whole.copy()
    width, height, thick_mm = rng.uniform(0.3, 1.0), rng.uniform(15, 45), rng.uniform(3, 13)
    fill = rng.uniform(15, 66)
    for k, z in _levels(skull, near, height):
        _, angle = _around(whole[k], skull, k, near)
        head = ndimage.binary_fill_holes(ndimage.binary_opening(whole[k] > AIR_HU, iterations=2))
        beyond = ndimage.distance_transform_edt(~head) * skull.step_mm[1]
        room = thick_mm * (1 - (angle / width) ** 2 - (z / height) ** 2)
        share = np.clip((room - beyond) / 0.8 + 0.5, 0, 1) * (beyond > 0) * (room > 0)
        grain = ndimage.gaussian_filter(rng.standard_normal(share.shape, np.float32), 1.0) * 8
        depth = np.where(room - beyond < _SKIN_MM, np.float32(10), np.float32(fill))
        new = np.where(out[k] > AIR_HU, np.maximum(out[k], fill - 15), depth) + grain
        out[k] = np.where(share > 0, out[k] * (1 - share) + new * share, out[k])
    return np.clip(out, -20, 100)


def _levels(skull: Skull, spot: Spot, within_mm: float) -> list[tuple[int, float]]:
    """Slices so near to the level of a spot that show enough of the inside, with how far below it they are."""
    near = np.abs(skull.below_vertex_mm - spot.below_vertex_mm) < within_mm
    found = np.flatnonzero(near & (skull.area_mm2 > _LEAST_INSIDE_MM2))
    return [(int(k), float(skull.below_vertex_mm[k]) - spot.below_vertex_mm) for k in found]


def _around(picture: Field, skull: Skull, k: int, spot: Spot) -> tuple[Field, Field]:
    """Distance outside the inner table in mm, and angle around the head from a spot, for a whole picture."""
    inside = np.zeros(picture.shape, bool)
    inside[skull.rows, skull.columns] = skull.inside[k]
    away = ndimage.distance_transform_edt(~inside) * skull.step_mm[1]
    rows, columns = np.nonzero(inside)
    y = (np.arange(picture.shape[0]) - (rows.min() + rows.max()) / 2)[:, None]
    x = (np.arange(picture.shape[1]) - (columns.min() + columns.max()) / 2)[None, :] * spot.side
    angle = np.arctan2(np.broadcast_to(y, picture.shape), x).astype(np.float32)
    return away.astype(np.float32), angle - spot.azimuth_rad


@dataclass(frozen=True, eq=False)
class Scanner:
    """What is done alike to a head and to its twin.

    A kernel that blurs, in pixels, or adds a share of the fine detail once more; calibration that is off; left and
    right exchanged; noise (n, size, size); and jerks, slices in which the patient moved: index, shift along rows and
    columns in pixels, share seen after it.
    """

    blur_px: float
    sharpen: float
    gain: float
    offset_hu: float
    mirrored: bool
    noise_hu: Field | None
    jerks: tuple[tuple[int, float, float, float], ...]
    traits: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.blur_px < 0 or self.sharpen < 0 or self.gain <= 0:
            kernel = f"{self.blur_px}, {self.sharpen}, {self.gain}"
            raise ValueError(f"a kernel blurs or sharpens. Received: {kernel}")

    @property
    def noise_sd_hu(self) -> float:
        """Standard deviation of the noise it adds."""
        return 0.0 if self.noise_hu is None else float(self.noise_hu[: len(self.noise_hu) // 2 + 1].std())

    def scan(self, hu: Field) -> Field:
        """The picture this scanner makes of HU (n, size, size)."""
        out = hu.copy()
        for k, down, across, share in self.jerks:
            shifted = ndimage.shift(out[k], (down, across), order=1, mode="nearest")
            out[k] += np.float32(share) * (shifted - out[k])
        if self.blur_px > 0:
            out = ndimage.gaussian_filter(out, (0, self.blur_px, self.blur_px), truncate=3.0)
        if self.sharpen > 0:
            # Bone is cut off at 100 HU; its edge must not ring into the brain.
            fine = out - ndimage.gaussian_filter(out, (0, 1.2, 1.2), truncate=3.0)
            out += np.float32(self.sharpen) * np.clip(fine, -12, 12)
        # Neither bone nor air lets the noise of soft tissue through the window.
        tissue = (hu < SATURATED_HU) & (hu > _LOWEST_TISSUE_HU)
        out = out * np.float32(self.gain) + np.float32(self.offset_hu)
        if self.noise_hu is not None:
            out = out + self.noise_hu
        return self.turn(np.where(tissue, out, hu))

    def turn(self, stack: NDArray[Number]) -> NDArray[Number]:
        """A stack as it is seen in the picture."""
        return np.ascontiguousarray(stack[:, :, ::-1]) if self.mirrored else stack


def draw_scanner(rng: Generator, shape: tuple[int, int, int]) -> Scanner:
    """A scanner for a stack of this shape."""
    traits = []
    blur, sharpen = 0.0, 0.0
    kernel = rng.random()
    if kernel < 0.3:
        blur = rng.uniform(0.4, 1.0)
        traits.append("soft-kernel")
    elif kernel < 0.55:
        sharpen = rng.uniform(0.2, 0.9)
        traits.append("sharp-kernel")
    noise = None
    if rng.random() < 0.5:
        traits.append("low-dose")
        grain, strength = rng.uniform(0.5, 1.1), rng.uniform(0.6, 4.0)
        noise = rng.standard_normal(shape, np.float32)
        noise = ndimage.gaussian_filter(noise, (0, grain, grain), truncate=3.0)
        noise *= np.float32(strength / max(float(noise.std()), 1e-6))
    jerks: list[tuple[int, float, float, float]] = []
    if rng.random() < _MOTION_SHARE:
        traits.append("motion")
        first = int(rng.integers(shape[0]))
        for k in range(first, min(shape[0], first + int(rng.integers(1, 5)))):
            jerks.append((k, rng.normal(0, 3), rng.normal(0, 3), rng.uniform(0.2, 0.5)))
    gain, offset, mirrored = rng.normal(1, 0.02), rng.normal(0, 1.6), rng.random() < 0.5
    return Scanner(blur, sharpen, gain, offset, mirrored, noise, tuple(jerks), tuple(traits))
