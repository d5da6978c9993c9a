"""A label map in a scanner: turned, scaled, bent and mirrored, its brain shrunken, and sampled plane by plane.

Arrays are indexed [plane, row, column] on a grid of 1 mm in the plane; rows run to the back, columns to the patient's
left. `x_mm`, `y_mm` and `z_mm` run to the patient's right, front and top.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Field, Mask
from ichviewer.learning.synthesis.maps import CSF, PER_MM, VEINS, PreparedMap
from ichviewer.learning.synthesis.noise import smooth_field

PLANES = 3
"""Planes that are sampled for each slice."""
_BLOCK = 96
_ANCHOR_MM = np.array([0.0, 25.0, 35.0])
"""Where a brain that shrinks stays, behind and below the middle."""


@dataclass(frozen=True, eq=False)
class Pose:
    """How a map lies in the scanner."""

    matrix: NDArray[np.float64]  # scanner to map, shape (3, 3): turns, scales, shears, and mirrors
    middle: NDArray[np.float64]  # voxel of the map at the scanner's origin: amid the inside of the skull
    bend_mm: float  # standard deviation of the elastic warp
    shrunken_mm: float  # how far the brain's surface has drawn back from the skull in front; 0 or more

    def heights_mm(self, mask: Mask, every: int) -> NDArray[np.float64]:
        """Heights in the scanner of a map's voxels, of which only every so many are looked at."""
        at = np.argwhere(mask[::every, ::every, ::every]) * every - self.middle
        return np.asarray(at @ np.linalg.inv(self.matrix)[2])


@dataclass(frozen=True, eq=False)
class Warped:
    """A map on the planes of a scan; arrays of shape (planes, rows, columns) unless said otherwise."""

    code: NDArray[np.int16]  # label; inside the skull that of the brain as it has shrunken
    zones: NDArray[np.uint8]  # this and the next as in `PreparedMap`, in mm and shares
    depth_mm: Field
    skin_mm: Field
    midline_mm: Field  # positive towards the patient's right; this and the next far off outside the skull
    tentorium_mm: Field
    ventricle_mm: Field
    fluid: Field
    z_mm: Field  # place in the scanner, in shapes that broadcast
    y_mm: Field
    x_mm: Field
    inside: NDArray[np.intp]  # flat indices of what lies within the inner table, shape (m,)
    step_mm: tuple[float, float, float]  # distance of planes, rows and columns

    def texture(self, rng: np.random.Generator, scale_mm: float) -> Field:
        """Noise of mean 0 and variance 1 with humps of about this size, the same block laid elsewhere each time."""
        block = _block(scale_mm, self.step_mm[0])
        starts = rng.integers(0, _BLOCK, 3)
        a, b, c = ((np.arange(n) + at) % _BLOCK for n, at in zip(self.code.shape, starts, strict=True))
        return np.asarray(np.take(np.take(block[a], b, axis=1), c, axis=2))


def draw_pose(rng: np.random.Generator, prepared: PreparedMap) -> Pose:
    """Somebody's head as it was laid into a scanner."""
    inside = np.argwhere(prepared.depth[::4, ::4, ::4] > 0) * 4.0
    middle = (inside.max(axis=0) + inside.min(axis=0)) / 2
    # The gantry or the chin: between the base of the skull and the line from the orbits to the ears, and beyond.
    pitch, roll, yaw = np.deg2rad([rng.uniform(-20, 20), rng.normal(0, 4), rng.normal(0, 5)])
    (ca, cb, cc), (sa, sb, sc) = np.cos([pitch, roll, yaw]), np.sin([pitch, roll, yaw])
    turn = (
        np.array([[1, 0, 0], [0, ca, -sa], [0, sa, ca]])
        @ np.array([[cb, 0, sb], [0, 1, 0], [-sb, 0, cb]])
        @ np.array([[cc, -sc, 0], [sc, cc, 0], [0, 0, 1]])
    )
    shear = np.eye(3) + np.triu(rng.normal(0, 0.03, (3, 3)), 1)
    matrix = turn @ shear @ np.diag(rng.uniform(0.93, 1.07) * rng.uniform(0.96, 1.04, 3))
    if rng.random() < 0.5:
        matrix[0] *= -1
    shrunken = rng.uniform(0.5, 5.0) if rng.random() < 0.4 else 0.0
    return Pose(matrix, middle, float(rng.uniform(1.0, 2.5)), float(shrunken))


def warp(
    rng: np.random.Generator, prepared: PreparedMap, pose: Pose, positions_mm: NDArray[np.float64], side: int
) -> Warped:
    """Sample a map on the planes of a scan of `side` rows and columns.

    The slices' middles lie at evenly spaced heights, relative to the middle of the inside of the skull.
    """
    step = (float(positions_mm[1] - positions_mm[0]) / PLANES, 1.0, 1.0)
    planes = (positions_mm[:, None] + step[0] * (np.arange(PLANES) - (PLANES - 1) / 2)).ravel()
    across = (side - 1) / 2 - np.arange(side)
    # The grid follows the head's own axis, so that a tilted head stays in the middle.
    axis = np.linalg.inv(pose.matrix)[:, 2]
    right, front = axis[:2] / axis[2]
    z = planes[:, None, None].astype(np.float32)
    y = (across[None, :, None] + front * planes[:, None, None]).astype(np.float32)
    x = (across[None, None, :] + right * planes[:, None, None]).astype(np.float32)
    shape = (len(planes), side, side)
    at = np.empty((3, *shape), np.float32)
    for i, row in enumerate(pose.matrix):
        straight = (row[0] * x + row[1] * y + row[2] * z + pose.middle[i]).astype(np.float32)
        np.add(smooth_field(rng, shape, step, 60.0) * np.float32(pose.bend_mm), straight, out=at[i])
    nearest = _nearest(at, prepared)
    # Below the lowest plane of the map the neck goes on.
    beyond = np.rint(at[:2].min(axis=0)) < 0
    for i, n in enumerate(prepared.labels.shape):
        beyond |= np.rint(at[i]) >= n
    zones, code = prepared.zones.ravel()[nearest], prepared.labels.ravel()[nearest]
    zones[beyond], code[beyond] = 0, 0
    skin = prepared.skin.ravel()[nearest].astype(np.float32) / np.float32(PER_MM)
    depth = _between(prepared.depth, at) / np.float32(PER_MM)
    inside = np.flatnonzero(depth.ravel() > 0)
    brain = at.reshape(3, -1)[:, inside]
    del at, nearest, beyond
    if pose.shrunken_mm > 0:
        # The brain draws back towards the base and the back, where it lies; sulci are widened elsewhere.
        anchor = (pose.middle - _ANCHOR_MM).astype(np.float32)[:, None]
        brain = (brain - anchor) * np.float32(1 + pose.shrunken_mm / 95) + anchor
    label = prepared.labels.ravel()[_nearest(brain, prepared)]
    label[(label == 0) | (label >= 500)] = CSF
    # Sinuses stay at the skull when the brain draws back from it.
    label[code.ravel()[inside] == VEINS] = VEINS
    code.ravel()[inside] = label

    def sampled(stored: NDArray[np.int8] | NDArray[np.uint8], scale: float, outside: float) -> Field:
        field = np.full(shape, outside, np.float32)
        field.ravel()[inside] = _between(stored, brain) * np.float32(scale)
        return field

    midline = sampled(prepared.midline, (-1 if pose.matrix[0, 0] < 0 else 1) / PER_MM, 99)
    tentorium, ventricle = (sampled(mm, 1 / PER_MM, 99) for mm in (prepared.tentorium, prepared.ventricle))
    fluid = sampled(prepared.fluid, 1 / 255, 1)
    return Warped(code, zones, depth, skin, midline, tentorium, ventricle, fluid, z, y, x, inside, step)


def _nearest(at: Field, prepared: PreparedMap) -> NDArray[np.intp]:
    """Flat index of the voxel of a map that is nearest to each place, of shape (3, ...)."""
    index = np.zeros(at.shape[1:], np.intp)
    for axis, n in zip(at, prepared.labels.shape, strict=True):
        index = index * n + np.clip(np.rint(axis), 0, n - 1).astype(np.intp)
    return index


def _between(stored: NDArray[np.int8] | NDArray[np.uint8], at: Field) -> Field:
    """Values at places between voxels, linearly."""
    return np.asarray(ndimage.map_coordinates(stored, at, np.float32, order=1, mode="nearest"))


@lru_cache(maxsize=8)
def _block(scale_mm: float, step_mm: float) -> Field:
    noise = np.random.default_rng(7).standard_normal((_BLOCK,) * 3, np.float32)
    block = ndimage.gaussian_filter(noise, (scale_mm / 2 / step_mm, scale_mm / 2, scale_mm / 2), mode="wrap")
    return np.asarray(block / block.std(), np.float32)
