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
    """How a map lies in the scanner.

    Parameters
    ----------
    matrix : ndarray, shape (3, 3)
        Scanner to map: turns, scales, shears, and mirrors.
    middle : ndarray, shape (3,)
        Voxel of the map that lies at the scanner's origin: the middle of the inside of the skull.
    bend_mm : float
        Standard deviation of the elastic warp.
    shrunken_mm : float
        How far the brain's surface has drawn back from the skull in front; 0 or more.
    """

    matrix: NDArray[np.float64]
    middle: NDArray[np.float64]
    bend_mm: float
    shrunken_mm: float

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged."""
        return bool(self.matrix[0, 0] < 0)

    @property
    def up(self) -> tuple[float, float]:
        """How far the head's own axis runs to the right and to the front for each mm upwards."""
        axis = np.linalg.inv(self.matrix)[:, 2]
        return float(axis[0] / axis[2]), float(axis[1] / axis[2])

    def heights_mm(self, mask: Mask, every: int) -> NDArray[np.float64]:
        """Heights in the scanner of a map's voxels, of which only every so many are looked at."""
        at = np.argwhere(mask[::every, ::every, ::every]) * every - self.middle
        heights: NDArray[np.float64] = at @ np.linalg.inv(self.matrix)[2]
        return heights


@dataclass(frozen=True, eq=False)
class Warped:
    """A map on the planes of a scan; arrays of shape (planes, rows, columns) unless said otherwise.

    Parameters
    ----------
    code : ndarray of int16
        Label; inside the skull that of the brain as it has shrunken.
    zones : ndarray of uint8
        As in `PreparedMap`.
    depth_mm, skin_mm : ndarray of float32
        Inside the inner table, and under the skin.
    midline_mm, tentorium_mm, ventricle_mm, fluid : ndarray of float32
        As in `PreparedMap`, in mm and shares; far off outside the skull. The midline's is positive towards the
        patient's right.
    z_mm, y_mm, x_mm : ndarray of float32
        Place in the scanner, in shapes that broadcast.
    inside : ndarray of intp, shape (m,)
        Flat indices of what lies within the inner table.
    step_mm : tuple of float
        Distance of planes, rows and columns.
    """

    code: NDArray[np.int16]
    zones: NDArray[np.uint8]
    depth_mm: Field
    skin_mm: Field
    midline_mm: Field
    tentorium_mm: Field
    ventricle_mm: Field
    fluid: Field
    z_mm: Field
    y_mm: Field
    x_mm: Field
    inside: NDArray[np.intp]
    step_mm: tuple[float, float, float]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Planes, rows and columns."""
        n, rows, columns = self.code.shape
        return n, rows, columns

    def is_in(self, *codes: int) -> Mask:
        """Where the label is one of these."""
        table = np.zeros(int(self.code.max()) + 1, bool)
        table[[c for c in codes if c < len(table)]] = True
        found: Mask = table[self.code]
        return found

    def texture(self, rng: np.random.Generator, scale_mm: float) -> Field:
        """Noise of mean 0 and variance 1 with humps of about this size, the same block laid elsewhere each time."""
        block = _block(scale_mm, self.step_mm[0])
        a, b, c = (
            (np.arange(n) + start) % _BLOCK
            for n, start in zip(self.shape, rng.integers(0, _BLOCK, 3), strict=True)
        )
        laid: Field = np.take(np.take(block[a], b, axis=1), c, axis=2)
        return laid


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
    """Sample a map on the planes of a scan.

    Parameters
    ----------
    rng : numpy Generator
        Draws the elastic warp.
    prepared : PreparedMap
    pose : Pose
    positions_mm : ndarray, shape (slices,)
        Heights of the slices' middles, evenly spaced, relative to the middle of the inside of the skull.
    side : int
        Rows and columns.
    """
    gap = float(positions_mm[1] - positions_mm[0])
    step = (gap / PLANES, 1.0, 1.0)
    planes = (positions_mm[:, None] + step[0] * (np.arange(PLANES) - (PLANES - 1) / 2)).ravel()
    across = (side - 1) / 2 - np.arange(side)
    # The grid follows the head's own axis, so that a tilted head stays in the middle.
    right, front = pose.up
    z = planes[:, None, None].astype(np.float32)
    y = (across[None, :, None] + front * planes[:, None, None]).astype(np.float32)
    x = (across[None, None, :] + right * planes[:, None, None]).astype(np.float32)
    shape = (len(planes), side, side)
    at = np.empty((3, *shape), np.float32)
    for i, row in enumerate(pose.matrix):
        bend = smooth_field(rng, shape, step, 60.0)
        np.multiply(bend, np.float32(pose.bend_mm), out=at[i])
        at[i] += (row[0] * x + row[1] * y + row[2] * z + pose.middle[i]).astype(np.float32)
    size = prepared.labels.shape
    nearest = np.zeros(shape, np.intp)
    beyond = np.zeros(shape, bool)
    for i, (axis, n) in enumerate(zip(at, size, strict=True)):
        near = np.rint(axis).astype(np.intp)
        # Below the lowest plane of the map the neck goes on.
        beyond |= (near >= n) | ((near < 0) & (i < 2))
        nearest *= n
        nearest += np.clip(near, 0, n - 1)
    zones = prepared.zones.ravel()[nearest]
    code = prepared.codes[prepared.labels.ravel()[nearest]]
    zones[beyond], code[beyond] = 0, 0
    skin = prepared.skin.ravel()[nearest].astype(np.float32) / np.float32(PER_MM)
    depth = ndimage.map_coordinates(prepared.depth, at, np.float32, order=1, mode="nearest") / np.float32(
        PER_MM
    )
    inside = np.flatnonzero(depth.ravel() > 0)
    brain = np.stack([axis.ravel()[inside] for axis in at])
    del at, nearest
    _shrink(brain, pose)
    code.ravel()[inside] = _brain_codes(prepared, brain, code.ravel()[inside])
    far = np.float32(99)

    def sampled(stored: NDArray[np.int8] | NDArray[np.uint8], scale: float, outside: np.float32) -> Field:
        field = np.full(shape, outside, np.float32)
        field.ravel()[inside] = ndimage.map_coordinates(stored, brain, np.float32, order=1, mode="nearest")
        field.ravel()[inside] *= np.float32(scale)
        return field

    midline = sampled(prepared.midline, (-1 if pose.mirrored else 1) / PER_MM, far)
    return Warped(
        code,
        zones,
        depth,
        skin,
        midline,
        sampled(prepared.tentorium, 1 / PER_MM, far),
        sampled(prepared.ventricle, 1 / PER_MM, far),
        sampled(prepared.fluid, 1 / 255, np.float32(1)),
        z,
        y,
        x,
        inside,
        step,
    )


def _shrink(brain: Field, pose: Pose) -> None:
    """Let the brain draw back towards the base and the back, where it lies; sulci are widened elsewhere."""
    if pose.shrunken_mm <= 0:
        return
    anchor = (pose.middle - _ANCHOR_MM).astype(np.float32)
    brain -= anchor[:, None]
    brain *= np.float32(1 + pose.shrunken_mm / 95)
    brain += anchor[:, None]


def _brain_codes(prepared: PreparedMap, brain: Field, found: NDArray[np.int16]) -> NDArray[np.int16]:
    index = np.zeros(brain.shape[1], np.intp)
    for axis, n in zip(brain, prepared.labels.shape, strict=True):
        index *= n
        index += np.clip(np.rint(axis), 0, n - 1).astype(np.intp)
    code = prepared.codes[prepared.labels.ravel()[index]]
    code[(code == 0) | (code >= 500)] = CSF
    # Sinuses stay at the skull when the brain draws back from it.
    code[found == VEINS] = VEINS
    return code


@lru_cache(maxsize=8)
def _block(scale_mm: float, step_mm: float) -> Field:
    noise = np.random.default_rng(7).standard_normal((_BLOCK,) * 3, np.float32)
    block = ndimage.gaussian_filter(noise, (scale_mm / 2 / step_mm, scale_mm / 2, scale_mm / 2), mode="wrap")
    done: Field = (block / block.std()).astype(np.float32)
    return done
