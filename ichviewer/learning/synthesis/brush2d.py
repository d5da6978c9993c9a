"""The brush that lesions are painted with: what a slice looks like, how blood is put on it, and geometry.

Works on three neighboring slices in HU, at 1 mm a pixel or whatever the preprocessing says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.inference.preprocess import PreprocessSettings

Field = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

_MIN_INSIDE_MM2, _MAX_INSIDE_MM2 = 3000, 24000
_BRAIN_HU = (18.0, 48.0)


@dataclass(frozen=True)
class Anatomy:
    """What a painter needs to know of a slice.

    Parameters
    ----------
    inside : ndarray of bool, shape (size, size)
        The inside of the skull.
    depth_mm : ndarray of float32, shape (size, size)
        Distance to the skull's inner table, 0 outside.
    csf : ndarray of bool, shape (3, size, size)
        Fluid-valued pixels inside, in each of the three slices.
    brain_hu : float
        Median HU inside.
    middle_px : ndarray of float32, shape (size,)
        Column of the midline in each row.
    """

    inside: Mask
    depth_mm: Field
    csf: NDArray[np.bool_]
    brain_hu: float
    middle_px: Field


class Canvas:
    """HU of the three slices, shape (3, size, size), while they are painted on."""

    def __init__(self, hu: Field) -> None:
        self.hu = hu
        self.before = hu.copy()


class Brush:
    """Paints on inputs of one size and window.

    Parameters
    ----------
    settings : PreprocessSettings
        What the grey levels mean.
    rng : numpy Generator
        The only source of chance: the same seed paints the same.
    """

    def __init__(self, settings: PreprocessSettings, rng: np.random.Generator) -> None:
        self._settings = settings
        self._rng = rng
        self._size = settings.size_px
        self._rows, self._columns = np.mgrid[: self._size, : self._size].astype(np.float32)

    # -- the slice ---------------------------------------------------------------------------------------------

    def _to_hu(self, grey: NDArray[np.uint8]) -> Field:
        s = self._settings
        hu = grey.transpose(2, 0, 1).astype(np.float32) * np.float32(s.window_width_hu / 255)
        return hu + np.float32(s.window_center_hu - s.window_width_hu / 2)

    def _to_grey(self, hu: Field) -> NDArray[np.uint8]:
        s = self._settings
        x = (hu - (s.window_center_hu - s.window_width_hu / 2)) * (255 / s.window_width_hu)
        grey: NDArray[np.uint8] = np.floor(np.clip(x, 0, 255) + 0.5).astype(np.uint8).transpose(1, 2, 0)
        return np.ascontiguousarray(grey)

    def _look(self, hu: Field) -> Anatomy | None:
        high = self._settings.window_center_hu + self._settings.window_width_hu / 2
        bone = _largest(ndimage.binary_closing(hu[1] >= high - 2, iterations=2))
        if bone is None:
            return None
        inside = _largest(ndimage.binary_opening(ndimage.binary_fill_holes(bone) & ~bone, iterations=2))
        if inside is None:
            return None
        inside = ndimage.binary_dilation(inside, iterations=1) & ~(hu[1] >= high - 2)
        area = float(inside.sum()) * self._settings.mm_per_px**2
        brain_hu = float(np.median(hu[1][inside]))
        if not (_MIN_INSIDE_MM2 <= area <= _MAX_INSIDE_MM2 and _BRAIN_HU[0] <= brain_hu <= _BRAIN_HU[1]):
            return None
        smooth = np.stack([ndimage.gaussian_filter(h, 1.0) for h in hu])
        depth = ndimage.distance_transform_edt(inside).astype(np.float32) * np.float32(
            self._settings.mm_per_px
        )
        csf = inside & (smooth < brain_hu - 8) & (smooth > -12)
        return Anatomy(inside, depth, csf, brain_hu, self._midline(inside))

    def _midline(self, inside: Mask) -> Field:
        rows = np.flatnonzero(inside.sum(axis=1) > 20)
        middles = [float(np.flatnonzero(inside[r])[[0, -1]].mean()) for r in rows]
        slope, offset = np.polyfit(rows, middles, 1) if rows.size > 10 else (0.0, float(np.mean(middles)))
        return (slope * np.arange(self._size) + offset).astype(np.float32)

    # -- how it is put on --------------------------------------------------------------------------------------

    def _collect(
        self,
        a: Anatomy,
        canvas: Canvas,
        level: Field,
        *,
        thickness: float,
        low_hu: float,
        high_hu: float,
        isodense: float,
    ) -> bool:
        """A collection along the skull: the brain gives way first, then blood fills the room."""
        if (a.inside & (level > 0)).sum() < 25:
            return False
        self._push(a, canvas, level, thickness)
        if self._rng.random() < isodense:
            low_hu, high_hu = 30, 46
        return self._blood(a, canvas, level, low_hu, high_hu, layered=self._rng.random() < 0.2)

    def _push(self, a: Anatomy, canvas: Canvas, level: Field, thickness: float) -> None:
        """Squeeze the brain below a collection inwards, into what lies deeper."""
        room = np.clip(ndimage.gaussian_filter(np.where(a.inside, level + a.depth_mm, 0.0), 4), 0, thickness)
        reach = thickness + 35.0
        share = np.clip(1 - a.depth_mm / reach, 0, 1)
        amount = np.where(a.inside, room * share * self._rng.uniform(0.5, 0.9), 0.0)
        smooth = ndimage.gaussian_filter(a.depth_mm, 2)
        down, across = np.gradient(smooth)
        length = np.hypot(down, across) + 1e-3
        # Brain now at this depth lay nearer to the skull before, though never in it.
        amount = np.minimum(amount, np.maximum(a.depth_mm - 1.5, 0))
        source = [self._rows - down / length * amount, self._columns - across / length * amount]
        for channel in range(3):
            moved = ndimage.map_coordinates(canvas.hu[channel], source, order=1, mode="nearest")
            canvas.hu[channel] = np.where(a.inside, moved, canvas.hu[channel])

    def _blood(
        self,
        a: Anatomy,
        canvas: Canvas,
        level: Field,
        low_hu: float,
        high_hu: float,
        *,
        fits: list[Mask] | None = None,
        strength: float = 1.0,
        soft: float | None = None,
        rim_mm: float = 0.0,
        rim_hu: float = 0.0,
        layered: bool = False,
        least_px: int = 12,
    ) -> bool:
        """Fill where the level is positive with one density, in the slice and, cut otherwise, in its neighbors."""
        rng = self._rng
        target = rng.uniform(low_hu, high_hu)
        texture = self._noise(rng.uniform(1.5, 5)) * rng.uniform(0, 6) + target
        if layered:
            # Red cells sink: brighter at the back.
            texture = texture + np.clip((self._rows - self._size / 2) / 40, -1, 1) * rng.uniform(3, 12)
        soft = rng.uniform(0.6, 1.2) if soft is None else soft
        masks = []
        for channel in range(3):
            cut = 0.0 if channel == 1 else self._cut_mm()
            mask = a.inside & (level > cut)
            masks.append(mask & fits[channel] if fits is not None else mask)
        if masks[1].sum() < least_px:
            return False
        for channel, mask in enumerate(masks):
            hu = canvas.hu[channel]
            grain = canvas.before[channel] - ndimage.gaussian_filter(canvas.before[channel], 1.6)
            if rim_mm > 0 and mask.any():
                outward = ndimage.distance_transform_edt(~mask)
                rim = np.clip(1 - (outward - 1) / rim_mm, 0, 1) * a.inside * ~mask * (hu > 15)
                hu = hu - ndimage.gaussian_filter(rim, 1.0) * rim_hu
            alpha = ndimage.gaussian_filter(mask.astype(np.float32), soft) * strength * a.inside
            canvas.hu[channel] = hu * (1 - alpha) + (texture + grain * 0.9) * alpha
        return True

    def _cut_mm(self) -> float:
        """How much smaller (or larger, if negative) a lesion is in the next slice; now and then it is gone."""
        return float(
            self._rng.choice([99.0, self._rng.uniform(0, 5), self._rng.uniform(-2, 1)], p=[0.15, 0.45, 0.4])
        )

    # -- geometry ----------------------------------------------------------------------------------------------

    def _lateral_angle(self, spread: float) -> float:
        """A direction to the left or right, 0 being to the right of the picture."""
        return float(self._rng.choice([0.0, np.pi]) + self._rng.normal(0, spread))

    def _middle(self, a: Anatomy) -> tuple[float, float]:
        rows, columns = np.nonzero(a.inside)
        return float(rows.mean()), float(columns.mean())

    def _angles(self, a: Anatomy) -> Field:
        row, column = self._middle(a)
        angles: Field = np.arctan2(self._rows - row, self._columns - column)
        return angles

    def _on_skull(self, a: Anatomy, angle: float) -> tuple[float, float] | None:
        """Where a ray from the middle leaves the inside of the skull."""
        row, column = self._middle(a)
        steps = np.arange(0, self._size)
        r = np.clip(np.rint(row + np.sin(angle) * steps), 0, self._size - 1).astype(int)
        c = np.clip(np.rint(column + np.cos(angle) * steps), 0, self._size - 1).astype(int)
        within = np.flatnonzero(a.inside[r, c])
        return (float(r[within[-1]]), float(c[within[-1]])) if within.size else None

    def _frame(self, point: tuple[float, float], angle: float) -> tuple[Field, Field]:
        """Coordinates along and across the skull at a point of it; across grows inwards."""
        y, x = self._rows - point[0], self._columns - point[1]
        return (x * -np.sin(angle) + y * np.cos(angle)), -(x * np.cos(angle) + y * np.sin(angle))

    def _mean_inside(self, hu: Field, inside: Mask, sigma_px: float) -> Field:
        """Local mean that skull and air have no part in."""
        weight = ndimage.gaussian_filter(inside.astype(np.float32), sigma_px)
        mean: Field = ndimage.gaussian_filter(np.where(inside, hu, 0.0), sigma_px) / np.maximum(weight, 0.05)
        return mean

    def _noise(self, sigma_px: float) -> Field:
        """Smooth noise of unit variance."""
        # Drawn on a coarse grid where it is smooth anyway; it costs a tenth of the time.
        step = max(1, int(sigma_px / 2))
        n = -(-self._size // step) + 2
        coarse = ndimage.gaussian_filter(
            self._rng.standard_normal((n, n)).astype(np.float32), sigma_px / step
        )
        if step > 1:
            coarse = ndimage.zoom(coarse, (self._size + 1) / (n - 2), order=1)
        field: Field = coarse[: self._size, : self._size]
        return field / max(float(field.std()), 1e-6)


def _largest(mask: Mask) -> Mask | None:
    marks, count = ndimage.label(mask)
    if count == 0:
        return None
    sizes = np.bincount(marks.ravel())[1:]
    largest: Mask = marks == int(np.argmax(sizes)) + 1
    return largest
