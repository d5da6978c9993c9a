"""Paints plausible hemorrhages, and things that are mistaken for them, into real slices without blood.

Works on an input of the network: three grey pictures (slice below, slice, slice above) at 1 mm a pixel. Each lesion
is a level function in mm, positive inside, so that the neighboring slices hold the same lesion cut larger or
smaller. Collections along the skull push the brain inwards rather than cover it. Blood keeps the noise of the
picture it is painted into.

What is painted follows the radiology textbooks: epidural blood is a lens that bulges inwards, subdural blood a
crescent along skull or falx that may be as dark as brain when old, subarachnoid blood fills sulci and cisterns,
ventricular blood settles at the back (the patient lies on it), blood in the brain is irregular with a dark rim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import LABELS, N_LABELS, Hemorrhage
from ichviewer.inference.preprocess import PreprocessSettings
from ichviewer.learning.synthesis.brush2d import Anatomy, Brush, Canvas, Field, Mask


@dataclass(frozen=True)
class Painted:
    """A painted input and its truth.

    Parameters
    ----------
    grey : ndarray of uint8, shape (size, size, 3)
        The input.
    labels : tuple of int
        0 or 1 for each of `domain.labels.LABELS`, for the middle slice.
    """

    grey: NDArray[np.uint8]
    labels: tuple[int, ...]


class Painter(Brush):
    """Paints into inputs of one size and window.

    Parameters
    ----------
    settings : PreprocessSettings
        What the grey levels mean.
    rng : numpy Generator
        The only source of chance: the same seed paints the same.
    """

    def __init__(self, settings: PreprocessSettings, rng: np.random.Generator) -> None:
        super().__init__(settings, rng)
        self._lesions: dict[Hemorrhage, Callable[[Anatomy, Canvas], bool]] = {
            Hemorrhage.EPIDURAL: self._epidural,
            Hemorrhage.INTRAPARENCHYMAL: self._intraparenchymal,
            Hemorrhage.INTRAVENTRICULAR: self._intraventricular,
            Hemorrhage.SUBARACHNOID: self._subarachnoid,
            Hemorrhage.SUBDURAL: self._subdural,
        }

    def paint(self, grey: NDArray[np.uint8], kinds: tuple[Hemorrhage, ...]) -> Painted | None:
        """Paint lesions of the given kinds, or only decoys if there are none.

        Parameters
        ----------
        grey : ndarray of uint8, shape (size, size, 3)
            An input without blood in any of its slices.
        kinds : tuple of Hemorrhage
            What to paint; kinds for which the slice has no room (no ventricle, say) are left out.

        Returns
        -------
        Painted or None
            None if the slice shows no closed skull around brain, or nothing could be painted.
        """
        canvas = Canvas(self._to_hu(grey))
        anatomy = self._look(canvas.hu)
        if anatomy is None:
            return None
        # Decoys first: they must not hide a lesion whose label stands.
        decoys = self._decoy(anatomy, canvas) if not kinds or self._rng.random() < 0.3 else 0
        labels = [0] * N_LABELS
        for kind in kinds:
            held = canvas.hu.copy()
            if (
                self._lesions[kind](anatomy, canvas)
                and _visible_px(held[1], canvas.hu[1]) >= _LEAST_VISIBLE_PX[kind]
            ):
                labels[LABELS.index(kind)] = labels[0] = 1
            else:
                canvas.hu = held
        if not any(labels) and (kinds or not decoys):
            return None
        return Painted(self._to_grey(canvas.hu), tuple(labels))

    def paint_neighbor_only(self, grey: NDArray[np.uint8], kind: Hemorrhage) -> Painted | None:
        """Paint a lesion that the slice above or below shows and the slice itself does not: no label.

        Teaches the network which of its three channels it is asked about.
        """
        canvas = Canvas(self._to_hu(grey))
        anatomy = self._look(canvas.hu)
        if anatomy is None or not self._lesions[kind](anatomy, canvas):
            return None
        side = int(self._rng.integers(2)) * 2
        hu = canvas.before.copy()
        hu[side] = (
            canvas.hu[side if self._rng.random() < 0.5 else 1]
            if self._rng.random() < 0.7
            else canvas.hu[side]
        )
        if np.abs(hu[side] - canvas.before[side]).max() < 12:
            return None
        return Painted(self._to_grey(hu), (0,) * N_LABELS)

    # -- lesions -----------------------------------------------------------------------------------------------

    def _epidural(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        angle = self._lateral_angle(0.7)
        point = self._on_skull(a, angle)
        if point is None:
            return False
        half_length = float(np.exp(rng.uniform(np.log(9), np.log(40))))
        thickness = min(half_length * rng.uniform(0.3, 0.75), rng.uniform(6, 32))
        # An ellipse around a point of the inner table: what of it lies inside is a lens that bulges inwards.
        along, across = self._frame(point, angle)
        sink = rng.uniform(0.0, 0.25) * thickness
        level = thickness * (1 - np.sqrt((along / half_length) ** 2 + ((across + sink) / thickness) ** 2))
        level += self._noise(9) * 0.05 * thickness
        return self._collect(a, canvas, level, thickness=thickness, low_hu=52, high_hu=80, isodense=0.05)

    def _subdural(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        if rng.random() < 0.22:
            return self._falx_subdural(a, canvas)
        angle = self._lateral_angle(0.5)
        theta = self._angles(a)
        half = rng.uniform(0.5, 1.45)
        thickness = float(np.exp(rng.uniform(np.log(3.5), np.log(18))))
        u = np.abs((theta - angle + np.pi) % (2 * np.pi) - np.pi) / half
        profile = (
            thickness
            * np.clip(1 - np.clip(u, 0, 1) ** rng.uniform(2, 5), 0, 1)
            * (1 + 0.15 * self._noise(10))
        )
        level = (profile - a.depth_mm).astype(np.float32)
        level[(u >= 1) | (profile < 0.7)] = -9
        # The blood stays on its side of the falx.
        side = np.sign(np.cos(angle))
        level[(self._columns - a.middle_px[:, None]) * side < 1.5] = -9
        return self._collect(a, canvas, level, thickness=thickness, low_hu=48, high_hu=78, isodense=0.25)

    def _falx_subdural(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        off = (self._columns - a.middle_px[:, None]) * rng.choice([-1, 1])
        rows = np.flatnonzero(a.inside.any(axis=1))
        low, high = np.sort(rng.uniform(rows[0], rows[-1], 2))
        if high - low < 25:
            low, high = (rows[0], rows[0] + 45) if rng.random() < 0.4 else (rows[-1] - 55, rows[-1])
        thickness = rng.uniform(2.0, 6.5)
        taper = np.clip(np.minimum(self._rows - low, high - self._rows) / 8, -1, 1)
        level = np.minimum(off + 0.7, thickness * taper * (1 + 0.2 * self._noise(8)) - off).astype(np.float32)
        level[a.depth_mm > 60] = -9
        return self._blood(a, canvas, level, 50, 76)

    def _intraparenchymal(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        contusions = rng.random() < 0.35
        where = a.inside & (a.depth_mm > 3) & (a.depth_mm < (12 if contusions else 90)) & ~a.csf[1]
        spots = np.argwhere(where)
        if spots.shape[0] < 50:
            return False
        row, column = spots[rng.integers(spots.shape[0])]
        radius = float(np.exp(rng.uniform(np.log(2.5), np.log(9 if contusions else 26))))
        level = np.full((self._size, self._size), -99.0, np.float32)
        for _ in range(int(rng.integers(2, 6)) if contusions else int(rng.integers(1, 5))):
            spread = radius * (1.4 if contusions else 0.5)
            r0, c0 = row + rng.normal(0, spread), column + rng.normal(0, spread)
            major = radius * rng.uniform(0.5, 1.1)
            minor = major * rng.uniform(0.5, 1.0)
            turn = rng.uniform(0, np.pi)
            y, x = self._rows - r0, self._columns - c0
            u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
            level = np.maximum(level, minor * (1 - np.sqrt((u / major) ** 2 + (v / minor) ** 2)))
        level = level + self._noise(max(1.5, radius / 4)) * min(0.16 * radius, 2.5)
        level = np.minimum(level, a.depth_mm - 0.5)
        rim_mm = rng.uniform(2, 10) if rng.random() < 0.75 else 0.0
        return self._blood(a, canvas, level, 50, 82, rim_mm=rim_mm, rim_hu=rng.uniform(5, 13))

    def _intraventricular(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        marks, count = ndimage.label(ndimage.binary_opening(a.csf[1] & (a.depth_mm > 22)))
        sizes = (
            ndimage.sum_labels(np.ones_like(marks), marks, np.arange(1, count + 1)) if count else np.empty(0)
        )
        rooms = [i + 1 for i in range(count) if sizes[i] > 35]
        if not rooms:
            return False
        chosen = np.isin(marks, rng.choice(rooms, min(len(rooms), int(rng.integers(1, 4))), replace=False))
        room = ndimage.binary_dilation(chosen, iterations=1)
        distance = (ndimage.distance_transform_edt(room) - ndimage.distance_transform_edt(~room)).astype(
            np.float32
        )
        level = distance - 0.3
        if rng.random() < 0.65:
            # Blood settles: the patient lies on the back, which is the bottom of the picture. Its surface is level.
            bottom = np.quantile(np.nonzero(room)[0], rng.uniform(0.2, 0.85))
            level = np.minimum(level, self._rows - bottom + self._noise(12) * 0.6)
        near = ndimage.binary_dilation(chosen, iterations=3)
        fits = [near & ndimage.binary_dilation(c, iterations=1) for c in a.csf]
        return self._blood(a, canvas, level, 45, 78, fits=fits)

    def _subarachnoid(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        # Sulci and cisterns are darker than what surrounds them; plain thresholds would take white matter too.
        inner = ndimage.binary_erosion(a.inside, iterations=1)
        smooth = np.stack([ndimage.gaussian_filter(h, 0.9) for h in canvas.before])
        around = np.stack([self._mean_inside(h, a.inside, 7) for h in canvas.before])
        deep = rng.random() < 0.35
        spaces = inner & (smooth < around - 4) & (smooth < a.brain_hu - 3)
        spaces = np.stack([_drop_specks(s, 8) for s in spaces])
        # Ventricles are no subarachnoid space: large fluid rooms far from the skull are left out.
        marks, count = ndimage.label(ndimage.binary_opening(spaces[1], iterations=2))
        if count:
            far = ndimage.mean(a.depth_mm, marks, np.arange(1, count + 1)) > 24
            rooms = np.isin(marks, np.flatnonzero(far) + 1)
            if not deep:
                spaces = spaces & ~ndimage.binary_dilation(rooms, iterations=3)
        spots = np.argwhere(spaces[1])
        if spots.shape[0] < 60:
            return False
        row, column = spots[rng.integers(spots.shape[0])]
        reach = rng.uniform(18, 85)
        far_mm = np.hypot(self._rows - row, self._columns - column)
        region = (reach - far_mm) * 0.5 + self._noise(10) * reach * 0.12
        patchy = self._noise(6) > rng.uniform(-1.8, -0.1)
        fits = [s & patchy for s in spaces]
        if rng.random() < 0.4:
            fits = [ndimage.binary_dilation(f) for f in fits]
        if (fits[1] & (region > 0) & a.inside).sum() < 30:
            return False
        strength = rng.uniform(0.75, 1.0)
        return self._blood(
            a, canvas, region.astype(np.float32), 46, 74, fits=fits, strength=strength, soft=0.7
        )

    # -- what looks like blood and is none ---------------------------------------------------------------------

    def _decoy(self, a: Anatomy, canvas: Canvas) -> int:
        rng = self._rng
        kinds = [
            self._calcification,
            self._dense_falx,
            self._streaks,
            self._hygroma,
            self._infarct,
            self._dense_sinus,
        ]
        chosen = rng.choice(len(kinds), int(rng.integers(1, 3)), replace=False)
        return sum(kinds[i](a, canvas) for i in chosen)

    def _calcification(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        middle = float(np.mean(np.nonzero(a.inside)[0]))
        row = middle + rng.normal(8, 12)
        at = a.middle_px[int(np.clip(row, 0, self._size - 1))]
        twin = rng.uniform(10, 24) if rng.random() < 0.6 else 0.0
        level = np.full((self._size, self._size), -99.0, np.float32)
        for column in {at - twin, at + twin}:
            radius = rng.uniform(1.0, 3.2)
            far = np.hypot(
                (self._rows - row - rng.normal(0, 2)) / rng.uniform(1, 1.8), self._columns - column
            )
            level = np.maximum(level, radius - far)
        level += self._noise(1.5) * 0.4
        return self._blood(a, canvas, level, 95, 260, soft=0.6, least_px=3)

    def _dense_falx(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        off = np.abs(self._columns - a.middle_px[:, None] - self._noise(25) * 0.8)
        rows = np.nonzero(a.inside)[0]
        back = self._rows > np.quantile(rows, 0.62)
        front = self._rows < np.quantile(rows, 0.25)
        level = (rng.uniform(0.8, 1.7) - off).astype(np.float32)
        level[~(back | front)] = -9
        return self._blood(a, canvas, level, 44, 62, strength=rng.uniform(0.6, 1.0), soft=0.6)

    def _dense_sinus(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        bottom = int(np.nonzero(a.inside)[0].max())
        column = a.middle_px[bottom]
        size = rng.uniform(4, 8)
        level = np.minimum(
            size - (bottom - self._rows),
            (size - (bottom - self._rows)) * 0.7 - np.abs(self._columns - column),
        )
        return self._blood(a, canvas, level.astype(np.float32), 50, 66, soft=0.8)

    def _streaks(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        row = np.quantile(np.nonzero(a.inside)[0], rng.uniform(0.2, 0.8))
        for _ in range(int(rng.integers(2, 6))):
            slope = rng.normal(0, 0.25)
            line = row + rng.normal(0, 14) + slope * (self._columns - self._size / 2)
            stripe = np.exp(-0.5 * ((self._rows - line) / rng.uniform(1.2, 4)) ** 2)
            canvas.hu += (stripe * rng.uniform(3, 10) * rng.choice([-1, 1]) * a.inside).astype(np.float32)
        return True

    def _hygroma(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        angle, half = self._lateral_angle(0.6), rng.uniform(0.5, 1.2)
        u = np.abs((self._angles(a) - angle + np.pi) % (2 * np.pi) - np.pi) / half
        thickness = rng.uniform(2, 10)
        level = (thickness * np.clip(1 - np.clip(u, 0, 1) ** 3, 0, 1) - a.depth_mm).astype(np.float32)
        level[u >= 1] = -9
        self._push(a, canvas, level, thickness)
        return self._blood(a, canvas, level, 4, 16)

    def _infarct(self, a: Anatomy, canvas: Canvas) -> bool:
        rng = self._rng
        spots = np.argwhere(a.inside & (a.depth_mm > 6))
        row, column = spots[rng.integers(spots.shape[0])]
        radius = rng.uniform(6, 28)
        far = np.hypot(self._rows - row, self._columns - column)
        level = (radius - far + self._noise(5) * radius * 0.25).astype(np.float32)
        return self._blood(a, canvas, level, 8, 24, strength=rng.uniform(0.4, 1.0), soft=rng.uniform(1, 2.5))


_LEAST_VISIBLE_PX: dict[Hemorrhage, int] = {
    Hemorrhage.EPIDURAL: 60,
    Hemorrhage.INTRAPARENCHYMAL: 14,
    Hemorrhage.INTRAVENTRICULAR: 20,
    Hemorrhage.SUBARACHNOID: 80,
    Hemorrhage.SUBDURAL: 90,
}
"""A lesion that changes fewer pixels than this for the eye gets no label, and is taken back."""


def _visible_px(before: Field, after: Field) -> int:
    changed = np.abs(ndimage.gaussian_filter(np.clip(after, -20, 100) - np.clip(before, -20, 100), 0.7)) > 7
    return int(changed.sum())


def _drop_specks(mask: Mask, least_px: int) -> Mask:
    marks, _ = ndimage.label(mask)
    large = np.bincount(marks.ravel()) >= least_px
    large[0] = False
    kept: Mask = large[marks]
    return kept


KIND_WEIGHTS: dict[Hemorrhage, float] = {
    Hemorrhage.EPIDURAL: 0.2,
    Hemorrhage.INTRAPARENCHYMAL: 0.22,
    Hemorrhage.INTRAVENTRICULAR: 0.16,
    Hemorrhage.SUBARACHNOID: 0.2,
    Hemorrhage.SUBDURAL: 0.22,
}
"""How often each kind is painted."""


def draw_kinds(rng: np.random.Generator) -> tuple[Hemorrhage, ...]:
    """One to three kinds of hemorrhage, one most often, by `KIND_WEIGHTS`."""
    count = int(rng.choice([1, 2, 3], p=[0.65, 0.25, 0.1]))
    kinds = list(KIND_WEIGHTS)
    chosen = rng.choice(len(kinds), count, replace=False, p=list(KIND_WEIGHTS.values()))
    return tuple(kinds[i] for i in chosen)
