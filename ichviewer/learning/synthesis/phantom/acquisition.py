"""The scanner: from a head to slices of stored values, with truth masks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.synthesis.phantom.fields import Array, Points, ramp, unit_spread, white_noise
from ichviewer.learning.synthesis.phantom.head import Head
from ichviewer.learning.synthesis.phantom.parameters import Acquisition, Pose

INTERCEPT_HU = -1024
PADDING_STORED = 0
"""Stored value outside the circle that was reconstructed; image values begin at 1."""
_STORED_MAX = 4095


@dataclass(frozen=True, eq=False)
class Scan:
    """A stack of slices with its truth, lowest slice first.

    Parameters
    ----------
    stored : ndarray of uint16, shape (slices, rows, columns)
        HU = stored + `INTERCEPT_HU`; `PADDING_STORED` is no image.
    blood : dict of Hemorrhage to ndarray of float32, shape (slices, rows, columns)
        Share of each pixel's volume that is blood of a type.
    acquisition : Acquisition
    """

    stored: NDArray[np.uint16]
    blood: dict[Hemorrhage, Array]
    acquisition: Acquisition

    def __post_init__(self) -> None:
        shape = (self.acquisition.slices, self.acquisition.rows, self.acquisition.rows)
        if self.stored.shape != shape or any(b.shape != shape for b in self.blood.values()):
            raise ValueError(
                f"a scan's arrays need the shape of its protocol, {shape}. Received: {self.stored.shape}"
            )

    def positions_mm(self) -> list[float]:
        """Slice centers in the scanner's z."""
        return [slice_z_mm(self.acquisition, k) for k in range(self.acquisition.slices)]


def slice_z_mm(acquisition: Acquisition, index: int) -> float:
    """Center of a slice in the scanner's z, mm."""
    return acquisition.first_mm + acquisition.thickness_mm * index


def _rotation(pose: Pose) -> NDArray[np.float64]:
    """Matrix that turns scanner directions into head directions, rounded so that it is the same everywhere."""
    yaw, roll, pitch = (np.deg2rad(a) for a in (pose.yaw_deg, pose.roll_deg, pose.pitch_deg))
    about_z = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    about_y = np.array([[np.cos(roll), 0, np.sin(roll)], [0, 1, 0], [-np.sin(roll), 0, np.cos(roll)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    return np.asarray(np.round((about_z @ about_y @ about_x).T, 9))


def to_head(pose: Pose, x: Array, y: Array, z: Array) -> Points:
    """Head coordinates of points given in the scanner's, mm."""
    matrix = _rotation(pose)
    u, v, w = (c - o for c, o in zip((x, y, z), pose.offset_mm, strict=True))
    return Points(*(u * np.float32(m[0]) + v * np.float32(m[1]) + w * np.float32(m[2]) for m in matrix))


def to_scanner(pose: Pose, point_mm: tuple[float, float, float]) -> tuple[float, float, float]:
    """Scanner coordinates of a point given in the head's, mm."""
    x, y, z = _rotation(pose).T @ np.asarray(point_mm) + np.asarray(pose.offset_mm)
    return float(x), float(y), float(z)


def scan(
    head: Head,
    acquisition: Acquisition,
    progress: Callable[[int, int], None] | None = None,
    *,
    workers: int = 1,
    first_index: int = 0,
) -> Scan:
    """Scan a head.

    Parameters
    ----------
    head : Head
    acquisition : Acquisition
    progress : callable or None
        Told slices done and in all.
    workers : int
        Threads; the result does not depend on them.
    first_index : int
        Number of the lowest slice in its series: each has noise of its own.
    """
    rows, n = acquisition.rows, acquisition.slices
    stored = np.empty((n, rows, rows), np.uint16)
    blood = {kind: np.zeros((n, rows, rows), np.float32) for kind in TYPES}

    def one(k: int) -> None:
        hu, bone, shares = _slab(head, acquisition, slice_z_mm(acquisition, k))
        for kind in TYPES:
            blood[kind][k] = shares[kind]
        stored[k] = _record(hu, bone, acquisition, first_index + k)

    with ThreadPoolExecutor(workers) as pool:
        for done, _ in enumerate(pool.map(one, range(n)), start=1):
            if progress is not None:
                progress(done, n)
    return Scan(stored, blood, acquisition)


def _pixel_grid(acquisition: Acquisition) -> tuple[Array, Array]:
    """Scanner x and y of pixel centers, each of shape (rows, columns)."""
    axis = ((np.arange(acquisition.rows) - (acquisition.rows - 1) / 2) * acquisition.pixel_mm).astype(
        np.float32
    )
    zero = np.zeros((acquisition.rows, 1), np.float32)
    return axis[None, :] + zero, axis[:, None] + zero.T


def _slab(head: Head, acquisition: Acquisition, z_mm: float) -> tuple[Array, Array, dict[Hemorrhage, Array]]:
    """Mean of a slice's thin planes: HU, share of bone, share of each type of blood."""
    x, y = _pixel_grid(acquisition)
    hu = np.zeros(x.shape, np.float32)
    bone = np.zeros(x.shape, np.float32)
    blood = {kind: np.zeros(x.shape, np.float32) for kind in TYPES}
    weight = 1 / acquisition.planes
    for plane in range(acquisition.planes):
        offset = ((plane + 0.5) / acquisition.planes - 0.5) * acquisition.thickness_mm
        points = to_head(acquisition.pose, x, y, np.full(x.shape, z_mm + offset, np.float32))
        near = _near(points)
        thin = np.full(x.shape, -1000.0, np.float32)
        if near.any():
            sample = head.sample(Points(points.x[near], points.y[near], points.z[near]))
            thin[near] = sample.hu
            bone[near] += weight * sample.bone
            for kind, share in sample.blood.items():
                blood[kind][near] += weight * share
        hu += weight * thin
    return hu, bone, blood


def _near(points: Points) -> NDArray[np.bool_]:
    """Which points can belong to a head at all; saves the work for the air around."""
    u, v = points.x * (1 / 93.0), (points.y + 9) * (1 / 115.0)
    w = np.maximum(points.z - 45, 0) * (1 / 84.0)
    result: NDArray[np.bool_] = u * u + v * v + w * w < 1
    return result


def _record(hu: Array, bone: Array, acquisition: Acquisition, index: int) -> NDArray[np.uint16]:
    """What the scanner makes of a slice: holder, beam hardening, blur, noise, rounding, circle."""
    x, y = _pixel_grid(acquisition)
    pixel = acquisition.pixel_mm
    hu = hu + _holder(x, y)
    hu = hu + _beam_hardening(hu, bone, pixel)
    hu = ndimage.gaussian_filter(hu, acquisition.kernel_mm / pixel, mode="nearest")
    hu = hu + _noise(hu, bone, acquisition, index)
    values = np.clip(np.floor(hu + 0.5) - INTERCEPT_HU, PADDING_STORED + 1, _STORED_MAX)
    radius = acquisition.rows * pixel / 2
    values[x * x + y * y > radius * radius] = PADDING_STORED
    stored: NDArray[np.uint16] = values.astype(np.uint16)
    return stored


def _holder(x: Array, y: Array) -> Array:
    """What a head holder adds to air: a thin curved shell, and the foam in it."""
    r = np.sqrt(x * x + (y - 6) * (y - 6))
    shell = ramp(1.1 - np.abs(r - 107), 0.8) * ramp(y - 4, 1.0)
    result: Array = 1180 * shell
    return result


def _beam_hardening(hu: Array, bone: Array, pixel_mm: float) -> Array:
    """Brightening next to bone, and the dark band between the petrous bones."""
    near = ndimage.gaussian_filter(bone, 4.0 / pixel_mm, mode="constant")
    wide = ndimage.gaussian_filter(bone, 16.0 / pixel_mm, mode="constant")
    lift = 5.0 * near + 6.0 * wide
    left = np.cumsum(bone, axis=1, dtype=np.float64) * pixel_mm
    right = left[:, -1:] - left
    thick = np.maximum(np.minimum(left, right) - 16.0, 0.0)
    band = ndimage.gaussian_filter(thick, 2.5 / pixel_mm, mode="nearest").astype(np.float32)
    inside = hu > -300
    return np.where(inside, lift - np.minimum(0.75 * band, 16), 0).astype(np.float32)


def _noise(hu: Array, bone: Array, acquisition: Acquisition, index: int) -> Array:
    """Correlated noise, and streaks along rows with much bone."""
    shape = hu.shape
    grain = white_noise(acquisition.seed, f"noise {index}", shape)
    sigma = 0.42 / acquisition.pixel_mm
    grain = ndimage.gaussian_filter(grain, sigma, mode="wrap") - 0.7 * ndimage.gaussian_filter(
        grain, 2.4 * sigma, mode="wrap"
    )
    grain = unit_spread(grain)
    head = ndimage.gaussian_filter(
        (hu > -300).astype(np.float32), 22.0 / acquisition.pixel_mm, mode="constant"
    )
    amount = acquisition.noise_hu * (0.45 + 0.6 * head)
    streak = white_noise(acquisition.seed, f"streaks {index}", shape)
    streak = ndimage.gaussian_filter(
        streak, (0.5 / acquisition.pixel_mm, 11.0 / acquisition.pixel_mm), mode="wrap"
    )
    streak = unit_spread(streak)
    path = ndimage.gaussian_filter1d(
        bone.sum(axis=1, dtype=np.float64) * acquisition.pixel_mm, 2.0 / acquisition.pixel_mm
    )
    load = np.clip((path - 22) * (1 / 40), 0, 1)[:, None]
    result: Array = amount * grain + (1.3 * acquisition.noise_hu) * load * streak * head
    return result
