"""Building stones of the phantom: seeded noise, soft edges, and fields sampled at points.

Everything here gives the same bits wherever it runs: random numbers come from the raw stream of a bit generator
(which NumPy keeps stable, unlike its distributions), and whole volumes see only additions, multiplications,
divisions and square roots, which IEEE 754 rounds exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[np.floating[Any]]
"""Values at points, any shape; float32 at run time, to which NumPy keeps it when plain numbers are added in."""

BOX_LOW_MM = (-96.0, -128.0, -70.0)
"""Lowest x, y, z that noise fields cover, in head coordinates."""
BOX_HIGH_MM = (96.0, 116.0, 132.0)
"""Highest x, y, z that noise fields cover, in head coordinates."""


@dataclass(frozen=True, eq=False)
class Points:
    """Points of space in head coordinates (x to the patient's left, y to the back, z up), in mm.

    Parameters
    ----------
    x, y, z : ndarray of float32, all of one shape
    """

    x: Array
    y: Array
    z: Array

    def __post_init__(self) -> None:
        if not self.x.shape == self.y.shape == self.z.shape:
            raise ValueError(
                f"coordinates need one shape. Received: {self.x.shape}, {self.y.shape}, {self.z.shape}"
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of each coordinate."""
        return self.x.shape

    def at(self, indices: NDArray[np.intp]) -> Points:
        """Some of the points, by flat index."""
        return Points(self.x.ravel()[indices], self.y.ravel()[indices], self.z.ravel()[indices])


def white_noise(seed: int, name: str, shape: tuple[int, ...]) -> Array:
    """Draw independent values of mean 0 and SD 1, nearly normal.

    Each is the sum of four 16-bit integers (Irwin-Hall), so that only integer arithmetic stands between the
    generator and the result.

    Parameters
    ----------
    seed : int
        The head's or scan's seed.
    name : str
        What the noise is for; another name is another stream.
    shape : tuple of int
    """
    generator = np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())]))
    raw = np.asarray(generator.random_raw(int(np.prod(shape))), dtype="<u8")
    words = raw.view("<u2")
    total = words[0::4].astype(np.int32)
    for start in (1, 2, 3):
        total += words[start::4]
    values = (total - 2 * 65535).astype(np.float32) * np.float32(np.sqrt(3.0) / 65536.0)
    return values.reshape(shape)


def uniform(seed: int, name: str, low: float, high: float) -> float:
    """Draw one number between ``low`` and ``high``."""
    generator = np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())]))
    return low + (high - low) * (int(generator.random_raw()) >> 11) / float(1 << 53)


def ramp(distance_mm: Array, width_mm: float) -> Array:
    """Share of a small volume that lies inside a surface, 0..1, from the signed distance (positive inside)."""
    share = distance_mm * (1.0 / width_mm)
    share += 0.5
    return np.clip(share, 0, 1, out=share)


def rise(value: Array, low: float, high: float) -> Array:
    """Smooth step: 0 below ``low``, 1 above ``high``, cubic between. ``low > high`` falls instead."""
    t = np.clip((value - low) * (1.0 / (high - low)), 0, 1)
    result: Array = t * t * (3 - 2 * t)
    return result


def plateau(value: Array, low: float, high: float, soft: float) -> Array:
    """1 between ``low`` and ``high``, 0 farther than ``soft`` outside, smooth between."""
    return rise(value, low - soft, low) * rise(value, high + soft, high)


def paint(hu: Array, share: Array, value: float | Array) -> None:
    """Let ``share`` of each point be of ``value`` HU, in place."""
    hu += share * (np.asarray(value, dtype=np.float32) - hu)


def union(*distances_mm: Array) -> Array:
    """Signed distance to several shapes taken together."""
    result: Array = np.maximum.reduce(list(distances_mm))
    return result


def meet(*distances_mm: Array) -> Array:
    """Signed distance to what several shapes have in common; also the least of several distances."""
    result: Array = np.minimum.reduce(list(distances_mm))
    return result


def soft_min(a: Array, b: Array, blend_mm: float) -> Array:
    """Minimum of two distances with the corner between them rounded over ``blend_mm``."""
    h = np.maximum(blend_mm - np.abs(a - b), 0) * (1 / blend_mm)
    result: Array = np.minimum(a, b) - h * h * (blend_mm / 4)
    return result


def ellipsoid(
    x: Array, y: Array, z: Array, center: tuple[float, float, float], radii: tuple[float, float, float]
) -> Array:
    """Signed distance to an ellipsoid in mm, positive inside; near the surface it is right to first order."""
    u = (x - center[0]) * (1 / radii[0])
    v = (y - center[1]) * (1 / radii[1])
    w = (z - center[2]) * (1 / radii[2])
    k = np.sqrt(u * u + v * v + w * w)
    u *= 1 / radii[0]
    v *= 1 / radii[1]
    w *= 1 / radii[2]
    g = np.sqrt(u * u + v * v + w * w) + (1e-6)
    result: Array = k * (1 - k) / g
    return np.minimum(result, (min(radii)))


def tube(
    x: Array,
    y: Array,
    z: Array,
    path: Sequence[tuple[float, float, float, float]],
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Array:
    """Signed distance in mm, positive inside, to a tube along a polyline of (x, y, z, radius).

    ``stretch`` widens the cross-section along an axis: 2 along z makes the tube twice as tall as wide.
    """
    best: Array | None = None
    scale = [(1 / s) for s in stretch]
    px, py, pz = x * scale[0], y * scale[1], z * scale[2]
    for start, end in pairwise(path):
        a = [start[i] / stretch[i] for i in range(3)]
        d = [end[i] / stretch[i] - a[i] for i in range(3)]
        length2 = sum(v * v for v in d)
        u, v, w = px - a[0], py - a[1], pz - a[2]
        t = (u * d[0] + v * d[1] + w * d[2]) * (1 / length2)
        np.clip(t, 0, 1, out=t)
        u -= t * d[0]
        v -= t * d[1]
        w -= t * d[2]
        distance = start[3] + t * (end[3] - start[3]) - np.sqrt(u * u + v * v + w * w)
        best = distance if best is None else np.maximum(best, distance, out=best)
    if best is None:
        raise ValueError("a tube needs two points at least")
    return best


@dataclass(frozen=True, eq=False)
class Field:
    """A smooth function of space, on a coarse grid, sampled linearly.

    Parameters
    ----------
    values : ndarray of float32, shape (nx, ny, nz)
    step_mm : float
        Distance of grid points.
    low_mm : tuple of float
        x, y, z of the first grid point. Beyond the grid the field goes on as it ends.
    signs : tuple of float or None
        For a borrowed field, -1 where an axis runs backward; it is sampled faster, and not to the last bit alike
        everywhere.
    """

    values: Array
    step_mm: float
    low_mm: tuple[float, float, float] = BOX_LOW_MM
    signs: tuple[float, float, float] | None = None

    def at(self, x: Array, y: Array, z: Array) -> Array:
        """Values at points, of the shape of the points."""
        inverse = 1 / self.step_mm
        if self.signs is not None:
            return _trilinear(
                self.values,
                *(
                    (c * (sign * inverse) - low * inverse).ravel()
                    for c, sign, low in zip((x, y, z), self.signs, self.low_mm, strict=True)
                ),
            ).reshape(x.shape)
        coordinates = np.stack([(c - low) * inverse for c, low in zip((x, y, z), self.low_mm, strict=True)])
        result: Array = ndimage.map_coordinates(
            self.values, coordinates, output=np.float32, order=1, mode="nearest", prefilter=False
        )
        return result


Box = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Lowest and highest x, y, z of a part of space, mm."""
WHOLE: Box = (BOX_LOW_MM, BOX_HIGH_MM)


def _grid_shape(step_mm: float, box: Box) -> tuple[int, ...]:
    return tuple(int(np.ceil((high - low) / step_mm)) + 2 for low, high in zip(*box, strict=True))


def unit_spread(values: Array) -> Array:
    """Shift and scale noise to mean 0 and SD 1."""
    # Sums in double precision, so that the order of adding, which depends on the processor, does not show.
    values = values - np.float32(np.mean(values, dtype=np.float64))
    spread = float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
    result: Array = values * (1 / spread)
    return result


def smooth_field(
    seed: int, name: str, scale_mm: float, step_mm: float | None = None, box: Box = WHOLE
) -> Field:
    """Gaussian random field of mean 0, SD 1; ``scale_mm`` is the SD of the Gaussian that smoothed it."""
    borrower = _borrower.get()
    if borrower is not None:
        return _borrowed(borrower, name, _smooth_stock(name, scale_mm, step_mm, box), box)
    return _new_smooth(seed, name, scale_mm, step_mm, box)


def _new_smooth(seed: int, name: str, scale_mm: float, step_mm: float | None, box: Box) -> Field:
    step = scale_mm / 2 if step_mm is None else step_mm
    noise = white_noise(seed, name, _grid_shape(step, box))
    return Field(unit_spread(ndimage.gaussian_filter(noise, scale_mm / step, mode="wrap")), step, box[0])


def folded_field(seed: int, name: str, scale_mm: float, step_mm: float, box: Box = WHOLE) -> Field:
    """Signed distance in mm to the zero surfaces of a random field of one dominant wavelength.

    Those surfaces meander like folds, about 3 ``scale_mm`` apart.
    """
    borrower = _borrower.get()
    if borrower is not None:
        return _borrowed(borrower, name, _folded_stock(name, scale_mm, step_mm, box), box)
    return _new_folded(seed, name, scale_mm, step_mm, box)


def _new_folded(seed: int, name: str, scale_mm: float, step_mm: float, box: Box) -> Field:
    noise = white_noise(seed, name, _grid_shape(step_mm, box))
    sigma = scale_mm / step_mm
    # A difference of Gaussians passes one band; twice, so narrow a band that folds keep their distance.
    for _ in range(2):
        noise = ndimage.gaussian_filter(noise, sigma * 0.75, mode="wrap") - ndimage.gaussian_filter(
            noise, sigma * 1.35, mode="wrap"
        )
    values = unit_spread(noise)
    slopes = np.gradient(values, step_mm)
    steepness = np.sqrt(slopes[0] ** 2 + slopes[1] ** 2 + slopes[2] ** 2)
    # Where the field is flat a distance means nothing; the floor keeps such places from counting as near.
    floor = 0.35 / scale_mm
    return Field((values / np.maximum(steepness, floor)).astype(np.float32), step_mm, box[0])


_STOCK_SEED = 1
_MARGIN_MM = 24.0
_borrower: ContextVar[int | None] = ContextVar("borrower", default=None)


@contextmanager
def borrowed_fields(seed: int) -> Iterator[None]:
    """Within, fields are not drawn anew but cut from a stock that this process keeps.

    Each is mirrored and shifted at random, so that no two heads share a fold. Taking one costs nothing, where drawing
    one takes a tenth of a second; the stock is some 300 MB.

    Parameters
    ----------
    seed : int
        Draws how the fields are mirrored and shifted.
    """
    token = _borrower.set(seed)
    try:
        yield
    finally:
        _borrower.reset(token)


def borrowing() -> bool:
    """Whether speed counts more than the last bit: within `borrowed_fields`."""
    return _borrower.get() is not None


def _wide(box: Box) -> Box:
    low, high = box
    return (
        (low[0] - _MARGIN_MM, low[1] - _MARGIN_MM, low[2] - _MARGIN_MM),
        (high[0] + _MARGIN_MM, high[1] + _MARGIN_MM, high[2] + _MARGIN_MM),
    )


@lru_cache(maxsize=64)
def _smooth_stock(name: str, scale_mm: float, step_mm: float | None, box: Box) -> Field:
    return _new_smooth(_STOCK_SEED, name, scale_mm, step_mm, _wide(box))


@lru_cache(maxsize=16)
def _folded_stock(name: str, scale_mm: float, step_mm: float, box: Box) -> Field:
    return _new_folded(_STOCK_SEED, name, scale_mm, step_mm, _wide(box))


def _borrowed(seed: int, name: str, stock: Field, box: Box) -> Field:
    signs, lows = [], []
    for axis, (low, high) in enumerate(zip(*box, strict=True)):
        shift = uniform(seed, f"{name} shift {axis}", -_MARGIN_MM, _MARGIN_MM)
        sign = 1.0 if uniform(seed, f"{name} mirror {axis}", 0, 1) < 0.5 else -1.0
        # A mirrored axis is turned about the middle of the box.
        signs.append(sign)
        lows.append(stock.low_mm[axis] + shift - (0.0 if sign > 0 else low + high))
    return Field(stock.values, stock.step_mm, (lows[0], lows[1], lows[2]), (signs[0], signs[1], signs[2]))


def _trilinear(values: Array, i: Array, j: Array, k: Array) -> Array:
    """Linear interpolation at fractional grid indices, float32 throughout."""
    nx, ny, nz = values.shape
    flat = values.ravel()
    for index, size in ((i, nx), (j, ny), (k, nz)):
        np.clip(index, 0, size - 1.001, out=index)
    i0, j0, k0 = i.astype(np.int32), j.astype(np.int32), k.astype(np.int32)
    i -= i0
    j -= j0
    k -= k0
    base = (i0 * np.int32(ny) + j0) * np.int32(nz) + k0

    def along_k(offset: int) -> Array:
        start = flat.take(base + np.int32(offset))
        result: Array = start + k * (flat.take(base + np.int32(offset + 1)) - start)
        return result

    near = along_k(0)
    near += j * (along_k(nz) - near)
    far = along_k(ny * nz)
    far += j * (along_k(ny * nz + nz) - far)
    near += i * (far - near)
    return near


def look_up(table: Array, rows: Array, columns: Array, *, quick: bool = False) -> Array:
    """Linear interpolation in a table at fractional indices; ``quick`` as for borrowed fields."""
    if not quick:
        result: Array = ndimage.map_coordinates(
            table, np.stack([rows, columns]), output=np.float32, order=1, mode="nearest", prefilter=False
        )
        return result
    height, width = table.shape
    i = np.clip(rows, 0, height - 1.001).astype(np.float32).ravel()
    j = np.clip(columns, 0, width - 1.001).astype(np.float32).ravel()
    i0, j0 = i.astype(np.int32), j.astype(np.int32)
    i -= i0
    j -= j0
    base = i0 * np.int32(width) + j0
    flat = table.ravel()
    top = flat.take(base)
    top += j * (flat.take(base + np.int32(1)) - top)
    bottom = flat.take(base + np.int32(width))
    bottom += j * (flat.take(base + np.int32(width + 1)) - bottom)
    top += i * (bottom - top)
    return top.reshape(rows.shape)
